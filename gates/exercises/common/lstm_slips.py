"""What may go wrong in the gates of an LSTM, whichever it has, and in the state that is handed in."""

from collections.abc import Mapping

import numpy as np

from gates.backward import sigmoid
from gates.exercises.common.adding import constants, late
from gates.exercises.common.rows import copies, reading
from gates.exercises.common.slips import Slip, same, slip
from gates.exercises.common.squashing import among, of_gates, of_tanh, tanh_twice
from gates.exercises.common.step_parts import interleaved
from gates.exercises.common.step_slips import BEFORE_GATES, missing


def of_squashes(gates: Mapping[str, str], together: str) -> list[Slip]:
    """σ and tanh left out or exchanged. gates: letters and names; together: how to say that it is all of them."""
    every = {f"squash_{k}" for k in gates}
    return [
        slip("candidate-sigmoid", squash_g=sigmoid),
        slip("candidate-raw", squash_g=same),
        *[
            slip(mistake, **{f"squash_{k}": squash}, detail=f"It is the {name} gate, {k}.")
            for mistake, squash in (("gate-left-raw", same), ("gate-tanh", np.tanh))
            for k, name in gates.items()
        ],
        slip("gate-left-raw", **dict.fromkeys(every, same), detail=together),
        slip("gate-tanh", **dict.fromkeys(every, np.tanh), detail=together),
        slip(
            "candidate-sigmoid", squash_g=lambda a: np.tanh(sigmoid(a)), detail="tanh comes on top."
        ),
        slip("candidate-squashed-again", squash_g=tanh_twice),
    ]


def of_blocks(blocks: str) -> list[Slip]:
    """Weights that meet the wrong thing, or are taken apart wrongly. blocks: the letters in their order."""
    return [
        *BEFORE_GATES,
        *[
            slip(
                "one-chunk-for-all",
                blocks=reading(blocks, len(blocks) * gate),
                detail=f"They are those of {gate}.",
            )
            for gate in blocks
        ],
        slip("rows-interleaved", split=interleaved(len(blocks))),
    ]


STATE = [
    slip("state-swapped", unpack=lambda h, c: (c, h)),
    slip("ignores-c", use_c=np.zeros_like),
    slip("ignores-state", use_h=np.zeros_like, use_c=np.zeros_like),
]


def seldom(
    gates: Mapping[str, str], blocks: str, together: str, known: tuple[str, ...] = ()
) -> list[Slip]:
    """What is looked for alone: constants, rows of other gates, parts added late or left out, other functions.

    known: readings of the blocks that have an entry of their own.
    """
    each = {**{k: f"the {name} gate, {k}" for k, name in gates.items()}, "g": "the candidate, g"}
    several = {blocks: "all gates and the candidate", "".join(gates): together[6:-1]}
    return [
        *constants(each | several, often="f"),
        *copies(blocks, known=known),
        *late(each | several),
        *of_gates(gates, turned="f", together=together),
        *among("".join(gates), "".join(gates)),
        *among("".join(gates), blocks),
        *of_tanh("squash_g", "It is the candidate, g."),
        *of_tanh("squash_c", "It is the memory on its way to h."),
        *missing(each),
    ]
