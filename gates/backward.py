"""The steps of RNN, LSTM and GRU backwards, by hand, in NumPy, as the lessons derive them.

For a step `state_new = cell(x, state, weights)` and a number L computed from it, a function
here takes dL/dstate_new and returns dL/dx, dL/dstate and dL/dweights. A name that begins with d
is the derivative of L with respect to what follows, so dc is dL/dc, of c's shape; da_f is the
one for the pre-activation of the forget gate. Letters and shapes are those of `gates.cells`;
arrays are NumPy's.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy import ndarray as Array

from gates.cells import Weights


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), written as (1 + tanh(a/2)) / 2, which does not overflow for large |a|."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def rnn_backward(
    dh_new: Array, x: Array, h: Array, weights: Weights
) -> tuple[Array, Array, Weights]:
    """Backward of `rnn_cell`.

    dh_new: (B, H). Returns dx (B, I), dh (B, H) and dweights, shaped as weights.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    h_new = np.tanh(x @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
    da = dh_new * (1 - h_new**2)
    db = da.sum(0)
    return da @ W_ih, da @ W_hh, Weights(da.T @ x, da.T @ h, db, db)


def rnn_relu_backward(
    dh_new: Array, x: Array, h: Array, weights: Weights
) -> tuple[Array, Array, Weights]:
    """Backward of `rnn_relu_cell`. The slope at 0 is 0.

    dh_new: (B, H). Returns dx (B, I), dh (B, H) and dweights, shaped as weights.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    a = x @ W_ih.T + b_ih + h @ W_hh.T + b_hh
    da = dh_new * (a > 0)
    db = da.sum(0)
    return da @ W_ih, da @ W_hh, Weights(da.T @ x, da.T @ h, db, db)


def lstm_backward(
    dstate: tuple[Array, Array], x: Array, state: tuple[Array, Array], weights: Weights
) -> tuple[Array, tuple[Array, Array], Weights]:
    """Backward of `lstm_cell`.

    dstate: the pair (dh_new, dc_new), each (B, H). Returns dx (B, I), the pair (dh, dc), and
    dweights, shaped as weights.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    (dh_new, dc_new), (h, c) = dstate, state
    a_i, a_f, a_g, a_o = np.split(x @ W_ih.T + b_ih + h @ W_hh.T + b_hh, 4, axis=-1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    tanh_c = np.tanh(f * c + i * g)

    dc_total = dc_new + dh_new * o * (1 - tanh_c**2)  # c_new acts through h_new, too
    da_i = dc_total * g * i * (1 - i)
    da_f = dc_total * c * f * (1 - f)
    da_g = dc_total * i * (1 - g**2)
    da_o = dh_new * tanh_c * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)
    db = da.sum(0)
    return da @ W_ih, (da @ W_hh, dc_total * f), Weights(da.T @ x, da.T @ h, db, db)


def gru_backward(
    dh_new: Array, x: Array, h: Array, weights: Weights
) -> tuple[Array, Array, Weights]:
    """Backward of `gru_cell`.

    dh_new: (B, H). Returns dx (B, I), dh (B, H) and dweights, shaped as weights.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    x_r, x_z, x_n = np.split(x @ W_ih.T + b_ih, 3, axis=-1)
    h_r, h_z, h_n = np.split(h @ W_hh.T + b_hh, 3, axis=-1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)

    da_n = dh_new * (1 - z) * (1 - n**2)
    da_z = dh_new * (h - n) * z * (1 - z)
    da_r = da_n * h_n * r * (1 - r)  # through r * h_n
    da_x = np.concatenate([da_r, da_z, da_n], axis=-1)  # with respect to x W_ihᵀ + b_ih
    da_h = np.concatenate([da_r, da_z, da_n * r], axis=-1)  # with respect to h W_hhᵀ + b_hh
    dh = dh_new * z + da_h @ W_hh
    return da_x @ W_ih, dh, Weights(da_x.T @ x, da_h.T @ h, da_x.sum(0), da_h.sum(0))


def unroll_backward(
    step: Callable, dys: Array, dstate, xs: Array, states: Sequence, weights: Weights
) -> tuple[Array, object, Weights]:
    """Backward of `unroll`, from the last step to the first: backpropagation through time.

    step: the backward of the cell. dys: (T, B, H). dstate: for the final state, shaped as a
    state. xs: (T, B, I). states: the T states that went into the steps, kept on the way
    forward. Returns dxs (T, B, I), the derivative for the initial state, and dweights, summed
    over the steps.
    """
    dxs = np.empty_like(xs)
    dweights = Weights(*(np.zeros_like(weight) for weight in weights))
    for t in reversed(range(len(xs))):
        if isinstance(dstate, tuple):
            dstate = (dstate[0] + dys[t], *dstate[1:])  # h is shown at every step
        else:
            dstate = dstate + dys[t]
        dxs[t], dstate, dweights_t = step(dstate, xs[t], states[t], weights)
        dweights = Weights(
            *(total + part for total, part in zip(dweights, dweights_t, strict=True))
        )
    return dxs, dstate, dweights
