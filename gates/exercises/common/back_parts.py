"""The parts that steps backward have in common, in NumPy."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.cells import Weights
from gates.exercises.common.plan import Part
from gates.exercises.common.slips import same
from gates.exercises.common.step_parts import both

GRADIENTS = ("dx", "dh", *(f"d{name}" for name in Weights._fields))


def turned(da: Array, U: Array) -> Array:
    """da with every square block of U the wrong way round."""
    H = U.shape[1]
    return sum(
        part @ block.T
        for part, block in zip(np.split(da, len(U) // H, -1), np.split(U, len(U) // H), strict=True)
    )


def product(da: Array, U: Array) -> Array:
    return da @ U


def _by_product(da: Array, v: Array) -> Array:
    """What a matrix gets; where v is (blocks, B, H), each of its blocks meets another v."""
    if v.ndim == 3:
        return np.concatenate([p.T @ u for p, u in zip(np.split(da, len(v), -1), v, strict=True)])
    return da.T @ v


def _summed(da: Array) -> Array:
    return da.sum(0)


def found(value: object, came: object) -> object:
    return value


def _joined(da: dict[str, Array], order: str) -> Array:
    return np.concatenate([da[k] for k in order], axis=-1)


def ways(da: dict[str, Array], order: str, ways: str, giver: str, matrix: Array) -> tuple:
    """The gradients side by side, each as often as it is in `ways`; and the matrix, with its blocks as they are taken."""
    kept = {k: ways.count(k) * v for k, v in da.items()}
    if giver:
        blocks = np.split(matrix, len(order))
        matrix = np.concatenate([blocks[order.index(k)] for k in giver])
    return _joined(kept, order), matrix


def back(gates: str, of: str) -> dict[str, object]:
    """The slots of the way back to x or h: the gates that it comes from, and the gates whose matrices they meet."""
    return {f"ways_{of}": gates, f"meets_{of}": "", f"end_{of}": found}


def _from_before_slope(da: dict, before: dict, of: str, order: str) -> Array:
    """The gradients side by side, for the gates in `of` those from before the slope."""
    return _joined({k: before[k] if k in of else v for k, v in da.items()}, order)


# What goes on from the gradients of the pre-activations, da, and those from before the slopes, `before`; for the
# hidden state's side, those of a GRU differ.
def weights_of(
    gates: str, da_x: str = "da", h: str = "h", before_h: str = "before", da_b: str = ""
) -> list[Part]:
    def of(da: dict, before: dict, early: str, order: str, rows: str) -> Array:
        return _from_before_slope(da, before, early, rows or order)

    in_order = {"order": gates, "rows": ""}
    return [
        Part("of_W", (da_x, "before"), of, {"early_W": "", **in_order}),
        Part("of_U", ("da_U", before_h), of, {"early_U": "", **in_order}),
        Part("of_b", (da_b or da_x, "before"), of, {"early_b": "", **in_order}),
        Part("of_d", ("da_d", before_h), of, {"early_d": "", **in_order}),
        Part("dW", ("of_W", "x"), lambda da, v, weight: weight(da, v), {"weight": _by_product}),
        Part(
            "dU",
            ("of_U", h),
            lambda da, v, weight, turned: turned(weight(da, v)),
            {"weight": _by_product, "turned": same},
        ),
        Part(
            "sums",
            ("of_b", "of_d"),
            lambda b, d, bias_b, bias_d, biases: biases(bias_b(b), bias_d(d)),
            {"bias_b": _summed, "bias_d": _summed, "biases": both},
        ),
        Part("db", ("sums",), lambda sums: sums[0]),
        Part("dd", ("sums",), lambda sums: sums[1]),
    ]


def taken(names: str) -> Callable:
    keys = names.split()

    def take(*arguments: object) -> dict[str, Array]:
        flat = []
        for argument in arguments:
            flat += argument if isinstance(argument, tuple) else [argument]
        return dict(zip(keys, flat, strict=True))

    return take


def returned(dx, dh, dW, dU, db, dd) -> tuple:
    return dx, dh, Weights(dW, dU, db, dd)


def slope_part(gate: str, slope: Callable) -> Part:
    """da of a gate, from the gradient before the slope, what came out and what went in."""

    def made(e: Array, y: Array, a: dict[str, Array], slope: Callable) -> Array:
        return e * slope(y, a[gate])

    return Part(f"da_{gate}", (f"e_{gate}", gate, "a"), made, {f"slope_{gate}": slope})


def by_name(gates: str) -> Callable:
    return lambda *values: dict(zip(gates, values, strict=True))


def to_x(da, W, order, rows, ways_x, meets_x, end_x) -> Array:
    side_by_side, matrix = ways(da, rows or order, ways_x, meets_x, W)
    return end_x(side_by_side @ matrix, None)
