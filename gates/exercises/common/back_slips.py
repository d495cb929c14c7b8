"""What may go wrong in any step backward, once the gradients of the pre-activations are there."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.back_parts import turned
from gates.exercises.common.slips import Slip, same, slip


def _bias(slope: Callable, detail: str, mistake: str, alone: bool = False) -> list[Slip]:
    """Another sum for the gradients of both biases, or of one of them."""
    return [
        Slip(mistake, {"bias_b": slope, "bias_d": slope}, detail, alone),
        Slip(mistake, {"bias_b": slope}, f"It is bias_ih. {detail}".rstrip(), True),
        Slip(mistake, {"bias_d": slope}, f"It is bias_hh. {detail}".rstrip(), True),
    ]


def _mean(da: Array) -> Array:
    return da.mean(0)


def _averaged(da: Array, v: Array) -> Array:
    return da.T @ v / len(da)


def _of_last(da: Array, v: Array) -> Array:
    return da[-1:].T @ v[-1:]


def _last(da: Array) -> Array:
    return da[-1]


# Of all three: what may go wrong once the gradients of the pre-activations are there.
AFTER = [
    slip("backward-product-transposed", to_h=turned),
    slip("gradient-averaged", weight=_averaged, bias_b=_mean, bias_d=_mean),
    slip("gradient-averaged", weight=_averaged, detail="Those of the biases are not."),
    slip("gradient-averaged", bias_b=_mean, bias_d=_mean, detail="It is those of the biases."),
    slip("gradient-averaged", bias_b=_mean, detail="It is that of bias_ih.", alone=True),
    slip("gradient-averaged", bias_d=_mean, detail="It is that of bias_hh.", alone=True),
    slip("one-bias-gradient", biases=lambda b, d: (b, np.zeros_like(d)), detail="It is bias_hh."),
    slip("one-bias-gradient", biases=lambda b, d: (np.zeros_like(b), d), detail="It is bias_ih."),
    slip("one-bias-gradient", biases=lambda b, d: (b / 2, d / 2), detail="Each of them gets half."),
    slip("one-bias-gradient", biases=lambda b, d: (b, d / 2), detail="bias_hh gets half."),
    slip(
        "gradient-doubled", biases=lambda b, d: (2 * b, 2 * d), detail="It is that of both biases."
    ),
    slip("gradient-doubled", biases=lambda b, d: (2 * b, d), detail="It is that of bias_ih."),
    slip("gradient-doubled", biases=lambda b, d: (b, 2 * d), detail="It is that of bias_hh."),
    slip(
        "gradient-doubled", weight=lambda da, v: 2 * da.T @ v, detail="It is that of the matrices."
    ),
    slip("gradient-doubled", turned=lambda dU: 2 * dU, detail="It is that of weight_hh."),
    slip("last-sample-only", weight=_of_last, bias_b=_last, bias_d=_last, alone=True),
    slip("last-sample-only", weight=_of_last, detail="It is so in the matrices.", alone=True),
    *_bias(_last, "It is so in the biases.", "last-sample-only", alone=True),
    *_bias(same, "", "bias-not-summed"),
    *_bias(lambda da: da.sum(1), "", "bias-summed-over-units"),
    *_bias(lambda da: da.sum(), "And over the samples.", "bias-summed-over-units"),
]


FORWARD_BIAS = [
    slip("drops-bias-hh", forward_bias=lambda b, d: (b, 0 * d), detail="It is on the way forward."),
    slip("drops-bias-ih", forward_bias=lambda b, d: (0 * b, d), detail="It is on the way forward."),
]


def doubled(value: Array, came: Array) -> Array:
    return 2 * value


def as_it_came(value: Array, came: Array) -> Array:
    return came


def zero(value: Array, came: Array) -> Array:
    return np.zeros_like(came)


# What is handed back as the gradient of h.
END_H = [
    slip("old-state-gradient-zero", end_h=zero, detail="It is dh."),
    slip("old-state-gradient-as-it-came", end_h=as_it_came, detail="It is dh."),
    slip("gradient-doubled", end_h=doubled, detail="It is the dh that is returned."),
    slip(
        "gradient-doubled",
        end_h=lambda dh, came: dh + came,
        detail="dh_new is added to the dh that is returned.",
    ),
    slip("gradient-doubled", end_x=doubled, detail="It is dx.", alone=True),
]


def over_units(count: int) -> list[Slip]:
    """The sums over the units, made for each gate by itself and put side by side."""

    def summed(da: Array) -> Array:
        return np.concatenate([part.sum(1) for part in np.split(da, count, -1)])

    return _bias(summed, "It is so for each gate by itself.", "bias-summed-over-units", alone=True)
