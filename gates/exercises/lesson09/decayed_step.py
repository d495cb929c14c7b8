"""An update with weight decay."""

from collections.abc import Callable

from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip


def decayed_step(w: Tensor, step: Tensor, learning_rate: float, weight_decay: float) -> Tensor:
    """One update of a parameter, with weight decay beside the step.

    w: the parameter. step: what an optimizer makes of its gradient, of the same shape; it is
    subtracted, times the learning rate. And weight_decay times the learning rate of the old w
    is lost. Returns the new parameter, and leaves the old one as it was.
    """
    return w - learning_rate * step - learning_rate * weight_decay * w


def probes() -> Probes:
    randn = random_numbers(81)
    sizes = ((3, 4), (5,))
    return [
        (randn(*size), randn(*size), rate, decay)
        for size, rate, decay in zip(sizes, (0.1, 0.3), (0.5, 0.2), strict=True)
    ]


def variant(
    decay=lambda w, rate, decay: rate * decay * w,
    step=lambda step, rate: rate * step,
    whole=None,
) -> Callable:
    """A step with weight decay, with the parts of it exchangeable."""

    def run(w: Tensor, of: Tensor, learning_rate: float, weight_decay: float) -> Tensor:
        return w - step(of, learning_rate) - decay(w, learning_rate, weight_decay)

    return whole or run


EXERCISE = coding(
    decayed_step,
    asks="an update with weight decay",
    probes=probes,
    outputs=("the new parameter",),
    variant=variant,
    shapes="w and step have the same shape, and so has what comes back.",
    slips=[
        slip(
            "decay-without-rate",
            "The decay is not multiplied by the learning rate.",
            "w loses learning_rate * weight_decay * w.",
            decay=lambda w, rate, decay: decay * w,
        ),
        slip(
            "decay-forgotten",
            "Nothing decays: only the step is taken.",
            "Subtract learning_rate * weight_decay * w as well.",
            decay=lambda w, rate, decay: 0 * w,
        ),
        slip(
            "decay-with-plus",
            "The decay is added, so the parameter grows.",
            "Decay makes a parameter smaller: subtract it.",
            decay=lambda w, rate, decay: -rate * decay * w,
        ),
        slip(
            "decay-of-signs",
            "All parameters lose the same amount, by their signs.",
            "Weight decay takes a share of the parameter itself, so a large one loses more.",
            decay=lambda w, rate, decay: rate * decay * w.sign(),
        ),
        slip(
            "decay-twice",
            "Twice the decay is taken, as for a loss with the square of w in it.",
            "A parameter loses learning_rate * weight_decay times itself, and no factor of 2.",
            decay=lambda w, rate, decay: 2 * rate * decay * w,
        ),
        slip(
            "decay-by-size",
            "The square of the parameter is subtracted.",
            "The square belongs to a loss; its slope, which is what one subtracts, is the parameter itself.",
            decay=lambda w, rate, decay: rate * decay * w**2,
        ),
        slip(
            "step-with-plus",
            "The step is added, which leads uphill.",
            "Subtract learning_rate * step.",
            step=lambda step, rate: -rate * step,
        ),
        slip(
            "step-without-rate",
            "The step is not multiplied by the learning rate.",
            "Subtract learning_rate * step.",
            step=lambda step, rate: step,
        ),
        slip(
            "decay-after-step",
            "The parameter decays after the step, so the step decays with it.",
            "A share of the old w is lost: both parts are computed from what came in.",
            whole=lambda w, step, rate, decay: (w - rate * step) * (1 - rate * decay),
        ),
        slip(
            "decay-of-the-step",
            "A share of the step decays, and not of the parameter.",
            "Multiply weight_decay by w.",
            whole=lambda w, step, rate, decay: w - rate * (1 - decay) * step,
        ),
        slip(
            "decay-of-the-step",
            whole=lambda w, step, rate, decay: w - rate * step - rate * decay * step,
        ),
        slip(
            "decay-of-the-step",
            whole=lambda w, step, rate, decay: w - rate * step * (1 - rate * decay),
        ),
        slip(
            "rate-times-everything",
            "The learning rate multiplies the parameter as well.",
            "The rate belongs to the step and to the decay. The whole w is kept, and the two are subtracted from it.",
            whole=lambda w, step, rate, decay: rate * (w - step - decay * w),
        ),
        slip(
            "decay-alone",
            "The parameter decays, and the step is not taken.",
            "Subtract learning_rate * step as well.",
            whole=lambda w, step, rate, decay: w - rate * decay * w,
        ),
        slip(
            "decay-keeps-what-it-should-lose",
            "The share that should be lost is all that is kept.",
            "Start from the whole w and subtract the share.",
            whole=lambda w, step, rate, decay: rate * decay * w - rate * step,
        ),
        slip(
            "decay-keeps-what-it-should-lose",
            whole=lambda w, step, rate, decay: decay * w - rate * step,
        ),
    ],
)
