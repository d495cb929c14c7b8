"""What answers are tried on.

Probes are float64 with weights from N(0, 1), states and biases that are not zero, and sizes that all differ, since
small or zero numbers hide mistakes; two probes of different sizes show what is hard-coded. Each function here returns
a list of probes, which are tuples of arguments.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from gates import cells
from gates.cells import Weights

Probes = list[tuple]


def _random(seed: int) -> Callable[..., Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def _weights(randn: Callable[..., Tensor], blocks: int, I: int, H: int) -> Weights:
    return Weights(randn(blocks * H, I), randn(blocks * H, H), randn(blocks * H), randn(blocks * H))


def _made(seed: int, make: Callable) -> object:
    """What `make` makes with torch's random numbers started at `seed`, and those left as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def _rough(layer: nn.Module) -> nn.Module:
    """A layer with weights from N(0, 1)."""
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


# Lessons 00 to 02


def gate() -> Probes:
    randn = _random(0)
    return [(randn(2), 3 * randn(2)), (randn(5), 3 * randn(5))]


def steps() -> Probes:
    randn = _random(1)
    return [(randn(2), 3 * randn(2), 3), (randn(4), 3 * randn(4), 6)]


def passed_fractions() -> Probes:
    return [(0.9,), (0.3,), (0.02,)]


def memories() -> Probes:
    return [(f, i, g, c) for f, i, g, _, c in update()]


def small_memories() -> Probes:
    randn = _random(14)
    sizes = [(1, 3), (2, 1), (1, 1)]
    return [
        (torch.sigmoid(randn(*size)), torch.sigmoid(randn(*size)), randn(*size), randn(*size))
        for size in sizes
    ]


def clip() -> Probes:
    randn = _random(11)
    return [
        ([randn(3, 2), 0.1 * randn(4)], 0.7),
        ([randn(2), randn(3, 3), randn(1)], 2.5),
        ([0.1 * randn(3), 0.1 * randn(2, 2)], 5.0),
    ]


def gates_over_time() -> Probes:
    randn = _random(12)
    return [
        (torch.sigmoid(randn(7, 2)), 3),
        (torch.sigmoid(randn(5, 3)), 2),
        (torch.sigmoid(randn(4, 2)), 0),
    ]


def fractions() -> Probes:
    return [(0.5, 50), (0.3, 7), (0.9, 1)]


# Steps


def step(gates: int, I: int = 4, H: int = 2, B: int = 3, seed: int = 3) -> tuple:
    """One probe of a step: x, state and weights; a pair for four gates, h alone for fewer."""
    randn = _random(seed)
    x, h, c = randn(B, I), randn(B, H), 2 * randn(B, H)
    return (x, (h, c) if gates == 4 else h, _weights(randn, gates, I, H))


def a_step(gates: int) -> Callable[[], Probes]:
    sizes = [{}, {"I": 3, "H": 5, "B": 2}, {"I": 2, "H": 3, "B": 4}]
    return lambda: [step(gates, seed=3 + k, **size) for k, size in enumerate(sizes)]


def small_steps(gates: int) -> Callable[[], Probes]:
    """One sample, one unit, one input."""
    sizes = [{"B": 1}, {"H": 1}, {"B": 1, "I": 1, "H": 1}]
    return lambda: [step(gates, seed=20 + k, **size) for k, size in enumerate(sizes)]


def _arrays(value: object) -> object:
    if isinstance(value, Tensor):
        return value.numpy()
    parts = [_arrays(part) for part in value]
    return Weights(*parts) if isinstance(value, Weights) else tuple(parts)


def a_step_back(gates: int) -> Callable[[], Probes]:
    def probes() -> Probes:
        found = []
        for k, (B, I, H) in enumerate([(3, 4, 2), (2, 3, 5)]):
            x, state, weights = step(gates, I, H, B, seed=30 + k)
            randn = _random(40 + k)
            dstate = (randn(B, H), randn(B, H)) if gates == 4 else randn(B, H)
            found.append(_arrays((dstate, x, state, weights)))
        return found

    return probes


def scaled_by(value: object, factor: float) -> object:
    """Tensors and arrays in nested arguments times a factor."""
    if isinstance(value, (Tensor, np.ndarray)):
        return factor * value
    parts = [scaled_by(part, factor) for part in value]
    return Weights(*parts) if isinstance(value, Weights) else tuple(parts)


def large_steps(gates: int) -> Callable[[], Probes]:
    """Numbers that a limit inside a step would cut off, and that overflow nothing."""

    def probes() -> Probes:
        x, state, weights = step(gates, I=3, H=4, B=5, seed=16)
        weights = weights._replace(weight_hh=0.2 * weights.weight_hh)
        if gates == 4:
            return [(3 * x, (20 * state[0], 50 * state[1]), weights)]
        return [(3 * x, 20 * state, weights)]

    return probes


def large_steps_back(gates: int) -> Callable[[], Probes]:
    """Gradients that a limit inside a step backward would cut off."""

    def probes() -> Probes:
        return [(scaled_by(dstate, 1000.0), *given) for dstate, *given in a_step_back(gates)()]

    return probes


def update() -> Probes:
    randn = _random(2)
    return [
        (
            torch.sigmoid(randn(B, H)),
            torch.sigmoid(randn(B, H)),
            torch.tanh(randn(B, H)),
            torch.sigmoid(randn(B, H)),
            2 * randn(B, H),
        )
        for B, H in [(3, 2), (2, 5)]
    ]


# Sequences


def leaky_cell(x: Tensor, state: tuple[Tensor, Tensor], weights: Weights) -> tuple:
    """A cell that is no LSTM, to see whether a loop calls the cell it is given."""
    h, c = state
    c = 0.5 * c + torch.tanh(x @ weights.weight_ih[: h.shape[-1]].T + h)
    return c - h, c


def sequences() -> Probes:
    randn = _random(4)
    sizes = [(5, 3, 4, 2), (4, 2, 3, 5), (1, 3, 2, 4)]
    probes = []
    for cell, (T, B, I, H) in zip(
        [cells.lstm_cell, leaky_cell, cells.lstm_cell], sizes, strict=True
    ):
        state = (randn(B, H), randn(B, H))
        probes.append((cell, randn(T, B, I), state, _weights(randn, 4, I, H)))
    return probes


def stacks(square: bool = False) -> Callable[[], Probes]:
    def probes() -> Probes:
        randn, found = _random(50), []
        for cell, (T, B, I, H, L) in [
            (cells.lstm_cell, (4, 2, 3, 5, 3)),
            (leaky_cell, (3, 4, 5, 2, 2)),
        ]:
            I = H if square else I
            states = [(randn(B, H), randn(B, H)) for _ in range(L)]
            weights = [_weights(randn, 4, I if k == 0 else H, H) for k in range(L)]
            found.append((cell, randn(T, B, I), states, weights))
        return found

    return probes


def directions(square: bool = False) -> Callable[[], Probes]:
    def probes() -> Probes:
        randn, found = _random(51), []
        for cell, (T, B, I, H) in [
            (cells.gru_cell, (4, 2, 3, 5)),
            (cells.gru_reset_before_cell, (3, 4, 5, 2)),
        ]:
            I = H if square else I
            weights = (_weights(randn, 3, I, H), _weights(randn, 3, I, H))
            found.append((cell, randn(T, B, I), (randn(B, H), randn(B, H)), weights))
        return found

    return probes


def sessions() -> Probes:
    randn, found = _random(52), []
    for starts, I, H in [([True, False, False, True, False], 3, 2), ([False, True, False], 2, 4)]:
        B = len(starts)
        found.append((randn(B, I), randn(B, H), torch.tensor(starts), _weights(randn, 3, I, H)))
    return found


# Weights


def lstm_layers() -> Probes:
    return _made(5, lambda: [(nn.LSTM(I, H, dtype=torch.float64),) for I, H in [(3, 2), (4, 5)]])


def biased_layers() -> Probes:
    def make() -> Probes:
        return [
            (_rough(nn.LSTM(I, H, dtype=torch.float64)), value)
            for I, H, value in [(3, 2, 1.0), (2, 5, -0.7)]
        ]

    return _made(6, make)


def gru_weights() -> Probes:
    randn = _random(53)
    return [(_weights(randn, 3, I, H),) for I, H in [(3, 2), (2, 4)]]


# Outputs and states of layers


def _outputs(layer: nn.Module, T: int, B: int) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        return _rough(layer.double())(torch.randn(T, B, layer.input_size, dtype=torch.float64))


def stack_outputs() -> Probes:
    return _made(
        7, lambda: [_outputs(nn.GRU(3, H, L), T, B) for H, L, T, B in [(2, 3, 5, 4), (5, 2, 3, 2)]]
    )


def two_way_outputs() -> Probes:
    sizes = [(2, 3, 5, 4), (5, 2, 3, 2), (3, 1, 4, 2)]
    return _made(
        8, lambda: [_outputs(nn.GRU(3, H, L, bidirectional=True), T, B) for H, L, T, B in sizes]
    )


def stateful_layers() -> Probes:
    def make() -> Probes:
        found = []
        for options, (T, B, I, H) in [
            ({"num_layers": 3, "bidirectional": True}, (5, 4, 3, 2)),
            ({"num_layers": 3, "batch_first": True}, (3, 5, 2, 4)),
            ({"num_layers": 2, "batch_first": True, "bidirectional": True}, (4, 2, 3, 5)),
        ]:
            size = (B, T, I) if options.get("batch_first") else (T, B, I)
            found.append(
                (nn.LSTM(I, H, **options).double(), torch.randn(*size, dtype=torch.float64))
            )
        return found

    return _made(9, make)


def batches() -> Probes:
    randn = _random(54)
    return [(randn(3, 5, 2),), (randn(4, 2, 3),)]


def single_steps() -> Probes:
    def make() -> Probes:
        return [
            (
                _rough(nn.GRU(I, H).double()),
                torch.randn(B, I, dtype=torch.float64),
                torch.randn(B, H, dtype=torch.float64),
            )
            for I, H, B in [(3, 2, 4), (2, 5, 3)]
        ]

    return _made(10, make)


def single_sample() -> Probes:
    def make() -> Probes:
        h = torch.randn(1, 2, dtype=torch.float64)
        return [(_rough(nn.GRU(3, 2).double()), torch.randn(1, 3, dtype=torch.float64), h)]

    return _made(15, make)


# Padding


def padded_outputs() -> Probes:
    randn = _random(55)
    return [
        (randn(7, 4, 2), torch.tensor([3, 6, 2, 4])),
        (randn(6, 3, 5), torch.tensor([4, 2, 3])),
        (randn(5, 2, 3), torch.tensor([5, 1])),
    ]


def square_outputs() -> Probes:
    """As many steps as samples, so that nothing complains."""
    return [(_random(62)(5, 5, 2), torch.tensor([3, 2, 4, 1, 3]))]


def padded_batches() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, T, lengths in [(3, 2, 6, [2, 5, 3, 4]), (2, 3, 5, [3, 1, 4])]:
            layer = _rough(nn.GRU(I, H, bidirectional=True, batch_first=True).double())
            xs = torch.randn(len(lengths), T, I, dtype=torch.float64)
            found.append((layer, xs, torch.tensor(lengths)))
        return found

    return _made(11, make)


def padded_logits() -> Probes:
    randn, generator = _random(56), torch.Generator().manual_seed(56)
    found = []
    for T, C, lengths in [(6, 3, [2, 5, 3, 4]), (5, 4, [3, 1, 4])]:
        B = len(lengths)
        targets = torch.randint(C, (B, T), generator=generator)
        found.append((2 * randn(B, T, C), targets, torch.tensor(lengths)))
    return found


# Training


def states_to_carry() -> Probes:
    randn = _random(57)
    return [
        ((randn(2, 5, 3), randn(2, 5, 3)), 3),
        ((randn(3, 4, 2), randn(3, 4, 2)), 1),
        ((randn(1, 2, 3), randn(1, 2, 3)), 2),
    ]


def training_runs() -> Probes:
    def make() -> Probes:
        found = []
        for optimizer, (T, B, I, H, k) in [
            (torch.optim.SGD, (12, 2, 3, 4, 3)),
            (torch.optim.Adam, (8, 3, 2, 5, 4)),
        ]:
            layer, head = nn.LSTM(I, H).double(), nn.Linear(H, 1).double()
            chosen = optimizer([*layer.parameters(), *head.parameters()], lr=0.1)
            xs, targets = (torch.randn(T, B, n, dtype=torch.float64) for n in (I, 1))
            found.append((layer, head, chosen, xs, targets, k))
        return found

    return _made(12, make)


def steps_to_clip() -> Probes:
    def make() -> Probes:
        found = []
        for T, B, I, H, max_norm in [(5, 2, 3, 4, 0.05), (4, 3, 2, 3, 0.2), (3, 2, 2, 4, 50.0)]:
            layer = nn.GRU(I, H).double()
            for parameter in layer.parameters():
                parameter.grad = torch.randn_like(parameter)
            x, target = (
                torch.randn(T, B, I, dtype=torch.float64),
                3 * torch.randn(T, B, H, dtype=torch.float64),
            )
            found.append((layer, torch.optim.SGD(layer.parameters(), lr=0.5), x, target, max_norm))
        return found

    return _made(13, make)


def models_to_evaluate() -> Probes:
    def make() -> Probes:
        found = []
        for sizes in ([40, 40, 13], [30, 7]):
            model = nn.Sequential(
                nn.Linear(4, 32), nn.Tanh(), nn.Dropout(0.5), nn.Linear(32, 3)
            ).double()
            xs = [torch.randn(n, 4, dtype=torch.float64) for n in sizes]
            model.eval()
            ys = [model(x).argmax(-1) for x in xs]
            for k, y in enumerate(ys):  # so that the batches differ in how many are right
                wrong = torch.rand(len(y)) < 0.2 + 0.2 * k
                y[wrong] = (y[wrong] + 1) % 3
            model.train()
            found.append((model, list(zip(xs, ys, strict=True))))
        return found

    return _made(14, make)


def logits() -> Probes:
    randn, generator = _random(58), torch.Generator().manual_seed(58)
    return [
        (2 * randn(B, T, C), torch.randint(C, (B, T), generator=generator))
        for B, T, C in [(4, 5, 3), (2, 3, 6)]
    ]


def square_logits() -> Probes:
    """As many steps as classes, so that nothing complains."""
    randn, generator = _random(59), torch.Generator().manual_seed(59)
    return [(2 * randn(3, 4, 4), torch.randint(4, (3, 4), generator=generator))]


def values() -> Probes:
    randn = _random(60)
    return [(randn(n, 1), randn(n)) for n in (5, 3)]


# Models and series


def untrained_layers() -> Probes:
    def make() -> Probes:
        return [(nn.GRU(I, H, L).double(),) for I, H, L in [(30, 40, 2), (50, 20, 3)]]

    return _made(15, make)


def series() -> Probes:
    generator = np.random.default_rng(0)
    return [(np.cumsum(generator.normal(0.2, 1, n)) + 3, k) for n, k in ((30, 20), (17, 9))]


def series_to_cut() -> Probes:
    generator = np.random.default_rng(1)
    return [(generator.normal(size=n), T) for n, T in ((12, 4), (9, 2))]


def forecasts() -> Probes:
    generator = np.random.default_rng(2)
    found = []
    for n in (12, 7):
        series = np.cumsum(generator.normal(size=n)) + 1
        found.append((series[1:] + 0.5 * generator.normal(size=n - 1), series))
    return [*found, (found[0][0] + 3 * generator.normal(size=11), found[0][1])]


# Lessons 06 to 08


def marked_numbers() -> Probes:
    generator = torch.Generator().manual_seed(70)
    found = []
    for T, B in ((7, 4), (5, 3)):
        numbers, marks = torch.rand(T, B, generator=generator), torch.zeros(T, B)
        for b in range(B):
            marks[torch.randperm(T, generator=generator)[:2], b] = 1
        found.append((torch.stack([numbers, marks], -1).double(),))
    return found


def copying_sizes() -> Probes:
    return [(100, 10, 8), (20, 3, 5), (7, 2, 3)]


def runs_of_successes() -> Probes:
    return [(5, 0.05), (12, 0.01), (2, 0.2)]


def layers_to_open() -> Probes:
    """Wide enough that the spread of what is drawn can be told."""

    def make() -> Probes:
        return [(nn.LSTM(3, 600), 60), (nn.LSTM(2, 300), 20)]

    return _made(71, make)


def layers_and_windows() -> Probes:
    def make() -> Probes:
        return [
            (_rough(nn.LSTM(I, H).double()), torch.randn(T, B, I, dtype=torch.float64), window)
            for I, H, T, B, window in ((3, 2, 10, 5, 4), (2, 4, 9, 3, 2))
        ]

    return _made(72, make)


def forget_gates() -> Probes:
    randn = _random(73)
    return [(torch.sigmoid(2 + 2 * randn(T, B, H)),) for T, B, H in ((6, 4, 3), (5, 2, 4))]


def strengths() -> Probes:
    return [(20.0,), (15.0,)]


def right_answers() -> Probes:
    """With a gap, without one, with none right, and with all right."""
    rows = ([1, 1, 1, 0, 1, 1, 0], [1, 1, 0, 0, 0], [0, 1, 1, 0], [1, 1, 1], [1, 0, 1, 0, 0, 1, 0])
    return [(torch.tensor(row, dtype=torch.bool),) for row in rows]


# What a unit's memory does with an a and with a b, and where it starts.
_UNITS = (
    (0.02, -3.0, 0.0),  # falls with b alone
    (0.70, -0.60, 0.0),  # counts
    (1.90, 1.80, -9.0),  # rises with both
    (2.90, -0.05, 0.0),  # rises with a alone
    (2.80, -0.40, 0.0),  # moves most in all, and with b less than the one that counts
    (0.10, 0.10, 30.0),  # is large and does nothing of the kind
    (0.30, -0.45, 0.1),  # counts by less
    (0.008, -0.02, 0.5),  # counts by least
    (0.40, -0.40, 0.0),  # ends where it began, and counts by less
    (0.20, 0.20, 0.0),  # is large for a moment
)


def memories_of_strings() -> Probes:
    turned = [(-up, -down, -start) for up, down, start in _UNITS[:-1]]
    turned[0], turned[3] = (-0.02, 2.8, 0.0), (-3.0, 0.05, 0.0)
    found = []
    strings = ((_UNITS, 5), ((*turned[::-1], _UNITS[-1]), 8), (_UNITS, 2))
    for k, (units, n) in enumerate(strings):
        randn = _random(74 + k)
        up, down, start = torch.tensor(units, dtype=torch.float64).T
        a = torch.arange(1, n + 1, dtype=torch.float64)[:, None]
        first = start + a * up
        cs = torch.cat([first, first[-1] + a * down])
        if n > 2:
            cs[n // 2, -1] = 40
        found.append((cs + 0.002 * randn(*cs.shape), n))
    return found


# Lessons 09 and 10


def to_drop_from() -> Probes:
    """Large enough that the share that is dropped can be told."""
    randn = _random(80)
    return [(randn(T, B, N) + 3, p) for T, B, N, p in ((6, 60, 40, 0.25), (4, 50, 60, 0.8))]


def to_drop_from_with_zeros() -> Probes:
    """The same with zeros in half of the first step, which are not dropped."""
    found = to_drop_from()
    for xs, _ in found:
        xs[0, :, ::2] = 0
    return found


def updates() -> Probes:
    randn = _random(81)
    sizes = ((3, 4), (5,))
    return [
        (randn(*size), randn(*size), rate, decay)
        for size, rate, decay in zip(sizes, (0.1, 0.3), (0.5, 0.2), strict=True)
    ]


def validation_losses() -> Probes:
    """With a better one behind the end of patience, with ties, with an early rise, and one that falls to the last."""
    return [
        ([0.9, 0.7, 0.8, 0.6, 0.61, 0.65, 0.59, 0.7, 0.8, 0.75, 0.5], 3),
        ([0.9, 0.8, 0.85, 0.84, 0.7, 0.75, 0.74, 0.6], 2),
        ([0.5, 0.6, 0.5, 0.5, 0.6, 0.4], 3),
        ([0.9, 0.8, 0.7], 2),
        ([1.0, 1.2, 0.9, 1.1, 0.8, 0.85, 0.9], 1),
        ([0.9, 0.8, 0.7, 0.75], 3),
        ([2.0, 1.0, 1.5, 0.9, 1.5, 0.8, 1.5, 0.7, 1.5, 0.6, 1.6, 1.7, 1.8, 1.9, 0.1], 4),
    ]


def scores_of_strengths() -> Probes:
    generator = np.random.default_rng(3)
    found = []
    for K, S in ((8, 5), (9, 7)):
        validation, test = generator.uniform(0.5, 0.6, (2, K, S))
        least, best, tested, lucky, _, median, steady, even = range(8)
        validation[:, 4] += 0.15
        validation[even] = 0.5
        validation[best] += 0.2
        validation[best, 1] -= 0.2
        test[tested] += 0.3
        test[lucky, 1] = 0.99
        validation[lucky, 0] = 0.99
        validation[least] -= 0.2
        validation[median] = [0.1, 0.1] + [0.9] * (S - 2)
        validation[steady] = np.linspace(0.66, 0.7, S)
        found.append((validation, test))
    return found


def wide_numbers() -> Probes:
    randn = _random(82)
    return [(3 * randn(4, 5),), (5 * randn(7),), (randn(9),)]


def _leaky(a: Tensor) -> Tensor:
    return torch.where(a > 0, a, 0.2 * a)


def _bent(a: Tensor) -> Tensor:
    return a / (1 + a.abs())


def _wave(a: Tensor) -> Tensor:
    return torch.sin(a) + 0.3 * a


def swapped_steps() -> Probes:
    chosen = ((_bent, _leaky, _wave), (torch.sigmoid, torch.sin, _bent))
    sizes = ({}, {"I": 3, "H": 5, "B": 2})
    return [
        (*step(4, seed=83 + k, **size), *functions)
        for k, (size, functions) in enumerate(zip(sizes, chosen, strict=True))
    ]


def usual_steps() -> Probes:
    """The same without activations, which are then the usual ones."""
    return [probe[:3] for probe in swapped_steps()]


def equal_steps() -> Probes:
    return [
        (0.9, 0.5, 0.8, 10),
        (1.0, 0.5, -0.7, 7),
        (2.0, 0.3, 0.6, 5),
        (0.25, 1.0, 2.0, 1),
        (-1.5, 0.4, 0.7, 4),
    ]


def into_activations() -> Probes:
    randn = _random(85)
    return [
        (3 * randn(6, 4, 5), torch.tanh, 1.0),
        (4 * randn(5, 7), torch.sigmoid, 0.25),
        (3 * randn(8, 3), _falling, 1.0),
        (2 * randn(9, 4), torch.relu, 1.0),
        (torch.tensor([0.1, 0.9, 1.3, 2.0, 3.0, 0.5], dtype=torch.float64), torch.tanh, 1.0),
    ]


def _falling(a: Tensor) -> Tensor:
    return -torch.tanh(a)


# Lesson 11


def name_readers() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, C, T, lengths in ((3, 4, 2, 7, [4, 6, 2, 5]), (2, 3, 4, 6, [3, 5, 2])):
            layer = _rough(nn.GRU(I, H, batch_first=True).double())
            xs = torch.randn(len(lengths), T, I, dtype=torch.float64)
            found.append((layer, nn.Linear(H, C).double(), xs, torch.tensor(lengths)))
        return found

    return _made(86, make)


def two_way_readers() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, C, T, B in ((3, 4, 2, 6, 5), (2, 3, 4, 5, 3)):
            layer = _rough(nn.LSTM(I, H, batch_first=True, bidirectional=True).double())
            xs = torch.randn(B, T, I, dtype=torch.float64)
            found.append((layer, nn.Linear(2 * H, C).double(), xs))
        return found

    return _made(87, make)


def stacked_readers() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, C, L, T, B in ((3, 4, 2, 3, 6, 5), (2, 3, 4, 2, 4, 3)):
            layer = _rough(nn.GRU(I, H, L, batch_first=True).double())
            xs = torch.randn(B, T, I, dtype=torch.float64)
            found.append((layer, nn.Linear(H, C).double(), xs))
        return found

    return _made(88, make)


def steps_first_layers() -> Probes:
    def make() -> Probes:
        return [
            (_rough(nn.GRU(I, H).double()), torch.randn(B, T, I, dtype=torch.float64))
            for I, H, B, T in ((3, 4, 5, 7), (2, 3, 6, 4))
        ]

    return _made(89, make)


def square_batches() -> Probes:
    """As many samples as steps, so that nothing complains."""

    def make() -> Probes:
        return [(_rough(nn.GRU(3, 4).double()), torch.randn(5, 5, 3, dtype=torch.float64))]

    return _made(90, make)


def images() -> Probes:
    randn = _random(91)
    return [(randn(4, 3, 5),), (randn(2, 6, 4),)]


def square_images() -> Probes:
    return [(_random(92)(4, 4, 4),)]


def logits_with_padding() -> Probes:
    """The class that stands for padding is 0 in one, another in the other, and real steps never have it."""
    randn, generator = _random(93), torch.Generator().manual_seed(93)
    found = []
    for T, C, pad, lengths in ((6, 5, 0, [2, 6, 3, 4]), (5, 4, 2, [3, 2, 5])):
        B = len(lengths)
        targets = torch.randint(C - 1, (B, T), generator=generator)
        targets = targets + (targets >= pad)
        behind = torch.arange(T) >= torch.tensor(lengths)[:, None]
        found.append((2 * randn(B, T, C), targets.masked_fill(behind, pad), pad))
    return found
