"""The picture of `output` and `h_n` and its words hold torch's own numbers, at the right steps."""

import re

import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation
from torch import Tensor, nn

from gates.shapes import describe_output_and_h_n, output_and_h_n

KINDS = pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
STACKS = pytest.mark.parametrize(("L", "D"), [(L, D) for L in (1, 2, 3) for D in (1, 2)])


def setting(kind: type = nn.GRU, L: int = 2, D: int = 2, **options) -> tuple[nn.RNNBase, Tensor]:
    torch.manual_seed(0)
    layer = kind(3, 2, num_layers=L, bidirectional=D == 2, **options)
    return layer, torch.randn(4, 3, 3)


def returned(layer: nn.RNNBase, xs: Tensor) -> tuple[Tensor, Tensor]:
    output, states = layer(xs)
    return output, states[0] if isinstance(states, tuple) else states


def printed(numbers: Tensor) -> list[str]:
    return [f"{round(number, 2) + 0.0:.2f}" for number in numbers.flatten().tolist()]


def marked(axes: Axes, gid: str) -> Rectangle:
    (patch,) = [patch for patch in axes.patches if patch.get_gid() == gid]
    return patch


def inside(axes: Axes, patch: Rectangle) -> list[str]:
    """The numbers in a marked place, column by column from the left, each from top to bottom."""
    texts = [text for text in axes.texts if text.get_gid() == "number"]
    found = [text for text in texts if patch.get_bbox().contains(*text.get_position())]
    ordered = sorted(found, key=lambda text: (text.get_position()[0], -text.get_position()[1]))
    return [text.get_text() for text in ordered]


@KINDS
@STACKS
@pytest.mark.parametrize("sample", [0, 2])
def test_the_marked_numbers_are_torchs(kind: type, L: int, D: int, sample: int) -> None:
    layer, xs = setting(kind, L, D)
    axes = output_and_h_n(layer, xs, sample).axes[0]
    output, h_n = returned(layer, xs)
    assert inside(axes, marked(axes, "output")) == printed(output[:, sample])
    for j in range(L * D):
        assert inside(axes, marked(axes, f"h_n[{j}]")) == printed(h_n[j, sample]), j
    assert len([text for text in axes.texts if text.get_gid() == "number"]) == 4 * L * D * 2


@STACKS
def test_h_n_and_the_arrows_end_at_the_last_step_that_is_read(L: int, D: int) -> None:
    axes = output_and_h_n(*setting(L=L, D=D)).axes[0]
    steps = {t.get_position()[0]: t.get_text() for t in axes.texts if t.get_gid() == "step"}
    arrows = [text for text in axes.texts if isinstance(text, Annotation)]
    assert len(arrows) == 3 * L * D
    floors = [marked(axes, f"h_n[{j}]").get_y() for j in range(0, L * D, D)]
    assert floors == sorted(floors)  # the lowest layer is at the bottom
    for j in range(L * D):
        (_, low), (_, high) = marked(axes, f"h_n[{j}]").get_bbox().get_points()
        (flag,) = [text for text in axes.texts if text.get_text() == f"h_n[{j}]"]
        backward = j % 2 == 1 and D == 2
        assert low < flag.get_position()[1] < high
        assert steps[flag.get_position()[0]] == ("1" if backward else "4")
        row = [arrow for arrow in arrows if low < arrow.xy[1] < high]
        assert [arrow.xy[0] < arrow.xyann[0] for arrow in row] == [backward] * 3


@STACKS
def test_the_shapes_are_the_actual_ones(L: int, D: int) -> None:
    layer, xs = setting(L=L, D=D)
    output, h_n = (tuple(states.shape) for states in returned(layer, xs))
    words = describe_output_and_h_n(layer, xs)
    assert f"output has the shape (T, B, D·H) = {output}." in words
    assert f"h_n has the shape (L·D, B, H) = {h_n}." in words
    texts = "\n".join(text.get_text() for text in output_and_h_n(layer, xs).axes[0].texts)
    assert f"output (T, B, D·H) = {output}:" in texts and f"h_n (L·D, B, H) = {h_n}:" in texts


@KINDS
@STACKS
def test_the_words_name_each_entry_of_h_n_with_its_step(kind: type, L: int, D: int) -> None:
    layer, xs = setting(kind, L, D)
    said = describe_output_and_h_n(layer, xs, sample=1)
    assert said == describe_output_and_h_n(layer, xs, sample=-2)
    output, h_n = returned(layer, xs)
    for t in range(4):
        assert f"output[{t}] belongs to step {t + 1}: {', '.join(printed(output[t, 1]))}." in said
    for j in range(L * D):
        (line,) = re.findall(rf"^h_n\[{j}\] is .*$", said, re.M)
        backward = j % 2 == 1 and D == 2
        assert f"layer {j // D}" in line and ("backward" in line) == backward
        assert f"at step {1 if backward else 4}: {', '.join(printed(h_n[j, 1]))}." in line
        half = ("the second half of " if backward else "the first half of ") if D == 2 else ""
        place = f"{half}output[{0 if backward else 3}]" if j // D == L - 1 else "not in output"
        assert line.endswith(f"It is {place}.")


@pytest.mark.parametrize("draw", [output_and_h_n, describe_output_and_h_n])
def test_what_cannot_be_shown_raises(draw) -> None:
    with pytest.raises(ValueError, match="batch_first=False"):
        draw(*setting(batch_first=True))
    layer, xs = setting(dropout=0.5)
    with pytest.raises(ValueError, match="eval"):
        draw(layer, xs)
    with pytest.raises(ValueError, match=r"\(T, B, I\)"):
        draw(layer.eval(), xs[:, 0])
    with pytest.raises(IndexError):
        draw(layer, xs, sample=3)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (nn.RNN, {"nonlinearity": "relu"}),
        (nn.LSTM, {"proj_size": 1}),
        (nn.GRU, {"bias": False, "dtype": torch.float64}),
    ],
)
def test_other_options_and_no_random_number_is_used(kind: type, options: dict) -> None:
    layer, xs = setting(kind, **options)
    before = torch.get_rng_state()
    output_and_h_n(layer, xs.to(options.get("dtype", torch.float32)))
    assert torch.equal(torch.get_rng_state(), before)
