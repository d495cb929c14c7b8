"""Imported by the process that all judging is forked from: it has what judging needs, and adopts what answers start."""

import gc
import warnings

import torch

from gates.cells import Weights, lstm_cell
from gates.checks.grading.guards import adopt
from gates.checks.grading.worker import judged  # noqa: F401

# Torch loads what it needs for tensors without numbers when they are first used, and that takes over a second.
# Without autograd, whose threads would not survive a fork.
torch.set_num_threads(1)
with torch.no_grad(), torch.device("meta"):
    B, I, H = 2, 3, 4
    weights = Weights(
        torch.ones(4 * H, I), torch.ones(4 * H, H), torch.ones(4 * H), torch.ones(4 * H)
    )
    lstm_cell(torch.ones(B, I), (torch.ones(B, H), torch.ones(B, H)), weights)

adopt()
# Python's server of forks warns of each child that it did not fork itself; those are the adopted ones.
warnings.filterwarnings("ignore", message="forkserver: waitpid returned unexpected pid")
gc.freeze()  # so that a fork does not copy pages that the collector would mark
