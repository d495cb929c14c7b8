"""Family names, letter by letter: from which language does a name come?"""

import importlib
import unicodedata
from collections import Counter
from functools import cache

import torch

from gates.tasks.task import Batch, Task, always, at_last, batch, one_hot

LANGUAGES = {
    "Czech": "cs_CZ",
    "Danish": "da_DK",
    "Dutch": "nl_NL",
    "English": "en_US",
    "Finnish": "fi_FI",
    "French": "fr_FR",
    "German": "de_DE",
    "Hungarian": "hu_HU",
    "Italian": "it_IT",
    "Polish": "pl_PL",
    "Portuguese": "pt_PT",
    "Spanish": "es_ES",
    "Swedish": "sv_SE",
    "Turkish": "tr_TR",
}
LETTERS = "abcdefghijklmnopqrstuvwxyz '-"
MOST = 250  # names for each language
_SHARES = {"training": 0.7, "validation": 0.15, "test": 0.15}
_SPELLED = str.maketrans({"ı": "i", "ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "’": "'"})


def _plain(name: str) -> str:
    """A name in small letters without accents."""
    spelled = unicodedata.normalize("NFKD", name.lower().translate(_SPELLED))
    return "".join(letter for letter in spelled if not unicodedata.combining(letter))


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """For each part, the names of each language; none is in two languages, or twice in one."""
    found = {}
    for language, locale in LANGUAGES.items():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        plain = {_plain(name) for name in provider.last_names}
        found[language] = sorted(name for name in plain if name and set(name) <= set(LETTERS))
    times = Counter(name for of_one in found.values() for name in of_one)
    parts: dict[str, dict[str, list[str]]] = {part: {} for part in _SHARES}
    for number, (language, of_one) in enumerate(found.items()):
        own = [name for name in of_one if times[name] == 1]
        order = torch.randperm(len(own), generator=torch.Generator().manual_seed(number)).tolist()
        own = [own[k] for k in order[:MOST]]
        start = 0
        for part, share in _SHARES.items():
            end = len(own) if part == "test" else start + round(share * len(own))
            parts[part][language] = own[start:end]
            start = end
    return parts


def names_by_language() -> Task:
    """Family names of fourteen languages in plain letters; the language is asked for at the last letter."""
    languages = list(LANGUAGES)

    def pairs(part: str) -> list[tuple[str, int]]:
        return [
            (name, k) for k, language in enumerate(languages) for name in names()[part][language]
        ]

    def sample(B: int | None, generator: torch.Generator, part: str) -> Batch:
        known = pairs(part)
        if part == "training" and B is not None:
            known = [
                known[k] for k in torch.randint(len(known), (B,), generator=generator).tolist()
            ]
        lengths = torch.tensor([len(name) for name, _ in known])
        T = int(lengths.max())
        seen = torch.zeros(T, len(known), dtype=torch.long)
        for b, (name, _) in enumerate(known):
            seen[: len(name), b] = torch.tensor([LETTERS.index(letter) for letter in name])
        xs = one_hot(seen, len(LETTERS)) * (torch.arange(T)[:, None] < lengths)[:, :, None]
        answers = torch.tensor([language for _, language in known])
        return batch(xs, at_last(answers, lengths, T), lengths=lengths)

    def show(of: Batch, b: int) -> str:
        length = int(of.lengths[b])
        name = "".join(LETTERS[k] for k in of.xs[:length, b].argmax(-1).tolist())
        return f"{name} → {languages[of.targets[length - 1, b]]}"

    counts = Counter(language for _, language in pairs("training"))
    common = max(counts, key=lambda k: (counts[k], -k))
    held = Counter(language for _, language in pairs("test"))
    return Task(
        name="names",
        I=len(LETTERS),
        O=len(languages),
        score="accuracy",
        chance=held[common] / held.total(),
        baseline=f"always answer {languages[common]}, the first of the most frequent languages in training",
        trivial=always(len(languages), common),
        solved=1.0,
        finite=True,
        source="the name lists of the package Faker (MIT license)",
        sample=sample,
        show=show,
    )
