"""Texts that are translated: what stands in them, which dates they mean, and that no text stands in two parts."""

import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import torch
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from gates.translation import baselines, dates, menus, readings, scores, texts
from gates.translation.characters import Characters, Sign, in_batch
from gates.translation.dates import STYLES, reader
from gates.translation.menus import clean, messages, unfit
from gates.translation.readings import Reader, Style, write
from gates.translation.texts import PARTS, Corpus, Pair, alike, apart, in_common, in_groups

CORPORA = {
    "dates": dates,
    "dates, another seed": lambda: dates(1),
    "menus": menus,
    "menus, another seed": lambda: menus(1),
}
each = pytest.mark.parametrize("make", CORPORA.values(), ids=CORPORA)


def everything(of: Corpus) -> list[Pair]:
    return [pair for part in PARTS for pair in of.part(part)]


@each
def test_no_text_stands_in_two_parts(make: Callable[[], Corpus]) -> None:
    of = make()
    for one, other in combinations(PARTS, 2):
        assert not in_common(of.part(one), of.part(other))
    shares = [len(of.part(part)) / len(everything(of)) for part in PARTS]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.01)


def test_a_text_in_two_parts_is_noticed_whatever_its_capitals_and_spaces() -> None:
    known = [Pair("Open file", "Ouvrir")]
    assert in_common(known, [Pair(" open\u00a0FILE ", "autre")]) == {"open file"}
    assert in_common(known, [Pair("other", "OUVRIR")]) == {"ouvrir"}
    assert in_common(known, [Pair("ouvrir", "x")]) == {"ouvrir"}  # a target here, a source there
    assert not in_common(known, [Pair("Open files", "Ouvrez")])
    assert alike("E\u0301t\u00e9\n") == "été"


@each
def test_a_pair_stands_once_and_the_same_seed_gives_the_same(make: Callable[[], Corpus]) -> None:
    pairs = [(pair.source, pair.target) for pair in everything(make())]
    assert len(set(pairs)) == len(pairs)
    assert make() == make()


def test_another_seed_gives_another_split() -> None:
    for make in (dates, menus):
        assert make(0).test != make(1).test
    assert {p[:2] for p in everything(menus(0))} == {p[:2] for p in everything(menus(1))}


@each
def test_all_characters_are_composed_and_can_be_drawn(make: Callable[[], Corpus]) -> None:
    drawn = FT2Font(findfont("DejaVu Sans")).get_charmap()
    for pair in everything(make()):
        for text in (pair.source, pair.target):
            assert text == unicodedata.normalize("NFC", text) == " ".join(text.split())
            assert {ord(character) for character in text} <= drawn.keys(), text


def test_a_date_of_every_style_and_month_and_day_of_the_week_is_read_as_itself() -> None:
    for style in STYLES:
        for k in range(0, 400, 33 if style.length != "full" else 5):
            day = date(1999, 1, 3) + timedelta(k)
            assert day in reader()(write(day, style)), style


def test_a_text_that_stands_for_several_dates_is_left_out() -> None:
    read = {day.isoformat() for day in reader()("3/5/87")}
    assert read == {"1987-03-05", "1987-05-03"}
    assert len(reader()("10/6/12")) == 3  # a month first, a day first, a year first
    assert list(reader()("13/5/87")) == [date(1987, 5, 13)]
    assert set(map(date.isoformat, reader()("17/6/26"))) == {"2026-06-17", "2017-06-26"}
    assert reader()("5 mars") == reader()("31/13/2020") == reader()("30 février 2001") == {}
    of = dates()
    assert of.left_out["stands for several dates"] == 10_000 - len(everything(of)) > 100
    for pair in of.test:
        assert [day.isoformat() for day in reader()(pair.source)] == [pair.target]


def test_a_word_that_names_two_months_is_told_apart_by_its_dot() -> None:
    """In Polish it is November, and in Croatian October."""
    assert list(reader()("5 lis 2020")) == [date(2020, 11, 5)]
    assert list(reader()("5. lis 2020.")) == [date(2020, 10, 5)]


def test_two_digits_of_a_year_say_which() -> None:
    style = Style("de_DE", "short")
    for year in (readings.FIRST, 1999, 2000, readings.LAST):
        day = date(year, 12, 31)
        assert list(Reader([style])(write(day, style))) == [day]


def test_narrow_spaces_are_plain() -> None:
    assert write(date(1987, 3, 5), Style("bg_BG", "medium")) == "5.03.1987 г."


@pytest.mark.parametrize("pairs", [9, 40_000])
def test_too_few_or_too_many_dates_are_refused(pairs: int) -> None:
    with pytest.raises(ValueError, match="from 10 to 36525"):
        dates(0, pairs)


def test_menus_are_short_and_have_nothing_to_be_filled_in() -> None:
    of = menus()
    for pair in everything(of):
        assert 1 <= texts.words(pair.source) <= 12 and texts.words(pair.target) >= 1
        assert max(len(pair.source), len(pair.target)) <= 60
        assert not re.search(r"%\w|[{}<>`$\n]|[…:]$", f"{pair.source} {pair.target}")
    assert len(everything(of)) + sum(of.left_out.values()) == len(list(messages()))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("&File", "File"),
        ("Save _As…", "Save As"),
        ("Fi&le...", "File"),
        ("Clean & Commit", "Clean & Commit"),
        ("jupyter_server", "jupyter_server"),
        ("Libre\u00a0:", "Libre"),
        ("l\u2019élément  récent", "l'élément récent"),
    ],
)
def test_key_marks_and_dots_are_taken_away(text: str, wanted: str) -> None:
    assert clean(text) == wanted


def test_what_is_not_taken_has_a_reason() -> None:
    assert "filled in" in unfit("Open %1", "Ouvrir %1") and "filled in" in unfit("a", "`a`")
    assert "lines" in unfit("one\ntwo", "un\ndeux") and "word" in unfit("…", "…")
    assert "60 characters" in unfit("a" * 61, "a") and "more than 12" in unfit("a " * 13, "a")
    assert unfit("Open…", "Ouvrir…") == ""


def test_a_plural_and_a_context_are_taken_apart() -> None:
    found = list(messages())
    assert not [english for english, _, _ in found if "\x04" in english or not english]
    assert ("Debug", "Débogage", "jupyterlab") in found


def test_pairs_that_hang_together_are_one_group() -> None:
    pairs = [Pair("a", "x"), Pair("b", "y"), Pair("A", "z"), Pair("c", "Z"), Pair("d", "w")]
    assert in_groups(pairs) == [[pairs[0], pairs[2], pairs[3]], [pairs[1]], [pairs[4]]]
    parts = apart(pairs, 1, 1, seed=0)
    assert sorted(pair for of in parts.values() for pair in of) == sorted(pairs)
    assert all(parts.values())


def test_parts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="2 pairs are too few for 1 to validate and 1 to test"):
        apart([Pair("a", "x"), Pair("b", "y")], 1, 1, 0)
    with pytest.raises(ValueError, match='"training", "validation" or "test"'):
        dates().part("tests")


def test_characters_become_numbers_and_come_back() -> None:
    known = Characters.of(["abc", "cab", "x"])
    assert known.known == ("a", "b", "c") and len(known) == 7
    assert known.encode("cax") == [6, 4, Sign.UNKNOWN]
    assert known.decode([Sign.BEGIN, 6, 3, 4, Sign.END, 5]) == "c�a"
    assert known.decode(torch.tensor([4, Sign.PAD])) == "a"
    assert known.unseen("xay x") == ["x", "y", " "]
    assert Characters.of(["ab", "a"], least=1).known == ("a", "b")
    assert Characters("ab") == Characters(("a", "b")) != Characters("ba")
    for wrong in (["a", "a"], ["ab"], [""]):
        with pytest.raises(ValueError, match="Each character has to be one"):
            Characters(wrong)


def test_a_batch_is_padded_and_what_is_told_is_one_step_behind() -> None:
    known = Characters("abxy")
    a, b, x, y = range(4, 8)
    batch = in_batch([Pair("ab", "x"), Pair("b", "xyx")], known, known)
    assert batch.sources.T.tolist() == [[a, b], [b, Sign.PAD]]
    assert batch.lengths.tolist() == [2, 1]
    assert batch.given.T.tolist() == [[1, x, 0, 0], [1, x, y, x]]
    assert batch.targets.T.tolist() == [[x, 2, 0, 0], [x, y, x, 2]]
    for pairs in ([], [Pair("", "x")]):
        with pytest.raises(ValueError, match="empty text"):
            in_batch(pairs, known, known)


def test_several_targets_of_one_source_set_a_ceiling() -> None:
    pairs = [Pair("a", "x"), Pair("a", "y"), Pair("b", "x"), Pair("b", "x", "again")]
    assert scores.ceiling(pairs) == 2 / 3
    assert texts.several(pairs) == {"a": ["x", "y"], "b": ["x"]}
    assert 0.9 < scores.ceiling(menus().test) < 1 == scores.ceiling(dates().test)


def test_chrf_is_that_of_sacrebleus_own_command(tmp_path: Path) -> None:
    written = ["Ouvrir le fichier", "Fermer", "noyau", "x", "été"]
    wanted = ["Ouvrir un fichier", "Fermer", "Noyau", "y", "Été"]
    for name, lines in (("written", written), ("wanted", wanted)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "sacrebleu", tmp_path / "wanted", "-i", tmp_path / "written"]
    command += ["-m", "chrf", "-b", "-w", "10"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert scores.chrf(written, wanted) == pytest.approx(float(said), abs=1e-9)
    assert scores.chrf(wanted, wanted) == pytest.approx(100)
    assert scores.chrf(["a b"], ["ab"]) == pytest.approx(100)  # spaces are not counted


def test_scores_by_length_are_those_of_the_pairs_of_that_length() -> None:
    pairs = [Pair("a" * n, "x" * n) for n in (3, 9, 10, 45)]
    written = ["xxx", "y", "x" * 10, "z"]
    table = scores.by_length(pairs, written)
    assert list(table.index) == ["1–9", "10–19", "40 or more"]
    assert list(table["pairs"]) == [2, 1, 1] and list(table["exact match"]) == [0.5, 1, 0]
    assert table.loc["1–9", "chrF"] == scores.chrf(written[:2], ["xxx", "x" * 9])
    assert scores.exact_match(written, [pair.target for pair in pairs]) == 0.5
    assert scores.exact_match(["Été"], ["été"]) == 0


@pytest.mark.parametrize("lists", [([], []), (["a"], ["a", "b"])])
def test_scores_of_nothing_are_refused(lists: tuple) -> None:
    for score in (scores.exact_match, scores.chrf):
        with pytest.raises(ValueError, match="has to be one for each, and some"):
            score(*lists)
        with pytest.raises(ValueError, match="in brackets"):
            score("ab", "ab")


def test_baselines_do_what_they_say() -> None:
    known = [Pair("open file", "o"), Pair("close file", "c"), Pair("shut", "c")]
    asked = [Pair("open files", "?"), Pair("closed", "?")]
    assert baselines.copied(known, asked) == ["open files", "closed"]
    assert baselines.most_frequent(known, asked) == ["c", "c"]
    assert baselines.nearest_source(known, asked) == ["o", "c"]
    day = Pair("5. März 1987", "1987-03-05", "de_DE, long")
    short = [Pair("03/05/1987", "1987-05-03", "fr_FR, short"), day]
    assert baselines.by_parse_date([], short) == ["1987-05-03", ""]
    assert baselines.by_dateutil([], short) == ["1987-03-05", ""]
    rules = baselines.by_rules(reader())
    assert rules([], [day, Pair("no date", "")]) == ["1987-03-05", ""]
    of_test = dates().test
    assert rules([], of_test) == [pair.target for pair in of_test]


def test_every_style_is_drawn_about_equally_often() -> None:
    counts = Counter(pair.kind for pair in everything(dates()))
    assert len(counts) == len(STYLES) == 120 and max(counts.values()) < 130
