"""Mistakes in an LSTM step with other activations."""

from torch import Tensor

from gates.exercises.common.slips import slip
from gates.exercises.lesson10.swapped_lstm_cell.variants import variant


def _squashed_twice(x, state, weights, gate, candidate, output) -> tuple[Tensor, Tensor]:
    """The memory goes through the output's activation, and what is shown of it once more."""
    o = variant(of_c="nothing", shown=lambda o, squashed, c: o)
    _, c = variant()(x, state, weights, gate, candidate, output)
    return o(x, state, weights, gate, candidate, output)[0] * output(output(c)), output(c)


SLIPS = [
    slip(
        "activation-written-in",
        "An activation stands in the code and is not the one that was handed in.",
        "Call gate, candidate and output, wherever σ and tanh stood.",
        of_i="sigmoid",
        of_f="sigmoid",
        of_o="sigmoid",
        detail="It is σ for the gates.",
    ),
    slip("activation-written-in", of_g="tanh", detail="It is tanh for the candidate."),
    slip("activation-written-in", of_c="tanh", detail="It is tanh for the output."),
    slip("activation-written-in", of_i="sigmoid", detail="It is σ for the input gate."),
    slip("activation-written-in", of_f="sigmoid", detail="It is σ for the forget gate."),
    slip("activation-written-in", of_o="sigmoid", detail="It is σ for the output gate."),
    slip(
        "candidate-and-output-swapped",
        "The activations of candidate and output have changed places.",
        "candidate makes g from its pre-activation; output makes what is shown of c.",
        of_g="output",
        of_c="candidate",
    ),
    slip(
        "one-activation-for-both",
        "Candidate and output get the same activation.",
        "Both are tanh in the usual LSTM, and here each has its own: g = candidate(a_g) and h = o * output(c).",
        of_c="candidate",
        detail="It is the candidate's.",
    ),
    slip("one-activation-for-both", of_g="output", detail="It is the output's."),
    slip(
        "gate-and-candidate-swapped",
        "The gates have the candidate's activation, and the candidate has theirs.",
        "gate belongs to i, f and o; candidate belongs to g.",
        of_i="candidate",
        of_f="candidate",
        of_o="candidate",
        of_g="gate",
    ),
    slip(
        "gate-on-candidate",
        "The candidate gets the activation of the gates.",
        "g is no gate: g = candidate(a_g).",
        of_g="gate",
    ),
    slip(
        "output-on-output-gate",
        "The output gate gets the activation of the output.",
        "The output gate is a gate like the others: o = gate(a_o). output is applied to c.",
        of_o="output",
    ),
    slip(
        "output-activation-missing",
        "The memory is shown as it is.",
        "h = o * output(c).",
        of_c="nothing",
    ),
    slip("tanh-on-memory", stored=lambda c, squashed: squashed),
    slip("tanh-on-memory", whole=_squashed_twice),
    slip(
        "activation-written-in",
        whole=lambda x, state, weights, *_: variant()(x, state, weights),
        detail="All three are those of the usual LSTM.",
    ),
]
