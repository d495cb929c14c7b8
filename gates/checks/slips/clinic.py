"""The broken scripts of the bug clinic, and repairs of them that do not repair."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence

from gates.checks.slips.core import wholes
from gates.checks.slips.padding import by_class

# The last real step


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


def _masked_output(ys: Tensor, lengths: Tensor) -> Tensor:
    return _masked(ys, lengths)[:, -1]


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


NAME_LOGITS = [
    *wholes("moved-to-the-end", _moved(_rolled)),
    *wholes("moved-to-the-end", _moved(_zeros_before), detail="There are zeros before it."),
    *wholes(
        "moved-to-the-end",
        _moved(lambda x, n: torch.cat([x[n:], x[:n]]).flip(0)),
        _moved(lambda x, n: x.flip(0)),
        detail="And it is read backward.",
    ),
    *wholes("last-padded-step", _read(lambda ys, lengths: ys[:, -1])),
    *wholes(
        "last-padded-step", _masked_input, detail="The padding is set to zero, and still read."
    ),
    *wholes(
        "last-padded-step",
        _read(_masked_output),
        _read(_masked_at_longest),
        detail="The output is masked, and then read at a place that is masked.",
    ),
    *wholes(
        "length-as-index",
        _read(lambda ys, lengths: _at(ys, lengths)),
        _read(lambda ys, lengths: _at(ys, lengths.clamp(max=ys.shape[1] - 1))),
    ),
    *wholes("step-before-last", _read(lambda ys, lengths: _at(ys, (lengths - 2).clamp(min=0)))),
    *wholes("step-before-last", _read(lambda ys, lengths: _at(ys, lengths - 2))),
    *wholes(
        "one-length-for-all",
        _read(lambda ys, lengths: ys[:, lengths.max() - 1]),
        _read(lambda ys, lengths: ys[:, lengths.min() - 1]),
        _read(lambda ys, lengths: ys[:, lengths[0] - 1]),
        _read(lambda ys, lengths: ys[:, lengths[-1] - 1]),
    ),
    *wholes("averages-padding", _read(lambda ys, lengths: ys.mean(1))),
    *wholes(
        "averages-padding",
        _read(lambda ys, lengths: _masked(ys, lengths).mean(1)),
        detail="It is left out of the sum and counted all the same.",
    ),
    *wholes("averages-steps", _read(_mean_of_real)),
    *wholes("sample-for-step", _read(lambda ys, lengths: ys[-1])),
    *wholes("sample-for-step", _packed_state(lambda h_n: h_n[:, -1])),
    *wholes("first-step-taken", _read(lambda ys, lengths: ys[:, 0])),
    *wholes("never-unsorted", _sorted_only, _ascending),
    *wholes("packed-without-batch-first", _packed_without_batch_first),
    *wholes("adds-over-steps", _read(lambda ys, lengths: ys.sum(1))),
    *wholes("adds-over-steps", _read(lambda ys, lengths: _masked(ys, lengths).sum(1))),
]


# Both directions


def _two(pick: Callable) -> Callable:
    """A classifier that reads what `pick` takes from the outputs, (B, T, 2H), h_n and c_n, (2, B, H)."""

    def logits(layer: nn.LSTM, head: nn.Linear, xs: Tensor) -> Tensor:
        ys, (h_n, c_n) = layer(xs)
        return head(pick(ys, h_n, c_n))

    return logits


def _halves(ys: Tensor) -> tuple[Tensor, Tensor]:
    return ys.chunk(2, dim=-1)


TWO_WAY = [
    *wholes("bi-last-output", _two(lambda ys, h_n, c_n: ys[:, -1])),
    *wholes("bi-first-output", _two(lambda ys, h_n, c_n: ys[:, 0])),
    *wholes(
        "bi-view",
        _two(lambda ys, h_n, c_n: h_n.reshape(h_n.shape[1], -1)),
        _two(lambda ys, h_n, c_n: h_n.reshape(-1, 2 * h_n.shape[2])),
    ),
    *wholes("backward-first", _two(lambda ys, h_n, c_n: torch.cat([h_n[1], h_n[0]], -1))),
    *wholes(
        "bi-one-direction",
        _two(lambda ys, h_n, c_n: h_n[0].repeat(1, 2)),
        _two(lambda ys, h_n, c_n: h_n[-1].repeat(1, 2)),
        _two(lambda ys, h_n, c_n: torch.cat([h_n[0], 0 * h_n[1]], -1)),
        _two(lambda ys, h_n, c_n: torch.cat([0 * h_n[0], h_n[1]], -1)),
    ),
    *wholes("averages-steps", _two(lambda ys, h_n, c_n: ys.mean(1))),
    *wholes("c-for-h", _two(lambda ys, h_n, c_n: torch.cat([c_n[0], c_n[1]], -1))),
    *wholes("sample-for-step", _two(lambda ys, h_n, c_n: ys[-1])),
    *wholes(
        "sample-for-step",
        _two(lambda ys, h_n, c_n: torch.cat([_halves(ys[-1])[0], _halves(ys[0])[1]], -1)),
    ),
    *wholes("first-step-taken", lambda layer, head, xs: head(layer(xs[:, :1])[0][:, 0])),
    *wholes(
        "first-step-taken",
        _two(lambda ys, h_n, c_n: torch.cat([_halves(ys[:, 0])[0], _halves(ys[:, -1])[1]], -1)),
        detail="For each direction the wrong end is taken.",
    ),
]


# The top of a stack


def _stack(pick: Callable) -> Callable:
    """A classifier that reads what `pick` takes from the outputs, (B, T, H), and h_n, (L, B, H)."""

    def logits(layer: nn.GRU, head: nn.Linear, xs: Tensor) -> Tensor:
        ys, h_n = layer(xs)
        return head(pick(ys, h_n))

    return logits


TOP_LOGITS = [
    *wholes("first-layer-state", _stack(lambda ys, h_n: h_n[0])),
    *wholes(
        "layers-averaged", _stack(lambda ys, h_n: h_n.mean(0)), _stack(lambda ys, h_n: h_n.sum(0))
    ),
    *wholes(
        "layers-averaged",
        _stack(lambda ys, h_n: h_n.max(0).values),
        detail="It is the largest of them that is taken.",
    ),
    *wholes("sample-for-step", _stack(lambda ys, h_n: ys[-1]), _stack(lambda ys, h_n: h_n[:, -1])),
    *wholes("sample-for-step", _stack(lambda ys, h_n: h_n[:, 0]), detail="It is the first sample."),
    *wholes("first-step-taken", _stack(lambda ys, h_n: ys[:, 0])),
    *wholes("averages-steps", _stack(lambda ys, h_n: ys.mean(1))),
    *wholes(
        "state-view",
        _stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], len(h_n), -1)[:, -1]),
        _stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], len(h_n), -1)[:, 0]),
        _stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)[:, : h_n.shape[2]]),
        _stack(lambda ys, h_n: h_n.reshape(h_n.shape[1], -1)[:, -h_n.shape[2] :]),
    ),
    *wholes("output-for-h-n", _stack(lambda ys, h_n: ys)),
]


# Samples and steps

SAMPLE_STATES = [
    *wholes(
        "samples-fed-as-steps",
        lambda layer, xs: layer(xs)[1][-1],
        lambda layer, xs: layer(xs)[0][-1],
        lambda layer, xs: layer(xs)[0][:, -1],
    ),
    *wholes("samples-fed-as-steps", lambda layer, xs: layer(xs)[0][0]),
    *wholes(
        "samples-fed-as-steps",
        lambda layer, xs: layer(xs)[0].mean(1),
        detail="And the steps are averaged.",
    ),
    *wholes(
        "samples-fed-as-steps",
        lambda layer, xs: layer(xs)[0].transpose(0, 1)[-1],
        detail="The output is turned, after the layer has read samples as steps.",
    ),
    *wholes(
        "samples-fed-as-steps",
        lambda layer, xs: layer(xs)[0].transpose(0, 1)[:, -1],
        detail="The output is turned, after the layer has read samples as steps.",
    ),
    *wholes(
        "view-for-transpose",
        lambda layer, xs: layer(xs.reshape(xs.shape[1], xs.shape[0], -1))[1][-1],
        lambda layer, xs: layer(xs.transpose(0, 1))[0].reshape(*xs.shape[:2], -1)[:, -1],
    ),
    *wholes("sample-for-step", lambda layer, xs: layer(xs.transpose(0, 1))[0][:, -1]),
    *wholes("first-step-taken", lambda layer, xs: layer(xs.transpose(0, 1))[0][0]),
    *wholes("averages-steps", lambda layer, xs: layer(xs.transpose(0, 1))[0].mean(0)),
    *wholes("time-reversed", lambda layer, xs: layer(xs.transpose(0, 1).flip(0))[1][-1]),
    *wholes("last-step-read-alone", lambda layer, xs: layer(xs[:, -1][None])[1][-1]),
    *wholes("last-step-read-alone", lambda layer, xs: layer(xs.transpose(0, 1)[-1:])[0][-1]),
]


# Columns as steps

COLUMN_STEPS = [
    *wholes(
        "view-for-transpose",
        lambda images: images.reshape(images.shape[2], images.shape[0], images.shape[1]),
        lambda images: images.transpose(1, 2).reshape(images.shape[2], images.shape[0], -1),
        lambda images: images.transpose(0, 1).reshape(images.shape[2], images.shape[0], -1),
        lambda images: images.transpose(0, 2).reshape(images.shape[2], images.shape[0], -1),
    ),
    *wholes("rows-for-columns", lambda images: images.transpose(0, 1)),
    *wholes("steps-not-first", lambda images: images.transpose(1, 2), lambda images: images),
    *wholes(
        "steps-not-first", lambda images: images.permute(2, 1, 0), detail="The samples are last."
    ),
    *wholes("time-reversed", lambda images: images.permute(2, 0, 1).flip(0)),
    *wholes("column-upside-down", lambda images: images.permute(2, 0, 1).flip(2)),
    *wholes(
        "steps-not-first",
        lambda images: images.permute(1, 2, 0),
        detail="The rows are first and the samples last.",
    ),
]


# A loss with padding in it


def _real(logits: Tensor, targets: Tensor, pad: int) -> tuple[Tensor, Tensor]:
    return by_class(logits, targets), targets != pad


def _over(average: Callable) -> Callable:
    """A loss that averages each step's losses, with a mask of the real ones."""
    return lambda logits, targets, pad: average(*_real(logits, targets, pad))


def _scores_hidden(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """The logits of the padding are set to zero before the loss."""
    return by_class(logits * (targets != pad)[:, :, None], targets).mean()


def _class_hidden(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """The score of the padding's class is taken away, and its steps are counted all the same."""
    kept = [k for k in range(logits.shape[2]) if k != pad]
    return by_class(logits[:, :, kept], targets.clamp(max=len(kept) - 1)).mean()


def _mean_of_samples(losses: Tensor, real: Tensor) -> Tensor:
    return ((losses * real).sum(1) / real.sum(1)).mean()


def _mean_of_steps(losses: Tensor, real: Tensor) -> Tensor:
    there = real.any(0)
    return ((losses * real).sum(0)[there] / real.sum(0)[there]).mean()


def _last_column(losses: Tensor, real: Tensor) -> Tensor:
    return losses[:, -1][real[:, -1]].mean()


def _also_padding(which: int) -> Callable:
    """The padding gets a real class, which is then left out wherever it stands."""

    def loss(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
        ignored = which % logits.shape[2]
        moved = targets.masked_fill(targets == pad, ignored)
        return F.cross_entropy(logits.transpose(1, 2), moved, ignore_index=ignored)

    return loss


def _last_only(losses: Tensor, real: Tensor) -> Tensor:
    return losses[torch.arange(len(losses)), real.sum(1) - 1].mean()


def _other_pad(which: Callable) -> Callable:
    return lambda logits, targets, pad: F.cross_entropy(
        logits.transpose(1, 2), targets, ignore_index=which(logits, pad)
    )


PADDED_LOSS = [
    *wholes(
        "loss-over-padding",
        lambda logits, targets, pad: F.cross_entropy(logits.transpose(1, 2), targets),
        _other_pad(lambda logits, pad: -100),
    ),
    *wholes("loss-divided-by-all", _over(lambda losses, real: (losses * real).mean())),
    *wholes("masked-before-the-loss", _scores_hidden),
    *wholes(
        "masked-before-the-loss",
        _class_hidden,
        detail="It is the padding's class that is taken away.",
    ),
    *wholes("mean-of-means", _over(_mean_of_samples), detail="It is a mean for each sample."),
    *wholes("summed-not-averaged", _over(lambda losses, real: (losses * real).sum())),
    *wholes("divided-by-samples", _over(lambda losses, real: (losses * real).sum() / len(losses))),
    *wholes("mask-inverted", _over(lambda losses, real: losses[~real].mean())),
    *wholes("mean-of-means", _over(_mean_of_steps), detail="It is a mean for each step."),
    *wholes("loss-of-last-step-only", _over(_last_only), _over(_last_column)),
    *wholes("another-class-ignored", _also_padding(0), _also_padding(-1)),
    *wholes(
        "another-class-ignored",
        _other_pad(lambda logits, pad: 1),
        _other_pad(lambda logits, pad: logits.shape[2] - 1),
        _other_pad(lambda logits, pad: 0),
    ),
    *wholes(
        "softmax-before-cross-entropy",
        lambda logits, targets, pad: F.cross_entropy(
            logits.softmax(-1).transpose(1, 2), targets, ignore_index=pad
        ),
    ),
    *wholes(
        "classes-in-wrong-place",
        lambda logits, targets, pad: F.cross_entropy(
            logits.reshape(len(logits), logits.shape[2], -1), targets, ignore_index=pad
        ),
    ),
]
