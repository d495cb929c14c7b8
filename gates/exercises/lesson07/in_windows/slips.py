"""Mistakes in a sequence read in windows."""

import torch
from torch import Tensor

from gates.exercises.common.slips import same, slip
from gates.exercises.lesson07.in_windows.variants import state_cut


def _whole_windows(xs: Tensor, window: int) -> list[Tensor]:
    return [xs[t : t + window] for t in range(0, len(xs) - window + 1, window)]


SLIPS = [
    slip(
        "window-not-cut",
        "A gradient flows back across the windows.",
        "Detach both parts of the state before the next window, and keep what detach() returns.",
        cut=same,
    ),
    slip("c-not-detached", cut=lambda state: (state[0].detach(), state[1])),
    slip(
        "window-not-cut",
        cut=lambda state: (state[0], state[1].detach()),
        detail="c is detached, and h is not.",
    ),
    slip("h-and-c-swapped", cut=lambda state: state_cut(state)[::-1]),
    slip(
        "window-starts-anew",
        "A window starts from zeros, so that the network forgets what came before.",
        "Hand the state of the last window on, detached. Only the gradient is cut.",
        cut=lambda state: None,
    ),
    slip(
        "window-starts-anew",
        cut=lambda state: (state[0].detach(), torch.zeros_like(state[1])),
        detail="It is c that is lost.",
    ),
    slip(
        "window-starts-anew",
        cut=lambda state: (torch.zeros_like(state[0]), state[1].detach()),
        detail="It is h that is lost.",
    ),
    slip("detached-every-step", split=lambda xs, window: xs.split(1)),
    slip(
        "window-too-long",
        "The windows are one step too long.",
        "xs.split(window) makes parts of exactly that many steps.",
        split=lambda xs, window: xs.split(window + 1),
    ),
    slip(
        "window-too-short",
        "The windows are one step too short.",
        "xs.split(window) makes parts of exactly that many steps.",
        split=lambda xs, window: xs.split(window - 1),
    ),
    slip(
        "windows-counted",
        "The number of windows is taken for their length.",
        "xs.split(window) makes parts of that length; xs.chunk(window) makes so many parts.",
        split=lambda xs, window: xs.chunk(window),
    ),
    slip(
        "last-window-lost",
        "The last window is missing where it is shorter than the others.",
        "xs.split(window) keeps a shorter part at the end.",
        split=_whole_windows,
    ),
    slip(
        "outputs-detached",
        "The outputs are detached, so that nothing is learned from them.",
        "Detach the state that goes on to the next window, and not the outputs.",
        shown=Tensor.detach,
    ),
    slip(
        "one-window-returned",
        "The outputs of one window come back.",
        "Collect the outputs of all windows, and join them with torch.cat.",
        gathered=lambda ys: ys[-1],
    ),
    slip("one-window-returned", gathered=lambda ys: ys[0], detail="It is the first."),
    slip(
        "last-steps-only",
        "Of each window only the last step's output is kept.",
        "The layer returns the outputs of all its steps. Keep them all.",
        shown=lambda y: y[-1:],
    ),
]
