"""`fit` and `train` for language models: several seeds, a tidy table in bits per character, and a stop that loses nothing."""

import hashlib
from pathlib import Path

import pandas as pd
import torch
from tqdm.auto import tqdm

from gates.text.budget import Budget
from gates.text.corpus import Corpus
from gates.text.model import LanguageModel
from gates.text.run import Run
from gates.training import COLUMNS, kept
from gates.training.calls import as_usual, takes


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
    title, name = corpus.title, budget.label or cell
    models = [_model(corpus, cell, budget, seed) for seed in budget.seeds]
    rows, files, keeps = [], [], True
    with tqdm(
        total=budget.steps * len(models), unit="update", leave=False, disable=not budget.progress
    ) as bar:
        bar.set_description(f"{title}, {name}")
        for seed, model in zip(budget.seeds, models, strict=True):
            which = [_text(corpus), _sources(), kept.described(cell, model)]
            file = kept.place(budget.folder, [which, budget.decisive(), seed])
            run = Run(corpus, model, seed, budget, file, keeps)
            run.go(bar)
            rows, files, keeps = rows + run.rows, [*files, file], run.keeps
    for file in files:
        kept.remove(file)
    table = pd.DataFrame(rows, columns=["seed", "step", "metric", "value"])
    table.insert(0, "task", title)
    table.insert(1, "cell", name)
    return table[list(COLUMNS)], models


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


def _sources() -> str:
    """What tells this version of the library from another one, besides what `kept.place` looks at."""
    here = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in here)).hexdigest()
