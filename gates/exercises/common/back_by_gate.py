"""What may go wrong in one gate, or in several, of a step backward."""

from collections.abc import Mapping
from itertools import combinations

from gates.exercises.common.adding import constants
from gates.exercises.common.rows import copies
from gates.exercises.common.slips import Slip, slip


def left_out(gates: str, called: Mapping[str, str]) -> list[Slip]:
    """Ways into dh, and into dx, that are left out: of each gate, and of several."""
    found = []
    for of, mistake in (("h", "way-into-dh-missing"), ("x", "way-into-dx-missing")):
        for count in range(1, len(gates)):
            for missing in combinations(gates, count):
                kept = "".join(k for k in gates if k not in missing)
                names = " and ".join(called[k] for k in missing)
                detail = f"It is that through {names}."
                found.append(Slip(mistake, {f"ways_{of}": kept}, detail, alone=count > 1))
        for k, name in called.items():
            detail = f"It is what goes back to {of} through {name}."
            found.append(
                slip("gradient-doubled", **{f"ways_{of}": gates + k}, detail=detail, alone=True)
            )
    return found


def other_matrix(gates: str) -> list[Slip]:
    """A gate's gradient that meets another gate's matrix on the way back."""
    return [
        slip(
            "matrix-of-another-gate",
            **{f"meets_{of}": gates.replace(one, other)},
            detail=f"On the way back to {of}, the gradient of {one} meets the matrix of {other}.",
            alone=True,
        )
        for of in "hx"
        for one in gates
        for other in gates
        if one != other
    ]


def both_ways(gates: str) -> list[Slip]:
    """A matrix of another gate on the way forward and on the way back, as when it was cut out wrongly."""
    found = []
    for one in copies(gates, "It is on the way forward, and back to x or h."):
        W, U, *_ = one.slots["blocks"]
        meets = {f"meets_{of}": which for of, which in (("x", W), ("h", U)) if which != gates}
        if meets:
            found.append(Slip(one.mistake, one.slots | meets, one.detail, alone=True))
    return found


def early(gates: str, groups: Mapping[str, str]) -> list[Slip]:
    """Gradients of weights from before the slope: for each group of gates; of matrices, biases or both."""
    return [
        slip(
            "weights-before-slope",
            **{f"early_{part}": of for part in parts},
            detail=f"{where} {which}".strip(),
            alone=len(parts) < 4,
        )
        for of, where in groups.items()
        for parts, which in (
            ("WUbd", ""),
            ("WU", "The biases are right."),
            ("bd", "It is the biases."),
            ("W", "It is weight_ih."),
            ("U", "It is weight_hh."),
            ("b", "It is bias_ih."),
            ("d", "It is bias_hh."),
            ("Wb", "It is weight_ih and bias_ih."),
            ("Ud", "It is weight_hh and bias_hh."),
        )
    ]


FORWARD = "It is on the way forward."


def built_in(names: Mapping[str, str]) -> list[Slip]:
    """Constants on the way forward; none of them is looked for with another slip."""
    return [
        Slip(one.mistake, one.slots, f"{one.detail} {FORWARD}", alone=True)
        for one in constants(names)
    ]


def groups(gates: dict[str, str], candidate: str) -> dict[str, str]:
    """Each gate, the candidate, all gates, and everything, and how to say which it is."""
    found = {}
    for count in range(1, len(gates)):
        for some in combinations(gates, count):
            found["".join(some)] = f"It is {' and '.join(gates[k] for k in some)}."
    found["".join(k for k in gates if k != candidate)] = "It is all gates."
    return found | {"".join(gates): "It is all gates and the candidate."}
