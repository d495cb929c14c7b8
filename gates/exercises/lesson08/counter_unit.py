"""The unit that counts."""

from collections.abc import Callable

import torch
from torch import Tensor

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.probing import random_numbers
from gates.exercises.common.slips import slip
from gates.probes import counter_unit

# What a unit's memory does with an a and with a b, and where it starts.
_UNITS = (
    (0.02, -3.0, 0.0),  # falls with b alone
    (0.70, -0.60, 0.0),  # counts
    (1.90, 1.80, -9.0),  # rises with both
    (2.90, -0.05, 0.0),  # rises with a alone
    (2.80, -0.40, 0.0),  # moves most in all, and with b less than the one that counts
    (0.10, 0.10, 30.0),  # is large and does nothing of the kind
    (0.30, -0.45, 0.1),  # counts by less
    (0.008, -0.02, 0.5),  # counts by least
    (0.40, -0.40, 0.0),  # ends where it began, and counts by less
    (0.20, 0.20, 0.0),  # is large for a moment
)


def probes() -> Probes:
    turned = [(-up, -down, -start) for up, down, start in _UNITS[:-1]]
    turned[0], turned[3] = (-0.02, 2.8, 0.0), (-3.0, 0.05, 0.0)
    found = []
    strings = ((_UNITS, 5), ((*turned[::-1], _UNITS[-1]), 8), (_UNITS, 2))
    for k, (units, n) in enumerate(strings):
        randn = random_numbers(74 + k)
        up, down, start = torch.tensor(units, dtype=torch.float64).T
        a = torch.arange(1, n + 1, dtype=torch.float64)[:, None]
        first = start + a * up
        cs = torch.cat([first, first[-1] + a * down])
        if n > 2:
            cs[n // 2, -1] = 40
        found.append((cs + 0.002 * randn(*cs.shape), n))
    return found


def variant(
    a=lambda changes, n: changes[: n - 1].mean(0),
    b=lambda changes, n: changes[n - 1 :].mean(0),
    by=lambda a, b: torch.minimum(a.abs(), b.abs()) * (a * b < 0),
    best=lambda counts: counts.argmax(),
    whole=None,
) -> Callable:
    """The unit that counts, with the parts of the search exchangeable."""

    def find(cs: Tensor, n: int) -> int:
        changes = cs.diff(dim=0)
        return int(best(by(a(changes, n), b(changes, n))))

    return whole or find


EXERCISE = coding(
    counter_unit,
    asks="the unit that counts",
    probes=probes,
    outputs=("the unit",),
    variant=variant,
    reads=lambda unit, arguments: float(unit),
    shapes="cs is (2n, H), and the number of one unit comes back.",
    slips=[
        slip(
            "first-b-counted-as-a",
            "The change that the first b makes is counted among those of the a's.",
            "changes[k] leads from step k + 1 to step k + 2. The a's make changes[: n - 1], the b's changes[n - 1 :].",
            a=lambda changes, n: changes[:n].mean(0),
            b=lambda changes, n: changes[n:].mean(0),
        ),
        slip(
            "changes-added",
            "The two changes are added or multiplied, so that a large one hides that the other is small.",
            "Take the smaller of the two sizes, where the signs are opposite.",
            by=lambda a, b: -(a * b),
            detail="It is their product.",
        ),
        slip(
            "signs-ignored",
            "A unit that rises with both symbols is taken for a counter.",
            "A counter goes up with the one and down with the other: the product of its two changes is negative.",
            by=lambda a, b: torch.minimum(a.abs(), b.abs()),
        ),
        slip(
            "one-half-only",
            "Only one half of the string is looked at.",
            "A counter moves in both halves. Take the smaller of its two changes.",
            by=lambda a, b: a.abs() * (a * b < 0),
            detail="It is that of the a's.",
        ),
        slip(
            "one-half-only", by=lambda a, b: b.abs() * (a * b < 0), detail="It is that of the b's."
        ),
        slip("one-half-only", by=lambda a, b: a.abs(), detail="It is that of the a's."),
        slip("one-half-only", by=lambda a, b: b.abs(), detail="It is that of the b's."),
        slip(
            "one-half-only", by=lambda a, b: a, detail="It is that of the a's, and its sign counts."
        ),
        slip(
            "larger-for-smaller",
            "A unit that moves in one half only is taken for a counter, since the larger of its changes counts.",
            "Take the smaller of the two changes: it is large only if both are.",
            by=lambda a, b: torch.maximum(a.abs(), b.abs()) * (a * b < 0),
        ),
        slip("larger-for-smaller", by=lambda a, b: torch.maximum(a.abs(), b.abs())),
        slip("changes-added", by=lambda a, b: (a.abs() + b.abs()) * (a * b < 0)),
        slip("changes-added", by=lambda a, b: (a - b).abs(), detail="It is their difference."),
        slip(
            "counter-has-to-rise",
            "A counter that goes down with an a and up with a b is not found.",
            "Which way a unit counts differs from seed to seed. Only that the signs are opposite matters.",
            by=lambda a, b: torch.minimum(a, -b),
        ),
        slip(
            "least-for-most",
            "The unit that counts least comes back.",
            "Take argmax.",
            best=lambda counts: counts.argmin(),
        ),
        slip(
            "least-for-most",
            best=lambda counts: counts.where(counts > 0, torch.inf).argmin(),
            detail="It is the least of those that count.",
        ),
        slip(
            "value-for-change",
            "The unit with the largest value is taken, though it may not move at all.",
            "Look at the changes from step to step, cs.diff(dim=0).",
            whole=lambda cs, n: int(cs[-1].abs().argmax()),
        ),
        slip("value-for-change", whole=lambda cs, n: int(cs.abs().amax(0).argmax())),
        slip("value-for-change", whole=lambda cs, n: int(cs.abs().mean(0).argmax())),
        slip(
            "range-for-change",
            "The unit that moves farthest is taken, though it may move in one half only.",
            "Look at both halves: the mean change with an a, and that with a b.",
            whole=lambda cs, n: int((cs.max(0).values - cs.min(0).values).argmax()),
        ),
        slip("range-for-change", whole=lambda cs, n: int(cs.std(0).argmax())),
    ],
)
