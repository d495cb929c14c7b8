"""What one measures inside a network: how gradients flow back, what gates do, how long a memory lasts, what units follow.

Every probe takes a cell of `gates.cells`; inputs xs, (T, B, I), in which all samples have all T steps, so no padding; the
state to start from, h or the pair (h, c), each (B, H), or None for zeros; and the weights. A network that
`gates.training` has trained gives two of them: `reader.step` and `reader.weights`.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from gates import cells
from gates.cells import Weights

_GATES = {cells.lstm_cell: "ifgo", cells.gru_cell: "rzn"}


def _start(cell: Callable, xs: Tensor, state, weights: Weights):
    """The state that was handed in, or zeros: two of them where the weights have four blocks, as an LSTM's."""
    if state is not None:
        return state
    rows, H = weights.weight_hh.shape
    zeros = xs.new_zeros(xs.shape[1], H)
    return (zeros, zeros) if rows == 4 * H else zeros


def states(cell: Callable, xs: Tensor, state, weights: Weights) -> list:
    """The T + 1 states from the first, which is handed in, to the last."""
    found = [_start(cell, xs, state, weights)]
    for x in xs:
        found.append(cell(x, found[-1], weights))
    return found


def gradient_flow(
    cell: Callable,
    xs: Tensor,
    state,
    weights: Weights,
    distances: Sequence[int],
    draws: int = 4,
    seed: int = 0,
) -> pd.DataFrame:
    """How much a small change of a state changes the last one, by how many steps lie between.

    T has to be at least the largest distance. Returns columns `of`, "h" or "c", `distance` and `norm`: the Frobenius
    norm of ∂h_T/∂h_t, or ∂c_T/∂c_t, divided by √H, so that it is 1 at distance 0; the root of the mean square over the
    batch. It is estimated from `draws` random vectors v of signs a sample, through vᵀ ∂h_T/∂h_t, without ever making the matrix;
    where the matrix is diagonal, the estimate is exact.
    An LSTM's h_t and c_t are varied one at a time: c_t with h_t as it was. For `figures.over_distance` take the rows
    of h or of c, and add the columns model and seed.
    """
    T = len(xs)
    if max(distances) > T:
        raise ValueError(f"A distance of {max(distances)} needs as many steps; xs has {T}.")
    weights = Weights(*(weight.detach() for weight in weights))
    start = _parts(_start(cell, xs, state, weights))
    all_states = [tuple(part.detach().clone().requires_grad_() for part in start)]
    with torch.enable_grad():
        for x in xs:
            before = all_states[-1]
            after = _parts(cell(x, before if len(before) == 2 else before[0], weights))
            all_states.append(
                tuple(part.clone() for part in after)
            )  # so that c_t varies without h_t
    generator, rows = torch.Generator().manual_seed(seed), []
    for k, name in enumerate("hc"[: len(start)]):
        last, early = all_states[T][k], [all_states[T - distance][k] for distance in distances]
        squares = torch.zeros(len(distances), dtype=torch.float64)
        for _ in range(draws):
            signs = torch.randint(2, last.shape, generator=generator) * 2 - 1
            v = signs.to(last.dtype) / last.shape[-1] ** 0.5
            grads = torch.autograd.grad(last, early, v, retain_graph=True)
            squares += torch.stack([g.double().square().sum(-1).mean() for g in grads]) / draws
        rows += [
            {"of": name, "distance": d, "norm": s**0.5}
            for d, s in zip(distances, squares.tolist(), strict=True)
        ]
    return pd.DataFrame(rows)


def _parts(state) -> tuple[Tensor, ...]:
    return state if isinstance(state, tuple) else (state,)


@torch.no_grad()
def gates(cell: Callable, xs: Tensor, state, weights: Weights) -> dict[str, Tensor]:
    """What each gate, and the candidate, is at every step: a letter to (T, B, H). cell: lstm_cell or gru_cell."""
    if cell not in _GATES:
        raise ValueError("Only an LSTM and a GRU have gates.")
    h = torch.stack([_parts(one)[0] for one in states(cell, xs, state, weights)[:-1]])
    W, U, b, d = weights
    of_x, of_h = xs @ W.T + b, h @ U.T + d
    letters = _GATES[cell]
    if letters == "ifgo":
        found = dict(zip(letters, (of_x + of_h).chunk(4, -1), strict=True))
        return {k: torch.tanh(a) if k == "g" else torch.sigmoid(a) for k, a in found.items()}
    (x_r, x_z, x_n), (h_r, h_z, h_n) = of_x.chunk(3, -1), of_h.chunk(3, -1)
    r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
    return {"r": r, "z": z, "n": torch.tanh(x_n + r * h_n)}


def pre_activations(cell: Callable, xs: Tensor, state, weights: Weights) -> dict[str, Tensor]:
    """What goes into each activation of an LSTM, and what is in its memory: i, f, g, o and c, each (T, B, H).

    cell: lstm_cell, or one with other activations. The letters i, f, g and o stand for the gates' and the candidate's
    pre-activations; c for the memory after each step, which goes into the output's.
    """
    with torch.no_grad():
        found = states(cell, xs, state, weights)
        W, U, b, d = weights
        a = xs @ W.T + b + torch.stack([h for h, _ in found[:-1]]) @ U.T + d
        into = dict(zip("ifgo", a.chunk(4, -1), strict=True))
        return {**into, "c": torch.stack([c for _, c in found[1:]])}


def saturated(a: Tensor, activation: Callable, steepest: float) -> float:
    """The share of pre-activations at which an activation hardly reacts.

    a: any real numbers. activation: a function that is applied to each of them by itself.
    steepest: the largest slope it has anywhere, 1 for tanh and 0.25 for σ.
    Returns the share of the numbers at which the size of its slope is below a twentieth of that.
    """
    a = a.detach().requires_grad_()
    with torch.enable_grad():
        (slopes,) = torch.autograd.grad(activation(a).sum(), a)
    return (slopes.abs() < steepest / 20).double().mean().item()


def gate_statistics(found: dict[str, Tensor], low: float = 0.1, high: float = 0.9) -> pd.DataFrame:
    """For each gate its mean and quartiles, and the shares of its values below `low` and above `high`.

    found: what `gates` gives. A candidate, which runs from −1 to 1, counts as low below −high and as high above high.
    """
    rows = []
    for letter, values in found.items():
        values = values.flatten().double()
        bottom = -high if letter in "gn" else low
        quartiles = torch.quantile(values, torch.tensor([0.25, 0.5, 0.75], dtype=torch.float64))
        rows.append(
            {
                "gate": letter,
                "mean": values.mean().item(),
                **dict(zip(("quarter", "half", "three quarters"), quartiles.tolist(), strict=True)),
                "low": (values < bottom).double().mean().item(),
                "high": (values > high).double().mean().item(),
            }
        )
    return pd.DataFrame(rows)


def memory_horizon(f: Tensor) -> Tensor:
    """After how many steps a memory has fallen to 1/e, by its forget gates: −1 / log f̄.

    f: gates that keep, (T, B, H): an LSTM's f or a GRU's z, each between 0 and 1.
    f̄ is their geometric mean over steps and samples, so a gate that is open at times and closed
    at others looks forgetful; and what a cell writes anew, step by step, is not counted as kept.
    Returns a number of steps for each unit, (H,).
    """
    return -1 / f.double().log().mean((0, 1))


@torch.no_grad()
def track_units(
    cell: Callable, xs: Tensor, state, weights: Weights, sample: int = 0
) -> pd.DataFrame:
    """What every unit holds after every step, for one sample: columns step, unit, h and, for an LSTM, c."""
    rows = []
    for step, one in enumerate(states(cell, xs, state, weights)[1:], start=1):
        parts = [part[sample].tolist() for part in _parts(one)]
        for unit, values in enumerate(zip(*parts, strict=True)):
            rows.append({"step": step, "unit": unit, **dict(zip("hc", values, strict=False))})
    return pd.DataFrame(rows)


def slopes(track: pd.DataFrame, of: str, steps: Sequence[int]) -> pd.Series:
    """How much each unit changes in a step, on average over the given steps: the slope of a straight line."""
    chosen = track[track["step"].isin(steps)]
    return chosen.groupby("unit")[["step", of]].apply(
        lambda unit: float(np.polyfit(unit["step"], unit[of], 1)[0])
    )


def counter_unit(cs: Tensor, n: int) -> int:
    """The unit that counts up with each a of a string, and down with each b.

    cs: what each unit holds after each of the 2n steps of aⁿbⁿ, (2n, H). n: at least 2.
    A unit counts by the smaller of its two mean changes a step, if these have opposite signs.
    Returns the number of the unit that counts by most.
    """
    changes = cs.diff(dim=0)  # changes[k] is what the step after step k + 1 does
    per_a, per_b = changes[: n - 1].mean(0), changes[n - 1 :].mean(0)
    opposite = per_a * per_b < 0
    counts_by = torch.minimum(per_a.abs(), per_b.abs()) * opposite
    return int(counts_by.argmax())
