"""Wrong variants of the steps backwards, in NumPy."""

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
from numpy import ndarray as Array

from gates.backward import sigmoid
from gates.cells import Weights
from gates.checks.slips import squashing
from gates.checks.slips.core import Part, Plan, Slip, same
from gates.checks.slips.rows import copies, orders, plain

# Slopes: of what came out, y, and of what went in, a


def _of_sigmoid(y: Array, a: Array) -> Array:
    return y * (1 - y)


def _of_tanh(y: Array, a: Array) -> Array:
    return 1 - y**2


def _one(y: Array, a: Array) -> Array:
    return np.ones_like(y)


def _one_minus(y: Array, a: Array) -> Array:
    return 1 - y


def _one_minus_twice(y: Array, a: Array) -> Array:
    return 1 - 2 * y


def _of_sigmoid_again(y: Array, a: Array) -> Array:
    return sigmoid(y) * (1 - sigmoid(y))


def _of_tanh_again(y: Array, a: Array) -> Array:
    return 1 - np.tanh(y) ** 2


def _itself(y: Array, a: Array) -> Array:
    return y


def _sigmoid_of(y: Array, a: Array) -> Array:
    return sigmoid(y)


def _tanh_of(y: Array, a: Array) -> Array:
    return np.tanh(y)


def _one_minus_two_squares(y: Array, a: Array) -> Array:
    return 1 - 2 * y**2


def _of_sigmoid_at_argument(y: Array, a: Array) -> Array:
    return a * (1 - a)


_INSTEAD_OF_SIGMOID = [
    ("sigmoid-slope-one-minus-twice", _one_minus_twice, ""),
    ("sigmoid-slope-of-argument", _of_sigmoid_at_argument, ""),
    ("slope-squashed-again", _of_sigmoid_again, ""),
    ("activation-for-slope", _itself, ""),
    ("activation-for-slope", _sigmoid_of, "It is σ of the gate."),
]
_RARE = {"sigmoid-slope-one-minus-twice", "sigmoid-slope-of-argument"}
_INSTEAD_OF_TANH = [
    ("slope-squashed-again", _of_tanh_again, ""),
    ("activation-for-slope", _itself, ""),
    ("activation-for-slope", _tanh_of, "It is its tanh."),
    ("tanh-slope-without-square", _one_minus_twice, "It is 1 − 2y."),
    ("tanh-slope-without-square", _one_minus, "It is 1 − y."),
    ("tanh-slope-square-doubled", _one_minus_two_squares, ""),
]


def _at_gates(mistake: str, slope: Callable, gates: dict[str, str], all_of_them: str) -> list[Slip]:
    """The same wrong slope for each gate alone, and for all of them."""
    return [
        Slip(mistake, {f"slope_{k}": slope for k in gates}, all_of_them),
        *[
            Slip(mistake, {f"slope_{k}": slope}, f"It is the {name} gate, {k}.")
            for k, name in gates.items()
        ],
    ]


def _slopes(gates: dict[str, str], all_of_them: str, tanhs: Mapping[str, str]) -> list[Slip]:
    """What stands in the place of a slope, in each gate and in each tanh, and in all of a kind.

    tanhs: the slots of tanh's slopes, and where each is.
    """
    found = []
    for mistake, slope, what in _INSTEAD_OF_SIGMOID:
        for slip in _at_gates(mistake, slope, gates, all_of_them):
            detail = f"{slip.detail} {what}".rstrip()
            found.append(Slip(mistake, slip.slots, detail, alone=mistake in _RARE))
        for two in combinations(gates, 2) if len(gates) > 2 else ():
            where = f"It is the {gates[two[0]]} gate and the {gates[two[1]]} gate. {what}"
            slots = {f"slope_{k}": slope for k in two}
            found.append(Slip(mistake, slots, where.rstrip(), alone=True))
    for mistake, slope, what in _INSTEAD_OF_TANH:
        for slot, where in tanhs.items():
            found.append(Slip(mistake, {slot: slope}, f"{where} {what}".strip()))
        if len(tanhs) > 1:
            found.append(Slip(mistake, dict.fromkeys(tanhs, slope), f"It is both. {what}".rstrip()))
    for mistake, of_gate, of_tanh in (
        ("slope-squashed-again", _of_sigmoid_again, _of_tanh_again),
        ("activation-for-slope", _itself, _itself),
        ("activation-for-slope", _sigmoid_of, _tanh_of),
    ):
        for some in [tuple(tanhs), *((slot,) for slot in tanhs if len(tanhs) > 1)]:
            slots = {f"slope_{k}": of_gate for k in gates} | dict.fromkeys(some, of_tanh)
            where = "It is so in every slope."
            if len(some) < len(tanhs):
                where = f"It is so in all gates, too. {tanhs[some[0]]}"
            if gates:
                found.append(Slip(mistake, slots, where, alone=True))
    return found


# What all three have in common


def _turned(da: Array, U: Array) -> Array:
    """da with every square block of U the wrong way round."""
    H = U.shape[1]
    return sum(
        part @ block.T
        for part, block in zip(np.split(da, len(U) // H, -1), np.split(U, len(U) // H), strict=True)
    )


def _product(da: Array, U: Array) -> Array:
    return da @ U


def _by_product(da: Array, v: Array) -> Array:
    """What a matrix gets; where v is (blocks, B, H), each of its blocks meets another v."""
    if v.ndim == 3:
        return np.concatenate([p.T @ u for p, u in zip(np.split(da, len(v), -1), v, strict=True)])
    return da.T @ v


def _summed(da: Array) -> Array:
    return da.sum(0)


def _both(b: Array, d: Array) -> tuple[Array, Array]:
    return b, d


def _sum(b: Array, d: Array) -> Array:
    return b + d


def _found(value: object, came: object) -> object:
    return value


def _joined(da: dict[str, Array], order: str) -> Array:
    return np.concatenate([da[k] for k in order], axis=-1)


def _ways(da: dict[str, Array], order: str, ways: str, giver: str, matrix: Array) -> tuple:
    """The gradients side by side, each as often as it is in `ways`; and the matrix, with its blocks as they are taken."""
    kept = {k: ways.count(k) * v for k, v in da.items()}
    if giver:
        blocks = np.split(matrix, len(order))
        matrix = np.concatenate([blocks[order.index(k)] for k in giver])
    return _joined(kept, order), matrix


def _back(gates: str, of: str) -> dict[str, object]:
    """The slots of the way back to x or h: the gates that it comes from, and the gates whose matrices they meet."""
    return {f"ways_{of}": gates, f"meets_{of}": "", f"end_{of}": _found}


def _mixed(da: dict, before: dict, of: str, order: str) -> Array:
    """The gradients side by side, for the gates in `of` those from before the slope."""
    return _joined({k: before[k] if k in of else v for k, v in da.items()}, order)


# What goes on from the gradients of the pre-activations, da, and those from before the slopes, `before`; for the
# hidden state's side, those of a GRU differ.
def _weights_of(
    gates: str, da_x: str = "da", h: str = "h", before_h: str = "before", da_b: str = ""
) -> list[Part]:
    def of(da: dict, before: dict, early: str, order: str, rows: str) -> Array:
        return _mixed(da, before, early, rows or order)

    in_order = {"order": gates, "rows": ""}
    return [
        Part("of_W", (da_x, "before"), of, {"early_W": "", **in_order}),
        Part("of_U", ("da_U", before_h), of, {"early_U": "", **in_order}),
        Part("of_b", (da_b or da_x, "before"), of, {"early_b": "", **in_order}),
        Part("of_d", ("da_d", before_h), of, {"early_d": "", **in_order}),
        Part("dW", ("of_W", "x"), lambda da, v, weight: weight(da, v), {"weight": _by_product}),
        Part(
            "dU",
            ("of_U", h),
            lambda da, v, weight, turned: turned(weight(da, v)),
            {"weight": _by_product, "turned": same},
        ),
        Part(
            "sums",
            ("of_b", "of_d"),
            lambda b, d, bias_b, bias_d, biases: biases(bias_b(b), bias_d(d)),
            {"bias_b": _summed, "bias_d": _summed, "biases": _both},
        ),
        Part("db", ("sums",), lambda sums: sums[0]),
        Part("dd", ("sums",), lambda sums: sums[1]),
    ]


def _bias(slope: Callable, detail: str, mistake: str, alone: bool = False) -> list[Slip]:
    """Another sum for the gradients of both biases, or of one of them."""
    return [
        Slip(mistake, {"bias_b": slope, "bias_d": slope}, detail, alone),
        Slip(mistake, {"bias_b": slope}, f"It is bias_ih. {detail}".rstrip(), True),
        Slip(mistake, {"bias_d": slope}, f"It is bias_hh. {detail}".rstrip(), True),
    ]


def _mean(da: Array) -> Array:
    return da.mean(0)


def _averaged(da: Array, v: Array) -> Array:
    return da.T @ v / len(da)


def _of_last(da: Array, v: Array) -> Array:
    return da[-1:].T @ v[-1:]


def _last(da: Array) -> Array:
    return da[-1]


# Of all three: what may go wrong once the gradients of the pre-activations are there.
_AFTER = [
    Slip("backward-product-transposed", {"to_h": _turned}),
    Slip("gradient-averaged", {"weight": _averaged, "bias_b": _mean, "bias_d": _mean}),
    Slip("gradient-averaged", {"weight": _averaged}, "Those of the biases are not."),
    Slip("gradient-averaged", {"bias_b": _mean, "bias_d": _mean}, "It is those of the biases."),
    Slip("gradient-averaged", {"bias_b": _mean}, "It is that of bias_ih.", alone=True),
    Slip("gradient-averaged", {"bias_d": _mean}, "It is that of bias_hh.", alone=True),
    Slip("one-bias-gradient", {"biases": lambda b, d: (b, np.zeros_like(d))}, "It is bias_hh."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (np.zeros_like(b), d)}, "It is bias_ih."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (b / 2, d / 2)}, "Each of them gets half."),
    Slip("one-bias-gradient", {"biases": lambda b, d: (b, d / 2)}, "bias_hh gets half."),
    Slip("gradient-doubled", {"biases": lambda b, d: (2 * b, 2 * d)}, "It is that of both biases."),
    Slip("gradient-doubled", {"biases": lambda b, d: (2 * b, d)}, "It is that of bias_ih."),
    Slip("gradient-doubled", {"biases": lambda b, d: (b, 2 * d)}, "It is that of bias_hh."),
    Slip("gradient-doubled", {"weight": lambda da, v: 2 * da.T @ v}, "It is that of the matrices."),
    Slip("gradient-doubled", {"turned": lambda dU: 2 * dU}, "It is that of weight_hh."),
    Slip("last-sample-only", {"weight": _of_last, "bias_b": _last, "bias_d": _last}, alone=True),
    Slip("last-sample-only", {"weight": _of_last}, "It is so in the matrices.", alone=True),
    *_bias(_last, "It is so in the biases.", "last-sample-only", alone=True),
    *_bias(same, "", "bias-not-summed"),
    *_bias(lambda da: da.sum(1), "", "bias-summed-over-units"),
    *_bias(lambda da: da.sum(), "And over the samples.", "bias-summed-over-units"),
]
_FORWARD_BIAS = [
    Slip("drops-bias-hh", {"forward_bias": lambda b, d: (b, 0 * d)}, "It is on the way forward."),
    Slip("drops-bias-ih", {"forward_bias": lambda b, d: (0 * b, d)}, "It is on the way forward."),
]


def _doubled(value: Array, came: Array) -> Array:
    return 2 * value


def _as_it_came(value: Array, came: Array) -> Array:
    return came


def _zero(value: Array, came: Array) -> Array:
    return np.zeros_like(came)


# What is handed back as the gradient of h.
_END_H = [
    Slip("old-state-gradient-zero", {"end_h": _zero}, "It is dh."),
    Slip("old-state-gradient-as-it-came", {"end_h": _as_it_came}, "It is dh."),
    Slip("gradient-doubled", {"end_h": _doubled}, "It is the dh that is returned."),
    Slip(
        "gradient-doubled",
        {"end_h": lambda dh, came: dh + came},
        "dh_new is added to the dh that is returned.",
    ),
    Slip("gradient-doubled", {"end_x": _doubled}, "It is dx.", alone=True),
]


def _left_out(gates: str, called: Mapping[str, str]) -> list[Slip]:
    """Ways into dh, and into dx, that are left out: of each gate, and of several."""
    found = []
    for of, mistake in (("h", "way-into-dh-missing"), ("x", "way-into-dx-missing")):
        for count in range(1, len(gates)):
            for missing in combinations(gates, count):
                kept = "".join(k for k in gates if k not in missing)
                names = " and ".join(called[k] for k in missing)
                detail = f"It is that through {names}."
                found.append(Slip(mistake, {f"ways_{of}": kept}, detail, alone=count > 1))
        for k, name in called.items():
            detail = f"It is what goes back to {of} through {name}."
            found.append(Slip("gradient-doubled", {f"ways_{of}": gates + k}, detail, alone=True))
    return found


def _other_matrix(gates: str) -> list[Slip]:
    """A gate's gradient that meets another gate's matrix on the way back."""
    return [
        Slip(
            "matrix-of-another-gate",
            {f"meets_{of}": gates.replace(one, other)},
            f"On the way back to {of}, the gradient of {one} meets the matrix of {other}.",
            alone=True,
        )
        for of in "hx"
        for one in gates
        for other in gates
        if one != other
    ]


def _over_units(count: int) -> list[Slip]:
    """The sums over the units, made for each gate by itself and put side by side."""

    def summed(da: Array) -> Array:
        return np.concatenate([part.sum(1) for part in np.split(da, count, -1)])

    return _bias(summed, "It is so for each gate by itself.", "bias-summed-over-units", alone=True)


def _both_ways(gates: str) -> list[Slip]:
    """A matrix of another gate on the way forward and on the way back, as when it was cut out wrongly."""
    found = []
    for slip in copies(gates, "It is on the way forward, and back to x or h."):
        W, U, *_ = slip.slots["blocks"]
        meets = {f"meets_{of}": which for of, which in (("x", W), ("h", U)) if which != gates}
        if meets:
            found.append(Slip(slip.mistake, slip.slots | meets, slip.detail, alone=True))
    return found


def _early(gates: str, groups: Mapping[str, str]) -> list[Slip]:
    """Gradients of weights from before the slope: for each group of gates; of matrices, biases or both."""
    return [
        Slip(
            "weights-before-slope",
            {f"early_{part}": of for part in parts},
            f"{where} {which}".strip(),
            alone=len(parts) < 4,
        )
        for of, where in groups.items()
        for parts, which in (
            ("WUbd", ""),
            ("WU", "The biases are right."),
            ("bd", "It is the biases."),
            ("W", "It is weight_ih."),
            ("U", "It is weight_hh."),
            ("b", "It is bias_ih."),
            ("d", "It is bias_hh."),
            ("Wb", "It is weight_ih and bias_ih."),
            ("Ud", "It is weight_hh and bias_hh."),
        )
    ]


_FORWARD = "It is on the way forward."


def _built_in(names: Mapping[str, str]) -> list[Slip]:
    """Constants on the way forward; none of them is looked for with another slip."""
    return [
        Slip(slip.mistake, slip.slots, f"{slip.detail} {_FORWARD}", alone=True)
        for slip in squashing.constants(names)
    ]


def _taken(names: str) -> Callable:
    keys = names.split()

    def take(*arguments: object) -> dict[str, Array]:
        flat = []
        for argument in arguments:
            flat += argument if isinstance(argument, tuple) else [argument]
        return dict(zip(keys, flat, strict=True))

    return take


# The plain step


def _rnn_returned(dx, dh, dW, dU, db, dd) -> tuple:
    return dx, dh, Weights(dW, dU, db, dd)


rnn_backward = Plan(
    _taken("dh_new x h W U b d"),
    [
        Part(
            "a",
            ("x", "h", "W", "U", "b", "d"),
            lambda x, h, W, U, b, d, forward_bias, inside_h: inside_h(
                x @ W.T + h @ U.T + sum(forward_bias(b, d))
            ),
            {"forward_bias": _both, "inside_h": same},
        ),
        Part("h_new", ("a",), np.tanh),
        Part("came", ("dh_new",), lambda dh, incoming: incoming(dh), {"incoming": same}),
        Part(
            "da_h",
            ("came", "h_new", "a", "h"),
            lambda dh, y, a, h, slope: dh * slope(y, a, h),
            {"slope": lambda y, a, h: 1 - y**2},
        ),
        Part("da", ("da_h",), lambda da: {"h": da}),
        Part("da_U", ("da",), same),
        Part("da_d", ("da",), same),
        Part("before", ("came",), lambda dh: {"h": dh}),
        Part(
            "dx",
            ("da_h", "W"),
            lambda da, W, end_x: end_x(da @ W, None),
            {"end_x": _found},
        ),
        Part(
            "dh",
            ("da_h", "came", "U", "dh_new"),
            lambda da, came, U, dh_new, to_h, for_h, end_h: end_h(to_h(for_h(da, came), U), dh_new),
            {"to_h": _product, "for_h": _found, "end_h": _found},
        ),
        Part("h_used", ("h", "h_new"), lambda h, new, old_h: old_h(h, new), {"old_h": _found}),
        *_weights_of("h", h="h_used"),
    ],
    ("dx", "dh", "dW", "dU", "db", "dd"),
    _rnn_returned,
)


def _of_rnn(slope: Callable) -> Callable:
    return lambda y, a, h: slope(y, a)


RNN = [
    Slip("tanh-slope-missing", {"slope": lambda y, a, h: np.ones_like(y)}),
    Slip("tanh-slope-of-argument", {"slope": lambda y, a, h: 1 - a**2}),
    Slip("tanh-slope-missing", {"for_h": lambda da, dh: dh}, "It is so on the way to h."),
    Slip("weight-gradient-transposed", {"turned": lambda dU: dU.T}),
    Slip("new-h-for-old", {"old_h": lambda h, h_new: h_new}),
    Slip("slope-at-old-state", {"slope": lambda y, a, h: 1 - h**2}),
    Slip("sigmoid-slope-for-tanh", {"slope": lambda y, a, h: y * (1 - y)}),
    Slip("dh-through-matrix-missing", {"to_h": lambda da, U: da}, "It is da itself.", alone=True),
    *[Slip(mistake, {"slope": _of_rnn(slope)}, what) for mistake, slope, what in _INSTEAD_OF_TANH],
    *_AFTER,
    *_FORWARD_BIAS,
    Slip(
        "returns-dh-then-dx",
        {"returns": lambda dx, dh, *dweights: (dh, dx, Weights(*dweights))},
    ),
    *_END_H,
    Slip("gradient-doubled", {"incoming": lambda dh: 2 * dh}, "It is dh_new."),
    *_early("h", {"h": ""}),
    *_built_in({"h": "the argument of tanh"}),
]


# The LSTM step


def _read(gates: str) -> Callable:
    """The pre-activations of the gates, by name."""

    def made(x, h, W, U, b, d, forward_bias, order, blocks, *inside) -> dict[str, Array]:
        b, d = forward_bias(b, d)
        if blocks == plain(gates):
            a = dict(zip(order, np.split(x @ W.T + h @ U.T + (b + d), len(gates), -1), strict=True))
        else:
            terms = [np.split(term, len(gates), -1) for term in (x @ W.T, h @ U.T, b, d)]
            a = {
                k: sum(term[gates.index(of[n])] for term, of in zip(terms, blocks, strict=True))
                for n, k in enumerate(gates)
            }
        return {k: add(a[k]) for k, add in zip(gates, inside, strict=True)}

    return made


def _sigmoids(gates: str) -> list[Part]:
    return [Part(k, ("a",), lambda a, k=k: sigmoid(a[k])) for k in gates]


def _slope_part(gate: str, slope: Callable) -> Part:
    """da of a gate, from the gradient before the slope, what came out and what went in."""

    def made(e: Array, y: Array, a: dict[str, Array], slope: Callable) -> Array:
        return e * slope(y, a[gate])

    return Part(f"da_{gate}", (f"e_{gate}", gate, "a"), made, {f"slope_{gate}": slope})


def _by_name(gates: str) -> Callable:
    return lambda *values: dict(zip(gates, values, strict=True))


def _to_x(da, W, order, rows, ways_x, meets_x, end_x) -> Array:
    side_by_side, matrix = _ways(da, rows or order, ways_x, meets_x, W)
    return end_x(side_by_side @ matrix, None)


def _lstm_to_h(da, U, dh_new, order, rows, ways_h, meets_h, end_h, to_h) -> Array:
    side_by_side, matrix = _ways(da, rows or order, ways_h, meets_h, U)
    return end_h(to_h(side_by_side, matrix), dh_new)


_IN_ORDER = {"order": "ifgo", "rows": ""}


def _lstm_returned(dx, dh, dc, dW, dU, db, dd) -> tuple:
    return dx, (dh, dc), Weights(dW, dU, db, dd)


lstm_backward = Plan(
    _taken("dh_in dc_in x h_in c_in W U b d"),
    [
        Part(
            "came",
            ("dh_in", "dc_in"),
            lambda dh, dc, incoming: incoming(dh, dc),
            {"incoming": _both},
        ),
        Part("state", ("h_in", "c_in"), lambda h, c, unpack: unpack(h, c), {"unpack": _both}),
        Part("h", ("state",), lambda state: state[0]),
        Part("c", ("state",), lambda state: state[1]),
        Part("dh_new", ("came",), lambda came: came[0]),
        Part("dc_new", ("came",), lambda came: came[1]),
        Part(
            "a",
            ("x", "h", "W", "U", "b", "d"),
            _read("ifgo"),
            {
                "forward_bias": _both,
                "order": "ifgo",
                "blocks": plain("ifgo"),
                **{f"inside_{k}": same for k in "ifgo"},
            },
        ),
        *_sigmoids("ifo"),
        Part("g", ("a",), lambda a: np.tanh(a["g"])),
        Part("c_new", ("f", "c", "i", "g"), lambda f, c, i, g: f * c + i * g),
        Part(
            "tanh_c",
            ("c_new", "c"),
            lambda new, old, shown: np.tanh(shown(new, old)),
            {"shown": lambda c_new, c: c_new},
        ),
        Part(
            "through",
            ("dh_new", "o", "tanh_c", "c_new", "c"),
            lambda dh, o, y, c, old, through_h, slope_c, slope_at: (
                through_h(dh, o, y) * slope_c(*slope_at(y, c, old))
            ),
            {
                "through_h": lambda dh, o, y: dh * o,
                "slope_c": _of_tanh,
                "slope_at": lambda y, c, old: (y, c),
            },
        ),
        Part(
            "total",
            ("dc_new", "through"),
            lambda dc, through, added: added(dc, through),
            {"added": lambda later, through: later + through},
        ),
        Part(
            "dc_gates",
            ("total", "dc_new"),
            lambda total, later, for_gates: for_gates(total, later),
            {"for_gates": _found},
        ),
        Part("all_gates", ("i", "f", "g", "o", "c"), _by_name("ifgoc")),
        Part(
            "e_i",
            ("dc_gates", "i", "g", "dh_new", "all_gates"),
            lambda dc, i, g, dh, all_gates, of_i, beside_i: (
                of_i(dc, i, g, dh) if not beside_i else dc * all_gates[beside_i]
            ),
            {"of_i": lambda dc, i, g, dh: dc * g, "beside_i": ""},
        ),
        Part(
            "e_f",
            ("dc_gates", "c", "c_new", "dh_new", "all_gates"),
            lambda dc, c, c_new, dh, all_gates, of_f, beside_f: (
                of_f(dc, c, c_new, dh) if not beside_f else dc * all_gates[beside_f]
            ),
            {"of_f": lambda dc, c, c_new, dh: dc * c, "beside_f": ""},
        ),
        Part(
            "e_g",
            ("dc_gates", "i", "g", "dh_new", "all_gates"),
            lambda dc, i, g, dh, all_gates, of_g, beside_g: (
                of_g(dc, i, g, dh) if not beside_g else dc * all_gates[beside_g]
            ),
            {"of_g": lambda dc, i, g, dh: dc * i, "beside_g": ""},
        ),
        Part(
            "e_o",
            ("dh_new", "tanh_c", "c_new", "total", "dc_new"),
            lambda dh, y, c, total, dc, of_o: of_o(dh, y, c, total, dc),
            {"of_o": lambda dh, y, c, total, dc: dh * y},
        ),
        *[_slope_part(k, _of_tanh if k == "g" else _of_sigmoid) for k in "ifgo"],
        Part("da", ("da_i", "da_f", "da_g", "da_o"), _by_name("ifgo")),
        Part("da_U", ("da",), same),
        Part("da_d", ("da",), same),
        Part("before", ("e_i", "e_f", "e_g", "e_o"), _by_name("ifgo")),
        Part("dx", ("da", "W"), _to_x, {**_IN_ORDER, **_back("ifgo", "x")}),
        Part(
            "dh",
            ("da", "U", "dh_new"),
            _lstm_to_h,
            {**_IN_ORDER, **_back("ifgo", "h"), "to_h": _product},
        ),
        Part(
            "dc",
            ("total", "dc_new", "f"),
            lambda total, later, f, for_memory, back, end_c: end_c(
                back(for_memory(total, later), f), later
            ),
            {"for_memory": _found, "back": lambda dc, f: dc * f, "end_c": _found},
        ),
        Part(
            "h_used",
            ("h", "o", "c_new"),
            lambda h, o, c_new, old_h: old_h(h, lambda: o * np.tanh(c_new)),
            {"old_h": lambda h, h_new: h},
        ),
        *_weights_of("ifgo", h="h_used"),
    ],
    ("dx", "dh", "dc", "dW", "dU", "db", "dd"),
    _lstm_returned,
)


_GATES = {"i": "input", "f": "forget", "o": "output"}
_CALLED = {**{k: f"the {name} gate, {k}" for k, name in _GATES.items()}, "g": "the candidate, g"}
_TANH_C, _CANDIDATE = "It is that of tanh(c).", "It is that of the candidate, g."


def _later(total: Array, later: Array) -> Array:
    return later


def _groups(gates: dict[str, str], candidate: str) -> dict[str, str]:
    """Each gate, the candidate, all gates, and everything, and how to say which it is."""
    found = {}
    for count in range(1, len(gates)):
        for some in combinations(gates, count):
            found["".join(some)] = f"It is {' and '.join(gates[k] for k in some)}."
    found["".join(k for k in gates if k != candidate)] = "It is all gates."
    return found | {"".join(gates): "It is all gates and the candidate."}


LSTM = [
    Slip("dc-through-h-missing", {"added": lambda later, through: later}),
    Slip("dc-from-later-missing", {"added": lambda later, through: through}),
    Slip("dc-not-through-f", {"back": lambda dc, f: dc}),
    Slip("f-means-forget", {"back": lambda dc, f: dc * (1 - f)}, "It is on the way back."),
    Slip("slope-at-old-memory", {"slope_at": lambda y, c, old: (np.tanh(old), old)}),
    *[
        Slip(
            "beside-another-factor",
            {f"beside_{k}": other},
            f"The gradient of {k} is multiplied by {other}.",
            alone=True,
        )
        for k, others in (("i", "ifoc"), ("f", "figo"), ("g", "gfoc"))
        for other in others
    ],
    Slip(
        "output-gate-given-dc",
        {"of_o": lambda dh, y, c, total, dc: (dh + dc) * y},
        "dc_new is added to dh.",
        alone=True,
    ),
    Slip(
        "output-gate-given-dc",
        {"of_o": lambda dh, y, c, total, dc: (dh + total) * y},
        "It is added to dh.",
        alone=True,
    ),
    Slip(
        "dc-through-h-missing",
        {"for_gates": _later},
        "It is so for the gates and the candidate.",
    ),
    Slip("dc-through-h-missing", {"for_memory": _later}, "It is so on the way to the old memory."),
    Slip("output-gate-missing-on-way-back", {"through_h": lambda dh, o, y: dh}),
    Slip("do-without-memory", {"of_o": lambda dh, y, c, total, dc: dh}),
    Slip("lstm-old-c-in-h", {"shown": lambda c_new, c: c}),
    Slip("state-swapped", {"unpack": lambda h, c: (c, h)}),
    Slip("state-swapped", {"incoming": lambda dh, dc: (dc, dh)}, "It is dh_new and dc_new."),
    Slip(
        "state-swapped",
        {"incoming": lambda dh, dc: (dc, dh), "unpack": lambda h, c: (c, h)},
        "So are dh_new and dc_new.",
    ),
    Slip("new-h-for-old", {"old_h": lambda h, h_new: h_new()}),
    Slip("tanh-slope-missing", {"slope_c": _one}, _TANH_C),
    Slip("tanh-slope-missing", {"slope_g": _one}, _CANDIDATE),
    Slip(
        "tanh-slope-missing",
        {"slope_g": _one, "slope_c": _one},
        "It is that of tanh(c), and that of the candidate, g.",
    ),
    Slip("tanh-slope-of-argument", {"slope_c": lambda y, c: 1 - c**2}, _TANH_C),
    Slip("tanh-slope-of-argument", {"slope_g": lambda y, a: 1 - a**2}, _CANDIDATE),
    Slip("sigmoid-slope-for-tanh", {"slope_g": _of_sigmoid}, _CANDIDATE),
    Slip("sigmoid-slope-for-tanh", {"slope_c": _of_sigmoid}, _TANH_C),
    *_at_gates("sigmoid-slope-missing", _one, _GATES, "It is all three gates."),
    *_at_gates("tanh-slope-for-sigmoid", _of_tanh, _GATES, "It is all three gates."),
    *_at_gates("sigmoid-slope-cut", _one_minus, _GATES, "It is all three gates."),
    Slip("new-c-for-old", {"of_f": lambda dc, c, c_new, dh: dc * c_new}),
    Slip("o-sees-raw-c", {"of_o": lambda dh, y, c, total, dc: dh * c}),
    Slip("gradients-of-i-and-g-swapped", {"rows": "gfio"}, "It is where they are put together."),
    Slip(
        "gradients-of-i-and-g-swapped",
        {"of_i": lambda dc, i, g, dh: dc * i, "of_g": lambda dc, i, g, dh: dc * g},
    ),
    *_AFTER,
    *_FORWARD_BIAS,
    Slip(
        "returns-dh-then-dx",
        {"returns": lambda dx, dh, dc, *dweights: ((dh, dc), dx, Weights(*dweights))},
    ),
    Slip(
        "returns-dh-then-dx",
        {"returns": lambda dx, dh, dc, *dweights: (dh, (dx, dc), Weights(*dweights))},
        "dx stands where dh belongs.",
    ),
    Slip(
        "returns-c-then-h",
        {"returns": lambda dx, dh, dc, *dweights: (dx, (dc, dh), Weights(*dweights))},
    ),
    *[
        Slip(
            "lstm-gate-order", {"order": k}, f"Your numbers are those of the order {', '.join(k)}."
        )
        for k in orders("ifgo")
    ],
    *[
        Slip(
            "lstm-gate-order",
            {"rows": k},
            f"The gradients are put together in the order {', '.join(k)}.",
        )
        for k in orders("ifgo")
        if k != "gfio"
    ],
    *_slopes(_GATES, "It is all three gates.", {"slope_g": _CANDIDATE, "slope_c": _TANH_C}),
    Slip("output-gate-given-dc", {"of_o": lambda dh, y, c, total, dc: total * y}),
    Slip(
        "output-gate-given-dc",
        {"of_o": lambda dh, y, c, total, dc: dc * y},
        "It is dc_new, as it came in.",
    ),
    Slip("gate-given-dh", {"of_i": lambda dc, i, g, dh: dh * g}, "It is the input gate, i."),
    Slip("gate-given-dh", {"of_f": lambda dc, c, c_new, dh: dh * c}, "It is the forget gate, f."),
    Slip("gate-given-dh", {"of_g": lambda dc, i, g, dh: dh * i}, "It is the candidate, g."),
    Slip(
        "gate-given-dh",
        {
            "of_i": lambda dc, i, g, dh: dh * g,
            "of_f": lambda dc, c, c_new, dh: dh * c,
            "of_g": lambda dc, i, g, dh: dh * i,
        },
        "It is the input gate, the forget gate and the candidate.",
    ),
    Slip(
        "gate-given-dh",
        {"of_i": lambda dc, i, g, dh: dh * g, "of_f": lambda dc, c, c_new, dh: dh * c},
        "It is the input gate and the forget gate.",
        alone=True,
    ),
    Slip(
        "gate-given-dh",
        {"of_i": lambda dc, i, g, dh: dh * g, "of_g": lambda dc, i, g, dh: dh * i},
        "It is the input gate and the candidate.",
        alone=True,
    ),
    Slip(
        "gate-given-dh",
        {"of_f": lambda dc, c, c_new, dh: dh * c, "of_g": lambda dc, i, g, dh: dh * i},
        "It is the forget gate and the candidate.",
        alone=True,
    ),
    *_END_H,
    Slip("old-state-gradient-zero", {"end_c": _zero}, "It is dc."),
    Slip("old-state-gradient-zero", {"end_h": _zero, "end_c": _zero}, "It is dh and dc."),
    Slip("old-state-gradient-as-it-came", {"end_c": _as_it_came}, "It is dc."),
    Slip(
        "old-state-gradient-as-it-came",
        {"end_h": _as_it_came, "end_c": _as_it_came},
        "It is dh and dc.",
    ),
    Slip(
        "gradient-doubled",
        {"added": lambda later, through: 2 * later},
        "It is dc_new that is added to itself, where what comes through h should be added.",
    ),
    Slip(
        "gradient-doubled",
        {"added": lambda later, through: 2 * (later + through)},
        "It is the whole of dc.",
    ),
    Slip(
        "gradient-doubled", {"added": lambda later, through: 2 * later + through}, "It is dc_new."
    ),
    Slip(
        "gradient-doubled",
        {"added": lambda later, through: later + 2 * through},
        "It is what reaches c through h.",
    ),
    Slip(
        "gradient-doubled",
        {"added": lambda later, through: 2 * through},
        "It is what reaches c through h, which stands where dc_new belongs, too.",
    ),
    Slip("gradient-doubled", {"end_c": _doubled}, "It is the dc that is returned."),
    Slip(
        "gradient-doubled",
        {"end_c": lambda dc, came: dc + came},
        "dc_new is added to the dc that is returned.",
    ),
    Slip("gradient-doubled", {"incoming": lambda dh, dc: (2 * dh, dc)}, "It is dh_new."),
    *_left_out("ifgo", _CALLED),
    *_over_units(4),
    *_early("ifgo", _groups(_CALLED, "g")),
    *_other_matrix("ifgo"),
    *copies("ifgo", _FORWARD),
    *_both_ways("ifgo"),
    *_built_in(_CALLED),
]


# The GRU step


def _gru_read(x, h, W, U, b, d, forward_bias, order, blocks, *inside) -> dict[str, object]:
    """The pre-activations of r and z, and the two parts of n's; `p` is what r multiplies, `d` the bias in it."""
    b, d = forward_bias(b, d)
    terms = [np.split(term, 3, -1) for term in (x @ W.T, h @ U.T, b, d)]
    of_x, of_h, of_b, of_d = (
        {k: term[order.index(gates[n])] for n, k in enumerate("rzn")}
        for term, gates in zip(terms, blocks, strict=True)
    )
    inside_r, inside_z, inside_n = inside
    return {
        "r": inside_r(of_x["r"] + of_b["r"] + of_h["r"] + of_d["r"]),
        "z": inside_z(of_x["z"] + of_b["z"] + of_h["z"] + of_d["z"]),
        "x": inside_n(of_x["n"] + of_b["n"]),
        "p": of_h["n"] + of_d["n"],
        "d": of_d["n"],
    }


def _hidden_side(of: str) -> Part:
    """The gradients for the hidden state's side, as they are taken for one of its uses."""

    def made(da_x: dict, da_n_h: Array, taken: Callable) -> dict[str, Array]:
        return taken(da_x, {**da_x, "n": da_n_h})

    return Part(f"da_{of}", ("da_r_z_n", "da_n_h"), made, {f"for_{of}": lambda x, h: h})


def _gru_to_h(da, U, dh_new, z, order, rows, ways_h, meets_h, end_h, to_h, direct) -> Array:
    side_by_side, matrix = _ways(da, rows or order, ways_h, meets_h, U)
    return end_h(direct(dh_new, z) + to_h(side_by_side, matrix), dh_new)


_GRU_IN_ORDER = {"order": "rzn", "rows": ""}

gru_backward = Plan(
    _taken("dh_in x h W U b d"),
    [
        Part("dh_new", ("dh_in",), lambda dh, incoming: incoming(dh), {"incoming": same}),
        Part(
            "a_parts",
            ("x", "h", "W", "U", "b", "d"),
            _gru_read,
            {
                "forward_bias": _both,
                "order": "rzn",
                "blocks": plain("rzn"),
                **{f"inside_{k}": same for k in "rzn"},
            },
        ),
        Part("r", ("a_parts",), lambda a: sigmoid(a["r"])),
        Part("z", ("a_parts",), lambda a: sigmoid(a["z"])),
        Part("a", ("a_parts", "r"), lambda a, r: {**a, "n": a["x"] + r * a["p"]}),
        Part("n", ("a",), lambda a: np.tanh(a["n"])),
        Part(
            "e_n",
            ("dh_new", "z"),
            lambda dh, z, of_n: of_n(dh, z),
            {"of_n": lambda dh, z: dh * (1 - z)},
        ),
        Part(
            "e_z",
            ("dh_new", "h", "n"),
            lambda dh, h, n, of_z: of_z(dh, h, n),
            {"of_z": lambda dh, h, n: dh * (h - n)},
        ),
        _slope_part("n", _of_tanh),
        _slope_part("z", _of_sigmoid),
        Part(
            "e_r",
            ("da_n", "a", "e_n", "h", "dh_new"),
            lambda da_n, a, dn, h, dh, of_r: of_r(da_n, a["p"], a["d"], dn, h, dh),
            {"of_r": lambda da_n, p, b, dn, h, dh: da_n * p},
        ),
        _slope_part("r", _of_sigmoid),
        Part("da_r_z_n", ("da_r", "da_z", "da_n"), _by_name("rzn")),
        Part(
            "da_n_h",
            ("da_n", "r"),
            lambda da_n, r, of_p: of_p(da_n, r),
            {"of_p": lambda da_n, r: da_n * r},
        ),
        Part(
            "da_x",
            ("da_r_z_n", "da_n_h"),
            lambda da_x, da_n_h, for_x: for_x(da_x, {**da_x, "n": da_n_h}),
            {"for_x": lambda x, h: x},
        ),
        *map(_hidden_side, "hUd"),
        Part(
            "da_b",
            ("da_x", "da_r_z_n", "da_n_h"),
            lambda da_x, x, da_n_h, for_b: for_b(da_x, {**x, "n": da_n_h}),
            {"for_b": _found},
        ),
        Part("h_used", ("h", "r"), lambda h, r, old_h: old_h(h, r), {"old_h": lambda h, r: h}),
        Part("before", ("e_r", "e_z", "e_n"), _by_name("rzn")),
        Part("dx", ("da_x", "W"), _to_x, {**_GRU_IN_ORDER, **_back("rzn", "x")}),
        Part(
            "dh",
            ("da_h", "U", "dh_new", "z"),
            _gru_to_h,
            {
                **_GRU_IN_ORDER,
                **_back("rzn", "h"),
                "to_h": _product,
                "direct": lambda dh, z: dh * z,
            },
        ),
        Part("before_h", ("before", "r"), lambda e, r: {**e, "n": e["n"] * r}),
        *_weights_of("rzn", da_x="da_x", h="h_used", before_h="before_h", da_b="da_b"),
    ],
    ("dx", "dh", "dW", "dU", "db", "dd"),
    _rnn_returned,
)


_GRU_GATES = {"r": "reset", "z": "update"}
_GRU_CALLED = {
    **{k: f"the {name} gate, {k}" for k, name in _GRU_GATES.items()},
    "n": "the candidate, n",
}
_GRU_CANDIDATE = "It is that of the candidate, n."


def _input_side(da_x: dict, da_h: dict) -> dict:
    return da_x


def _other_side(da_x: dict, da_h: dict) -> dict:
    return da_h


GRU = [
    Slip("dz-has-other-sign", {"of_z": lambda dh, h, n: dh * (n - h)}),
    Slip("dh-direct-missing", {"direct": lambda dh, z: 0 * dh}),
    Slip("dh-through-matrix-missing", {"to_h": lambda da, U: 0 * (da @ U)}),
    Slip("dr-missing", {"of_r": lambda da_n, p, b, dn, h, dh: 0 * da_n}),
    Slip("reset-not-on-way-back", {"of_p": lambda da_n, r: da_n}),
    *[
        Slip(
            "reset-not-on-way-back",
            {f"for_{k}": _input_side for k in parts},
            f"It is so for {where}.",
        )
        for parts, where in (
            ("U", "weight_hh"),
            ("d", "bias_hh"),
            ("h", "dh"),
            ("Ud", "weight_hh and bias_hh"),
            ("Uh", "weight_hh and dh"),
            ("dh", "bias_hh and dh"),
        )
    ],
    Slip("reset-on-way-to-x", {"for_x": _other_side}),
    Slip("reset-on-way-to-x", {"for_b": _other_side}, "It is so for bias_ih."),
    *[
        Slip(
            "gru-reset-before",
            {"old_h": old_h, **sides},
            f"It is so in the gradient of weight_hh{where}.",
            alone=True,
        )
        for sides in ({}, {"for_U": _input_side})
        for old_h, where in (
            (lambda h, r: r * h, ", in all of its rows"),
            (lambda h, r: np.stack([h, h, r * h]), ""),
        )
    ],
    Slip(
        "stacks-swapped",
        {"for_x": _other_side, **dict.fromkeys(("for_h", "for_U", "for_d"), _input_side)},
    ),
    Slip("dr-without-bias", {"of_r": lambda da_n, p, b, dn, h, dh: da_n * (p - b)}),
    Slip("dr-from-state", {"of_r": lambda da_n, p, b, dn, h, dh: da_n * h}),
    Slip(
        "tanh-slope-missing",
        {"of_r": lambda da_n, p, b, dn, h, dh: dn * p},
        "It is so on the way to the reset gate.",
    ),
    Slip("dz-without-candidate", {"of_z": lambda dh, h, n: dh * h}),
    *_FORWARD_BIAS,
    Slip(
        "z-and-one-minus-z-swapped",
        {"of_n": lambda dh, z: dh * z, "direct": lambda dh, z: dh * (1 - z)},
    ),
    Slip(
        "z-and-one-minus-z-swapped",
        {
            "of_n": lambda dh, z: dh * z,
            "direct": lambda dh, z: dh * (1 - z),
            "of_z": lambda dh, h, n: dh * (n - h),
        },
        "So is the update gate's gradient.",
    ),
    Slip("z-and-one-minus-z-swapped", {"of_n": lambda dh, z: dh * z}, "It is the candidate's."),
    Slip(
        "z-and-one-minus-z-swapped",
        {"direct": lambda dh, z: dh * (1 - z)},
        "It is the old state's.",
    ),
    Slip("tanh-slope-missing", {"slope_n": _one}),
    Slip("tanh-slope-of-argument", {"slope_n": lambda y, a: 1 - a**2}),
    Slip("sigmoid-slope-for-tanh", {"slope_n": _of_sigmoid}),
    *_at_gates("sigmoid-slope-missing", _one, _GRU_GATES, "It is both gates."),
    *_at_gates("tanh-slope-for-sigmoid", _of_tanh, _GRU_GATES, "It is both gates."),
    *_at_gates("sigmoid-slope-cut", _one_minus, _GRU_GATES, "It is both gates."),
    *_AFTER,
    Slip(
        "returns-dh-then-dx",
        {"returns": lambda dx, dh, *dweights: (dh, dx, Weights(*dweights))},
    ),
    *[
        Slip("gru-gate-order", {"order": k}, f"Your numbers are those of the order {', '.join(k)}.")
        for k in orders("rzn")
    ],
    *[
        Slip(
            "gru-gate-order",
            {"rows": k},
            f"The gradients are put together in the order {', '.join(k)}.",
        )
        for k in orders("rzn")
    ],
    *_slopes(_GRU_GATES, "It is both gates.", {"slope_n": _GRU_CANDIDATE}),
    Slip(
        "gate-given-dh",
        {"of_r": lambda da_n, p, b, dn, h, dh: dh * p},
        "It is the reset gate, r.",
    ),
    Slip("gate-given-dh", {"of_n": lambda dh, z: dh}, "It is the candidate, n."),
    *_END_H,
    Slip("gradient-doubled", {"direct": lambda dh, z: 2 * dh * z}, "It is the direct way, z ⊙ dh."),
    Slip("gradient-doubled", {"to_h": lambda da, U: 2 * (da @ U)}, "It is the way through W_hh."),
    Slip("gradient-doubled", {"incoming": lambda dh: 2 * dh}, "It is dh_new."),
    *_left_out("rzn", _GRU_CALLED),
    *_over_units(3),
    *_early("rzn", _groups(_GRU_CALLED, "n")),
    *_other_matrix("rzn"),
    *copies("rzn", _FORWARD),
    *_both_ways("rzn"),
    *_built_in(_GRU_CALLED),
]
