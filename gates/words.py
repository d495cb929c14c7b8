"""What each kind of picture shows, in words that are computed from the same numbers: for those who do not see it.

A function for each function of gates.figures, with the same name. The words state the result and are short enough to be
heard at once; where there is a number for each of many places, a table holds them all.
"""

import html
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from gates import stats
from gates.picture import Words, numbers
from gates.stats import Interval

TABLE = "The numbers as a table"
LONGEST = (
    500  # characters; what would be longer is said of the ends only, and a table holds all of it
)


def called(cell: object) -> str:
    """A cell's name as one writes it, LSTM for lstm, also in "lstm, bias 3". Other names stay as they are."""
    family, comma, rest = str(cell).partition(",")
    return (family.upper() if family in ("rnn", "lstm", "gru") else family) + comma + rest


def number(value: float) -> str:
    """A number with two or three digits, with a minus sign that is read aloud as one."""
    text = f"{value:.0f}" if value == round(value) and abs(value) < 1e6 else f"{value:.3g}"
    return text.replace("-", "−") if text != "-0" else "0"


def listed(names: Iterable[str]) -> str:
    """a; a and b; a, b and c."""
    *most, last = [str(name) for name in names]
    return f"{', '.join(most)} and {last}" if most else last


def _range(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{number(low)} throughout" if low == high else f"from {number(low)} to {number(high)}"


def _interval(of: Interval) -> str:
    mean, low, high = of
    return f"{number(mean)} [{number(low)}, {number(high)}]"


def sentence(text: str) -> str:
    """A text with its first letter large."""
    return text[:1].upper() + text[1:]


def _seeds(rows: pd.DataFrame, at: str, value: str) -> pd.DataFrame:
    return rows.pivot(index=at, columns="seed", values=value)


def memory_over_steps(table: pd.DataFrame) -> Words:
    first, last = table.index[0], table.index[-1]
    lines = [
        f"with {name}, {number(line.iloc[0])} becomes {number(line.iloc[-1])}"
        for name, line in table.items()
    ]
    return Words(f"What is left of a memory from step {first} to step {last}: {'; '.join(lines)}.")


def packing(tensors: dict[str, Tensor], gates: str) -> Words:
    rows = len(next(iter(tensors.values()))) // len(gates)
    places = [
        f"{letter} in {k * rows + 1} to {(k + 1) * rows}" if rows > 1 else f"{letter} in {k + 1}"
        for k, letter in enumerate(gates)
    ]
    shapes = [f"{name} {tuple(tensor.shape)}" for name, tensor in tensors.items()]
    names = [f"{letter}, row {k + 1}" for letter in gates for k in range(rows)]
    columns = {}
    for name, tensor in tensors.items():
        for j, column in enumerate(tensor.reshape(len(names), -1).T.tolist()):
            label = f"{name}, column {j + 1}" if tensor.dim() == 2 else name
            columns[label] = [f"{round(value, 2) + 0.0:.2f}" for value in column]
    return Words(
        f"{listed(shapes)}, stacked gate by gate. The rows of each: {', '.join(places)}.",
        TABLE,
        numbers(pd.DataFrame(columns, index=names)),
    )


def digit_and_states(image: Tensor, states: Tensor, title: str) -> Words:
    last = states[-1]
    most = int(last.abs().argmax())
    return Words(
        f"A digit, {title}, in {len(states)} rows, and the {len(last)} hidden units after each row. After the last row "
        f"they hold {_range(last.tolist())}; the largest in size is unit {most} with {number(last[most].item())}, and "
        f"it held {number(states[0][most].item())} after the first row."
    )


def by_seed(xlabel: str, intervals: dict[tuple[str, ...], Interval]) -> Words:
    outer = {", ".join(row[:-1]): [] for row in intervals}
    for row, interval in intervals.items():
        outer[", ".join(row[:-1])].append(f"{row[-1]} {_interval(interval)}")
    said = [f"{name}: {'; '.join(of)}" if name else "; ".join(of) for name, of in outer.items()]
    return Words(f"{sentence(xlabel)}, mean over the seeds and 95% interval. {'. '.join(said)}.")


def calibration(table: pd.DataFrame) -> Words:
    held = (table["low"] <= table["number"]) & (table["number"] <= table["high"])
    missed = {False: "above it", True: "below it"}
    said = [
        f"{claim}, measured {missed[bool(row['number'] < row['low'])]}"
        for claim, row in table[~held].iterrows()
    ]
    many = "1 wager" if len(table) == 1 else f"{len(table)} wagers"
    result = f"{held.sum()} of {many} held what was measured; four in five are meant."
    if said:
        result += f" Outside the interval: {'; '.join(said)}."
    if len(table) > len(said):
        result += f" Inside: {listed(table.index[held])}."
    shown = table[["expected", "measured", "figure"]].copy()
    shown.insert(2, "held", ["yes" if of else "no" for of in held])
    return Words(result, TABLE, numbers(shown))


def learning(table: pd.DataFrame, score: str, models: Sequence[str]) -> Words:
    said = []
    for model in models:
        seeds = _seeds(table[table["model"] == model], "epoch", score)
        first, last = seeds.iloc[0].mean(), seeds.iloc[-1]
        said.append(
            f"{model} goes from {number(first)} after epoch {seeds.index[0]} to {number(last.mean())} after epoch "
            f"{seeds.index[-1]}, where its {seeds.shape[1]} seeds run {_range(last.tolist())}"
        )
    return Words(f"Mean {score} over the seeds: {'; '.join(said)}.")


def curves(table: pd.DataFrame, metric: str, chance: float | None = None) -> Words:
    sentences = []
    rows = table[table["metric"] == metric]
    for cell, of_it in rows.groupby("cell", sort=False):
        ends = of_it.sort_values("step").groupby("seed")["value"].last()
        sentences.append(
            f"{called(cell)}: after {rows['step'].max()} updates at most, the median of the {metric} scores of "
            f"{len(ends)} seeds is {ends.median():.3g}; the seeds run from {ends.min():.3g} to {ends.max():.3g}."
        )
    if chance is not None:
        sentences.append(f"Chance is {chance:.3g}.")
    return Words(" ".join(sentences))


def over_distance(table: pd.DataFrame, ylabel: str) -> Words:
    said = []
    for model, of_it in table.groupby("model", sort=False):
        middle = _seeds(of_it, "distance", "norm").median(axis=1)
        said.append(f"{model} from {number(middle.iloc[0])} to {number(middle.iloc[-1])}")
    near, far = table["distance"].min(), table["distance"].max()
    return Words(
        f"{sentence(ylabel)}, median of the seeds, from distance {near} to {far}: {'; '.join(said)}."
    )


def influence(table: pd.DataFrame, over: str, of: Sequence[str], ylabel: str) -> Words:
    ends = sorted([table[over].min(), table[over].max()])
    middle = {at: table[table[over] == at].median(numeric_only=True) for at in ends}
    said = [
        f"of {letter}, {number(middle[ends[0]][letter])} at {over} = {number(ends[0])} and "
        f"{number(middle[ends[1]][letter])} at {over} = {number(ends[1])}"
        for letter in of
    ]
    return Words(f"{sentence(ylabel)}, median of the seeds: {'; '.join(said)}.")


def product_of_gates(table: pd.DataFrame) -> Words:
    far, said = table["distance"].max(), []
    for model, of_it in table[table["distance"] == far].groupby("model", sort=False):
        sizes = [number(of_it[kind].median()) for kind in ("product", "direct", "whole")]
        said.append(f"{model}: {sizes[0]} predicted, {sizes[1]} with h held, {sizes[2]} all ways")
    return Words(
        f"The gradient from c to c over {far} steps, median of the seeds. {'; '.join(said)}."
    )


def _label(label: object) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with one label for each row."""
    name, rows = table.columns.name, table.index.name
    labels = [
        f"{rows} {label}" if rows and not isinstance(label, str) else _label(label)
        for label in table.index
    ]
    return table.set_axis(labels).rename_axis(columns=name)


def heat_map(values: pd.DataFrame, label: str) -> Words:
    across, table = values.columns.name or "columns", _named(values)
    shown = table.map(lambda value: "–" if value != value else number(value))
    columns = ", ".join(map(str, values.columns))
    rows = [f"{name}: {', '.join(row)}" for name, row in shown.iterrows()]
    said = f"{sentence(label)}; {across}: {columns}. {'; '.join(rows)}."
    if len(said) > LONGEST:
        ends = []
        for name, row in table.iterrows():
            there = row.dropna()
            at = [f"{number(there.iloc[k])} at {there.index[k]}" for k in (0, -1) if len(there)]
            ends.append(
                f"{name}: {', '.join(at) if there.nunique() != 1 else number(there.iloc[0])}"
            )
        said = f"{sentence(label)}, at both ends of {across}. {'; '.join(ends)}."
    return Words(said, TABLE, numbers(shown))


def signed_map(values: pd.DataFrame, decided: pd.DataFrame, label: str, digits: int) -> Words:
    flat, sure = _named(values), _named(decided).astype(bool)

    def shown(value: float, certain: bool) -> str:
        text = f"{value:+.{digits}f}".replace("-", "−")
        return "–" if value != value else text if certain else f"({text})"

    found = [
        (flat.iat[i, j], f"{flat.index[i]} at {flat.columns[j]}")
        for i in range(flat.shape[0])
        for j in range(flat.shape[1])
        if sure.iat[i, j] and flat.iat[i, j] == flat.iat[i, j]
    ]
    parts = []
    for word, of_it in (
        ("positive", sorted([f for f in found if f[0] > 0], reverse=True)),
        ("negative", sorted(f for f in found if f[0] < 0)),
    ):
        parts.append(f"{len(of_it)} decided and {word}")
        if of_it:
            most = listed(f"{shown(value, True)} for {name}" for value, name in of_it[:3])
            parts[-1] += f", {'most' if len(of_it) > 3 else 'namely'} {most}"
    there = int(flat.notna().to_numpy().sum())
    missing = flat.size - there
    said = f"{sentence(label)}. Of {there} differences: {'; '.join(parts)}; the others undecided."
    if missing:
        said += f" No number in {missing} place{'s' * (missing > 1)}."
    table = pd.DataFrame(
        [
            [shown(flat.iat[i, j], sure.iat[i, j]) for j in range(flat.shape[1])]
            for i in range(flat.shape[0])
        ],
        index=flat.index,
        columns=flat.columns,
    )
    return Words(said, f"{TABLE}, in brackets where it is not decided", numbers(table))


def differences(panels: dict[str, dict[str | tuple[str, ...], Interval]], xlabel: str) -> Words:
    panels = {
        setting: {
            row if isinstance(row, str) else ", ".join(reversed(row)): of
            for row, of in of_it.items()
        }
        for setting, of_it in panels.items()
    }
    said = []
    for setting, of_it in panels.items():
        less = sorted((of[0], name) for name, of in of_it.items() if of[2] < 0)
        more = sorted(((of[0], name) for name, of in of_it.items() if of[1] > 0), reverse=True)
        parts = [
            f"{len(some)} decided as {word}, most of all {some[0][1]} with {number(some[0][0])}"
            for word, some in (("less", less), ("more", more))
            if some
        ]
        said.append(f"{setting}: of {len(of_it)}, {listed(parts or ['none decided'])}")
    shown = {
        setting: {name: _interval(of) for name, of in of_it.items()}
        for setting, of_it in panels.items()
    }
    return Words(f"{sentence(xlabel)}. {'; '.join(said)}.", TABLE, numbers(pd.DataFrame(shown)))


def over_budgets(
    panels: dict[str, dict[int, Interval]], more: str, less: str, ylabel: str
) -> Words:
    first, last = (of(next(iter(panels.values()))) for of in (min, max))
    said = []
    for budget in (first, last):
        ahead = {stats.verdict(of_it[budget]): [] for of_it in panels.values()}
        for name, of_it in panels.items():
            ahead[stats.verdict(of_it[budget])].append(f"“{name}”")
        parts = [
            f"{of} is ahead in {len(ahead[word])}, {listed(ahead[word])}"
            for word, of in (("more", more), ("less", less))
            if word in ahead
        ]
        undecided = len(ahead.get("undecided", ()))
        said.append(f"after {budget} updates {listed([*parts, f'{undecided} undecided'])}")
    shown = {
        name: {f"{budget} updates": _interval(of) for budget, of in of_it.items()}
        for name, of_it in panels.items()
    }
    result = f"{sentence(ylabel)}. Of {len(panels)} tasks: {'; '.join(said)}."
    return Words(result, TABLE, numbers(pd.DataFrame(shown).T))


def counter(tracks: pd.DataFrame, symbols: str, of: str) -> Words:
    turn, said = len(symbols) - len(symbols.lstrip(symbols[0])), []
    for panel, track in tracks.groupby("panel", sort=False):
        at_turn = track.loc[track["step"] == turn, of].iloc[0]
        end = track.sort_values("step")[of].iloc[-1]
        said.append(f"{panel.partition(':')[0]} {number(at_turn)}, then {number(end)}")
    other = symbols[turn]
    return Words(
        f"{of} of the counting unit after {turn} times {symbols[0]}, and then after {len(symbols) - turn} times {other}: "
        f"{'; '.join(said)}."
    )


def gates_over(found: dict[str, Tensor], symbols: str) -> Words:
    said, columns = [], {}
    for letter, values in found.items():
        by_step = values.mean(1)
        high, low = int(by_step.argmax()), int(by_step.argmin())
        said.append(
            f"{letter} {number(round(values.mean().item(), 2))}, most at step {high + 1}, {symbols[high]}, with "
            f"{number(round(by_step[high].item(), 2))}, and least at step {low + 1}, {symbols[low]}, with "
            f"{number(round(by_step[low].item(), 2))}"
        )
        columns[letter] = [f"{value:.2f}".replace("-", "−") for value in by_step.tolist()]
    H = next(iter(found.values())).shape[1]
    steps = [f"{t + 1}, {symbol}" for t, symbol in enumerate(symbols)]
    return Words(
        f"Mean over {H} units and all letters of {symbols}: {'; '.join(said)}.",
        "The means over the units as a table",
        numbers(pd.DataFrame(columns, index=steps).rename_axis(columns="step")),
    )


def fitting(table: pd.DataFrame, score: str) -> Words:
    said, last = [], table["step"].max()
    for cell, of_it in table[table["step"] == last].groupby("cell", sort=False):
        middle = of_it.groupby("metric")["value"].median()
        said.append(
            f"{cell}: loss {number(middle['training loss'])} on the training data and "
            f"{number(middle['validation loss'])} on the validation data, {score} {number(middle['training'])} and "
            f"{number(middle['validation'])}"
        )
    return Words(f"After {last} updates, median of the seeds. {'; '.join(said)}.")


def lines(table: pd.DataFrame, ylabel: str) -> Words:
    over, said = table.index.name or "index", []
    for name, line in table.items():
        ends = f"{number(line.iloc[0])} at the first and {number(line.iloc[-1])} at the last"
        said.append(
            f"{name}, {_range(line.tolist())}" + ("" if line.nunique() == 1 else f", {ends}")
        )
    first, last = (
        f"{at:.0f}" if abs(at) >= 1000 else number(at) for at in (table.index[0], table.index[-1])
    )
    return Words(f"{sentence(ylabel)}, over {over} {first} to {last}. {'; '.join(said)}.")


def against(right: Sequence[float], found: Sequence[float], xlabel: str, ylabel: str) -> Words:
    off = np.abs(np.asarray(found) - np.asarray(right)).mean()
    return Words(
        f"{len(right)} points: {xlabel} runs {_range(right)}, {ylabel} {_range(found)}, and on average they are "
        f"{number(off)} apart."
    )


def pictures(shown: dict[str, Tensor]) -> Words:
    tensors = {title: torch.as_tensor(np.asarray(of)) for title, of in shown.items()}
    said = [
        f"{title}, {of.shape[0]} by {of.shape[1]}, with something in {int((of != 0).sum())} of {of.numel()} places"
        for title, of in tensors.items()
    ]
    first, *others = tensors.values()
    said += [
        f"they agree in {int((first == other).sum())} of {first.numel()} places"
        for other in others
        if other.shape == first.shape
    ]
    rows = "".join(
        f"<p>{html.escape(title)}</p><pre>{''.join(_drawn(row) + chr(10) for row in of.tolist())}</pre>"
        for title, of in tensors.items()
    )
    return Words(f"{sentence('; '.join(said))}.", "The pictures in signs, # for the darkest", rows)


def _drawn(row: Sequence[float]) -> str:
    return "".join(".-+#"[min(3, int(4 * value))] if value > 0 else "." for value in row)


def shapes_of(functions: dict[str, Callable], low: float, high: float) -> Words:
    said = []
    for name, function in functions.items():
        a = torch.linspace(low, high, 401, requires_grad=True)
        values = function(a)
        (slopes,) = torch.autograd.grad(values.sum(), a)
        said.append(f"{name} runs {_range(values.tolist())}, its slope {_range(slopes.tolist())}")
    return Words(f"From {number(low)} to {number(high)}: {'; '.join(said)}.")


def visible(text: str) -> list[str]:
    """The characters of a text, a space as ␣."""
    return ["␣" if character.isspace() else character for character in text]


def attention_map(weights: Tensor, source: str, target: str) -> Words:
    read, written = visible(source), [*visible(target), "the end"]
    most, places = weights.max(1)
    said = [
        f"for {name} {read[place]}, place {place + 1}, with {value:.2f}"
        for name, place, value in zip(written, places.tolist(), most.tolist(), strict=True)
    ]
    told = f"“{target}” is written from “{source}”. Read most are"
    if len(told) + len("; ".join(said)) > LONGEST:
        clear = int((most > 0.5).sum())
        told = f"“{target}” is written from “{source}”."
        said = [f"For {clear} of {len(written)} characters more than half of the weight is on one"]
    shown = [[f"{value:.2f}" for value in row] for row in weights.tolist()]
    columns = pd.Index([f"{k + 1}, {character}" for k, character in enumerate(read)], name="read")
    table = numbers(pd.DataFrame(shown, index=written, columns=columns))
    return Words(f"{told} {'; '.join(said)}.", TABLE, table)
