"""The bug clinic: every broken script shows its symptom, its repair removes it, and its test of one line tells them apart."""

import tomllib
import warnings
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import pytest
import torch
from bank import BANK
from torch import nn
from torch.nn import functional as F

from gates.exercises import EXERCISES

ROOT = Path(__file__).resolve().parent.parent
AILS = "".join(EXERCISES[f"diagnosis_{k}"].reference for k in range(1, 19))
CHARTS = tomllib.loads((ROOT / "gates/exercises/lesson11/questions.toml").read_text("utf-8"))[
    "charts"
]
REPAIRS = {
    1: "train_chunks",
    2: "carried",
    3: "fresh_weights",
    4: "name_logits",
    5: "two_way_logits",
    6: "top_logits",
    7: "sample_states",
    8: "column_steps",
    9: "cells_of",
    10: "reader",
    11: "class_loss",
    12: "padded_loss",
    13: "value_loss",
    14: "evaluate",
    15: "clipped_step",
    16: "scaled",
    17: "windows",
    18: "skill",
}


@pytest.fixture(scope="module")
def clinic() -> dict:
    """The names of the lesson after all its cells have been run, but those that check, and what each cell printed."""
    torch.set_num_threads(1)
    names: dict = {"printed": {}}
    notebook = jupytext.read(ROOT / "lessons" / "11_bug_clinic.md")
    for cell in notebook.cells:
        asks = any(w in cell.source for w in ("check(", "predict(", "reveal(", "progress()"))
        if cell.cell_type != "code" or (asks and "import" not in cell.source):
            continue
        lines: list[str] = []
        names["print"] = lambda *words, lines=lines: lines.append(" ".join(map(str, words)))
        exec(compile(cell.source, cell.metadata["name"], "exec"), names)
        names["printed"][cell.metadata["name"]] = "\n".join(lines)
        plt.close("all")
    return names


def raises(script, *arguments) -> str:
    try:
        script(*arguments)
    except (RuntimeError, ValueError) as problem:
        return str(problem)
    return ""


def trained_on(hand_on, names: dict) -> str:
    """What training in chunks says if the state is handed on like that, with the graph kept."""
    layer, head, optimizer, xs, targets = names["long_run"]()
    state = None
    try:
        for x, target in zip(xs.split(5), targets.split(5), strict=True):
            ys, state = layer(x, state)
            optimizer.zero_grad()
            F.mse_loss(head(ys), target).backward(retain_graph=True)
            optimizer.step()
            state = hand_on(state, 4)
    except RuntimeError as problem:
        return str(problem)
    return ""


def padding_changes(read, names: dict) -> float:
    """How much accuracy a network that was trained with this reading loses with forty steps of padding."""
    pair = names["trained_4"](read, 0)
    right = names["test_4"].targets.max(0).values
    said = [names["logits_4"](read, *pair, padding).argmax(1) for padding in (0, 40)]
    before, after = ((one == right).double().mean().item() for one in said)
    return before - after


def first_half_of_time(read, names: dict) -> float:
    """How much the first step changes what the second half of a two-way reading holds."""
    xs = names["read_5"]
    half = read(names["layer_5"], nn.Identity(), xs)[:, 8:]
    return torch.autograd.grad(half.sum(), xs)[0][:, 0].abs().max().item()


def moved(read, names: dict) -> float:
    """How much another first sample changes the other samples."""
    layer, xs, other = (names[name] for name in ("layer_7", "xs_7", "other_7"))
    return (read(layer, xs) - read(layer, other))[1:].abs().max().item()


def learns(make, names: dict) -> bool:
    """Whether the first cell of a tower changes in training."""
    torch.manual_seed(0)
    tower = names["Tower"](make, 3, 5, 2)
    before = tower.cells[0].weight_ih.detach().clone()
    optimizer = torch.optim.Adam(tower.parameters(), lr=0.1)
    tower(torch.ones(4, 3)).square().mean().backward()
    optimizer.step()
    return not torch.equal(before, tower.cells[0].weight_ih)


def quietly(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()


# For each script: whether the symptom is there, for the broken script or for its repair.
SYMPTOMS = {
    1: lambda fix, c: "second time" in raises(fix, *c["long_run"](), 5),
    2: lambda fix, c: "modified by an inplace operation" in trained_on(fix, c),
    3: lambda fix, c: "fewer than 2 dimensions" in raises(fix, nn.GRU(8, 16)),
    4: lambda fix, c: padding_changes(fix, c) > 0.1,
    5: lambda fix, c: first_half_of_time(fix, c) == 0,
    6: lambda fix, c: not all(grad.any() for grad in c["gradients_6"](fix)),
    7: lambda fix, c: moved(fix, c) > 0.01,
    8: lambda fix, c: not torch.equal(fix(c["pictures"].contiguous())[:, 0].T, c["pictures"][0]),
    9: lambda fix, c: not learns(fix, c),
    10: lambda fix, c: quietly(lambda: torch.equal(*c["twice"](fix))),
    11: lambda fix, c: min(c["curve_11"](fix, 0)) > 1.461,
    12: lambda fix, c: c["loss_12"](fix, 50) < 0.2 * c["loss_12"](fix, 0),
    13: lambda fix, c: (
        c["predicted_13"](fix, 0)[0].std() < 0.5 * c["predicted_13"](fix, 0)[1].std()
    ),
    14: lambda fix, c: fix(c["model_14"], c["batches_14"]) < 0.9,
    15: lambda fix, c: c["one_step"](fix)[0] > 1,
    16: lambda fix, c: abs(fix(c["calm"], 150)[0].mean() - fix(c["wild"], 150)[0].mean()) > 0.1,
    17: lambda fix, c: c["fitted_17"](fix) < 1e-20,
    18: lambda fix, c: fix(c["forecasts"][0], c["days"](0)[399:]) > 0.8,
}
BROKEN = {2: lambda state, B: state}


@pytest.mark.parametrize("k", SYMPTOMS)
def test_a_broken_script_shows_its_symptom(k: int, clinic: dict) -> None:
    assert SYMPTOMS[k](BROKEN.get(k) or clinic[f"script_{k}"], clinic)


@pytest.mark.parametrize("k", SYMPTOMS)
def test_a_repair_removes_the_symptom(k: int, clinic: dict) -> None:
    assert not SYMPTOMS[k](clinic[REPAIRS[k]], clinic)


@pytest.mark.parametrize("k", SYMPTOMS)
def test_the_test_of_one_line_tells_them_apart(k: int, clinic: dict) -> None:
    broken, repaired = clinic["printed"][f"script-{k}-test"].splitlines()[:2]
    assert broken.startswith("broken: the test FAILS") and repaired == "repaired: the test passes"


def test_the_second_script_itself_stops_as_said(clinic: dict) -> None:
    said = raises(clinic["script_2"], *clinic["long_run"](), 5)
    assert "modified by an inplace operation" in said


@pytest.mark.parametrize("k", SYMPTOMS)
def test_at_least_two_plausible_repairs_are_rejected_by_name(k: int) -> None:
    wrong = {e["mistake"] for e in BANK if e["exercise"] == REPAIRS[k]} - {"right", "unknown"}
    assert len(wrong) >= 2, wrong


def test_each_illness_of_the_chart_ails_one_script() -> None:
    assert sorted(AILS) == sorted(CHARTS["illnesses"]) and len(AILS) == len(SYMPTOMS) == len(
        REPAIRS
    )
    text = (ROOT / "lessons" / "11_bug_clinic.md").read_text(encoding="utf-8")
    for k, letter in enumerate(AILS, start=1):
        assert f'diagnosis_{k} = "{letter}"' in text and f"diagnosis_{k}" in EXERCISES
        assert f'{{"name": "script-{k}-seen"}}' in text
