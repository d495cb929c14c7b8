"""A wager on a claim: the interval in which somebody expects the figure that decides it, four times in five.

What a notebook holds becomes an interval, or a sentence that says why it is none; an interval becomes words; and beside what
was measured it has a score, that of T. Gneiting and A. Raftery (2007), "Strictly Proper Scoring Rules, Prediction, and
Estimation". Nothing here is recorded: that is done in `gates.checks`. What a figure is counted in is read from wagers.toml,
which `make build` writes, so that a lesson need not be executed again for every change in claims.toml.
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from numbers import Real

MEANT = 0.8  # the share of wagers that are meant to hold what is measured
PENALTY = 2 / (1 - MEANT)  # for each unit by which the figure is missed
LUCK = 0.025  # on either side


@dataclass(frozen=True)
class Counted:
    """What the figure of a claim is counted in.

    unit: `share`, `points`, `times` or what is counted; nothing for what is left of a gradient. noun: of what. difference:
    whether it is one number minus another. decimals: with which it is printed. level: its interval's, in percent.
    """

    unit: str
    noun: str
    difference: bool
    decimals: int
    level: float = 95


def _read() -> dict[str, Counted]:
    try:
        text = resources.files(__package__).joinpath("wagers.toml").read_text(encoding="utf-8")
        return {claim: Counted(**of) for claim, of in tomllib.loads(text).items()}
    except (OSError, tomllib.TOMLDecodeError, TypeError) as problem:
        raise ValueError(
            f"gates/wagers.toml cannot be read ({problem}): run `python -m gates.texts`, which writes it from gates/claims.toml."
        ) from problem


OPEN: dict[str, Counted] = _read()
"""The claims that one can wager on, by id, and what their figures are counted in."""


class NoWager(ValueError):
    """What is no wager; the text says in a sentence why, and what to write."""


def name_of(claim: str) -> str:
    """The name under which a notebook holds the wager on a claim: wager_c10 for C10."""
    return f"wager_{claim.lower()}"


def ends(value: object, figure: Counted) -> tuple[float, float]:
    """The lower and the upper end of a wager, from what a notebook holds; NoWager if it is none.

    value: two numbers in a tuple, a list, an array or a tensor; Python's, NumPy's or torch's.
    """
    if isinstance(value, str):
        raise NoWager("A wager is two numbers in parentheses, without quotes.")
    if _number(value) is not None:
        what = "One number is no interval: write both ends in parentheses, the lower one first."
        raise NoWager(what)
    two = _parts(value)
    if two is None:
        raise NoWager("A wager is two numbers in parentheses, with a comma between them.")
    if len(two) != 2:
        point = "; a decimal number is written with a point" if len(two) > 2 else ""
        raise NoWager(f"A wager has two ends, and here {_counted(len(two))}{point}.")
    if any(end is ... or end is None for end in two):
        raise NoWager("One end is still missing: a wager is two numbers, the lower one first.")
    low, high = (_number(end) for end in two)
    if low is None or high is None:
        raise NoWager("Both ends of a wager have to be numbers, without quotes.")
    if not math.isfinite(high - low):
        raise NoWager("Both ends have to be finite numbers: what holds everything says nothing.")
    if low > high:
        raise NoWager(f"The lower end comes first: write ({high:g}, {low:g}).")
    if low == high:
        raise NoWager("An interval without width holds one number only: move its ends apart.")
    if slip := _slip(figure, low, high):
        raise NoWager(slip)
    return low, high


def _number(value: object) -> float | None:
    """A number of Python's, NumPy's or torch's; None for anything else, also for true and false."""
    if not isinstance(value, Real) and hasattr(value, "item"):
        try:
            value = value.item()
        except (ValueError, RuntimeError, TypeError):  # of several numbers, or of none
            return None
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        return float(value)
    except OverflowError:  # a whole number that is too large
        return math.inf


def _parts(value: object) -> Sequence | None:
    """What a tuple, a list, an array or a tensor holds; None for anything else."""
    if not isinstance(value, (tuple, list)) and hasattr(value, "tolist"):
        try:
            value = value.tolist()
        except (ValueError, RuntimeError, TypeError):
            return None
    return value if isinstance(value, (tuple, list)) else None


def _counted(n: int) -> str:
    return "is none" if n == 0 else "is one number" if n == 1 else f"are {n} numbers"


def _slip(figure: Counted, low: float, high: float) -> str:
    """What to say of ends that the figure cannot have, since they are in another unit; nothing of others."""
    if not figure.difference and low < 0:
        equal = ", and 1 says that both are equal" if figure.unit == "times" else ""
        return f"This figure cannot be below 0{equal}."
    if figure.unit == "share" and max(-low, high) > 1:
        return "This figure is a share, so write hundredths: 0.05 for five in a hundred."
    if figure.unit == "points" and max(-low, high) < 1:
        return "This figure is in points, which are hundredths: write 5 for five in a hundred."
    return ""


# In words


def told(figure: Counted, low: float, high: float) -> str:
    """An interval in words with its unit, as it goes on after "between"."""
    if figure.unit == "share" and not figure.difference:
        return f"{plain(100 * low)}% and {plain(100 * high)}% {figure.noun}"
    if not figure.difference:
        return f"{plain(low)} and {plain(high)} " + " ".join(
            filter(None, (figure.unit, figure.noun))
        )
    scale, unit = (100, "points") if figure.unit == "share" else (1, figure.unit)
    of = f", a point being one in a hundred {figure.noun}" if figure.unit == "share" else ""
    return f"{_more(scale * low, unit)} and {_more(scale * high, unit)}{of}"


def amount(figure: Counted, size: float) -> str:
    """A width or a score, with its unit."""
    if figure.unit in ("share", "points"):
        size, unit = size * (100 if figure.unit == "share" else 1), "points"
        return f"{plain(size)} {unit if plain(size) != '1' else 'point'}"
    return f"{plain(size)} {figure.unit}" if figure.difference else plain(size)


def plain(number: float) -> str:
    """A number with four digits at most, and a minus sign that is read aloud as one."""
    return f"{float(f'{number:.4g}'):g}".replace("-", "−")


def _more(number: float, unit: str) -> str:
    if plain(number).strip("−") == "0":
        return "no difference"
    said = plain(abs(number))
    unit = unit.removesuffix("s") if said == "1" and unit == "points" else unit
    return f"{said} {unit} {'less' if number < 0 else 'more'}"


# Beside what was measured


def printed(figure: Counted, measured: Sequence[float]) -> tuple[float, float, float]:
    """A number and the ends of its interval, rounded as the claim's figure is; a small ratio to two digits."""

    def rounded(value: float) -> float:
        value = float(value)
        found = round(value, figure.decimals) + 0.0
        return found if found or figure.difference else float(f"{value:.2g}")

    number, low, high = map(rounded, measured)
    return number, low, high


def said(figure: Counted, number: float, low: float, high: float) -> str:
    """What was measured, as the list of claims says it."""
    if not figure.difference and 0 < number < 1e-3:
        numbers = f"{number:g} [{low:g}, {high:g}]"
    else:
        numbers = "{:.{d}f} [{:.{d}f}, {:.{d}f}]".format(number, low, high, d=figure.decimals)
    words = [numbers, figure.unit if figure.unit != "share" else "", figure.noun]
    level = f", at {figure.level:g}%" if figure.level != 95 else ""
    return " ".join(filter(None, words)) + level


def score(low: float, high: float, number: float) -> float:
    """The interval score: the width, and PENALTY times by how much the number was missed; less is better."""
    return (high - low) + PENALTY * max(low - number, number - high, 0.0)


def so_far(held: int, n: int) -> str:
    """How n wagers have done of which so many held, and whether luck explains it, by the exact binomial, in a sentence."""
    chances = [math.comb(n, k) * MEANT**k * (1 - MEANT) ** (n - k) for k in range(n + 1)]
    counted = f"{held} of {n} held, where four in five are meant"
    if sum(chances[: held + 1]) <= LUCK:
        return f"{counted}: fewer than luck explains, so your intervals are too narrow."
    if sum(chances[held:]) <= LUCK:
        return (
            f"{counted}: more than luck explains, so your intervals are wider than they need to be."
        )
    few = "1 is" if n == 1 else f"{n} are"
    return f"{counted}; {few} too few to tell a difference from luck."
