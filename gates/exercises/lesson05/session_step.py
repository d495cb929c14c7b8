"""A step where some begin anew."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.cells import Weights, gru_cell
from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers, random_weights
from gates.exercises.common.slips import slip


def session_step(x: Tensor, h: Tensor, starts: Tensor, weights: Weights) -> Tensor:
    """One GRU step for samples of which some begin a new sequence: those start from zeros.

    x: (B, I). h: (B, H). starts: True where a sample begins, (B,). Returns the new h, (B, H).
    """
    return gru_cell(x, torch.where(starts[:, None], 0.0, h), weights)


def probes() -> Probes:
    randn, found = random_numbers(52), []
    for starts, I, H in [([True, False, False, True, False], 3, 2), ([False, True, False], 2, 4)]:
        B = len(starts)
        found.append(
            (randn(B, I), randn(B, H), torch.tensor(starts), random_weights(randn, 3, I, H))
        )
    return found


def variant(
    read=lambda h, starts: torch.where(starts[:, None], 0.0, h),
    kept=lambda h, starts: torch.where(starts[:, None], 0.0, h),
    after=lambda h, starts: h,
) -> Callable:
    """A GRU step with its state reset: `read` by the gates and the candidate, `kept` in the blend."""

    def step(x: Tensor, h: Tensor, starts: Tensor, weights: Weights) -> Tensor:
        inner, old = read(h, starts), kept(h, starts)
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


EXERCISE = coding(
    session_step,
    asks="a step where some begin anew",
    probes=probes,
    outputs=("h",),
    variant=variant,
    gradients=True,
    shapes="x is (B, I), h is (B, H), starts is (B,).",
    slips=[
        slip(
            "reset-in-candidate-only",
            "The old session is forgotten in the gates and the candidate, and comes back through z ⊙ h.",
            "For the samples that begin, set h to zero before the step, and use that h everywhere: in the gates, the candidate and the blend.",
            kept=_everywhere,
            seen=("mquad/hgru4rec#11",),
        ),
        slip(
            "reset-in-blend-only",
            "The old session is forgotten in the blend, and still acts in the gates and the candidate.",
            "For the samples that begin, set h to zero before the step, and use that h everywhere: in the gates, the candidate and the blend.",
            read=_everywhere,
        ),
        slip(
            "reset-inverted",
            "The samples that go on are reset, and those that begin are not.",
            "starts is True where h has to become zero.",
            read=_where_going_on,
            kept=_where_going_on,
        ),
        slip(
            "reset-after-step",
            "The new state is set to zero, after the step.",
            "A sample that begins still reads its first input: reset h before the step.",
            read=_everywhere,
            kept=_everywhere,
            after=lambda h, starts: torch.where(starts[:, None], 0.0, h),
        ),
        slip(
            "reset-never",
            "No sample is reset.",
            "Where starts is True, the step begins from zeros.",
            read=_everywhere,
            kept=_everywhere,
        ),
        slip(
            "reset-for-all",
            "As soon as one sample begins, all are reset.",
            "starts has an entry for each sample: starts[:, None] goes with h, (B, H).",
            read=_all_at_once,
            kept=_all_at_once,
        ),
    ],
)
