"""The equations with every choice left open that conventions differ in, as one step; and layers that repeat it.

Letters are those of `gates.cells`. A test holds that with the usual choices the step is that of `gates.cells`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn import functional as F

LETTERS = {"lstm": "ifgo", "gru": "rzn", "rnn": "n"}


def _hard(slope: float) -> Callable[[Tensor], Tensor]:
    return lambda a: torch.clamp(slope * a + 0.5, 0, 1)


GATES: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "hard sigmoid, slope 1/6": _hard(1 / 6),
    "hard sigmoid, slope 0.2": _hard(0.2),
    "hard sigmoid, slope 1/4": _hard(0.25),
}
VALUES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softsign": F.softsign,
    "hard tanh": F.hardtanh,
    "elu": F.elu,
    "softplus": F.softplus,
}


@dataclass(frozen=True)
class Choices:
    """What conventions differ in, beside where the numbers are stored.

    kind: lstm, gru or rnn. reset: "after" or "before" the product. z: whose share it is, "old" or "new". offset: what is
    added to the argument of f. gate, candidate, output: names of activations. late: the gates whose peephole sees the new c.
    """

    kind: str
    reset: str = "after"
    z: str = "old"
    offset: float = 0.0
    gate: str = "sigmoid"
    candidate: str = "tanh"
    output: str = "tanh"

    @property
    def letters(self) -> str:
        return LETTERS[self.kind]


@dataclass
class CellWeights:
    """The blocks of one cell by the letter of their gate: W (H, I), U (H, P), b beside x and d beside h (H,), peepholes (H,)
    of the old and of the new c, and R (P, H), the projection, or None."""

    W: dict[str, Tensor]
    U: dict[str, Tensor]
    b: dict[str, Tensor] = field(default_factory=dict)
    d: dict[str, Tensor] = field(default_factory=dict)
    old: dict[str, Tensor] = field(default_factory=dict)
    new: dict[str, Tensor] = field(default_factory=dict)
    R: Tensor | None = None

    @property
    def H(self) -> int:
        return next(iter(self.W.values())).shape[0]

    @property
    def P(self) -> int:
        return self.H if self.R is None else self.R.shape[0]


State = tuple[Tensor, ...]
Step = Callable[[Tensor, State, CellWeights], State]


def step(choices: Choices) -> Step:
    """The step of a convention: (x, state, weights) -> state, h first."""
    return {"lstm": _lstm, "gru": _gru, "rnn": _rnn}[choices.kind](choices)


def _sum(x: Tensor, h: Tensor, w: CellWeights, k: str) -> Tensor:
    """The pre-activation of one gate."""
    a = x @ w.W[k].T + h @ w.U[k].T
    for biases in (w.b, w.d):
        if k in biases:
            a = a + biases[k]
    return a


def _lstm(choices: Choices) -> Step:
    gate = GATES[choices.gate]
    candidate, output = VALUES[choices.candidate], VALUES[choices.output]

    def made(x: Tensor, state: State, w: CellWeights) -> State:
        h, c_old = state
        a = {k: _sum(x, h, w, k) for k in "ifgo"}
        for k, p in w.old.items():
            a[k] = a[k] + p * c_old
        c = gate(a["f"] + choices.offset) * c_old + gate(a["i"]) * candidate(a["g"])
        a_o = a["o"] + w.new["o"] * c if "o" in w.new else a["o"]
        h = gate(a_o) * output(c)
        return h if w.R is None else h @ w.R.T, c

    return made


def _gru(choices: Choices) -> Step:
    gate, candidate = GATES[choices.gate], VALUES[choices.candidate]

    def made(x: Tensor, state: State, w: CellWeights) -> State:
        (h,) = state
        r, z = gate(_sum(x, h, w, "r")), gate(_sum(x, h, w, "z"))
        a = x @ w.W["n"].T + w.b.get("n", 0)
        if choices.reset == "before":
            n = candidate(a + (r * h) @ w.U["n"].T + w.d.get("n", 0))
        else:
            n = candidate(a + r * (h @ w.U["n"].T + w.d.get("n", 0)))
        return (z * h + (1 - z) * n if choices.z == "old" else (1 - z) * h + z * n,)

    return made


def _rnn(choices: Choices) -> Step:
    squash = VALUES[choices.candidate]
    return lambda x, state, w: (squash(_sum(x, state[0], w, "n")),)


# Layers


@dataclass(frozen=True)
class Network:
    """How cells make up a layer: how many layers, one upon the other, of how many directions each."""

    layers: int = 1
    directions: int = 1

    @property
    def cells(self) -> int:
        return self.layers * self.directions


@dataclass
class Read:
    """What a network gives: ys (T, B, D); cs, the top cell states (T, B, D), where there are any; finals, one stack
    (cells, B, D) for each part of the state, h first; before, the state it started from, likewise."""

    ys: Tensor
    cs: Tensor | None
    finals: tuple[Tensor, ...]
    before: tuple[Tensor, ...]


def zeros(kind: str, w: CellWeights, x: Tensor) -> State:
    h = x.new_zeros(x.shape[0], w.P)
    return (h, x.new_zeros(x.shape[0], w.H)) if kind == "lstm" else (h,)


def run(
    one: Step,
    kind: str,
    cells: Sequence[CellWeights],
    network: Network,
    xs: Tensor,
    start: Sequence[Tensor] | None = None,
) -> Read:
    """Read xs, (T, B, I). start: a stack (cells, B, D) for each part of the state, or zeros."""
    finals, before = [], []
    cs = None
    for layer in range(network.layers):
        outputs, memories = [], []
        for direction in range(network.directions):
            k = layer * network.directions + direction
            state = zeros(kind, cells[k], xs[0])
            if start is not None:
                state = tuple(part[k] for part in start)
            before.append(state)
            states = over_time(one, cells[k], xs.flip(0) if direction else xs, state)
            finals.append(states[-1])
            parts = [torch.stack(part) for part in zip(*states, strict=True)]
            parts = [part.flip(0) if direction else part for part in parts]
            outputs.append(parts[0])
            memories.append(parts[-1])
        xs, cs = torch.cat(outputs, -1), torch.cat(memories, -1)
    return Read(xs, cs if kind == "lstm" else None, _stacked(finals), _stacked(before))


def over_time(one: Step, w: CellWeights, xs: Tensor, state: State) -> list[State]:
    states = []
    for x in xs:
        state = one(x, state, w)
        states.append(state)
    return states


def _stacked(states: Sequence[State]) -> tuple[Tensor, ...]:
    return tuple(torch.stack(parts) for parts in zip(*states, strict=True))


def usual(kind: str, **others: object) -> Choices:
    return replace(Choices(kind), **others)
