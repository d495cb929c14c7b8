"""The parts that steps of several cells are made of, in NumPy, since many variants are computed for one answer."""

from collections.abc import Callable

import numpy as np
from numpy import ndarray as Array
from torch import Tensor

from gates.cells import Weights
from gates.exercises.common.plan import Part


def array(value: Tensor) -> Array:
    return value.detach().numpy()


def named(x: Tensor, state: Tensor | tuple[Tensor, Tensor], weights: Weights) -> dict[str, Array]:
    """The arguments of a step by name; where the state is h alone, that is c, too, and of no use."""
    h, c = state if isinstance(state, tuple) else (state, state)
    names = ("x", "h_old", "c_old", "W", "U", "b", "d")
    return dict(zip(names, map(array, (x, h, c, *weights)), strict=True))


def recurrent(transpose: bool) -> Callable:
    def product(h: Array, U: Array) -> Array:
        H = h.shape[-1]
        blocks = [U[k : k + H] for k in range(0, len(U), H)]
        return np.concatenate([h @ (block.T if transpose else block) for block in blocks], axis=-1)

    return product


TRANSPOSED = recurrent(transpose=True)


def side_by_side(x: Array, h: Array, W: Array, U: Array, recurrent: Callable) -> tuple:
    return x @ W.T, recurrent(h, U)


def first(one: Array, other: Array) -> Array:
    return one


def second(one: Array, other: Array) -> Array:
    return other


def both(one: Array, other: Array) -> tuple[Array, Array]:
    return one, other


def in_blocks(count: int) -> Callable:
    return lambda a: np.split(a, count, axis=-1)


def interleaved(count: int) -> Callable:
    def split(a: Array) -> list[Array]:
        apart = a.reshape(*a.shape[:-1], -1, count)
        return [apart[..., k] for k in range(count)]

    return split


def arguments(gates: str) -> Callable:
    """For each gate its pre-activation, and what is added to it after it has been squashed.

    missing: a gate and the parts of its pre-activation that are left out.
    """

    def made(terms: list, blocks: tuple, late: dict[str, str], missing: tuple) -> dict:
        found = {}
        for k, gate in enumerate(gates):
            parts = [term[gates.index(of[k])] for term, of in zip(terms, blocks, strict=True)]
            for part in missing[1:] if gate in missing[:1] else ():
                parts["xhbd".index(part)] = np.zeros_like(parts["xhbd".index(part)])
            if gate in late:
                there = dict(zip("xhbd", parts, strict=True))
                after = sum(there[p] for p in late[gate])
                found[gate] = sum(there[p] for p in "xhbd" if p not in late[gate]), after
            else:
                of_x, of_h, b, d = parts
                found[gate] = of_x + of_h + b + d, None
        return found

    return made


def _squashed(gate: str) -> Callable:
    def made(a: dict[str, tuple], *rest: object) -> Array:
        *memories, inside, squash = rest
        argument, after = a[gate]
        y = squash(inside(argument, a, *memories))
        return y if after is None else y + after

    return made


def _argument(x: Array, a: dict[str, tuple], *memories: object) -> Array:
    """What a gate squashes: its own pre-activation, and nothing of the others', or of a memory."""
    return x


def gate(gate: str, squash: Callable, of: tuple[str, ...] = ("a", "c", "c_product")) -> Part:
    slots = {f"inside_{gate}": _argument, f"squash_{gate}": squash}
    return Part(gate, of, _squashed(gate), slots)
