"""Networks of the relatives of LSTM and GRU that `gates.training` can train: a recurrent layer, and a head at every step.

fit(task, lambda I, O: Relative("peephole lstm", I, 32, O), label="peephole lstm")
"""

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gates import fast, minimal, variants
from gates.cells import Weights, gru_cell, lstm_cell, unroll
from gates.variants import MatrixWeights, MinWeights, NormWeights, PeepholeWeights, attend, zoneout

Shapes = dict[str, tuple[int, ...]]


class Member(NamedTuple):
    """One cell of the family.

    step: the cell. weights: what its weights come in. shapes: from I and H to the shape of each. state: the letters of
    its state, h first. keeps: which block of rows is that of the gate that keeps, f or z; None where there is none.
    layer: a whole layer in one, (xs, weights, h0) -> ys, where there is one.
    """

    step: Callable
    weights: type
    shapes: Callable[[int, int], Shapes]
    state: str
    keeps: int | None
    layer: Callable | None = None


def _torchs(G: int, I: int, H: int) -> Shapes:
    blocks = {"weight_ih": (G * H, I), "weight_hh": (G * H, H)}
    return blocks | {"bias_ih": (G * H,), "bias_hh": (G * H,)}


def _with_peepholes(I: int, H: int) -> Shapes:
    return _torchs(4, I, H) | {f"peephole_{gate}": (H,) for gate in "ifo"}


def _with_norms(I: int, H: int) -> Shapes:
    norms = {"gain_ih": (4 * H,), "gain_hh": (4 * H,), "gain_c": (H,), "bias_c": (H,)}
    return _torchs(4, I, H) | norms


def _of_x_alone(G: int, I: int, H: int) -> Shapes:
    return {"weight_ih": (G * H, I), "bias_ih": (G * H,)}


def _with_matrix(I: int, H: int) -> Shapes:
    return {"weight_ih": (4 * H, I), "bias_ih": (4 * H,), "weight_if": (2, I), "bias_if": (2,)}


_THREE, _FOUR = partial(_torchs, 3), partial(_torchs, 4)


def _without(gate: str) -> Member:
    step = partial(variants.ablated_lstm_cell, without=gate)
    return Member(step, Weights, _FOUR, "hc", None if gate == "f" else 1)


FAMILY: dict[str, Member] = {
    "lstm": Member(lstm_cell, Weights, _FOUR, "hc", 1),
    "gru": Member(gru_cell, Weights, _THREE, "h", 1),
    "peephole lstm": Member(variants.peephole_lstm_cell, PeepholeWeights, _with_peepholes, "hc", 1),
    "coupled lstm": Member(variants.coupled_lstm_cell, Weights, _THREE, "hc", 0),
    "norm lstm": Member(variants.norm_lstm_cell, NormWeights, _with_norms, "hc", 1),
    "lstm without i": _without("i"),
    "lstm without f": _without("f"),
    "lstm without o": _without("o"),
    "min gru": Member(
        variants.min_gru_cell, MinWeights, partial(_of_x_alone, 2), "h", 0, minimal.min_gru
    ),
    "min lstm": Member(
        variants.min_lstm_cell, MinWeights, partial(_of_x_alone, 3), "h", 1, minimal.min_lstm
    ),
    "slstm": Member(partial(variants.slstm_cell, sigmoid_forget=True), Weights, _FOUR, "hcnm", 1),
    "mlstm": Member(
        partial(variants.mlstm_cell, sigmoid_forget=True), MatrixWeights, _with_matrix, "hCnm", 1
    ),
}


def member(cell: str) -> Member:
    """The cell of that name; an unknown name raises ValueError."""
    if cell not in FAMILY:
        raise ValueError(f"There is no cell {cell!r}: choose one of {', '.join(FAMILY)}.")
    return FAMILY[cell]


def count_weights(cell: str, I: int, H: int) -> int:
    """How many numbers a layer of that cell learns, without a head. cell: a name in FAMILY."""
    return sum(math.prod(shape) for shape in member(cell).shapes(I, H).values())


class Recurrent(nn.Module):
    """A recurrent layer of one of the family's cells: from xs, (T, B, I), to ys, (T, B, H).

    cell: a name in FAMILY; the f of slstm and mlstm is σ(a_f). keep_bias: the bias that the gate that keeps, f or z,
    starts from; None leaves it as it is drawn, and a cell without such a gate has none. Weights start as torch.nn's do,
    evenly from −1/√H to 1/√H; of the norms, gains from 1, and the shift of the norm of c from 0. zone_h, zone_c: shares,
    from 0 to below 1, of the numbers of h and of c that stay as they were at a step, drawn anew at each while training; h
    is made of the new c, none of whose numbers stayed. In evaluation every number is what it would be on average.
    What cannot be raises ValueError.
    Source of zoneout: Krueger et al. (2017), "Zoneout: Regularizing RNNs by Randomly Preserving Hidden Activations".
    """

    def __init__(
        self,
        cell: str,
        I: int,
        H: int,
        *,
        keep_bias: float | None = None,
        zone_h: float = 0.0,
        zone_c: float = 0.0,
    ) -> None:
        super().__init__()
        of = member(cell)
        if not (0 <= zone_h < 1 and 0 <= zone_c < 1):
            raise ValueError("zone_h and zone_c are shares, from 0 to below 1.")
        if (zone_h and len(of.state) > 2) or (zone_c and of.state != "hc"):
            raise ValueError(
                f"There is no zoneout for the state of {cell}: zone_h is for a state of h, or of h and c, "
                "and zone_c for the latter."
            )
        self.cell, self.I, self.H = cell, I, H
        self.keep_bias, self.zone_h, self.zone_c = keep_bias, zone_h, zone_c
        for name, shape in of.shapes(I, H).items():
            self.register_parameter(name, nn.Parameter(torch.empty(shape)))
        self.reset_parameters()
        if keep_bias is not None and of.keeps is not None:
            self._start_gate(of.keeps, keep_bias)

    def reset_parameters(self) -> None:
        """Draw all weights anew."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.startswith("gain_"):
                    parameter.fill_(1)
                elif name == "bias_c":
                    parameter.zero_()
                else:
                    parameter.uniform_(-(self.H**-0.5), self.H**-0.5)

    def _start_gate(self, block: int, value: float) -> None:
        with torch.no_grad():
            if self.cell == "mlstm":  # one number a gate
                self.bias_if[block] = value
                return
            rows = slice(block * self.H, (block + 1) * self.H)
            self.bias_ih[rows] = value
            if hasattr(self, "bias_hh"):
                self.bias_hh[rows] = 0

    def extra_repr(self) -> str:
        settings = ("keep_bias", "zone_h", "zone_c")
        told = "".join(f", {name}={getattr(self, name)}" for name in settings)
        return f"{self.cell!r}, {self.I}, {self.H}{told}"

    @property
    def weights(self) -> tuple[Tensor, ...]:
        """The weights as the cell takes them."""
        of = member(self.cell)
        return of.weights(*(getattr(self, name) for name in of.weights._fields))

    def start(self, xs: Tensor) -> Tensor | tuple[Tensor, ...]:
        """The state before the first step: zeros, and −inf for m."""
        zero, letters = xs.new_zeros(xs.shape[1], self.H), member(self.cell).state
        parts = {
            **{"h": zero, "c": zero, "n": zero, "C": zero[:, :, None].expand(-1, -1, self.H)},
            "m": (zero if "c" in letters else zero[:, :1]) - math.inf,
        }
        state = tuple(parts[letter] for letter in letters)
        return state if len(state) > 1 else state[0]

    def forward(self, xs: Tensor) -> Tensor:
        of, state = member(self.cell), self.start(xs)
        if self.zone_h or self.zone_c:
            return unroll(self._zoned, xs, state, self.weights)[0]
        if of.layer:
            return of.layer(xs, self.weights, state)
        if self.cell in ("lstm", "gru"):
            return fast.sequence(of.step, xs, state, self.weights, None)[0]
        return unroll(of.step, xs, state, self.weights)[0]

    def _zoned(self, x: Tensor, state: Tensor | tuple[Tensor, Tensor], weights: tuple):
        new = member(self.cell).step(x, state, weights)
        if isinstance(new, Tensor):
            return self._stayed(state, new, self.zone_h)
        (h, c), (h_new, c_new) = state, new
        return self._stayed(h, h_new, self.zone_h), self._stayed(c, c_new, self.zone_c)

    def _stayed(self, old: Tensor, new: Tensor, share: float) -> Tensor:
        return zoneout(old, new, share, torch.rand_like(new) < share if self.training else None)


class Relative(nn.Module):
    """A layer of one of the family's cells and a linear head: from xs, (T, B, I), to outputs, (T, B, O).

    cell, and the settings that follow O: those of `Recurrent`.
    """

    def __init__(self, cell: str, I: int, H: int, O: int, **settings: float | None) -> None:
        super().__init__()
        self.layer, self.head = Recurrent(cell, I, H, **settings), nn.Linear(H, O)

    def forward(self, xs: Tensor) -> Tensor:
        return self.head(self.layer(xs))


class Attentive(nn.Module):
    """A layer whose head reads, at each step, h and a mean of the layer's states that attention makes: from xs, (T, B, I),
    to outputs, (T, B, O). The query is h itself.

    cell, and the settings that follow O: those of `Recurrent`. everything: whether the states of all steps are read, later
    ones, too, and not only those up to the step itself. scale: see `gates.variants.attend`.
    """

    def __init__(
        self,
        cell: str,
        I: int,
        H: int,
        O: int,
        *,
        everything: bool = False,
        scale: bool = True,
        **settings: float | None,
    ) -> None:
        super().__init__()
        self.layer, self.head = Recurrent(cell, I, H, **settings), nn.Linear(2 * H, O)
        self.everything, self.scale = everything, scale

    def extra_repr(self) -> str:
        return f"everything={self.everything}, scale={self.scale}"

    def forward(self, xs: Tensor, lengths: Tensor | None = None) -> Tensor:
        """lengths: (B,), how many steps of each sample are no padding, so that no later ones are read; None for all."""
        ys = self.layer(xs)
        contexts, _ = self.attended(ys, lengths)
        return self.head(torch.cat([ys, contexts], -1))

    def attended(self, ys: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """What attention makes of the layer's states ys, (T, B, H): the contexts, (T, B, H), and the weights, (T, T, B),
        of all states at each step."""
        steps = torch.arange(len(ys), device=ys.device)
        mask = None if self.everything else (steps <= steps[:, None])[:, :, None]
        if lengths is not None:
            there = steps[:, None] < lengths
            mask = there if mask is None else mask & there
        return attend(ys, ys, self.scale, mask)
