"""What may be added to the argument of σ or tanh, or after them."""

from collections.abc import Mapping

from gates.exercises.common.slips import Slip, slip


def constants(names: Mapping[str, str], often: str = "") -> list[Slip]:
    """A constant added to the argument of a gate, or of several; `often` has the gates in which that is common."""
    return [
        slip(
            "constant-built-in",
            **{f"inside_{k}": lambda a, *_, plus=plus: a + plus for k in of},
            detail=f"It is {plus:+g}, in {name}.".replace("-", "−"),
            alone=not (of in often and abs(plus) == 1),
        )
        for of, name in names.items()
        for size in (1.0, 2.0, 0.5, 3.0, 4.0, 5.0, 10.0, 0.1, 1.5)
        for plus in (size, -size)
    ]


# Parts of a sum that may be added after it has been squashed, and what they are called.
LATE = {
    "b": "bias_ih is",
    "d": "bias_hh is",
    "bd": "both biases are",
    "x": "the input's product is",
    "h": "the hidden state's product is",
    "xb": "the input's part is",
    "hd": "the hidden state's part is",
    "xh": "both products are",
    "xbd": "everything but the hidden state's product is",
    "hbd": "everything but the input's product is",
}


def late(groups: Mapping[str, str]) -> list[Slip]:
    """A part added after the squashing, in each group of gates; a group's letters and how it is called."""
    return [
        slip(
            "squashed-too-early",
            late=dict.fromkeys(of, part),
            detail=f"In {name}, {what} added afterwards.",
            alone=True,
        )
        for of, name in groups.items()
        for part, what in LATE.items()
    ]
