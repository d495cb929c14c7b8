"""The same weights in other frameworks: one row of data for each layer, both ways made of it.

>>> arrays = convert(weights, "torch LSTM", "keras LSTM")   # arrays by name, as Keras stores them
>>> weights = convert(arrays, "keras LSTM", "torch LSTM")   # and back
>>> bring(nn.LSTM(3, 5), keras_layer)                       # the same, between live layers
>>> fetch(keras_layer)                                      # a torch layer with the weights of another

`table()` shows all rows. Without a framework, what its layers did with small arrays is stored in `references.npz`, which
`python -m gates.exchange.references` makes; `read` says what a layer of a row does, in NumPy, without its framework.
"""

from gates.exchange.convert import CannotCome, Parts, convert, pack, row, unpack
from gates.exchange.live import bring, fetch, row_of
from gates.exchange.reading import Reading, read, step
from gates.exchange.rows import GATES, MEASURED_WITH, ROWS, Row, Start, Stored
from gates.exchange.words import table

__all__ = [
    "GATES",
    "MEASURED_WITH",
    "ROWS",
    "CannotCome",
    "Parts",
    "Reading",
    "Row",
    "Start",
    "Stored",
    "bring",
    "convert",
    "fetch",
    "pack",
    "read",
    "row",
    "row_of",
    "step",
    "table",
    "unpack",
]
