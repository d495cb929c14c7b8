"""Comparing what an answer returns with what is right: nesting, shapes, values."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from gates.exercises.common.coding import TOLERANCE

COARSE = 1e-5  # what a computation in float32 would still reach


def plain(value: object) -> object:
    """A nested result with NumPy's arrays and numbers as torch's and Python's; a PackedSequence stays one."""
    if isinstance(value, PackedSequence):
        return value
    if isinstance(value, tuple):
        parts = [plain(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return torch.from_numpy(np.array(value))
    if isinstance(value, (np.floating, float)):
        return float(value)
    return int(value) if isinstance(value, (np.integer, np.bool_, bool)) else value


def is_nested(value: object) -> bool:
    """Whether a value is taken apart: a tuple or a list. A PackedSequence is a thing of its own."""
    return isinstance(value, (tuple, list)) and not isinstance(value, PackedSequence)


def leaves(value: object) -> Iterator[object]:
    """What a nested result is made of, in order."""
    if is_nested(value):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def tensors(value: object) -> Iterator[Tensor]:
    """The tensors in a nested result, in order."""
    return (leaf for leaf in leaves(value) if isinstance(leaf, Tensor))


def unusual(tensor: Tensor) -> str:
    """What makes a tensor one whose numbers cannot be compared like others, in words; empty for usual ones."""
    if type(tensor) not in (Tensor, nn.Parameter):
        return f"a {type(tensor).__name__}"
    if tensor.is_nested or tensor.layout is not torch.strided:
        return "a nested tensor" if tensor.is_nested else "a sparse tensor"
    if tensor.is_quantized:
        return "a quantized tensor"
    return "" if tensor.device.type == "cpu" else f"a tensor on the device {tensor.device}"


def shapes(value: object) -> object:
    """The nesting and the shapes of a result, comparable with ==."""
    if is_nested(value):
        return [shapes(part) for part in value]
    if isinstance(value, Tensor):
        return unusual(value) or tuple(value.shape)
    return "number" if type(value) in (int, float) else type(value).__name__


def close(a: object, b: object, tolerance: float = TOLERANCE) -> bool:
    """Whether two leaves are the same number, or tensors of the same shape, type and values.

    Nothing finite is close to an infinite number, of which any tolerance would be an infinite share.
    """
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if unusual(a) or unusual(b) or a.shape != b.shape or a.dtype != b.dtype:
            return False
        a, b = a.detach(), b.detach()
        return bool(torch.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True))
    if type(a) not in (int, float) or type(b) not in (int, float):
        return False
    try:
        return a == b or (math.isfinite(b) and abs(a - b) <= tolerance * max(1, abs(b)))
    except OverflowError:  # a whole number beyond what floats reach
        return False


def equal(a: object, b: object, tolerance: float = TOLERANCE) -> bool:
    """Whether two nested results have the same shapes and values."""
    pairs = zip(leaves(a), leaves(b), strict=False)
    return shapes(a) == shapes(b) and all(close(one, other, tolerance) for one, other in pairs)
