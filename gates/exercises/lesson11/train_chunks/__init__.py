"""Training in chunks."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from gates.exercises.common.coding import Probes, coding
from gates.exercises.common.modules import parameter_names
from gates.exercises.common.probing import made
from gates.exercises.common.seen import error
from gates.exercises.lesson11.train_chunks.slips import SLIPS


def train_chunks(
    layer: nn.LSTM, head: nn.Linear, optimizer: Optimizer, xs: Tensor, targets: Tensor, k: int
) -> list[float]:
    """Training on one long sequence in chunks of k steps, with gradients inside each chunk only.

    xs: (T, B, I). targets: (T, B, 1). The state goes on from chunk to chunk, the gradient does
    not. The first chunk starts from a state of zeros. After every chunk the optimizer takes a
    step on the mean squared error of head(output) of that chunk alone. Returns the loss of each
    chunk, a number.
    """
    state, losses = None, []
    for x, target in zip(xs.split(k), targets.split(k), strict=True):
        ys, state = layer(x, state)
        state = tuple(part.detach() for part in state)
        loss = F.mse_loss(head(ys), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def probes() -> Probes:
    def make() -> Probes:
        found = []
        for optimizer, (T, B, I, H, k) in [
            (torch.optim.SGD, (12, 2, 3, 4, 3)),
            (torch.optim.Adam, (8, 3, 2, 5, 4)),
        ]:
            layer, head = nn.LSTM(I, H).double(), nn.Linear(H, 1).double()
            chosen = optimizer([*layer.parameters(), *head.parameters()], lr=0.1)
            xs, targets = (torch.randn(T, B, n, dtype=torch.float64) for n in (I, 1))
            found.append((layer, head, chosen, xs, targets, k))
        return found

    return made(12, make)


def variant(
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


def _losses_and_weights(losses: list, arguments: tuple) -> tuple:
    """The losses, and the parameters that training led to."""
    layer, head = arguments[:2]
    trained = [p.detach() for p in (*layer.parameters(), *head.parameters())]
    graphs = any(isinstance(loss, Tensor) and loss.requires_grad for loss in losses)
    told = [float(loss.detach() if isinstance(loss, Tensor) else loss) for loss in losses]
    return torch.tensor(told, dtype=torch.float64), trained, int(graphs)


EXERCISE = coding(
    train_chunks,
    asks="training in chunks",
    probes=probes,
    outputs=lambda arguments: (
        "the losses",
        *(f"{name} after training" for name in parameter_names(*arguments[:2])),
        "whether graphs are kept",
    ),
    variant=variant,
    reads=_losses_and_weights,
    errors=(
        error("second time", "not-detached"),
        error(
            "modified by an inplace",
            "graph-retained",
            "The graph is kept alive with retain_graph=True, and meets weights that have changed since.",
            "Do not keep the graph: detach the state between chunks.",
            word="retain_graph",
        ),
        error("modified by an inplace", "step-before-backward"),
        error("'tuple' object has no attribute 'detach'", "pair-detached-as-one"),
        error(r"hx|index 1 is out of bounds|must be tuple|not iterable|3-D", "lstm-given-h-only"),
    ),
    slips=SLIPS,
)
