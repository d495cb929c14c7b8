"""Mistakes in a reading at the last real step."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from gates.exercises.common.slips import slip


def _read(pick: Callable) -> Callable:
    """A classifier that reads what `pick` takes from the outputs, (B, T, H), and the lengths."""
    return lambda layer, head, xs, lengths: head(pick(layer(xs)[0], lengths))


def _at(ys: Tensor, steps: Tensor) -> Tensor:
    return ys[torch.arange(len(steps)), steps]


def _sorted_only(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
    """Packed after sorting by hand, and never put back."""
    order = lengths.argsort(descending=True, stable=True)
    _, h_n = layer(pack_padded_sequence(xs[order], lengths[order], batch_first=True))
    return head(h_n[-1])


def _ascending(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
    order = lengths.argsort(stable=True)
    return head(_at(layer(xs[order])[0], lengths[order] - 1))


def _packed_state(pick: Callable) -> Callable:
    """A classifier that reads what `pick` takes from h_n, (1, B, H), of a packed run."""

    def logits(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(xs, lengths, batch_first=True, enforce_sorted=False)
        return head(pick(layer(packed)[1]))

    return logits


def _masked(ys: Tensor, lengths: Tensor) -> Tensor:
    mask = torch.arange(ys.shape[1]) < lengths[:, None]
    return ys * mask[:, :, None]


def _masked_input(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
    return head(layer(_masked(xs, lengths))[0][:, -1])


def _masked_at_longest(ys: Tensor, lengths: Tensor) -> Tensor:
    return _masked(ys, lengths)[:, lengths.max() - 1]


def _mean_of_real(ys: Tensor, lengths: Tensor) -> Tensor:
    return _masked(ys, lengths).sum(1) / lengths[:, None]


def _packed_without_batch_first(
    layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor
) -> Tensor:
    return head(layer(pack_padded_sequence(xs, lengths, enforce_sorted=False))[1][-1])


def _moved(fill: Callable) -> Callable:
    """Each sample is moved to the end of its row; `fill` makes of (sample, length) what then stands in the row."""

    def logits(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
        moved = torch.stack([fill(x, n) for x, n in zip(xs, lengths.tolist(), strict=True)])
        return head(layer(moved)[0][:, -1])

    return logits


def _rolled(x: Tensor, n: int) -> Tensor:
    return x.roll(len(x) - n, 0)


def _zeros_before(x: Tensor, n: int) -> Tensor:
    return torch.cat([torch.zeros_like(x[n:]), x[:n]])


SLIPS = [
    slip(
        "moved-to-the-end",
        "Each sample is moved to the end of its row, so the layer reads padding before it comes to the sample.",
        "Leave the samples where they are, and pick each one's output at its own last step, lengths − 1.",
        whole=_moved(_rolled),
        lesson="05",
        seen=("facebookresearch/fairseq#851",),
    ),
    slip("moved-to-the-end", whole=_moved(_zeros_before), detail="There are zeros before it."),
    slip(
        "moved-to-the-end",
        whole=_moved(lambda x, n: torch.cat([x[n:], x[:n]]).flip(0)),
        detail="And it is read backward.",
    ),
    slip(
        "moved-to-the-end", whole=_moved(lambda x, n: x.flip(0)), detail="And it is read backward."
    ),
    slip("last-padded-step", whole=_read(lambda ys, lengths: ys[:, -1])),
    slip(
        "last-padded-step",
        whole=_masked_input,
        detail="The padding is set to zero, and still read.",
    ),
    slip(
        "last-padded-step",
        whole=_read(lambda ys, lengths: _masked(ys, lengths)[:, -1]),
        detail="The output is masked, and then read at a place that is masked.",
    ),
    slip(
        "last-padded-step",
        whole=_read(_masked_at_longest),
        detail="The output is masked, and then read at a place that is masked.",
    ),
    slip("length-as-index", whole=_read(lambda ys, lengths: _at(ys, lengths))),
    slip(
        "length-as-index",
        whole=_read(lambda ys, lengths: _at(ys, lengths.clamp(max=ys.shape[1] - 1))),
    ),
    slip("step-before-last", whole=_read(lambda ys, lengths: _at(ys, (lengths - 2).clamp(min=0)))),
    slip("step-before-last", whole=_read(lambda ys, lengths: _at(ys, lengths - 2))),
    slip("one-length-for-all", whole=_read(lambda ys, lengths: ys[:, lengths.max() - 1])),
    slip("one-length-for-all", whole=_read(lambda ys, lengths: ys[:, lengths.min() - 1])),
    slip("one-length-for-all", whole=_read(lambda ys, lengths: ys[:, lengths[0] - 1])),
    slip("one-length-for-all", whole=_read(lambda ys, lengths: ys[:, lengths[-1] - 1])),
    slip("averages-padding", whole=_read(lambda ys, lengths: ys.mean(1))),
    slip(
        "averages-padding",
        whole=_read(lambda ys, lengths: _masked(ys, lengths).mean(1)),
        detail="It is left out of the sum and counted all the same.",
    ),
    slip("averages-steps", whole=_read(_mean_of_real)),
    slip("sample-for-step", whole=_read(lambda ys, lengths: ys[-1])),
    slip("sample-for-step", whole=_packed_state(lambda h_n: h_n[:, -1])),
    slip("first-step-taken", whole=_read(lambda ys, lengths: ys[:, 0])),
    slip("never-unsorted", whole=_sorted_only),
    slip("never-unsorted", whole=_ascending),
    slip("packed-without-batch-first", whole=_packed_without_batch_first),
    slip(
        "adds-over-steps",
        "The steps are added up.",
        "Take the state after the sample's own last step, and nothing else.",
        whole=_read(lambda ys, lengths: ys.sum(1)),
    ),
    slip("adds-over-steps", whole=_read(lambda ys, lengths: _masked(ys, lengths).sum(1))),
]
