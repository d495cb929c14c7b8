"""Which rows of the weights a gate is made from: blocks in another order, and blocks that another gate's name stands on."""

from itertools import combinations, permutations

from torch import Tensor

from gates.exercises.common.slips import Slip


def same_rows(rows: Tensor) -> Tensor:
    return rows


Blocks = tuple[str, str, str, str]


# What is read of the weights (W, U, b, d for weight_ih, weight_hh, bias_ih, bias_hh), and what that is called.
_READ = {
    "bias-of-another-gate": {"b": "bias_ih", "d": "bias_hh", "bd": "both biases"},
    "matrix-of-another-gate": {"W": "weight_ih", "U": "weight_hh", "WU": "both matrices"},
    "rows-of-another-gate": {
        "WUbd": "all rows",
        "Wb": "weight_ih and bias_ih",
        "Ud": "weight_hh and bias_hh",
    },
}


def as_packed(gates: str) -> Blocks:
    """Each gate reads its own block, of all four weights."""
    return (gates,) * 4


def reading(gates: str, of: str, parts: str = "WUbd") -> Blocks:
    """The k-th gate reads the block of the k-th letter in `of`, in these parts of the weights."""
    return tuple(of if part in parts else gates for part in "WUbd")


def in_order(gates: str, order: str) -> Blocks:
    """The blocks are taken for those of the gates in this order."""
    return reading(gates, "".join(gates[order.index(k)] for k in gates))


def orders(gates: str, likely: tuple[str, ...] = ()) -> list[str]:
    """All wrong orders, the likely ones first."""
    return [k for k in dict.fromkeys([*likely, *map("".join, permutations(gates))]) if k != gates]


def copies(gates: str, where: str = "", known: tuple[str, ...] = ()) -> list[Slip]:
    """Blocks that are read for a gate and are another's: for one gate, for several, or two that have changed places.

    where: a sentence on where this is. known: what has an entry of its own, as it is read of all four weights.
    """
    found = []
    for mistake, parts in _READ.items():
        for part, name in parts.items():
            for of, how in _mixed(gates):
                changed_places = sorted(of) == sorted(gates)
                if part == "WUbd" and (changed_places or len(set(of)) == 1 or of in known):
                    continue
                detail = f"{how.format(name)} {where}".rstrip()
                found.append(
                    Slip(mistake, {"blocks": reading(gates, of, part)}, detail, alone=True)
                )
    return found


def _mixed(gates: str) -> list[tuple[str, str]]:
    """What the gates read if some of them read another's block, and how to say it."""
    found = []
    for count in range(1, len(gates)):
        for takers in combinations(gates, count):
            for giver in gates:
                if giver not in takers:
                    of = "".join(giver if k in takers else k for k in gates)
                    verb = "takes" if count == 1 else "take"
                    found.append((of, f"{_listed(takers)} {verb} {{}} of {giver}."))
    for one, other in combinations(gates, 2):
        of = "".join({one: other, other: one}.get(k, k) for k in gates)
        found.append((of, f"{one} and {other} have exchanged {{}}."))
    return found


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
