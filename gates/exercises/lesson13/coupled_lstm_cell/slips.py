"""Mistakes in the LSTM step with coupled gates."""

from gates.backward import sigmoid
from gates.exercises.common.lstm_slips import STATE, of_blocks, of_squashes, seldom
from gates.exercises.common.rows import in_order, orders
from gates.exercises.common.slips import Slip, slip
from gates.exercises.common.updating import SLIPS

_GATES = {"f": "forget", "o": "output"}
_BOTH = "It is both gates."
# Of the usual update, what is right here, and what has the numbers of another mistake.
_NOT_HERE = (
    "memory-keeps-what-is-not-written",
    "writes-what-is-not-kept",
    "lstm-gates-swapped",
    "f-means-forget",
    "lstm-forget-gates-candidate",
    "lstm-input-gates-memory",
    "lstm-candidate-ungated",
)


def _orders() -> list[Slip]:
    told = (
        "The three chunks are read in another order than they are packed in.",
        "The rows of all four weights are packed f, g, o.",
    )
    return [
        slip(
            "coupled-gate-order",
            *(told if k == 0 else ()),
            blocks=in_order("fgo", order),
            detail=f"Your numbers are those of the order {', '.join(order)}.",
        )
        for k, order in enumerate(orders("fgo", ("fog", "gfo", "ofg")))
    ]


SLIPS = [
    slip("f-means-forget", memory=lambda f, i, c: i * c, written=lambda f, i, g: f * g),
    slip(
        "coupled-keeps-and-writes",
        "Both parts of the memory get the same fraction, so the two do not add up to 1.",
        "What is not kept is written: c = f ⊙ c + (1 − f) ⊙ g.",
        couple=lambda f, a, o: f,
    ),
    slip(
        "coupled-keeps-and-writes",
        memory=lambda f, i, c: i * c,
        detail="It is 1 − f for both.",
    ),
    slip(
        "coupled-before-sigmoid",
        "1 is taken from the pre-activation, before the sigmoid, or in place of it.",
        "First the gate, f = σ(a_f); then what it leaves, 1 − f.",
        couple=lambda f, a, o: sigmoid(1 - a),
    ),
    slip(
        "coupled-before-sigmoid", couple=lambda f, a, o: 1 - a, detail="It has no sigmoid at all."
    ),
    slip(
        "coupled-writes-all",
        "The candidate is written in full, whatever is kept.",
        "What is not kept is written: c = f ⊙ c + (1 − f) ⊙ g.",
        couple=lambda f, a, o: 1 + 0 * f,
    ),
    slip(
        "coupled-twice-squashed",
        "1 − f goes through the sigmoid once more.",
        "f is a fraction already, and so is 1 − f: use it as it is.",
        couple=lambda f, a, o: sigmoid(1 - f),
    ),
    slip(
        "coupled-minus-the-wrong-way",
        "1 is taken from f, and not f from 1, so what is written has the wrong sign.",
        "What is written is 1 − f, which lies between 0 and 1.",
        couple=lambda f, a, o: f - 1,
    ),
    slip(
        "coupled-by-the-output-gate",
        "What is written is what the output gate leaves, 1 − o.",
        "The input gate is coupled with the forget gate: i = 1 − f.",
        couple=lambda f, a, o: 1 - o,
    ),
    slip(
        "coupled-output-gate-too",
        "The output gate is what the forget gate leaves, too: o = 1 − f.",
        "Only the input gate is coupled, i = 1 − f. The output gate has a block of its own: o = σ(a_o).",
        inside_o=lambda x, a, *_: -a["f"][0],
    ),
    slip("brackets-missing", written=lambda f, i, g: 1 - f * g),
    *_orders(),
    *[each for each in SLIPS if each.mistake not in _NOT_HERE],
    *of_squashes(_GATES, _BOTH),
    *of_blocks("fgo"),
    *STATE,
    *seldom(_GATES, "fgo", _BOTH),
]
