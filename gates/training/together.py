"""Networks of several seeds trained together, in which one operation serves all; or one network alone, with the same methods."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from gates import cells
from gates.cells import Weights
from gates.tasks.task import NONE, Batch
from gates.training.reader import Reader


class _Turned:
    """A stack of matrices, (S, rows, columns), whose `.T` is the stack of their transposes, as a cell needs it."""

    def __init__(self, stack: Tensor) -> None:
        self.T = stack.mT


class _Stack:
    """Networks of S different seeds whose parameters are stacks, (S, …)."""

    def __init__(self, readers: Sequence[nn.Module], parameters: list[Tensor]) -> None:
        self.readers, self.parameters = readers, parameters

    def clip(self, most: float) -> None:
        """Hold the norm of each seed's gradient at `most`, as clip_grad_norm_ does."""
        norms = sum(p.grad.flatten(1).square().sum(1) for p in self.parameters).sqrt()
        factors = (most / (norms + 1e-6)).clamp(max=1)
        for p in self.parameters:
            p.grad.mul_(factors.view(-1, *[1] * (p.dim() - 1)))

    def hand_back(self, k: int) -> None:
        """Write the parameters of seed number k into its reader."""
        with torch.no_grad():
            for own, stacked in zip(self.readers[k].parameters(), self.parameters, strict=True):
                own.copy_(stacked[k])


class Together(_Stack):
    """Readers of S different seeds, trained together: each parameter is a stack, (S, …), and each product serves all."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        together = zip(*(reader.parameters() for reader in readers), strict=True)
        stacks = [torch.stack([p.detach() for p in group]).requires_grad_() for group in together]
        super().__init__(readers, stacks)
        self.cell = readers[0].cell

    def outputs(self, batches: Sequence[Batch]) -> list[Tensor]:
        """The outputs of each seed for its own batch, (T, B, O) each; the batches have the same T and B."""
        xs = torch.stack([batch.xs for batch in batches], 1)  # (T, S, B, I)
        W, U, b, d, head, head_bias = self.parameters
        weights = Weights(_Turned(W), _Turned(U), b[:, None], d[:, None])
        h = xs.new_zeros(*xs.shape[1:3], U.shape[2])
        state = (h, h) if self.cell == "lstm" else h
        ys, _ = cells.unroll(self.readers[0].step, xs, state, weights)
        return list((ys @ head.mT + head_bias[:, None]).unbind(1))


class Mapped(_Stack):
    """Networks of one's own of S different seeds, trained together: torch.func's vmap runs one forward for all of them.

    What a network draws at random while it trains, as dropout does, raises torch's RuntimeError; one with a recurrent layer
    or cell of torch.nn, most of which vmap cannot run, ValueError.
    """

    def __init__(self, readers: Sequence[nn.Module]) -> None:
        torchs = (nn.RNNBase, nn.RNNCellBase)
        if any(isinstance(part, torchs) for part in readers[0].modules()):
            raise ValueError(
                "Recurrent layers of torch.nn cannot be stacked: train this network with stacked=False."
            )
        self.named, _ = stack_module_state(list(readers))
        super().__init__(readers, list(self.named.values()))

    def outputs(self, batches: Sequence[Batch]) -> list[Tensor]:
        """The outputs of each seed for its own batch, (T, B, O) each; the batches have the same T and B."""
        xs = torch.stack([batch.xs for batch in batches])

        def one(parameters: dict[str, Tensor], xs: Tensor) -> Tensor:
            return functional_call(self.readers[0], parameters, (xs,))

        return list(vmap(one)(self.named, xs))


class Alone:
    """One network, trained by itself, with the same methods as several together."""

    def __init__(self, readers: Sequence[nn.Module]) -> None:
        (self.reader,) = readers
        self.parameters = list(self.reader.parameters())

    def outputs(self, batches: Sequence[Batch]) -> list[Tensor]:
        return [self.reader(batches[0].xs)]

    def clip(self, most: float) -> None:
        nn.utils.clip_grad_norm_(self.parameters, most)

    def hand_back(self, k: int) -> None:
        pass


def padded(batches: list[Batch]) -> list[Batch]:
    """Batches padded to the same number of steps, so that they can be stacked."""
    T = max(len(batch.xs) for batch in batches)

    def more(values: Tensor, filling: float) -> Tensor:
        missing = T - len(values)
        return (
            torch.cat([values, values.new_full((missing, *values.shape[1:]), filling)])
            if missing
            else values
        )

    return [
        Batch(
            more(b.xs, 0),
            more(b.targets, float("nan") if b.targets.is_floating_point() else NONE),
            more(b.scored, 0),
            b.lengths,
        )
        for b in batches
    ]


def is_faster(cell: str, seeds: int, hidden: int) -> bool:
    """What was measured on one core with T = 50: torch's own LSTM, alone, is faster than a stack of readable steps."""
    if cell == "rnn":
        return seeds > 1
    return cell == "gru" and seeds > 1 and (seeds >= 8 or hidden <= 16)
