"""How a check talks: errors with what they usually mean, shapes in words, lists with an 'and'."""

import linecache
import re
import traceback
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from gates.checks.comparing import is_nested, leaves, shapes, unusual

# What Python and torch say, and what it usually means; the first pattern that fits is taken.
_MEANINGS = [
    (r"ellipsis", "A `...` is still waiting to be filled in."),
    (
        r"(Sigmoid|Tanh).*positional argument",
        "torch.nn.Sigmoid and torch.nn.Tanh are layers, made first and called later; "
        "the functions are torch.sigmoid and torch.tanh.",
    ),
    (
        r"only (one|1).element tensors|single element|must be real number, not Tensor",
        "The math module and torch.tensor take plain numbers. To compute with tensors use torch's own "
        "functions, to join them torch.stack.",
    ),
    (
        r"Can't call numpy\(\) on Tensor",
        "NumPy's functions do not know gradients: use torch's own, such as torch.tanh.",
    ),
    (
        r"step must be greater than zero",
        "A tensor takes no negative steps: xs.flip(0) turns its first dimension around.",
    ),
    (r"bitwise_xor|for \^", "A power is written ** in Python; ^ is something else."),
    (
        r"unpack \(expected 4",
        "How many pieces are there, and along which dimension? "
        "chunk(4, dim=-1) makes four pieces of the columns, chunk(3, dim=-1) three.",
    ),
    (r"unpack \(expected 2", "The state is a pair: h, c = state."),
    (r"unpack", "There are not as many parts as names: print what is to be taken apart."),
    (
        r"mat1 and mat2 shapes|size mismatch|inconsistent tensor size",
        "In a product with @ the inner sizes have to be equal: check which weight meets what, and "
        "whether it is transposed (.T). Gates and states multiply element by element, with *.",
    ),
    (
        r"must match the size of tensor|cannot be broadcast|not broadcastable",
        "Two tensors that meet here should have equal sizes. Print their shapes on the line above.",
    ),
    (r"non-empty TensorList", "The list is empty: the loop made no step."),
    (
        r"expected Tensor as element \d+ .*got (float|int)",
        "torch.stack joins tensors. A list of plain numbers becomes a tensor with torch.tensor.",
    ),
    (
        r"must be tuple of Tensors|expected Tensor as element",
        "The list should hold tensors only: append h, the first of the pair.",
    ),
    (
        r"missing \d+ required positional",
        "Something is called with too few arguments: hand them over one by one.",
    ),
    (
        r"positional arguments? but \d+ (was|were) given",
        "Something is called with too many arguments.",
    ),
    (
        r"Boolean value of Tensor",
        "An `if` needs one yes or no, and a tensor holds many: torch.where chooses element by element.",
    ),
    (
        r"object is not callable",
        "Round brackets behind a value call it: is a * missing, or does a function's name stand for something else?",
    ),
    (
        r"NoneType",
        "A name holds nothing here: is a `return` missing in what made it? "
        "Methods that work in place, such as list.append, hand nothing back.",
    ),
    (
        r"can't multiply sequence|unsupported operand type.*'(list|tuple)'",
        "A list or a pair does not compute element by element: take it apart, or make a tensor of it.",
    ),
    (
        r"does not require grad",
        "No graph stands behind it: was something detached, or computed under torch.no_grad?",
    ),
    (
        r"same dtype|expected scalar type|expected m1 and m2|dtype to be equal",
        "Make new tensors from the ones you were given, as in torch.zeros_like(h), "
        "so that they share their type. A layer made inside does not know the weights handed in.",
    ),
    (
        r"is not defined|referenced before assignment|cannot access local",
        "A name is misspelled, or used too early.",
    ),
    (
        r"has no attribute",
        "A name after the dot is misspelled, or the object is not what you take it for: print it.",
    ),
    (
        r"in-place operation",
        "A tensor that was handed in is overwritten: write c = f * c rather than c *= f.",
    ),
    (
        r"out of range|out of bounds",
        "The index is too large for that dimension: T steps have the indices 0 to T − 1. "
        "From the end one counts with -1, -2.",
    ),
]
_PLURALS = {
    *("biases", "cells", "gradients", "horizons", "logits", "losses", "outputs", "parameters"),
    *("scores", "sequences", "states", "steps", "targets", "times", "weights"),
}
_NOT_A_TENSOR = re.compile(
    r"^(\w+)\(\): argument '\w+' \(position \d+\) must be Tensor, not (\S+)$"
)
_INSTEAD = {
    "float": "for a plain number there is math.{name}, and torch.tensor(…) makes a tensor of it",
    "int": "for a plain number there is math.{name}, and torch.tensor(…) makes a tensor of it",
    "list": "torch.stack makes a tensor of a list of tensors, torch.tensor of a list of numbers",
    "tuple": "take it apart and hand over one of its tensors, as in h, c = state",
    "numpy.ndarray": "for NumPy's arrays there are NumPy's own functions",
    "NoneType": "a name holds nothing here: is a `return` missing in what made it?",
}
_ABOUT_SHAPES = re.compile(r"size|shape|dimension|TensorList")


def listed(names: Sequence[str]) -> str:
    """Names with commas and an 'and'."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def count(number: int) -> str:
    """A number in words, as far as they are short."""
    words = [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    return words[number] if number < len(words) else str(number)


def error(problem: BaseException, answer: object, sizes: str = "") -> str:
    """Type and text of an error, the learner's line it comes from, and what it usually means.

    sizes: the shapes of what goes in, added where the error is about shapes.
    """
    text = said(problem)
    where = line_of(problem, answer)
    if isinstance(problem, TypeError) and "argument" in text and _in_the_call_itself(problem):
        advice = "Keep its arguments as they were in the exercise cell."
        return f"The function cannot be called as it should: {text}.\n{advice}"
    where = f", {where}" if where else ""
    meaning = _no_tensor(text) or next(
        (means for pattern, means in _MEANINGS if re.search(pattern, text)), ""
    )
    about_shapes = sizes if _ABOUT_SHAPES.search(text) else ""
    lines = [f"{type(problem).__name__}{where}: {text}", meaning, about_shapes]
    return "\n".join(filter(None, lines))


def said(problem: BaseException) -> str:
    """The text of an error; a sentence in its place where it has none."""
    try:
        return str(problem).strip() or "without a message"
    except Exception as odd:  # an exception of the learner's own, whose text cannot be made
        return f"with a message that cannot be shown ({type(odd).__name__})"


def _no_tensor(said: str) -> str:
    """What it means that one of torch's functions was given something else than a tensor; empty for other errors."""
    found = _NOT_A_TENSOR.search(said)
    if not found:
        return ""
    name, kind = found.groups()
    a = "nothing" if kind == "NoneType" else f"{'an' if kind[0] in 'aei' else 'a'} {kind}"
    text = f"torch's {name} computes with tensors, and was given {a}"
    return f"{text}: {_INSTEAD[kind].format(name=name)}." if kind in _INSTEAD else f"{text}."


def _in_the_call_itself(problem: BaseException) -> bool:
    """Whether calling the answer failed, before any line of it ran."""
    frames = traceback.extract_tb(problem.__traceback__)
    return not frames or Path(frames[-1].filename).parent == Path(__file__).parent


def line_of(problem: BaseException, answer: object) -> str:
    """The learner's line that an error comes from, in words; empty where it comes from elsewhere."""
    code = getattr(answer, "__code__", None)
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if code and frame.filename == code.co_filename]
    if not own:
        return ""
    number = own[-1].lineno or 0
    line = linecache.getline(own[-1].filename, number).strip()
    return f"on line {number} of the cell" + (f", `{line}`" if line else "")


def is_plural(name: str) -> bool:
    """Whether a name such as "the losses" is spoken of as more than one thing: "the sum of the biases" is not."""
    if name.startswith(("whether", "how")):
        return False
    head = re.split(r" (?:of|after|in|behind|before|that|for) ", name)[0].split()[-1]
    return head in _PLURALS


def kind(value: object) -> str:
    """What a value is, in words: a tensor of shape (3, 2), a list of 8 lists of 4 numbers."""
    if isinstance(value, Tensor):
        return unusual(value) or f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, (bool, int, float)):
        return "a number"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, PackedSequence):
        return "a PackedSequence"
    if isinstance(value, nn.Module):
        return f"a module of type {type(value).__name__}"
    if not is_nested(value):
        return f"a value of type {type(value).__name__}"
    if not value:
        return f"an empty {type(value).__name__}"
    parts = [kind(part) for part in value]
    alike = len(set(parts)) == 1
    if hasattr(value, "_fields"):
        named = zip(value._fields, parts, strict=True)
        return f"{type(value).__name__}({', '.join(f'{name}: {part}' for name, part in named)})"
    if alike and isinstance(value, list):
        return f"a list of {_many(parts[0], len(parts))}"
    if alike and len(parts) == 2:
        return f"a pair of {_many(parts[0], 2).removeprefix('2 ')}"
    if alike and len(parts) > 4:
        return f"a tuple of {_many(parts[0], len(parts))}"
    if len(parts) > 6:
        parts = [*parts[:4], f"and {len(parts) - 4} more"]
    brackets = "[]" if isinstance(value, list) else "()"
    return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"


def _many(one: str, count: int) -> str:
    """A number of things of that kind: 8 tensors of shape (3, 2)."""
    if one.startswith("["):
        return f"{count} lists {one}" if count > 1 else f"one list {one}"
    if one.startswith("(") or not one.startswith(("a ", "an ")):
        return f"{count} times {one}" if count > 1 else one
    if count == 1:
        return f"one {one.split(' ', 1)[1]}"
    first, *rest = re.split(r"( of )", one.split(" ", 1)[1], maxsplit=1)
    return f"{count} {first}s{''.join(rest)}"


def shape(value: object, names: Sequence[str], like: object) -> str:
    """The shapes of a result in words; `names` are used where it is nested like `like`, which has these parts and no list."""
    parts = list(leaves(value))
    lists = isinstance(like, tuple) and any(isinstance(part, list) for part in like)
    unlike = len(parts) != len(names) or _nesting(value) != _nesting(like)
    if len(names) == 1 or lists or unlike:
        return kind(value)
    words = iter(
        f"{name} {tuple(part.shape)}"
        if isinstance(part, Tensor) and not unusual(part)
        else f"{name}, {kind(part)}"
        for name, part in zip(names, parts, strict=True)
    )

    def nested(part: object) -> str:
        return f"({', '.join(map(nested, part))})" if is_nested(part) else next(words)

    return nested(value)


def _nesting(value: object) -> object:
    return [_nesting(part) for part in value] if is_nested(value) else None


def to_join(got: object, right: object, arrays: bool) -> str:
    """How a list becomes what was asked for, where it is one tensor or array that was, or a Decimal a number; else empty.

    arrays: whether what was asked for is NumPy's.
    """
    if isinstance(right, (int, float)) and isinstance(got, (Decimal, Fraction)):
        return "float(…) makes a number of it that every library takes."
    if isinstance(right, Tensor) and isinstance(got, (list, tuple)) and is_nested(got):
        if isinstance(got, tuple) and shapes(right) in [shapes(part) for part in got]:
            return ""  # a pair of which one is what was asked for
        if arrays:
            return "A list becomes one array with np.array."
        numbers = not any(isinstance(leaf, Tensor) for leaf in leaves(got))
        how = "torch.tensor" if numbers else "torch.stack"
        return f"A list becomes one tensor with {how}."
    if is_nested(right) and is_nested(got) and len(right) == len(got):
        return next(
            filter(None, (to_join(a, b, arrays) for a, b in zip(got, right, strict=True))), ""
        )
    return ""
