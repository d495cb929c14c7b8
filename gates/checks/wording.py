"""How a check talks: errors with what they usually mean, shapes in words, lists with an 'and'."""

import linecache
import re
import traceback
from collections.abc import Sequence

from torch import Tensor

from gates.checks.comparing import leaves

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
        r"must be tuple of Tensors|expected Tensor as element",
        "The list should hold tensors only: append h, the first of the pair.",
    ),
    (
        r"missing \d+ required positional",
        "Something is called with too few arguments: hand them over one by one.",
    ),
    (
        r"same dtype|expected scalar type|expected m1 and m2",
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
_ABOUT_SHAPES = re.compile(r"size|shape|dimension|TensorList")


def listed(names: Sequence[str]) -> str:
    """Names with commas and an 'and'."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def error(problem: BaseException, answer: object, sizes: str = "") -> str:
    """Type and text of an error, the learner's line it comes from, and what it usually means.

    sizes: the shapes of what goes in, added where the error is about shapes.
    """
    said = str(problem).strip() or "without a message"
    where = line_of(problem, answer)
    if not where and isinstance(problem, TypeError) and "argument" in said:
        advice = "Keep its arguments as they were in the exercise cell."
        return f"The function cannot be called as it should: {said}.\n{advice}"
    where = f", {where}" if where else ""
    meaning = next((text for pattern, text in _MEANINGS if re.search(pattern, said)), "")
    about_shapes = sizes if _ABOUT_SHAPES.search(said) else ""
    lines = [f"{type(problem).__name__}{where}: {said}", meaning, about_shapes]
    return "\n".join(filter(None, lines))


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


def shape(value: object, names: Sequence[str]) -> str:
    """The shapes of a result in words; `names` are used where it has as many parts as there are names."""
    parts = list(leaves(value))
    if not len(parts) == len(names) > 1:
        names = ["a tensor of shape"] * len(parts)
    words = iter(
        f"{name} {tuple(part.shape)}"
        if isinstance(part, Tensor)
        else f"a value of type {type(part).__name__}"
        for name, part in zip(names, parts, strict=True)
    )

    def nested(part: object) -> str:
        if isinstance(part, (tuple, list)):
            return "(" + ", ".join(map(nested, part)) + ")"
        return next(words)

    return nested(value)
