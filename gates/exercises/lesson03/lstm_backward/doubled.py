"""What a gate is given that it should not get, and what comes twice."""

from gates.exercises.common.back_slips import (
    END_H,
    as_it_came,
    doubled,
    zero,
)
from gates.exercises.common.slips import slip

GIVEN_OR_DOUBLED = [
    slip("output-gate-given-dc", of_o=lambda dh, y, c, total, dc: total * y),
    slip(
        "output-gate-given-dc",
        of_o=lambda dh, y, c, total, dc: dc * y,
        detail="It is dc_new, as it came in.",
    ),
    slip("gate-given-dh", of_i=lambda dc, i, g, dh: dh * g, detail="It is the input gate, i."),
    slip("gate-given-dh", of_f=lambda dc, c, c_new, dh: dh * c, detail="It is the forget gate, f."),
    slip("gate-given-dh", of_g=lambda dc, i, g, dh: dh * i, detail="It is the candidate, g."),
    slip(
        "gate-given-dh",
        of_i=lambda dc, i, g, dh: dh * g,
        of_f=lambda dc, c, c_new, dh: dh * c,
        of_g=lambda dc, i, g, dh: dh * i,
        detail="It is the input gate, the forget gate and the candidate.",
    ),
    slip(
        "gate-given-dh",
        of_i=lambda dc, i, g, dh: dh * g,
        of_f=lambda dc, c, c_new, dh: dh * c,
        detail="It is the input gate and the forget gate.",
        alone=True,
    ),
    slip(
        "gate-given-dh",
        of_i=lambda dc, i, g, dh: dh * g,
        of_g=lambda dc, i, g, dh: dh * i,
        detail="It is the input gate and the candidate.",
        alone=True,
    ),
    slip(
        "gate-given-dh",
        of_f=lambda dc, c, c_new, dh: dh * c,
        of_g=lambda dc, i, g, dh: dh * i,
        detail="It is the forget gate and the candidate.",
        alone=True,
    ),
    *END_H,
    slip("old-state-gradient-zero", end_c=zero, detail="It is dc."),
    slip("old-state-gradient-zero", end_h=zero, end_c=zero, detail="It is dh and dc."),
    slip("old-state-gradient-as-it-came", end_c=as_it_came, detail="It is dc."),
    slip(
        "old-state-gradient-as-it-came",
        end_h=as_it_came,
        end_c=as_it_came,
        detail="It is dh and dc.",
    ),
    slip(
        "gradient-doubled",
        added=lambda later, through: 2 * later,
        detail="It is dc_new that is added to itself, where what comes through h should be added.",
    ),
    slip(
        "gradient-doubled",
        added=lambda later, through: 2 * (later + through),
        detail="It is the whole of dc.",
    ),
    slip(
        "gradient-doubled", added=lambda later, through: 2 * later + through, detail="It is dc_new."
    ),
    slip(
        "gradient-doubled",
        added=lambda later, through: later + 2 * through,
        detail="It is what reaches c through h.",
    ),
    slip(
        "gradient-doubled",
        added=lambda later, through: 2 * through,
        detail="It is what reaches c through h, which stands where dc_new belongs, too.",
    ),
    slip("gradient-doubled", end_c=doubled, detail="It is the dc that is returned."),
    slip(
        "gradient-doubled",
        end_c=lambda dc, came: dc + came,
        detail="dc_new is added to the dc that is returned.",
    ),
    slip("gradient-doubled", incoming=lambda dh, dc: (2 * dh, dc), detail="It is dh_new."),
]
