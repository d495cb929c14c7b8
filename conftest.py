"""What every test run shares: a private home, the choice of a lesson, and a table of seconds and memory by notebook."""

import os
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

ROOT = Path(__file__).resolve().parent
LONGEST_SECONDS, MOST_MEGABYTES = 60, 800  # a notebook's budget: reported, not enforced
EVERY = 0.1  # seconds between two samples of memory


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lesson", default="", help="two digits: test this lesson's editions only")


def pytest_configure(config: pytest.Config) -> None:
    config.private_home = tempfile.TemporaryDirectory()
    os.environ["GATES_HOME"] = os.environ["IPYTHONDIR"] = config.private_home.name
    os.environ["OMP_NUM_THREADS"] = "1"
    config.meters = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    config.private_home.cleanup()


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
    return result


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if not config.meters:
        return
    terminalreporter.section("notebooks")
    terminalreporter.write_line(f"{'notebook':42} {'seconds':>8} {'peak memory':>12}")
    total = 0.0
    for notebook, meter in config.meters.items():
        megabytes = meter.peak / 2**20
        over = [f"over {LONGEST_SECONDS} s"] * (meter.seconds > LONGEST_SECONDS)
        over += [f"over {MOST_MEGABYTES} MB"] * (megabytes > MOST_MEGABYTES)
        name = "/".join(Path(notebook.path).parts[-2:])
        row = f"{name:42} {meter.seconds:8.1f} {megabytes:9.0f} MB  {', '.join(over)}"
        terminalreporter.write_line(row.rstrip())
        total += meter.seconds
    terminalreporter.write_line(f"{'together':42} {total:8.1f}")
