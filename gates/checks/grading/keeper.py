"""Imported by the process that all judging is forked from: it has what judging needs, and adopts what answers start."""

import gc
import warnings

import gates.checks.grading.worker  # noqa: F401
from gates.checks.grading.guards import adopt

adopt()
# Python's server of forks warns of each child that it did not fork itself; those are the adopted ones.
warnings.filterwarnings("ignore", message="forkserver: waitpid returned unexpected pid")
gc.freeze()  # so that a fork does not copy pages that the collector would mark
