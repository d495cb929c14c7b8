"""The sentences LSTM and GRU are sold with, and what the course measured of each.

A verdict is one of: open, holds, holds when …, does not hold. It is set by hand after a lesson has settled it, with the
number that did; a test compares README's table with this one.
"""

from dataclasses import dataclass


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
        return f"{self.verdict}: {self.evidence}"


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
        "holds when the network is a GRU",
        "over five learning rates, more of a GRU's runs solve the task than of a plain network's, by 0.08 [0.02, 0.14] "
        "on delayed recall and by 0.40 [0.29, 0.51] on temporal order; of an LSTM's it is 0.12 [0.06, 0.18] fewer on "
        "the first, and undecided on the second: lesson 06",
    ),
    Claim(
        "C03",
        "They capture long-term dependencies that plain RNNs do not.",
        ("06",),
        "holds when the task is adding",
        "as PyTorch starts them, over 50 to 400 steps a plain network solves 0.00 [0.00, 0.17] of the runs, an LSTM "
        "0.45 [0.23, 0.68] and a GRU 1.00 [0.83, 1.00]; on the latch it is the plain network that solves "
        "0.55 [0.32, 0.77] of the runs, and the LSTM 0.00 [0.00, 0.17]; copying and temporal order are undecided: "
        "lesson 06",
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
        evidence="as PyTorch starts them, a GRU solves a larger share of adding, by 0.55 [0.41, 0.69], and where both "
        "solve a task with the same seed it takes 0.47 [0.33, 0.67] times the updates: lesson 06; equal tuning is open",
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
        "trained to the end on 100 digits, four layers of an LSTM get 0.109 [0.092, 0.126] fewer new digits right than "
        "one, and 0.071 [0.039, 0.103] fewer if one label in five is wrong, with all training labels right in both; on "
        "1000 digits the difference is 0.002 [-0.006, 0.009], so there it is only slower training that looks like it: "
        "lesson 09",
    ),
    Claim(
        "C11",
        "The choice of activation affects performance.",
        ("10",),
        "holds when the place is candidate",
        "of five functions in the place of the candidate's tanh three change the result in two of six tasks or more; σ there "
        "costs 12.9 [8.0, 17.9] points on digits in 16 steps; in gates and output two of five do; tanh in the gates adds "
        "14.5 [6.3, 22.6] points in 32 steps, and their hard sigmoid is decided in none of six, with -0.5 [-2.6, 1.5] "
        "points in 16 (intervals at 99.9%): lesson 10",
    ),
    Claim(
        "C12",
        "Dropout and other regularization prevent overfitting.",
        ("09",),
        evidence="by one rule, two tables of ten seeds gave two verdicts, three of eight remedies in the first and five in "
        "the second with right labels; noise on the inputs adds 0.089 [0.076, 0.102] to the share of right answers with "
        "right labels and 0.189 [0.170, 0.209] with one in five wrong, locked dropout 0.070 [0.057, 0.082] and "
        "0.126 [0.103, 0.149], and both work in both tables; dropout between layers and before the head work in one of the two at most",
    ),
    Claim(
        "C13",
        "LSTM or GRU depends on task and data; an LSTM may hold longer dependencies.",
        ("12",),
        evidence="as PyTorch starts them, the LSTM reaches a greater length than the GRU on none of four tasks; trained to count up to 10 it counts "
        "3.2 [2.0, 4.4] a's farther, and up to 100 the GRU counts 3.2 [0.8, 5.6] a's farther: lessons 06, 08; "
        "equal tuning is open",
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
