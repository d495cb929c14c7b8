"""A picture that carries its words: an HTML image with alternative text, which notebooks and pages keep.

JupyterLab and nbconvert drop what an SVG says of itself, and show a bare PNG without a word. An `<img alt=…>` in HTML
survives in both, also in a notebook that is not trusted yet. The words state the result; what would be too long to be
heard at once stands folded below the picture.

Images are SVG, so that letters stay sharp where a page is enlarged. The ground is a soft, opaque off-white with a
rounded edge, in both themes. Lines and letters have the course's colors, which prose names, and these are legible on a
light ground only: without a ground the black letters would be lost in the dark theme, and inverted the colors would. In
the dark theme of a notebook that is trusted the whole is dimmed.
"""

import html
import io
import re
from base64 import b64encode
from dataclasses import dataclass

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

GROUND = "#F6F4EE"
WIDEST, HIGHEST = (
    800,
    458,
)  # CSS pixels, without the border: what a notebook in a small laptop's window has room for
PIXELS = 96  # in an inch, as CSS counts
_DIMMED = ", ".join(
    f"{where} .gates-picture" for where in ('[data-jp-theme-light="false"]', "body.vscode-dark")
)
STYLE = f"<style>{_DIMMED} {{ filter: brightness(0.78); }}</style>"

mpl.rcParams.update(
    {
        "figure.dpi": PIXELS,
        "figure.facecolor": GROUND,
        "axes.facecolor": GROUND,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.size": 11,
        "axes.titlesize": 11,
        "legend.frameon": False,
    }
)


@dataclass(frozen=True)
class Words:
    """What a picture shows. result: its alternative text. more: what stands folded below it, as HTML, behind a title."""

    result: str
    title: str = ""
    more: str = ""


def numbers(table: pd.DataFrame) -> str:
    """A table of texts as HTML, with a heading for each row and column, so that it can be read place by place."""
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in table.columns)
    name = html.escape(str(table.columns.name or table.index.name or ""))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(str(label))}</th>'
        + "".join(f"<td>{html.escape(str(value))}</td>" for value in row)
        + "</tr>"
        for label, row in zip(table.index, table.to_numpy(), strict=True)
    )
    corner = f'<th scope="col">{name}</th>' if name else "<td></td>"
    return f"<table><thead><tr>{corner}{head}</tr></thead><tbody>{rows}</tbody></table>"


def as_html(image: bytes, kind: str, size: tuple[float, float], words: Words) -> str:
    """An image with its words. kind: its media type. size: in CSS pixels; a larger one is shown as large as fits."""
    if not words.result.strip():
        raise ValueError("A picture needs words that state its result.")
    shrink = min(1, WIDEST / size[0], HIGHEST / size[1])
    width, height = (round(side * shrink) for side in size)
    style = (
        f"max-width: 100%; height: auto; background: {GROUND}; "
        "border: 1px solid #C9C6BC; border-radius: 8px; box-sizing: content-box"
    )
    source = f"data:{kind};base64,{b64encode(image).decode('ascii')}"
    shown = (
        f'{STYLE}<img class="gates-picture" alt="{html.escape(words.result)}" src="{source}" '
        f'width="{width}" height="{height}" style="{style}">'
    )
    if words.more:
        title = html.escape(words.title)
        shown += f"<details><summary>{title}</summary>{words.more}</details>"
    return shown


def settled(svg: bytes) -> bytes:
    """An SVG of matplotlib's whose names are numbered in their order, so that the same picture has the same bytes.

    Matplotlib makes the name of a clipped area from its unrounded bounds, and the solver behind the layout gives these
    with another last digit now and then.
    """
    names: dict[bytes, bytes] = {}

    def numbered(found: re.Match) -> bytes:
        return names.setdefault(found[0], b"clip-%d" % len(names))

    return re.sub(rb"\bp[0-9a-f]{10}\b", numbered, svg)


def small(image: Image.Image) -> bytes:
    """An image as PNG with few colors, for what does not show HTML."""
    file = io.BytesIO()
    few = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(file, format="png", optimize=True)
    return file.getvalue()


class Picture(Figure):
    """A figure of matplotlib that a notebook shows with its words. As a cell's last line it is shown, once."""

    words: Words

    def size(self) -> tuple[float, float]:
        """Width and height in CSS pixels."""
        width, height = self.get_size_inches() * PIXELS
        return float(width), float(height)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        """HTML for notebooks and pages, PNG for what shows no HTML, such as LaTeX, and the words alone."""
        drawn, plain = io.BytesIO(), io.BytesIO()
        undated = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "gates"}):
            self.savefig(drawn, format="svg", dpi=2 * PIXELS, metadata=undated)
        self.savefig(plain, format="png", dpi=PIXELS)
        return {
            "text/html": as_html(
                settled(drawn.getvalue()), "image/svg+xml", self.size(), self.words
            ),
            "image/png": b64encode(small(Image.open(plain))).decode("ascii"),
            "text/plain": self.words.result,
        }
