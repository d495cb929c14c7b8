"""What every test run shares: a private home, the choice of a lesson, files side by side, and a table of seconds and
memory by notebook.

With `-n 2 --dist loadfile --no-loadscope-reorder` two processes share the files, the longest first, so that both end
together. `tests/seconds.json` holds how long each took; `--record` writes it anew.
"""

import json
import os
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

ROOT = Path(__file__).resolve().parent
SECONDS = ROOT / "tests" / "seconds.json"
UNKNOWN = 30.0  # seconds expected of a file that was never measured
LONGEST_SECONDS, MOST_MEGABYTES = 60, 800  # a notebook's budget: reported, not enforced
EVERY = 0.1  # seconds between two samples of memory


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lesson", default="", help="two digits: test this lesson's editions only")
    parser.addoption("--record", action="store_true", help=f"write tests/{SECONDS.name} anew")


def pytest_configure(config: pytest.Config) -> None:
    of_worker = getattr(config, "workerinput", {})  # in a process that shares the files with others
    config.private_home = tempfile.TemporaryDirectory(dir=of_worker.get("home"))
    os.environ["GATES_HOME"] = os.environ["IPYTHONDIR"] = config.private_home.name
    os.environ["OMP_NUM_THREADS"] = "1"
    config.meters, config.measured = {}, []
    if not of_worker:
        config.pluginmanager.register(Files(config), "files")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Each process has a home of its own, in that of the first, so that none is left when they are stopped."""
    node.workerinput["home"] = node.config.private_home.name


def pytest_unconfigure(config: pytest.Config) -> None:
    config.private_home.cleanup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a process that shares the files with others, the longest first; a file's tests stay in their order."""
    if hasattr(config, "workerinput"):
        known = _known()
        items.sort(key=lambda item: -known.get(_file(item), UNKNOWN))


def _known() -> dict[str, float]:
    """The seconds of each file when they were last recorded."""
    return json.loads(SECONDS.read_text(encoding="utf-8")) if SECONDS.exists() else {}


def _file(of: pytest.Item | pytest.TestReport) -> str:
    return of.nodeid.split("::")[0]


class Files:
    """How long each file takes, and, where several processes run them, a line when one is done instead of its dots."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.known = config, _known()
        self.seconds: Counter[str] = Counter()
        self.open: Counter[str] = Counter()  # the tests of each file that have not ended
        self.ended: dict[str, Counter[str]] = defaultdict(Counter)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        if not self.open and self.config.option.verbose == 0:
            self.open = Counter(nodeid.split("::")[0] for nodeid in ids)
            self.expected = {file: self.known.get(file, UNKNOWN) for file in self.open}

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self, report: pytest.TestReport):
        category, letter, word = yield
        return (category, "", word) if self.open else (category, letter, word)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = _file(report)
        self.seconds[file] += report.duration
        if report.when == "call" or not report.passed:
            self.ended[file][report.outcome] += 1
        if not self.open:
            return
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if report.failed:
            terminal.write_line(f"FAILED {report.nodeid}", red=True)
        if report.when == "teardown":
            self.open[file] -= 1
        if report.when == "teardown" and not self.open[file]:
            done = sum(s for name, s in self.expected.items() if not self.open[name])
            share = done / sum(self.expected.values())
            told = ", ".join(f"{n} {outcome}" for outcome, n in sorted(self.ended[file].items()))
            terminal.write_line(f"[{share:4.0%}] {file:42} {self.seconds[file]:6.1f} s  {told}")

    def pytest_sessionfinish(self) -> None:
        if self.config.option.record:
            measured = {file: round(seconds, 1) for file, seconds in self.seconds.items()}
            both = {**self.known, **measured}
            there = {file: both[file] for file in sorted(both) if (ROOT / file).exists()}
            SECONDS.write_text(json.dumps(there, indent=1) + "\n", encoding="utf-8", newline="\n")


class Meter(threading.Thread):
    """Measures a notebook while it runs: its seconds, and the peak resident memory of its kernel and children."""

    def __init__(self, notebook: IPyNbFile) -> None:
        super().__init__(daemon=True)
        self.notebook, self.peak, self.seconds = notebook, 0, 0.0
        self.begun, self.over = time.perf_counter(), threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(EVERY):
            kernel = getattr(self.notebook, "kernel", None)
            provisioner = getattr(getattr(kernel, "km", None), "provisioner", None)
            if getattr(provisioner, "pid", None):
                self.peak = max(self.peak, _resident(provisioner.pid))

    def stop(self) -> None:
        self.over.set()
        self.seconds = time.perf_counter() - self.begun

    @property
    def row(self) -> tuple[str, float, float]:
        """The notebook, its seconds and its megabytes."""
        name = "/".join(Path(self.notebook.path).parts[-2:])
        return name, self.seconds, self.peak / 2**20


def _resident(pid: int) -> int:
    try:
        kernel = psutil.Process(pid)
        family = [kernel, *kernel.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for process in family:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None):
    if not isinstance(item, IPyNbCell):
        return (yield)
    meters = item.config.meters
    meter = meters.get(item.parent) or meters.setdefault(item.parent, Meter(item.parent))
    result = yield
    if nextitem is None or nextitem.parent is not item.parent:
        meter.stop()
        item.config.measured.append(meter.row)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Give what was measured to the process that reports."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["notebooks"] = session.config.measured


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    node.config.measured += getattr(node, "workeroutput", {}).get("notebooks", [])


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if not config.measured:
        return
    terminalreporter.section("notebooks")
    terminalreporter.write_line(f"{'notebook':42} {'seconds':>8} {'peak memory':>12}")
    total = 0.0
    for name, seconds, megabytes in sorted(config.measured):
        over = [f"over {LONGEST_SECONDS} s"] * (seconds > LONGEST_SECONDS)
        over += [f"over {MOST_MEGABYTES} MB"] * (megabytes > MOST_MEGABYTES)
        row = f"{name:42} {seconds:8.1f} {megabytes:9.0f} MB  {', '.join(over)}"
        terminalreporter.write_line(row.rstrip())
        total += seconds
    terminalreporter.write_line(f"{'together':42} {total:8.1f}")
