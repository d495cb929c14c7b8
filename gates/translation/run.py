"""The training of one seed, which writes down where it is at every evaluation and goes on from there."""

import math
import time
from pathlib import Path

import torch
from torch import nn
from tqdm.auto import tqdm

from gates.training import kept
from gates.training.calls import tell_of_stop
from gates.translation.budget import MOST_STEPS, Budget
from gates.translation.characters import Batch, in_batch
from gates.translation.greedy import greedy
from gates.translation.losses import character_loss
from gates.translation.scores import chrf, exact_match
from gates.translation.texts import Corpus, Pair
from gates.translation.translator import Translator

TOGETHER = (
    8  # batches that are drawn at once and sorted by length, so that little of them is padding
)
_PARTS = {"step", "rows", "seconds", "parameters", "adam"}  # of what is kept


def drawn(pairs: tuple[Pair, ...], size: int, seed: int, step: int) -> list[Pair]:
    """The pairs of that step; a function of seed and step alone, so that a run can go on from anywhere.

    For eight steps pairs are drawn at once; sorted by the length of their sources they make eight batches, in an order
    that is drawn, too.
    """
    generator = torch.Generator().manual_seed(MOST_STEPS * seed + step // TOGETHER)
    which = torch.randint(len(pairs), (TOGETHER * size,), generator=generator).tolist()
    which.sort(key=lambda k: len(pairs[k].source))
    batch = torch.randperm(TOGETHER, generator=generator)[step % TOGETHER]
    return [pairs[k] for k in which[batch * size : (batch + 1) * size]]


class Run:
    """The training of one seed, from wherever it was left.

    translator: the network, as it starts; after `go` it is trained. file: where the run is kept. keeps: whether to write
    there; False after it could not be done. rows: what was found, (seed, step, metric, value).
    """

    def __init__(
        self,
        corpus: Corpus,
        translator: Translator,
        seed: int,
        budget: Budget,
        file: Path,
        keeps: bool = True,
    ) -> None:
        self.corpus, self.translator, self.seed, self.budget = corpus, translator, seed, budget
        self.file, self.keeps = file, keeps
        self.pairs = corpus.training[: budget.few]
        self.most = 1 + max(len(pair.target) for pair in self.pairs)
        self.optimizer = torch.optim.Adam(translator.parameters(), lr=budget.learning_rate)
        self.step, self.kept_at, self.rows, self.seconds = 0, 0, [], 0.0

    def go(self, bar: tqdm) -> None:
        """Train to the end. bar: is moved by one for each update."""
        self.load()
        steps, every = self.budget.steps, self.budget.every
        bar.update(self.step)
        if 0 < self.step < steps:
            print(f"Going on from update {self.step} of {steps}.")
        loss, began = 0.0, time.process_time()
        try:
            while self.step < steps:
                loss += self.update()
                self.step += 1
                bar.update(1)
                if self.step % every == 0 or self.step == steps:
                    self.seconds += time.process_time() - began
                    self.evaluate(loss / (self.step % every or every))
                    self.save()
                    loss, began = 0.0, time.process_time()
        except KeyboardInterrupt as stop:
            bar.close()
            where = f"it goes on from update {self.kept_at} of {steps}"
            tell_of_stop(stop, f"Stopped. Run this again, and {where}.")
            raise

    def batch(self) -> Batch:
        """The batch of the step that comes next."""
        pairs = drawn(self.pairs, self.budget.batch_size, self.seed, self.step)
        return in_batch(pairs, self.translator.source, self.translator.target)

    def update(self) -> float:
        """One update; returns the loss before it."""
        batch, budget = self.batch(), self.budget
        self.translator.train()
        with torch.random.fork_rng(devices=[]):  # what is told depends on seed and step alone, too
            torch.default_generator.manual_seed(MOST_STEPS * self.seed + self.step)
            logits, _ = self.translator(batch, budget.right)
        loss = character_loss(logits, batch.targets)
        if budget.cosine:
            falling = (1 + math.cos(math.pi * self.step / budget.steps)) / 2
            self.optimizer.param_groups[0]["lr"] = budget.learning_rate * falling
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.translator.parameters(), budget.clip)
        self.optimizer.step()
        return loss.item()

    def evaluate(self, loss: float) -> None:
        """Note the loss, the processor's time in updates so far, and both scores of what is written for held-out texts."""
        values = {"loss": loss, "seconds": self.seconds}
        self.translator.eval()
        for part in ("validation", "test"):
            pairs = self.corpus.part(part)
            wanted = [pair.target for pair in pairs]
            found = greedy(self.translator, [pair.source for pair in pairs], self.most)
            written = [translation.text for translation in found]
            values |= {part: exact_match(written, wanted), f"{part} chrF": chrf(written, wanted)}
        self.rows += [(self.seed, self.step, metric, value) for metric, value in values.items()]

    def save(self) -> None:
        """Write down where the run is. Where that cannot be done, say so once and train on."""
        if not self.keeps:
            return
        parameters = [p.detach() for p in self.translator.parameters()]
        state = {"step": self.step, "rows": self.rows, "seconds": self.seconds}
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
        mine = [p.shape for p in self.translator.parameters()]
        if not isinstance(state, dict) or state.keys() != _PARTS:
            return
        if [getattr(before, "shape", None) for before in state["parameters"]] != mine:
            return
        self.step, self.rows, self.seconds = state["step"], state["rows"], state["seconds"]
        self.kept_at = self.step
        with torch.no_grad():
            for own, before in zip(self.translator.parameters(), state["parameters"], strict=True):
                own.copy_(before)
        self.optimizer.load_state_dict(state["adam"])
