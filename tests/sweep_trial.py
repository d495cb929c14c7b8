"""A sweep of forty short runs, for tests that kill it: `python sweep_trial.py FOLDER OUT [SCHEDULER]`."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import pandas as pd

from gates.sweep import engine, table
from gates.sweep.job import Job
from gates.sweep.kept import Failed

GRID = [{"seed": seed, "scale": scale} for seed in range(20) for scale in (1.0, 0.5)]


def short(seed: int, scale: float, log: str, seconds: float = 0.1) -> pd.DataFrame:
    """Three random numbers that depend on the seed; the last thing it does is to write down that it has run."""
    time.sleep(seconds)
    draws = random.Random(seed)
    rows = [{"step": step, "metric": "loss", "value": scale * draws.random()} for step in range(3)]
    with open(log, "a") as file:
        file.write(f"{seed} {scale}\n")
    return pd.DataFrame(rows)


def odd(how: str) -> pd.DataFrame:
    """A run that does not finish, or takes what it may not."""
    if how == "raises":
        raise ValueError("The loss is not a number.\nAnd more lines.")
    if how == "says so":
        raise Failed("Cell 06-fit was not reached.")
    if how == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "exits":
        print("No room left.", flush=True)
        os._exit(7)
    if how == "hangs":
        time.sleep(600)
    if how == "is large":
        held = bytearray(400 * 2**20)
        time.sleep(600)
        return len(held)
    return pd.DataFrame({"value": [0.1 + 0.2]})


def jobs(log: str, seconds: float = 0.1) -> list[Job]:
    more = {"log": log, "seconds": seconds}
    return [Job("sweep_trial:short", point | more, list(point.values())) for point in GRID]


def main(folder: str, out: str, scheduler: str | None = None) -> None:
    outcomes = engine.sweep(jobs(f"{folder}.ran"), Path(folder), scheduler=scheduler, at_once=2)
    table.write(table.tidy(GRID, outcomes), Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
