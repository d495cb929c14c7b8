"""A series of one's own from a CSV file; where it cannot be forecast, a sentence says why and what to do."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gates.series.kind import Series, ends

LEAST = 40  # values; with fewer, each part holds too few to learn from or to judge by


class CannotForecast(ValueError):
    """A file that cannot be forecast; a notebook shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def from_csv(
    file: str | os.PathLike, dates: str, columns: str | Sequence[str], season: int = 1
) -> Series:
    """A series from a CSV file, a row for each period from old to new.

    dates: the column with the dates, as 2024-03-01 or 2024-03 or 2024. columns: that which is forecast, and others to
    read besides. season: after how many periods the series repeats itself; 1 if it does not.
    A file that is missing or no table, an unknown column, a date that is none, dates that come twice, run backward or
    leave periods out, a number that is missing or none, too few values, and a column that never changes raise
    CannotForecast, a ValueError.
    """
    names = [columns] if isinstance(columns, str) else list(columns)
    read = _read(Path(file))
    for name in (dates, *names):
        if name not in read:
            known = ", ".join(read.columns)
            raise CannotForecast(f"There is no column {name}: the file has {known}.")
    if len(read) < LEAST:
        raise CannotForecast(
            f"There are {len(read)} rows, and it takes {LEAST} at least to learn from the first of them and judge by the last."
        )
    index = _periods(read[dates])
    numbers = pd.DataFrame({name: _numbers(read[name], index) for name in names})
    table = numbers.set_index(index)
    if season < 1 or len(table) < 4 * season:
        raise CannotForecast(
            f"With {len(table)} values a season cannot be {season}: it takes four seasons at least."
        )
    known = table.iloc[: ends(len(table))[0]]
    for name in names:
        if known[name].nunique() == 1:
            raise CannotForecast(
                f"{name} is the same in the whole training part, so there is nothing to learn from: leave the column out."
            )
    return Series(Path(file).stem, table, "", season, str(file))


def _read(file: Path) -> pd.DataFrame:
    """All cells as texts."""
    try:
        return pd.read_csv(file, dtype=str, keep_default_na=False)
    except FileNotFoundError as reason:
        raise CannotForecast(f"There is no file {file}: look at its name and folder.") from reason
    except OSError as reason:
        raise CannotForecast(f"{file} cannot be read ({reason}): choose another file.") from reason
    except pd.errors.EmptyDataError as reason:
        raise CannotForecast(
            f"{file} is empty: save the table as CSV, with a row of names first."
        ) from reason
    except (pd.errors.ParserError, UnicodeDecodeError) as reason:
        raise CannotForecast(
            f"{file} is no table with commas: save it as CSV, in UTF-8."
        ) from reason


def _numbers(column: pd.Series, index: pd.PeriodIndex) -> np.ndarray:
    """A column as numbers; the first cell that is none is named by its period."""
    found = pd.to_numeric(column.str.strip(), errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(found)
    if bad.any():
        k, cell = int(bad.argmax()), column.iloc[int(bad.argmax())].strip()
        what = f"“{cell}”, which is no number" if cell else "nothing"
        more = f" and so on, {bad.sum()} times in all" if bad.sum() > 1 else ""
        raise CannotForecast(
            f"{column.name} has {what}, at {index[k]}{more}: fill in what was measured, or begin the file after the gap."
        )
    return found


def _periods(column: pd.Series) -> pd.PeriodIndex:
    """Dates as periods of one length, each of which follows the one before."""
    texts = column.str.strip()
    years = bool(texts.str.fullmatch(r"\d{4}").all())
    stamps = pd.to_datetime(texts, errors="coerce", format="%Y" if years else "ISO8601")
    if stamps.isna().any():
        k = int(stamps.isna().to_numpy().argmax())
        raise CannotForecast(
            f"Row {k + 1} has “{texts.iloc[k]}” where a date should be: write all as 2024-03-01, year first."
        )
    gaps = stamps.diff().iloc[1:]
    if (gaps <= pd.Timedelta(0)).any():
        k = int((gaps <= pd.Timedelta(0)).to_numpy().argmax()) + 1
        what = "comes twice" if stamps.iloc[k] == stamps.iloc[k - 1] else "comes after a later one"
        raise CannotForecast(
            f"{texts.iloc[k]} {what}, in row {k + 1}: sort the rows from old to new, one for each period."
        )
    return _regular(pd.DatetimeIndex(stamps), texts)


def _regular(stamps: pd.DatetimeIndex, texts: pd.Series) -> pd.PeriodIndex:
    """The coarsest periods that no two dates share, if none of them is left out."""
    fits = [stamps.to_period(frequency) for frequency in _coarse_first(stamps)]
    apart = [periods for periods in fits if periods.is_unique]
    if not apart:
        raise CannotForecast(
            "Some dates are less than a minute apart: give one row for each minute, hour or day."
        )
    periods = apart[0]
    whole = pd.period_range(periods[0], periods[-1], freq=periods.freq)
    if len(whole) == len(periods):
        return periods
    missing = whole.difference(periods)
    before = int((periods < missing[0]).sum()) - 1
    raise CannotForecast(
        f"The dates are irregular: after {texts.iloc[before]} comes {texts.iloc[before + 1]}, and {missing[0]} is missing, "
        f"with {len(missing)} in all. Give a row for each period, or means over longer ones."
    )


def _coarse_first(stamps: pd.DatetimeIndex) -> list[str]:
    """Lengths of periods from years to minutes; weeks begin on the weekday of the first date."""
    end = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")[stamps[0].weekday()]
    return ["Y", "Q", "M", f"W-{end}", "D", "h", "min"]
