"""Trained models in files, with all that is needed to read them; where that cannot be done, a sentence says what to do."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gates.training import stored


class ModelFileError(ValueError):
    """A file that no model can be read from, or written to; a notebook shows the sentence alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class ModelFiles:
    """Files of one kind of model.

    kind: what they hold, in words. parts: the names of what stands in each, which are numbers, texts, and lists and dicts of
    them, so that nothing in a file is run as a program, and it may come from a stranger.
    """

    kind: str
    parts: frozenset[str]

    @property
    def form(self) -> str:
        """What stands in each file and says that it is one of these."""
        return f"gates {self.kind}, form 1"

    def save(self, file: str | os.PathLike, **parts: object) -> Path:
        """Write the parts of a model, all or nothing; a folder that is not there is made.

        Returns where the file is. Where it cannot be written, ModelFileError.
        """
        if problem := stored.write({"form": self.form, **parts}, Path(file)):
            raise ModelFileError(
                f"{file} cannot be written ({problem}): choose another place for it."
            )
        return Path(file)

    def load(self, file: str | os.PathLike) -> dict[str, object]:
        """The parts of a model. A file that is missing, damaged, cut short, or of another kind raises ModelFileError."""
        try:
            found = stored.read(file)
        except FileNotFoundError as reason:
            raise ModelFileError(
                f"There is no file {file}: look at its name and folder, or train a model and save it there."
            ) from reason
        except OSError as reason:
            raise ModelFileError(
                f"{file} cannot be read ({reason}): choose another file."
            ) from reason
        except stored.Damaged as reason:
            raise ModelFileError(
                f"{file} is damaged or cut short: copy it once more, or train the model and save it anew."
            ) from reason
        except stored.Foreign as reason:
            raise ModelFileError(self._foreign(file)) from reason
        if not isinstance(found, dict) or found.get("form") != self.form:
            raise ModelFileError(self._foreign(file))
        if found.keys() != {"form", *self.parts}:
            raise ModelFileError(_unfit(file))
        return found

    def _foreign(self, file: str | os.PathLike) -> str:
        return f"{file} holds no {self.kind} of this course: give the file that `save` has written."


@contextlib.contextmanager
def put_together(file: str | os.PathLike) -> Iterator[None]:
    """Within this, what does not fit where a model is made of its parts raises ModelFileError."""
    try:
        yield
    except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as reason:
        raise ModelFileError(_unfit(file)) from reason


def _unfit(file: str | os.PathLike) -> str:
    return f"The parts of {file} do not fit together: train the model and save it anew."
