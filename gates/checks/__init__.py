"""Checks that say which mistake it is, and never stop a notebook.

Floors inside, lowest first: catalogue (the misconceptions, as data), slips (wrong variants that recognize them, by
subject), answers (right ones to small exercises), probes (what answers are tried on), comparing, exercises (what is
asked), recognizing (whose numbers an answer has), sources (reading code without running it), finding (which cell answers
which exercise), wording, around and running (calling an answer safely), verdict, judging, progress, course_map, session
(the cells as they were run), notebook (what lessons call), grading (a folder of hand-ins).
"""

from gates.checks.judging import judge
from gates.checks.notebook import check, predict, reveal, show_me
from gates.checks.verdict import Verdict

__all__ = ["Verdict", "check", "judge", "predict", "reveal", "show_me"]
