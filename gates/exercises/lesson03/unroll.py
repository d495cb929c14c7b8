"""The loop over time."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates import cells
from gates.cells import Weights, lstm_cell, unroll
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import leaky_cell, random_numbers, random_weights
from gates.exercises.common.slips import same, slip


def probes() -> Probes:
    randn = random_numbers(4)
    sizes = [(5, 3, 4, 2), (4, 2, 3, 5), (1, 3, 2, 4)]
    probes = []
    for cell, (T, B, I, H) in zip(
        [cells.lstm_cell, leaky_cell, cells.lstm_cell], sizes, strict=True
    ):
        state = (randn(B, H), randn(B, H))
        probes.append((cell, randn(T, B, I), state, random_weights(randn, 4, I, H)))
    return probes


def variant(
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


EXERCISE = coding(
    unroll,
    asks="the loop over time",
    probes=probes,
    outputs=("ys", "the final h", "the final c"),
    variant=variant,
    gradients=True,
    shapes="xs is (T, B, I), so time comes first; h and c are (B, H). T may be 1.",
    slips=[
        slip(
            "state-not-carried",
            "Every step starts again from the first state: step 1 is right and the later ones are not.",
            "The state that a step returns is the state of the next step. Look at what the loop passes to the cell.",
            carry=lambda new, old: old,
            seen=("tracel-ai/burn#2701",),
        ),
        slip(
            "state-not-carried",
            carry=lambda new, old: (new[0], old[1]),
            detail="Only h is carried over.",
        ),
        slip(
            "state-not-carried",
            carry=lambda new, old: (old[0], new[1]),
            detail="Only c is carried over.",
        ),
        slip(
            "return-inside-loop",
            "The function returns after the first step.",
            "The return stands inside the loop: move it to the left, below the loop.",
            times=lambda T: range(1),
        ),
        slip(
            "cell-not-called",
            "The loop calls a cell of its own choice, and not the one that is handed in.",
            "Call cell(x, state, weights), so that the loop works for any cell.",
            call=lambda cell: lstm_cell,
        ),
        slip("ignores-state", start=lambda state: tuple(torch.zeros_like(part) for part in state)),
        slip("ignores-h", start=lambda state: (torch.zeros_like(state[0]), state[1])),
        slip("ignores-c", start=lambda state: (state[0], torch.zeros_like(state[1]))),
        slip(
            "starts-from-ones",
            "The loop starts from ones, and not from the state that was handed in.",
            "The first step takes the state from the arguments.",
            start=lambda state: tuple(map(torch.ones_like, state)),
        ),
        slip(
            "starts-from-ones",
            start=lambda state: (torch.ones_like(state[0]), state[1]),
            detail="It is h.",
        ),
        slip(
            "starts-from-ones",
            start=lambda state: (state[0], torch.ones_like(state[1])),
            detail="It is c.",
        ),
        slip(
            "outputs-before-step",
            "ys holds the hidden state before each step instead of after it.",
            "Append h after the cell was called: ys[0] is the state after the first input.",
            shown=lambda new, old: old[0],
            seen=("pytorch/tutorials#193",),
        ),
        slip("collects-c", shown=lambda new, old: new[1]),
        slip("time-reversed", times=lambda T: range(T - 1, -1, -1)),
        slip(
            "outputs-reversed",
            "The steps are right but ys lists them from last to first.",
            "ys[t] belongs to xs[t]: append, rather than insert at the front.",
            gathered=lambda ys: ys[::-1],
        ),
        slip("first-state-returned", final=lambda state, before, first: first),
        slip(
            "last-step-missing",
            "The last step is missing from the state that comes back.",
            "The final state is the one after step T − 1: check the range of the loop.",
            final=lambda state, before, first: before,
        ),
        slip("returns-c-then-h", final=lambda state, before, first: state[::-1]),
    ],
)
