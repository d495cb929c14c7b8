"""Mistakes in training in chunks."""

from torch.nn import functional as F

from gates.exercises.common.slips import same, slip


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


SLIPS = [
    slip(
        "state-reset-between-chunks",
        "Every chunk starts from zeros, though it continues the sequence.",
        "Hand the detached state of the last chunk to the layer.",
        cut=lambda state: None,
    ),
    slip("detached-every-step", inside=1),
    slip("zero-grad-missing", erase="never"),
    slip(
        "losses-keep-graphs",
        "The losses are kept with their graphs, and so all of the past stays in memory.",
        "Append loss.item(), which is a number.",
        told=same,
    ),
    slip("zero-grad-too-late", erase="late"),
    slip(
        "step-before-backward",
        "The optimizer steps before the gradients are computed.",
        "The order is zero_grad(), backward(), step().",
        early_step=True,
        detail="The gradients are erased before.",
    ),
    slip(
        "step-before-backward",
        whole=_step_then_backward,
        detail="It takes those of the chunk before.",
    ),
    slip(
        "step-before-backward", whole=_step_at_the_start, detail="The last gradient is never used."
    ),
    slip("loss-of-last-step-only", loss_of=lambda ys, target: F.mse_loss(ys[-1], target[-1])),
]
