"""The training of one language model, which writes down where it is at every evaluation and goes on from there."""

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from gates.text.batching import streams
from gates.text.budget import Budget
from gates.text.corpus import Corpus
from gates.text.measuring import read
from gates.text.model import LanguageModel, detached
from gates.training import MOST_STEPS, kept
from gates.training.calls import tell_of_stop

_HELD = ("validation", "test")
_PARTS = {"step", "rows", "losses", "parameters", "adam", "state"}  # of what is kept


class Run:
    """The training of one seed, from wherever it was left.

    The windows of the training text are read in their order, and from the start again after the last. file: where the run is
    kept. keeps: whether to write there; False after it could not be done. rows: what was found, (seed, step, metric, value).
    """

    def __init__(
        self,
        corpus: Corpus,
        model: LanguageModel,
        seed: int,
        budget: Budget,
        file: Path,
        keeps: bool = True,
    ) -> None:
        self.corpus, self.model, self.seed, self.budget = corpus, model, seed, budget
        self.file, self.keeps = file, keeps
        self.windows = streams(corpus.numbers("training"), budget.batch_size, budget.window)
        self.held = {part: corpus.numbers(part) for part in _HELD}
        self.parameters = list(model.parameters())
        self.optimizer = torch.optim.Adam(self.parameters, lr=budget.learning_rate)
        self.step, self.kept_at, self.rows, self.losses = 0, 0, [], 0.0
        self.state: object = None

    def go(self, bar: tqdm) -> None:
        """Train to the end. bar: is moved by one for each update."""
        self.load()
        steps, every = self.budget.steps, self.budget.every
        bar.update(self.step)
        if 0 < self.step < steps:
            print(f"Going on from update {self.step} of {steps}.")
        try:
            while self.step < steps:
                self.losses += self.update()
                self.step += 1
                bar.update()
                if self.step % every == 0 or self.step == steps:
                    self.evaluate()
                    self.save()
        except KeyboardInterrupt as stop:
            bar.close()
            where = f"it goes on from update {self.kept_at} of {steps}"
            tell_of_stop(stop, f"Stopped. Run this again, and {where}.")
            raise
        self.model.eval()

    def update(self) -> float:
        """One update; returns the loss before it, in bits for each number."""
        budget, number = self.budget, self.step % len(self.windows)
        if number == 0 or not budget.carried:
            self.state = None
        xs, ys = self.windows[number]
        self.model.train()
        with torch.random.fork_rng(devices=[]):  # dropout depends on seed and step alone
            torch.default_generator.manual_seed(MOST_STEPS * self.seed + self.step)
            logits, state = self.model(xs, self.state)
        self.state = detached(state)
        loss = F.cross_entropy(logits.flatten(0, 1), ys.flatten())
        if budget.cosine:
            falling = (1 + math.cos(math.pi * self.step / budget.steps)) / 2
            self.optimizer.param_groups[0]["lr"] = budget.learning_rate * falling
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, budget.clip)
        self.optimizer.step()
        return loss.item() / math.log(2)

    def evaluate(self) -> None:
        """Note what was learned from since the evaluation before, and the bits per character of what is held out."""
        since = self.step % self.budget.every or self.budget.every
        values = {"loss": self.losses / since}
        self.losses = 0.0
        self.model.eval()
        for part, numbers in self.held.items():
            bits, _ = read(self.model, numbers)
            values[part] = self.corpus.codec.per_character(bits, self.corpus.parts[part])
        self.rows += [(self.seed, self.step, metric, value) for metric, value in values.items()]

    def save(self) -> None:
        """Write down where the run is. Where that cannot be done, say so once and train on."""
        if not self.keeps:
            return
        parameters: list[Tensor] = [p.detach() for p in self.parameters]
        state = {"step": self.step, "rows": self.rows, "losses": self.losses, "state": self.state}
        state |= {"parameters": parameters, "adam": self.optimizer.state_dict()}
        if problem := kept.write(state, self.file):
            self.keeps = False
            print(
                f"Nothing can be kept in {self.file.parent} ({type(problem).__name__}). "
                f"Training goes on; if you stop it, it begins anew."
            )
        else:
            self.kept_at = self.step

    def load(self) -> None:
        """Go on from where a run with the same settings was; from the start if there is none that can be read."""
        state = kept.read(self.file)
        if not isinstance(state, dict) or state.keys() != _PARTS:
            return
        shapes = [getattr(before, "shape", None) for before in state["parameters"]]
        if shapes != [mine.shape for mine in self.parameters]:
            return
        self.step, self.rows, self.losses = state["step"], state["rows"], state["losses"]
        self.state, self.kept_at = state["state"], self.step
        with torch.no_grad():
            for mine, before in zip(self.parameters, state["parameters"], strict=True):
                mine.copy_(before)
        self.optimizer.load_state_dict(state["adam"])
