"""Mistakes in windows of a long text."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson14.streams.variants import (
    at_every_step,
    batch_first,
    by_last_number,
    ends_lost,
    in_batches_of_pieces,
    in_pieces,
    turned_in_streams,
    turned_in_windows,
    variant,
    window_ends_lost,
)

SLIPS = [
    slip(
        "streams-broken-off",
        "A stream does not go on in the next window: pieces that follow one another in the text stand side by side.",
        "Cut the text into B long streams first, and these into windows: view(B, S).T, and then split(T). So column b of a window goes on where column b of the last one ended.",
        whole=in_pieces,
    ),
    slip("streams-broken-off", whole=in_batches_of_pieces),
    slip(
        "streams-interleaved",
        "Neighbors in the text stand in neighboring streams, so each stream leaps over B − 1 numbers at every step.",
        "A stream reads a connected piece of the text: view(B, S).T, and not view(S, B).",
        lay=lambda numbers, B, S: numbers.reshape(S, B),
    ),
    slip(
        "windows-batch-first",
        "The windows are (B, T): the samples come first.",
        "Here time comes first, (T, B): turn each window around with .T.",
        kept=batch_first,
    ),
    slip(
        "text-target-is-input",
        "The target is the number that the network reads at the same step.",
        "What is asked for is the next one: ys begins one number further on in the text.",
        follows=lambda numbers, count: numbers[:count],
    ),
    slip(
        "text-target-before",
        "The target is the number before the one that is read.",
        "What is asked for is the next one: numbers[1 : …].",
        follows=lambda numbers, count: numbers.roll(1)[:count],
    ),
    slip(
        "text-target-two-ahead",
        "The target is two numbers ahead.",
        "What is asked for is the next one: numbers[1 : …].",
        follows=lambda numbers, count: numbers.roll(-2)[:count],
    ),
    slip(
        "stream-turned-around",
        "A stream's, or a window's, last target is its own first number: something is rolled around.",
        "Behind a stream the text goes on. Take all targets from the text at once, numbers[1 : B * S + 1], and cut them like the inputs.",
        whole=turned_in_streams,
    ),
    slip("stream-turned-around", whole=turned_in_windows, detail="It is each window's."),
    slip(
        "stream-ends-lost",
        "The last number of each stream has no target, though the text goes on there.",
        "Leave room for one target at the end of the text, S = (N − 1) // B, and take the targets from the text, one number further on.",
        whole=ends_lost,
    ),
    slip(
        "window-ends-lost",
        "In each window one step is lost: its last number has no target.",
        "The target of a window's last number is the first of the next window. Shift first, and cut into windows then.",
        whole=window_ends_lost,
    ),
    slip(
        "text-windows-overlap",
        "A window begins at every step, so most numbers are read again and again.",
        "A window begins where the last one ended: steps 0, T, 2T and so on, as split(T) cuts.",
        whole=at_every_step,
    ),
    slip(
        "text-last-window-lost",
        "The last window is missing where it has fewer steps.",
        "S need not be a multiple of T: split(T) keeps a shorter part at the end.",
        kept=lambda pairs, T: [pair for pair in pairs if len(pair[0]) == T],
    ),
    slip(
        "t-windows",
        "T windows come back, and not windows of T steps.",
        "split(T) makes parts of that many steps; chunk(T) makes so many parts.",
        cut=lambda rows, T: rows.chunk(T),
    ),
    slip(
        "b-and-t-swapped",
        "B and T have changed places.",
        "B is how many streams there are, a window's columns, and T how many steps a window has, its rows.",
        whole=lambda numbers, B, T: variant()(numbers, T, B),
    ),
    slip(
        "one-target-a-window",
        "A window has targets for its last step only.",
        "Every step predicts the next number: ys is (T, B), as xs is.",
        whole=by_last_number,
    ),
    slip(
        "text-start-left-out",
        "The first number of the text is not read.",
        "Stream 0 begins with number 0 of the text.",
        begins=1,
        steps=lambda N, B: (N - 2) // B,
    ),
    slip(
        "stream-cut-short",
        "The streams are one number shorter than they could be.",
        "S is (N − 1) // B, rounded down once.",
        steps=lambda N, B: (N - 1) // B - 1,
    ),
    slip("stream-cut-short", steps=lambda N, B: N // B - 1),
    slip(
        "streams-joined",
        "All windows come back joined, and not as a list of pairs.",
        "A network reads one window after the other, so that its state can be handed on: return a list of pairs (xs, ys).",
        whole=lambda numbers, B, T: [
            tuple(torch.cat(of) for of in zip(*variant()(numbers, B, T), strict=True))
        ],
    ),
]
