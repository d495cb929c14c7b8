"""Wrong variants of what is done against overfitting: dropout, weight decay, stopping early, and choosing a strength."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy import ndarray as Array
from torch import Tensor
from torch.nn import functional as F

from gates.checks.slips.core import Slip, wholes

# Dropout with one mask for all steps


def locked_dropout(
    shape=lambda xs: xs.shape[1:],
    kept=lambda u, p: u >= p,
    scale=lambda p: 1 / (1 - p),
    whole=None,
) -> Callable:
    """Dropout with one mask, with the parts of it exchangeable."""

    def drop(xs: Tensor, p: float) -> Tensor:
        mask = kept(torch.rand(shape(xs)), p).to(xs.dtype)
        return xs * mask * scale(p)

    return whole or drop


LOCKED = [
    Slip("mask-for-each-step", {"shape": lambda xs: xs.shape}),
    Slip("mask-for-each-step", {"shape": lambda xs: xs.shape, "scale": lambda p: 1.0}),
    Slip("mask-for-all-samples", {"shape": lambda xs: xs.shape[2:]}),
    Slip(
        "mask-for-all-samples",
        {"shape": lambda xs: (xs.shape[0], 1, xs.shape[2])},
        "And each step has its own.",
    ),
    Slip("mask-for-whole-samples", {"shape": lambda xs: (xs.shape[1], 1)}),
    Slip(
        "mask-for-whole-samples",
        {"shape": lambda xs: (*xs.shape[:2], 1)},
        "It drops whole steps of a sample.",
    ),
    Slip("dropout-not-scaled", {"scale": lambda p: 1.0}),
    Slip("dropout-scaled-down", {"scale": lambda p: 1 - p}),
    Slip("dropout-scaled-by-p", {"scale": lambda p: 1 / p}),
    Slip("dropout-scaled-by-p", {"scale": lambda p: p}, "It is multiplied by p."),
    Slip("drops-the-wrong-share", {"kept": lambda u, p: u < p}),
    Slip("drops-the-wrong-share", {"kept": lambda u, p: u < p, "scale": lambda p: 1 / p}),
    Slip("drops-the-wrong-share", {"kept": lambda u, p: u < p, "scale": lambda p: 1.0}),
    *wholes("nothing-dropped", lambda xs, p: F.dropout(xs, p, training=False)),
    *wholes("nothing-dropped", lambda xs, p: xs / (1 - p), lambda xs, p: xs * (1 - p)),
]


# Weight decay


def decayed_step(
    decay=lambda w, rate, decay: rate * decay * w,
    step=lambda step, rate: rate * step,
    whole=None,
) -> Callable:
    """A step with weight decay, with the parts of it exchangeable."""

    def run(w: Tensor, of: Tensor, learning_rate: float, weight_decay: float) -> Tensor:
        return w - step(of, learning_rate) - decay(w, learning_rate, weight_decay)

    return whole or run


DECAYED = [
    Slip("decay-without-rate", {"decay": lambda w, rate, decay: decay * w}),
    Slip("decay-forgotten", {"decay": lambda w, rate, decay: 0 * w}),
    Slip("decay-with-plus", {"decay": lambda w, rate, decay: -rate * decay * w}),
    Slip("decay-of-signs", {"decay": lambda w, rate, decay: rate * decay * w.sign()}),
    Slip("decay-twice", {"decay": lambda w, rate, decay: 2 * rate * decay * w}),
    Slip("decay-by-size", {"decay": lambda w, rate, decay: rate * decay * w**2}),
    Slip("step-with-plus", {"step": lambda step, rate: -rate * step}),
    Slip("step-without-rate", {"step": lambda step, rate: step}),
    *wholes(
        "decay-after-step",
        lambda w, step, rate, decay: (w - rate * step) * (1 - rate * decay),
    ),
    *wholes(
        "decay-of-the-step",
        lambda w, step, rate, decay: w - rate * (1 - decay) * step,
        lambda w, step, rate, decay: w - rate * step - rate * decay * step,
        lambda w, step, rate, decay: w - rate * step * (1 - rate * decay),
    ),
    *wholes("rate-times-everything", lambda w, step, rate, decay: rate * (w - step - decay * w)),
    *wholes("decay-alone", lambda w, step, rate, decay: w - rate * decay * w),
    *wholes(
        "decay-keeps-what-it-should-lose",
        lambda w, step, rate, decay: rate * decay * w - rate * step,
        lambda w, step, rate, decay: decay * w - rate * step,
    ),
]


# Stopping early


def early_stop(
    better=lambda loss, best: loss < best,
    over=lambda waited, patience: waited >= patience,
    found=lambda best, k: best,
    whole=None,
) -> Callable:
    """Which evaluation is kept, with the parts of it exchangeable."""

    def run(losses: Sequence[float], patience: int) -> int:
        best = k = 0
        for k, loss in enumerate(losses):
            if k and better(loss, losses[best]):
                best = k
            elif over(k - best, patience):
                break
        return found(best, k)

    return whole or run


def _against_the_last(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Patience counts evaluations that are no better than the one before."""
    best = waited = k = 0
    for k in range(1, len(losses)):
        if losses[k] < losses[best]:
            best = k
        waited = 0 if losses[k] < losses[k - 1] else waited + 1
        if waited >= patience:
            break
    return best, k


def _in_all(losses: Sequence[float], patience: int) -> int:
    """Patience counts all evaluations without progress, not those in a row."""
    best = waited = 0
    for k in range(1, len(losses)):
        if losses[k] < losses[best]:
            best = k
        else:
            waited += 1
            if waited >= patience:
                break
    return best


def _last_if_patient(losses: Sequence[float], patience: int) -> int:
    """The best one if patience runs out, and the last if it does not."""
    best = 0
    for k, loss in enumerate(losses):
        if loss < losses[best]:
            best = k
        elif k - best >= patience:
            return best
    return len(losses) - 1


def _first_rise(losses: Sequence[float], patience: int) -> int:
    for k in range(1, len(losses)):
        if losses[k] >= losses[k - 1]:
            return k - 1
    return len(losses) - 1


EARLY_STOP = [
    *wholes("patience-ignored", lambda losses, patience: int(np.argmin(losses))),
    *wholes("patience-ignored", _first_rise, detail="It stops at the first rise."),
    Slip("last-network-kept", {"found": lambda best, k: k}),
    Slip(
        "last-network-kept",
        {"found": lambda best, k: k + 1},
        "And it is counted from 1.",
    ),
    *wholes(
        "last-network-kept", lambda losses, patience: len(losses) - 1, detail="And it never stops."
    ),
    Slip("patience-off-by-one", {"over": lambda waited, patience: waited > patience}),
    Slip(
        "patience-off-by-one", {"over": lambda waited, patience: waited >= patience - 1 and waited}
    ),
    Slip("ties-taken-for-progress", {"better": lambda loss, best: loss <= best}),
    Slip("largest-loss-kept", {"better": lambda loss, best: loss > best}),
    *wholes("largest-loss-kept", lambda losses, patience: int(np.argmax(losses))),
    *wholes(
        "compared-with-the-last", lambda losses, patience: _against_the_last(losses, patience)[0]
    ),
    *wholes(
        "compared-with-the-last", lambda losses, patience: _against_the_last(losses, patience)[1]
    ),
    *wholes("patience-never-renewed", _in_all),
    *wholes("best-forgotten-at-the-end", _last_if_patient),
    Slip("counted-from-one", {"found": lambda best, k: best + 1}),
    *wholes("loss-for-its-number", lambda losses, patience: losses[early_stop()(losses, patience)]),
    *wholes("stops-at-patience", lambda losses, patience: int(np.argmin(losses[:patience]))),
    *wholes("stops-at-patience", lambda losses, patience: int(np.argmin(losses[: patience + 1]))),
    *wholes("stops-at-patience", lambda losses, patience: min(patience, len(losses) - 1)),
]


# Choosing on validation data


def chosen_on_validation(
    by=lambda validation, test: validation,
    mean=lambda scores: scores.mean(axis=1),
    choose=np.argmax,
    report=lambda validation, test: test,
    whole=None,
) -> Callable:
    """The scores of the chosen strength, with the parts of it exchangeable."""

    def run(validation: Array, test: Array) -> Array:
        return report(validation, test)[choose(mean(by(validation, test)))]

    return whole or run


def _over_seeds(validation: Array, test: Array) -> Array:
    return test[:, validation.mean(axis=0).argmax()]


CHOSEN = [
    Slip("chosen-on-test", {"by": lambda validation, test: test}),
    Slip(
        "chosen-on-test",
        {"by": lambda validation, test: validation + test},
        "It is chosen on both.",
    ),
    Slip("validation-reported", {"report": lambda validation, test: validation}),
    Slip("worst-strength-chosen", {"choose": np.argmin}),
    Slip("best-seed-chosen", {"mean": lambda scores: scores.max(axis=1)}),
    *wholes(
        "strength-for-each-seed",
        lambda validation, test: test[validation.argmax(axis=0), np.arange(test.shape[1])],
    ),
    *wholes(
        "strength-for-each-seed",
        lambda validation, test: test.max(axis=0),
        detail="And it is chosen by the test data.",
    ),
    Slip("another-mean-over-seeds", {"mean": lambda scores: np.median(scores, axis=1)}),
    Slip(
        "another-mean-over-seeds",
        {"mean": lambda scores: scores.min(axis=1)},
        "It is the worst seed's.",
    ),
    *wholes("number-for-scores", lambda validation, test: validation.mean(axis=1).argmax()),
    *wholes("means-over-strengths", _over_seeds),
    *wholes(
        "means-over-strengths",
        lambda validation, test: test[validation.mean(axis=0).argmax() % len(test)],
    ),
    *wholes(
        "mean-for-scores",
        lambda validation, test: test[validation.mean(axis=1).argmax()].mean(),
        lambda validation, test: test.mean(axis=1),
        lambda validation, test: test.mean(axis=0),
    ),
    *wholes(
        "mean-for-scores",
        lambda validation, test: test.mean(axis=1).max(),
        detail="And the strength is chosen on the test data.",
    ),
]
