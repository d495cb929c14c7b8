"""A padded batch, read rightly."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import made, rough
from gates.exercises.common.seen import error
from gates.exercises.common.slips import slip


def read_padded(layer: nn.GRU, xs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """What a bidirectional layer makes of samples of different lengths, without the padding.

    layer: an nn.GRU with bidirectional=True and batch_first=True. xs: padded to T steps, (B, T,
    I). lengths: (B,), in any order. Returns the output, (B, T, 2H), zero where there is
    padding, and h_n, (2, B, H).
    """
    packed = pack_padded_sequence(xs, lengths, batch_first=True, enforce_sorted=False)
    ys, h_n = layer(packed)
    ys, _ = pad_packed_sequence(ys, batch_first=True, total_length=xs.shape[1])
    return ys, h_n


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for I, H, T, lengths in [(3, 2, 6, [2, 5, 3, 4]), (2, 3, 5, [3, 1, 4])]:
            layer = rough(nn.GRU(I, H, bidirectional=True, batch_first=True).double())
            xs = torch.randn(len(lengths), T, I, dtype=torch.float64)
            found.append((layer, xs, torch.tensor(lengths)))
        return found

    return made(11, make)


def _zero_behind(ys: Tensor, lengths: Tensor) -> Tensor:
    mask = torch.arange(ys.shape[1]) < lengths[:, None]
    return ys * mask[:, :, None]


def _packed(
    unsort: bool = True,
    total: bool = True,
    batch_first: bool = True,
    out_first: bool = True,
    unsort_h: bool = True,
) -> Callable:
    """Packing by hand, with the batch sorted and put back."""

    def run(layer: nn.GRU, xs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        order = lengths.argsort(descending=True, stable=True)
        back = order.argsort()
        if not batch_first:
            packed = pack_padded_sequence(xs, lengths, batch_first=False, enforce_sorted=False)
        else:
            packed = pack_padded_sequence(xs[order], lengths[order], batch_first=True)
        ys, h_n = layer(packed)
        size = xs.shape[1] if total else None
        ys, _ = pad_packed_sequence(ys, batch_first=True, total_length=size)
        if batch_first and unsort:
            ys = ys[back]
        if batch_first and unsort and unsort_h:
            h_n = h_n[:, back]
        return (ys if out_first else ys.transpose(0, 1)), h_n

    return run


def _forward_cut(layer: nn.GRU, xs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Read with the padding; the forward state taken at the last real step, the backward one as it comes."""
    ys, h_n = layer(xs)
    H = layer.hidden_size
    forward = ys[torch.arange(len(lengths)), lengths - 1, :H]
    return _zero_behind(ys, lengths), torch.stack([forward, h_n[1]])


EXERCISE = coding(
    read_padded,
    asks="a padded batch, read rightly",
    probes=probes,
    outputs=("the output", "h_n"),
    errors=(
        error("sorted in decreasing order", "unsorted-lengths"),
        error(r"equal to batch_size|start .* exceeds dimension", "packed-without-batch-first"),
    ),
    shapes="xs is (B, T, I), the output (B, T, 2H), h_n (2, B, H).",
    slips=[
        slip(
            "padding-read-along",
            "The backward direction reads the padding before it comes to the sample.",
            "Pack the batch with its lengths, so that each sample is read from its own end.",
            whole=lambda layer, xs, lengths: layer(xs),
        ),
        slip(
            "padding-read-along",
            whole=lambda layer, xs, lengths: (_zero_behind(layer(xs)[0], lengths), layer(xs)[1]),
            detail="The output is masked afterwards, which is too late.",
        ),
        slip(
            "padding-read-along",
            whole=_forward_cut,
            detail="Only the forward state is taken at the right step.",
        ),
        slip(
            "padding-read-along",
            whole=lambda layer, xs, lengths: (layer(xs)[0], _forward_cut(layer, xs, lengths)[1]),
            detail="Only the forward state is taken at the right step.",
        ),
        slip("never-unsorted", whole=_packed(unsort=False)),
        slip("never-unsorted", whole=_packed(unsort_h=False), detail="It is h_n."),
        slip(
            "never-unsorted",
            whole=_packed(unsort=False, total=False),
            detail="The padding is cut, too.",
        ),
        slip("packed-without-batch-first", whole=_packed(batch_first=False)),
        slip("packed-without-batch-first", whole=_packed(batch_first=False, total=False)),
        slip(
            "padded-to-the-longest",
            "The output is padded to the longest sample, not to the T steps of the input.",
            "pad_packed_sequence(…, total_length=T) gives T steps back.",
            whole=_packed(total=False),
        ),
        slip(
            "output-time-first",
            "The output comes back with time first.",
            "Batches are (B, T, I) here, and pad_packed_sequence has a batch_first of its own: pass batch_first=True.",
            whole=_packed(out_first=False),
        ),
        slip("output-time-first", whole=_packed(out_first=False, total=False)),
    ],
)
