"""What may stand in the place of σ and tanh; in NumPy."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.exercises.common.slips import Slip, same, slip


def relu(a: Array) -> Array:
    return np.maximum(a, 0)


def _softmax(axis: int) -> Callable[[Array], Array]:
    def softmax(a: Array) -> Array:
        grown = np.exp(a - a.max(axis, keepdims=True))
        return grown / grown.sum(axis, keepdims=True)

    return softmax


def _hard(slope: float) -> Callable[[Array], Array]:
    return lambda a: np.clip(slope * a + 0.5, 0, 1)


# What takes the place of either, by what it is called.
_OTHERS = {
    "softsign": lambda a: a / (1 + np.abs(a)),
    "softplus": lambda a: np.logaddexp(0, a),
    "a hard tanh": lambda a: np.clip(a, -1, 1),
    "a leaky relu": lambda a: np.where(a > 0, a, 0.01 * a),
    "elu": lambda a: np.where(a > 0, a, np.expm1(np.minimum(a, 0))),
    "silu, a ⊙ σ(a)": lambda a: a * sigmoid(a),
    "the exponential": lambda a: np.exp(np.minimum(a, 50)),
    "the arctangent": np.arctan,
    "the sine": np.sin,
}


_FOR_SIGMOID = {
    **_OTHERS,
    "the argument, cut off at 0 and 1": lambda a: np.clip(a, 0, 1),
    "(1 + tanh(a)) / 2, which is σ(2a)": lambda a: sigmoid(2 * a),
    "tanh after σ": lambda a: np.tanh(sigmoid(a)),
    "σ after tanh": lambda a: sigmoid(np.tanh(a)),
    "softsign brought between 0 and 1": lambda a: (1 + a / (1 + np.abs(a))) / 2,
    "the arctangent brought between 0 and 1": lambda a: 0.5 + np.arctan(a) / np.pi,
}


_FOR_TANH = {**_OTHERS, "2σ(a) − 1, which is tanh(a / 2)": lambda a: np.tanh(a / 2)}


def of_gates(gates: Mapping[str, str], turned: str, together: str) -> list[Slip]:
    """Other functions for the σ of each gate, and of all of them.

    turned: the gates for which 1 − σ is a mistake of its own. together: how to say that it is all of them.
    """
    found = []

    def add(mistake: str, squash: Callable, what: str = "", of: str = "".join(gates)) -> None:
        several = len(of) > 1
        which = together if several else f"It is the {gates[of]} gate, {of}."
        slots = {f"squash_{k}": squash for k in of}
        common = several and not what
        found.append(Slip(mistake, slots, f"{which} {what}".rstrip(), alone=not common))

    for of in ("".join(gates), *gates):
        if len(of) > 1 or of not in turned:
            add("sigmoid-sign-lost", lambda a: sigmoid(-a), of=of)
        add("relu-for-squash", relu, of=of)
        add("hard-sigmoid-for-sigmoid", _hard(1 / 6), of=of)
        add("hard-sigmoid-for-sigmoid", _hard(0.2), "Its slope is 0.2.", of)
        add("hard-sigmoid-for-sigmoid", _hard(0.25), "Its slope is 1/4.", of)
        add("softmax-for-sigmoid", _softmax(-1), of=of)
        add("softmax-for-sigmoid", _softmax(0), "It runs over the samples.", of)
        add("lstm-squashed-again", lambda a: sigmoid(sigmoid(a)), of=of)
        for name, squash in _FOR_SIGMOID.items():
            add("another-squash", squash, f"There it is {name}.", of)
    return found


def of_tanh(slot: str, where: str) -> list[Slip]:
    """Other functions for the tanh in a slot; `where` says which it is."""
    return [
        slip("relu-for-squash", **{slot: relu}, detail=where, alone=True),
        slip("softmax-for-sigmoid", **{slot: _softmax(-1)}, detail=where, alone=True),
        *[
            slip(
                "another-squash",
                **{slot: squash},
                detail=f"{where} There it is {name}.",
                alone=True,
            )
            for name, squash in _FOR_TANH.items()
        ],
    ]


def among(gates: str, of: str) -> list[Slip]:
    """A softmax over several gates' arguments: over the gates of a unit, or over all numbers there are.

    gates: those that get it; of: those that share the whole.
    """

    def over_gates(gate: str, a: dict) -> Array:
        most = np.max([a[k][0] for k in of], axis=0)
        return np.exp(a[gate][0] - most) / sum(np.exp(a[k][0] - most) for k in of)

    def over_all(gate: str, a: dict) -> Array:
        most = np.max([a[k][0].max(-1, keepdims=True) for k in of], axis=0)
        total = sum(np.exp(a[k][0] - most).sum(-1, keepdims=True) for k in of)
        return np.exp(a[gate][0] - most) / total

    return [
        slip(
            "softmax-for-sigmoid",
            **{
                **{f"inside_{k}": lambda x, a, *_, k=k, share=share: share(k, a) for k in gates},
                **{f"squash_{k}": same for k in gates},
            },
            detail=f"It runs over {', '.join(of)}{where}.",
            alone=True,
        )
        for share, where in ((over_gates, ", for each unit"), (over_all, " and all units together"))
    ]


def tanh_twice(a: Array) -> Array:
    return np.tanh(np.tanh(a))
