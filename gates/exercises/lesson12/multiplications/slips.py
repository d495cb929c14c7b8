"""Mistakes in what a step costs."""

from gates.exercises.common.slips import Slip, slip

SLIPS: list[Slip] = [
    slip(
        "recurrent-product-uncounted",
        "U h is left out: only what meets the input is counted.",
        "Every row meets all I inputs and all H numbers of h, so it takes I + H multiplications.",
        read=lambda I, H: I,
    ),
    slip(
        "input-product-uncounted",
        "W x is left out: only what meets h is counted.",
        "Every row meets all I inputs and all H numbers of h, so it takes I + H multiplications.",
        read=lambda I, H: H,
    ),
    slip(
        "row-too-short",
        "A row is counted with I + 1 multiplications.",
        "U is a matrix, so a row meets all I inputs and all H numbers of h. Its bias is added.",
        read=lambda I, H: I + 1,
    ),
    slip(
        "sizes-multiplied",
        "I and H are multiplied where they add up.",
        "A row takes I multiplications for W x and H for U h, together I + H.",
        read=lambda I, H: I * H,
    ),
    slip(
        "one-row-counted",
        "A single row of each block is counted.",
        "Each block has H rows, one a unit, and a row takes I + H multiplications.",
        rows=lambda H: 1,
    ),
    slip(
        "biases-multiplied",
        "Biases are counted, as parameters are.",
        "A bias is added, and multiplied by nothing.",
        biases=2,
    ),
    slip("biases-multiplied", biases=1),
    slip(
        "sums-counted",
        "Additions are counted, too.",
        "Libraries often count both, and then have about twice as many. Here only multiplications count.",
        times=lambda inside, gated: 2 * inside + gated,
    ),
    slip("sums-counted", times=lambda inside, gated: 2 * (inside + gated)),
    slip(
        "gates-uncounted",
        "What the gates multiply is left out.",
        "There are three such products in each cell, of H multiplications each: f ⊙ c, i ⊙ g and o ⊙ tanh(c), or r ⊙ (U h + d), (1 − z) ⊙ n and z ⊙ h.",
        gated=lambda cell: 0,
    ),
    slip(
        "gates-partly-counted",
        "Not all products with a gate are counted.",
        "There are three in each cell: f ⊙ c, i ⊙ g and o ⊙ tanh(c), or r ⊙ (U h + d), (1 − z) ⊙ n and z ⊙ h.",
        gated=lambda cell: 1,
    ),
    slip("gates-partly-counted", gated=lambda cell: 2),
    slip(
        "gates-partly-counted",
        gated=lambda cell: {"lstm": 3, "gru": 2}[cell],
        detail="n + z ⊙ (h − n) would do with one fewer; the equation of lesson 04 has (1 − z) ⊙ n + z ⊙ h.",
    ),
    slip("gates-partly-counted", gated=lambda cell: {"lstm": 2, "gru": 3}[cell]),
    slip(
        "one-more-for-each-row",
        "Besides the matrices one multiplication is counted for each row, as if for its gate or its bias.",
        "A bias is added, and in i ⊙ g two blocks meet in one product. Count the ⊙ in the equations: three in each cell.",
        gated=lambda cell: {"lstm": 4, "gru": 3}[cell],
    ),
    slip(
        "gates-times-matrices",
        "The three products are counted for every block.",
        "f ⊙ c, i ⊙ g and o ⊙ tanh(c) are there once in a step, whatever the number of blocks.",
        gated=lambda cell: 3 * {"lstm": 4, "gru": 3}[cell],
    ),
    slip(
        "counts-four-blocks",
        "Four blocks are counted for a GRU, which is an LSTM.",
        "A GRU has three blocks of rows: two gates and the candidate.",
        blocks=lambda cell: 4,
    ),
    slip("counts-three-gates", blocks=lambda cell: 3),
    slip(
        "counts-one-gate",
        blocks=lambda cell: 1,
        detail="A GRU has three blocks, r, z and n.",
    ),
    slip(
        "candidate-uncounted",
        "The candidate's block is left out.",
        "The candidate reads x and h with rows of its own: four blocks in an LSTM, three in a GRU.",
        blocks=lambda cell: {"lstm": 3, "gru": 2}[cell],
    ),
    slip(
        "blocks-swapped",
        "The blocks of the two cells have changed places.",
        "An LSTM has four, i, f, g and o; a GRU has three, r, z and n.",
        blocks=lambda cell: {"lstm": 3, "gru": 4}[cell],
    ),
    slip(
        "as-many-as-parameters",
        "These are as many as the layer has parameters.",
        "A bias is added, and σ and tanh are computed in other ways: neither counts. The three products with a gate do.",
        biases=2,
        gated=lambda cell: 0,
    ),
]
