"""The GRU step."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.cells import gru_cell
from gates.exercises.common.coding import coding
from gates.exercises.common.plan import Part, Plan
from gates.exercises.common.rows import as_packed
from gates.exercises.common.slips import same
from gates.exercises.common.step_parts import arguments, both, gate, in_blocks, named
from gates.exercises.common.stepping import a_step, large_steps, small_steps, step
from gates.exercises.lesson04.gru_cell.slips import SLIPS


def _after(r: Array, x_n: Array, h: Array, product: Callable, b_n: Array) -> Array:
    return x_n + r * (product(h) + b_n)


def _terms(x, h, W, U, b, d, input_bias, hidden_bias, transpose, split) -> tuple:
    """x's and h's products and their biases, in three blocks each, and the blocks of the recurrent matrix."""
    matrices = [block if transpose else block.T for block in split(U.T)]
    terms = [split(x @ W.T), [h @ block for block in matrices], split(input_bias(b))]
    return [*terms, split(hidden_bias(d))], matrices


def _arguments(terms: tuple, blocks: tuple, late: dict[str, str], missing: tuple) -> dict:
    return arguments("rzn")(
        terms[0], blocks, {k: part for k, part in late.items() if k != "n"}, missing
    )


def _candidate(terms, h, rz, blocks, late, reset, inside_n, squash_n) -> Array:
    (of_x, _, b, d), matrices = terms
    x_n, U_n, b_n, d_n = (
        of["rzn".index(which[2])] for of, which in zip((of_x, matrices, b, d), blocks, strict=True)
    )
    r, _ = rz
    after = late.get("n", "")
    there = {"x": x_n, "b": b_n}
    inner = sum([there[k] for k in "xb" if k not in after], np.zeros_like(x_n))
    outer = sum([there[k] for k in "xb" if k in after], np.zeros_like(x_n))

    def product(v: Array) -> Array:
        return v @ U_n

    if "hd" in after:
        outer = outer + reset(r, np.zeros_like(x_n), h, product, d_n)
    elif "h" in after:
        outer = outer + r * product(h)
        inner = inner + r * d_n
    elif "d" in after:
        outer = outer + (d_n if "!" in after else r * d_n)
        inner = reset(r, inner, h, product, np.zeros_like(d_n))
    else:
        inner = reset(r, inner, h, product, d_n)
    return squash_n(inside_n(inner)) + outer


variant = Plan(
    named,
    [
        Part("h", ("h_old",), lambda h, use_h: use_h(h), {"use_h": same}),
        Part(
            "terms",
            ("x", "h", "W", "U", "b", "d"),
            _terms,
            {"input_bias": same, "hidden_bias": same, "transpose": True, "split": in_blocks(3)},
        ),
        Part("a", ("terms",), _arguments, {"blocks": as_packed("rzn"), "late": {}, "missing": ()}),
        gate("r", sigmoid, ("a",)),
        gate("z", sigmoid, ("a",)),
        Part("rz", ("r", "z"), lambda r, z, tie: tie(r, z), {"tie": both}),
        Part(
            "n",
            ("terms", "h", "rz"),
            _candidate,
            {
                "blocks": as_packed("rzn"),
                "late": {},
                "reset": _after,
                "inside_n": same,
                "squash_n": np.tanh,
            },
        ),
        Part(
            "h_new",
            ("rz", "n", "h"),
            lambda rz, n, h, blend: blend(rz[1], n, h, rz[0]),
            {"blend": lambda z, n, h, r: (1 - z) * n + z * h},
        ),
    ],
    ("h_new",),
    torch.from_numpy,
)


EXERCISE = coding(
    gru_cell,
    asks="the GRU step",
    probes=a_step(3),
    small=small_steps(3),
    sized=partial(step, 3),
    also=(large_steps(3), "clips-inside"),
    outputs=("h",),
    variant=variant,
    gates="rzn",
    gradients=True,
    anywhere=True,
    shapes="x is (B, I) and meets weight_ih, (3H, I). h is (B, H) and meets weight_hh, (3H, H).",
    slips=SLIPS,
)
