"""The training of one translator."""

import time
from pathlib import Path

import torch

from gates.training.kept_run import KeptRun
from gates.training.settings import MOST_STEPS
from gates.translation.budget import Budget
from gates.translation.characters import Batch, in_batch
from gates.translation.greedy import greedy
from gates.translation.losses import character_loss
from gates.translation.scores import chrf, exact_match
from gates.translation.texts import Corpus, Pair
from gates.translation.translator import Translator

TOGETHER = (
    8  # batches that are drawn at once and sorted by length, so that little of them is padding
)


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


class Run(KeptRun):
    """The training of one seed; see KeptRun.

    translator: the network, as it starts; after `go` it is trained. seconds: the processor's time that its updates have taken.
    """

    own = ("seconds",)

    def __init__(
        self,
        corpus: Corpus,
        translator: Translator,
        seed: int,
        budget: Budget,
        file: Path,
        keeps: bool = True,
    ) -> None:
        parameters = list(translator.parameters())
        optimizer = torch.optim.Adam(parameters, lr=budget.learning_rate)
        super().__init__(parameters, optimizer, [seed], budget, file, keeps)
        self.corpus, self.translator, self.seed = corpus, translator, seed
        self.pairs = corpus.training[: budget.few]
        self.most = 1 + max(len(pair.target) for pair in self.pairs)
        self.seconds = 0.0

    def end(self) -> None:
        """Make the network one to translate with."""
        self.translator.eval()

    def batch(self) -> Batch:
        """The batch of the step that comes next."""
        pairs = drawn(self.pairs, self.budget.batch_size, self.seed, self.step)
        return in_batch(pairs, self.translator.source, self.translator.target)

    def update(self) -> float:
        """One update; returns the loss before it."""
        began = time.process_time()
        batch = self.batch()
        self.translator.train()
        with self.own_chance():
            logits, _ = self.translator(batch, self.budget.right)
        loss = character_loss(logits, batch.targets)
        self.descend(loss)
        self.seconds += time.process_time() - began
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
