"""`fit` and `train` for language models: several seeds, a tidy table in bits per character, and a stop that loses nothing."""

import hashlib
from functools import partial
from pathlib import Path

import pandas as pd
import torch

from gates.text.budget import Budget
from gates.text.corpus import Corpus
from gates.text.model import LanguageModel
from gates.text.run import Run
from gates.training import kept
from gates.training.calls import as_usual, takes
from gates.training.over_seeds import table_of


@takes(Budget)
def fit(corpus: Corpus, cell: str, budget: Budget) -> pd.DataFrame:
    """Train a language model over several seeds; one row for each seed, evaluation and metric.

    corpus: what is to be read, as `python_manual` makes it. cell: "rnn", "lstm" or "gru".
    Returns columns task, cell, seed, step, metric and value. Metrics: "loss", in bits for each number, the mean over
    the windows since the evaluation before; "validation" and "test", in bits per character, each part read in one go.
    """
    return _trained(corpus, cell, budget)[0]


@takes(Budget)
def train(corpus: Corpus, cell: str, budget: Budget) -> tuple[pd.DataFrame, list[LanguageModel]]:
    """As `fit`, whose help says what corpus and cell may be; and the trained models as well.

    Returns (table, models): one model for each seed, in their order, in evaluation mode.
    """
    return _trained(corpus, cell, budget)


@as_usual()
def _trained(corpus: Corpus, cell: str, budget: Budget) -> tuple[pd.DataFrame, list[LanguageModel]]:
    models = [_model(corpus, cell, budget, seed) for seed in budget.seeds]
    same = [_text(corpus), kept.code_in(Path(__file__).parent), kept.described(cell, models[0])]
    runs = (
        ([same, budget.decisive(), seed], partial(Run, corpus, model, seed, budget))
        for seed, model in zip(budget.seeds, models, strict=True)
    )
    return table_of(corpus.title, budget.label or cell, budget, runs), models


def _model(corpus: Corpus, cell: str, budget: Budget, seed: int) -> LanguageModel:
    """The model of a seed, as it starts."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LanguageModel(
            len(corpus.codec),
            cell,
            budget.hidden,
            budget.layers,
            tied=budget.tied,
            dropout=budget.dropout,
        )


def _text(corpus: Corpus) -> str:
    """What tells a corpus from another one."""
    of = repr((corpus.title, sorted(corpus.parts.items()), corpus.codec.known))
    return hashlib.sha256(of.encode()).hexdigest()
