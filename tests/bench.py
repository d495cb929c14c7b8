"""How fast the course's layers are beside torch.nn's: `make bench`, or `python tests/bench.py --rounds 15`.

Rounds are interleaved: in each, every contestant runs once, in turn, so that what disturbs the machine disturbs
all alike. Timed is the CPU time of this process, on one thread. A ratio is torch's time by ours within a round, so
more than 1 means that ours is faster; shown are the median and the quartiles over the rounds. The textbook rung is
the loop over the readable cell, differentiated by autograd. "Own steps" are ours with oneDNN switched off: without
gradients our LSTM reads float32 with oneDNN's primitive, which is torch.nn.LSTM's own, so that only this column says
how fast our loop is. The last column times nothing but the matrix products that any loop over the steps needs, with
torch.mm: what they alone take bounds what such a loop can reach. Below stands what a forward pass without gradients
holds at its peak, beside its input, in a process of its own; and, as a table of its own, a training step of a minGRU in
each order of its steps beside torch.nn.LSTM, by the length of the sequence.
"""

import argparse
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial

import numpy as np
import psutil
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile
from tqdm import tqdm

from gates import costs, layers
from gates.minimal import min_gru
from gates.scan import ORDERS
from gates.variants import MinWeights

SIZES = {
    "A": (35, 32, 64, 128),
    "B": (100, 64, 2, 64),
    "C": (200, 32, 128, 256),
    "A, batch 8": (35, 8, 64, 128),
}


def contestants(kind: str, T: int, B: int, I: int, H: int) -> dict[str, Callable]:
    """For torch's layer, ours and the textbook rung: a function that runs it forward, or through a training step."""
    torch.manual_seed(0)
    theirs, ours, textbook = (
        made(I, H) for made in (getattr(nn, kind), *[getattr(layers, kind)] * 2)
    )
    textbook.readable = True
    for layer in (ours, textbook):
        layer.load_state_dict(theirs.state_dict())
    x = torch.randn(T, B, I)

    def run(layer: nn.Module, training: bool) -> None:
        if not training:
            with torch.no_grad():
                layer(x)
            return
        layer.zero_grad(set_to_none=True)
        layer(x)[0].square().mean().backward()

    named = {"torch.nn": theirs, "ours": ours, "textbook": textbook}
    runs = {
        name: lambda training, layer=layer: run(layer, training) for name, layer in named.items()
    }
    runs["own steps"] = without_onednn(runs["ours"])
    return {**runs, "products": products(theirs, x)}


LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096, 8192)


def minimal_contestants(T: int, B: int = 8, I: int = 64, H: int = 64) -> dict[str, Callable]:
    """For torch's LSTM, and for a minGRU in each order of its steps: a function that runs a training step."""
    torch.manual_seed(0)
    lstm, x, h0 = nn.LSTM(I, H), torch.randn(T, B, I), torch.zeros(B, H)
    gru = nn.Linear(I, 2 * H)

    def run(module: nn.Module, read: Callable) -> Callable:
        def step(training: bool) -> None:
            module.zero_grad(set_to_none=True)
            read().square().mean().backward()

        return step

    def read(how: str) -> Callable:
        return lambda: min_gru(x, MinWeights(gru.weight, gru.bias), h0, how)

    runs = {how: run(gru, read(how)) for how in ORDERS}
    return {"torch.nn.LSTM": run(lstm, lambda: lstm(x)[0]), **runs}


def show_minimal(rounds: int, seconds: float) -> None:
    """The table of the minGRU."""
    rows = []
    with tqdm(total=len(LENGTHS) * (1 + len(ORDERS)) * rounds, unit="run") as progress:
        for T in LENGTHS:
            runs = {name: partial(run, True) for name, run in minimal_contestants(T).items()}
            rows.append((T, costs.interleaved(runs, rounds, seconds, progress)))
    print("A training step of a minGRU, torch.nn.LSTM's time by its own, at B = 8 and I = H = 64")
    print(f"{'T':>6} {'torch.nn.LSTM':>15}   " + " ".join(f"{how:24}" for how in ORDERS).rstrip())
    for T, times in rows:
        shown = " ".join(f"{times_as_fast(times, 'torch.nn.LSTM', how):24}" for how in ORDERS)
        milliseconds = 1000 * np.median(times["torch.nn.LSTM"])
        print(f"{T:6} {milliseconds:12.1f} ms   {shown.rstrip()}")


def times_as_fast(times: dict, theirs: str, ours: str) -> str:
    """The median and the quartiles of the ratios within rounds."""
    low, median, high = np.quantile(times[theirs] / times[ours], [0.25, 0.5, 0.75])
    return f"{median:5.2f} × [{low:.2f}, {high:.2f}]"


def without_onednn(run: Callable) -> Callable:
    """The same run with oneDNN switched off."""

    def other(training: bool) -> None:
        before = torch._C._get_mkldnn_enabled()
        torch._C._set_mkldnn_enabled(False)
        try:
            run(training)
        finally:
            torch._C._set_mkldnn_enabled(before)

    return other


def products(layer: nn.Module, x: torch.Tensor) -> Callable:
    """The matrix products of a forward pass, or of a training step, and nothing else."""
    T, B, I = x.shape
    W, U = layer.weight_ih_l0.detach(), layer.weight_hh_l0.detach()
    rows, H = U.shape
    xs, h, hs, da = (
        x.reshape(T * B, I),
        torch.randn(B, H),
        torch.randn(T * B, H),
        torch.randn(T * B, rows),
    )

    def run(training: bool) -> None:
        torch.mm(xs, W.T)
        for _ in range(T):
            torch.mm(h, U.T)
        if training:
            for da_t in da.split(B):
                torch.mm(da_t, U)
            torch.mm(hs.T, da)
            torch.mm(xs.T, da)

    return run


def held(library: str, kind: str) -> float:
    """MiB that a forward pass without gradients holds at its peak, at T = 2000, B = 16 and H = 64."""
    torch.set_num_threads(1)
    layer, me = getattr({"torch.nn": nn, "ours": layers}[library], kind)(64, 64), psutil.Process()
    seen, over = [], threading.Event()

    def watch() -> None:
        while not over.wait(0.001):
            seen.append(me.memory_info().rss)

    with torch.no_grad():
        layer(torch.randn(2, 16, 64))
        x = torch.randn(2000, 16, 64)
        seen.append(me.memory_info().rss)
        watching = threading.Thread(target=watch)
        watching.start()
        layer(x)
    seen.append(me.memory_info().rss)
    over.set()
    watching.join()
    return (max(seen) - seen[0]) / 2**20


def held_apart(library: str, kind: str) -> float:
    command = [sys.executable, __file__, "--held", library, kind]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


PRODUCTS = {"aten::mm", "aten::addmm", "aten::addmm_"}
VIEWS = {
    f"aten::{name}"
    for name in (
        *("split", "split_with_sizes", "chunk", "slice", "select", "narrow", "as_strided"),
        *("t", "transpose", "permute", "view", "reshape", "unsqueeze", "expand", "detach", "alias"),
    )
}


def profiled(run: Callable, steps: int = 20) -> dict[str, float]:
    """Milliseconds of a training step by what they go to, by torch's profiler, which itself slows small calls."""
    for _ in range(steps):
        run(True)
    with profile(activities=[ProfilerActivity.CPU]) as watched:
        for _ in range(steps):
            run(True)
    spent = dict.fromkeys(("products", "elementwise", "views", "Python, autograd"), 0.0)
    for row in watched.key_averages():
        kind = "elementwise" if row.key.startswith("aten::") else "Python, autograd"
        kind = "products" if row.key in PRODUCTS else "views" if row.key in VIEWS else kind
        spent[kind] += row.self_cpu_time_total / steps / 1000
    return spent


def show_profile() -> None:
    """Where a training step of our layers spends its time."""
    torch.set_num_threads(1)
    for kind in ("GRU", "LSTM"):
        for size, shape in SIZES.items():
            spent = profiled(contestants(kind, *shape)["ours"])
            parts = "   ".join(f"{what} {ms:6.2f} ms" for what, ms in spent.items())
            print(f"{kind:4} {size:11} {parts}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the course's layers with torch.nn's.")
    parser.add_argument("--rounds", type=int, default=15, help="interleaved rounds, nine at least")
    parser.add_argument(
        "--seconds", type=float, default=0.2, help="CPU seconds for one measurement, about"
    )
    parser.add_argument("--profile", action="store_true", help="show instead what the time goes to")
    parser.add_argument("--held", nargs=2, metavar=("LIBRARY", "KIND"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.held:
        print(held(*arguments.held))
        return
    if arguments.profile:
        show_profile()
        return
    if arguments.rounds < 9:
        parser.error("quartiles need nine rounds at least")
    torch.set_num_threads(1)
    rows = []
    total = 2 * len(SIZES) * 2 * 5 * arguments.rounds
    with tqdm(total=total, unit="run") as progress:
        for kind in ("GRU", "LSTM"):
            for size, (T, B, I, H) in SIZES.items():
                runs = contestants(kind, T, B, I, H)
                for training in (True, False):
                    bound = {name: partial(run, training) for name, run in runs.items()}
                    times = costs.interleaved(bound, arguments.rounds, arguments.seconds, progress)
                    what = "training step" if training else "forward"
                    rows.append((kind, size, what, times))
    print(
        f"torch {torch.__version__}, one thread, {arguments.rounds} interleaved rounds, {platform.machine()}"
    )
    head = f"{'ours: median [quartiles]':26} {'own steps':26} {'textbook':26} products alone"
    print(f"{'':4} {'size':11} {'':14} {'torch.nn':>9}   {head}")
    for kind, size, what, times in rows:
        cells = []
        for name in ("ours", "own steps", "textbook", "products"):
            cells.append(times_as_fast(times, "torch.nn", name))
        milliseconds = 1000 * np.median(times["torch.nn"])
        shown = " ".join(f"{cell:26}" for cell in cells).rstrip()
        print(f"{kind:4} {size:11} {what:14} {milliseconds:6.1f} ms   {shown}")
    for kind in ("GRU", "LSTM"):
        theirs, ours = (held_apart(library, kind) for library in ("torch.nn", "ours"))
        print(
            f"{kind:4} held at T = 2000, B = 16, H = 64, without gradients: torch.nn {theirs:.0f} MiB, "
            f"ours {ours:.0f} MiB, {ours / theirs:.2f} times"
        )
    print()
    show_minimal(arguments.rounds, arguments.seconds / 2)


if __name__ == "__main__":
    main()
