"""The long runs behind the shipped tables: what was declared before running, and how to run it again.

`python -m gates.results.grids` lists them; with a name it trains that grid, and writes the table and what belongs beside
it. A row is a run of `gates.sweep`: rows that are done are kept until the table is written, so that a grid that was stopped
goes on where it was.

    row          what is trained, and what is kept of it
    running      a grid as a sweep
    memory       lesson 06
    opening      lesson 07
    languages    lesson 08
    overfitting  lesson 09
    swapping     lesson 10
    choosing     lesson 12
    measuring    lesson 12
    varying      lesson 13
    texts        lesson 14
    translating  lesson 15
    series       lesson 16
    hearing      lesson 17
    spoken       lesson 17
"""

from collections.abc import Callable, Iterator

from gates.results.grids.choosing import (
    lstm_or_gru_generated,
    lstm_or_gru_generated_again,
    lstm_or_gru_real,
    lstm_or_gru_real_again,
)
from gates.results.grids.hearing import Known as KnownSpeakers
from gates.results.grids.hearing import Listened, who_speaks
from gates.results.grids.languages import counting_far, counting_longer, grammar
from gates.results.grids.measuring import Costs, time_and_memory
from gates.results.grids.memory import copying_longer, long_memory, stability
from gates.results.grids.opening import opened_adding, opened_copying, opened_latch, windows
from gates.results.grids.overfitting import (
    EARLY,
    REMEDIES,
    dropout_map,
    dropout_map_again,
    few_digits,
    layers,
    layers_again,
    layers_new_hands,
    remedies,
    remedies_again,
    remedies_new_hands,
    stack,
    three_times,
)
from gates.results.grids.row import Row
from gates.results.grids.series import Forecast, Simple, forecasts
from gates.results.grids.spoken import Trained as TrainedListener
from gates.results.grids.spoken import Warped, spoken_digits, spoken_digits_again
from gates.results.grids.swapping import (
    ACTIVATED,
    ACTIVATIONS,
    SWAPS,
    activations,
    activations_new_hands,
    swapped,
)
from gates.results.grids.texts import (
    Bagged,
    Compressed,
    Counted,
    Modeled,
    constructions,
    language_models,
)
from gates.results.grids.translating import (
    Known,
    Trained,
    translated_dates,
    translated_dates_again,
    translated_menus,
    translated_menus_again,
)
from gates.results.grids.varying import (
    Fitted,
    attention,
    attention_again,
    peepholes,
    relatives,
    tables,
    without_a_gate,
)

_Rows = Iterator[
    Row
    | Costs
    | Fitted
    | Modeled
    | Counted
    | Compressed
    | Bagged
    | Trained
    | Known
    | Forecast
    | Simple
    | Listened
    | KnownSpeakers
    | TrainedListener
    | Warped
]

GRIDS: dict[str, Callable[[], _Rows]] = {
    grid.__name__: grid
    for grid in (
        long_memory,
        copying_longer,
        stability,
        opened_latch,
        opened_adding,
        opened_copying,
        windows,
        grammar,
        counting_far,
        counting_longer,
        layers,
        layers_again,
        layers_new_hands,
        dropout_map,
        dropout_map_again,
        remedies,
        remedies_again,
        remedies_new_hands,
        activations,
        activations_new_hands,
        lstm_or_gru_real,
        lstm_or_gru_generated,
        lstm_or_gru_real_again,
        lstm_or_gru_generated_again,
        time_and_memory,
        without_a_gate,
        peepholes,
        attention,
        attention_again,
        relatives,
        tables,
        language_models,
        constructions,
        translated_dates,
        translated_menus,
        translated_dates_again,
        translated_menus_again,
        forecasts,
        who_speaks,
        spoken_digits,
        spoken_digits_again,
    )
}

__all__ = [
    "ACTIVATED",
    "ACTIVATIONS",
    "EARLY",
    "GRIDS",
    "REMEDIES",
    "SWAPS",
    "Row",
    "few_digits",
    "stack",
    "swapped",
    "three_times",
]
