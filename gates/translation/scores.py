"""How good translations are: the share that is right to the letter, and chrF, which counts what they share with the right ones."""

from collections.abc import Sequence

import pandas as pd

from gates.translation.texts import Pair, several


def exact_match(written: Sequence[str], wanted: Sequence[str]) -> float:
    """The share of texts that are right to the letter, capitals and all. No texts, or lists of two lengths, raise ValueError."""
    _check(written, wanted)
    return sum(map(str.__eq__, written, wanted)) / len(wanted)


def ceiling(pairs: Sequence[Pair]) -> float:
    """The largest exact match that is possible: whoever translates a text in one way only misses all of its others."""
    return len(several(pairs)) / len({(pair.source, pair.target) for pair in pairs})


def chrf(written: Sequence[str], wanted: Sequence[str]) -> float:
    """chrF, from 0 to 100: the F-score of the runs of 1 to 6 characters that all texts together share with the right ones.

    Recall counts twice as much as precision. Spaces are not counted, capitals are. It is that of sacrebleu, of the texts
    as a whole, and so no mean of scores of single texts. No texts, or lists of two lengths, raise ValueError.
    Source: Popović (2015), "chrF: character n-gram F-score for automatic MT evaluation".
    """
    from sacrebleu.metrics import CHRF  # here: what trains on dates alone need not wait for it

    _check(written, wanted)
    return CHRF().corpus_score(list(written), [list(wanted)]).score


def by_length(
    pairs: Sequence[Pair], written: Sequence[str], edges: Sequence[int] = (1, 10, 20, 30, 40)
) -> pd.DataFrame:
    """Both scores by the length of the source in characters: a row for each span of lengths that has any pair.

    edges: where spans begin; the last has no end. Columns: pairs, "exact match" and "chrF"; the index is the span, "10–19".
    """
    wanted = [pair.target for pair in pairs]
    _check(written, wanted)
    rows = {}
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        inside = [
            k
            for k, pair in enumerate(pairs)
            if low <= len(pair.source) and (high is None or len(pair.source) < high)
        ]
        if inside:
            mine, right = [written[k] for k in inside], [wanted[k] for k in inside]
            span = f"{low} or more" if high is None else f"{low}–{high - 1}"
            rows[span] = (len(inside), exact_match(mine, right), chrf(mine, right))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["pairs", "exact match", "chrF"])
    return table.rename_axis("characters in the source")


def _check(written: Sequence[str], wanted: Sequence[str]) -> None:
    if isinstance(written, str) or isinstance(wanted, str):
        raise ValueError("Give lists of texts, in brackets: a single text is a list of one.")
    if not wanted or len(written) != len(wanted):
        raise ValueError(
            f"There are {len(written)} texts written and {len(wanted)} wanted: there has to be one for each, and some."
        )
