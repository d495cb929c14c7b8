"""All runs of a sweep, side by side on one machine or on many; what is finished is kept, and never run again."""

import contextlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm.auto import tqdm

from gates.sweep import guard, kept
from gates.sweep.guard import Limits, Sweeper
from gates.sweep.job import Job

LIMITS = Limits()  # by itself
_IDLE = 10  # seconds after which a worker without work ends
_TRIES = 10  # of going on after workers were lost without a single run that ended


def cores() -> int:
    """How many runs there is room for on this machine."""
    with contextlib.suppress(AttributeError):  # macOS and Windows do not say what they were given
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def sweep(
    jobs: Sequence[Job],
    folder: Path,
    limits: Limits = LIMITS,
    at_once: int | None = None,
    scheduler: str | None = None,
    again: bool = False,
    title: str = "",
) -> list[kept.Outcome]:
    """Run what has no outcome yet, and return the outcomes of all, in the order of the jobs.

    folder: where each run writes how it ended; with a scheduler, one that all its machines see is best, and where they do
    not see it, this process writes down what they return. at_once: how many run side by side, by itself one a core.
    scheduler: the address of a dask scheduler; by itself joblib's loky on this machine. again: whether those that ended
    without finishing are run once more. Whoever stops this loses only the runs that are under way.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if again:
        for job in jobs:
            outcome = kept.read(folder, job.key)
            if outcome is not None and outcome.status != kept.FINISHED:
                kept.place(folder, job.key).unlink()
    found = {job.key: kept.read(folder, job.key) for job in jobs}
    waiting = {job.key: job for job in jobs if found[job.key] is None}
    with tqdm(total=len(found), initial=len(found) - len(waiting), unit="run", desc=title) as bar:
        lost = 0
        while waiting and lost < _TRIES:
            lost += 1
            for key, text in _ended(list(waiting.values()), folder, limits, at_once, scheduler):
                kept.write(folder, key, text)
                found[key] = kept.read(folder, key)
                del waiting[key]
                lost = 0
                bar.update()
                bar.set_postfix_str(_counted(found.values()))
    for key in waiting:
        told = f"Its worker was lost {_TRIES} times."
        kept.write(folder, key, kept.Outcome(kept.KILLED, told).text())
        found[key] = kept.read(folder, key)
    return [found[job.key] for job in jobs]


def _counted(outcomes: Sequence[kept.Outcome | None]) -> str:
    """How many ended in other ways than finishing."""
    counts = Counter(outcome.status for outcome in outcomes if outcome is not None)
    return ", ".join(f"{n} {status}" for status, n in counts.items() if status != kept.FINISHED)


def _guarded(
    job: Job, folder: str, limits: Limits, sweeper: Sweeper, leaves: bool
) -> tuple[str, str]:
    """leaves: whether this worker ends with the sweeper, since it serves nobody else."""
    try:
        return job.key, guard.run(job, folder, limits, sweeper)
    except guard.Gone:
        if leaves:
            os._exit(1)
        raise


def _ended(
    jobs: list[Job], folder: Path, limits: Limits, at_once: int | None, scheduler: str | None
) -> Iterator[tuple[str, str]]:
    """Keys and outcomes as they come. Where a worker is lost, what has come by then is all there is."""
    import joblib
    from joblib.externals.loky.process_executor import BrokenProcessPool

    sweeper = Sweeper.this()
    leaves = scheduler is None
    calls = [joblib.delayed(_guarded)(job, str(folder), limits, sweeper, leaves) for job in jobs]
    options = {"return_as": "generator_unordered", "batch_size": 1, "pre_dispatch": "all"}
    with contextlib.ExitStack() as stack:
        if scheduler:
            stack.enter_context(_on(scheduler))
        else:
            stack.enter_context(
                joblib.parallel_config("loky", n_jobs=at_once or cores(), idle_worker_timeout=_IDLE)
            )
        try:
            yield from joblib.Parallel(**options)(calls)
        except BrokenProcessPool:
            return


@contextlib.contextmanager
def _on(scheduler: str) -> Iterator[None]:
    """Within this, joblib's calls go to a dask scheduler."""
    import joblib
    from distributed import Client

    with Client(scheduler, timeout="10s") as client, joblib.parallel_config("dask", client=client):
        yield
