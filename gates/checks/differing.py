"""What is said where no mistake is recognized: what raised, or what differs and where."""

import inspect
from collections.abc import Iterator

import numpy as np
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from gates.checks import wording
from gates.checks.around import Asks
from gates.checks.comparing import close, leaves, plain, shapes
from gates.checks.running import TimeUp
from gates.checks.trial import SECONDS, Trial
from gates.checks.verdict import RAISED, WRONG, WRONG_SHAPE, Verdict
from gates.exercises.common.coding import Coding
from gates.exercises.common.probing import fresh


def raised(trial: Trial) -> Verdict:
    task, problem = trial.task, trial.problem
    if isinstance(problem, TimeUp):
        what = f"It was still running after {SECONDS:g} seconds and was stopped."
        return Verdict(task.name, RAISED, f"{what} Is there a loop that never ends?")
    if isinstance(problem, Asks):
        where = wording.line_of(problem, trial.answer)
        return Verdict(task.name, RAISED, f"{problem!s}{f' It asks {where}.' if where else ''}")
    return Verdict(task.name, RAISED, wording.error(problem, trial.answer, task.shapes))


def differences(trial: Trial) -> Verdict:
    """What to say of a mistake that no slip explains: what differs, and from which step on."""
    task = trial.task
    tried = zip(trial.probes, trial.expected, trial.results, trial.returned, strict=True)
    probe, right, got, returned = next(one for one in tried if not trial.agree(one[2], one[1]))
    if shapes(right) != shapes(got):
        return Verdict(task.name, WRONG_SHAPE, _another_form(trial, probe, got, returned))
    parts = list(zip(leaves(got), leaves(right), strict=True))
    names = _names_of_parts(task, probe, right)
    wrong = {
        name: pair
        for name, pair in zip(names, parts, strict=True)
        if not close(*pair, task.tolerance)
    }
    fine = [name for name in names if name not in wrong]
    subject = _few(list(wrong))
    plural = len(wrong) > 1 or wording.is_plural(subject)
    text = f"In what comes back, {subject} {'differ' if plural else 'differs'} from what is right"
    first = next(iter(wrong))
    a, b = wrong[first]
    if isinstance(b, Tensor):
        if a.dtype != b.dtype:
            text = f"{first} has another type than the inputs: {a.dtype}, where {b.dtype} is right."
            return Verdict(task.name, WRONG, text)
        text += _where(task, names, wrong, first) + "."
        so = f", and so {'is' if len(fine) == 1 else 'are'} {_few(fine)}" if fine else ""
        text += f" All shapes are right{so}."
    else:
        text += _as_number(task, probe, names, first, a, b) + "."
        if fine:
            alone = len(fine) == 1 and not wording.is_plural(fine[0])
            told = f"{_few(fine)} {'is' if alone else 'are'} right."
            text += f" {told[0].upper()}{told[1:]}"
    advice = (
        "It is none of the mistakes known here. Check your lines one by one, against the equations and "
        "what the docstring asks for."
    )
    return Verdict(task.name, WRONG, f"{text}\n{advice}")


def _another_form(trial: Trial, probe: tuple, got: object, returned: object) -> str:
    """What to say of a result that is not of the form that was asked for."""
    task = trial.task
    asked = task.reference(*fresh(probe, task.graph))
    arrays = any(isinstance(leaf, np.ndarray) for leaf in leaves(asked))
    asked, back = plain(asked), plain(returned)
    names = () if task.reads else task.names(probe)
    found = wording.shape(back, names, asked)
    wanted = wording.shape(asked, names, asked)
    what = f"It should return {wanted}; it returns {found}."
    if task.returns or wanted == found:
        what = f"It returns {found}. {task.returns}".rstrip()
    join = wording.to_join(back, asked, arrays)
    if isinstance(back, Iterator):
        join = "It can be gone through once only: put tuple(…) or list(…) around it."
    if any(isinstance(leaf, PackedSequence) for leaf in leaves(back)):
        join = "A PackedSequence is a batch without its padding: pad_packed_sequence makes a tensor of it."
    return "\n".join(filter(None, (f"{what} {join}".rstrip(), task.shapes)))


def _names_of_parts(task: Coding, probe: tuple, right: object) -> list[str]:
    """A name of its own for every tensor and number in what is compared."""
    names, count = list(task.names(probe)), len(list(leaves(right)))
    if len(names) == count:
        return names
    return [f"{'/'.join(names)}[{k}]" for k in range(count)]


def _few(names: list[str]) -> str:
    """Names, or how many there are where they would fill a paragraph."""
    if len(names) <= 7:
        return wording.listed(names)
    return f"{', '.join(names[:5])} and {len(names) - 5} others"


def _where(task: Coding, names: list[str], wrong: dict[str, tuple], first: str) -> str:
    """From which step on, in which rows and by how much the first of the parts that are wrong is wrong."""
    a, b = wrong[first]
    text = ""
    if first == "ys":
        step = next(t for t in range(len(b)) if not close(a[t], b[t], task.tolerance))
        text += f", from step {step + 1} of {len(b)} on"
    weight = next((name for name in wrong if name.startswith(("dweight", "dbias"))), None)
    if len(task.gates) > 1 and weight:
        rows = wording.listed(_blocks_that_differ(task, *wrong[weight]))
        text += (
            f", in the rows of {rows}" if weight == first else f" ({weight} in the rows of {rows})"
        )
    worst = (a.double() - b.double()).abs().argmax()
    place = ", ".join(str(int(k)) for k in np.unravel_index(int(worst), b.shape))
    where = f"[{place}]" if b.dim() else ""
    entry = f"{first}{where}" if len(names) > 1 else f"one entry, {where}," if where else "it"
    if where and " " in first and len(names) > 1:
        entry = f"of {first}, entry {where}"
    mine, its = a.flatten()[worst].item(), b.flatten()[worst].item()
    digits = ".3f" if f"{mine:.3f}" != f"{its:.3f}" else ".6f"
    return f"{text}: {entry} is {mine:{digits}} and should be {its:{digits}}"


def _as_number(
    task: Coding, probe: tuple, names: list[str], first: str, a: object, b: object
) -> str:
    """What a number is and should be; a yes or no in words, and nothing of a number that stands for a kind."""
    said = {0: "no", 1: "yes"}
    if first.startswith("whether") and a in said and b in said:
        return f": {_with(task, probe)}it is {said[a]} and should be {said[b]}"
    if first.startswith(("whether", "how", "the graph", "the mode")):
        return ""
    it = "it" if len(names) == 1 else first
    mine = f"{a:g}" if abs(a) < 1e300 else "a huge number"
    return f": {_with(task, probe)}{it} is {mine} and should be {b:g}"


def _blocks_that_differ(task: Coding, a: Tensor, b: Tensor) -> list[str]:
    count = len(task.gates)
    blocks = zip(task.gates, a.chunk(count), b.chunk(count), strict=True)
    return [gate for gate, mine, its in blocks if not close(mine, its)]


def _with(task: Coding, probe: tuple) -> str:
    """What went in, where that is nothing but numbers and words, such as the name of a cell."""
    if not all(type(value) in (int, float, str) for value in probe):
        return ""
    given = (f'"{value}"' if isinstance(value, str) else str(value) for value in probe)
    names = inspect.signature(task.reference).parameters
    return f"with {', '.join(map(' = '.join, zip(names, given, strict=True)))} "
