"""Windows of a long text that is read in several places at once."""

import torch

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.seen import Seen, error
from gates.exercises.lesson14.streams.slips import SLIPS
from gates.exercises.lesson14.streams.variants import variant
from gates.text.batching import streams


def probes() -> Probes:
    """Texts in which no number comes twice: with a rest and a shorter last window, with N a multiple of B, without a rest."""
    generator = torch.Generator().manual_seed(140)
    sizes = [(42, 3, 5), (36, 4, 3), (41, 5, 3)]
    return [(torch.randperm(90, generator=generator)[:N], B, T) for N, B, T in sizes]


def _small() -> Probes:
    text = torch.arange(10, 33)
    return [(text[:9], 1, 3), (text[:6], 2, 1), (text[:8], 7, 4)]


def _as_pairs(found: object, arguments: tuple) -> list:
    """Windows as a list of pairs, whatever they stand in."""
    return [tuple(pair) for pair in found]


def _names(arguments: tuple) -> tuple[str, ...]:
    numbers, B, T = arguments
    many = -(-((len(numbers) - 1) // B) // T)
    return tuple(f"{which} of window {k + 1}" for k in range(many) for which in ("xs", "ys"))


def _out_of_order(seen: Seen) -> str | None:
    """Whether the right windows come in another order."""
    for result, right in zip(seen.results, seen.expected, strict=True):
        if not isinstance(result, list):  # a zip, say, which can be gone through once only
            return None
        given, wanted = (
            [[part.tolist() for part in pair] for pair in of] for of in (result, right)
        )
        if sorted(given) != sorted(wanted):
            return None
    return "windows-out-of-order"


EXERCISE = coding(
    streams,
    asks="a long text in windows that go on where the last ones ended",
    probes=probes,
    small=_small,
    outputs=_names,
    variant=variant,
    reads=_as_pairs,
    signature=_out_of_order,
    errors=(
        error(
            r"is invalid for input of size|cannot reshape array|not divisible",
            "rest-not-cut-off",
            "The numbers do not fill B streams of one length, and what is left over is not cut off.",
            "S = (N − 1) // B is the length of a stream: take numbers[: B * S] for xs, and the B * S numbers from the second on for ys.",
        ),
    ),
    shapes="numbers is (N,), and a list of pairs comes back, each of two tensors (T, B).",
    returns="It should return a list of pairs (xs, ys), with xs and ys (T, B), the last ones with fewer steps.",
    slips=SLIPS,
    mistakes=(
        Mistake(
            "windows-out-of-order",
            "The windows are right, but they do not come in the order of reading.",
            "A state is handed from each window to the next, so nothing is shuffled: the first steps of all streams come first.",
        ),
    ),
)
