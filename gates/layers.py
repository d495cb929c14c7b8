"""RNN, LSTM, GRU and their cells: drop-in for torch.nn's, with the mathematics of this library inside.

Names, arguments, parameters, initial values, checks of the input, packing and unpacking: all of that is torch's
own code, inherited. Only the mathematics is ours. torch's `forward` ends in a call such as `_VF.lstm(...)`; here
the same `forward` runs with another `_VF`, made of the cells of `gates.cells`.

Layers read their sequences with `gates.fast`, which steps aside to the cells, step by step, wherever it cannot
serve; set `layer.readable = True` and they always go through the cells. Where no gradient is wanted, a full batch in
float32 on the CPU is read with oneDNN's LSTM, the one that nn.LSTM itself ends in; all else is read with our own
steps. While torch.export or torch.onnx.export looks on, our layers step aside to torch's own mathematics, so that
a file has what it would have of torch.nn; a readable one is exported as the operations of every step.
`tests/test_drop_in.py` runs each use of a layer with torch.nn's class and with ours. What is not served:

    torch.ao quantize_dynamic   leaves our layers as they are, without a word
    type(layer) is nn.LSTM      is False, so programs that go by it (opacus, thop) leave our layers out
    torch.jit.script            raises
    torch.jit.trace             reads as many steps as the example had, and raises for any other number and for
                                packed sequences
    torch.fx.symbolic_trace     raises, unless a tracer takes the layer for a leaf
    FlopCounterMode             counts the products of a float32 LSTM, of which torch.nn's shows none
    weights changed in place    between the two ways: raises where nn.LSTM does, and nn.GRU and nn.RNN need not
    graph.allow_mutation_on_saved_tensors
                                does not notice that an input was changed between the two ways
    float32 activations near 0  are right to 1e-7, and not to seven digits: tanh is made of σ; readable = True has them

In each of these cases torch's own layer can take over: `nn.LSTM(…).load_state_dict(layer.state_dict())`.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType, ModuleType

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gates import cells
from gates.cells import ProjectedWeights, Weights
from gates.fast import autocast_is_on, onednn_is_on, sequence
from gates.packed import turned, unroll_packed


class _Mathematics:
    """What torch's layers call in `_VF`: whole networks in lower case, single steps with `_cell`."""

    def __init__(self, read: Callable) -> None:
        self.read = read  # how one layer reads a sequence in one direction

    def rnn_tanh(self, *arguments):
        return self._network(cells.rnn_cell, *arguments)

    def rnn_relu(self, *arguments):
        return self._network(cells.rnn_relu_cell, *arguments)

    def gru(self, *arguments):
        return self._network(cells.gru_cell, *arguments)

    def lstm(self, *arguments):
        return self._network(cells.lstm_cell, *arguments)

    def rnn_tanh_cell(self, x, h, *weights):
        return _step(cells.rnn_cell, x, h, weights)

    def rnn_relu_cell(self, x, h, *weights):
        return _step(cells.rnn_relu_cell, x, h, weights)

    def gru_cell(self, x, h, *weights):
        return _step(cells.gru_cell, x, h, weights)

    def lstm_cell(self, x, state, *weights):
        return _step(cells.lstm_cell, x, _parts(cells.lstm_cell, state), weights)

    def _network(self, cell: Callable, input: Tensor, *arguments) -> tuple[Tensor, ...]:
        """Layers upon layers. The arguments are those of torch's functions, for packed or for full batches."""
        sizes, batch_first = None, False
        if isinstance(arguments[2], list):  # packed sequences: rows, sizes, state, weights …
            sizes, *arguments = arguments
            input, sizes = _rows(input, sizes)
        else:
            *arguments, batch_first = arguments
        state, flat_weights, *settings = arguments
        state = _parts(cell, state)
        _check_together(input, state, flat_weights)
        xs = input.transpose(0, 1) if batch_first else input
        if sizes is None and not torch.jit.is_tracing() and xs.shape[0] == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        whole = sizes is None and cell is cells.lstm_cell and state[0].shape == state[1].shape
        whole = whole and xs.numel() > 0
        with _lowered(xs, state, flat_weights, whole) as (xs, state, flat_weights):
            ys, *finals = self._stack(cell, xs, sizes, state, flat_weights, *settings)
        if (
            batch_first
        ):  # in place, so that the output is no view; a transform of torch.func has its own tensors
            plain = torch._C._functorch.peek_interpreter_stack() is None
            ys = ys.transpose_(0, 1) if plain else ys.transpose(0, 1)
        return ys, *finals

    def _stack(
        self,
        cell: Callable,
        xs: Tensor,
        sizes: list[int] | None,
        state: tuple[Tensor, ...],
        flat_weights: Sequence[Tensor],
        bias: bool,
        num_layers: int,
        dropout: float,
        training: bool,
        bidirectional: bool,
    ) -> tuple[Tensor, ...]:
        directions = 2 if bidirectional else 1
        each = len(flat_weights) // (num_layers * directions)
        finals = []
        for layer in range(num_layers):
            outputs = []
            for k in range(layer * directions, (layer + 1) * directions):
                weights = flat_weights[k * each : (k + 1) * each]
                start = tuple(part[k] for part in state)
                ys, final = self._read(cell, xs, start, weights, bias, sizes, k % directions == 1)
                outputs.append(ys)
                finals.append(final)
            xs = outputs[0] if directions == 1 else torch.cat(outputs, dim=-1)
            if layer < num_layers - 1 and dropout and training:
                xs = F.dropout(xs, dropout)
        return xs, *(torch.stack(parts) for parts in zip(*finals, strict=True))

    def _read(self, cell, xs, start, weights, bias, sizes, reverse) -> tuple[Tensor, tuple]:
        """One layer in one direction."""
        several = len(start) > 1
        of_the_cell, W_hr = (weights[:4], weights[4:]) if bias else (weights[:2], weights[2:])
        weights = _with_biases(of_the_cell)
        if W_hr:
            cell, weights = cells.lstm_projected_cell, ProjectedWeights(*weights, *W_hr)
        state = start if several else start[0]
        if reverse:
            turn = _turn(sizes)
            ys, final = self.read(cell, turn(xs), state, weights, sizes)
            ys = turn(ys)
        else:
            ys, final = self.read(cell, xs, state, weights, sizes)
        return ys, (final if several else (final,))


def _parts(cell: Callable, state: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """A state as a tuple; TypeError and RuntimeError for what is none, as torch's."""
    if cell is not cells.lstm_cell:
        return (state,)
    if isinstance(state, Tensor):
        raise TypeError("An LSTM's state is the pair (h, c), and not one tensor.")
    if len(state) != 2:
        raise RuntimeError("lstm expects two hidden states")
    return tuple(state)


def _rows(data: Tensor, sizes: Tensor) -> tuple[Tensor, list[int]]:
    """The rows that the sizes of packed sequences cover, and the sizes; RuntimeError where there are too few rows."""
    if torch.jit.is_tracing():
        raise RuntimeError(
            "A trace would hold the lengths of its example: trace a layer with full batches, or torch.nn's own."
        )
    if sizes.dtype is not torch.int64:
        raise RuntimeError(f"expected scalar type Long but found {sizes.dtype}")
    counts = sizes.tolist()
    first = 0
    for count in counts:
        data.narrow(0, first, count)  # raises where there are too few rows
        first += count
    return data[:first], counts


def _turn(sizes: list[int] | None) -> Callable[[Tensor], Tensor]:
    """What turns sequences around, each from its own end."""
    if sizes is None:
        return lambda values: values.flip(0)
    rows = turned(sizes)
    return lambda values: values[rows]


def _with_biases(weights: Sequence[Tensor | None]) -> Weights:
    """Four weights from two or four; a bias that a layer does not have is zero."""
    W_ih, W_hh, *biases = weights
    if not biases or biases[0] is None:
        biases = [W_ih.new_zeros(len(W_ih))] * 2
    return Weights(W_ih, W_hh, *biases)


def _step(cell: Callable, x: Tensor, state: Tensor | tuple[Tensor, Tensor], weights) -> object:
    """One step, for a layer that is called step by step. A sample alone comes as a batch of one."""
    weights = _with_biases(weights)
    parts = state if isinstance(state, tuple) else (state,)
    _check_step(x, parts, weights)
    with _lowered(x, parts, weights, whole=False) as (x, parts, weights):
        return cell(x, parts if len(parts) > 1 else parts[0], Weights(*weights))


@contextlib.contextmanager
def _lowered(
    xs: Tensor, state: tuple[Tensor, ...], weights: Sequence[Tensor], whole: bool
) -> Iterator[tuple]:
    """Input, state and weights in the types in which torch computes with them under autocast.

    On the CPU, products are in the lower precision, and the state stays as it is; but oneDNN's LSTM, which reads
    `whole` batches, takes everything in the lower precision, and so does every network on other devices.
    """
    kind = xs.device.type
    if not autocast_is_on(kind) or xs.dtype is torch.float64 or xs.is_complex():
        yield xs, state, weights
        return
    lower = torch.get_autocast_dtype(kind)
    weights = [weight.to(lower) for weight in weights]
    if kind == "cpu" and not (whole and onednn_is_on()):
        yield xs, state, weights
        return
    with torch.autocast(kind, enabled=False):
        yield xs.to(lower), tuple(part.to(lower) for part in state), weights


# What torch's functions check themselves


def _check_together(input: Tensor, state: Sequence[Tensor], weights: Sequence[Tensor]) -> None:
    """RuntimeError for tensors on several devices, or a state of another type, as torch's."""
    device = input.device
    for name, tensors in (("parameter", weights), ("hidden", state)):
        for tensor in tensors:
            if tensor.device != device:
                raise RuntimeError(
                    f"Input and {name} tensors are not at the same device, found input tensor at "
                    f"{device} and {name} tensor at {tensor.device}"
                )
    _check_products(input, state, weights)


def _check_products(input: Tensor, state: Sequence[Tensor], weights: Sequence[Tensor]) -> None:
    """RuntimeError in torch's words where what is multiplied is not of one type."""
    for values, weight in ((input, weights[0]), (state[0], weights[1])):
        if values.dtype is not weight.dtype and not autocast_is_on(values.device.type):
            F.linear(values[:0], weight, weight.new_zeros(len(weight)))  # raises


def _check_step(x: Tensor, state: Sequence[Tensor], weights: Weights) -> None:
    """RuntimeError for sizes that do not fit, in torch's words."""
    I, H = weights.weight_ih.shape[1], weights.weight_hh.shape[1]
    if x.shape[1] != I:
        raise RuntimeError(f"input has inconsistent input_size: got {x.shape[1]} expected {I}")
    for k, part in enumerate(state):
        if part.shape[0] != x.shape[0]:
            raise RuntimeError(
                f"Input batch size {x.shape[0]} doesn't match hidden{k} batch size {part.shape[0]}"
            )
        if part.shape[1] != H:
            raise RuntimeError(
                f"hidden{k} has inconsistent hidden_size: got {part.shape[1]}, expected {H}"
            )
    _check_products(x, state, weights)


def _ours(forward: Callable, read: Callable) -> Callable:
    """torch's own `forward`, with our mathematics where it says `_VF`.

    Its names stand in a module of their own, since torch's compiler looks them up there.
    """
    place = ModuleType(f"{__name__}.{forward.__qualname__.replace('.', '_')}_by_{read.__name__}")
    vars(place).update({**forward.__globals__, "__name__": place.__name__})
    vars(place)["_VF"] = _Mathematics(read)
    sys.modules[place.__name__] = place
    code, closure = forward.__code__, forward.__closure__
    made = FunctionType(code, vars(place), forward.__name__, forward.__defaults__, closure)
    made.__module__ = place.__name__
    return made


class _Layer:
    """What our layers share: which way of reading `forward` takes."""

    readable = False

    def __init_subclass__(cls, **options) -> None:
        super().__init_subclass__(**options)
        if _Layer in cls.__bases__:  # not for classes that somebody makes from one of ours
            theirs = next(base for base in cls.__bases__ if base is not _Layer)
            cls._fast = _ours(theirs.forward, sequence)
            cls._readable = _ours(theirs.forward, unroll_packed)

    def forward(self, input, hx=None):
        """As torch.nn's: same shapes, same results, same errors."""
        if self.readable:
            return self._readable(input, hx)
        if _is_exporting():
            return super().forward(input, hx)
        return self._fast(input, hx)


def _is_exporting() -> bool:
    """Whether an exporter is looking, which has one node for torch's own layer and none for the steps of ours."""
    return torch.compiler.is_exporting() or torch.onnx.is_in_onnx_export()


class RNN(_Layer, nn.RNN):
    """`nn.RNN` with `gates.cells.rnn_cell`, or `rnn_relu_cell` for nonlinearity="relu"."""


class LSTM(_Layer, nn.LSTM):
    """`nn.LSTM` with `gates.cells.lstm_cell`, or `lstm_projected_cell` with proj_size."""


class GRU(_Layer, nn.GRU):
    """`nn.GRU` with `gates.cells.gru_cell`."""


class RNNCell(_Layer, nn.RNNCell):
    """`nn.RNNCell` with `gates.cells.rnn_cell` or `rnn_relu_cell`."""


class LSTMCell(_Layer, nn.LSTMCell):
    """`nn.LSTMCell` with `gates.cells.lstm_cell`."""


class GRUCell(_Layer, nn.GRUCell):
    """`nn.GRUCell` with `gates.cells.gru_cell`."""
