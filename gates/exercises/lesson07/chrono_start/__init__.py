"""Biases for memories of many lengths."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.modules import LEARNS, learns
from gates.exercises.common.probing import made
from gates.exercises.common.seen import error
from gates.exercises.common.slips import same
from gates.exercises.lesson07.chrono_start.slips import SLIPS


def chrono_start(layer: nn.LSTM, T: int) -> nn.LSTM:
    """A layer whose memories start out lasting from 1 to T steps, a different time for each unit.

    layer: an nn.LSTM of one layer. T: the longest time, in steps, above 2.
    The two forget biases of a unit add up to log(u), with u drawn evenly between 1 and T - 1, and
    its two input biases to -log(u). All else stays as it was. Returns the same layer, changed.
    """
    H = layer.hidden_size
    b = torch.log(1 + (T - 2) * torch.rand(H))
    with torch.no_grad():
        layer.bias_ih_l0[:H], layer.bias_ih_l0[H : 2 * H] = -b, b
        layer.bias_hh_l0[: 2 * H] = 0
    return layer


def probes() -> Probes:
    """Wide enough that the spread of what is drawn can be told."""

    def make() -> Probes:
        return [(nn.LSTM(3, 600), 60), (nn.LSTM(2, 300), 20)]

    return made(71, make)


def variant(
    draw=lambda H, T: 1 + (T - 2) * torch.rand(H),
    squeeze=torch.log,
    of_input=lambda b: -b,
    of_forget=same,
    first=lambda old, new: new,
    second=lambda old, new: torch.zeros_like(old),
    rows=(0, 1),
    rest=lambda layer: None,
) -> Callable:
    """Biases drawn for many times, with the parts of it exchangeable. None leaves a bias as it was."""

    def start(layer: nn.LSTM, T: int) -> nn.LSTM:
        H = layer.hidden_size
        b = squeeze(draw(H, T))
        with torch.no_grad():
            rest(layer)
            for row, of in zip(rows, (of_input, of_forget), strict=True):
                if of is None:
                    continue
                block = slice(row * H, (row + 1) * H)
                layer.bias_ih_l0[block] = first(layer.bias_ih_l0[block], of(b))
                layer.bias_hh_l0[block] = second(layer.bias_hh_l0[block], of(b))
        return layer

    return start


def _biases(layer: nn.LSTM) -> tuple[Tensor, Tensor]:
    """The biases of the input gates and of the forget gates, each the sum of two."""
    return (layer.bias_ih_l0 + layer.bias_hh_l0).detach().double().chunk(4)[:2]


def _how_opened(layer: nn.LSTM, arguments: tuple) -> tuple[int | float, ...]:
    """What can be said of biases that are drawn; the times they stand for are compared with even ones."""
    _, T = arguments
    before = next(made for made, of in probes() if of == T)
    i, f = _biases(layer)
    old_i, old_f = _biases(before)
    times = f.clamp(max=50).exp().sort().values
    even = torch.linspace(1, T - 1, len(times), dtype=torch.float64)
    H, rest = layer.hidden_size, []
    for name, now in layer.named_parameters():
        old = dict(before.named_parameters())[name].detach()
        skipped = 2 * H if "bias" in name else 0
        rest.append(torch.equal(now.detach()[skipped:], old[skipped:]))
    return (
        int(torch.allclose(f, old_f)),
        int(torch.allclose(i, old_i)),
        int(torch.allclose(i, -f, atol=1e-5)),
        int(torch.allclose(i, -f, atol=0.2)),
        int(torch.allclose(i, f, atol=1e-5)),
        int(i.abs().max() < 0.3),
        int(times[0] < 1.9),
        int(times[0] > 0.9 and times[-1] < 1.06 * T),
        int((times - even).abs().max() < 0.12 * T),
        int(times.quantile(0.25) < 0.2 * T) - int(times.quantile(0.25) > 0.35 * T),
        int(f.max() - f.min() > 1e-3),
        int(1 / times[-1] > 0.9 and 1 / times[0] < 1.06 * T),
        int(f.median() > 10),
        int(torch.allclose(i - old_i, old_f - f, atol=1e-5)),
        int(all(rest)),
        learns(layer),
    )


EXERCISE = coding(
    chrono_start,
    asks="biases for memories of many lengths",
    probes=probes,
    draws=True,
    outputs=(
        "whether the forget biases are as they were",
        "whether the input biases are as they were",
        "whether an input bias is minus the forget bias",
        "whether it is nearly so",
        "whether an input bias equals the forget bias",
        "whether the input biases are near zero",
        "whether the shortest times are near 1",
        "whether all times lie between 1 and T − 1",
        "whether the times are spread evenly",
        "whether the times crowd near 1 or in the middle",
        "whether the units differ",
        "whether the input gates have what the forget gates should",
        "whether the biases are as large as times",
        "whether what was added to the input biases is minus what was added to the forget biases",
        "whether all else is as it was",
        LEARNS,
    ),
    variant=variant,
    pairs=False,
    errors=(error("in-?place", "no-grad-missing"),),
    reads=_how_opened,
    returns="It should return the layer it was given, changed.",
    slips=SLIPS,
)
