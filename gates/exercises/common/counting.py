"""What may go wrong where parameters are counted."""

from gates.exercises.common.slips import slip

OF_ONE_LAYER = [
    slip("counts-one-bias", biases=1),
    slip("counts-no-bias", biases=0),
    slip("counts-one-gate", blocks=1),
    slip("counts-three-gates", blocks=3),
]
