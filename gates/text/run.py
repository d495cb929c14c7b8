"""The training of one language model."""

import math
from pathlib import Path

import torch
from torch.nn import functional as F

from gates.text.batching import streams
from gates.text.budget import Budget
from gates.text.corpus import Corpus
from gates.text.measuring import read
from gates.text.model import LanguageModel, detached
from gates.training.kept_run import KeptRun

_HELD = ("validation", "test")


class Run(KeptRun):
    """The training of one seed; see KeptRun.

    The windows of the training text are read in their order, and from the start again after the last. state: what the network
    has carried from the last window.
    """

    own = ("state",)

    def __init__(
        self,
        corpus: Corpus,
        model: LanguageModel,
        seed: int,
        budget: Budget,
        file: Path,
        keeps: bool = True,
    ) -> None:
        parameters = list(model.parameters())
        optimizer = torch.optim.Adam(parameters, lr=budget.learning_rate)
        super().__init__(parameters, optimizer, [seed], budget, file, keeps)
        self.corpus, self.model, self.seed = corpus, model, seed
        self.windows = streams(corpus.numbers("training"), budget.batch_size, budget.window)
        self.held = {part: corpus.numbers(part) for part in _HELD}
        self.state: object = None

    def end(self) -> None:
        """Make the model one to be read with."""
        self.model.eval()

    def update(self) -> float:
        """One update; returns the loss before it, in bits for each number."""
        number = self.step % len(self.windows)
        if number == 0 or not self.budget.carried:
            self.state = None
        xs, ys = self.windows[number]
        self.model.train()
        with self.own_chance():
            logits, state = self.model(xs, self.state)
        self.state = detached(state)
        loss = F.cross_entropy(logits.flatten(0, 1), ys.flatten())
        self.descend(loss)
        return loss.item() / math.log(2)

    def evaluate(self, loss: float) -> None:
        """Note the loss, and the bits per character of what is held out."""
        values = {"loss": loss}
        self.model.eval()
        for part, numbers in self.held.items():
            bits, _ = read(self.model, numbers)
            values[part] = self.corpus.codec.per_character(bits, self.corpus.parts[part])
        self.rows += [(self.seed, self.step, metric, value) for metric, value in values.items()]
