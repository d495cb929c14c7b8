"""A layer with dropout."""

import warnings
from collections.abc import Callable

import torch
from torch import nn

from gates.exercises.common.coding import coding
from gates.exercises.common.slips import same
from gates.exercises.lesson11.reader.slips import SLIPS


def reader(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    """An LSTM of one layer for batches (B, T, I), and a module that drops out its output.

    p: the share of numbers that is dropped in training; the layer itself drops nothing. Returns
    the pair (layer, drop); they are used as drop(layer(x)[0]), which is (B, T, H).
    """
    return nn.LSTM(I, H, batch_first=True), nn.Dropout(p)


def variant(
    batch_first=True,
    dropout_inside=False,
    share=same,
    sizes=lambda I, H: (I, H),
    drop=nn.Dropout,
    whole=None,
) -> Callable:
    """A layer and the module for its output, with their parts exchangeable."""

    def made(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inside = p if dropout_inside else 0.0
            layer = nn.LSTM(*sizes(I, H), batch_first=batch_first, dropout=inside)
        return layer, nn.Identity() if dropout_inside else drop(share(p))

    return whole or made


def _reader_behavior(pair: tuple, arguments: tuple) -> tuple:
    """The layer's kind; whether samples stay apart; in training and evaluation, the share dropped and whether all is left.

    The dropout may work in place, so it is given a copy.
    """
    layer, drop = pair
    I, H, p = arguments
    kind = (
        isinstance(layer, nn.LSTM),
        layer.num_layers == 1,
        not layer.bidirectional,
        layer.bias,
        layer.proj_size == 0,
        layer.input_size == I,
        layer.hidden_size == H,
        layer.training and drop.training,
    )
    kind, inside = tuple(map(int, kind)), int(layer.dropout > 0)
    if layer.input_size != I:
        return *kind, inside, -1, -1.0, -1, -1, -1, -1.0, -1
    x = torch.randn(32, 5, I)
    other = torch.cat([x[:1] + 1, x[1:]])
    layer.eval()
    apart = torch.equal(layer(x)[0][1:], layer(other)[0][1:])
    shares = []
    for training_mode in (True, False):
        layer.train(training_mode)
        drop.train(training_mode)
        ys = layer(x)[0]
        dropped = drop(ys.clone())
        share = (dropped == 0).double().mean().item()
        known = (0.0, p, 1 - p, 0.5)
        shares.append(min(known, key=lambda one, share=share: abs(one - share)))
        shares.append(int(torch.equal(dropped, ys)))
        if training_mode:
            whole = (dropped == 0).all(-1) | (dropped != 0).all(-1)
            shares.append(int(bool(whole.all()) and share > 0))
            shares.append(int(not torch.equal(dropped, drop(ys.clone()))))
    return *kind, inside, int(apart), *shares


EXERCISE = coding(
    reader,
    asks="a layer with dropout",
    probes=lambda: [(5, 64, 0.3), (3, 48, 0.2)],
    outputs=(
        "whether the layer is an nn.LSTM",
        "whether it is one layer",
        "whether it reads in one direction",
        "whether it has biases",
        "whether it is without a projection",
        "whether its input size is I",
        "whether its hidden size is H",
        "whether both are in training mode, as new modules are",
        "whether the layer itself drops out",
        "the batch dimension",
        "the share that is dropped",
        "whether all is left",
        "whether whole steps are dropped",
        "whether what is dropped is drawn anew each time",
        "the share that is dropped in evaluation",
        "whether all is left in evaluation",
    ),
    variant=variant,
    reads=_reader_behavior,
    returns="It should return the pair (layer, drop), an nn.LSTM and a module.",
    slips=SLIPS,
)
