"""Slopes: of what came out, y, and of what went in, a; and what may stand in their place."""

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.exercises.common.slips import Slip


def of_sigmoid(y: Array, a: Array) -> Array:
    return y * (1 - y)


def of_tanh(y: Array, a: Array) -> Array:
    return 1 - y**2


def one(y: Array, a: Array) -> Array:
    return np.ones_like(y)


def one_minus(y: Array, a: Array) -> Array:
    return 1 - y


def _one_minus_twice(y: Array, a: Array) -> Array:
    return 1 - 2 * y


def _of_sigmoid_again(y: Array, a: Array) -> Array:
    return sigmoid(y) * (1 - sigmoid(y))


def _of_tanh_again(y: Array, a: Array) -> Array:
    return 1 - np.tanh(y) ** 2


def _itself(y: Array, a: Array) -> Array:
    return y


def _sigmoid_of(y: Array, a: Array) -> Array:
    return sigmoid(y)


def _tanh_of(y: Array, a: Array) -> Array:
    return np.tanh(y)


def _one_minus_two_squares(y: Array, a: Array) -> Array:
    return 1 - 2 * y**2


def _of_sigmoid_at_argument(y: Array, a: Array) -> Array:
    return a * (1 - a)


_INSTEAD_OF_SIGMOID = [
    ("sigmoid-slope-one-minus-twice", _one_minus_twice, ""),
    ("sigmoid-slope-of-argument", _of_sigmoid_at_argument, ""),
    ("slope-squashed-again", _of_sigmoid_again, ""),
    ("activation-for-slope", _itself, ""),
    ("activation-for-slope", _sigmoid_of, "It is σ of the gate."),
]


_RARE = {"sigmoid-slope-one-minus-twice", "sigmoid-slope-of-argument"}


INSTEAD_OF_TANH = [
    ("slope-squashed-again", _of_tanh_again, ""),
    ("activation-for-slope", _itself, ""),
    ("activation-for-slope", _tanh_of, "It is its tanh."),
    ("tanh-slope-without-square", _one_minus_twice, "It is 1 − 2y."),
    ("tanh-slope-without-square", one_minus, "It is 1 − y."),
    ("tanh-slope-square-doubled", _one_minus_two_squares, ""),
]


def at_gates(mistake: str, slope: Callable, gates: dict[str, str], all_of_them: str) -> list[Slip]:
    """The same wrong slope for each gate alone, and for all of them."""
    return [
        Slip(mistake, {f"slope_{k}": slope for k in gates}, all_of_them),
        *[
            Slip(mistake, {f"slope_{k}": slope}, f"It is the {name} gate, {k}.")
            for k, name in gates.items()
        ],
    ]


def slopes(gates: dict[str, str], all_of_them: str, tanhs: Mapping[str, str]) -> list[Slip]:
    """What stands in the place of a slope, in each gate and in each tanh, and in all of a kind.

    tanhs: the slots of tanh's slopes, and where each is.
    """
    found = []
    for mistake, slope, what in _INSTEAD_OF_SIGMOID:
        for one in at_gates(mistake, slope, gates, all_of_them):
            detail = f"{one.detail} {what}".rstrip()
            found.append(Slip(mistake, one.slots, detail, alone=mistake in _RARE))
        for two in combinations(gates, 2) if len(gates) > 2 else ():
            where = f"It is the {gates[two[0]]} gate and the {gates[two[1]]} gate. {what}"
            slots = {f"slope_{k}": slope for k in two}
            found.append(Slip(mistake, slots, where.rstrip(), alone=True))
    for mistake, slope, what in INSTEAD_OF_TANH:
        for slot, where in tanhs.items():
            found.append(Slip(mistake, {slot: slope}, f"{where} {what}".strip()))
        if len(tanhs) > 1:
            found.append(Slip(mistake, dict.fromkeys(tanhs, slope), f"It is both. {what}".rstrip()))
    for mistake, of_gate, of_tanh in (
        ("slope-squashed-again", _of_sigmoid_again, _of_tanh_again),
        ("activation-for-slope", _itself, _itself),
        ("activation-for-slope", _sigmoid_of, _tanh_of),
    ):
        for some in [tuple(tanhs), *((slot,) for slot in tanhs if len(tanhs) > 1)]:
            slots = {f"slope_{k}": of_gate for k in gates} | dict.fromkeys(some, of_tanh)
            where = "It is so in every slope."
            if len(some) < len(tanhs):
                where = f"It is so in all gates, too. {tanhs[some[0]]}"
            if gates:
                found.append(Slip(mistake, slots, where, alone=True))
    return found
