"""One `train` for all listeners: several seeds, the same effort for all, a tidy table, and a stop that loses nothing.

It is what `gates.training.train` is for tasks with an answer at each step, which letters in a sound are not: with the same
columns, the same settings where there are the same, and a run that is kept in the same place.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import torch

from gates.speech.budget import Budget
from gates.speech.digits import PARTS, Corpus
from gates.speech.model import Listener
from gates.speech.run import Run
from gates.training import kept
from gates.training.calls import as_usual, takes
from gates.training.over_seeds import table_of


@takes(Budget)
@as_usual()
def train(
    corpus: Corpus | Callable[[int], Corpus], cell: str, budget: Budget
) -> tuple[pd.DataFrame, list[Listener]]:
    """Train a listener over several seeds; one row for each seed, evaluation and metric.

    corpus: utterances; or a function that makes them from the seed, as `digits` is, so that each seed has a split of the
    voices of its own. cell: "lstm", "gru" or "rnn".
    Returns (table, listeners), the listeners in the order of the seeds, in evaluation mode. The table has the columns
    task, cell, seed, step, metric and value. Metrics: "loss", the mean over the updates since the evaluation before, for
    each letter; "validation" and "test", the word error rate of what the most probable paths say of voices that training
    has not heard; "validation letters" and "test letters", the letter error rate; and "seconds", the processor's time that
    updates have taken so far, which is another in each run.
    """
    corpora = [corpus if isinstance(corpus, Corpus) else corpus(seed) for seed in budget.seeds]
    listeners = [
        made(of_it, cell, seed, budget) for of_it, seed in zip(corpora, budget.seeds, strict=True)
    ]
    code = kept.code_in(Path(__file__).parent)
    runs = (
        (
            [_content(of_it), code, cell, budget.decisive(), seed],
            partial(Run, of_it, listener, seed, budget),
        )
        for of_it, seed, listener in zip(corpora, budget.seeds, listeners, strict=True)
    )
    name = budget.label or (f"{cell}, both ways" if budget.both_ways else cell)
    return table_of(corpora[0].name, name, budget, runs), listeners


def made(corpus: Corpus, cell: str, seed: int, budget: Budget) -> Listener:
    """The listener of a seed, as it starts. Its scaling is that of what it is trained on."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        listener = Listener(budget.hidden, cell, budget.both_ways)
    listener.adapt(utterance.features for utterance in corpus.training)
    return listener


def _content(corpus: Corpus) -> str:
    """What tells a corpus from another one."""
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update(part.encode())
        for utterance in corpus.part(part):
            digest.update(f"{utterance.text}, {utterance.T};".encode())
            digest.update(utterance.features.numpy().tobytes())
    return digest.hexdigest()
