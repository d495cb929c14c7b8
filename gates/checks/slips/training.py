"""Wrong variants of training, evaluation and setting up a model."""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gates.checks.slips.core import Slip, same, wholes
from gates.checks.slips.padding import by_class, over_steps

# The state that is carried over


def carried(
    cut=lambda part, B: part[:, :B], of_h=Tensor.detach, of_c=Tensor.detach, whole=None
) -> Callable:
    """The state for the next batch, with its parts exchangeable."""

    def state(state: tuple[Tensor, Tensor], B: int) -> tuple[Tensor, Tensor]:
        h, c = state
        return of_h(cut(h, B)), of_c(cut(c, B))

    return whole or state


def _zero(part: Tensor) -> Tensor:
    return torch.zeros_like(part)


def _in_another_order(state: tuple[Tensor, Tensor], B: int) -> tuple[Tensor, Tensor]:
    h, c = state
    return c[:, :B].detach(), h[:, :B].detach()


CARRIED = [
    Slip("last-batch-smaller", {"cut": lambda part, B: part}),
    Slip("state-cut-in-layers", {"cut": lambda part, B: part[:B]}),
    Slip("state-from-the-end", {"cut": lambda part, B: part[:, -B:]}),
    Slip("state-dropped", {"of_h": _zero, "of_c": _zero}),
    Slip("state-dropped", {"of_c": _zero}, "It is c."),
    Slip("not-detached", {"of_h": same, "of_c": same}),
    Slip("c-not-detached", {"of_c": same}),
    Slip("not-detached", {"of_h": same}, "It is h."),
    *wholes("h-and-c-swapped", _in_another_order),
]


# Training in chunks


def train_chunks(
    cut=lambda state: tuple(part.detach() for part in state),
    inside=None,
    loss_of=lambda ys, target: F.mse_loss(ys, target),
    erase="before",
    told=Tensor.item,
    early_step=False,
    whole=None,
) -> Callable:
    """Training in chunks, with its parts exchangeable; `inside` says how many steps go between two cuts."""

    def train(layer, head, optimizer, xs, targets, k) -> list[float]:
        state, losses = None, []
        for x, target in zip(xs.split(k), targets.split(k), strict=True):
            parts = []
            for piece in x.split(inside or k):
                ys, state = layer(piece, state)
                parts.append(ys)
                if inside:
                    state = tuple(part.detach() for part in state)
            loss = loss_of(head(torch.cat(parts)), target)
            state = cut(state)
            if erase == "before":
                optimizer.zero_grad()
            if early_step:
                optimizer.step()
            loss.backward()
            if erase == "late":
                optimizer.zero_grad()
            if not early_step:
                optimizer.step()
            losses.append(told(loss))
        return losses

    return whole or train


def _step_then_backward(layer, head, optimizer, xs, targets, k) -> list[float]:
    """The optimizer steps before the gradients are erased and computed, so it takes those of the chunk before."""
    state, losses = None, []
    for x, target in zip(xs.split(k), targets.split(k), strict=True):
        ys, state = layer(x, state)
        state = tuple(part.detach() for part in state)
        loss = F.mse_loss(head(ys), target)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses


def _step_at_the_start(layer, head, optimizer, xs, targets, k) -> list[float]:
    """The optimizer steps at the start of each round, so the last gradient is never used."""
    state, losses = None, []
    for x, target in zip(xs.split(k), targets.split(k), strict=True):
        optimizer.step()
        ys, state = layer(x, state)
        state = tuple(part.detach() for part in state)
        loss = F.mse_loss(head(ys), target)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses


TRAIN_CHUNKS = [
    Slip("state-reset-between-chunks", {"cut": lambda state: None}),
    Slip("detached-every-step", {"inside": 1}),
    Slip("zero-grad-missing", {"erase": "never"}),
    Slip("losses-keep-graphs", {"told": same}),
    Slip("zero-grad-too-late", {"erase": "late"}),
    Slip("step-before-backward", {"early_step": True}, "The gradients are erased before."),
    Slip(
        "step-before-backward",
        {"whole": _step_then_backward},
        "It takes those of the chunk before.",
    ),
    Slip("step-before-backward", {"whole": _step_at_the_start}, "The last gradient is never used."),
    Slip("loss-of-last-step-only", {"loss_of": lambda ys, target: F.mse_loss(ys[-1], target[-1])}),
]


# One clipped step


def clipped_step(
    clip=lambda parameters, max_norm: nn.utils.clip_grad_norm_(parameters, max_norm).item(),
    when="erase backward clip step",
    told=lambda before, after: before,
) -> Callable:
    """A training step, with its parts exchangeable; `when` is the order of what is done."""

    def step(layer, optimizer, x, target, max_norm) -> float:
        parameters = list(layer.parameters())
        loss = F.mse_loss(layer(x)[0], target)
        before = 0.0
        for what in when.split():
            if what == "erase":
                optimizer.zero_grad()
            elif what == "backward":
                loss.backward()
            elif what == "clip":
                before = clip(parameters, max_norm)
            else:
                optimizer.step()
        return told(before, _norm(parameters))

    return step


def _norm(parameters: list[Tensor]) -> float:
    return nn.utils.clip_grad_norm_(parameters, float("inf")).item()


def _by_value(parameters: list[Tensor], max_norm: float) -> float:
    before = _norm(parameters)
    nn.utils.clip_grad_value_(parameters, max_norm)
    return before


def _by_small_value(parameters: list[Tensor], max_norm: float) -> float:
    """No entry above what every entry of a gradient of that norm would be if all were equal."""
    before = _norm(parameters)
    count = sum(parameter.numel() for parameter in parameters)
    if before > max_norm:
        nn.utils.clip_grad_value_(parameters, max_norm / count**0.5)
    return before


def _always(parameters: list[Tensor], max_norm: float) -> float:
    """Scaled to the norm, up as well as down."""
    before = _norm(parameters)
    for parameter in parameters:
        parameter.grad *= max_norm / before
    return before


def _at_one(parameters: list[Tensor], max_norm: float) -> float:
    return nn.utils.clip_grad_norm_(parameters, 1.0).item()


def _not_at_all(parameters: list[Tensor], max_norm: float) -> float:
    return _norm(parameters)


def _cut_off(before: float, after: float) -> float:
    return after


CLIPPED_STEP = [
    Slip("clip-after-step", {"when": "erase backward step clip"}),
    Slip("clip-before-backward", {"when": "erase clip backward step"}),
    Slip("clip-before-backward", {"when": "clip erase backward step"}),
    Slip("clips-values", {"clip": _by_value}),
    Slip("clips-values", {"clip": _by_value, "told": _cut_off}, "So is the norm that is returned."),
    Slip("clips-values", {"clip": _by_small_value}),
    Slip("norm-after-clipping", {"told": _cut_off}),
    Slip("never-clipped", {"clip": _not_at_all}),
    Slip("always-rescaled", {"clip": _always}),
    Slip("limit-written-in", {"clip": _at_one}),
    Slip("zero-grad-too-late", {"when": "backward erase clip step"}),
    Slip("zero-grad-missing", {"when": "backward clip step"}),
]


# Evaluation


def _hits(predicted: Tensor, y: Tensor) -> float:
    return (predicted == y).sum().item()


def evaluate(
    count=lambda hits, sizes: sum(hits) / sum(sizes),
    restore=True,
    evaluating=True,
    hits_of=_hits,
    learns=True,
) -> Callable:
    """The accuracy over all batches, with its parts exchangeable."""

    def accuracy(model: nn.Module, batches: list) -> float:
        model.train(not evaluating)
        with torch.no_grad():
            hits = [hits_of(model(x).argmax(-1), y) for x, y in batches]
        model.train(restore)
        model.requires_grad_(learns)
        return count(hits, [len(y) for _, y in batches])

    return accuracy


def _pairs(predicted: Tensor, y: Tensor) -> float:
    """All predictions compared with all classes."""
    return (predicted[:, None] == y).sum().item()


def _first_hit(predicted: Tensor, y: Tensor) -> float:
    return float(predicted[0] == y[0])


def _shares(hits: list[float], sizes: list[int]) -> float:
    return sum(h / n for h, n in zip(hits, sizes, strict=True))


EVALUATE = [
    Slip("train-not-restored", {"restore": False}),
    Slip("left-frozen", {"learns": False}),
    Slip(
        "mean-of-means",
        {
            "count": lambda hits, sizes: (
                sum(h / n for h, n in zip(hits, sizes, strict=True)) / len(hits)
            )
        },
    ),
    Slip("first-batch-only", {"count": lambda hits, sizes: hits[0] / sizes[0]}),
    Slip(
        "first-batch-only",
        {"count": lambda hits, sizes: hits[0] / sizes[0], "restore": False},
        "And the model stays in evaluation mode.",
        alone=True,
    ),
    Slip("errors-for-accuracy", {"count": lambda hits, sizes: 1 - sum(hits) / sum(sizes)}),
    Slip("last-batch-only", {"count": lambda hits, sizes: hits[-1] / sizes[-1]}),
    Slip("last-batch-only", {"count": lambda hits, sizes: hits[-1] / sum(sizes)}),
    Slip("counts-batches", {"count": lambda hits, sizes: sum(hits) / len(hits)}),
    Slip(
        "counts-batches",
        {"count": lambda hits, sizes: sum(hits) / (len(hits) * sizes[0])},
        "Every batch is counted as if it were as large as the first.",
    ),
    Slip("broadcast-loss", {"hits_of": _pairs}),
    Slip(
        "broadcast-loss",
        {"hits_of": lambda p, y: (p[:, None] == y).double().mean().item() * len(y)},
        "The share of all pairs is taken.",
        alone=True,
    ),
    Slip(
        "broadcast-loss",
        {
            "hits_of": lambda p, y: (p[:, None] == y).double().mean().item(),
            "count": lambda hits, sizes: sum(hits) / len(hits),
        },
        "The shares of all pairs are averaged over the batches.",
        alone=True,
    ),
    Slip(
        "last-batch-counted-full",
        {"count": lambda hits, sizes: _shares(hits, sizes) * sizes[0] / sum(sizes)},
    ),
    Slip(
        "last-batch-counted-full",
        {"count": lambda hits, sizes: _shares(hits, sizes) * max(sizes) / sum(sizes)},
        alone=True,
    ),
    Slip("first-sample-only", {"hits_of": _first_hit, "count": lambda hits, n: sum(hits) / len(n)}),
    Slip(
        "first-sample-only",
        {"hits_of": _first_hit},
        "And it is divided by the number of all samples.",
        alone=True,
    ),
    Slip("last-batch-left-out", {"count": lambda hits, sizes: sum(hits[:-1]) / sum(sizes[:-1])}),
    Slip(
        "last-batch-left-out",
        {"count": lambda hits, sizes: sum(hits[:-1]) / sum(sizes)},
        "Its samples are counted all the same.",
        alone=True,
    ),
]


# Losses


def _poured(logits: Tensor, targets: Tensor) -> Tensor:
    B, T, C = logits.shape
    return F.cross_entropy(logits.reshape(B, C, T), targets, reduction="none")


def _classes_last(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits, targets, reduction="none")


def class_loss(logits_as=same, each=by_class, average=torch.mean, whole=None) -> Callable:
    """The mean cross-entropy over all steps, with its parts exchangeable."""
    return whole or (lambda logits, targets: average(each(logits_as(logits), targets)))


def _poured_by_time(logits: Tensor, targets: Tensor) -> Tensor:
    B, T, C = logits.shape
    return by_class(logits.reshape(T, B, C), targets.T).mean()


def _poured_flat(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits.reshape(logits.shape[-1], -1).T, targets.reshape(-1))


CLASS_LOSS = [
    Slip("softmax-before-cross-entropy", {"logits_as": lambda logits: logits.softmax(-1)}),
    Slip(
        "softmax-before-cross-entropy",
        {"logits_as": lambda logits: logits.softmax(1)},
        "It runs over the steps.",
    ),
    Slip("classes-in-wrong-place", {"each": _classes_last}),
    Slip("classes-in-wrong-place", {"each": over_steps}, "The softmax runs over the steps."),
    Slip("view-for-transpose", {"each": _poured}),
    Slip("view-for-transpose", {"whole": _poured_by_time}),
    Slip("view-for-transpose", {"whole": _poured_flat}),
    Slip("summed-not-averaged", {"average": torch.sum}),
    Slip(
        "summed-not-averaged",
        {"average": lambda losses: losses.sum(1).mean()},
        "It is the sum over the steps.",
    ),
    Slip(
        "summed-not-averaged",
        {"average": lambda losses: losses.sum(0).mean()},
        "It is the sum over the samples.",
    ),
    Slip("loss-of-last-step-only", {"average": lambda losses: losses[:, -1].mean()}),
]

VALUE_LOSS = [
    *wholes("broadcast-loss", lambda p, y: ((p - y) ** 2).mean()),
    *wholes("summed-not-averaged", lambda p, y: ((p[:, 0] - y) ** 2).sum()),
    *wholes("root-of-mse", lambda p, y: ((p[:, 0] - y) ** 2).mean().sqrt()),
]


# Models


def reader(
    batch_first=True,
    dropout_inside=False,
    share=same,
    sizes=lambda I, H: (I, H),
    drop=nn.Dropout,
    whole=None,
) -> Callable:
    """A layer and the module for its output, with their parts exchangeable."""

    def made(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inside = p if dropout_inside else 0.0
            layer = nn.LSTM(*sizes(I, H), batch_first=batch_first, dropout=inside)
        return layer, nn.Identity() if dropout_inside else drop(share(p))

    return whole or made


def _two_layers(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    return nn.LSTM(I, H, 2, batch_first=True, dropout=p), nn.Identity()


def _two_layers_and_dropout(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    return nn.LSTM(I, H, 2, batch_first=True, dropout=p), nn.Dropout(p)


def _dropped_twice(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nn.LSTM(I, H, batch_first=True, dropout=p), nn.Dropout(p)


READER = [
    Slip("batch-first-forgotten", {"batch_first": False}),
    Slip("dropout-on-one-layer", {"dropout_inside": True}),
    Slip("drops-the-wrong-share", {"share": lambda p: 1 - p}),
    Slip("share-written-in", {"share": lambda p: 0.5}),
    Slip("drops-whole-steps", {"drop": nn.Dropout1d}),
    Slip("sizes-swapped", {"sizes": lambda I, H: (H, I)}),
    Slip("made-in-evaluation", {"drop": lambda p: nn.Dropout(p).eval()}),
    *wholes("layer-added-for-dropout", _two_layers, _two_layers_and_dropout),
    *wholes("dropout-on-one-layer", _dropped_twice, detail="It is set beside the one that works."),
]


def cells_of(
    first=lambda I, H: (I, H),
    upper=lambda I, H: (H, H),
    shared=False,
    registered=True,
    whole=None,
) -> Callable:
    """A stack of cells, with its parts exchangeable."""

    def made(I: int, H: int, L: int) -> object:
        cells = [nn.LSTMCell(*(first if k == 0 else upper)(I, H)) for k in range(L)]
        if shared:
            cells = [cells[0]] + [cells[1 if shared == "above" else 0]] * (L - 1)
        return nn.ModuleList(cells) if registered else cells

    return whole or made


def _layers_for_cells(I: int, H: int, L: int) -> nn.Module:
    return nn.ModuleList(nn.LSTM(I if k == 0 else H, H) for k in range(L))


CELLS_OF = [
    *wholes("layer-for-cells", lambda I, H, L: nn.LSTM(I, H, L), _layers_for_cells),
    Slip("cells-in-a-list", {"registered": False}),
    Slip("one-cell-for-all", {"shared": True}),
    Slip("one-cell-for-all", {"shared": True, "first": lambda I, H: (H, H)}),
    Slip("one-cell-for-all", {"shared": "above"}, "The upper ones are one and the same."),
    Slip("every-cell-reads-input", {"upper": lambda I, H: (I, H)}),
    Slip("sizes-swapped", {"first": lambda I, H: (H, I)}),
    Slip("sizes-swapped", {"first": lambda I, H: (H, I), "upper": lambda I, H: (H, I)}),
]


def fresh_weights(biases="zero", layers=None, rule=nn.init.xavier_uniform_, whole=None) -> Callable:
    """Draw a layer's weights, with the parts of it exchangeable."""

    def draw(layer: nn.GRU) -> nn.GRU:
        for name, parameter in layer.named_parameters():
            if layers and not any(name.endswith(f"_l{k}") for k in layers):
                continue
            if parameter.dim() > 1:
                rule(parameter)
            elif biases == "zero":
                nn.init.zeros_(parameter)
        return layer

    return whole or draw


def _another_layer(layer: nn.GRU) -> nn.GRU:
    return fresh_weights()(nn.GRU(layer.input_size, layer.hidden_size, layer.num_layers).double())


FRESH_WEIGHTS = [
    *wholes("new-layer-returned", _another_layer),
    Slip("other-layers-forgotten", {"layers": (0,)}),
    Slip("biases-not-zeroed", {"biases": "left"}),
    *wholes("chrono-nothing-written", same),
    *wholes("left-frozen", lambda layer: fresh_weights()(layer).requires_grad_(False)),
]
