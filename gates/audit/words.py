"""Sentences of slips that are made in layers and not in a step: what it is, and what to look at."""

LAYER_SLIPS: dict[str, tuple[str, str]] = {
    "time-and-batch-exchanged": (
        "It says batch_first=True and reads the first axis as time.",
        "Hand batch_first on to the layer inside, or transpose before and after it.",
    ),
    "backward-half-not-turned-back": (
        "The backward half of the output is not turned back: its first step stands beside the forward half's last.",
        "Reverse what the backward direction gives before the two halves are joined.",
    ),
    "second-layer-fed-with-c": (
        "The next layer is fed with c, the memory of the layer below.",
        "What a layer shows to the next one is h, the first of the pair (h, c).",
    ),
    "state-handed-to-next-layer": (
        "The last state of one layer is the first state of the next.",
        "Each layer has a state of its own, which starts from zeros or from what was handed in for it.",
    ),
    "output-one-step-late": (
        "The outputs come one step late: at each step the state before it is collected.",
        "Collect h after the step, and not before.",
    ),
    "start-state-ignored": (
        "The start state that is handed in is not used: the numbers are those of a start from zeros.",
        "Start the loop from what was handed in, and from zeros only if that is None.",
    ),
    "bias-shared-between-gates": (
        "Several gates share one bias.",
        "Each gate has H numbers of its own in the bias: 4H in an LSTM, 3H in a GRU.",
    ),
    "c-not-carried-back": (
        "The outputs are right, and no gradient goes back through c: it is detached at each step.",
        "The cell state is the path on which gradients live long. Detach it between chunks only.",
    ),
    "h-not-carried-back": (
        "The outputs are right, and no gradient goes back through h: it is detached at each step.",
        "Detach the state between chunks only. Inside a chunk the gradient has to flow.",
    ),
    "gradient-path-missing": (
        "The outputs are right, and some arrays get no gradient, or only a part of it.",
        "Look for detach, .data, numpy() or a copy on the way from these arrays to the output.",
    ),
    "gradient-scaled": (
        "The outputs are right, and the gradient of some arrays is a multiple of what it should be.",
        "Look for a hook, or for a backward of your own.",
    ),
    "no-gradient": (
        "The outputs are right, and no gradient goes back at all.",
        "Look for torch.no_grad, detach, .data or numpy() on the way.",
    ),
    "reads-padding": (
        "It takes lengths, and what stands in the padding changes the final state.",
        "Take each sequence's state at its own last step, or pack the batch.",
    ),
}
