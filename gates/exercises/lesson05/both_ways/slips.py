"""Mistakes in a sequence read in both directions."""

import torch

from gates.exercises.common.slips import Slip, same, slip

SLIPS = [
    slip(
        "backward-not-flipped",
        "What was read from the end is not put back in order, so its first entry belongs to the last step.",
        "Both halves of ys[t] belong to xs[t]: flip the outputs of the backward direction in time.",
        turn_back=same,
        seen=("webmachinelearning/webnn-baseline#123",),
    ),
    slip(
        "directions-share-weights",
        "Both directions use the same weights.",
        "Each direction has weights of its own; in torch.nn those of the backward one end in _reverse.",
        weights_of=lambda weights: (weights[0], weights[0]),
    ),
    slip("directions-share-weights", weights_of=lambda weights: (weights[1], weights[1])),
    slip(
        "directions-share-state",
        "Both directions start from the same state.",
        "Each direction has a state of its own.",
        states_of=lambda states: (states[0], states[0]),
    ),
    slip("directions-share-state", states_of=lambda states: (states[1], states[1])),
    slip(
        "directions-swapped",
        "Each direction gets what belongs to the other one.",
        "The forward direction comes first in both pairs.",
        weights_of=lambda w: (w[1], w[0]),
        detail="It is the weights.",
    ),
    slip("directions-swapped", states_of=lambda s: (s[1], s[0]), detail="It is the states."),
    slip(
        "forward-flipped",
        "The forward direction is turned around as well.",
        "Only what the backward direction reads and gives is flipped.",
        enter=lambda xs: xs.flip(0),
        detail="It is so on the way in.",
        alone=True,
    ),
    slip(
        "forward-flipped",
        join=lambda forward, backward: torch.cat([forward.flip(0), backward], dim=-1),
        detail="It is so on the way out.",
        alone=True,
    ),
    *[
        slip(
            "features-reversed",
            "The features within each step are reversed, where only time should be.",
            "Time is dimension 0 here: xs.flip(0). The last dimension holds the features.",
            enter=lambda xs: xs.flip(2),
            turn=turn,
            detail=f"It is so in the forward direction{where}.",
            alone=True,
            seen=("kraiskil/onnx2c#95",),
        )
        for turn, where in (
            (lambda xs: xs.flip(0), " alone"),
            (lambda xs: xs.flip(0, 2), ", too"),
            (lambda xs: xs.flip(2), ", too, and time stays as it was on the way in"),
        )
    ],
    slip(
        "both-forward",
        "Both directions read from the start.",
        "The backward one reads xs.flip(0).",
        turn=same,
        turn_back=same,
    ),
    slip("both-forward", turn=same, detail="The outputs of one are turned all the same."),
    slip("backward-first", join=lambda forward, backward: torch.cat([backward, forward], dim=-1)),
    slip(
        "backward-first",
        join=lambda forward, backward: torch.cat([backward, forward], dim=-1),
        finals=lambda lasts: lasts[::-1],
        detail="So do the final states.",
    ),
    slip("backward-first", finals=lambda lasts: lasts[::-1], detail="It is the final states."),
    slip("directions-added", join=lambda forward, backward: forward + backward),
    slip("directions-added", join=lambda forward, backward: (forward + backward) / 2),
    slip(
        "flips-samples",
        "The samples are reversed, where only time should be.",
        "Time is dimension 0 here: xs.flip(0).",
        turn=lambda xs: xs.flip(1),
        turn_back=lambda ys: ys.flip(1),
    ),
    slip("flips-samples", turn=lambda xs: xs.flip(1), detail="It is so on the way in."),
    slip("flips-samples", turn_back=lambda ys: ys.flip(1), detail="It is so on the way out."),
    slip(
        "flips-samples",
        turn=lambda xs: xs.flip(1),
        turn_back=same,
        detail="The outputs are not turned back.",
    ),
    slip("features-reversed", turn=lambda xs: xs.flip(2), turn_back=lambda ys: ys.flip(2)),
    slip(
        "features-reversed",
        turn=lambda xs: xs.flip(2),
        turn_back=same,
        detail="The outputs are not turned back.",
    ),
    slip("features-reversed", turn=lambda xs: xs.flip(2), detail="It is so on the way in."),
    slip("features-reversed", turn_back=lambda ys: ys.flip(2), detail="It is so on the way out."),
    slip(
        "features-reversed",
        turn=same,
        turn_back=lambda ys: ys.flip(2),
        detail="It is so on the way out, and on the way in nothing is turned.",
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
    slip(
        "backward-reads-forward-outputs",
        "The backward direction reads what the forward one shows.",
        "Both directions of a layer read xs.",
        source=lambda xs, forward: forward,
    ),
    slip(
        "bi-last-output",
        last_backward=lambda last, ys: ys[0],
        detail="It is the backward direction's final state.",
    ),
]
