"""What the lessons ask for: for each exercise the reference, the probes it is tried on, and the slips it knows."""

import math
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from gates import backward, cells, exercises, networks
from gates import probes as looks
from gates import training as fitting
from gates.checks import answers, probes
from gates.checks.comparing import TOLERANCE, equal, shapes
from gates.checks.slips import backward as back
from gates.checks.slips import (
    clinic,
    core,
    gate,
    inside,
    layers,
    padding,
    remedies,
    sequence,
    series,
    steps,
    swaps,
    training,
    trial,
)
from gates.exercises import Choice, Exercise
from gates.exercises.common.probing import fresh
from gates.exercises.common.seen import Seen, error
from gates.lessons import LESSONS as LESSONS
from gates.tasks.counting import largest_right, strings

# Exercises of those lessons that they do not ask for yet.
PLANNED: set[str] = set()


def Coding(**old: object) -> exercises.Coding:
    """An exercise as it is declared here, in its new form."""
    errors = tuple(error(of[0], of[1], word="".join(of[2:])) for of in old.pop("errors", ()))
    return exercises.Coding(variant=old.pop("make"), errors=errors, **old)


_GRADIENTS = ("dx", "dh", *(f"d{name}" for name in cells.Weights._fields))
_STEP = "x is (B, I) and meets weight_ih, (H, I). h is (B, H) and meets weight_hh, (H, H)."

_CELLS: list[Exercise] = [
    Coding(
        name="rnn_cell",
        lesson="01",
        asks="the plain recurrent step",
        reference=cells.rnn_cell,
        probes=probes.a_step(1),
        small=probes.small_steps(1),
        sized=partial(probes.step, 1),
        also=(probes.large_steps(1), "clips-inside"),
        outputs=("h",),
        make=steps.rnn_cell,
        slips=steps.RNN,
        gradients=True,
        anywhere=True,
        shapes=_STEP,
    ),
    Coding(
        name="lstm_cell",
        lesson="03",
        asks="the LSTM step",
        reference=cells.lstm_cell,
        probes=probes.a_step(4),
        small=probes.small_steps(4),
        sized=partial(probes.step, 4),
        also=(probes.large_steps(4), "clips-inside"),
        outputs=("h", "c"),
        make=steps.lstm_cell,
        slips=steps.LSTM,
        gates="ifgo",
        gradients=True,
        anywhere=True,
        shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H).",
    ),
    Coding(
        name="gru_cell",
        lesson="04",
        asks="the GRU step",
        reference=cells.gru_cell,
        probes=probes.a_step(3),
        small=probes.small_steps(3),
        sized=partial(probes.step, 3),
        also=(probes.large_steps(3), "clips-inside"),
        outputs=("h",),
        make=steps.gru_cell,
        slips=steps.GRU,
        gates="rzn",
        gradients=True,
        anywhere=True,
        shapes="x is (B, I) and meets weight_ih, (3H, I). h is (B, H) and meets weight_hh, (3H, H).",
    ),
    Coding(
        name="lstm_update",
        lesson="03",
        asks="from the gates to h and c",
        reference=answers.lstm_update,
        probes=probes.update,
        outputs=("h", "c"),
        make=steps.lstm_update,
        slips=steps.UPDATE_ALONE,
        gradients=True,
        shapes="All five tensors are (B, H).",
    ),
    *[
        Coding(
            name=name,
            lesson=lesson,
            asks=asks,
            reference=getattr(backward, name),
            probes=probes.a_step_back(len(gates)),
            also=(probes.large_steps_back(len(gates)), "clips-inside"),
            outputs=outputs,
            make=getattr(back, name),
            slips=slips,
            gates=gates,
            shapes=f"x is (B, I), states are (B, H), weight_ih is {rows}, I) and weight_hh {rows}, H).",
        )
        for name, lesson, asks, gates, outputs, slips, rows in (
            ("rnn_backward", "01", "the plain step backward", "h", _GRADIENTS, back.RNN, "(H"),
            (
                "lstm_backward",
                "03",
                "the LSTM step backward",
                "ifgo",
                ("dx", "dh", "dc", *_GRADIENTS[2:]),
                back.LSTM,
                "(4H",
            ),
            ("gru_backward", "04", "the GRU step backward", "rzn", _GRADIENTS, back.GRU, "(3H"),
        )
    ],
]


# One gate, and memories over time


def _clip_as_torch(grads: list[Tensor], max_norm: float) -> list[Tensor]:
    """torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm."""
    norm = math.sqrt(sum(grad.square().sum().item() for grad in grads))
    return [min(1.0, max_norm / (norm + 1e-6)) * grad for grad in grads]


_GATES: list[Exercise] = [
    Coding(
        name="keep_or_forget",
        lesson="00",
        asks="a gate that keeps or forgets",
        reference=answers.keep_or_forget,
        probes=probes.gate,
        make=gate.keep_or_forget,
        slips=gate.KEEP_OR_FORGET,
        gradients=True,
    ),
    Coding(
        name="after_steps",
        lesson="00",
        asks="what is left after T steps",
        reference=answers.after_steps,
        probes=probes.steps,
        make=gate.after_steps,
        slips=gate.AFTER_STEPS,
        gradients=True,
    ),
    Coding(
        name="pre_activation",
        lesson="00",
        asks="a gate of a given size",
        reference=answers.pre_activation,
        probes=probes.passed_fractions,
        make=gate.pre_activation,
        slips=gate.PRE_ACTIVATION,
        errors=(("math domain error|expected a positive input", "odds-without-brackets"),),
        tolerance=1e-5,
        reads=lambda a, arguments: float(a),
    ),
    Coding(
        name="clip",
        lesson="01",
        asks="gradients held at a norm",
        reference=answers.clip,
        accepts=(_clip_as_torch,),
        probes=probes.clip,
        outputs=lambda arguments: tuple(f"gradient {k + 1}" for k in range(len(arguments[0]))),
        make=gate.clip,
        slips=gate.CLIP,
        reads=lambda grads, arguments: list(grads),
    ),
    Coding(
        name="memory_step",
        lesson="02",
        asks="a memory that keeps and writes",
        reference=answers.memory_step,
        probes=probes.memories,
        small=probes.small_memories,
        outputs=("c",),
        make=gate.memory_step,
        slips=gate.MEMORY_STEP,
        gradients=True,
        shapes="All four tensors are (B, H).",
    ),
    Coding(
        name="what_is_left",
        lesson="02",
        asks="what gates leave of a memory",
        reference=answers.what_is_left,
        probes=probes.gates_over_time,
        make=gate.what_is_left,
        slips=gate.LEFT,
        gradients=True,
    ),
    Coding(
        name="bias_for",
        lesson="02",
        asks="the bias for a memory that lasts",
        reference=answers.bias_for,
        probes=probes.fractions,
        make=gate.bias_for,
        slips=gate.BIAS_FOR,
        errors=(("math domain error|expected a positive input", "odds-without-brackets"),),
        reads=lambda bias, arguments: float(bias),
    ),
]


# Weights


def _learns(module: nn.Module) -> int:
    """Whether all parameters of a module still learn."""
    return int(all(parameter.requires_grad for parameter in module.parameters()))


_LEARNS = "whether all parameters still learn"


def _lstm_parts(layer: nn.LSTM, arguments: tuple) -> tuple:
    """The matrices and the sum of the biases, which is all that an LSTM sees; and whether they learn."""
    W, U, b, d = (parameter.detach() for parameter in layer.parameters())
    return W, U, b + d, _learns(layer)


def _gru_parts(weights: tuple, arguments: tuple) -> tuple:
    """The matrices, the sum of the biases of r and z, and both biases of n: what a GRU sees of them."""
    W, U, b, d = weights
    H = U.shape[1]
    return W, U, b[: 2 * H] + d[: 2 * H], b[2 * H :], d[2 * H :]


def _how_forms_agree(weights: tuple, arguments: tuple) -> tuple[int, ...]:
    """Whether both forms of the GRU agree, whether r acts, and what would have to change for the forms to agree."""
    W, U, b, d = (weight.detach().double() for weight in weights)
    H = U.shape[1]
    randn = torch.Generator().manual_seed(0)
    x, h = (torch.randn(64, size, generator=randn).double() for size in (W.shape[1], H))
    diagonal, no_bias, shut = U.clone(), d.clone(), b.clone()
    diagonal[2 * H :] = torch.diag(U[2 * H :].diag())
    no_bias[2 * H :] = 0
    shut[:H] -= 3

    def apart(*changed: Tensor) -> float:
        new = cells.Weights(*changed)
        gap = cells.gru_cell(x, h, new) - cells.gru_reset_before_cell(x, h, new)
        return gap.abs().max().item()

    moved = cells.gru_cell(x, h, cells.Weights(W, U, shut, d)) - cells.gru_cell(
        x, h, cells.Weights(W, U, b, d)
    )
    before = next(made for (made,) in probes.gru_weights() if made[0].shape == W.shape)
    candidate = any(
        not torch.equal(new[2 * H :], old[2 * H :])
        for new, old in zip(weights, before, strict=True)
    )
    touched = any(not torch.equal(new, old) for new, old in zip(weights, before, strict=True))
    return (
        int(apart(W, U, b, d) < TOLERANCE),
        int(moved.abs().max() > TOLERANCE),
        int(apart(W, diagonal, b, d) < TOLERANCE),
        int(apart(W, U, b, no_bias) < TOLERANCE),
        int(candidate),
        int(touched),
    )


_UNCHANGED, _AS_ASKED, _OTHER = 2, 1, 0


def _how_drawn(layer: nn.GRU, arguments: tuple) -> list[int]:
    """Whether it is the same layer; for each parameter: as asked, left as it was, or something else; whether all learn."""
    found = [int(layer is arguments[0])]
    for before, now in zip(_untouched(arguments[0]).parameters(), layer.parameters(), strict=True):
        if torch.equal(before, now):
            found.append(_UNCHANGED)
        elif now.dim() == 1:
            found.append(_AS_ASKED if not now.any() else _OTHER)
        else:
            bounds = [math.sqrt(6 / (rows + now.shape[1])) for rows in (len(now), len(now) // 3)]
            fits = any(0.95 * bound < now.abs().max() <= bound for bound in bounds)
            found.append(_AS_ASKED if fits else _OTHER)
    return [*found, _learns(layer)]


def _untouched(layer: nn.GRU) -> nn.GRU:
    """The probe that a layer was copied from."""
    size = (layer.input_size, layer.hidden_size)
    return next(
        made for (made,) in probes.untrained_layers() if (made.input_size, made.hidden_size) == size
    )


def _drawn_wrongly(seen: Seen) -> str | None:
    for (layer,), drawn in zip(seen.probes, seen.results, strict=True):
        for before, how in zip(layer.parameters(), drawn[1:-1], strict=True):
            if how == _OTHER:
                return "drawn-by-another-rule" if before.dim() > 1 else "xavier-on-bias"
    return None


_WEIGHTS: list[Exercise] = [
    Coding(
        name="lstm_weights",
        lesson="03",
        asks="PyTorch's weights, loaded",
        reference=answers.lstm_weights,
        probes=probes.lstm_layers,
        outputs=cells.Weights._fields,
        make=layers.lstm_weights,
        slips=layers.LSTM_WEIGHTS,
        pairs=False,
        gradients=True,
    ),
    Coding(
        name="count_parameters",
        lesson="03",
        asks="the number of parameters",
        reference=answers.count_parameters,
        probes=lambda: [(3, 5), (8, 32)],
        outputs=("the count",),
        make=layers.count_parameters,
        slips=layers.COUNT_PARAMETERS,
    ),
    Coding(
        name="count_layers",
        lesson="05",
        asks="the number of parameters of a stack",
        reference=answers.count_layers,
        probes=lambda: [(3, 5, 3, 2), (7, 2, 2, 1), (4, 6, 1, 2)],
        outputs=("the count",),
        make=layers.count_layers,
        slips=layers.COUNT_LAYERS,
    ),
    Coding(
        name="set_forget_bias",
        lesson="02",
        asks="a bias for the forget gate",
        reference=answers.set_forget_bias,
        probes=probes.biased_layers,
        outputs=("weight_ih", "weight_hh", "the sum of the biases", _LEARNS),
        make=layers.set_forget_bias,
        slips=layers.FORGET_BIAS,
        errors=(("in-?place", "no-grad-missing"),),
        reads=_lstm_parts,
    ),
    Coding(
        name="flip_z",
        lesson="04",
        asks="the other polarity of z",
        reference=answers.flip_z,
        probes=probes.gru_weights,
        outputs=("weight_ih", "weight_hh", "the biases of r and z", "bias_ih of n", "bias_hh of n"),
        make=layers.flip_z,
        slips=layers.FLIP_Z,
        reads=_gru_parts,
        returns="It should return Weights: four tensors, of the shapes that came in.",
    ),
    Coding(
        name="agreeing",
        lesson="04",
        asks="weights for which both forms agree",
        reference=answers.agreeing,
        probes=probes.gru_weights,
        outputs=(
            "whether both forms agree",
            "whether the reset gate acts",
            "whether they would with a diagonal matrix",
            "whether they would without the bias",
            "whether the candidate's rows changed",
            "whether anything changed",
        ),
        make=layers.agreeing,
        slips=layers.AGREEING,
        pairs=False,
        reads=_how_forms_agree,
        returns="It should return Weights: four tensors, of the shapes that came in.",
    ),
    Coding(
        name="fresh_weights",
        lesson="11",
        asks="weights drawn anew",
        reference=answers.fresh_weights,
        probes=probes.untrained_layers,
        draws=True,
        outputs=lambda arguments: (
            "whether it is the layer that was handed in",
            *(f"how {name} is set" for name, _ in arguments[0].named_parameters()),
            _LEARNS,
        ),
        make=training.fresh_weights,
        slips=training.FRESH_WEIGHTS,
        reads=_how_drawn,
        signature=_drawn_wrongly,
        errors=(("Fan in and fan out", "xavier-on-bias"),),
    ),
]


# Sequences, layers, directions


def _random_state(seen: Seen) -> str | None:
    again = seen.run(fresh(seen.probes[0]), seed=1)
    fits = shapes(seen.results[0]) == shapes(seen.expected[0])
    return "state-random" if fits and not equal(seen.results[0], again) else None


def _ys_and_finals(arguments: tuple) -> tuple[str, ...]:
    """The outputs of a stack, and the final h and c of each of its layers."""
    layers = range(1, len(arguments[2]) + 1)
    return "ys", *(f"the final {part} of layer {k}" for k in layers for part in "hc")


_SEQUENCES: list[Exercise] = [
    Coding(
        name="unroll",
        lesson="03",
        asks="the loop over time",
        reference=cells.unroll,
        probes=probes.sequences,
        outputs=("ys", "the final h", "the final c"),
        make=sequence.unroll,
        slips=sequence.UNROLL,
        gradients=True,
        shapes="xs is (T, B, I), so time comes first; h and c are (B, H). T may be 1.",
    ),
    Coding(
        name="stack_layers",
        lesson="05",
        asks="layers upon layers",
        reference=answers.stack_layers,
        probes=probes.stacks(),
        square=probes.stacks(square=True),
        outputs=_ys_and_finals,
        make=sequence.stack_layers,
        slips=sequence.STACK,
        gradients=True,
        shapes="xs is (T, B, I). The first layer reads I numbers, each other one H.",
    ),
    Coding(
        name="both_ways",
        lesson="05",
        asks="a sequence read in both directions",
        reference=answers.both_ways,
        probes=probes.directions(),
        square=probes.directions(square=True),
        outputs=("ys", "the last forward state", "the last backward state"),
        make=sequence.both_ways,
        slips=sequence.DIRECTIONS,
        gradients=True,
        shapes="xs is (T, B, I), a state is (B, H), ys is (T, B, 2H).",
    ),
    Coding(
        name="session_step",
        lesson="05",
        asks="a step where some begin anew",
        reference=answers.session_step,
        probes=probes.sessions,
        outputs=("h",),
        make=sequence.session_step,
        slips=sequence.SESSION,
        gradients=True,
        shapes="x is (B, I), h is (B, H), starts is (B,).",
    ),
    Coding(
        name="top_state",
        lesson="05",
        asks="what a stack has read",
        reference=answers.top_state,
        probes=probes.stack_outputs,
        make=core.whole(answers.top_state),
        slips=layers.TOP_STATE,
        shapes="ys is (T, B, H), h_n is (L, B, H).",
    ),
    Coding(
        name="both_ends",
        lesson="05",
        asks="what both directions have read",
        reference=answers.both_ends,
        probes=probes.two_way_outputs,
        make=core.whole(answers.both_ends),
        slips=layers.BOTH_ENDS,
        shapes="ys is (T, B, 2H), h_n is (2L, B, H).",
    ),
    Coding(
        name="initial_state",
        lesson="05",
        asks="a state to start from",
        reference=answers.initial_state,
        probes=probes.stateful_layers,
        outputs=("h_0", "c_0"),
        make=core.whole(answers.initial_state),
        slips=layers.INITIAL_STATE,
        signature=_random_state,
    ),
    Coding(
        name="time_first",
        lesson="05",
        asks="time before batch",
        reference=answers.time_first,
        probes=probes.batches,
        make=core.whole(answers.time_first),
        slips=layers.TIME_FIRST,
        gradients=True,
        shapes="xs is (B, T, I).",
    ),
    Coding(
        name="one_step",
        lesson="05",
        asks="a single step through a layer",
        reference=answers.one_step,
        probes=probes.single_steps,
        small=probes.single_sample,
        outputs=("h",),
        make=core.whole(answers.one_step),
        slips=layers.ONE_STEP,
        errors=(
            ("'tuple' object has no attribute", "gru-given-a-pair"),
            (r"Expected hidden size \(1, 1,|unbatched 2-D", "batch-read-as-sequence"),
        ),
        shapes="x is (B, I), h is (B, H); the layer takes (T, B, I) and (1, B, H).",
    ),
]


# Padding

_TARGET_SIZE = (r"Expected target size|Expected input batch_size", "classes-in-wrong-place")


def _one_number(loss: Tensor, arguments: tuple) -> Tensor:
    return loss.reshape(()) if isinstance(loss, Tensor) and loss.numel() == 1 else loss


_PADDING: list[Exercise] = [
    Coding(
        name="last_valid",
        lesson="05",
        asks="the last real step",
        reference=answers.last_valid,
        probes=probes.padded_outputs,
        square=probes.square_outputs,
        make=core.whole(answers.last_valid),
        slips=padding.LAST_VALID,
        gradients=False,
        errors=(("out of bounds|out of range", "length-as-index"),),
        shapes="ys is (T, B, H), lengths is (B,).",
    ),
    Coding(
        name="read_padded",
        lesson="05",
        asks="a padded batch, read rightly",
        reference=answers.read_padded,
        probes=probes.padded_batches,
        outputs=("the output", "h_n"),
        make=core.whole(answers.read_padded),
        slips=padding.READ_PADDED,
        errors=(
            ("sorted in decreasing order", "unsorted-lengths"),
            (r"equal to batch_size|start .* exceeds dimension", "packed-without-batch-first"),
        ),
        shapes="xs is (B, T, I), the output (B, T, 2H), h_n (2, B, H).",
    ),
    Coding(
        name="masked_loss",
        lesson="05",
        asks="a loss without the padding",
        reference=answers.masked_loss,
        probes=probes.padded_logits,
        outputs=("the loss",),
        make=padding.masked_loss,
        slips=padding.MASKED_LOSS,
        reads=_one_number,
        errors=(_TARGET_SIZE,),
        shapes="logits are (B, T, C), targets (B, T), lengths (B,).",
    ),
]


# Repairs


def _values_and_graphs(state: tuple, arguments: tuple) -> tuple:
    """h and c, and for each whether there is a graph behind it."""
    h, c = state
    return h, c, int(h.requires_grad), int(c.requires_grad)


def _losses_and_weights(losses: list, arguments: tuple) -> tuple:
    """The losses, and the parameters that training led to."""
    layer, head = arguments[:2]
    trained = [p.detach() for p in (*layer.parameters(), *head.parameters())]
    graphs = any(isinstance(loss, Tensor) and loss.requires_grad for loss in losses)
    told = [float(loss.detach() if isinstance(loss, Tensor) else loss) for loss in losses]
    return torch.tensor(told, dtype=torch.float64), trained, int(graphs)


def _parameter_names(layer: nn.Module, head: nn.Module | None = None) -> list[str]:
    names = [name for name, _ in layer.named_parameters()]
    return names + [f"the head's {name}" for name, _ in (head or nn.Identity()).named_parameters()]


def _norm_and_weights(norm: float, arguments: tuple) -> tuple:
    return float(norm), [parameter.detach() for parameter in arguments[0].parameters()]


def _score_and_mode(score: float, arguments: tuple) -> tuple:
    """The accuracy; whether the model, with all that is in it, is back in training mode, and can learn."""
    mode = int(all(module.training for module in arguments[0].modules()))
    return float(score), mode, int(torch.is_grad_enabled() and _learns(arguments[0]))


def _cells(module: object, arguments: tuple) -> tuple:
    """The parameters that a module registers, and what the LSTM cells in it, in their order, read and hold."""
    inside = module.modules() if isinstance(module, nn.Module) else ()
    sizes = [(m.input_size, m.hidden_size) for m in inside if isinstance(m, nn.LSTMCell)]
    return _parameters(module), torch.tensor([3 * I + 7 * H for I, H in sizes] or [0]).sum()


def _parameters(module: object) -> Tensor:
    """How many parameters a module registers, and numbers made from their shapes."""
    found = list(module.parameters()) if isinstance(module, nn.Module) else []
    sizes = [parameter.shape for parameter in found]
    return torch.tensor(
        [
            float(len(sizes)),
            sum(map(math.prod, sizes)),
            sum(size[0] ** 2 * size[-1] for size in sizes),
        ]
    )


def _reader_behavior(pair: tuple, arguments: tuple) -> tuple:
    """The layer's kind; whether samples stay apart; in training and evaluation, the share dropped and whether all is left.

    The dropout may work in place, so it is given a copy.
    """
    layer, drop = pair
    I, H, p = arguments
    kind = (
        isinstance(layer, nn.LSTM),
        layer.num_layers == 1,
        not layer.bidirectional,
        layer.bias,
        layer.proj_size == 0,
        layer.input_size == I,
        layer.hidden_size == H,
        layer.training and drop.training,
    )
    kind, inside = tuple(map(int, kind)), int(layer.dropout > 0)
    if layer.input_size != I:
        return *kind, inside, -1, -1.0, -1, -1, -1, -1.0, -1
    x = torch.randn(32, 5, I)
    other = torch.cat([x[:1] + 1, x[1:]])
    layer.eval()
    apart = torch.equal(layer(x)[0][1:], layer(other)[0][1:])
    shares = []
    for training_mode in (True, False):
        layer.train(training_mode)
        drop.train(training_mode)
        ys = layer(x)[0]
        dropped = drop(ys.clone())
        share = (dropped == 0).double().mean().item()
        known = (0.0, p, 1 - p, 0.5)
        shares.append(min(known, key=lambda one, share=share: abs(one - share)))
        shares.append(int(torch.equal(dropped, ys)))
        if training_mode:
            whole = (dropped == 0).all(-1) | (dropped != 0).all(-1)
            shares.append(int(bool(whole.all()) and share > 0))
            shares.append(int(not torch.equal(dropped, drop(ys.clone()))))
    return *kind, inside, int(apart), *shares


def _by_chance(seen: Seen) -> str | None:
    scores = {seen.run(fresh(seen.probes[0]), seed)[0] for seed in range(4)}
    seeded = seen.mentions("manual_seed") and not seen.mentions("eval")
    return "eval-forgotten" if len(scores) > 1 or seeded else None


_REPAIRS: list[Exercise] = [
    Coding(
        name="carried",
        lesson="11",
        asks="a state carried over",
        reference=answers.carried,
        probes=probes.states_to_carry,
        outputs=("h", "c", "the graph behind h", "the graph behind c"),
        make=training.carried,
        slips=training.CARRIED,
        reads=_values_and_graphs,
        errors=(("'tuple' object has no attribute 'detach'", "pair-detached-as-one"),),
        graph=True,
        shapes="h and c are (L, B, H).",
    ),
    Coding(
        name="train_chunks",
        lesson="11",
        asks="training in chunks",
        reference=answers.train_chunks,
        probes=probes.training_runs,
        outputs=lambda arguments: (
            "the losses",
            *(f"{name} after training" for name in _parameter_names(*arguments[:2])),
            "whether graphs are kept",
        ),
        make=training.train_chunks,
        slips=training.TRAIN_CHUNKS,
        reads=_losses_and_weights,
        errors=(
            ("second time", "not-detached"),
            ("modified by an inplace", "graph-retained", "retain_graph"),
            ("modified by an inplace", "step-before-backward"),
            ("'tuple' object has no attribute 'detach'", "pair-detached-as-one"),
            (r"hx|index 1 is out of bounds|must be tuple|not iterable|3-D", "lstm-given-h-only"),
        ),
    ),
    Coding(
        name="clipped_step",
        lesson="11",
        asks="a step with a clipped gradient",
        reference=answers.clipped_step,
        probes=probes.steps_to_clip,
        outputs=lambda arguments: (
            "the norm",
            *(f"{name} after the step" for name in _parameter_names(arguments[0])),
        ),
        make=training.clipped_step,
        slips=training.CLIPPED_STEP,
        reads=_norm_and_weights,
        tolerance=1e-6,
    ),
    Coding(
        name="evaluate",
        lesson="11",
        asks="the accuracy over all samples",
        reference=answers.evaluate,
        probes=probes.models_to_evaluate,
        outputs=("the accuracy", "the mode", "whether the model can learn afterward"),
        make=training.evaluate,
        slips=training.EVALUATE,
        reads=_score_and_mode,
        signature=_by_chance,
        tolerance=1e-6,
    ),
    Coding(
        name="class_loss",
        lesson="11",
        asks="a loss over classes",
        reference=answers.class_loss,
        probes=probes.logits,
        square=probes.square_logits,
        outputs=("the loss",),
        make=training.class_loss,
        slips=training.CLASS_LOSS,
        reads=_one_number,
        errors=(_TARGET_SIZE,),
        shapes="logits are (B, T, C), targets (B, T).",
    ),
    Coding(
        name="value_loss",
        lesson="11",
        asks="a loss over numbers",
        reference=answers.value_loss,
        probes=probes.values,
        outputs=("the loss",),
        make=core.whole(answers.value_loss),
        slips=training.VALUE_LOSS,
        reads=_one_number,
        shapes="predictions are (N, 1), targets (N,).",
    ),
    Coding(
        name="reader",
        lesson="11",
        asks="a layer with dropout",
        reference=answers.reader,
        probes=lambda: [(5, 64, 0.3), (3, 48, 0.2)],
        outputs=(
            "whether the layer is an nn.LSTM",
            "whether it is one layer",
            "whether it reads in one direction",
            "whether it has biases",
            "whether it is without a projection",
            "whether its input size is I",
            "whether its hidden size is H",
            "whether both are in training mode, as new modules are",
            "whether the layer itself drops out",
            "the batch dimension",
            "the share that is dropped",
            "whether all is left",
            "whether whole steps are dropped",
            "whether what is dropped is drawn anew each time",
            "the share that is dropped in evaluation",
            "whether all is left in evaluation",
        ),
        make=training.reader,
        slips=training.READER,
        reads=_reader_behavior,
        returns="It should return the pair (layer, drop), an nn.LSTM and a module.",
    ),
    Coding(
        name="cells_of",
        lesson="11",
        asks="a stack of cells",
        reference=answers.cells_of,
        probes=lambda: [(3, 5, 3), (4, 2, 2)],
        outputs=("the parameters", "the cells"),
        make=training.cells_of,
        slips=training.CELLS_OF,
        reads=_cells,
        returns="It should return a module that holds L LSTM cells.",
    ),
]


_CLINIC: list[Exercise] = [
    Coding(
        name="name_logits",
        lesson="11",
        asks="a reading at the last real step",
        reference=answers.name_logits,
        probes=probes.name_readers,
        outputs=("the logits",),
        make=core.whole(answers.name_logits),
        slips=clinic.NAME_LOGITS,
        errors=(
            ("out of bounds for dimension 0", "sample-for-step"),
            ("out of bounds|out of range", "length-as-index"),
            ("sorted in decreasing order", "unsorted-lengths"),
            (r"equal to batch_size|start .* exceeds dimension", "packed-without-batch-first"),
        ),
        shapes="xs is (B, T, I), lengths (B,); the output of the layer is (B, T, H).",
    ),
    Coding(
        name="two_way_logits",
        lesson="11",
        asks="a reading of both directions",
        reference=answers.two_way_logits,
        probes=probes.two_way_readers,
        outputs=("the logits",),
        make=core.whole(answers.two_way_logits),
        slips=clinic.TWO_WAY,
        errors=((r"shapes cannot be multiplied", "two-way-summary-size"),),
        shapes="xs is (B, T, I), the output (B, T, 2H), h_n and c_n are (2, B, H).",
    ),
    Coding(
        name="top_logits",
        lesson="11",
        asks="a reading of the top layer",
        reference=answers.top_logits,
        probes=probes.stacked_readers,
        outputs=("the logits",),
        make=core.whole(answers.top_logits),
        slips=clinic.TOP_LOGITS,
        errors=(("out of bounds|out of range", "no-such-layer"),),
        shapes="xs is (B, T, I), the output (B, T, H), h_n is (L, B, H).",
    ),
    Coding(
        name="sample_states",
        lesson="11",
        asks="a batch with its samples first, read rightly",
        reference=answers.sample_states,
        probes=probes.steps_first_layers,
        square=probes.square_batches,
        outputs=("the states",),
        make=core.whole(answers.sample_states),
        slips=clinic.SAMPLE_STATES,
        shapes="xs is (B, T, I), the layer wants (T, B, I), and (B, H) comes back.",
    ),
    Coding(
        name="column_steps",
        lesson="11",
        asks="images as sequences of columns",
        reference=answers.column_steps,
        probes=probes.images,
        square=probes.square_images,
        outputs=("the sequences",),
        make=core.whole(answers.column_steps),
        slips=clinic.COLUMN_STEPS,
        shapes="images are (B, R, K), and (K, B, R) comes back.",
    ),
    Coding(
        name="padded_loss",
        lesson="11",
        asks="a loss that leaves padding out",
        reference=answers.padded_loss,
        probes=probes.logits_with_padding,
        outputs=("the loss",),
        make=core.whole(answers.padded_loss),
        slips=clinic.PADDED_LOSS,
        reads=_one_number,
        errors=(_TARGET_SIZE,),
        shapes="logits are (B, T, C), targets (B, T).",
    ),
]

# What may ail a script of the clinic, by the letters of its chart; and for each what a wrong guess is told.
ILLNESSES: dict[str, str] = {
    "a": "not-batch-and-steps",
    "b": "not-hidden-cells",
    "c": "not-late-clipping",
    "d": "not-dropout-on",
    "e": "not-idle-dropout",
    "f": "not-an-echo",
    "g": "not-an-uncut-graph",
    "h": "not-a-kept-graph",
    "i": "not-initialization",
    "j": "not-padding-in-loss",
    "k": "not-padding-read",
    "l": "not-a-half-read",
    "m": "not-broadcast",
    "n": "not-future-scale",
    "o": "not-softmax-twice",
    "p": "not-another-layer",
    "q": "not-target-in-input",
    "r": "not-a-view",
}
_AILS = "ghiklparbeojmdcnqf"  # script 1, script 2, and so on
_AS_WELL: dict[tuple[int, str], str] = {  # wrong letters that are partly true of a script
    (2, "g"): "attached-and-kept",
    (4, "j"): "padding-read-not-counted",
    (8, "a"): "mixed-before-the-layer",
    (17, "f"): "no-forecast-at-all",
    (5, "b"): "untrained-and-known",
    (6, "b"): "untrained-and-known",
    (7, "l"): "last-step-of-all-samples",
    (16, "c"): "split-after-scaling",
    (1, "o"): "gone-through-twice",
}
_DIAGNOSES: list[Exercise] = [
    Choice(
        f"diagnosis_{k}",
        "11",
        f"what ails script {k}",
        letter,
        {
            other: _AS_WELL.get((k, other), told)
            for other, told in ILLNESSES.items()
            if other != letter
        },
    )
    for k, letter in enumerate(_AILS, start=1)
]


# Series


def _scaled_as_sample(values: np.ndarray, n: int) -> tuple:
    """With the deviation of a sample, as pandas and torch compute it."""
    train, test = values[:n], values[n:]
    mean, deviation = train.mean(), train.std(ddof=1)
    return (train - mean) / deviation, (test - mean) / deviation


_SERIES: list[Exercise] = [
    Coding(
        name="scaled",
        lesson="11",
        asks="a series without its scale",
        reference=answers.scaled,
        accepts=(_scaled_as_sample,),
        probes=probes.series,
        outputs=("train", "test"),
        make=series.scaled,
        slips=series.SCALED,
    ),
    Coding(
        name="windows",
        lesson="11",
        asks="windows of a series",
        reference=answers.windows,
        probes=probes.series_to_cut,
        outputs=("xs", "targets"),
        make=series.windows,
        slips=series.WINDOWS,
    ),
    Coding(
        name="skill",
        lesson="11",
        asks="a forecast beside the last value",
        reference=answers.skill,
        probes=probes.forecasts,
        outputs=("the skill",),
        make=series.skill,
        slips=series.SKILL,
        reads=lambda skill, arguments: float(skill),
    ),
]

# Trials: lesson 06

_TRIALS: list[Exercise] = [
    Coding(
        name="adding_targets",
        lesson="06",
        asks="the targets of the adding problem",
        reference=answers.adding_targets,
        probes=probes.marked_numbers,
        outputs=("the sum",),
        make=trial.adding_targets,
        slips=trial.ADDING_TARGETS,
        pairs=False,
        shapes="xs is (T, B, 2): the sum goes over the steps, and a sample's sum is one number.",
    ),
    Coding(
        name="memoryless_loss",
        lesson="06",
        asks="the loss of a strategy without memory",
        reference=answers.memoryless_loss,
        probes=probes.copying_sizes,
        outputs=("the loss",),
        make=trial.memoryless_loss,
        slips=trial.MEMORYLESS,
        reads=lambda loss, arguments: float(loss),
    ),
    Coding(
        name="least_share",
        lesson="06",
        asks="what a run of successes rules out",
        reference=answers.least_share,
        probes=probes.runs_of_successes,
        outputs=("the share",),
        make=trial.least_share,
        slips=trial.LEAST_SHARE,
        reads=lambda share, arguments: float(share),
    ),
]


# Gates that start open: lesson 07


def _biases(layer: nn.LSTM) -> tuple[Tensor, Tensor]:
    """The biases of the input gates and of the forget gates, each the sum of two."""
    return (layer.bias_ih_l0 + layer.bias_hh_l0).detach().double().chunk(4)[:2]


def _how_opened(layer: nn.LSTM, arguments: tuple) -> tuple[int | float, ...]:
    """What can be said of biases that are drawn; the times they stand for are compared with even ones."""
    _, T = arguments
    before = next(made for made, of in probes.layers_to_open() if of == T)
    i, f = _biases(layer)
    old_i, old_f = _biases(before)
    times = f.clamp(max=50).exp().sort().values
    even = torch.linspace(1, T - 1, len(times), dtype=torch.float64)
    H, rest = layer.hidden_size, []
    for name, now in layer.named_parameters():
        old = dict(before.named_parameters())[name].detach()
        skipped = 2 * H if "bias" in name else 0
        rest.append(torch.equal(now.detach()[skipped:], old[skipped:]))
    return (
        int(torch.allclose(f, old_f)),
        int(torch.allclose(i, old_i)),
        int(torch.allclose(i, -f, atol=1e-5)),
        int(torch.allclose(i, -f, atol=0.2)),
        int(torch.allclose(i, f, atol=1e-5)),
        int(i.abs().max() < 0.3),
        int(times[0] < 1.9),
        int(times[0] > 0.9 and times[-1] < 1.06 * T),
        int((times - even).abs().max() < 0.12 * T),
        int(times.quantile(0.25) < 0.2 * T) - int(times.quantile(0.25) > 0.35 * T),
        int(f.max() - f.min() > 1e-3),
        int(1 / times[-1] > 0.9 and 1 / times[0] < 1.06 * T),
        int(f.median() > 10),
        int(torch.allclose(i - old_i, old_f - f, atol=1e-5)),
        int(all(rest)),
        _learns(layer),
    )


def _outputs_and_gradients(ys: Tensor, arguments: tuple) -> tuple:
    """The outputs, and the gradient of a sum of them, each with a weight of its own, for the inputs and parameters."""
    layer, xs, _ = arguments
    randn = torch.Generator().manual_seed(0)
    loss = (ys * torch.randn(ys.shape, generator=randn, dtype=ys.dtype)).sum()
    parameters = [xs, *layer.parameters()]
    if not loss.requires_grad:
        return ys.detach(), [torch.zeros_like(p) for p in parameters]
    grads = torch.autograd.grad(loss, parameters, allow_unused=True)
    return ys.detach(), [
        torch.zeros_like(p) if g is None else g for p, g in zip(parameters, grads, strict=True)
    ]


_OPENED: list[Exercise] = [
    Coding(
        name="memory_horizon",
        lesson="07",
        asks="how long gates make a memory last",
        reference=looks.memory_horizon,
        probes=probes.forget_gates,
        outputs=("the horizons",),
        make=inside.memory_horizon,
        slips=inside.HORIZON,
        shapes="f is (T, B, H), and each unit has one horizon, so (H,) comes back.",
    ),
    Coding(
        name="chrono_start",
        lesson="07",
        asks="biases for memories of many lengths",
        reference=answers.chrono_start,
        probes=probes.layers_to_open,
        draws=True,
        outputs=(
            "whether the forget biases are as they were",
            "whether the input biases are as they were",
            "whether an input bias is minus the forget bias",
            "whether it is nearly so",
            "whether an input bias equals the forget bias",
            "whether the input biases are near zero",
            "whether the shortest times are near 1",
            "whether all times lie between 1 and T − 1",
            "whether the times are spread evenly",
            "whether the times crowd near 1 or in the middle",
            "whether the units differ",
            "whether the input gates have what the forget gates should",
            "whether the biases are as large as times",
            "whether what was added to the input biases is minus what was added to the forget biases",
            "whether all else is as it was",
            _LEARNS,
        ),
        make=inside.chrono_start,
        slips=inside.CHRONO,
        pairs=False,
        errors=(("in-?place", "no-grad-missing"),),
        reads=_how_opened,
        returns="It should return the layer it was given, changed.",
    ),
    Coding(
        name="in_windows",
        lesson="07",
        asks="a sequence read in windows",
        reference=fitting.in_windows,
        probes=probes.layers_and_windows,
        outputs=lambda arguments: (
            "the outputs",
            "the gradient of xs",
            *(f"the gradient of {name}" for name in _parameter_names(arguments[0])),
        ),
        make=inside.in_windows,
        slips=inside.IN_WINDOWS,
        reads=_outputs_and_gradients,
        graph=True,
        errors=(
            (r"hx|index 1 is out of bounds|must be tuple|not iterable|3-D", "lstm-given-h-only"),
            ("'tuple' object has no attribute 'detach'", "pair-detached-as-one"),
        ),
        shapes="xs is (T, B, I), the windows are parts of its first dimension, and (T, B, H) comes back.",
    ),
]


# Looking inside: lesson 08


def _as_it_counts(weights: tuple, arguments: tuple) -> Tensor:
    """What the memory holds after each symbol of two strings."""
    weights = cells.Weights(*(weight.detach().double() for weight in weights))
    found = []
    for n in (2, 5):
        xs = strings(torch.tensor([n])).xs.double()
        state = (xs.new_zeros(1, 1), xs.new_zeros(1, 1))
        for x in xs:
            state = cells.lstm_cell(x, state, weights)
            found.append(state[1].reshape(()))
    return torch.stack(found)


_INSIDE: list[Exercise] = [
    Coding(
        name="counting_weights",
        lesson="08",
        asks="weights that count",
        reference=answers.counting_weights,
        probes=probes.strengths,
        outputs=("the memory, symbol by symbol",),
        make=inside.counting_weights,
        slips=inside.COUNTING_WEIGHTS,
        pairs=False,
        tolerance=0.02,
        reads=_as_it_counts,
        returns="It should return Weights: tensors of the shapes (4, 2), (4, 1), (4,) and (4,).",
    ),
    Coding(
        name="largest_right",
        lesson="08",
        asks="the largest n that is right",
        reference=largest_right,
        probes=probes.right_answers,
        outputs=("the largest n",),
        make=inside.largest_right,
        slips=inside.LARGEST,
        reads=lambda n, arguments: float(n),
        errors=(("out of bounds|out of range|empty", "all-right-is-none"),),
    ),
    Coding(
        name="counter_unit",
        lesson="08",
        asks="the unit that counts",
        reference=looks.counter_unit,
        probes=probes.memories_of_strings,
        outputs=("the unit",),
        make=inside.counter_unit,
        slips=inside.COUNTER,
        reads=lambda unit, arguments: float(unit),
        shapes="cs is (2n, H), and the number of one unit comes back.",
    ),
]

# Remedies against overfitting: lesson 09


def _how_masked(ys: Tensor, arguments: tuple) -> tuple[int, ...]:
    """What can be said of a mask that is drawn: what it shares, how much it drops, and how it scales the rest."""
    xs, p = arguments
    if not isinstance(ys, Tensor) or ys.shape != xs.shape:
        raise ValueError
    mask = (ys / xs).detach().double()
    mask = torch.where(xs == 0, mask[-1:], mask)  # a mask cannot be seen in zeros
    kept, dropped = mask[mask != 0], (mask == 0).double().mean().item()
    scales = {0: 1 / (1 - p), 1: 1.0, 2: 1 / p, 3: 1 - p, 4: p}
    found = -1 if not len(kept) else 9
    if len(kept) and (kept.max() - kept.min()) < 1e-6:
        found = next((k for k, s in scales.items() if abs(kept[0].item() - s) < 1e-6), 9)
    shares = {0: p, 1: 1 - p, 2: 0.0, 3: 1.0}
    near = min(shares, key=lambda k: abs(dropped - shares[k]))
    shared = [int(torch.allclose(mask, mask.narrow(k, 0, 1).expand_as(mask))) for k in range(3)]
    # Where samples or numbers share a mask, few numbers are drawn, and their share is less certain.
    off = 0.12 if any(shared[1:]) else 0.05
    return (*shared, near if abs(dropped - shares[near]) < off else 9, found)


_REMEDIES: list[Exercise] = [
    Coding(
        name="locked_dropout",
        lesson="09",
        asks="dropout with one mask for all steps",
        reference=networks.locked_dropout,
        probes=probes.to_drop_from,
        also=(probes.to_drop_from_with_zeros, "mask-from-values"),
        draws=True,
        outputs=(
            "whether the mask is the same at all steps",
            "whether the mask is the same for all samples",
            "whether the mask is the same for all numbers of a sample",
            "whether the share that is dropped is p",
            "how the rest is scaled",
        ),
        signature=lambda seen: "changes-inputs" if seen.changed else None,
        make=remedies.locked_dropout,
        slips=remedies.LOCKED,
        pairs=False,
        reads=_how_masked,
        shapes="xs is (T, B, N), and so is what comes back.",
        returns="It should return a tensor of the shape of xs.",
    ),
    Coding(
        name="decayed_step",
        lesson="09",
        asks="an update with weight decay",
        reference=answers.decayed_step,
        probes=probes.updates,
        outputs=("the new parameter",),
        make=remedies.decayed_step,
        slips=remedies.DECAYED,
        shapes="w and step have the same shape, and so has what comes back.",
    ),
    Coding(
        name="early_stop",
        lesson="09",
        asks="where training is stopped",
        reference=answers.early_stop,
        probes=probes.validation_losses,
        outputs=("the number of the evaluation",),
        make=remedies.early_stop,
        slips=remedies.EARLY_STOP,
        pairs=False,
        reads=lambda k, arguments: float(k),
    ),
    Coding(
        name="chosen_on_validation",
        lesson="09",
        asks="a strength chosen on validation data",
        reference=answers.chosen_on_validation,
        probes=probes.scores_of_strengths,
        outputs=("the test scores",),
        make=remedies.chosen_on_validation,
        slips=remedies.CHOSEN,
        shapes="validation and test are (K, S), and (S,) comes back.",
    ),
]


# Activations: lesson 10


def _nan_means_zero(seen: Seen) -> str | None:
    return "sum-divides-by-zero" if any(c != c for c in seen.results) else None


_ACTIVATIONS: list[Exercise] = [
    Coding(
        name="hard_sigmoid",
        lesson="10",
        asks="the hard sigmoid",
        reference=answers.hard_sigmoid,
        probes=probes.wide_numbers,
        make=swaps.hard_sigmoid,
        slips=swaps.HARD_SIGMOID,
    ),
    Coding(
        name="swapped_lstm_cell",
        lesson="10",
        asks="an LSTM step with other activations",
        reference=cells.swapped_lstm_cell,
        probes=probes.swapped_steps,
        also=(probes.usual_steps, "wrong-default"),
        outputs=("h", "c"),
        make=swaps.swapped_lstm_cell,
        slips=swaps.SWAPPED,
        gates="ifgo",
        gradients=True,
        shapes="x is (B, I) and meets weight_ih, (4H, I). h is (B, H) and meets weight_hh, (4H, H). c is (B, H).",
    ),
    Coding(
        name="after_writing",
        lesson="10",
        asks="what a memory adds up to",
        reference=answers.after_writing,
        probes=probes.equal_steps,
        outputs=("the memory",),
        make=swaps.after_writing,
        slips=swaps.AFTER_WRITING,
        reads=lambda c, arguments: float(c),
        signature=_nan_means_zero,
        errors=(("division by zero", "sum-divides-by-zero"),),
    ),
    Coding(
        name="saturated",
        lesson="10",
        asks="how much of an activation hardly reacts",
        reference=looks.saturated,
        probes=probes.into_activations,
        outputs=("the share",),
        make=swaps.saturated,
        slips=swaps.SATURATED,
        reads=lambda share, arguments: float(share),
        tolerance=1e-6,
        errors=(
            ("scalar outputs|only for scalar|grad_outputs", "slope-of-many-numbers"),
            ("does not require grad", "slope-without-graph"),
        ),
    ),
]

_QUESTIONS: list[Exercise] = [
    Choice(
        "reading_steps",
        "00",
        "what is left of a unit that keeps 0.99",
        "b",
        {"a": "half-stays-half", "c": "losses-add-up", "d": "gate-is-a-switch"},
    ),
    Choice(
        "reading_negative",
        "00",
        "what a negative pre-activation means",
        "d",
        {"a": "gate-may-be-negative", "b": "gate-is-a-switch", "c": "f-means-forget"},
    ),
    Choice(
        "reading_vanished",
        "01",
        "what a vanished gradient says",
        "b",
        {"a": "vanishing-is-about-values", "c": "vanishing-stops-all", "d": "vanishing-needs-time"},
    ),
    Choice(
        "reading_shared",
        "01",
        "the gradient of a weight that all steps share",
        "d",
        {"a": "last-step-gradient", "b": "gradient-averaged-over-time", "c": "weights-per-step"},
    ),
    Choice(
        "reading_clip",
        "01",
        "what clipping does",
        "a",
        {"b": "clipping-cures-vanishing", "c": "clips-values", "d": "clipping-acts-on-states"},
    ),
    Choice(
        "reading_carry",
        "02",
        "why the memory meets no matrix",
        "c",
        {"a": "carry-saves-parameters", "b": "c-through-matrix", "d": "memory-has-no-gradient"},
    ),
    Choice(
        "reading_product",
        "02",
        "what one closed gate does to a memory",
        "b",
        {"a": "mean-for-product", "c": "memory-comes-back", "d": "half-stays-half"},
    ),
    Choice(
        "reading_reset",
        "04",
        "what a reset gate near zero does",
        "c",
        {"a": "reset-gates-input", "b": "reset-erases-state", "d": "reset-taken-for-update"},
    ),
    Choice(
        "reading_polarity",
        "04",
        "how weights go to a GRU of the other polarity",
        "a",
        {"b": "flips-by-one-minus", "c": "polarity-is-learned", "d": "polarity-in-the-state"},
    ),
    Choice(
        "reading_cheaper",
        "04",
        "what three quarters of the parameters mean",
        "d",
        {"a": "parameters-are-time", "b": "parameters-are-steps", "c": "fewer-parameters-worse"},
    ),
    Choice(
        "reading_h_n",
        "05",
        "where a bidirectional stack has read all",
        "c",
        {"a": "bi-last-output", "b": "first-layer-state", "d": "bi-view"},
    ),
    Choice(
        "reading_f",
        "00",
        "what f = 0.9 means",
        "c",
        {"a": "f-means-forget", "b": "gate-is-a-switch", "d": "half-stays-half"},
    ),
    Choice(
        "reading_order",
        "03",
        "how one finds a wrong gate order",
        "b",
        {
            "a": "same-shape-same-network",
            "c": "gate-order-is-learned",
            "d": "rounding-taken-for-bug",
        },
    ),
    Choice(
        "reading_memory",
        "03",
        "what the cell state passes through",
        "d",
        {"a": "c-through-matrix", "b": "tanh-on-memory", "c": "output-is-c"},
    ),
    Choice(
        "reading_biases",
        "03",
        "why there are two biases",
        "a",
        {
            "b": "bias-is-redundant-so-harmless",
            "c": "bias-not-a-parameter",
            "d": "bias-may-be-left-out",
        },
    ),
    Choice(
        "reading_vanishing",
        "02",
        "what an LSTM does about vanishing gradients",
        "c",
        {"a": "vanishing-is-gone", "b": "gates-are-constant", "d": "vanishing-is-about-values"},
    ),
    Choice(
        "reading_padding",
        "05",
        "how padding is told from data",
        "b",
        {"a": "padding-is-harmless", "c": "padding-id-is-known", "d": "padding-needs-no-lengths"},
    ),
    Choice(
        "reading_count",
        "05",
        "what the number of parameters depends on",
        "c",
        {"a": "count-depends-on-t", "b": "weights-without-biases", "d": "counts-one-direction"},
    ),
    Choice(
        "reading_unsolved",
        "06",
        "what no seed out of five says",
        "c",
        {"a": "unsolved-is-impossible", "b": "seeds-are-bad-luck", "d": "budget-does-not-matter"},
    ),
    Choice(
        "reading_baseline",
        "06",
        "what a loss at the baseline means",
        "b",
        {"a": "loss-without-baseline", "c": "baseline-is-half-way", "d": "baseline-is-a-bug"},
    ),
    Choice(
        "reading_effort",
        "06",
        "what makes a comparison fair",
        "d",
        {"a": "best-of-each-side", "b": "best-seed-counts", "c": "equal-time-is-equal-effort"},
    ),
    Choice(
        "reading_bias",
        "07",
        "which forget bias to start from",
        "a",
        {"b": "bias-one-for-all", "c": "as-open-as-possible", "d": "training-sets-the-bias"},
    ),
    Choice(
        "reading_window",
        "07",
        "what a window of truncation limits",
        "c",
        {"a": "window-limits-memory", "b": "window-is-only-speed", "d": "state-cut-with-gradient"},
    ),
    Choice(
        "reading_horizon",
        "07",
        "what a horizon of 20 steps says",
        "b",
        {"a": "horizon-is-a-wall", "c": "horizon-is-half-life", "d": "horizon-is-of-the-task"},
    ),
    Choice(
        "reading_counter",
        "08",
        "why one unit of a GRU cannot count on",
        "d",
        {"a": "counts-by-size", "b": "counts-without-limit", "c": "third-gate-counts"},
    ),
    Choice(
        "reading_swap",
        "08",
        "what shows where a memory is kept",
        "b",
        {"a": "correlation-is-storage", "c": "gradient-is-storage", "d": "gate-value-is-storage"},
    ),
    Choice(
        "reading_generalize",
        "08",
        "what all right up to the training length says",
        "a",
        {"b": "rule-from-examples", "c": "test-inside-training", "d": "fails-at-the-edge"},
    ),
    Choice(
        "reading_one_layer",
        "09",
        "what dropout in an LSTM of one layer does",
        "b",
        {
            "a": "dropout-between-steps",
            "c": "dropout-on-own-output",
            "d": "dropout-takes-weights",
        },
    ),
    Choice(
        "reading_deeper",
        "09",
        "what a deeper network that is worse on all data has",
        "c",
        {
            "a": "worse-test-is-overfitting",
            "b": "deeper-needs-dropout",
            "d": "difference-without-interval",
        },
    ),
    Choice(
        "reading_two_scores",
        "09",
        "what a rising validation loss says beside an even accuracy",
        "d",
        {
            "a": "loss-and-accuracy-are-one",
            "b": "rising-loss-is-a-bug",
            "c": "accuracy-tells-it-all",
        },
    ),
    Choice(
        "reading_ends",
        "10",
        "why a gate needs an upper end",
        "c",
        {
            "a": "ends-against-vanishing",
            "b": "gates-as-probabilities",
            "d": "endless-gates-cannot-train",
        },
    ),
    Choice(
        "reading_signs",
        "10",
        "what a candidate that is never negative cannot do",
        "a",
        {
            "b": "only-adding-cannot-forget",
            "c": "signs-come-from-the-gate",
            "d": "sigma-has-no-slope",
        },
    ),
    Choice(
        "reading_many",
        "10",
        "what five decided comparisons of a hundred say",
        "d",
        {
            "a": "each-interval-by-itself",
            "b": "decided-is-large",
            "c": "many-comparisons-say-nothing",
        },
    ),
    Choice(
        "reading_silent",
        "11",
        "what a script without a message says",
        "b",
        {"a": "silent-is-right", "c": "published-loss-is-proof", "d": "falling-loss-says-nothing"},
    ),
    Choice(
        "reading_test",
        "11",
        "which test finds a reading in the padding",
        "d",
        {"a": "test-by-score", "b": "shapes-are-proof", "c": "tested-by-itself"},
    ),
    Choice(
        "reading_echo",
        "11",
        "what a forecast that trails the series by one step says",
        "d",
        {
            "a": "echo-taken-for-forecast",
            "b": "echo-taken-for-overfitting",
            "c": "echo-cured-by-capacity",
        },
    ),
]

_ALL = [*_GATES, *_CELLS, *_WEIGHTS, *_SEQUENCES, *_PADDING, *_REPAIRS, *_SERIES]
_ALL += [
    *_CLINIC,
    *_DIAGNOSES,
    *_TRIALS,
    *_OPENED,
    *_INSIDE,
    *_REMEDIES,
    *_ACTIVATIONS,
    *_QUESTIONS,
]
_TOGETHER = {task.name: task for task in _ALL} | exercises.EXERCISES
EXERCISES: dict[str, Exercise] = {
    task.name: task for task in sorted(_TOGETHER.values(), key=lambda task: task.lesson)
}
