"""Mistakes in a bias for the forget gate."""

from collections.abc import Callable

from torch import Tensor

from gates.exercises.common.slips import Slip, slip


def _kept(old: Tensor, value: float) -> Tensor:
    return old


def _value(old: Tensor, value: float) -> float:
    return value


def _added(old: Tensor, value: float) -> Tensor:
    return old + value


def _erased() -> list[Slip]:
    """Other gates' biases that are set to zero: all of them or some, in both biases or in one."""
    found = []
    for names, where in (
        (("bias_ih_l0", "bias_hh_l0"), "in both biases"),
        (("bias_ih_l0",), "in bias_ih"),
        (("bias_hh_l0",), "in bias_hh"),
    ):
        for others in ("igo", "i", "g", "o", "ig", "io", "go"):
            erased = tuple((name, "ifgo".index(k)) for name in names for k in others)
            detail = f"Those of {', '.join(others)} are set to zero {where}."
            alone = others != "igo"
            found.append(slip("other-biases-changed", erased=erased, detail=detail, alone=alone))
    return found


def _at(start: tuple[int, int], end: tuple[int, int]) -> Callable[[int], slice]:
    """From H to rows, whose start and end are each a multiple of H and what is added to it."""
    return lambda H: slice(start[0] * H + start[1], end[0] * H + end[1])


_RANGES = [
    ("forget-bias-in-other-rows", _at((0, 0), (1, 0)), "They are those of i"),
    ("forget-bias-in-other-rows", _at((2, 0), (3, 0)), "They are those of g"),
    ("forget-bias-in-other-rows", _at((3, 0), (4, 0)), "They are those of o"),
    ("forget-bias-in-other-rows", _at((1, 0), (3, 0)), "Those of g are, too"),
    ("forget-bias-in-other-rows", _at((0, 0), (2, 0)), "Those of i are, too"),
    ("forget-bias-in-other-rows", _at((1, 0), (2, 1)), "It is one row too many, the first of g"),
    ("forget-bias-in-other-rows", _at((1, -1), (2, 0)), "It is one row too many, the last of i"),
    ("forget-bias-row-missing", _at((1, 0), (2, -1)), "It is the last one"),
    ("forget-bias-row-missing", _at((1, 1), (2, 0)), "It is the first one"),
]


def _off() -> list[Slip]:
    """The value, the zero or both in rows that are not the forget gate's."""
    right, found = _at((1, 0), (2, 0)), []
    for mistake, rows, what in _RANGES:
        for which, ranges in (
            ("bias_ih", (rows, right)),
            ("the zero of bias_hh", (right, rows)),
            ("both biases", (rows, rows)),
        ):
            if "are, too" in what and which.startswith("the zero"):
                continue  # that is `_erased`
            slots = {"ranges": lambda H, ranges=ranges: tuple(of(H) for of in ranges)}
            found.append(Slip(mistake, slots, f"{what}, for {which}.", alone=True))
    return found


# An LSTM sees the sum of both biases only, which is the same.
_OR_ADDED = "Or one is set to zero, and the value is added to the old numbers of the other."


SLIPS = [
    slip("forget-bias-twice", of_hh=_value),
    slip(
        "forget-bias-half-set",
        "Only one of the two biases is set; the random numbers in the other one still add to it.",
        "PyTorch adds bias_ih and bias_hh: for the rows of f, set one to the value and the other to 0.",
        of_hh=_kept,
        detail=_OR_ADDED,
        lesson="03",
    ),
    slip("forget-bias-half-set", of_ih=_kept, of_hh=_value, detail=_OR_ADDED),
    *[
        slip("forget-bias-in-other-rows", blocks=(block,), detail=f"They are those of {name}.")
        for block, name in ((0, "i"), (2, "g"), (3, "o"))
    ],
    slip(
        "forget-bias-in-all-rows",
        "The bias is set for all four blocks of rows.",
        "The rows are packed i, f, g, o: set the second block of H only.",
        blocks=range(4),
        lesson="03",
    ),
    *[
        slip("forget-bias-in-other-rows", blocks=blocks, detail=f"Those of {name} are, too.")
        for blocks, name in (
            ((0, 1), "i"),
            ((1, 2), "g"),
            ((1, 3), "o"),
            ((0, 1, 2), "i and g"),
            ((1, 2, 3), "g and o"),
            ((0, 1, 3), "i and o"),
        )
    ],
    *[
        slip("forget-bias-in-other-rows", blocks=blocks, detail=f"They are those of {name}.")
        for blocks, name in (((2, 3), "g and o"), ((0, 2), "i and g"), ((0, 3), "i and o"))
    ],
    slip("chrono-nothing-written", of_ih=_kept, of_hh=_kept),
    slip("bias-added-to-old", of_ih=_added, of_hh=_kept),
    slip("bias-added-to-old", of_ih=_kept, of_hh=_added),
    slip("bias-added-to-old", of_ih=_added, of_hh=_added, detail="It is so in both biases."),
    slip(
        "bias-added-to-old",
        of_ih=_value,
        of_hh=_added,
        detail="It is so in bias_hh; in bias_ih it is set.",
    ),
    slip(
        "bias-added-to-old",
        of_ih=_added,
        of_hh=_value,
        detail="It is so in bias_ih; in bias_hh it is set.",
    ),
    *_erased(),
    slip("left-frozen", learns=False),
    *_off(),
    slip(
        "forget-bias-written-in",
        "A bias of 1 stands in the code, whatever value is handed in.",
        "Use the argument: value.",
        given=lambda value: 1.0,
    ),
    slip("forget-bias-written-in", given=lambda value: 1.0, of_hh=_value, detail="It is 1 twice."),
]
