"""What was done before networks: each word is a recording, and speech is laid along recordings, stretched to fit.

A distance between frames takes the place of all learning; where words begin and end, and which they are, is found in one
pass over the frames. Source: H. Ney (1984), "The use of a one-stage dynamic programming algorithm for connected word
recognition".
"""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray as Array

Template = tuple[str, Array]  # a word, and its frames, (T_k, M)


def standardized(several: Sequence[Array], training: Sequence[Array]) -> list[Array]:
    """Recordings, (T, M) each, less the mean of all frames of `training`, over their deviation, feature by feature."""
    frames = np.concatenate([np.asarray(one, dtype=float) for one in training])
    mean, deviation = frames.mean(axis=0), frames.std(axis=0)
    return [(np.asarray(one) - mean) / np.where(deviation > 0, deviation, 1) for one in several]


def recognize(
    features: Array, templates: Sequence[Template], penalty: float, stride: int = 1
) -> str:
    """The words whose templates, one after the other, are nearest to the frames, with a space between words.

    features: (T, M). penalty: what each word costs after the first. stride: only each stride-th frame of all recordings is
    read; the time falls with its square. A frame costs its Euclidean distance to the frame of the template at which it
    lies, and from one to the next the place in a template stays, goes on by one, or skips one. It begins at the first frame
    of a template and ends at the last one of a template. No template that is short enough gives an empty text; no
    templates, no frames and a stride below 1 raise ValueError.
    """
    if not templates or not len(features) or stride < 1:
        raise ValueError("There have to be a template and a frame, and stride has to be 1 or more.")
    parts = [np.asarray(frames)[::stride] for _, frames in templates]
    distances = _distances(np.asarray(features)[::stride], np.concatenate(parts))
    last = np.cumsum([len(part) for part in parts]) - 1
    first = np.r_[0, last[:-1] + 1]
    began, ended = _one_pass(distances, first, last, penalty)
    said, t = [], len(distances) - 1
    while t >= 0 and ended[t] >= 0:
        said.append(templates[ended[t]][0])
        t = began[t] - 1
    return " ".join(reversed(said))


def _distances(x: Array, frames: Array) -> Array:
    """Of each of T frames to each of N, (T, N)."""
    squares = (x**2).sum(1)[:, None] + (frames**2).sum(1) - 2 * x @ frames.T
    return np.sqrt(np.maximum(squares, 0))


def _one_pass(
    distances: Array, first: Array, last: Array, penalty: float
) -> tuple[list[int], list[int]]:
    """For each step, when the best word that ends there began, and which template it is; −1 if none can end.

    distances: (T, N), to the frames of all templates, one behind the other; first, last: where each begins and ends.
    """
    N = distances.shape[1]
    within = np.arange(N) - np.repeat(first, last - first + 1)  # the place in its own template
    cost, since = np.full(N, np.inf), np.zeros(N, dtype=int)
    began, ended, end = [], [], -penalty  # so that the first word costs no penalty
    for t, distance in enumerate(distances):
        ways = np.full((3, N), np.inf)
        ways[0], ways[1, 1:], ways[2, 2:] = cost, cost[:-1], cost[:-2]
        ways[1, within < 1], ways[2, within < 2] = np.inf, np.inf
        back = ways.argmin(0)
        cost, since = ways.min(0), since[np.maximum(np.arange(N) - back, 0)]
        enters = first[cost[first] > end + penalty]
        cost[enters], since[enters] = end + penalty, t
        cost = cost + distance
        best = int(cost[last].argmin())
        end = cost[last[best]]
        began.append(int(since[last[best]]))
        ended.append(best if np.isfinite(end) else -1)
    return began, ended
