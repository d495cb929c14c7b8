"""Sweeps: what is finished is neither lost nor run twice, whoever is killed; and each run that ends otherwise says so."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import psutil
import pytest
import sweep_trial
import torch

from gates import results
from gates.claims import CLAIMS
from gates.sweep import engine, guard, kept, lesson, points, record, recording, table
from gates.sweep.__main__ import main
from gates.sweep.guard import Limits, Sweeper
from gates.sweep.job import Job
from gates.sweep.kept import Outcome
from gates.sweep.points import Unusable

TESTS = Path(__file__).resolve().parent
TRIAL = TESTS / "sweep_trial.py"
PATIENCE = 300  # seconds; what is waited for takes two or three where nothing else runs


@pytest.fixture(autouse=True)
def runs_find_the_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes of runs import what stands beside this file."""
    path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)


def trial(folder: Path, out: Path, *scheduler: str) -> list[str]:
    return [sys.executable, str(TRIAL), str(folder), str(out), *scheduler]


@contextlib.contextmanager
def sweeping(folder: Path, out: Path, *scheduler: str) -> Iterator[subprocess.Popen]:
    """The process of the trial; whatever a test finds, it does not outlive it."""
    process = subprocess.Popen(trial(folder, out, *scheduler), stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(there: Callable[[], bool], what: str, process: subprocess.Popen) -> None:
    """Wait for what a sweep shall bring about; if it ends or takes too long before that, the test fails in a sentence."""
    latest = time.monotonic() + PATIENCE
    while not there():
        ended, late = process.poll() is not None, time.monotonic() > latest
        if (ended or late) and not there():
            how = f"ended with code {process.returncode}" if ended else f"ran for {PATIENCE} s"
            pytest.fail(f"The sweep {how}, and still {what}.")
        time.sleep(0.02)


def end_of(process: subprocess.Popen) -> int:
    """The code with which a sweep ends by itself."""
    wait_until(lambda: process.poll() is not None, "it has not ended", process)
    return process.returncode


def finished(folder: Path) -> dict[str, int]:
    """The files of runs that have ended, and when each was written."""
    return {file.name: file.stat().st_mtime_ns for file in folder.glob("*.json")}


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table's file of forty short runs that nobody disturbed: what the runs return, called one after the other."""
    folder = tmp_path_factory.mktemp("undisturbed")
    log = str(folder / "ran")
    parts = [sweep_trial.short(**point, log=log, seconds=0) for point in sweep_trial.GRID]
    outcomes = [Outcome(kept.FINISHED, rows=kept.as_text(part)) for part in parts]
    table.write(table.tidy(sweep_trial.GRID, outcomes), folder / "out.csv")
    return (folder / "out.csv").read_bytes()


LINES = {
    f"{job.key}.json": f"{point['seed']} {point['scale']}"
    for job, point in zip(sweep_trial.jobs("ran"), sweep_trial.GRID, strict=True)
}


def times_run(folder: Path, files: Iterable[str]) -> dict[str, int]:
    """How often each of those runs has come to its end, by what the runs themselves have written down."""
    log = Path(f"{folder}.ran")
    counts = Counter(log.read_text().splitlines() if log.exists() else [])
    return {file: counts[LINES[file]] for file in files}


def _command(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


# Killed


def test_a_sweep_that_is_killed_ten_times_gives_the_table_of_one_that_is_not(
    undisturbed: bytes, tmp_path: Path
) -> None:
    moments, folder, out, known = random.Random(0), tmp_path / "runs", tmp_path / "out.csv", {}
    ran: dict[str, int] = {}
    for number in range(10):
        with sweeping(folder, out) as process:
            if number > 1:  # the first two are killed before any run has ended
                begun = len(finished(folder))
                wait_until(
                    lambda begun=begun: len(finished(folder)) > begun,
                    f"no run has ended since {begun} of 40 had",
                    process,
                )
            time.sleep(moments.random())
        now = finished(folder)
        assert known.items() <= now.items(), "a finished run was lost, or written again"
        assert ran == times_run(folder, ran), "a finished run was run again"
        known, ran = now, times_run(folder, now)
    assert 0 < len(known) < 40
    with sweeping(folder, out) as process:
        assert end_of(process) == 0
    assert known.items() <= finished(folder).items() and ran == times_run(folder, ran)
    assert out.read_bytes() == undisturbed and len(pd.read_csv(out)) == 120


@contextlib.contextmanager
def dask(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler and two workers, each a process; its address, and the workers."""
    told = tmp_path / "scheduler.json"
    quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": tmp_path}
    here = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
    processes = [
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *here], **quiet)
    ]
    try:
        while not told.exists():
            assert processes[0].poll() is None
            time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        own = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"]
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address, *own]
        processes += [subprocess.Popen(command, **quiet) for _ in range(2)]
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_worker_of_dask_that_is_killed_costs_nothing_that_is_finished(
    undisturbed: bytes, tmp_path: Path
) -> None:
    folder, out = tmp_path / "runs", tmp_path / "out.csv"
    with dask(tmp_path) as (address, workers), sweeping(folder, out, address) as process:
        few = "fewer than 12 of 40 runs have ended"
        wait_until(lambda: len(finished(folder)) >= 12, few, process)
        workers[0].send_signal(signal.SIGKILL)
        known = finished(folder)
        assert end_of(process) == 0
    assert 12 <= len(known) < 40 and known.items() <= finished(folder).items()
    assert out.read_bytes() == undisturbed and len(pd.read_csv(out)) == 120
    ran = Path(f"{folder}.ran").read_text().splitlines()
    assert set(ran) == {f"{point['seed']} {point['scale']}" for point in sweep_trial.GRID}
    assert len(ran) <= 41, "only what was under way on the killed worker may have run twice"


def test_a_worker_of_this_machine_that_is_killed_is_replaced(tmp_path: Path) -> None:
    folder, out = tmp_path / "runs", tmp_path / "out.csv"
    with sweeping(folder, out) as process:
        few = "fewer than 3 of 40 runs have ended"
        wait_until(lambda: len(finished(folder)) >= 3, few, process)
        children = psutil.Process(process.pid).children()
        next(child for child in children if "LokyProcess" in " ".join(_command(child))).kill()
        assert end_of(process) == 0
    assert len(pd.read_csv(out)) == 120 and set(pd.read_csv(out)["status"]) == {"finished"}


def test_nothing_is_left_running_of_a_sweep_that_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    workers: list[psutil.Process] = []
    with sweeping(folder, tmp_path / "out.csv") as process:

        def runs_have_begun() -> bool:
            if process.poll() is not None:
                return False
            family = psutil.Process(process.pid).children(recursive=True)
            workers[:] = [
                one for one in family if "resource_tracker" not in " ".join(_command(one))
            ]
            return any("gates.sweep.alone" in _command(one) for one in workers)

        wait_until(runs_have_begun, "no run has begun", process)
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive


# Ends of other kinds


ODD = {
    "raises": (kept.FAILED, "ValueError: The loss is not a number."),
    "says so": (kept.FAILED, "Cell 06-fit was not reached."),
    "is killed": (kept.KILLED, "Its process was ended by SIGKILL."),
    "exits": (kept.KILLED, "Its process ended with code 7: No room left."),
    "hangs": (kept.OVER_TIME, "It was still running after 1 s."),
    "is large": (kept.OVER_MEMORY, "MB of memory, and 350 are the limit."),
}


@pytest.fixture(scope="session")
def odd_ones(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Outcome]]:
    folder = tmp_path_factory.mktemp("odd")
    jobs = {how: Job("sweep_trial:odd", {"how": how}) for how in [*ODD, "is fine"]}
    path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        outcomes = [
            engine.sweep([job], folder, Limits(1 if how == "hangs" else 600, 350))[0]
            for how, job in jobs.items()
        ]
    return folder, dict(zip(jobs, outcomes, strict=True))


@pytest.mark.parametrize("how", ODD)
def test_a_run_that_does_not_finish_is_a_row_that_says_so(how: str, odd_ones: tuple) -> None:
    status, told = ODD[how]
    found = odd_ones[1][how]
    assert found.status == status and found.told.endswith(told) and found.table.empty
    rows = table.tidy([{"how": how}], [found])
    assert rows.to_dict("records") == [{"how": how, "status": status, "told": found.told}]
    assert table.costs([{"how": how}], [found])["status"].tolist() == [status]


def test_a_run_among_those_keeps_every_digit_and_says_what_it_took(odd_ones: tuple) -> None:
    found = odd_ones[1]["is fine"]
    assert found.status == kept.FINISHED and found.table["value"].tolist() == [0.1 + 0.2]
    assert 0 < found.seconds < 60 and 10 < found.megabytes < 1000
    assert odd_ones[1]["is large"].megabytes > 350 and odd_ones[1]["hangs"].seconds >= 1


def test_what_a_failed_run_printed_is_kept_and_that_of_a_finished_one_is_not(
    odd_ones: tuple,
) -> None:
    folder, _ = odd_ones
    logs = {log.read_text() for log in folder.glob("*.log")}
    assert any("Traceback" in text and "And more lines." in text for text in logs)
    assert not Path(folder, f"{Job('sweep_trial:odd', {'how': 'is fine'}).key}.log").exists()


def test_those_that_did_not_finish_are_run_again_when_that_is_asked(tmp_path: Path) -> None:
    jobs = [Job("sweep_trial:odd", {"how": how}) for how in ("raises", "is fine")]
    engine.sweep(jobs, tmp_path)
    before = finished(tmp_path)
    engine.sweep(jobs, tmp_path)
    assert finished(tmp_path) == before
    engine.sweep(jobs, tmp_path, again=True)
    changed = {name for name, at in finished(tmp_path).items() if at != before[name]}
    assert changed == {f"{jobs[0].key}.json"}


def test_a_file_that_cannot_be_read_is_a_run_that_has_not_ended(tmp_path: Path) -> None:
    job = Job("sweep_trial:odd", {"how": "is fine"})
    kept.place(tmp_path, job.key).write_text('{"status": "fini')
    (outcome,) = engine.sweep([job], tmp_path)
    assert outcome.status == kept.FINISHED


def test_the_first_outcome_stays(tmp_path: Path) -> None:
    kept.write(tmp_path, "one", Outcome(kept.FINISHED, rows="value\n1\n").text())
    kept.write(tmp_path, "one", Outcome(kept.KILLED, "late").text())
    assert kept.read(tmp_path, "one").status == kept.FINISHED


def test_a_guard_whose_sweeper_is_gone_runs_nothing(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "pass"])
    this = Sweeper.this()
    gone = Sweeper(this.host, other.pid, this.begun)
    other.wait()
    assert gone.is_gone() and not this.is_gone()
    assert not Sweeper("another machine", other.pid, 0.0).is_gone()
    with pytest.raises(guard.Gone):
        guard.run(Job("sweep_trial:odd", {"how": "is fine"}), str(tmp_path), Limits(), gone)
    assert not finished(tmp_path)


# The grid


USUAL = {"seeds": 5, "rate": 5e-3, "cell": "lstm", "full": False, "sizes": (1, 2), "word": "a"}


def typed(*given: str) -> list[dict]:
    return points.points([list(given)], USUAL)


def test_a_value_is_of_the_kind_that_its_parameter_has() -> None:
    """papermill 2.7.0 reads `-p` and `-y` in two ways: 1e-3, 010, no and 12:30 differ between them."""
    assert [p["seeds"] for p in typed("seeds", "2", "010", "4..6")] == [2, 10, 4, 5, 6]
    assert [p["rate"] for p in typed("rate", "1e-3", "1", ".5")] == [1e-3, 1.0, 0.5]
    assert all(type(p["rate"]) is float for p in typed("rate", "1e-3", "1"))
    assert [p["word"] for p in typed("word", "no", "12:30", "1e-3", "0..3")] == [
        "no",
        "12:30",
        "1e-3",
        "0..3",
    ]
    assert [p["full"] for p in typed("full", "true", "False")] == [True, False]
    assert [p["sizes"] for p in typed("sizes", "(3, 4)")] == [(3, 4)]


def test_the_last_parameter_changes_fastest() -> None:
    found = points.points([["seeds", "2", "3"], ["cell", "lstm", "gru"]], USUAL)
    assert [tuple(p.values()) for p in found] == [(2, "lstm"), (2, "gru"), (3, "lstm"), (3, "gru")]


WRONG = {
    "there are none": ([], "Say what to vary"),
    "the name is unknown": ([["warp", "3"]], "no parameter 'warp'. There are: seeds = 5"),
    "a name stands twice": ([["seeds", "2"], ["seeds", "3"]], "seeds is given twice"),
    "there is no value": ([["seeds"]], "seeds has no values"),
    "a value stands twice": ([["seeds", "2..4", "3"]], "seeds has the value 3 twice"),
    "a word is no number": ([["seeds", "many"]], "seeds is 'many', and has to be a whole number."),
    "a fraction is no whole number": ([["seeds", "2.5"]], "'2.5', and has to be a whole number"),
    "a number is no truth": ([["full", "1"]], "full is '1', and has to be true or false."),
    "a range goes backwards": ([["seeds", "6..4"]], "6..4 goes backwards"),
    "a lesson would refuse it": (
        [["seeds", "1"]],
        "seeds is 1, and has to be a whole number from 2",
    ),
    "a cell is unknown": ([["cell", "warp"]], "has to be one of rnn, lstm, gru."),
    "it is no Python": ([["sizes", "(3,"]], "written as in Python, like (1, 2)."),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_a_grid_is_told_in_a_sentence(what: str) -> None:
    given, told = WRONG[what]
    with pytest.raises(Unusable) as caught:
        points.points(given, USUAL)
    assert told in str(caught.value) and "\n" not in str(caught.value)


def test_parameters_are_read_from_their_cell_without_running_it() -> None:
    source = (
        "# a note\nseeds = 5\nrate = 5e-3\nlow = -1\ncell = 'lstm'\nroom = open('x')\na, b = 1, 2\n"
    )
    assert points.parameters(source) == {"seeds": 5, "rate": 5e-3, "low": -1, "cell": "lstm"}


# Lessons


def notebook(file: Path, *cells: str, tags: dict[int, list[str]] | None = None) -> Path:
    """A notebook of these cells, the first of which has the parameters. tags: of the cells with these numbers."""
    tagged = {0: ["parameters"], **(tags or {})}
    made = [
        nbformat.v4.new_code_cell(source, id=f"cell-{k}", metadata={"tags": tagged.get(k, [])})
        for k, source in enumerate(cells)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=kernel), file)
    return file


CELLS = (
    "seed = 0\nrate = 0.5",
    "from gates.sweep import record\n1 / 0",
    "assert rate < 1, 'The rate is too large.'",
    "record(metric='loss', value=rate * seed, seed=seed)",
    "def unfinished(",
)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook swept over two good points and two bad ones; cells that may raise do."""
    folder = tmp_path_factory.mktemp("lesson")
    tags = {1: ["raises-exception"], 4: ["raises-exception"]}
    file = notebook(folder / "small.ipynb", *CELLS, tags=tags)
    arguments = ["-p", "seed", "1..2", "-p", "rate", "1e-1", "2"]
    where = ["--out", str(folder / "small.csv"), "--folder", str(folder / "runs")]
    assert main([str(file), *arguments, *where]) == 0
    return folder


def test_a_lesson_has_finished_if_every_cell_ran_and_only_those_raised_that_may(
    swept: Path,
) -> None:
    found = pd.read_csv(swept / "small.csv")
    assert list(found.columns) == [
        "seed",
        "rate",
        "status",
        "told",
        "metric",
        "value",
        "seed found",
    ]
    good = found[found["status"] == "finished"]
    assert good[["seed", "rate", "value"]].values.tolist() == [[1, 0.1, 0.1], [2, 0.1, 0.2]]
    bad = found[found["status"] == "failed"]
    assert list(bad["rate"]) == [2.0, 2.0]
    assert (
        bad["told"].str.contains("Cell cell-2 raised AssertionError: The rate is too large.").all()
    )


def test_a_lesson_that_failed_leaves_the_notebook_to_look_into_and_others_nothing(
    swept: Path,
) -> None:
    left = sorted(file.suffix for file in (swept / "runs").iterdir() if file.suffix != ".lock")
    assert left.count(".ipynb") == 2 and left.count(".json") == 4
    told = pd.read_csv(swept / "small.csv")["told"].dropna().iloc[0]
    assert Path(told.rpartition(" is ")[2].removesuffix(".")).is_file()


def test_what_each_run_took_stands_beside_the_table(swept: Path) -> None:
    taken = pd.read_csv(swept / "small.runs.csv")
    assert len(taken) == 4 and (taken["seconds"] > 0).all() and (taken["megabytes"] > 20).all()


def test_what_made_the_table_stands_beside_it(swept: Path) -> None:
    told = json.loads((swept / "small.json").read_text())
    assert set(told) == set(results.FIELDS)
    assert (
        told["command"].startswith("python -m gates.sweep ") and "-p seed 1..2" in told["command"]
    )


def test_the_same_command_runs_nothing_again_and_says_the_same(
    swept: Path, capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    before = finished(swept / "runs")
    arguments = ["-p", "seed", "1..2", "-p", "rate", "1e-1", "2"]
    out = tmp_path / "again.parquet"
    more = ["--out", str(out), "--folder", str(swept / "runs")]
    assert main([str(swept / "small.ipynb"), *arguments, *more]) == 0
    assert finished(swept / "runs") == before
    told = capsys.readouterr().out
    assert "4 runs of small.ipynb" in told and "2 finished" in told and "--again" in told
    as_text = pd.read_parquet(out).to_csv(index=False, lineterminator="\n")
    assert as_text == (swept / "small.csv").read_text()


def test_a_lesson_that_was_changed_is_another(swept: Path, tmp_path: Path) -> None:
    one = notebook(tmp_path / "a.ipynb", "seed = 0", "1 + 1")
    first = [job.key for job in lesson.jobs(one, [{"seed": 1}, {"seed": 2}], tmp_path)]
    assert len(set(first)) == 2
    notebook(one, "seed = 0", "1 + 2")
    assert set(first).isdisjoint(job.key for job in lesson.jobs(one, [{"seed": 1}], tmp_path))


def test_the_figures_of_claims_are_read_from_what_a_lesson_printed() -> None:
    cells = nbformat.read(lesson.notebook("06"), as_version=4).cells
    found = {row["metric"]: row for row in lesson.figures(cells)}
    figures = {c.id: c.figure for c in CLAIMS if c.figure and c.figure.cell.startswith("06")}
    assert figures
    for id, figure in figures.items():
        row = found[f"{id} figure"]
        assert (row["value"], row["low"], row["high"]) == (figure.number, figure.low, figure.high)


ASKED = {
    "no such lesson": (["99", "-p", "seeds", "5"], "There is no lesson 99"),
    "no such notebook": (["x.ipynb", "-p", "seeds", "5"], "There is no notebook x.ipynb"),
    "no grid": (["06"], "Say what to vary"),
    "no such parameter": (["06", "-p", "warp", "5"], "no parameter 'warp'"),
    "no table of that kind": (
        ["06", "-p", "seeds", "5", "--out", "a.txt"],
        "has to end in .csv or .parquet",
    ),
    "no such folder": (
        ["06", "-p", "seeds", "5", "--out", "nowhere/a.csv"],
        "There is no folder nowhere",
    ),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_cannot_be_swept_is_told_in_a_sentence(
    what: str, capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, told = ASKED[what]
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert told in said.err and said.err.count("\n") == 1 and not said.out


def test_a_notebook_needs_one_cell_of_parameters(tmp_path: Path) -> None:
    file = notebook(tmp_path / "a.ipynb", "seed = 0", "seed = 1", tags={0: []})
    with pytest.raises(Unusable, match=r"a\.ipynb has no cell tagged parameters"):
        lesson.usual(file)
    file = notebook(tmp_path / "a.ipynb", "seed = 0", "seed = 1", tags={1: ["parameters"]})
    with pytest.raises(Unusable, match=r"a\.ipynb has 2 cells tagged parameters"):
        lesson.usual(file)


def test_a_scheduler_that_does_not_answer_is_told(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    file = notebook(tmp_path / "a.ipynb", "seed = 0")
    where = ["--out", str(tmp_path / "a.csv"), "--folder", str(tmp_path / "runs")]
    address = ["--scheduler", "tcp://127.0.0.1:9"]
    assert main([str(file), "-p", "seed", "1", *where, *address]) == 2
    assert "The scheduler tcp://127.0.0.1:9 does not answer" in capsys.readouterr().err


def test_ctrl_c_says_how_many_are_kept_and_leaves_nothing_running(tmp_path: Path) -> None:
    file = notebook(
        tmp_path / "a.ipynb", "seed = 0", "import time\ntime.sleep(0 if seed < 2 else 600)"
    )
    where = ["--out", str(tmp_path / "a.csv"), "--folder", str(tmp_path / "runs"), "--jobs", "1"]
    command = [sys.executable, "-m", "gates.sweep", str(file), "-p", "seed", "1..3", *where]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    while not finished(tmp_path / "runs"):
        time.sleep(0.1)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate()
    assert process.returncode == 130 and "Stopped. 1 of 3 runs are kept" in told
    family = [one for one in family if "resource_tracker" not in " ".join(_command(one))]
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


# Recording


def test_without_a_sweep_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(recording.VARIABLE, raising=False)
    record(metric="loss", value=1.0)


def test_rows_are_recorded_with_the_numbers_of_numpy_and_torch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "rows"
    monkeypatch.setenv(recording.VARIABLE, str(file))
    assert recording.recorded(file) == []
    record(metric="loss", value=np.float32(0.5), seed=torch.tensor(3))
    record(pd.DataFrame({"step": [1, 2], "value": [0.1, float("nan")]}))
    first, second, third = recording.recorded(file)
    assert first == {"metric": "loss", "value": 0.5, "seed": 3}
    assert second == {"step": 1, "value": 0.1} and np.isnan(third["value"])


@pytest.mark.parametrize("wrong", [lambda: record(), lambda: record(pd.DataFrame(), value=1)])
def test_a_record_of_nothing_or_of_two_kinds_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"[Rr]ecord"):
        wrong()
