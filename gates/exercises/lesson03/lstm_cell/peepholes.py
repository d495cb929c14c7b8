"""Where a gate sees the cell state, as in an LSTM with peepholes."""

from collections.abc import Callable

from numpy import ndarray as Array

from gates.exercises.common.slips import slip


def _with_old(x: Array, a: dict, c: Array, *others: object) -> Array:
    return x + c


def _with_new(x: Array, a: dict, c: Array, c_product: dict, c_new: Array) -> Array:
    return x + c_new


def _through_matrix(gate: str) -> Callable:
    return lambda x, a, c, c_product, *new: x + c_product[gate]


PEEPHOLES = [
    *[
        slip(
            "peephole",
            "A gate sees the cell state, as in an LSTM with peepholes.",
            "Here the gates and the candidate are made from x and h only.",
            **{f"inside_{k}": _with_old for k in of},
            detail=f"It is {name}.",
            alone=True,
        )
        for of, name in (
            ("i", "the input gate"),
            ("f", "the forget gate"),
            ("o", "the output gate, which sees the old one"),
            ("g", "the candidate"),
            ("if", "the input gate and the forget gate"),
            ("io", "the input gate and the output gate"),
            ("fo", "the forget gate and the output gate"),
            ("ifo", "all three gates"),
            ("ifgo", "all three gates and the candidate"),
        )
    ],
    *[
        slip(
            "peephole",
            **{f"inside_{k}": _through_matrix(k) for k in of},
            detail=f"c is added to h before weight_hh, for {', '.join(of)}.",
            alone=True,
        )
        for of in ("i", "f", "g", "o", "if", "io", "fo", "ifo", "ifg")
    ],
    slip("peephole", inside_o=_with_new, detail="It is the output gate.", alone=True),
    slip(
        "peephole",
        inside_i=_with_old,
        inside_f=_with_old,
        inside_o=_with_new,
        detail="It is all three gates.",
        alone=True,
    ),
    slip(
        "peephole",
        meets_matrix=lambda h, c: h + c,
        detail="c is added to h before weight_hh.",
        alone=True,
    ),
]
