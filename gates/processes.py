"""A process and all that it has started: how much they hold, and how to end them."""

import contextlib

import psutil


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it has started, as far as they are still there."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def resident(process: psutil.Process) -> float:
    """The megabytes that a process and its children hold in memory."""
    total = 0
    for member in family(process):
        with contextlib.suppress(psutil.Error):
            total += member.memory_info().rss
    return total / 2**20


def end(process: psutil.Process, itself: bool = True) -> None:
    """End a process and all that it has started; or, without itself, only what it has started."""
    for member in reversed(family(process)):
        if itself or member.pid != process.pid:
            with contextlib.suppress(psutil.Error):
                member.kill()
