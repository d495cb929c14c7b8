"""Each drawing is sound SVG, names its letters in words and may stand beside the others."""

import html
import re
from base64 import b64decode
from functools import cache
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from gates import drawings
from gates.figures import COLORS
from gates.picture import HIGHEST, WIDEST

LETTERS = {
    "rnn_cell": ["x_t", "h_{t−1}", "h_t", "W_hh", "W_ih", "b_hh", "b_ih"],
    "lstm_cell": ["f", "i", "g", "o", "x_t", "c_{t−1}", "c_t", "h_{t−1}", "h_t"],
    "gru_cell": ["r", "z", "n", "x_t", "h_{t−1}", "h_t", "W_hn", "b_hn", "W_in", "b_in"],
    "unrolled": ["W", "x_t", "h_t", "h_{t−1}", "h_0", "∂h_T/∂h_{T−1}", "∂h_2/∂h_1"],
}
GATES = {"rnn_cell": "h", "lstm_cell": "figoch", "gru_cell": "rznh", "unrolled": "h"}
SVG = "{http://www.w3.org/2000/svg}"
each = pytest.mark.parametrize("name", LETTERS)


@cache
def drawn(name: str) -> drawings.Drawing:
    return getattr(drawings, name)()


@each
def test_words_name_every_letter(name):
    words = drawn(name).words
    missing = [k for k in LETTERS[name] if not re.search(rf"(?<!\w){re.escape(k)}(?!\w)", words)]
    assert not missing


@each
def test_svg_is_sound_and_says_what_it_shows(name):
    drawing = drawn(name)
    root = ElementTree.fromstring(drawing.svg)
    title, desc = root[:2]
    assert (root.get("role"), title.tag, desc.tag) == ("img", f"{SVG}title", f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text and desc.text == drawing.words
    assert drawing.svg.startswith("<svg")
    assert not re.search(r"<style|<metadata|<text|clip-path", drawing.svg)


@each
def test_same_bytes_whatever_the_style_and_the_style_is_left_alone(name):
    first = drawn(name)
    with plt.style.context("dark_background"):
        before = dict(mpl.rcParams, backend="")
        assert getattr(drawings, name)() == first
        assert dict(mpl.rcParams, backend="") == before


def test_no_id_in_common_and_every_reference_has_its_id():
    met = set()
    for drawing in [*map(drawn, LETTERS), drawings.unrolled(3)]:
        ids = re.findall(r'\bid="([^"]*)"', drawing.svg)
        assert met.isdisjoint(ids)
        assert set(re.findall(r'href="#([^"]*)"', drawing.svg)) <= set(ids)
        met.update(ids)


@each
def test_the_colors_of_its_letters_are_in_it(name):
    assert all(COLORS[letter].lower() in drawn(name).svg for letter in GATES[name])


def luminance(color: str) -> float:
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.mark.parametrize("letter", "figorzn")
def test_text_on_a_color_has_a_contrast_of_4_5(letter):
    text = {"white": 1.0, "black": 0.0}[drawings._ink(letter)]
    dark, light = sorted([text, luminance(COLORS[letter])])
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@each
def test_it_is_small_and_its_words_are_heard_and_stand_below(name):
    drawing = drawn(name)
    bundle = drawing._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    shown = bundle["text/html"]
    said = html.unescape(re.search(r'<img[^>]* alt="([^"]*)"', shown)[1])
    assert said.startswith(f"Drawing: {drawing.title}. ") and len(said) < 400
    assert drawing.words in html.unescape(shown.split("<details>")[1])
    inside = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', shown)[1]
    assert b64decode(inside).decode() == drawing.svg and len(drawing.svg.encode()) < 150_000
    png = b64decode(bundle["image/png"])
    assert png.startswith(b"\x89PNG") and len(png) < 80_000


@each
def test_its_letters_can_be_read_where_it_is_shown(name):
    width, height = drawn(name).size
    shrink = min(1, WIDEST / width, HIGHEST / height)
    assert drawings.POINT * shrink * drawings.WORD >= 9  # in points, as for print


@pytest.mark.parametrize("steps", [1, 6])
def test_unrolled_draws_two_to_five_copies(steps):
    with pytest.raises(ValueError, match="2 to 5"):
        drawings.unrolled(steps)
