"""What a recurrent layer of torch.nn returns as `output` and `h_n`, as a picture and in words.

T steps, B samples in a batch, I inputs, H hidden units, L layers, D directions. A row is one layer
read in one direction. Row k·D + d is direction d of layer k; `h_n` has its entries in this order.
"""

import html

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor, nn

from gates.figures import COLORS
from gates.picture import Picture, Words

Recurrent = nn.GRU | nn.LSTM | nn.RNN
OUTPUT, H_N = "#0072B2", "#A34700"
BAND = {"facecolor": "#E1EFF8", "edgecolor": OUTPUT, "linewidth": 1, "zorder": 0}
CELL = {"facecolor": "#DEDEDE", "edgecolor": COLORS["h"], "linewidth": 0.8}
FINAL = {"facecolor": "none", "edgecolor": H_N, "linewidth": 2.5, "zorder": 3}
ARROW = {"arrowstyle": "-|>", "color": COLORS["h"], "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
# All in inches: a cell, the space between two steps, the height of a number and of a flag; the
# space between rows, between layers, inside the band, around the grid, and up to words beside it.
WIDE, GAP, LINE, FLAG = 0.64, 0.38, 0.19, 0.2
BETWEEN, APART, PAD = 0.12, 0.24, 0.12
LEFT, RIGHT, BOTTOM, TOP, BESIDE = 1.1, 1.3, 0.86, 0.6, 0.22


class _Run:
    """A layer that has read xs: what it returned, and the states, names, and places of its rows."""

    def __init__(self, layer: Recurrent, xs: Tensor, sample: int) -> None:
        if layer.batch_first or xs.dim() != 3:
            raise ValueError("Make the layer with batch_first=False and give it xs as (T, B, I).")
        if layer.training and layer.dropout and layer.num_layers > 1:
            raise ValueError("Call layer.eval() first, since dropout changes states at random.")
        with torch.no_grad():
            self.output, states = layer(xs)
            rows = _states(layer, xs)
        self.h_n = states[0] if isinstance(layer, nn.LSTM) else states
        self.L, self.D = layer.num_layers, 1 + layer.bidirectional
        self.T, self.B, self.H = len(xs), *self.h_n.shape[1:]
        self.last = [0 if j % self.D else self.T - 1 for j in range(len(rows))]
        finals = torch.stack([row[t] for row, t in zip(rows, self.last, strict=True)])
        torch.testing.assert_close(torch.cat(rows[-self.D :], dim=-1), self.output)
        torch.testing.assert_close(finals, self.h_n)
        self.sample = range(self.B)[sample]
        self.rows = [row[:, sample] for row in rows]
        self.height, self.flags = self.H * LINE + 0.1, FLAG * (self.D - 1)

    def name(self, j: int, between: str) -> str:
        direction = between + ("forward", "backward")[j % self.D]
        return f"layer {j // self.D}" + (direction if self.D == 2 else "")

    def place(self, j: int, t: int) -> tuple[float, float]:
        """The lower left corner of a cell. In a layer, forward is above backward."""
        k, d = divmod(j, self.D)
        layer = self.D * (self.height + BETWEEN) - BETWEEN + FLAG + self.flags + APART
        up = k * layer + (self.D - 1 - d) * (self.height + BETWEEN)
        lowest = BOTTOM + self.flags + (PAD if self.L == 1 else 0)
        return LEFT + t * (WIDE + GAP), lowest + up


def _states(layer: Recurrent, xs: Tensor) -> list[Tensor]:
    """The states of every row, each (T, B, H), from one-row layers with the layer's weights."""
    rows: list[Tensor] = []
    for k in range(layer.num_layers):
        read = torch.cat(rows[-1 - layer.bidirectional :], dim=-1) if k else xs
        rows.append(_one_row(layer, f"_l{k}", read)(read)[0])
        if layer.bidirectional:
            backward = _one_row(layer, f"_l{k}_reverse", read)
            rows.append(backward(read.flip(0))[0].flip(0))
    return rows


def _one_row(layer: Recurrent, suffix: str, read: Tensor) -> Recurrent:
    """A layer of one row, with the weights that end in suffix. It uses up no random numbers."""
    own = {nn.RNN: ["nonlinearity"], nn.LSTM: ["proj_size"], nn.GRU: []}
    names = next(names for kind, names in own.items() if isinstance(layer, kind))
    options = {name: getattr(layer, name) for name in ["bias", *names]}
    with torch.random.fork_rng(devices=[]):
        row = type(layer)(read.shape[-1], layer.hidden_size, **options).to(read)
    weights = {n: w for n, w in layer.state_dict().items() if n.endswith(suffix)}
    row.load_state_dict({n.removesuffix(suffix) + "_l0": w for n, w in weights.items()})
    return row


def output_and_h_n(layer: Recurrent, xs: Tensor, sample: int = 0) -> Picture:
    """One sample's hidden states in all layers, directions, and steps; `output` and `h_n` marked.

    xs: (T, B, I). A column of the band, read downward, is output[t, sample]. Of an LSTM, only h is
    drawn. Raises ValueError if the layer has batch_first=True, if it drops out states in training
    mode, or if xs does not have three dimensions; IndexError if there is no such sample.
    """
    run = _Run(layer, xs, sample)
    right = run.place(0, run.T - 1)[0] + WIDE
    top = run.place((run.L - 1) * run.D, 0)[1] + run.height + FLAG + PAD
    width, height = max(right + RIGHT, LEFT + 5.6), top + TOP
    figure = Picture(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    _band(axes, run, right, top)
    for j in range(len(run.rows)):
        _row(axes, run, j)
        _final(axes, run, j)
    _below(axes, run, right)
    facts = describe_output_and_h_n(layer, xs, sample).splitlines()
    ends = " ".join(_entry(run, j) for j in range(len(run.rows)))
    figure.words = Words(
        f"{facts[0]} output, the band, has the shape {tuple(run.output.shape)}. {ends}",
        "Everything in the picture, in words",
        "".join(f"<p>{html.escape(fact)}</p>" for fact in facts),
    )
    return figure


def _band(axes: Axes, run: _Run, right: float, top: float) -> None:
    x, y = LEFT - PAD, run.place(run.L * run.D - 1, 0)[1] - PAD - run.flags
    axes.add_patch(Rectangle((x, y), right + PAD - x, top - y, gid="output", **BAND))
    shape = f"output (T, B, D·H) = {tuple(run.output.shape)}"
    _text(axes, x, top + 0.47, f"{shape}: top layer, every step", color=OUTPUT)
    for t in range(run.T):
        x = run.place(0, t)[0] + WIDE / 2
        _text(axes, x, top + 0.14, f"output[{t}]", color=OUTPUT, ha="center", fontsize=9)
    halves = [f"first half\noutput[..., :{run.H}]", f"second half\noutput[..., {run.H}:]"]
    for d in range(2 * (run.D - 1)):
        y = run.place((run.L - 1) * 2 + d, 0)[1] + run.height / 2
        _text(axes, right + BESIDE, y, halves[d], color=OUTPUT, fontsize=9)


def _row(axes: Axes, run: _Run, j: int) -> None:
    middle = run.place(j, 0)[1] + run.height / 2
    _text(axes, LEFT - BESIDE, middle, run.name(j, "\n"), ha="right")
    for t, state in enumerate(run.rows[j]):
        x, y = run.place(j, t)
        axes.add_patch(Rectangle((x, y), WIDE, run.height, **CELL))
        for n, number in enumerate(_numbers(state)):
            at = (x + WIDE / 2 + 0.17, y + run.height - 0.05 - (n + 0.5) * LINE)
            _text(axes, *at, number, ha="right", va="center_baseline", fontsize=10, gid="number")
        if t:
            ends = [(x - 0.06, middle), (x - GAP + 0.06, middle)]
            axes.annotate("", ends[j % run.D], ends[1 - j % run.D], arrowprops=ARROW)


def _final(axes: Axes, run: _Run, j: int) -> None:
    """A thick border around a row's final state, with a flag: above it or, if backward, below."""
    (x, y), down = run.place(j, run.last[j]), j % run.D
    flag, height = (y - FLAG if down else y + run.height), run.height + FLAG
    axes.add_patch(Rectangle((x, flag), WIDE, FLAG, color=H_N, linewidth=0))
    axes.add_patch(Rectangle((x, y - FLAG * down), WIDE, height, gid=f"h_n[{j}]", **FINAL))
    style = {"color": "white", "weight": "bold", "ha": "center", "fontsize": 9}
    _text(axes, x + WIDE / 2, flag + FLAG / 2 - 0.015 * down, f"h_n[{j}]", **style)


def _below(axes: Axes, run: _Run, right: float) -> None:
    y = BOTTOM - 0.17
    _text(axes, LEFT - BESIDE, y, "step", ha="right")
    for t in range(run.T):
        _text(axes, run.place(0, t)[0] + WIDE / 2, y, f"{t + 1}", ha="center", gid="step")
    if run.B > 1:
        _text(axes, right + BESIDE, y, f"sample {run.sample} of {run.B}", fontsize=9)
    axes.add_patch(Rectangle((LEFT - PAD, 0.21), 0.3, 0.2, **FINAL))
    shape = f"h_n (L·D, B, H) = {tuple(run.h_n.shape)}"
    _text(axes, LEFT - PAD + 0.4, 0.3, f"{shape}: every layer, where reading ends", color=H_N)


def _text(axes: Axes, x: float, y: float, text: str, **style) -> None:
    axes.text(x, y, text, **{"va": "center", **style})


def _numbers(state: Tensor) -> list[str]:
    return [f"{round(value, 2) + 0.0:.2f}" for value in state.tolist()]


def describe_output_and_h_n(layer: Recurrent, xs: Tensor, sample: int = 0) -> str:
    """What `output_and_h_n` shows, one fact a line. It takes and raises the same."""
    run, name = _Run(layer, xs, sample), type(layer).__name__
    lines = [
        f"{name} with L = {run.L}, D = {run.D}, H = {run.H}, on T = {run.T} steps.",
        f"The numbers are those of sample {run.sample} of B = {run.B}.",
        f"output has the shape (T, B, D·H) = {tuple(run.output.shape)}.",
        f"It holds the states of the top layer, layer {run.L - 1}, at every step.",
    ]
    if run.D == 2:
        lines += [f"Its first half, output[..., :{run.H}], is read forward."]
        lines += [f"Its second half, output[..., {run.H}:], is read backward."]
    for t, state in enumerate(run.output[:, run.sample]):
        lines += [f"output[{t}] belongs to step {t + 1}: {', '.join(_numbers(state))}."]
    lines += [f"h_n has the shape (L·D, B, H) = {tuple(run.h_n.shape)}."]
    lines += ["It holds, for every layer and direction, the state where reading ends."]
    return "\n".join(lines + [_entry(run, j) for j in range(len(run.rows))])


def _entry(run: _Run, j: int) -> str:
    t, part = run.last[j], ("the first half of ", "the second half of ")[j % run.D]
    place = f"{part if run.D == 2 else ''}output[{t}]"
    found = place if j >= (run.L - 1) * run.D else "not in output"
    numbers = ", ".join(_numbers(run.rows[j][t]))
    return f"h_n[{j}] is {run.name(j, ', ')}, at step {t + 1}: {numbers}. It is {found}."
