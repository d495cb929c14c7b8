"""What a task is: batches drawn from a seed, what guessing reaches, and a decoder that shows a sample to a person."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

NONE = -100  # the class that stands where there is no target, as in F.cross_entropy
GENERATED = 1000  # how many samples are held out of a task that is generated
LARGEST_SEED = 2**31 - 1  # torch's generator tells seeds apart by their last 32 bits
_HELD_OUT = {"validation": 2**31 + 1, "test": 2**31 + 2}


@dataclass(frozen=True)
class Batch:
    """Sequences with what is asked of them.

    xs: (T, B, I), padded at their ends. targets: (T, B), a class or a number for each step; NONE or nan where there is
    none. scored: (T, B), true where an answer counts for the score; the loss counts every target. lengths: (B,).
    """

    xs: Tensor
    targets: Tensor
    scored: Tensor
    lengths: Tensor


def batch(
    xs: Tensor, targets: Tensor, scored: Tensor | None = None, lengths: Tensor | None = None
) -> Batch:
    """A batch whose score counts wherever there is a target, and whose samples have all T steps, unless told otherwise."""
    T, B = targets.shape
    there = ~targets.isnan() if targets.is_floating_point() else targets != NONE
    lengths = torch.full((B,), T) if lengths is None else lengths
    return Batch(xs, targets, there if scored is None else scored, lengths)


def at_last(answers: Tensor, lengths: Tensor, T: int) -> Tensor:
    """Targets (T, B) that ask for one answer a sample, at its own last step."""
    nothing = float("nan") if answers.is_floating_point() else NONE
    targets = torch.full((T, len(answers)), nothing, dtype=answers.dtype)
    targets[lengths - 1, torch.arange(len(answers))] = answers
    return targets


@dataclass(frozen=True)
class Task:
    """Something to be learned from sequences.

    name, options: which task it is. I, O: how many numbers go in and come out at each step; one for a task that asks
    for a number, one for each class for a task that asks for classes. score: "error", the mean squared one; "accuracy",
    the share of right answers; or "whole", the share of samples that are right at every scored step. chance: what
    guessing reaches, in that score, as `baseline` says in words and `trivial` does, from a batch to outputs (T, B, O).
    solved: the score from which a task counts as solved; 1 for real data, where nobody is expected to. source: where it was first described. sample(B, generator,
    part): a batch of the part "training", "validation" or "test"; all of the first, if B is None. show(batch, b): one
    sample as text. finite: whether there are only so many samples to train on. drawn: which draw of the data it is,
    where there are several; it stands in no title, since draws are to data what seeds are to networks.
    """

    name: str
    I: int
    O: int
    score: str
    chance: float
    baseline: str
    trivial: Callable[[Batch], Tensor]
    solved: float
    source: str
    sample: Callable[[int | None, torch.Generator, str], Batch]
    show: Callable[[Batch, int], str]
    options: dict = field(default_factory=dict)
    held: int = GENERATED
    finite: bool = False
    drawn: int = 0

    @property
    def title(self) -> str:
        """The name with its options, which tells one task from another in a table."""
        options = "".join(f", {name} {value}" for name, value in self.options.items())
        return f"{self.name}{options}"

    @property
    def lower_is_better(self) -> bool:
        return self.score == "error"

    def draw(self, B: int, seed: int) -> Batch:
        """B samples to train on; the same seed, from 0 to LARGEST_SEED, gives the same samples."""
        if not 0 <= seed <= LARGEST_SEED:
            raise ValueError(f"seed is {seed}, and has to be from 0 to {LARGEST_SEED}.")
        return self.sample(B, torch.Generator().manual_seed(seed), "training")

    def held_out(self, part: str = "test") -> Batch:
        """Samples of the part "test", or "validation", always the same; or, of a finite task, all of "training".

        Of real data they are others than those that `draw` gives; of generated tasks they are drawn from other seeds.
        """
        if part == "training" and self.finite:
            return self.sample(None, torch.Generator(), part)
        if part not in _HELD_OUT:
            raise ValueError(f'The part is "validation" or "test", and not {part!r}.')
        return self.sample(self.held, torch.Generator().manual_seed(_HELD_OUT[part]), part)

    def decode(self, batch: Batch, b: int = 0) -> str:
        """One sample of a batch as a person would write it down."""
        return self.show(batch, b)

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """The mean over all targets of the cross-entropy, or of the squared error. outputs: (T, B, O)."""
        if self.score == "error":
            there = ~batch.targets.isnan()
            return (outputs[..., 0][there] - batch.targets[there]).square().mean()
        return F.cross_entropy(outputs.flatten(0, 1), batch.targets.flatten(), ignore_index=NONE)

    def grade(self, outputs: Tensor, batch: Batch) -> float:
        """The score of outputs (T, B, O)."""
        if self.score == "error":
            found, wanted = outputs[..., 0][batch.scored], batch.targets[batch.scored]
            return (found - wanted).square().mean().item()
        right = outputs.argmax(-1) == batch.targets
        if self.score == "whole":
            return (right | ~batch.scored).all(0).double().mean().item()
        return right[batch.scored].double().mean().item()

    def is_solved(self, score: float) -> bool:
        return score <= self.solved if self.lower_is_better else score >= self.solved


def chosen(make: Callable, **options: object) -> dict:
    """The options that tell a task from another: the first, and those that are not what `make` takes by itself."""
    usual = inspect.signature(make).parameters
    first = next(iter(options))
    return {k: v for k, v in options.items() if k == first or v != usual[k].default}


def at_least(name: str, value: int, least: int) -> None:
    """Refuse an option that is too small."""
    if value < least:
        raise ValueError(f"{name} is {value}, and has to be {least} at least.")


def always(O: int, answer: int) -> Callable[[Batch], Tensor]:
    """Outputs that say the same class everywhere."""

    def trivial(batch: Batch) -> Tensor:
        outputs = torch.zeros(*batch.targets.shape, O)
        outputs[..., answer] = 1
        return outputs

    return trivial


def one_hot(symbols: Tensor, count: int) -> Tensor:
    """Symbols (T, B), as numbers, each as `count` inputs of which one is 1."""
    return F.one_hot(symbols, count).float()
