"""Each kind of picture carries words that state its result, from its own numbers, and fits a small window."""

import html
import inspect
import json
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from functools import cache
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text
from PIL import Image
from torch import nn

from gates import build, figures, shapes
from gates.figures.look import ink_on
from gates.picture import GROUND, HIGHEST, WIDEST, Picture, Words, as_html, settled

SEEDS = range(3)


def frame(columns: str, rows: list) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def tidy() -> pd.DataFrame:
    rows = [
        ("adding", c, s, t, m, t * k + 0.01 * s)
        for c, k in (("lstm", 0.001), ("gru", 0.002))
        for s in SEEDS
        for t in (100, 200, 300)
        for m in ("training", "validation", "test", "training loss", "validation loss")
    ]
    return frame("task cell seed step metric value", rows)


def tall(rows: int, columns: int, shift: float = 0.0) -> pd.DataFrame:
    names = pd.MultiIndex.from_tuples([(f"task {k // 3}", f"network {k % 3}") for k in range(rows)])
    values = np.arange(rows * columns, dtype=float).reshape(rows, columns) + shift
    return pd.DataFrame(values, index=names, columns=pd.Index(range(columns), name="steps"))


def of_gates() -> pd.DataFrame:
    rows = [("LSTM", s, d, 0.9**d, 0.8**d, 0.7**d) for s in SEEDS for d in (1, 10)]
    return frame("model seed distance product direct whole", rows)


def read_at() -> pd.DataFrame:
    rows = [
        (m, s, k, v + 0.01 * s)
        for m, v in (("RNN", 0.3), ("GRU", 0.8))
        for k in ("end", "box")
        for s in SEEDS
    ]
    return pd.DataFrame(rows, columns=["cell", "seed", "read at", "right"])


def tracks() -> pd.DataFrame:
    return frame("panel step c", [("seed 1: up", t, 2 - abs(t - 2)) for t in range(1, 5)])


def wagers(n: int) -> pd.DataFrame:
    """Wagers in turn held, missed from above, far below and far above."""
    kinds = [(0, 1, 0.5, 0.4, 0.6), (0, 1, -0.2, -0.4, 0.1), (0, 1, -9, -9.5, -8), (0, 1, 3, 1, 5)]
    rows = [kinds[k % 4] for k in range(n)]
    made = frame("low high number from to", rows).set_index(pd.Index(f"C{k:02d}" for k in range(n)))
    made = made.rename(columns={"from": "measured low", "to": "measured high"})
    return made.assign(expected="0 to 1", measured="0.5 [0.4, 0.6]", figure="a < b")


# Each picture as a lesson might draw it, and what its words have to say, as the numbers above have it.
def a_forecast(h: int) -> tuple[pd.Series, pd.DataFrame]:
    """Three values by year, and forecasts of h more."""
    years = pd.period_range("2000", periods=3 + h, freq="Y")
    middle = 31.0 + np.arange(h)
    found = pd.DataFrame({"q10": middle - 1, "q50": middle, "q90": middle + 2}, years[3:])
    return pd.Series([10.0, 20.0, 30.0], years[:3]), found


EXAMPLES: dict[str, tuple[Callable[[], Picture], list[str]]] = {
    "memory_over_steps": (
        lambda: figures.memory_over_steps(pd.DataFrame({"f = 0.5": [8, 4, 2]})),
        ["with f = 0.5, 8 becomes 2", "from step 0 to step 2"],
    ),
    "packing": (
        lambda: figures.packing(nn.LSTMCell(3, 2)),
        ["weight_ih (8, 3)", "i in 1 to 2, f in 3 to 4, g in 5 to 6, o in 7 to 8"],
    ),
    "digit_and_states": (
        lambda: figures.digit_and_states(
            torch.eye(8), torch.linspace(-1, 0.5, 32).reshape(8, 4), "label 3"
        ),
        ["label 3", "from 0.355 to 0.5", "unit 3 with 0.5"],
    ),
    "by_seed": (
        lambda: figures.by_seed(
            frame("model seed accuracy", [("LSTM", s, 0.89 + 0.01 * s) for s in SEEDS]),
            "model",
            "accuracy",
        ),
        ["Accuracy, mean over the seeds and 95% interval. LSTM 0.9 [0.875, 0.925]."],
    ),
    "by_seed, two labels": (
        lambda: figures.by_seed(read_at(), ["cell", "read at"], "right", "share"),
        ["RNN: end 0.31 [0.285, 0.335]; box 0.31", ". GRU: end 0.81"],
    ),
    "calibration": (
        lambda: figures.calibration(wagers(1)),
        ["1 of 1 wager held what was measured; four in five are meant. Inside: C00."],
    ),
    "calibration, many": (
        lambda: figures.calibration(wagers(20)),
        ["5 of 20 wagers", "C01, measured below it; C02, measured below it; C03, measured above"],
    ),
    "learning": (
        lambda: figures.learning(
            frame(
                "model epoch seed accuracy",
                [("LSTM", e, s, e / 10 + s / 100) for e in (1, 2) for s in SEEDS],
            ),
            "accuracy",
            ["LSTM"],
        ),
        ["from 0.11 after epoch 1 to 0.21 after epoch 2", "from 0.2 to 0.22"],
    ),
    "curves": (
        lambda: figures.curves(tidy(), "test", chance=0.25),
        ["LSTM: after 300 updates", "is 0.31;", "from 0.3 to 0.32", "Chance is 0.25."],
    ),
    "over_distance": (
        lambda: figures.over_distance(
            frame(
                "model seed distance norm", [("RNN", s, d, 0.5**d) for s in SEEDS for d in (1, 9)]
            )
        ),
        ["distance 1 to 9", "RNN from 0.5 to 0.00195"],
    ),
    "influence": (
        lambda: figures.influence(
            frame("r seed x h", [(r, s, 1.0, 2 * r) for r in (0.0, 1.0) for s in SEEDS]),
            "r",
            ("x", "h"),
            "influence on n",
        ),
        ["of x, 1 at r = 0 and 1 at r = 1", "of h, 0 at r = 0 and 2 at r = 1"],
    ),
    "product_of_gates": (
        lambda: figures.product_of_gates(of_gates()),
        ["over 10 steps", "LSTM: 0.349 predicted, 0.107 with h held, 0.0282 all ways"],
    ),
    "heat_map": (
        lambda: figures.heat_map(
            pd.DataFrame(
                [[0, 3], [10, float("nan")]],
                index=["bias 0", "chrono"],
                columns=pd.Index([50, 100], name="steps"),
            ),
            "seeds out of 10 that solved it",
        ),
        ["Seeds out of 10 that solved it; steps: 50, 100.", "bias 0: 0, 3; chrono: 10, –."],
    ),
    "heat_map, tall": (
        lambda: figures.heat_map(tall(18, 5), "seeds that solved it"),
        ["at both ends of steps", "task 5, network 2: 85 at 0, 89 at 4"],
    ),
    "counter": (
        lambda: figures.counter(tracks(), "aabb"),
        ["after 2 times a", "seed 1 2, then 0"],
    ),
    "gates_over": (
        lambda: figures.gates_over(
            {"f": torch.tensor([[0.2, 0.4], [0.8, 1.0]]), "g": torch.tensor([[-1.0, 0], [0, 1]])},
            "xy",
        ),
        ["f 0.6, most at step 2, y, with 0.9, and least at step 1, x, with 0.3", "g 0, most"],
    ),
    "fitting": (
        lambda: figures.fitting(tidy()),
        ["After 300 updates", "lstm: loss 0.31 on the training data and 0.31 on the validation"],
    ),
    "differences": (
        lambda: figures.differences(
            {"here": {"a": (1, 0.5, 1.5), "b": (0.1, -0.5, 0.7), "c": (-2, -3, -1)}}, "gain"
        ),
        [
            "here: of 3, 1 decided as less, most of all c with −2 and 1 decided as more, most",
            "a with",
        ],
    ),
    "over_budgets": (
        lambda: figures.over_budgets(
            {
                "rows": {100: (2.0, 1.0, 3.0), 800: (0.1, -0.2, 0.4)},
                "names": {100: (-1.0, -2.0, -0.5), 800: (-1.0, -2.0, -0.5)},
            },
            "GRU",
            "LSTM",
            "points",
        ),
        [
            "Points. Of 2 tasks: after 100 updates GRU is ahead in 1, “rows”, LSTM is ahead in 1, “names” and 0",
            "after 800 updates LSTM is ahead in 1, “names” and 1 undecided.",
        ],
    ),
    "signed_map": (
        lambda: figures.signed_map(
            pd.DataFrame({"50": [1.25, -2.0, float("nan")]}, index=["a", "b", "c"]),
            pd.DataFrame({"50": [False, True, False]}, index=["a", "b", "c"]),
            "points",
        ),
        [
            "Of 2 differences: 0 decided and positive; 1 decided and negative, namely −2.0 for b at 50"
        ],
    ),
    "signed_map, tall": (
        lambda: figures.signed_map(tall(18, 5, -40.0), tall(18, 5) > 30, "points"),
        ["Of 90 differences: 49 decided and positive, most +49.0 for task 5, network 2 at 4"],
    ),
    "lines": (
        lambda: figures.lines(
            pd.DataFrame({"one": [1.0, 3.0, 2.0], "two": [1.5] * 3}).rename_axis("day"), "size"
        ),
        ["Size, over day 0 to 2.", "one, from 1 to 3, 1 at the first and 2 at the last", "1.5 thr"],
    ),
    "lines, years": (
        lambda: figures.lines(
            pd.DataFrame({"one": [1.0, 3.0]}, pd.Index([1964.33, 2001.92], name="year")), "ppm"
        ),
        ["Ppm, over year 1964 to 2002."],
    ),
    "forecast": (
        lambda: figures.forecast(*a_forecast(2), "spots"),
        [
            "Spots, known from 2000 to 2002, 30 at the last. Forecast for 2 periods",
            "31 for 2003, between 30 and 33, and 32 for 2004, between 31 and 34",
        ],
    ),
    "forecast, what came": (
        lambda: figures.forecast(
            *a_forecast(3),
            "spots",
            pd.Series([31, 39.5], pd.period_range("2003", "2004", freq="Y")),
        ),
        ["Forecast for 3 periods", "Of 2 values that came, 1 lie in their interval."],
    ),
    "against": (
        lambda: figures.against([0, 2], [1, 1], "the sum", "what is predicted"),
        ["2 points: the sum runs from 0 to 2, what is predicted 1 throughout", "1 apart"],
    ),
    "attention_map": (
        lambda: figures.attention_map(0.1 + 0.8 * torch.eye(4, 3), "1 b", "xy1"),
        [
            "“xy1” is written from “1 b”. Read most are for x 1, place 1, with 0.90; for y ␣, place 2",
            "; for the end 1, place 1, with 0.10.",
        ],
    ),
    "attention_map, long": (
        lambda: figures.attention_map(torch.eye(24, 46), "m" * 46, "W" * 23),
        ["For 24 of 24 characters more than half of the weight is on one."],
    ),
    "spectrogram": (
        lambda: figures.spectrogram(
            torch.eye(4).repeat_interleave(6, 0), 0.05, np.array([100.0, 300, 900, 2700]), "steps"
        ),
        ["Steps: 1.20 seconds in 4 bands.", "is at 100, 100, 300, 900, 900 and 2700 Hz."],
    ),
    "letters_over": (
        lambda: figures.letters_over(torch.eye(3)[[0, 0, 2, 1]], ["blank", "a", "b"]),
        ["4 steps.", "in their order: blank at 1 to 2, b at 3, a at 4."],
    ),
    "letters_over, long": (
        lambda: figures.letters_over(torch.eye(3)[[0, 1, 2] * 30], ["blank", "a", "b"]),
        [
            "90 steps. The most probable at each, in their order, without steps: blank, a, b, blank, a"
        ],
    ),
    "pictures": (
        lambda: figures.pictures({"a": torch.eye(3), "b": torch.zeros(3, 3)}),
        ["A, 3 by 3, with something in 3 of 9 places", "they agree in 6 of 9 places"],
    ),
    "shapes_of": (
        lambda: figures.shapes_of({"relu": torch.relu, "identity": lambda a: 1 * a}),
        ["relu runs from 0 to 5, its slope from 0 to 1", "its slope 1 throughout"],
    ),
    "output_and_h_n": (
        lambda: shapes.output_and_h_n(
            nn.GRU(3, 2, num_layers=2, bidirectional=True), torch.zeros(4, 1, 3)
        ),
        ["L = 2, D = 2, H = 2", "h_n[3] is layer 1, backward, at step 1"],
    ),
}
each = pytest.mark.parametrize("name", EXAMPLES)


@cache
def drawn(name: str) -> Picture:
    torch.manual_seed(0)
    torch.manual_seed(0)
    return EXAMPLES[name][0]()


@cache
def shown(name: str) -> dict[str, str]:
    return drawn(name)._repr_mimebundle_()


def test_every_kind_of_picture_has_an_example_here() -> None:
    kinds = {
        name
        for module in (figures, shapes)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and inspect.signature(function).return_annotation is Picture
    }
    assert kinds == {name.partition(",")[0] for name in EXAMPLES}


@each
def test_its_words_state_the_result(name: str) -> None:
    said = drawn(name).words.result
    for wanted in EXAMPLES[name][1]:
        assert wanted in said
    assert len(said) < 1000


@each
def test_a_notebook_shows_one_image_with_these_words(name: str) -> None:
    picture = drawn(name)
    bundle = shown(name)
    (tag,) = re.findall(r"<img\b[^>]*>", bundle["text/html"])
    assert html.unescape(re.search(r'\balt="([^"]*)"', tag)[1]) == picture.words.result
    assert bundle["text/plain"] == picture.words.result
    drawing = b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', tag)[1])
    assert ElementTree.fromstring(drawing).tag.endswith("svg") and len(drawing) < 200_000
    image = Image.open(BytesIO(b64decode(bundle["image/png"])))
    ground = tuple(int(GROUND[k : k + 2], 16) for k in (1, 3, 5))
    assert image.convert("RGB").getpixel((1, 1)) == ground  # opaque, in any theme


@each
def test_it_fits_a_small_window_and_can_be_read(name: str) -> None:
    picture = drawn(name)
    width, height = picture.size()
    assert width <= WIDEST and height <= HIGHEST + 1
    texts = [text for text in picture.findobj(Text) if text.get_text().strip()]
    assert texts and min(text.get_fontsize() for text in texts) >= 9


@each
def test_the_same_picture_has_the_same_bytes(name: str) -> None:
    torch.manual_seed(0)
    assert EXAMPLES[name][0]()._repr_mimebundle_() == shown(name)


def test_names_in_an_svg_are_numbered_in_their_order() -> None:
    one, other = (
        b'<use clip-path="url(#p7c508b6a97)"/><clipPath id="p7c508b6a97"/><clipPath id="p976b75a7db"/>',
        b'<use clip-path="url(#p2c4415aeba)"/><clipPath id="p2c4415aeba"/><clipPath id="p976b75a7db"/>',
    )
    assert settled(one) == settled(other)
    assert settled(one).count(b"clip-0") == 2 and settled(one).count(b"clip-1") == 1


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="words"):
        as_html(b"", "image/png", (10, 10), Words(" "))


def test_no_line_is_left_out() -> None:
    with pytest.raises(ValueError, match="4 lines, and 5 columns"):
        figures.lines(pd.DataFrame(np.ones((3, 5))), "what")


def test_words_are_escaped() -> None:
    shown = as_html(b"", "image/png", (1600, 460), Words('a "b" <c>', "d & e", "<p>f</p>"))
    assert 'alt="a &quot;b&quot; &lt;c&gt;"' in shown and "<summary>d &amp; e</summary>" in shown
    assert 'width="800" height="230"' in shown


def test_all_numbers_of_a_map_stand_in_a_table_below() -> None:
    more = drawn("heat_map, tall").words.more
    assert re.findall(r"<td>(.*?)</td>", more) == ["", *map(str, range(90))][1:]
    assert more.count('<th scope="row">') == 18 and more.count('<th scope="col">') == 6


def test_a_task_is_named_once_beside_its_rows_and_the_bar_says_what_is_shown() -> None:
    axes, bar = drawn("heat_map, tall").axes
    outer = [text.get_text() for text in axes.texts if text.get_text().startswith("task")]
    assert outer == [f"task {k}" for k in range(6)]
    assert {label.get_text() for label in axes.get_yticklabels()} == {
        f"network {k}" for k in range(3)
    }
    assert "seeds that solved it" in bar.get_ylabel().replace("\n", " ")


def test_a_wager_that_missed_looks_otherwise_and_what_is_far_outside_is_an_arrow() -> None:
    for name, rows in (("calibration", 1), ("calibration, many", 20)):
        axes = drawn(name).axes[0]
        marks = {}
        for line in axes.lines:
            marks.setdefault(int(line.get_ydata()[0]), []).append(line.get_marker())
        kinds = [["None", "o"], ["None", "D"], ["None", "<"], ["None", ">"]]
        assert marks == {k: kinds[k % 4] for k in range(rows)}
        places = [x for line in axes.lines for x in line.get_xdata()]
        assert axes.get_xlim()[0] < min(places) and max(places) < axes.get_xlim()[1]
        assert axes.get_title() == f"{-(-rows // 4)} of {rows} held; four in five are meant"
        assert [text.get_text() for text in axes.texts] == [f"C{k:02d}" for k in range(rows)]


def test_a_forecast_has_what_is_known_as_a_line_and_what_came_as_rings() -> None:
    known, found = a_forecast(2)
    came = pd.Series([35.0, 31.5], found.index)
    (axes,) = figures.forecast(known, found, "spots", came).axes
    drawn = {line.get_label(): line for line in axes.lines}
    assert {name: line.get_ydata().tolist() for name, line in drawn.items()} == {
        "known": [10, 20, 30],
        "median": [31, 32],
        "what came": [35, 31.5],
    }
    assert drawn["known"].get_xdata()[-1] < drawn["median"].get_xdata()[0]
    assert drawn["what came"].get_linestyle() == "None"
    (band,) = axes.collections
    assert {y for _, y in band.get_paths()[0].vertices} == {30, 31, 33, 34}


def lightness(colors: np.ndarray) -> np.ndarray:
    """CIE L* of sRGB colors, (N, 3)."""
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16


def test_a_map_grows_darker_in_even_steps() -> None:
    """So it is told apart in gray print and by color-blind eyes, and no step looks larger than another."""
    steps = np.diff(lightness(figures.SIZES(np.linspace(0, 1, 33))[:, :3]))
    assert (steps < 0).all() and steps.min() / steps.max() < 1.25


def test_numbers_on_a_map_can_be_read() -> None:
    for color in figures.SIZES(np.linspace(0, 1, 33)):
        dark = lightness(np.array([color[:3]]))[0]
        y = ((dark + 16) / 116) ** 3
        contrast = (y + 0.05) / 0.05 if ink_on(color) == "black" else 1.05 / (y + 0.05)
        assert contrast >= 4.5


def brightness(color: str) -> float:
    """Relative luminance, from 0 to 1."""
    return ((lightness(np.array([to_rgb(color)]))[0] + 16) / 116) ** 3


@each
def test_every_text_stands_out_from_its_ground(name: str) -> None:
    for text in drawn(name).findobj(Text):
        inside = text.get_gid() is None and isinstance(text.axes, Axes) and text in text.axes.texts
        chip = text.get_bbox_patch()
        if (
            not text.get_text().strip()
            or (inside and text.axes.images)
            or text.get_weight() == "bold"
        ):
            continue  # on a map, a chip or a flag: another ground
        assert chip is None
        low, high = sorted([brightness(text.get_color()), brightness(GROUND)])
        assert (high + 0.05) / (low + 0.05) >= 4.5, text.get_text()


def test_a_letter_on_its_color_can_be_read() -> None:
    for axes in drawn("gates_over").axes:
        if axes.get_title():
            chip = axes.title.get_bbox_patch().get_facecolor()
            pair = [brightness(axes.title.get_color()), brightness(to_hex(chip))]
            assert (max(pair) + 0.05) / (min(pair) + 0.05) >= 4.5


@pytest.mark.parametrize("name", ["pictures", "gates_over", "digit_and_states", "heat_map"])
def test_an_image_has_no_lines_along_two_of_its_sides(name: str) -> None:
    for axes in drawn(name).axes:
        if axes.images:
            assert not any(spine.get_visible() for spine in axes.spines.values())


FIRST = """
import json, sys
late = ["matplotlib", "scipy.stats", "sklearn", "sktime", "faker"]
for name, source in json.load(sys.stdin).items():
    exec(source, {"__name__": "lesson"})
    print(name, "loads", *(name for name in late if name in sys.modules))
"""


def test_first_cells_say_what_they_do_and_load_no_more() -> None:
    cells = {path.stem: build.load(path).notebook.cells for path in build.lessons()}
    first = {
        name: next(c.source for c in of if c.cell_type == "code") for name, of in cells.items()
    }
    command = [sys.executable, "-c", FIRST]
    given = json.dumps(first)
    told = subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout
    lines = told.splitlines()
    assert all(line.startswith("Loading PyTorch and the course") for line in lines[::2])
    assert lines[1::2] == [f"{name} loads" for name in first]


def test_what_comes_late_is_there_when_it_is_used() -> None:
    code = (
        "from gates import figures, shapes, drawings; import torch; import gates.figures as real; "
    )
    code += "assert figures.lines is real.lines and 'lines' in dir(figures); "
    code += "assert drawings.lstm_cell().words and shapes.LINE"
    subprocess.run([sys.executable, "-c", code], check=True)
