"""How each framework stores and runs its recurrent layers: one row of data for each layer.

Letters are those of `gates.cells`: gates i, f, g, o and r, z, n; W meets the input, U the hidden state, b and d are the
two biases. What holds for torch.nn holds for `gates.layers`. Everything here was measured with the versions in `MEASURED_WITH`, and
`tests/test_exchange.py` measures it again where the package is installed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

GATES = {"lstm": "ifgo", "gru": "rzn", "rnn": "n"}  # in torch's order
MEASURED_WITH = {
    "torch": "2.13.0",
    "keras": "3.15.1",
    "onnxruntime": "1.32.0",
    "flax": "0.12.8",
    "equinox": "0.13.8",
    "haiku": "0.0.17",
}


@dataclass(frozen=True)
class Start:
    """Initial values. words: in a phrase. rms: their root mean square, of I and H."""

    words: str
    rms: Callable[[int, int], float]


@dataclass(frozen=True)
class Stored:
    """One array of a layer.

    holds: W, U, W|U (side by side along their inputs), b, d, or b,d (one after the other). A bias b is the sum of both
    where the row stores no d for that gate. shape: how its axes stand, in the notation of einops: g gates, u units,
    i what the matrix is multiplied with, s the two biases. gates: those that it holds; empty for all, in the row's order.
    start: its initial values; None for a format, which has none.
    """

    name: str
    holds: str
    shape: str
    start: Start | None = None
    gates: str = ""


@dataclass(frozen=True)
class Row:
    """One layer of one framework.

    package: a key of MEASURED_WITH. layer: its name there. cell: lstm, gru or rnn. order: the gates as its blocks stand.
    reset: of a GRU, whether r acts `after` the product with U or `before` it. z_keeps: of a GRU, whether z is the share of
    the `old` state or of the `new` one. offset: what is added to the forget gate's pre-activation when it runs.
    squash: what the candidate goes through. state: the parts of its state, in its order.
    at_end: what stands in the output after the end of a short sequence: `zero`, `last`, `goes on`, or empty if lengths
    cannot be said. at_front: what stands in the output before the first step of a sequence that is padded in front.
    together: how the outputs of two directions are joined, or empty if the framework has no such layer.
    start_f: the initial bias of the forget gate, where it is another than the other biases'.
    """

    package: str
    layer: str
    cell: str
    order: str
    arrays: tuple[Stored, ...]
    reset: str = ""
    z_keeps: str = ""
    offset: float = 0.0
    squash: str = "tanh"
    state: tuple[str, ...] = ("h",)
    at_end: str = ""
    at_front: str = ""
    together: str = ""
    start_f: float | None = None

    @property
    def name(self) -> str:
        return f"{self.package} {self.layer}"

    @property
    def kind(self) -> str:
        """What it computes, whatever way its arrays are stored: layers of one kind can exchange weights."""
        return (
            self.cell
            + {"before": " with the reset before the product"}.get(self.reset, "")
            + (" with max(0, ·)" if self.squash == "relu" else "")
        )


ZERO = Start("0", lambda I, H: 0.0)
BY_UNITS = Start("uniform within ±1/√H", lambda I, H: 1 / sqrt(3 * H))
BY_INPUTS = Start("normal, cut to variance 1/I", lambda I, H: 1 / sqrt(I))
BY_STATE = Start("normal, cut to variance 1/H", lambda I, H: 1 / sqrt(H))
CUT = 0.8796256610342398  # the deviation of a standard normal that is cut at 2
CUT_INPUTS = Start("normal, deviation 1/√I, then cut", lambda I, H: CUT / sqrt(I))
CUT_STATE = Start("normal, deviation 1/√H, then cut", lambda I, H: CUT / sqrt(H))
CUT_BOTH = Start("normal, deviation 1/√(I + H), then cut", lambda I, H: CUT / sqrt(I + H))
ORTHOGONAL = Start("orthogonal, a square for each gate", lambda I, H: 1 / sqrt(H))


def _glorot(gates: int) -> Start:
    return Start(
        f"uniform within ±√(6 / (I + {gates}H))" if gates > 1 else "uniform within ±√(6 / (I + H))",
        lambda I, H: sqrt(2 / (I + gates * H)),
    )


def _wide(gates: int) -> Start:
    return Start(f"orthogonal, all {gates} gates in one", lambda I, H: sqrt(H / (gates * H * H)))


def _torch(layer: str, cell: str, **facts) -> Row:
    names = (("weight_ih", "W"), ("weight_hh", "U"))
    arrays = [Stored(name, holds, "(g u) i", BY_UNITS) for name, holds in names]
    arrays += [
        Stored(name, holds, "(g u)", BY_UNITS)
        for name, holds in (("bias_ih", "b"), ("bias_hh", "d"))
    ]
    return Row(
        "torch",
        layer,
        cell,
        GATES[cell],
        tuple(arrays),
        at_end="zero",
        together="side by side",
        **facts,
    )


def _keras(layer: str, cell: str, order: str, bias: Stored, **facts) -> Row:
    gates = len(order)
    recurrent = _wide(gates) if gates > 1 else ORTHOGONAL
    arrays = (
        Stored("kernel", "W", "i (g u)", _glorot(gates)),
        Stored("recurrent_kernel", "U", "i (g u)", recurrent),
        bias,
    )
    facts |= {"at_end": "last", "at_front": "zero", "together": "side by side"}
    return Row("keras", layer, cell, order, arrays, **facts)


def _onnx(layer: str, cell: str, order: str, **facts) -> Row:
    arrays = (
        Stored("W", "W", "(g u) i"),
        Stored("R", "U", "(g u) i"),
        Stored("B", "b,d", "(s g u)"),
    )
    return Row(
        "onnxruntime",
        layer,
        cell,
        order,
        arrays,
        at_end="zero",
        together="an axis of its own",
        **facts,
    )


def _flax(layer: str, cell: str, arrays: tuple[Stored, ...], **facts) -> Row:
    return Row(
        "flax", layer, cell, GATES[cell], arrays, at_end="goes on", together="side by side", **facts
    )


def _each(gates: str, name: str, holds: str, shape: str, start: Start) -> tuple[Stored, ...]:
    """An array for each gate, whose letter stands in its name."""
    return tuple(Stored(name.format(k), holds, shape, start, gates=k) for k in gates)


def _joined(U: Start, bias: str) -> tuple[Stored, ...]:
    """Flax's two dense layers, for all gates at once. bias: which of the two has one."""
    return (
        Stored("dense_i/kernel", "W", "i (g u)", BY_INPUTS),
        Stored("dense_h/kernel", "U", "i (g u)", U),
        Stored(f"{bias}/bias", "b", "(g u)", ZERO),
    )


_LSTM_STATE = ("h", "c")
_LINEN_LSTM = (
    *_each("ifgo", "i{}/kernel", "W", "i u", BY_INPUTS),
    *_each("ifgo", "h{}/kernel", "U", "i u", ORTHOGONAL),
    *_each("ifgo", "h{}/bias", "b", "u", ZERO),
)
_NNX_LSTM = tuple(
    Stored(one.name.replace("if/", "if_/"), one.holds, one.shape, one.start, one.gates)
    for one in _LINEN_LSTM
)
_LINEN_GRU = (
    *_each("rzn", "i{}/kernel", "W", "i u", BY_INPUTS),
    *_each("rzn", "h{}/kernel", "U", "i u", ORTHOGONAL),
    *_each("rzn", "i{}/bias", "b", "u", ZERO),
    Stored("hn/bias", "d", "u", ZERO, gates="n"),
)
_LINEN_RNN = (
    Stored("i/kernel", "W", "i u", BY_INPUTS),
    Stored("h/kernel", "U", "i u", ORTHOGONAL),
    Stored("i/bias", "b", "u", ZERO),
)
_EQUINOX = (
    Stored("weight_ih", "W", "(g u) i", BY_UNITS),
    Stored("weight_hh", "U", "(g u) i", BY_UNITS),
    Stored("bias", "b", "(g u)", BY_UNITS),
)
_HAIKU_GRU = (
    Stored("gru/w_i", "W", "i (g u)", BY_INPUTS),
    Stored("gru/w_h", "U", "i (g u)", BY_STATE),
    Stored("gru/b", "b", "(g u)", ZERO),
)
_HAIKU_RNN = (
    Stored("vanilla_rnn/linear/w", "W", "i u", CUT_INPUTS),
    Stored("vanilla_rnn/linear_1/w", "U", "i u", CUT_STATE),
    Stored("vanilla_rnn/linear/b", "b", "u", ZERO),
    Stored("vanilla_rnn/linear_1/b", "d", "u", ZERO),
)
_OLD = {"reset": "after", "z_keeps": "old"}
_PUBLISHED = {"reset": "before", "z_keeps": "old"}
_ONE_BIAS = Stored("bias", "b", "(g u)", ZERO)

ROWS = {
    row.name: row
    for row in (
        _torch("LSTM", "lstm", state=_LSTM_STATE),
        _torch("GRU", "gru", **_OLD),
        _torch("RNN", "rnn"),
        _torch("RNN relu", "rnn", squash="relu"),
        _keras("LSTM", "lstm", "ifgo", _ONE_BIAS, state=_LSTM_STATE, start_f=1.0),
        _keras("GRU", "gru", "zrn", Stored("bias", "b,d", "s (g u)", ZERO), **_OLD),
        _keras("GRU reset before", "gru", "zrn", _ONE_BIAS, **_PUBLISHED),
        _keras("SimpleRNN", "rnn", "n", _ONE_BIAS),
        _onnx("LSTM", "lstm", "iofg", state=_LSTM_STATE),
        _onnx("GRU", "gru", "zrn", **_OLD),
        _onnx("GRU reset before", "gru", "zrn", **_PUBLISHED),
        _onnx("RNN", "rnn", "n"),
        _flax("nnx.LSTMCell", "lstm", _NNX_LSTM, state=("c", "h")),
        _flax("nnx.OptimizedLSTMCell", "lstm", _joined(_wide(4), "dense_h"), state=("c", "h")),
        _flax("nnx.GRUCell", "gru", _joined(_wide(3), "dense_i"), **_OLD),
        _flax("nnx.SimpleCell", "rnn", _joined(ORTHOGONAL, "dense_i")),
        _flax("linen.LSTMCell", "lstm", _LINEN_LSTM, state=("c", "h")),
        _flax("linen.GRUCell", "gru", _LINEN_GRU, **_OLD),
        _flax("linen.SimpleCell", "rnn", _LINEN_RNN),
        Row("equinox", "LSTMCell", "lstm", "ifgo", _EQUINOX, state=_LSTM_STATE),
        Row(
            "equinox",
            "GRUCell",
            "gru",
            "rzn",
            (*_EQUINOX, Stored("bias_n", "d", "u", BY_UNITS, gates="n")),
            **_OLD,
        ),
        Row(
            "haiku",
            "LSTM",
            "lstm",
            "igfo",
            (
                Stored("lstm/linear/w", "W|U", "i (g u)", CUT_BOTH),
                Stored("lstm/linear/b", "b", "(g u)", ZERO),
            ),
            offset=1.0,
            state=_LSTM_STATE,
        ),
        Row("haiku", "GRU", "gru", "zrn", _HAIKU_GRU, reset="before", z_keeps="new"),
        Row("haiku", "VanillaRNN", "rnn", "n", _HAIKU_RNN, squash="relu"),
    )
}
