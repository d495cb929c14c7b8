"""Mistakes on the way back through the memory."""

import numpy as np
from numpy import ndarray as Array

from gates.exercises.common.slips import slip


def _later(total: Array, later: Array) -> Array:
    return later


OF_THE_MEMORY = [
    slip(
        "dc-through-h-missing",
        "What reaches c through h = o ⊙ tanh(c) is left out.",
        "c acts on what follows in two ways: directly, as the memory of the next step, and through h. Add both.",
        added=lambda later, through: later,
        seen=("nicodjimenez/lstm#7",),
    ),
    slip(
        "dc-from-later-missing",
        "What reaches c from later steps, dc_new, is left out.",
        "c acts on what follows in two ways: directly, as the memory of the next step, and through h. Add both.",
        added=lambda later, through: through,
    ),
    slip(
        "dc-not-through-f",
        "What goes back to the old cell state is not multiplied by the forget gate.",
        "c_new = f ⊙ c + …, so dc = dc_total ⊙ f.",
        back=lambda dc, f: dc,
    ),
    slip("f-means-forget", back=lambda dc, f: dc * (1 - f), detail="It is on the way back."),
    slip(
        "slope-at-old-memory",
        "The slope of tanh(c) is taken at the old memory.",
        "h was made from the new c, so the slope is 1 − tanh²(c_new).",
        slope_at=lambda y, c, old: (np.tanh(old), old),
    ),
    *[
        slip(
            "beside-another-factor",
            "A gradient is multiplied by something that does not stand beside it on the way forward.",
            "In c_new = f ⊙ c + i ⊙ g, c stands beside f, g beside i, and i beside g.",
            **{f"beside_{k}": other},
            detail=f"The gradient of {k} is multiplied by {other}.",
            alone=True,
        )
        for k, others in (("i", "ifoc"), ("f", "figo"), ("g", "gfoc"))
        for other in others
    ],
    slip(
        "output-gate-given-dc",
        "The output gate gets the gradient of the cell state, though it acts on h alone.",
        "h = o ⊙ tanh(c), so do = dh ⊙ tanh(c).",
        of_o=lambda dh, y, c, total, dc: (dh + dc) * y,
        detail="dc_new is added to dh.",
        alone=True,
        seen=("lhnguyen102/cuTAGI#77",),
    ),
    slip(
        "output-gate-given-dc",
        of_o=lambda dh, y, c, total, dc: (dh + total) * y,
        detail="It is added to dh.",
        alone=True,
    ),
    slip(
        "dc-through-h-missing", for_gates=_later, detail="It is so for the gates and the candidate."
    ),
    slip(
        "dc-through-h-missing", for_memory=_later, detail="It is so on the way to the old memory."
    ),
    slip(
        "output-gate-missing-on-way-back",
        "The output gate is missing where the derivative goes from h to c.",
        "h = o ⊙ tanh(c), so c gets dh ⊙ o ⊙ (1 − tanh²(c)).",
        through_h=lambda dh, o, y: dh,
    ),
    slip(
        "do-without-memory",
        "The output gate's derivative leaves out tanh(c).",
        "In h = o ⊙ tanh(c) the output gate is multiplied by tanh(c), so do = dh ⊙ tanh(c).",
        of_o=lambda dh, y, c, total, dc: dh,
    ),
    slip("lstm-old-c-in-h", shown=lambda c_new, c: c),
    slip("state-swapped", unpack=lambda h, c: (c, h)),
    slip("state-swapped", incoming=lambda dh, dc: (dc, dh), detail="It is dh_new and dc_new."),
    slip(
        "state-swapped",
        incoming=lambda dh, dc: (dc, dh),
        unpack=lambda h, c: (c, h),
        detail="So are dh_new and dc_new.",
    ),
    slip("new-h-for-old", old_h=lambda h, h_new: h_new()),
]
