"""Mistakes in biases for memories of many lengths."""

import torch

from gates.exercises.common.slips import same, slip

SLIPS = [
    slip(
        "input-bias-forgotten",
        "The input gate's biases are left as they were.",
        "A unit that keeps for long should write little at a step: its input biases add up to −log(u).",
        of_input=None,
    ),
    slip(
        "input-bias-not-turned",
        "The input gate does not get minus the forget gate's bias.",
        "Use the same numbers with the other sign, −b.",
        of_input=same,
    ),
    slip("input-bias-not-turned", of_input=torch.zeros_like, detail="It is set to zero."),
    slip(
        "input-bias-drawn-apart",
        "The input gates got times of their own.",
        "Draw u once, and use log(u) for the forget gates and −log(u) for the input gates.",
        of_input=lambda b: -torch.log(1 + (b.exp().max() - 1) * torch.rand(len(b))),
    ),
    slip("other-biases-changed", rest=lambda layer: layer.bias_hh_l0.zero_()),
    slip("left-frozen", rest=lambda layer: layer.requires_grad_(False)),
    slip("chrono-nothing-written", of_input=None, of_forget=None),
    slip(
        "time-for-bias",
        "The times themselves are used as biases.",
        "A gate σ(b) keeps u / (1 + u) if b = log(u). The logarithm is missing.",
        squeeze=same,
    ),
    slip(
        "one-time-for-all-units",
        "All units get the same bias.",
        "Draw a time for each unit: torch.rand(H), not one number.",
        draw=lambda H, T: torch.full((H,), T - 1.0),
    ),
    slip("one-time-for-all-units", draw=lambda H, T: torch.full((H,), float(T))),
    slip("one-time-for-all-units", draw=lambda H, T: 1 + (T - 2) * torch.rand(1).expand(H)),
    slip(
        "biases-drawn-evenly",
        "The biases are drawn evenly, so that most of the times are short.",
        "Draw the times evenly between 1 and T − 1, and take the logarithm after that.",
        draw=lambda H, T: torch.rand(H) * torch.log(torch.tensor(T - 1.0)),
        squeeze=same,
    ),
    slip(
        "times-below-one",
        "Some of the times lie below 1, and their biases are negative.",
        "torch.rand runs from 0 to 1. Stretch it by T − 2 and add 1.",
        draw=lambda H, T: (T - 1) * torch.rand(H),
    ),
    slip("times-below-one", draw=lambda H, T: (T - 2) * torch.rand(H)),
    slip("times-below-one", draw=lambda H, T: torch.rand(H), detail="All of them are."),
    slip(
        "times-are-normal",
        "The times crowd around the middle.",
        "They are to be drawn evenly: torch.rand, not torch.randn.",
        draw=lambda H, T: (T / 2 + T / 6 * torch.randn(H)).clamp(1, T - 1),
    ),
    slip("times-are-normal", draw=lambda H, T: (T / 2 + T / 9 * torch.randn(H)).clamp(1, T - 1)),
    slip(
        "second-bias-left",
        "The second bias keeps its old values and is added to the new one.",
        "What acts is the sum of bias_ih and bias_hh. Set the other one to 0.",
        second=lambda old, new: old,
        detail="Or it is set to zero, and the new one is added to the old values of the first.",
    ),
    slip("bias-added-to-old", first=lambda old, new: old + new, second=lambda old, new: old),
    slip("forget-bias-twice", second=lambda old, new: new),
    slip(
        "gates-of-chrono-swapped",
        "Input and forget gate have changed places.",
        "The rows are packed i, f, g, o: the first H belong to the input gate, the next H to the forget gate.",
        rows=(1, 0),
    ),
    slip("forget-bias-in-other-rows", rows=(0, 2)),
    slip("input-bias-forgotten", rows=(2, 1), detail="Other rows got its numbers."),
    slip(
        "chrono-only-input",
        "The forget gate's biases are left as they were.",
        "Rows H to 2H of the biases are those of the forget gate: they get log(u).",
        of_forget=None,
    ),
]
