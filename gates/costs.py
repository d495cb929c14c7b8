"""What a run costs: processor time in interleaved rounds, and the memory that is kept for the way back."""

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from tqdm.auto import tqdm


def interleaved(
    runs: dict[str, Callable[[], object]],
    rounds: int = 15,
    seconds: float = 0.2,
    progress: tqdm | None = None,
) -> dict[str, np.ndarray]:
    """Seconds of processor time of each run, in rounds: in each of them every run has its turn.

    What disturbs the machine then disturbs all alike, so that ratios within a round can be trusted more than times. seconds:
    about how long a run is repeated in one round. progress: a bar that is moved at each turn. Returns for each name the
    seconds of one run, (rounds,).
    """
    repeats = {}
    for name, run in runs.items():
        run()
        begun = time.process_time()
        run()
        repeats[name] = max(1, round(seconds / max(time.process_time() - begun, 1e-6)))
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            begun = time.process_time()
            for _ in range(repeats[name]):
                run()
            times[name].append((time.process_time() - begun) / repeats[name])
            if progress is not None:
                progress.update()
    return {name: np.array(values) for name, values in times.items()}


def training_step(layer: nn.Module, xs: Tensor) -> Callable[[], None]:
    """A run through a recurrent layer and back. xs: (T, B, I). The layer gives ys, or, as torch's do, ys and a state."""

    def run() -> None:
        layer.zero_grad(set_to_none=True)
        of = layer(xs)
        ys = of[0] if isinstance(of, tuple) else of
        ys.square().mean().backward()

    return run


def reading(layer: nn.Module, xs: Tensor) -> Callable[[], None]:
    """A run through a recurrent layer without gradients. xs: (T, B, I)."""

    @torch.no_grad()
    def run() -> None:
        layer(xs)

    return run


def kept_for_the_way_back(layer: nn.Module, xs: Tensor) -> int:
    """How many bytes a recurrent layer keeps of a pass for its gradients, beside its input and its weights.

    xs: (T, B, I). Counted are the pieces of memory that autograd holds, each once.
    """
    held: dict[int, int] = {}

    def noted(tensor: Tensor) -> Tensor:
        memory = tensor.untyped_storage()
        held[memory.data_ptr()] = memory.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(noted, lambda tensor: tensor):
        ys = layer(xs)[0]  # kept alive, so that no place is counted for two
    known = {of.untyped_storage().data_ptr() for of in (xs, *layer.parameters())}
    found = sum(size for place, size in held.items() if place not in known)
    del ys
    return found
