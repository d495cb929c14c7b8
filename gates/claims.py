"""The sentences LSTM and GRU are sold with, and what the course measured of each.

A verdict begins with one of five words, and `verdict_from` says which, for all claims by the same rule. It stands here by
hand after a lesson has printed it, with the numbers that settled it; tests compare README's table and the lessons'
outputs with this one. A difference stands here as the lesson prints it, with its sign: what is subtracted is said once
for each claim, and never turned around.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VERDICTS = {
    "holds": "in all that was tried here",
    "holds when …": "in all that was tried, where a condition is met that one can set oneself",
    "mixed: …": "for some networks, tasks or places, and not for others; so not in general",
    "does not hold": "in nothing that was tried; of a sentence with two halves, in one half at least",
    "open": "not yet tried, or not decided, or decided in two ways by two tables",
}
"""What a verdict may begin with, and what each says; README has the same list."""


def verdict_from(found: Mapping[str, bool | None], when: str = "") -> str:
    """The verdict on a claim, by the one rule for all of them.

    found: for each network, task or place in which the claim was tried, whether it held there; None where that is
    undecided. when: the condition that was met in all of them, if it is one that one can set. A verdict that is mixed
    names those that are decided; what is undecided beside them belongs into the evidence.
    """
    held = [name for name, holds in found.items() if holds]
    failed = [name for name, holds in found.items() if holds is not None and not holds]
    if held and failed:
        return f"mixed: for {_listed(held)}, not for {_listed(failed)}"
    if len(failed) == len(found) > 0:
        return "does not hold"
    if len(held) == len(found) > 0:
        return f"holds when {when}" if when else "holds"
    return "open"


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True)
class Claim:
    """A sentence as commonly written, the lessons that measure it, the verdict, and the number that settled it."""

    id: str
    sentence: str
    lessons: tuple[str, ...]
    verdict: str = "open"
    evidence: str = ""

    @property
    def shown(self) -> str:
        """The verdict as README shows it."""
        if self.verdict == "open":
            return f"open — lesson{'s' * (len(self.lessons) > 1)} {', '.join(self.lessons)}" + (
                f" ({self.evidence})" if self.evidence else ""
            )
        return f"{self.verdict}{';' if self.verdict.startswith('mixed') else ':'} {self.evidence}"


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "C01",
        "LSTM and GRU address the vanishing gradient.",
        ("02", "04", "07"),
        "holds when the gate that keeps starts open enough",
        "over 50 steps an LSTM as PyTorch starts it keeps 6.1e-11 [3.4e-11, 1.1e-10] of its memory's gradient, and "
        "0.63 [0.52, 0.76] with a forget bias of 3; a GRU as PyTorch starts it keeps 1e-10 [7e-11, 1.5e-10] of its "
        "state's, and 0.11 [0.1, 0.11] with a bias of 3 for z; as PyTorch starts them, 0.00 [0.00, 0.31] of the seeds "
        "of either learn to wait 100 steps, and 1.00 [0.69, 1.00] with chrono biases: lessons 02, 04, 07",
    ),
    Claim(
        "C02",
        "They make training more stable.",
        ("06",),
        "mixed: for the GRU, not for the LSTM",
        "over five learning rates, the share of a GRU's runs that solve the task minus that of a plain network's is "
        "0.08 [0.02, 0.14] on delayed recall and 0.40 [0.29, 0.51] on temporal order; that of an LSTM's minus the plain "
        "network's is -0.12 [-0.18, -0.06] on the first, and undecided on the second: lesson 06",
    ),
    Claim(
        "C03",
        "They capture long-term dependencies that plain RNNs do not.",
        ("06",),
        "mixed: for adding and temporal order, not for the latch",
        "as PyTorch starts them, most seeds of an LSTM solve adding up to 100 steps, there 0.80 [0.28, 0.99] of them, of "
        "a GRU up to 400, there 1.00 [0.48, 1.00], and of a plain network at no length, over 50 steps 0.00 [0.00, 0.52]; "
        "temporal order a GRU up to 50, there 1.00 [0.48, 1.00], and the other two up to 20; the latch a plain network up "
        "to 50, there 1.00 [0.48, 1.00], a GRU up to 20 and an LSTM at no length, over 20 steps 0.00 [0.00, 0.52]; copying "
        "is undecided: lesson 06",
    ),
    Claim("C04", "The three gates of an LSTM each matter.", ("13",)),
    Claim(
        "C05",
        "The cell state stores information over long spans.",
        ("08",),
        "holds when the forget gates start open",
        "in LSTMs that learned to wait 50 steps from chrono biases, 0.92 [0.79, 1.00] of the answers follow the cell "
        "state when it is exchanged in the middle, and 0.03 [0.00, 0.12] follow the hidden state: lesson 08",
    ),
    Claim(
        "C06",
        "The update gate controls how much of the previous hidden state is passed on, "
        "the reset gate how much of the input is used to update it.",
        ("04",),
        "does not hold",
        "with the reset gate closed, the input's influence on the candidate is 1.011 [1.009, 1.012] times that with the "
        "gate open, and the old state's is 0.000 [0.000, 0.000]; the half about the update gate holds, with z as the "
        "fraction passed on in PyTorch: lesson 04",
    ),
    Claim(
        "C07",
        "A GRU is computationally cheaper than an LSTM.",
        ("12", "19"),
        evidence="parameters and operations hold, 0.75 times an LSTM's at each of five sizes: lesson 04; time is open",
    ),
    Claim(
        "C08",
        "A GRU is easier to train than an LSTM.",
        ("12",),
        evidence="as PyTorch starts them, the share of adding's four lengths that a GRU solves minus that of an LSTM is "
        "0.55 [0.41, 0.69], and where both solve a length with the same seed the GRU takes 0.38 [0.28, 0.52] times the "
        "updates over 50 steps and 0.37 [0.27, 0.49] times over 100; temporal order over 20 steps is undecided, with "
        "0.72 [0.25, 2.14]: lesson 06; equal tuning is open",
    ),
    Claim(
        "C09",
        "`nn.LSTMCell` and `nn.GRUCell` compute the equations derived here.",
        ("03", "04"),
        "holds",
        "over 20 random cells in float64, the largest difference in any output or gradient is 1.1e-15 for the LSTM "
        "and 4.4e-16 for the GRU: lessons 03, 04",
    ),
    Claim(
        "C10",
        "Too many layers overfit small data.",
        ("09",),
        "holds",
        "trained to the end on 100 digits, the share of new digits that four layers of an LSTM get right minus that of "
        "one is -0.109 [-0.126, -0.092], and -0.071 [-0.103, -0.039] if one label in five is wrong, with all training "
        "labels right in both; on digits by hands that training has not seen it is -0.059 [-0.081, -0.038] and "
        "-0.059 [-0.090, -0.028]; on 1000 digits it is 0.002 [-0.006, 0.009], so there it is only slower training that "
        "looks like it: lesson 09",
    ),
    Claim(
        "C11",
        "The choice of activation affects performance.",
        ("10",),
        "mixed: for the candidate and the output (new hands), not for the gates and the output (known hands)",
        "of five functions in the place of the candidate's tanh three change the result in two of six tasks or more; in "
        "the output two, and three where digits are by hands that training has not seen; in the gates two, and one; minus "
        "the LSTM as it is, σ in the candidate is -12.9 [-17.9, -8.0] points on digits in 16 steps and "
        "-8.8 [-14.8, -2.8] on new hands, tanh in the gates 14.5 [6.3, 22.6] in 32 and 12.0 [0.1, 23.9], and their hard sigmoid, "
        "decided in none of six, -0.5 [-2.6, 1.5] in 16 (intervals at 99.9%): lesson 10",
    ),
    Claim(
        "C12",
        "Dropout and other regularization prevent overfitting.",
        ("09",),
        evidence="by one rule, two tables of ten seeds gave two verdicts, three of eight remedies in the first and five in "
        "the second with right labels; noise on the inputs adds 0.089 [0.076, 0.102] to the share of right answers with "
        "right labels and 0.189 [0.170, 0.209] with one in five wrong, locked dropout 0.070 [0.057, 0.082] and "
        "0.126 [0.103, 0.149], and both work in both tables; on hands that training has not seen noise adds "
        "0.150 [0.120, 0.181] and 0.235 [0.145, 0.324], in five seeds; dropout between layers and before the head work in one "
        "of the two tables at most: lesson 09",
    ),
    Claim(
        "C13",
        "LSTM or GRU depends on task and data; an LSTM may hold longer dependencies.",
        ("12",),
        evidence="as PyTorch starts them, the LSTM reaches a greater length than the GRU on none of four tasks; how far an LSTM "
        "counts minus how far a GRU does is 3.2 [2.0, 4.4] a's when trained up to 10, and -3.2 [-5.6, -0.8] up to 100: "
        "lessons 06, 08; equal tuning is open",
    ),
    Claim("C14", "For data without an order, other architectures are more appropriate.", ("13",)),
    Claim("C15", "Peephole connections help on some tasks.", ("13",)),
    Claim("C16", "Attention helps on some tasks.", ("13", "15")),
    Claim(
        "C17",
        "Sequences of different lengths are handled.",
        ("05",),
        "holds when the padding is kept out",
        "read at the end of the padding, a GRU's share of right answers changes by -0.55 [-0.66, -0.44] for speakers "
        "and by -0.45 [-0.48, -0.42] for names: lesson 05",
    ),
    Claim("C18", "They work for language modeling, translation and sentiment.", ("14", "15")),
    Claim("C19", "They work for time-series prediction.", ("16",)),
    Claim("C20", "They work for speech.", ("17",)),
)
