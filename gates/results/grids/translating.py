"""For lesson 15: dates and menus, translated with attention and without, beside what does without a network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from gates.training import COLUMNS
from gates.translation.baselines import OF_DATES, OF_TEXTS, Baseline
from gates.translation.dates import dates
from gates.translation.decoder import KINDS
from gates.translation.menus import menus
from gates.translation.scores import chrf, exact_match
from gates.translation.texts import Corpus
from gates.translation.training import train

# Declared before running. Five seeds; each has pairs and a split of its own, and so have the baselines. Networks without attention
# and with dot products, and for dates with additive attention, too, which takes three times as long for menus, where
# targets are longer; all else is the same, and so are the updates. Two learning rates for each; for
# each seed and network the rate with the better validation score after all updates is chosen, the first of equals, and its
# test score counts: exact match for dates, chrF for menus. Differences are paired over seeds; intervals are such that all
# those a rule looks at hold together at 95% (Bonferroni). Five other seeds are run once more; a claim that they would judge
# otherwise is open. Beside that stand both scores at each evaluation, against the updates and the processor's time, without a
# rule; the learning rate falls over the whole run, so what stands at half of it is no run of half the length.
OF_BOTH = {"seeds": 5, "every": 100}
OF_DATE = OF_BOTH | {"steps": 600, "hidden": 64, "embedding": 32}
OF_MENU = OF_BOTH | {"steps": 600, "hidden": 96, "embedding": 48}
ATTENTIONS = {"dates": KINDS, "menus": ("none", "dot")}
RATES = {"dates": (5e-3, 1e-2), "menus": (3e-3, 6e-3)}
OTHER_SEEDS = range(5, 10)

# C16, second part, "attention helps on some tasks": three intervals, two kinds of attention on dates and one on menus, each against none.
# A kind helps on a task if the score is better by the interval, and harms if it is worse. The part holds if some kind helps
# on a task and none harms on any; it is mixed if there is both; it fails if some harm and none helps; else it is open.
#
# C18, the part about translation: for each task the network with the best mean validation score against each baseline of that
# task, eight intervals. It works on a task if it is better than each of them; the part holds if it works on both tasks,
# fails if on neither, and is "only …" if on one. The rules by which the dates were written are no such baseline: they are
# right by the way the pairs are made. No baseline for menus can match exactly, since each writes French that it
# knows, and no target stands in two parts; so their chrF is compared.


@dataclass(frozen=True)
class Trained:
    """A row of a table: a translator with one kind of attention, trained with some settings on pairs made from each seed."""

    corpus: Callable[[int], Corpus]
    attention: str
    settings: dict

    @property
    def title(self) -> str:
        return self.corpus(0).name

    @property
    def label(self) -> str:
        return f"attention {self.attention}, rate {self.settings['learning_rate']:g}"

    def run(self) -> pd.DataFrame:
        return train(self.corpus, self.attention, label=self.label, **self.settings)[0]


@dataclass(frozen=True)
class Known:
    """A row of a table: what does without a network, on the same pairs."""

    corpus: Callable[[int], Corpus]
    label: str
    baseline: Baseline
    settings: dict

    @property
    def title(self) -> str:
        return self.corpus(0).name

    def run(self) -> pd.DataFrame:
        """Both scores of each seed's held-out pairs."""
        rows, seeds = [], self.settings["seeds"]
        for seed in range(seeds) if isinstance(seeds, int) else seeds:
            of_it = self.corpus(seed)
            for part in ("validation", "test"):
                pairs = of_it.part(part)
                written = self.baseline(of_it.training, pairs)
                wanted = [pair.target for pair in pairs]
                scores = {part: exact_match(written, wanted), f"{part} chrF": chrf(written, wanted)}
                for metric, value in scores.items():
                    rows.append((of_it.name, self.label, seed, 1, metric, value))
        return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    corpus: Callable[[int], Corpus],
    name: str,
    settings: dict,
    baselines: dict[str, Baseline],
    seeds: int | range,
) -> Iterator[Trained | Known]:
    for attention in ATTENTIONS[name]:
        for rate in RATES[name]:
            yield Trained(corpus, attention, settings | {"seeds": seeds, "learning_rate": rate})
    for label, baseline in baselines.items():
        yield Known(corpus, label, baseline, {"seeds": seeds, "steps": 1, "every": 1})


def translated_dates(seeds: int | range = OF_BOTH["seeds"]) -> Iterator[Trained | Known]:
    """Dates in thirty languages, three networks at two rates and five baselines, five seeds. About ten minutes."""
    yield from _rows(dates, "dates", OF_DATE, OF_DATES, seeds)


def translated_menus(seeds: int | range = OF_BOTH["seeds"]) -> Iterator[Trained | Known]:
    """Menus from English to French, two networks at two rates and three baselines, five seeds. About fifteen minutes."""
    yield from _rows(menus, "menus", OF_MENU, OF_TEXTS, seeds)


def translated_dates_again() -> Iterator[Trained | Known]:
    """Dates, five other seeds. About ten minutes."""
    yield from translated_dates(OTHER_SEEDS)


def translated_menus_again() -> Iterator[Trained | Known]:
    """Menus, five other seeds. About fifteen minutes."""
    yield from translated_menus(OTHER_SEEDS)
