"""Diagrams of the cells and of the unrolled network: drawing, letters and equations in one picture.

A colored box is a gate or the candidate, a white box a matrix with its bias, a white pill a
function without weights. A circle with a dot multiplies element by element, one with a cross adds.
The thick line is the state that no matrix touches. Where h and x go together, they run side by
side, h in gray and x in black. Lengths are in CSS pixels, from the lower left corner.
"""

import io
import re
from base64 import b64encode
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np
from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path
from PIL import Image

from gates.figures import COLORS
from gates.picture import GROUND, Words, as_html

Point = tuple[float, float]

INK, HIDDEN, GRADIENT = "#222222", COLORS["h"], "#9B1B30"
PANEL = "#FEFDFB"  # a cell, on the ground of the picture
POINT = 0.75  # points in a pixel, for what matplotlib measures in points
LETTER, WORD = 21.5, 16  # sizes; a subscript is 0.7 of its letter
BOX, NODE, STRAND = 32, 15, 3  # half a box, radius of a circle, half the distance in a pair
BEFORE = "h_{t{-}1}"

_STYLE = {"font.family": "STIXGeneral", "mathtext.fontset": "stix", "path.snap": False}
_STYLE |= {"svg.fonttype": "path", "svg.hashsalt": "gates"}
_in_style = style.context(["default", _STYLE])


@dataclass(frozen=True)
class Drawing:
    """A picture for a notebook, with its title and its words: as SVG, and as PNG where HTML is not shown."""

    svg: str
    title: str
    words: str
    png: bytes = field(repr=False)
    size: tuple[float, float]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        first, _, _ = self.words.partition(". ")
        words = Words(
            f"Drawing: {self.title}. {first}. All of it stands in words below.",
            "The drawing in words",
            f"<p>{escape(self.words)}</p>",
        )
        return {
            "text/html": as_html(self.svg.encode(), "image/svg+xml", self.size, words),
            "image/png": b64encode(self.png).decode("ascii"),
            "text/plain": self.words,
        }


class _Sheet:
    """A sheet to draw on. What is placed on it has a name, so that arrows can connect it."""

    def __init__(self, width: float, height: float):
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 96, height / 96), facecolor=GROUND)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.axis("off")
        self.places: dict[str, tuple[float, float, float, float]] = {}

    def label(self, x, y, text: str, size=LETTER, color="black", ha="center") -> None:
        """Text whose letters without ascender or descender are centered at height y."""
        font = {"fontsize": size * POINT, "color": color, "ha": ha, "va": "baseline"}
        self.axes.text(x, y - 0.22 * size, _states_bold(text), zorder=4, **font)

    def notes(self, x, y, *lines: str) -> None:
        for k, line in enumerate(lines):
            self.label(x, y - 24 * k, line, WORD, ha="left")

    def box(self, x, y, width, height, face="white", edge=INK, radius=10, line=1.6, zorder=3):
        corner, shape = (x - width / 2, y - height / 2), f"round,pad=0,rounding_size={radius}"
        patch = FancyBboxPatch(corner, width, height, boxstyle=shape, zorder=zorder)
        patch.set(facecolor=face, edgecolor=edge, linewidth=line * POINT)
        self.axes.add_patch(patch)

    def panel(self, x, y, width, height) -> None:
        """The pale ground of a cell: all that happens within one step."""
        self.box(x, y, width, height, PANEL, "#C9C6BC", radius=22, line=1.2, zorder=0)

    def gate(self, letter: str, x, y) -> None:
        """A box in the color of its letter, with the squashing function below the letter."""
        self.places[letter] = (x, y, BOX, BOX)
        self.box(x, y, 2 * BOX, 2 * BOX, COLORS[letter])
        squash, size = (r"$\mathrm{tanh}$", 18) if letter in "gn" else (r"$\sigma$", 21)
        self.label(x, y + 9, rf"$\mathbfit{{{letter}}}$", 30, _ink(letter))
        self.label(x, y - 18, squash, size, _ink(letter))

    def matrix(self, letters: str, x, y) -> None:
        """A white box: a matrix, and below it the bias that is added."""
        self.places[letters] = (x, y, BOX, BOX)
        self.box(x, y, 2 * BOX, 2 * BOX)
        self.label(x, y + 14, f"$W_{{{letters}}}$")
        self.label(x, y - 15, f"$+\\,b_{{{letters}}}$")

    def pill(self, name: str, text: str, x, y) -> None:
        self.places[name] = (x, y, 30, 16)
        for color, width in ((INK, 34), ("white", 30.8)):
            self.line((x - 14, y), (x + 14, y), color=color, width=width, zorder=3, cap="round")
        self.label(x, y, text, 18)

    def circle(self, name: str, sign: str, x, y) -> None:
        """A node: "." multiplies element by element, "+" adds."""
        self.places[name] = (x, y, NODE, NODE)
        node = {"facecolor": "white", "edgecolor": INK, "linewidth": 1.6 * POINT}
        self.axes.add_patch(Circle((x, y), NODE, zorder=3, **node))
        if sign == ".":
            self.dot("", x, y, radius=4)
        else:
            cross = Path([(x - 8, y), (x + 8, y), (x, y - 8), (x, y + 8)], [1, 2, 1, 2])
            self.axes.add_patch(PathPatch(cross, edgecolor=INK, linewidth=2 * POINT, zorder=4))

    def dot(self, name: str, x, y, color=INK, radius: float = 4.5) -> None:
        """A place where a line branches."""
        self.places[name] = (x, y, 0, 0)
        self.axes.add_patch(Circle((x, y), radius, color=color, zorder=4, linewidth=0))

    def line(self, *points: Point, color=INK, width=2.0, bend=12, dash="-", cap="butt", zorder=2):
        """A line with rounded corners."""
        p, along = _directions(points)
        vertices, codes = [p[0]], [Path.MOVETO]
        for corner, before, after in zip(p[1:-1], along[:-1], along[1:], strict=True):
            vertices += [corner - bend * before, corner, corner + bend * after]
            codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
        path = Path([*vertices, p[-1]], [*codes, Path.LINETO])
        options = {"edgecolor": color, "linewidth": width * POINT, "capstyle": cap}
        options |= {"facecolor": "none", "linestyle": dash, "zorder": zorder}
        self.axes.add_patch(PathPatch(path, **options))

    def head(self, before: Point, tip: Point, color=INK, width=2.0) -> Point:
        """An arrowhead. Returns the place where its line ends, just within its base."""
        p, ((dx, dy),) = _directions((before, tip))
        length, half = 8 + 2 * width, 3.2 + width
        base, across = p[1] - length * np.array([dx, dy]), half * np.array([-dy, dx])
        corners = [p[1], base + across, base - across]
        self.axes.add_patch(Polygon(corners, color=color, zorder=2, linewidth=0))
        return base[0] + dx, base[1] + dy

    def arrow(self, *points: Point, color=INK, width=2.0, start="", end="", **options) -> None:
        """An arrow along points; start and end are letters to write before and behind it."""
        for text, (x, y), near, side in ((start, *points[:2], -1), (end, *points[:-3:-1], 1)):
            dx, dy = (28 * side, 0) if y == near[1] else (0, 18 * side)
            if text:
                self.label(x + dx, y + dy, f"${text}$", color=color)
        base = self.head(*points[-2:], color, width)
        self.line(*points[:-1], base, color=color, width=width, **options)

    def connect(self, *edges: str) -> None:
        """Arrows from place to place, "f keep" from f to keep; where the way bends, first up."""
        for edge in edges:
            (x, y, *_), (to_x, to_y, wide, high) = (self.places[name] for name in edge.split())
            if x != to_x:
                tip = (to_x - wide if x < to_x else to_x + wide, to_y)
            else:
                tip = (to_x, to_y - high if y < to_y else to_y + high)
            corner = [(x, to_y)] if x != to_x and y != to_y else []
            self.arrow((x, y), *corner, tip)

    def pair(self, x, low, high) -> None:
        """h, in gray, and x, in black, side by side up into a box."""
        _, base = self.head((x, low), (x, high), width=2.6)
        for side, color in ((-STRAND, HIDDEN), (STRAND, "black")):
            self.line((x + side, low), (x + side, base), color=color)

    def equations(self, x, y, *sources: str) -> None:
        """Equations in rows, their = at x. [f] is on a chip of its color, [h_t] in its color."""
        for row, source in enumerate(sources):
            left, right = source.split("=")
            at, level = x - sum(width for _, width in _pieces(left)), y - 33 * row
            for text, width in _pieces(left) + _pieces("=" + right):
                if text in COLORS:
                    middle = at + width / 2
                    self.box(middle, level, width - 3, 27, COLORS[text], radius=7, line=1)
                    self.label(middle, level, rf"$\mathbfit{{{text}}}$", color=_ink(text))
                else:
                    color = COLORS.get(text[0], "black")
                    self.label(at, level, f"${text}$", color=color, ha="left")
                at += width

    def finish(self, name: str, title: str, words: str) -> Drawing:
        svg, large, small = io.StringIO(), io.BytesIO(), io.BytesIO()
        for patch in self.axes.patches:
            patch.set_clip_on(False)
        undated = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        self.figure.savefig(svg, format="svg", metadata=undated)
        self.figure.savefig(large, format="png", dpi=110)
        image = Image.open(large).convert("RGB").quantize(64, dither=Image.Dither.NONE)
        image.save(small, format="png", optimize=True)
        inner = re.search(r"<svg[^>]*>(.*</svg>)", svg.getvalue(), re.DOTALL)[1]
        inner = re.sub(r"\s*(<!--.*?-->|<style.*?</style>)", "", inner, flags=re.DOTALL)
        inner = re.sub(r'(\bid="|href="#)', rf"\1{name}-", inner)
        root = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{self.width}" height="{self.height}" style="max-width: 100%; height: auto" '
            f'viewBox="0 0 {self.width * POINT} {self.height * POINT}" stroke-linejoin="round" '
            f'role="img" aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-desc">{escape(words)}</desc>'
        )
        return Drawing(root + inner, title, words, small.getvalue(), (self.width, self.height))


def _directions(points) -> tuple[np.ndarray, np.ndarray]:
    """The points as an array, and the direction of the way from each to the next, of length 1."""
    p = np.array(points, dtype=float)
    steps = np.diff(p, axis=0)
    return p, steps / np.linalg.norm(steps, axis=1, keepdims=True)


def _ink(letter: str) -> str:
    """The color of text on the color of a letter."""
    return "white" if letter == "z" else "black"


def _states_bold(text: str) -> str:
    return re.sub(r"\b([ch])_", r"\\mathbfit{\1}_", text)


def _pieces(source: str) -> list[tuple[str, float]]:
    """The parts of an equation with their widths; letters in brackets are parts of their own."""
    parser, font = MathTextParser("path"), FontProperties(size=LETTER)
    parts = [part for part in re.split(r"\[(.*?)\]", source) if part.strip()]
    parts = [part if part[0] in COLORS else "{}" + part + "{}" for part in parts]
    widths = [parser.parse(f"${_states_bold(part)}$", 72, font)[0] for part in parts]
    return [(p, 28 if p in COLORS else w) for p, w in zip(parts, widths, strict=True)]


def _squashed(letter: str) -> str:
    """The equation of a gate, or of the candidate g."""
    from_x, from_h = rf"W_{{i{letter}}}\,x_t + b_{{i{letter}}}", rf"W_{{h{letter}}}\,[{BEFORE}]"
    squash = r"\tanh" if letter == "g" else r"\sigma"
    return rf"[{letter}] = {squash}({from_x} + {from_h} + b_{{h{letter}}})"


@_in_style
def rnn_cell() -> Drawing:
    """One step of a plain recurrent network, with its equation."""
    sheet = _Sheet(800, 378)
    rail, low, end = 262, 160, 596
    sheet.panel(400, 212, 548, 212)
    sheet.matrix("hh", 226, rail)
    sheet.matrix("ih", 366, low)
    sheet.circle("add", "+", 366, rail)
    sheet.pill("tanh", r"$\mathrm{tanh}$", 486, rail)
    sheet.connect("hh add", "ih add", "add tanh")
    sheet.arrow((112, rail), (226 - BOX, rail), color=HIDDEN, start=BEFORE)
    sheet.arrow((366, 88), (366, low - BOX), color="black", start="x_t")
    sheet.arrow((486, rail), (692, rail), color=HIDDEN, end="h_t")
    sheet.arrow((end, rail), (end, 338), color=HIDDEN, end="h_t")
    sheet.dot("", end, rail, HIDDEN)
    terms = rf"W_{{ih}}\,x_t + b_{{ih}} + W_{{hh}}\,[{BEFORE}] + b_{{hh}}"
    sheet.equations(251, 24, rf"[h_t] = \tanh({terms})")
    words = (
        "The hidden state h of the step before, h_{t−1}, comes in from the left and goes through "
        "the matrix W_hh, and the bias b_hh is added. The input x_t comes in from below and goes "
        "through the matrix W_ih, and the bias b_ih is added. A node adds the two, tanh squeezes "
        "the sum, and the result is the new hidden state h_t. It goes out to the right, to the "
        "next step, and up, where it is shown. "
        "Below: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh)."
    )
    return sheet.finish("rnn", "One step of a plain recurrent network", words)


@_in_style
def lstm_cell() -> Drawing:
    """One step of an LSTM, with its six equations."""
    sheet = _Sheet(800, 532)
    bus, row, middle, rail = 246, 316, 387, 450
    write, show, end = 351, 616, 676
    sheet.panel(400, 344, 632, 284)
    sheet.arrow((70, rail), (738, rail), color=COLORS["c"], width=5, start="c_{t{-}1}", end="c_t")
    for letter, x in {"f": 196, "i": 296, "g": 406, "o": 506}.items():
        sheet.gate(letter, x, row)
        if letter != "o":
            sheet.dot("", x, bus, radius=6)
            sheet.pair(x, bus, row - BOX)
    _, base = sheet.head((506, bus), (506, row - BOX), width=2.6)
    inner, outer, above, below = 506 - STRAND, 506 + STRAND, bus + STRAND, bus - STRAND
    sheet.line((70, above), (inner, above), (inner, base), color=HIDDEN, bend=9)
    sheet.label(42, above, f"${BEFORE}$", color=HIDDEN)
    sheet.line((120, 184), (120, below), (outer, below), (outer, base), color="black", bend=15)
    sheet.label(120, 166, "$x_t$")
    sheet.circle("keep", ".", 196, rail)
    sheet.circle("write", ".", write, middle)
    sheet.circle("add", "+", write, rail)
    sheet.dot("c", show, rail)
    sheet.pill("tanh", r"$\mathrm{tanh}$", show, middle)
    sheet.circle("show", ".", show, row)
    sheet.connect("f keep", "i write", "g write", "write add", "c tanh", "tanh show", "o show")

    sheet.line((show, row), (end, row), color=HIDDEN)
    sheet.dot("", end, row, HIDDEN)
    sheet.arrow((end, row), (end, bus), (738, bus), color=HIDDEN, end="h_t")
    sheet.arrow((end, row), (end, 498), color=HIDDEN, end="h_t", zorder=0.5)
    sheet.line((end, rail - 9), (end, rail + 9), color=PANEL, width=10, zorder=1)

    sheet.equations(84, 125, *map(_squashed, "figo"))
    of_c, of_h = r"[f]\odot [c_{t{-}1}] + [i]\odot [g]", r"[o]\odot\tanh([c_t])"
    sheet.equations(532, 125, f"[c_t] = {of_c}", f"[h_t] = {of_h}")
    sheet.notes(498, 54, r"$\odot$ multiplies element by element.")
    sheet.notes(498, 30, "Each colored box has weights of its own.")
    words = (
        "The cell state c runs along the top on a thick line, from c_{t−1} to c_t, and no matrix "
        "touches it: it is multiplied element by element by the forget gate f, and then i ⊙ g is "
        "added, the input gate i times the candidate g. The hidden state of the step before, "
        "h_{t−1}, comes in at the lower left. The input x_t joins it from below, and both go to "
        "four boxes, each with weights and biases of its own: f, i and the output gate o with a "
        "sigmoid, g with tanh. On the right, tanh of the new c is multiplied by o. This is h_t, "
        "which goes out to the right, to the next step, and up, where it is shown. Below: "
        "f = σ(W_if x_t + b_if + W_hf h_{t−1} + b_hf); "
        "i = σ(W_ii x_t + b_ii + W_hi h_{t−1} + b_hi); "
        "g = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg); "
        "o = σ(W_io x_t + b_io + W_ho h_{t−1} + b_ho); "
        "c_t = f ⊙ c_{t−1} + i ⊙ g; h_t = o ⊙ tanh(c_t)."
    )
    return sheet.finish("lstm", "One step of an LSTM", words)


@_in_style
def gru_cell() -> Drawing:
    """One step of a GRU as PyTorch computes it, with its four equations."""
    sheet = _Sheet(800, 576)
    bus, row, middle, high, rail = 242, 309, 376, 443, 496
    z, r, from_h, from_x, n, end = 206, 310, 414, 518, 622, 682
    sheet.panel(400, 362, 632, 332)
    sheet.arrow((70, rail), (738, rail), color=HIDDEN, width=5, start=BEFORE, end="h_t")
    sheet.arrow((end, rail), (end, 540), color=HIDDEN, end="h_t")
    for x in (126, end):
        sheet.dot("", x, rail, HIDDEN, 6)
    for letter, x in {"z": z, "r": r}.items():
        sheet.gate(letter, x, row)
        sheet.dot("", x, bus, radius=6)
        sheet.pair(x, bus, row - BOX)
    way_of_h = [(x, bus + STRAND) for x in (126, from_h)]
    sheet.arrow((126, rail), *way_of_h, (from_h, row - BOX), color=HIDDEN)
    way_of_x = [(x, bus - STRAND) for x in (152, from_x)]
    sheet.arrow((152, 182), *way_of_x, (from_x, row - BOX), color="black", start="x_t")

    sheet.matrix("hn", from_h, row)
    sheet.matrix("in", from_x, row)
    sheet.circle("reset", ".", from_h, middle)
    sheet.circle("sum", "+", from_x, middle)
    sheet.gate("n", n, middle)
    sheet.dot("tap", z, high)
    sheet.pill("rest", r"$1-\mathbfit{z}$", from_h, high)
    sheet.circle("write", ".", n, high)
    sheet.circle("keep", ".", z, rail)
    sheet.circle("add", "+", n, rail)
    sheet.connect("r reset", "hn reset", "reset sum", "in sum", "sum n", "n write")
    sheet.connect("z keep", "tap rest", "rest write", "write add")

    after = rf"[r]\odot(W_{{hn}}\,[{BEFORE}] + b_{{hn}})"
    of_n = rf"[n] = \tanh(W_{{in}}\,x_t + b_{{in}} + {after})"
    of_h = rf"[h_t] = (1-[z]\hspace{{0.06}})\odot [n] + [z]\odot [{BEFORE}]"
    sheet.equations(84, 125, _squashed("r"), _squashed("z"), of_n, of_h)
    sheet.notes(498, 125, r"$\odot$ multiplies element by element.")
    sheet.notes(498, 101, "$r$ acts after the matrix, as in PyTorch.")
    words = (
        "The hidden state h runs along the top on a thick line, from h_{t−1} to h_t. It is "
        "multiplied element by element by the update gate z, and then (1 − z) ⊙ n is added, what "
        "z leaves over times the candidate n. A branch of h_{t−1} goes down at the left, and the "
        "input x_t joins it from below. Both go to two boxes with a sigmoid, z and the reset gate "
        "r, each with weights and biases of its own. Then they part: h_{t−1} goes through the "
        "matrix W_hn, its bias b_hn is added, and only then is it multiplied by r; x_t goes "
        "through the matrix W_in, and its bias b_in is added. The sum of the two goes through "
        "tanh and is n. The new h_t goes out to the right, to the next step, and up, where it is "
        "shown. Below: r = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr); "
        "z = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz); "
        "n = tanh(W_in x_t + b_in + r ⊙ (W_hn h_{t−1} + b_hn)); h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}."
    )
    return sheet.finish("gru", "One step of a GRU", words)


@_in_style
def unrolled(steps: int = 4) -> Drawing:
    """The cell with its loop, the same cell unrolled over time, and the way the gradient goes back.

    steps: how many copies of the cell are drawn, 2 to 5; the last one stands for step T. Any other
    number raises ValueError.
    """
    if steps not in range(2, 6):
        raise ValueError(f"steps must be from 2 to 5, not {steps}")
    pitch, row, half, one, first = 102, 276, 28, 88, 262
    last, gap, on, back = first + steps * pitch, first + (steps - 1) * pitch, row + 15, row - 15
    dashed = {"color": GRADIENT, "dash": (0, (3, 1.7))}
    sheet = _Sheet(last + 130, 408)
    copies = {str(k + 1): first + k * pitch for k in range(steps - 1)} | {"T": last}
    for step, x in {"t": one, **copies}.items():
        sheet.box(x, row, 2 * half, 2 * half)
        sheet.label(x, row - 2, "$W$", 26)
        sheet.arrow((x, row - 86), (x, row - half), color="black", start=f"x_{step}")
        sheet.arrow((x, row), (x, row + 94), color=HIDDEN, end=f"h_{step}")
    loop, left = row + 62, one - 56
    sheet.arrow((one, loop), (left, loop), (left, on), (one - half, on), color=HIDDEN)
    sheet.dot("", one, loop, HIDDEN)
    sheet.label(left, row - 12, f"${BEFORE}$", color=HIDDEN)
    sheet.label(142, row, "$=$", 30)
    sheet.arrow((first - 52, on), (first - half, on), color=HIDDEN, start="h_0")
    for level, color in ((on, HIDDEN), (back, GRADIENT)):
        sheet.label(gap, level, r"$\cdots$", color=color)

    factors = [_factor(str(k + 1), str(k)) for k in range(1, steps)] + [_factor("T", "T{-}1")]
    stops = [*list(copies.values())[:-1], gap, last]
    for here, there, factor in zip(stops[:-1], stops[1:], factors, strict=True):
        start, stop = here + (16 if here == gap else half), there - (16 if there == gap else half)
        sheet.arrow((start, on), (stop, on), color=HIDDEN)
        sheet.arrow((stop, back), (start, back), **dashed)
        sheet.label((here + there) / 2, row - 68, f"${factor}$", color=GRADIENT)
    sheet.arrow((last + half, on), (last + 72, on), color=HIDDEN)
    sheet.arrow((last + 72, back), (last + half, back), **dashed)
    sheet.label(last + 78, row, "loss", 18, ha="left")

    sheet.label(one, row - 148, "one cell in a loop", WORD)
    sheet.label((first + last) / 2, row - 148, "the same weights $W$ at every step", WORD)
    left = sheet.width / 2 - 250
    sheet.arrow((left + 64, 48), (left, 48), **dashed)
    sheet.notes(left + 76, 48, "the gradient on its way back")
    product = [factors[-1], r"\cdots", _factor("3", "2"), _factor("2", "1")]
    whole = f"${_factor('T', '1')} = {'~'.join(product)}$"
    sheet.label(left + 290, 48, whole, color=GRADIENT, ha="left")
    words = (
        "On the left one cell with the weights W in a loop: x_t comes in from below, h_t goes out "
        "at the top, and a branch of it comes back into the cell, at the next step, as h_{t−1}. On "
        f"the right the same, unrolled: {steps} copies of the cell, with the same weights W, for "
        f"the steps {', '.join(list(copies)[:-1])} and so on to T. At each step x comes in from "
        "below and h goes out at the top and to the right, into the next copy; h_0 goes into the "
        "first, and the last leads to the loss. A dashed line, the way of the gradient, goes back "
        "from the loss to step 1, through every copy. Between two copies it takes on a factor: "
        "∂h_T/∂h_{T−1} between the last two steps, and so on to ∂h_2/∂h_1. Below: ∂h_T/∂h_1 is the "
        "product of all these factors."
    )
    return sheet.finish(f"unrolled{steps}", "A recurrent network unrolled over time", words)


def _factor(after: str, before: str) -> str:
    return rf"\dfrac{{\partial h_{{{after}}}}}{{\partial h_{{{before}}}}}"
