"""What the lessons ask for: for each exercise the reference, the probes it is tried on, and the slips it knows.

Probes are float64 with weights from N(0, 1), states and biases that are not zero, and sizes that all differ, since
small or zero numbers hide mistakes; two probes of different sizes show what is hard-coded.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gates import cells
from gates.checks import answers, slips
from gates.checks.slips import Slip, Variant

LESSONS: dict[str, str] = {
    "00": "start here",
    "03": "LSTM from scratch",
}


@dataclass(frozen=True)
class Coding:
    """An exercise whose answer is a function.

    reference: a right answer. probes: lists of arguments. outputs: a name for each thing it returns.
    make, slips: the function with exchangeable parts, and the wrong fillings that are recognized.
    shapes: what goes in, for an answer whose shapes do not fit.
    """

    name: str
    lesson: str
    asks: str
    reference: Callable
    probes: Callable[[], list[tuple]]
    outputs: tuple[str, ...]
    make: Callable[..., Callable]
    slips: list[Slip]
    shapes: str = ""
    pairs: bool = True
    gradients: bool = True

    def variants(self) -> Iterator[Variant]:
        return slips.variants(self.make, self.slips, self.pairs)


@dataclass(frozen=True)
class Choice:
    """A question whose answer is a letter; each wrong letter stands for a catalogue entry."""

    name: str
    lesson: str
    asks: str
    reference: str
    wrong: dict[str, str]


Exercise = Coding | Choice


def _random(seed: int) -> Callable[..., Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def _weights(randn: Callable[..., Tensor], blocks: int, I: int, H: int) -> cells.Weights:
    return cells.Weights(
        randn(blocks * H, I), randn(blocks * H, H), randn(blocks * H), randn(blocks * H)
    )


# Lesson 00


def _gate_probes() -> list[tuple]:
    randn = _random(0)
    return [(randn(2), 3 * randn(2)), (randn(5), 3 * randn(5))]


def _steps_probes() -> list[tuple]:
    randn = _random(1)
    return [(randn(2), 3 * randn(2), 3), (randn(4), 3 * randn(4), 6)]


# Lesson 03


def _update_probes() -> list[tuple]:
    randn = _random(2)
    return [
        (
            torch.sigmoid(randn(B, H)),
            torch.sigmoid(randn(B, H)),
            torch.tanh(randn(B, H)),
            torch.sigmoid(randn(B, H)),
            randn(B, H),
        )
        for B, H in [(3, 2), (2, 5)]
    ]


def _cell_probes() -> list[tuple]:
    randn = _random(3)
    return [
        (randn(B, I), (randn(B, H), 2 * randn(B, H)), _weights(randn, 4, I, H))
        for B, I, H in [(3, 4, 2), (2, 3, 5), (1, 2, 3)]
    ]


def _leaky_cell(x: Tensor, state: tuple[Tensor, Tensor], weights: cells.Weights) -> tuple:
    """A cell that is no LSTM, to see whether a loop calls the cell it is given."""
    h, c = state
    c = 0.5 * c + torch.tanh(x @ weights.weight_ih[: h.shape[-1]].T + h)
    return c - h, c


def _unroll_probes() -> list[tuple]:
    randn = _random(4)
    sizes = [(5, 3, 4, 2), (4, 2, 3, 5), (1, 3, 2, 4)]
    probes = []
    for cell, (T, B, I, H) in zip(
        [cells.lstm_cell, _leaky_cell, cells.lstm_cell], sizes, strict=True
    ):
        state = (randn(B, H), randn(B, H))
        probes.append((cell, randn(T, B, I), state, _weights(randn, 4, I, H)))
    return probes


def _layer_probes() -> list[tuple]:
    state = torch.random.get_rng_state()
    torch.manual_seed(5)
    layers = [nn.LSTM(I, H, dtype=torch.float64) for I, H in [(3, 2), (4, 5)]]
    torch.random.set_rng_state(state)
    return [(layer,) for layer in layers]


_ALL: list[Exercise] = [
    Coding(
        "keep_or_forget",
        "00",
        "a gate that keeps or forgets",
        answers.keep_or_forget,
        _gate_probes,
        ("the result",),
        slips.keep_or_forget,
        slips.KEEP_OR_FORGET,
    ),
    Coding(
        "after_steps",
        "00",
        "what is left after T steps",
        answers.after_steps,
        _steps_probes,
        ("the result",),
        slips.after_steps,
        slips.AFTER_STEPS,
    ),
    Choice(
        "reading_f",
        "00",
        "what f = 0.9 means",
        "c",
        {"a": "f-means-forget", "b": "gate-is-a-switch", "d": "half-stays-half"},
    ),
    Coding(
        "lstm_update",
        "03",
        "from the gates to h and c",
        answers.lstm_update,
        _update_probes,
        ("h", "c"),
        slips.lstm_update,
        slips.UPDATE_ALONE,
        shapes="All five tensors are (B, H).",
    ),
    Coding(
        "lstm_cell",
        "03",
        "the LSTM step",
        cells.lstm_cell,
        _cell_probes,
        ("h", "c"),
        slips.lstm_cell,
        slips.LSTM,
        shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H).",
    ),
    Coding(
        "unroll",
        "03",
        "the loop over time",
        cells.unroll,
        _unroll_probes,
        ("ys", "the final h", "the final c"),
        slips.unroll,
        slips.UNROLL,
        shapes="xs is (T, B, I), so time comes first; h and c are (B, H). T may be 1.",
    ),
    Coding(
        "lstm_weights",
        "03",
        "PyTorch's weights, loaded",
        answers.lstm_weights,
        _layer_probes,
        ("weight_ih", "weight_hh", "bias_ih", "bias_hh"),
        slips.lstm_weights,
        slips.LSTM_WEIGHTS,
        pairs=False,
    ),
    Coding(
        "count_parameters",
        "03",
        "the number of parameters",
        answers.count_parameters,
        lambda: [(3, 5), (8, 32)],
        ("the count",),
        slips.count_parameters,
        slips.COUNT_PARAMETERS,
        gradients=False,
    ),
    Choice(
        "reading_order",
        "03",
        "how one finds a wrong gate order",
        "b",
        {
            "a": "same-shape-same-network",
            "c": "gate-order-is-learned",
            "d": "rounding-taken-for-bug",
        },
    ),
    Choice(
        "reading_memory",
        "03",
        "what the cell state passes through",
        "d",
        {"a": "c-through-matrix", "b": "tanh-on-memory", "c": "output-is-c"},
    ),
    Choice(
        "reading_biases",
        "03",
        "why there are two biases",
        "a",
        {
            "b": "bias-is-redundant-so-harmless",
            "c": "bias-not-a-parameter",
            "d": "bias-may-be-left-out",
        },
    ),
]

EXERCISES: dict[str, Exercise] = {exercise.name: exercise for exercise in _ALL}


def fresh(arguments: tuple, requires_grad: bool) -> tuple:
    """A copy of a probe's arguments that an answer may do with as it likes."""

    def copied(value):
        if isinstance(value, Tensor):
            return value.clone().requires_grad_(requires_grad)
        if isinstance(value, cells.Weights):
            return cells.Weights(*map(copied, value))
        if isinstance(value, tuple):
            return tuple(map(copied, value))
        return copy.deepcopy(value) if isinstance(value, nn.Module) else value

    return tuple(map(copied, arguments))
