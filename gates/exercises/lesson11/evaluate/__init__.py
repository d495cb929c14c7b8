"""The accuracy over all samples."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.mistake import Mistake
from gates.exercises.common.modules import learns
from gates.exercises.common.probing import fresh, made
from gates.exercises.common.seen import Seen
from gates.exercises.lesson11.evaluate.slips import SLIPS


def evaluate(model: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """The share of all samples that a model gets right.

    model: gives logits, (B, C); it may hold dropout. It is in training mode, and has to be so
    again afterward.
    batches: pairs of inputs and classes, (B,); the last batch may be smaller. Returns a number
    between 0 and 1.
    """
    model.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in batches:
            right += (model(x).argmax(-1) == y).sum().item()
            total += len(y)
    model.train()
    return right / total


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for sizes in ([40, 40, 13], [30, 7]):
            model = nn.Sequential(
                nn.Linear(4, 32), nn.Tanh(), nn.Dropout(0.5), nn.Linear(32, 3)
            ).double()
            xs = [torch.randn(n, 4, dtype=torch.float64) for n in sizes]
            model.eval()
            ys = [model(x).argmax(-1) for x in xs]
            for k, y in enumerate(ys):  # so that the batches differ in how many are right
                wrong = torch.rand(len(y)) < 0.2 + 0.2 * k
                y[wrong] = (y[wrong] + 1) % 3
            model.train()
            found.append((model, list(zip(xs, ys, strict=True))))
        return found

    return made(14, make)


def _hits(predicted: Tensor, y: Tensor) -> float:
    return (predicted == y).sum().item()


def variant(
    count=lambda hits, sizes: sum(hits) / sum(sizes),
    restore=True,
    evaluating=True,
    hits_of=_hits,
    learns=True,
) -> Callable:
    """The accuracy over all batches, with its parts exchangeable."""

    def accuracy(model: nn.Module, batches: list) -> float:
        model.train(not evaluating)
        with torch.no_grad():
            hits = [hits_of(model(x).argmax(-1), y) for x, y in batches]
        model.train(restore)
        model.requires_grad_(learns)
        return count(hits, [len(y) for _, y in batches])

    return accuracy


def _score_and_mode(score: float, arguments: tuple) -> tuple:
    """The accuracy; whether the model, with all that is in it, is back in training mode, and can learn."""
    mode = int(all(module.training for module in arguments[0].modules()))
    return float(score), mode, int(torch.is_grad_enabled() and learns(arguments[0]))


def _by_chance(seen: Seen) -> str | None:
    scores = {seen.run(fresh(seen.probes[0]), seed)[0] for seed in range(4)}
    seeded = seen.mentions("manual_seed") and not seen.mentions("eval")
    return "eval-forgotten" if len(scores) > 1 or seeded else None


EXERCISE = coding(
    evaluate,
    asks="the accuracy over all samples",
    probes=probes,
    outputs=("the accuracy", "the mode", "whether the model can learn afterward"),
    variant=variant,
    reads=_score_and_mode,
    signature=_by_chance,
    tolerance=1e-6,
    slips=SLIPS,
    mistakes=(
        Mistake(
            "eval-forgotten",
            "The model is evaluated in training mode, so dropout is at work and results differ from call to call.",
            "Call model.eval() before, and model.train() after.",
            seen=("pytorch/pytorch#5878",),
        ),
    ),
)
