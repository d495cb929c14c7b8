"""How a learner's wagers do: the picture on the home page, of all claims on which a wager is settled."""

from gates import wagers
from gates.checks import progress
from gates.claims import CLAIMS


class Nothing:
    """What stands in the picture's place while there is nothing to draw."""

    SAID = (
        "No wager is settled yet. Here will stand, for each claim, the interval you expected and, in it or beside it, what "
        "was measured."
    )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.SAID, "text/html": f"<p>{self.SAID}</p>"}


def shown(record: dict) -> object:
    """A picture of the settled wagers in a record of progress, or what says that there is none. Only a picture loads
    matplotlib."""
    settled = {
        claim: wager
        for claim, wager in sorted(record["wagers"].items())
        if "held" in wager and claim in wagers.OPEN
    }
    if not settled:
        return Nothing()
    import pandas as pd

    from gates import figures

    of = {claim.id: claim.figure.of for claim in CLAIMS if claim.figure}
    rows = {claim: _row(claim, wager) | {"figure": of[claim]} for claim, wager in settled.items()}
    return figures.calibration(pd.DataFrame(rows).T)


def show() -> object:
    """The learner's wagers so far, as a picture."""
    record = progress.read()
    if told := progress.news():
        print(told)
    return shown(record)


def _row(claim: str, wager: dict) -> dict:
    measured = [wager[name] for name in ("number", "measured_low", "measured_high")]
    return {
        "low": wager["low"],
        "high": wager["high"],
        "number": measured[0],
        "measured low": measured[1],
        "measured high": measured[2],
        "expected": f"{wagers.plain(wager['low'])} to {wagers.plain(wager['high'])}",
        "measured": _printed(wagers.OPEN[claim], *measured),
    }


def _printed(figure: wagers.Counted, number: float, low: float, high: float) -> str:
    def one(value: float) -> str:
        small = value and abs(value) < 10**-figure.decimals
        return (f"{value:.2g}" if small else f"{value:.{figure.decimals}f}").replace("-", "−")

    unit = "" if figure.unit == "share" else f" {figure.unit}"
    return f"{one(number)} [{one(low)}, {one(high)}]{unit}".rstrip()
