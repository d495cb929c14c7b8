"""Right and wrong answers that the checks are tried on, and how one becomes a function."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.cells import Weights, gru_cell, lstm_cell, rnn_cell, unroll
from gates.checks import judge
from gates.exercises import EXERCISES
from gates.networks import parameters
from gates.translation.characters import Sign
from gates.variants import MinWeights, PeepholeWeights

# Each entry has a code, the mistake in it (or "right", "unknown", or two with a + between), and its file's exercise.
BANK = [
    {"exercise": path.stem, **entry}
    for path in sorted(Path(__file__).parent.glob("lesson*/*.json"))
    for entry in json.loads(path.read_text(encoding="utf-8"))
]
NAMES = {
    **{"torch": torch, "nn": nn, "F": F, "np": np, "math": math},
    **{"Tensor": Tensor, "Array": np.ndarray, "Callable": Callable, "Sequence": Sequence},
    **{"Weights": Weights, "unroll": unroll},
    **{"PeepholeWeights": PeepholeWeights, "MinWeights": MinWeights},
    **{"rnn_cell": rnn_cell, "lstm_cell": lstm_cell, "gru_cell": gru_cell},
    "parameters": parameters,
    "Sign": Sign,
    **{"pack_padded_sequence": pack_padded_sequence, "pad_packed_sequence": pad_packed_sequence},
}


def written(code: str, name: str) -> object:
    """What a learner's source defines under a name."""
    names = dict(NAMES)
    exec(compile(code, "<answer>", "exec"), names)
    return names[name]


__all__ = ["BANK", "EXERCISES", "NAMES", "judge", "written"]
