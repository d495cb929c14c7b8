"""As gates.words, for pictures of what goes on in time: forecasts, sounds, and the letters found in them."""

from collections.abc import Sequence
from itertools import groupby

import pandas as pd
from torch import Tensor

from gates.picture import Words, numbers
from gates.words import LONGEST, TABLE, listed, number, sentence


def forecast(known: pd.Series, found: pd.DataFrame, ylabel: str, actual: pd.Series | None) -> Words:
    there = found[["q10", "q50", "q90"]].dropna()
    first, last = there.iloc[0], there.iloc[-1]
    ends = f"{known.index[0]} to {known.index[-1]}"
    said = f"{sentence(ylabel)}, known from {ends}, {number(known.iloc[-1])} at the last. "
    said += f"Forecast for {len(there)} periods: " + ", and ".join(
        f"{row['q50']:.3g} for {row.name}, between {row['q10']:.3g} and {row['q90']:.3g}"
        for row in (first, last)
    ).replace("-", "−")
    shown = there.map("{:.3g}".format)
    if actual is not None:
        came = actual.reindex(there.index).dropna()
        inside = came.between(there["q10"].loc[came.index], there["q90"].loc[came.index]).sum()
        said += f". Of {len(came)} values that came, {inside} lie in their interval"
        shown["what came"] = came.map("{:.3g}".format)
        shown = shown.fillna("–")
    return Words(f"{said}.", TABLE, numbers(shown))


def spectrogram(frames: Tensor, seconds: float, middles: Sequence[float], title: str) -> Words:
    stretches = [part.mean(0) for part in frames.tensor_split(min(6, len(frames)))]
    loudest = [f"{middles[int(part.argmax())]:.0f}" for part in stretches]
    of = f"{sentence(title)}: " if title else ""
    return Words(
        f"{of}{len(frames) * seconds:.2f} seconds in {len(middles)} bands. In {len(stretches)} equal stretches of "
        f"time the band with the most energy is at {listed(loudest)} Hz."
    )


def letters_over(probabilities: Tensor, names: Sequence[str]) -> Words:
    best, said, order = probabilities.argmax(1).tolist(), [], []
    steps = list(zip(range(1, len(best) + 1), best, strict=True))
    for k, of_it in groupby(steps, key=lambda step: step[1]):
        at = [step for step, _ in of_it]
        order.append(names[k])
        said.append(f"{names[k]} at {at[0]}" + (f" to {at[-1]}" if len(at) > 1 else ""))
    told = f"{len(best)} steps. The most probable at each, in their order"
    if len(told) + len(", ".join(said)) > LONGEST:
        return Words(f"{told}, without steps: {', '.join(order)}.")
    return Words(f"{told}: {', '.join(said)}.")
