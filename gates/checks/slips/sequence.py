"""Wrong variants of loops over time, over layers and over directions."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.cells import Weights, gru_cell, lstm_cell
from gates.cells import unroll as read
from gates.checks.slips.core import Slip, same


def unroll(
    start=same,
    times=range,
    carry=lambda new, old: new,
    shown=lambda new, old: new[0],
    gathered=same,
    final=lambda state, before, first: state,
    call=lambda cell: cell,
) -> Callable:
    """The loop over time, with its parts exchangeable."""

    def loop(
        cell: Callable, xs: Tensor, state: tuple[Tensor, Tensor], weights: Weights
    ) -> tuple[Tensor, tuple]:
        first = state = start(state)
        ys, before = [], state
        for t in times(len(xs)):
            before, new = state, call(cell)(xs[t], state, weights)
            ys.append(shown(new, before))
            state = carry(new, first)
        last = new if state is first else state
        return torch.stack(gathered(ys)), final(last, before, first)

    return loop


UNROLL = [
    Slip("state-not-carried", {"carry": lambda new, old: old}),
    Slip(
        "state-not-carried", {"carry": lambda new, old: (new[0], old[1])}, "Only h is carried over."
    ),
    Slip(
        "state-not-carried", {"carry": lambda new, old: (old[0], new[1])}, "Only c is carried over."
    ),
    Slip("return-inside-loop", {"times": lambda T: range(1)}),
    Slip("cell-not-called", {"call": lambda cell: lstm_cell}),
    Slip("ignores-state", {"start": lambda state: tuple(torch.zeros_like(part) for part in state)}),
    Slip("ignores-h", {"start": lambda state: (torch.zeros_like(state[0]), state[1])}),
    Slip("ignores-c", {"start": lambda state: (state[0], torch.zeros_like(state[1]))}),
    Slip("starts-from-ones", {"start": lambda state: tuple(map(torch.ones_like, state))}),
    Slip(
        "starts-from-ones",
        {"start": lambda state: (torch.ones_like(state[0]), state[1])},
        "It is h.",
    ),
    Slip(
        "starts-from-ones",
        {"start": lambda state: (state[0], torch.ones_like(state[1]))},
        "It is c.",
    ),
    Slip("outputs-before-step", {"shown": lambda new, old: old[0]}),
    Slip("collects-c", {"shown": lambda new, old: new[1]}),
    Slip("time-reversed", {"times": lambda T: range(T - 1, -1, -1)}),
    Slip("outputs-reversed", {"gathered": lambda ys: ys[::-1]}),
    Slip("first-state-returned", {"final": lambda state, before, first: first}),
    Slip("last-step-missing", {"final": lambda state, before, first: before}),
    Slip("returns-c-then-h", {"final": lambda state, before, first: state[::-1]}),
]


# Over layers


def stack_layers(
    handed=lambda hs, cs, xs: hs,
    start=lambda states, k: states[k],
    use=lambda weights, k: weights[k],
    layers=lambda L: L,
    shown=lambda hs, cs: hs,
    finals=lambda lasts, states: lasts,
    whole=None,
) -> Callable:
    """Layers upon layers, with their parts exchangeable."""

    def run(
        cell: Callable, xs: Tensor, states: list, weights: list[Weights]
    ) -> tuple[Tensor, list]:
        below, lasts = xs, []
        for k in range(layers(len(states))):
            state, hs, cs = start(states, k), [], []
            for x in below:
                state = cell(x, state, use(weights, k))
                hs.append(state[0])
                cs.append(state[1])
            hs, cs = torch.stack(hs), torch.stack(cs)
            below, top = handed(hs, cs, xs), shown(hs, cs)
            lasts.append(state)
        return top, finals(lasts, states)

    return whole or run


def first_layer_shown(cell: Callable, xs: Tensor, states: list, weights: list[Weights]) -> tuple:
    """All layers are run and the output of the first is returned."""
    _, finals = stack_layers()(cell, xs, states, weights)
    return read(cell, xs, states[0], weights[0])[0], finals


def below_top_shown(cell: Callable, xs: Tensor, states: list, weights: list[Weights]) -> tuple:
    """All layers are run and what the top one reads is returned."""
    ys, _ = stack_layers()(cell, xs, states[:-1], weights[:-1])
    return ys, stack_layers()(cell, xs, states, weights)[1]


def state_handed_up(cell: Callable, xs: Tensor, states: list, weights: list[Weights]) -> tuple:
    """Each layer starts from the final state of the one below."""
    ys, state, finals = xs, states[0], []
    for layer_weights in weights:
        ys, state = read(cell, ys, state, layer_weights)
        finals.append(state)
    return ys, finals


STACK = [
    Slip("layer-reads-input", {"handed": lambda hs, cs, xs: xs}),
    Slip(
        "layer-reads-c",
        {"handed": lambda hs, cs, xs: cs, "shown": lambda hs, cs: cs},
        "The output is c, too.",
    ),
    Slip("layer-reads-c", {"handed": lambda hs, cs, xs: cs}),
    Slip("one-state-for-all-layers", {"start": lambda states, k: states[0]}),
    Slip(
        "one-state-for-all-layers", {"start": lambda states, k: states[-1]}, "It is the last one's."
    ),
    Slip("one-weight-for-all-layers", {"use": lambda weights, k: weights[0]}),
    Slip("top-layer-missing", {"layers": lambda L: L - 1}),
    Slip("collects-c", {"shown": lambda hs, cs: cs}),
    Slip("top-layer-missing", {"whole": first_layer_shown}, "It is the output of the first layer."),
    Slip("top-layer-missing", {"whole": below_top_shown}, "It is what the top layer reads."),
    Slip(
        "one-state-for-all-layers",
        {"whole": state_handed_up},
        "Each layer starts where the one below ended.",
    ),
    Slip("finals-reversed", {"finals": lambda lasts, states: lasts[::-1]}),
    Slip("first-state-returned", {"finals": lambda lasts, states: list(states)}),
    Slip(
        "first-state-returned",
        {"finals": lambda lasts, states: states[-1]},
        "And of the top layer only.",
    ),
    Slip("returns-c-then-h", {"finals": lambda lasts, states: [(c, h) for h, c in lasts]}),
    Slip("top-state-only", {"finals": lambda lasts, states: lasts[-1:]}),
    Slip("top-state-only", {"finals": lambda lasts, states: lasts[-1]}, "It is not in a list."),
    Slip(
        "top-state-only",
        {"finals": lambda lasts, states: lasts[:1]},
        "It is that of the first layer.",
    ),
    Slip(
        "top-state-only",
        {"finals": lambda lasts, states: lasts[0]},
        "It is that of the first layer, not in a list.",
    ),
    Slip(
        "top-state-only",
        {"finals": lambda lasts, states: [lasts[-1]] * len(lasts)},
        "It stands there once for each layer.",
    ),
]


# Over directions


def both_ways(
    source=lambda xs, forward: xs,
    turn=lambda xs: xs.flip(0),
    turn_back=lambda ys: ys.flip(0),
    weights_of=lambda weights: weights,
    states_of=lambda states: states,
    join=lambda forward, backward: torch.cat([forward, backward], dim=-1),
    last_backward=lambda last, ys: last,
    finals=same,
    enter=same,
) -> Callable:
    """Two directions, with their parts exchangeable."""

    def run(cell: Callable, xs: Tensor, states: tuple, weights: tuple) -> tuple[Tensor, tuple]:
        w, s = weights_of(weights), states_of(states)
        forward, last_forward = read(cell, enter(xs), s[0], w[0])
        backward, last = read(cell, turn(source(xs, forward)), s[1], w[1])
        last = last_backward(last, backward)
        return join(forward, turn_back(backward)), finals((last_forward, last))

    return run


def _backward_first(forward: Tensor, backward: Tensor) -> Tensor:
    return torch.cat([backward, forward], dim=-1)


DIRECTIONS = [
    Slip("backward-not-flipped", {"turn_back": same}),
    Slip("directions-share-weights", {"weights_of": lambda weights: (weights[0], weights[0])}),
    Slip("directions-share-weights", {"weights_of": lambda weights: (weights[1], weights[1])}),
    Slip("directions-share-state", {"states_of": lambda states: (states[0], states[0])}),
    Slip("directions-share-state", {"states_of": lambda states: (states[1], states[1])}),
    Slip("directions-swapped", {"weights_of": lambda w: (w[1], w[0])}, "It is the weights."),
    Slip("directions-swapped", {"states_of": lambda s: (s[1], s[0])}, "It is the states."),
    Slip(
        "forward-flipped", {"enter": lambda xs: xs.flip(0)}, "It is so on the way in.", alone=True
    ),
    Slip(
        "forward-flipped",
        {"join": lambda forward, backward: torch.cat([forward.flip(0), backward], dim=-1)},
        "It is so on the way out.",
        alone=True,
    ),
    *[
        Slip(
            "features-reversed",
            {"enter": lambda xs: xs.flip(2), "turn": turn},
            f"It is so in the forward direction{where}.",
            alone=True,
        )
        for turn, where in (
            (lambda xs: xs.flip(0), " alone"),
            (lambda xs: xs.flip(0, 2), ", too"),
            (lambda xs: xs.flip(2), ", too, and time stays as it was on the way in"),
        )
    ],
    Slip("both-forward", {"turn": same, "turn_back": same}),
    Slip("both-forward", {"turn": same}, "The outputs of one are turned all the same."),
    Slip("backward-first", {"join": _backward_first}),
    Slip(
        "backward-first",
        {"join": _backward_first, "finals": lambda lasts: lasts[::-1]},
        "So do the final states.",
    ),
    Slip("backward-first", {"finals": lambda lasts: lasts[::-1]}, "It is the final states."),
    Slip("directions-added", {"join": lambda forward, backward: forward + backward}),
    Slip("directions-added", {"join": lambda forward, backward: (forward + backward) / 2}),
    Slip("flips-samples", {"turn": lambda xs: xs.flip(1), "turn_back": lambda ys: ys.flip(1)}),
    Slip("flips-samples", {"turn": lambda xs: xs.flip(1)}, "It is so on the way in."),
    Slip("flips-samples", {"turn_back": lambda ys: ys.flip(1)}, "It is so on the way out."),
    Slip(
        "flips-samples",
        {"turn": lambda xs: xs.flip(1), "turn_back": same},
        "The outputs are not turned back.",
    ),
    Slip("features-reversed", {"turn": lambda xs: xs.flip(2), "turn_back": lambda ys: ys.flip(2)}),
    Slip(
        "features-reversed",
        {"turn": lambda xs: xs.flip(2), "turn_back": same},
        "The outputs are not turned back.",
    ),
    Slip("features-reversed", {"turn": lambda xs: xs.flip(2)}, "It is so on the way in."),
    Slip("features-reversed", {"turn_back": lambda ys: ys.flip(2)}, "It is so on the way out."),
    Slip(
        "features-reversed",
        {"turn": same, "turn_back": lambda ys: ys.flip(2)},
        "It is so on the way out, and on the way in nothing is turned.",
    ),
    *[
        Slip(
            mistake,
            {"turn": lambda xs, d=d: xs.flip(d), "turn_back": lambda ys, b=b: ys.flip(b)},
            f"{what} {where}",
            alone=True,
        )
        for mistake, dims, what in (
            ("features-reversed", (0, 2), "It is besides the steps,"),
            ("flips-samples", (0, 1), "It is besides the steps,"),
            ("features-reversed", (0, 1, 2), "It is besides the steps and the samples,"),
        )
        for d, b, where in (
            (dims, dims, "on both ways."),
            (dims, (0,), "on the way in."),
            ((0,), dims, "on the way out."),
        )
    ],
    Slip("backward-reads-forward-outputs", {"source": lambda xs, forward: forward}),
    Slip(
        "bi-last-output",
        {"last_backward": lambda last, ys: ys[0]},
        "It is the backward direction's final state.",
    ),
]


# Over sessions


def session_step(
    seen=lambda h, starts: torch.where(starts[:, None], 0.0, h),
    kept=lambda h, starts: torch.where(starts[:, None], 0.0, h),
    after=lambda h, starts: h,
) -> Callable:
    """A GRU step with its state reset: `seen` by the gates and the candidate, `kept` in the blend."""

    def step(x: Tensor, h: Tensor, starts: Tensor, weights: Weights) -> Tensor:
        inner, old = seen(h, starts), kept(h, starts)
        _, x_z, _ = (x @ weights.weight_ih.T + weights.bias_ih).chunk(3, -1)
        _, h_z, _ = (inner @ weights.weight_hh.T + weights.bias_hh).chunk(3, -1)
        z = torch.sigmoid(x_z + h_z)
        new = gru_cell(x, inner, weights) - z * inner + z * old
        return after(new, starts)

    return step


def _everywhere(h: Tensor, starts: Tensor) -> Tensor:
    return h


def _where_going_on(h: Tensor, starts: Tensor) -> Tensor:
    return torch.where(starts[:, None], h, 0.0)


def _all_at_once(h: Tensor, starts: Tensor) -> Tensor:
    return 0 * h if starts.any() else h


SESSION = [
    Slip("reset-in-candidate-only", {"kept": _everywhere}),
    Slip("reset-in-blend-only", {"seen": _everywhere}),
    Slip("reset-inverted", {"seen": _where_going_on, "kept": _where_going_on}),
    Slip(
        "reset-after-step",
        {
            "seen": _everywhere,
            "kept": _everywhere,
            "after": lambda h, starts: torch.where(starts[:, None], 0.0, h),
        },
    ),
    Slip("reset-never", {"seen": _everywhere, "kept": _everywhere}),
    Slip("reset-for-all", {"seen": _all_at_once, "kept": _all_at_once}),
]
