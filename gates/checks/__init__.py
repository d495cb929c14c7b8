"""Checks that say which mistake it is, and never stop a notebook. Nothing here knows an exercise by its name.

Floors inside, lowest first: comparing, recognizing (whose numbers an answer has), sources (reading code without running
it), finding (which cell answers which exercise), wording, around and running (calling an answer safely), verdict, in_code
(what stands in an answer's code), telling, trial (an answer on its probes), gradients and beyond (what may be wrong where
the values are right), precision, differing (what is said where nothing is recognized), judging, progress, course_map,
session (the cells as they were run), notebook (what lessons call), wagering (what those call that settle a claim), grading (a
folder of hand-ins).
"""

from gates.checks.judging import judge
from gates.checks.notebook import check, predict, reveal, show_me
from gates.checks.verdict import Verdict
from gates.checks.wagering import settle, wager

__all__ = ["Verdict", "check", "judge", "predict", "reveal", "settle", "show_me", "wager"]
