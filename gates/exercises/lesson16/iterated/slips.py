"""Mistakes in forecasting step by step."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson16.iterated.variants import (
    by_first_change,
    first_apart,
    read_before,
    steps_added,
)

SLIPS = [
    slip(
        "forecast-not-fed-back",
        "Each step reads the last known values again, and not the forecast before it.",
        "What a step returns is what the next one reads: x, state = step(x, state).",
        reads=lambda x, found: x,
    ),
    slip(
        "state-not-carried-on",
        "Each step begins with the first state, so all that was read since is forgotten.",
        "A step returns the state after reading. Hand it to the next one: x, state = step(x, state).",
        keeps=lambda before, after: before,
    ),
    slip(
        "state-not-carried-on",
        whole=first_apart,
        detail="It is so at the first two.",
    ),
    slip(
        "state-of-zeros",
        "The state is thrown away, and zeros are taken in its place.",
        "The state says what was read before x. Hand it to the first step as it is.",
        first=torch.zeros_like,
    ),
    slip(
        "state-of-zeros",
        first=torch.zeros_like,
        keeps=lambda before, after: before,
        detail="It is so at every step.",
    ),
    slip(
        "known-value-for-forecast",
        "The last known values stand first, as if they were a forecast.",
        "What step returns for x is the first forecast: step first, and append then.",
        count=lambda h: h - 1,
        give=lambda found, x: torch.stack([x, *found]),
    ),
    slip(
        "known-value-for-forecast",
        give=lambda found, x: torch.stack([x, *found]),
        detail="So there are h + 1.",
    ),
    slip(
        "first-forecast-missing",
        "The first forecast is missing.",
        "The first of the h forecasts is what step returns for x itself.",
        count=lambda h: h + 1,
        give=lambda found, x: torch.stack(found[1:]),
    ),
    slip(
        "one-forecast-too-few",
        "The last forecast is missing: there are h − 1.",
        "for _ in range(h) goes through the loop h times, and range(1, h) once less.",
        count=lambda h: h - 1,
    ),
    slip(
        "one-forecast-too-many",
        "There are h + 1 forecasts.",
        "for _ in range(h) goes through the loop h times, and each time gives one forecast.",
        count=lambda h: h + 1,
    ),
    slip(
        "known-value-read-twice",
        "The last known values are read twice: once to bring the state up to date, and once more.",
        "state is that before x is read. The first step reads x, and returns the first forecast with it.",
        whole=read_before,
    ),
    slip(
        "last-forecast-only",
        "The last forecast alone comes back.",
        "Collect the forecasts of all h steps, and stack them.",
        give=lambda found, x: found[-1],
    ),
    slip(
        "forecasts-new-to-old",
        "The forecasts come in the wrong order.",
        "The nearest comes first.",
        give=lambda found, x: torch.stack(found[::-1]),
    ),
    slip(
        "forecasts-side-by-side",
        "The forecasts are (B, h), and not (h, B).",
        "Time comes first: torch.stack(found) makes (h, B) of h forecasts (B,).",
        give=lambda found, x: torch.stack(found, -1),
    ),
    slip(
        "forecasts-end-to-end",
        "The forecasts of all h steps stand one after the other, in one dimension.",
        "torch.stack(found) makes (h, B) of h forecasts (B,), and torch.cat(found) makes (h · B,).",
        give=lambda found, x: torch.cat(found),
    ),
    slip(
        "forecast-for-change",
        "The forecast is added to the value before it, as if it were a change.",
        "step returns a forecast of the next values themselves.",
        whole=steps_added,
    ),
    slip(
        "forecast-for-change",
        give=lambda found, x: x + torch.stack(found).cumsum(0),
        detail="They are added up at the end.",
    ),
    slip(
        "straight-line",
        "The first change is repeated, so the forecasts lie on a line.",
        "Each step reads the forecast before it and may turn somewhere else.",
        whole=by_first_change,
    ),
    slip(
        "first-forecast-repeated",
        "The first forecast comes h times.",
        "Call step h times, each time with what the last call returned.",
        give=lambda found, x: torch.stack([found[0]] * len(found)),
    ),
    slip(
        "last-forecast-repeated",
        "The last forecast comes h times.",
        "A tensor whose entries are overwritten, as in x[:] = y, stays one tensor however often it is appended. Append y, what step returned.",
        give=lambda found, x: torch.stack([found[-1]] * len(found)),
    ),
    slip(
        "forecasts-averaged",
        "Each forecast is averaged with those before it.",
        "Each forecast stands for its own period.",
        give=lambda found, x: (
            torch.stack(found).cumsum(0) / torch.arange(1, len(found) + 1)[:, None]
        ),
    ),
]
