"""One `train` for all translators: several seeds, the same effort for all, a tidy table, and a stop that loses nothing.

It is what `gates.training.train` is for tasks with an answer at each step, which a translation is not: with the same
columns, the same settings where there are the same, and a run that is kept in the same place.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import torch

from gates.training import kept
from gates.training.calls import as_usual, takes
from gates.training.over_seeds import table_of
from gates.translation.budget import Budget
from gates.translation.characters import Characters
from gates.translation.run import Run
from gates.translation.texts import Corpus
from gates.translation.translator import Translator


@takes(Budget)
@as_usual()
def train(
    corpus: Corpus | Callable[[int], Corpus], attention: str, budget: Budget
) -> tuple[pd.DataFrame, list[Translator]]:
    """Train a translator over several seeds; one row for each seed, evaluation and metric.

    corpus: pairs of texts; or a function that makes them from the seed, as `dates` and `menus` are, so that each seed has
    a split of its own. attention: "none", "dot" or "additive".
    Returns (table, translators), the translators in the order of the seeds, in evaluation mode. The table has the columns
    task, cell, seed, step, metric and value. Metrics: "loss", the mean over the updates since the evaluation before;
    "validation" and "test", the exact match of what is written greedily for held-out texts; "validation chrF" and "test
    chrF"; and "seconds", the processor's time that updates have taken so far, which is another in each run.
    """
    corpora = [corpus if isinstance(corpus, Corpus) else corpus(seed) for seed in budget.seeds]
    translators = [
        made(of_it, attention, seed, budget)
        for of_it, seed in zip(corpora, budget.seeds, strict=True)
    ]
    code = kept.code_in(Path(__file__).parent)
    runs = (
        (
            [_texts(of_it), code, attention, budget.decisive(), seed],
            partial(Run, of_it, translator, seed, budget),
        )
        for of_it, seed, translator in zip(corpora, budget.seeds, translators, strict=True)
    )
    name = budget.label or f"attention {attention}"
    return table_of(corpora[0].name, name, budget, runs), translators


def made(corpus: Corpus, attention: str, seed: int, budget: Budget) -> Translator:
    """The translator of a seed, as it starts. Its characters are those of what it is trained on."""
    pairs = corpus.training[: budget.few]
    source = Characters.of(pair.source for pair in pairs)
    target = Characters.of(pair.target for pair in pairs)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Translator(source, target, budget.sizes(attention))


def _texts(corpus: Corpus) -> str:
    """What tells a corpus from another one."""
    of = repr((corpus.training, corpus.validation, corpus.test))
    return hashlib.sha256(of.encode()).hexdigest()
