"""Wrong variants of reading padded batches, and of averaging over them."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.checks.slips.core import Slip, wholes


def _at(ys: Tensor, steps: Tensor) -> Tensor:
    return ys[steps, torch.arange(ys.shape[1])]


def _mean_of_real(ys: Tensor, lengths: Tensor) -> Tensor:
    mask = torch.arange(len(ys))[:, None] < lengths
    return (ys * mask[:, :, None]).sum(0) / lengths[:, None]


LAST_VALID = [
    *wholes("last-padded-step", lambda ys, lengths: ys[-1]),
    *wholes("length-as-index", lambda ys, lengths: _at(ys, lengths)),
    *wholes(
        "length-as-index",
        lambda ys, lengths: _at(ys, lengths.clamp(max=len(ys) - 1)),
        detail="It is cut to T − 1.",
    ),
    *wholes(
        "one-length-for-all",
        lambda ys, lengths: ys[lengths.max() - 1],
        lambda ys, lengths: ys[lengths.min() - 1],
        lambda ys, lengths: ys[lengths[0] - 1],
        lambda ys, lengths: ys[lengths[-1] - 1],
        lambda ys, lengths: ys[lengths.double().mean().int() - 1],
        lambda ys, lengths: ys[lengths.double().mean().round().int() - 1],
    ),
    *wholes("step-before-last", lambda ys, lengths: _at(ys, lengths - 2)),
    *wholes(
        "step-before-last",
        lambda ys, lengths: _at(ys, (lengths - 2).clamp(min=0)),
        detail="It is cut at 0.",
    ),
    *wholes("averages-padding", lambda ys, lengths: ys.mean(0)),
    *wholes(
        "averages-padding",
        lambda ys, lengths: ys.sum(0) / lengths[:, None],
        detail="The sum is divided by the length.",
    ),
    *wholes("averages-steps", _mean_of_real),
    *wholes("sample-for-step", lambda ys, lengths: ys[:, -1]),
    *wholes("sample-for-step", lambda ys, lengths: ys[torch.arange(len(lengths)), lengths - 1]),
]


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


READ_PADDED = [
    *wholes("padding-read-along", lambda layer, xs, lengths: layer(xs)),
    *wholes(
        "padding-read-along",
        lambda layer, xs, lengths: (_zero_behind(layer(xs)[0], lengths), layer(xs)[1]),
        detail="The output is masked afterwards, which is too late.",
    ),
    *wholes(
        "padding-read-along",
        _forward_cut,
        detail="Only the forward state is taken at the right step.",
    ),
    *wholes(
        "padding-read-along",
        lambda layer, xs, lengths: (layer(xs)[0], _forward_cut(layer, xs, lengths)[1]),
        detail="Only the forward state is taken at the right step.",
    ),
    *wholes("never-unsorted", _packed(unsort=False)),
    *wholes("never-unsorted", _packed(unsort_h=False), detail="It is h_n."),
    *wholes(
        "never-unsorted", _packed(unsort=False, total=False), detail="The padding is cut, too."
    ),
    *wholes(
        "packed-without-batch-first",
        _packed(batch_first=False),
        _packed(batch_first=False, total=False),
    ),
    *wholes("padded-to-the-longest", _packed(total=False)),
    *wholes("output-time-first", _packed(out_first=False), _packed(out_first=False, total=False)),
]


def by_class(logits: Tensor, targets: Tensor) -> Tensor:
    """The cross-entropy of each step, (B, T)."""
    return F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")


def over_steps(logits: Tensor, targets: Tensor) -> Tensor:
    """The softmax runs over the steps of a sample, and not over the classes."""
    return -logits.log_softmax(1).gather(2, targets[:, :, None])[:, :, 0]


def masked_loss(
    mask=lambda T, lengths: torch.arange(T) < lengths[:, None],
    average=lambda losses, mask, real: losses[mask].mean(),
    logits_as=lambda logits: logits,
    each=by_class,
    whole=None,
) -> Callable:
    """The mean cross-entropy over real steps, with its parts exchangeable; `real` is how many there are."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        losses = each(logits_as(logits), targets)
        return average(losses, mask(targets.shape[1], lengths), lengths.sum())

    return whole or loss


def _zeros_in_padding(scores: bool, classes: bool, over_real: bool = False) -> Callable:
    """The mean over all steps, with scores or classes of the padding set to zero before."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        mask = torch.arange(targets.shape[1]) < lengths[:, None]
        logits = logits * mask[:, :, None] if scores else logits
        losses = by_class(logits, targets * mask if classes else targets)
        return losses.sum() / lengths.sum() if over_real else losses.mean()

    return loss


def _class_as_padding(which: int) -> Callable:
    """The padding gets a class that is ignored, and so are the real steps that have it."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        ignored = which % logits.shape[2]
        mask = torch.arange(targets.shape[1]) < lengths[:, None]
        targets = targets.where(mask, torch.full_like(targets, ignored))
        return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=ignored)

    return loss


def _class_left_out(which: int, masked: bool, over: str) -> Callable:
    """The steps of a class are left out, as `ignore_index` does; divided by what is kept, by real steps, or by all."""

    def loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
        real = torch.arange(targets.shape[1]) < lengths[:, None]
        kept = (targets != which % logits.shape[2]) & (real if masked else True)
        count = {"kept": kept.sum(), "real": real.sum(), "all": real.numel()}[over]
        return (by_class(logits, targets) * kept).sum() / count

    return loss


def _total(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    return (losses * mask).sum()


def _over_real(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    return (losses * mask).sum() / real


def _mean_of_means(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    return ((losses * mask).sum(1) / mask.sum(1)).mean()


def _mean_of_step_means(losses: Tensor, mask: Tensor, real: Tensor) -> Tensor:
    """The mean over the samples that are still there at each step, averaged over the steps that have any."""
    any_left = mask.sum(0) > 0
    return ((losses * mask).sum(0)[any_left] / mask.sum(0)[any_left]).mean()


def _scrambled(logits: Tensor) -> Tensor:
    """What view(B, C, T) makes of logits (B, T, C), seen with the classes last again."""
    B, T, C = logits.shape
    return logits.reshape(B, C, T).transpose(1, 2)


def _one_more(T: int, lengths: Tensor) -> Tensor:
    return torch.arange(T) <= lengths[:, None]


def _one_less(T: int, lengths: Tensor) -> Tensor:
    return torch.arange(T) < lengths[:, None] - 1


MASKED_LOSS = [
    Slip("loss-over-padding", {"average": lambda losses, mask, real: losses.mean()}),
    Slip(
        "loss-over-padding",
        {"average": lambda losses, mask, real: losses.sum() / real},
        "The sum is divided by the real ones.",
    ),
    Slip("loss-divided-by-all", {"average": lambda losses, mask, real: (losses * mask).mean()}),
    Slip("mean-of-means", {"average": _mean_of_means}, "It is a mean for each sample."),
    Slip("mean-of-means", {"average": _mean_of_step_means}, "It is a mean for each step."),
    Slip("summed-not-averaged", {"average": _total}),
    Slip(
        "divided-by-samples",
        {"average": lambda losses, mask, real: _total(losses, mask, real) / len(losses)},
    ),
    *[
        Slip("masked-before-the-loss", {"whole": _zeros_in_padding(scores, classes, over_real)})
        for scores, classes in ((True, False), (False, True), (True, True))
        for over_real in (False, True)
    ],
    *[Slip("real-class-ignored", {"whole": _class_as_padding(which)}) for which in (0, -1)],
    *[
        Slip("real-class-ignored", {"whole": _class_left_out(which, masked, over)}, detail)
        for which in (0, 1, -1)
        for masked, over, detail in (
            (False, "kept", "And the padding is counted."),
            (True, "kept", "The padding is left out, too."),
            (True, "real", "The padding is left out, too, and it is divided by the real steps."),
            (False, "all", "And the padding is counted, and all steps are divided by."),
        )
    ],
    Slip("mask-inverted", {"mask": lambda T, lengths: torch.arange(T) >= lengths[:, None]}),
    Slip("mask-one-too-many", {"mask": _one_more}),
    Slip("mask-one-too-many", {"mask": _one_more, "average": _over_real}),
    Slip("mask-one-too-few", {"mask": _one_less}),
    Slip("mask-one-too-few", {"mask": _one_less, "average": _over_real}),
    Slip("softmax-before-cross-entropy", {"logits_as": lambda logits: logits.softmax(-1)}),
    Slip("classes-in-wrong-place", {"logits_as": _scrambled}),
    Slip("classes-in-wrong-place", {"each": over_steps}, "The softmax runs over the steps."),
]
