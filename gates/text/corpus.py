"""A text to learn from that every Python brings along, its own manual, in three parts that share no paragraph."""

from dataclasses import dataclass, field
from functools import cache

from torch import Tensor

from gates.text.codec import Codec, codec_of

PARTS = {"training": 0.8, "validation": 0.1, "test": 0.1}
SHORT = 40  # characters; a shorter paragraph, such as a heading, may come again


@cache
def manual() -> dict[str, str]:
    """Python's manual in its parts "training", "validation" and "test": its first 80%, and twice the next 10%.

    The topics stand in the order of the alphabet, and the parts are cut between paragraphs. About a fifth of the manual is
    paragraphs that have stood in another topic before. They are left out where they come again; else much of the test
    part could be known by heart. The text is `pydoc_data.topics` of the standard library, and differs from Python to Python.
    """
    from pydoc_data.topics import topics  # here: half a million characters, for those who read them

    told, paragraphs = set(), []
    for _, topic in sorted(topics.items()):
        for paragraph in topic.strip("\n").split("\n\n"):
            words = " ".join(paragraph.split())
            if len(words) < SHORT or words not in told:
                paragraphs.append(f"{paragraph}\n\n")
            told.add(words)
    return _cut(paragraphs)


def _cut(paragraphs: list[str]) -> dict[str, str]:
    """The paragraphs as one text for each part, of as many characters as its share says, to the nearest paragraph."""
    total = sum(map(len, paragraphs))
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    names, ends, end = iter(PARTS), [], 0.0
    for share in PARTS.values():
        end += share
        ends.append(end * total)
    name, read = next(names), 0
    for paragraph in paragraphs:
        if read >= ends[0] and len(ends) > 1:
            name, ends = next(names), ends[1:]
        parts[name].append(paragraph)
        read += len(paragraph)
    return {part: "".join(of_it) for part, of_it in parts.items()}


@dataclass(frozen=True)
class Corpus:
    """A text in parts, and the numbers in which a network reads it.

    name: what a table calls it. parts: the text of "training", "validation" and "test". codec: made from the first of them alone.
    """

    name: str
    parts: dict[str, str] = field(repr=False)
    codec: Codec = field(repr=False)

    @property
    def title(self) -> str:
        """The name with the units, which tells one corpus from another in a table."""
        return f"{self.name}, {self.codec.unit}"

    def numbers(self, part: str) -> Tensor:
        """A part as numbers, (N,)."""
        return self.codec.encode(self.parts[part])


@cache
def python_manual(unit: str = "characters", least: int = 2) -> Corpus:
    """Python's manual, by "characters" or by "words"; what stands in training less often than `least` times is unknown."""
    parts = manual()
    return Corpus("Python's manual", parts, codec_of(parts["training"], unit, least))
