"""Mistakes in the width of a GRU that has as many parameters as an LSTM."""

import math

from gates.exercises.common.slips import Slip, slip
from gates.exercises.lesson12.equal_width.variants import (
    by_ratio_of_counts,
    exact,
    headless,
    in_ratio,
    larger_of_equals,
    largest_not_above,
    nearest,
    of_an_lstm,
    smallest_that_reaches,
    with_biases,
)
from gates.networks import equal_width, parameters

SLIPS: list[Slip] = [
    slip(
        "widths-as-blocks",
        "The widths are put in the ratio of the blocks, 4 to 3.",
        "A block has H · (I + H + 2) parameters, so a width enters it twice. Count, and compare the counts.",
        whole=in_ratio(4 / 3)[0],
    ),
    *(slip("widths-as-blocks", whole=whole) for whole in in_ratio(4 / 3)[1:]),
    slip(
        "widths-as-roots",
        "The widths are put in the ratio of the roots of 4 and 3, as if H · H were all there is to count.",
        "H · I, the biases and the head do not grow with the square of the width. Count, and compare the counts.",
        whole=in_ratio(math.sqrt(4 / 3))[0],
    ),
    *(slip("widths-as-roots", whole=whole) for whole in in_ratio(math.sqrt(4 / 3))[1:]),
    slip(
        "width-by-ratio-of-counts",
        "The width is multiplied by the ratio of the two counts at equal width.",
        "A width enters its parameters twice, so they do not grow in proportion to it. Count for other widths, too.",
        whole=lambda I, H, O: round(by_ratio_of_counts(I, H, O)),
    ),
    slip("width-by-ratio-of-counts", whole=lambda I, H, O: int(by_ratio_of_counts(I, H, O))),
    slip(
        "head-uncounted",
        "The head is left out.",
        "The head has O · (width + 1) parameters, so it grows with the width. `parameters` counts it if it is given O.",
        wanted=headless("lstm"),
        count=headless("gru"),
    ),
    slip("head-uncounted", wanted=headless("lstm"), detail="That is so for the LSTM."),
    slip("head-uncounted", count=headless("gru"), detail="That is so for the GRU."),
    slip("counts-one-bias", wanted=with_biases("lstm", 1), count=with_biases("gru", 1)),
    slip("counts-no-bias", wanted=with_biases("lstm", 0), count=with_biases("gru", 0)),
    slip(
        "never-above",
        "The largest width is taken that does not exceed the LSTM.",
        "The next width may be nearer, though it has more parameters. Compare the sizes of the differences, abs(…).",
        choose=largest_not_above,
    ),
    slip(
        "never-below",
        "The smallest width is taken that reaches the LSTM.",
        "The width before it may be nearer, though it has fewer parameters. Compare the sizes of the differences, abs(…).",
        choose=smallest_that_reaches,
    ),
    slip(
        "larger-of-equals",
        "Of two widths that are equally near, the larger is taken.",
        "min takes the first of equals. In a loop, let < decide, and not <=. A rounded root goes to the larger, too.",
        choose=larger_of_equals,
    ),
    slip(
        "ratio-for-difference",
        "What is compared is a ratio of the two counts, and not their difference.",
        "A ratio weighs what is missing more than what is too much. As near as possible in parameters means the least abs(gru − lstm).",
        far=lambda count, wanted: math.log(count / wanted),
    ),
    slip(
        "place-for-width",
        "The width is one too small, as if a place in a list were taken for it.",
        "A list's places begin at 0, and widths at 1.",
        choose=lambda differences: nearest(differences) - 1,
    ),
    slip(
        "count-for-width",
        "Parameters come back, and not a width.",
        "Use the counts to choose among widths, and return the width that you chose.",
        choose=lambda differences: abs(differences[nearest(differences)]),
    ),
    slip("count-for-width", whole=lambda I, H, O: parameters("lstm", I, H, O)),
    slip("count-for-width", whole=lambda I, H, O: parameters("gru", I, H, O)),
    slip("count-for-width", whole=lambda I, H, O: parameters("gru", I, equal_width(I, H, O), O)),
    slip(
        "as-wide-as-the-lstm",
        "The GRU comes back as wide as the LSTM.",
        "With three blocks in place of four it has to be wider. Compare a GRU with an LSTM, and search beyond H.",
        whole=lambda I, H, O: H,
    ),
    slip(
        "narrowest-for-nearest",
        "The narrowest GRU comes back, of a single unit.",
        "A difference counts by its size, abs(…), and the LSTM keeps its width H throughout the search.",
        whole=lambda I, H, O: 1,
    ),
    slip(
        "widest-for-nearest",
        "The widest GRU of the search comes back: what is compared falls with every unit.",
        "A distance falls up to the nearest width, and rises beyond it: abs(gru − lstm), of the two counts.",
        whole=lambda I, H, O: 2 * H,
    ),
    slip(
        "roles-swapped",
        "A width is sought for the LSTM, and H is taken for the GRU's.",
        "H is the LSTM's width: count that first, and search for the GRU.",
        whole=of_an_lstm,
    ),
    slip(
        "width-not-whole",
        "The width comes back with digits behind the point.",
        "A layer has a whole number of units. Try the whole numbers on both sides.",
        whole=exact,
    ),
]
