"""One function for each kind of picture, from tables or tensors; one style and one color for each letter everywhere.

Each gives a picture that carries its words, by the function of the same name in gates.words. Importing gates.picture,
as this package does, sets the style, so that figures a learner draws look the same.

    look          colors, styles, labels
    over_updates  what is reached over epochs and updates
    over_seeds    scores of seeds, and differences, with their intervals
    expected      what was expected beside what was measured
    maps          tables as maps
    forecast      forecasts of a time series, with their intervals
    within        memories, states, gradients, gates
    reading       what is read of a text while another is written
    sounds        what is heard, and the letters found in it
    plain         what stands by itself
"""

from gates.figures.expected import calibration
from gates.figures.forecast import forecast
from gates.figures.look import COLORS, MODELS, SIGNS, SIZES
from gates.figures.maps import heat_map, signed_map
from gates.figures.over_seeds import by_seed, differences
from gates.figures.over_updates import curves, fitting, in_words, learning, over_budgets
from gates.figures.plain import against, lines, packing, pictures, shapes_of
from gates.figures.reading import attention_map
from gates.figures.sounds import letters_over, spectrogram
from gates.figures.within import (
    counter,
    digit_and_states,
    gates_over,
    influence,
    memory_over_steps,
    over_distance,
    product_of_gates,
)

__all__ = [
    "COLORS",
    "MODELS",
    "SIGNS",
    "SIZES",
    "against",
    "attention_map",
    "by_seed",
    "calibration",
    "counter",
    "curves",
    "differences",
    "digit_and_states",
    "fitting",
    "forecast",
    "gates_over",
    "heat_map",
    "in_words",
    "influence",
    "learning",
    "letters_over",
    "lines",
    "memory_over_steps",
    "over_budgets",
    "over_distance",
    "packing",
    "pictures",
    "product_of_gates",
    "shapes_of",
    "signed_map",
    "spectrogram",
]
