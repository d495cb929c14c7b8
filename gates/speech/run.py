"""The training of one listener. Its loss is torch's own CTC, which is faster than ours and the same number."""

import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch.nn import functional as F

from gates.speech.budget import Budget
from gates.speech.decoding import greedy
from gates.speech.digits import Corpus, Utterance, in_batch
from gates.speech.letters import BLANK, decode
from gates.speech.model import Listener
from gates.speech.scores import letter_errors, word_errors
from gates.training.kept_run import KeptRun
from gates.training.settings import MOST_STEPS


def drawn(utterances: Sequence[Utterance], size: int, seed: int, step: int) -> list[Utterance]:
    """The utterances of that step; a function of seed and step alone, so that a run can go on from anywhere."""
    generator = torch.Generator().manual_seed(MOST_STEPS * seed + step)
    which = torch.randint(len(utterances), (size,), generator=generator).tolist()
    return [utterances[k] for k in which]


@torch.no_grad()
def understood(listener: Listener, utterances: Sequence[Utterance]) -> list[str]:
    """What the most probable paths say of some utterances."""
    batch = in_batch(utterances)
    log_probs, lengths = listener(batch.xs, batch.lengths)
    return [decode(greedy(log_probs[:T, k], BLANK)) for k, T in enumerate(lengths.tolist())]


class Run(KeptRun):
    """The training of one seed; see KeptRun.

    listener: the network, as it starts; after `go` it is trained. seconds: the processor's time that its updates have taken.
    """

    own = ("seconds",)

    def __init__(
        self,
        corpus: Corpus,
        listener: Listener,
        seed: int,
        budget: Budget,
        file: Path,
        keeps: bool = True,
    ) -> None:
        parameters = list(listener.parameters())
        optimizer = torch.optim.Adam(parameters, lr=budget.learning_rate)
        super().__init__(parameters, optimizer, [seed], budget, file, keeps)
        self.corpus, self.listener, self.seed = corpus, listener, seed
        self.seconds = 0.0

    def end(self) -> None:
        """Make the network one to listen with."""
        self.listener.eval()

    def update(self) -> float:
        """One update; returns the loss before it, for each letter."""
        began = time.process_time()
        batch = in_batch(drawn(self.corpus.training, self.budget.batch_size, self.seed, self.step))
        self.listener.train()
        log_probs, lengths = self.listener(batch.xs, batch.lengths)
        loss = F.ctc_loss(log_probs, batch.targets, lengths, batch.letters, BLANK)
        self.descend(loss)
        self.seconds += time.process_time() - began
        return loss.item()

    def evaluate(self, loss: float) -> None:
        """Note the loss, the processor's time in updates so far, and the errors in held-out voices."""
        values = {"loss": loss, "seconds": self.seconds}
        self.listener.eval()
        for part in ("validation", "test"):
            utterances = self.corpus.part(part)
            said = understood(self.listener, utterances)
            wanted = [utterance.text for utterance in utterances]
            values |= {
                part: word_errors(said, wanted),
                f"{part} letters": letter_errors(said, wanted),
            }
        self.rows += [(self.seed, self.step, metric, value) for metric, value in values.items()]
