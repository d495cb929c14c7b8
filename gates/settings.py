"""A lesson's parameters: what papermill may set them to. A bad value ends in one sentence."""

from dataclasses import dataclass

from gates.training import CELLS


class BadParameter(ValueError):
    """A parameter that cannot be right; a notebook shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Whole:
    """A whole number from low to high."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def holds(self, value: object) -> bool:
        return type(value) is int and self.low <= value <= self.high


@dataclass(frozen=True)
class Real:
    """A number from low to high."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"

    def holds(self, value: object) -> bool:
        return type(value) in (int, float) and self.low <= value <= self.high


@dataclass(frozen=True)
class OneOf:
    """One of a few values."""

    values: tuple

    def __str__(self) -> str:
        return "one of " + ", ".join(map(str, self.values))

    def holds(self, value: object) -> bool:
        return any(type(value) is type(one) and value == one for one in self.values)


KNOWN: dict[str, Whole | Real | OneOf] = {
    "seeds": Whole(2, 100),
    "few": Whole(2, 100),
    "hidden_size": Whole(1, 1024),
    "epochs": Whole(1, 1000),
    "steps": Whole(1, 100_000),
    "length": Whole(2, 10_000),
    "batch_size": Whole(1, 4096),
    "learning_rate": Real(1e-6, 1),
    "clip": Real(1e-6, 1e6),
    "cell": OneOf(CELLS),
    "full": OneOf((True, False)),
}


def valid(**parameters: object) -> None:
    """Check a lesson's parameters, called right after they are set: `valid(seeds=seeds, length=length)`.

    One that cannot be right raises BadParameter, and so does a name that is not in KNOWN.
    """
    for name, value in parameters.items():
        if name not in KNOWN:
            raise BadParameter(
                f"{name} is no parameter of this course: there are {', '.join(KNOWN)}."
            )
        if not KNOWN[name].holds(value):
            raise BadParameter(f"{name} is {value!r}, and has to be {KNOWN[name]}.")
