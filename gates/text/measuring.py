"""How well a text is predicted, in bits: of a batch, of a whole text in one go, and while learning goes on."""

import copy
import math

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.text.model import LanguageModel, detached


def bits(logits: Tensor, targets: Tensor, characters: int) -> float:
    """How many bits a model needs for each character of what comes next.

    logits: (T, B, V). targets: the numbers that came, (T, B). characters: how many characters all
    these targets are as text; where a target is a word, there are more of them than targets.
    A target that had probability p costs −log₂ p bits.
    """
    nats = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")
    return nats.item() / math.log(2) / characters


@torch.no_grad()
def read(model: LanguageModel, numbers: Tensor, state: object = None) -> tuple[Tensor, object]:
    """What each number of a text costs, given all before it: one stream, the state carried from start to end.

    numbers: (N,), 2 at least. state: the state to start from; None for zeros.
    Returns bits, (N − 1,), since the first number is given, and the state after the last number but one.
    """
    found = []
    for xs, ys in zip(numbers[:-1].split(PIECE), numbers[1:].split(PIECE), strict=True):
        logits, state = model(xs[:, None], state)
        found.append(F.cross_entropy(logits[:, 0], ys, reduction="none") / math.log(2))
    return torch.cat(found), state


PIECE = 4096  # steps at once, so that all logits of a long text need not be there together


def read_and_learn(model: LanguageModel, numbers: Tensor, T: int = 20, rate: float = 0.3) -> Tensor:
    """The same by a model that learns from each window of T numbers as soon as it has paid for it.

    So does every compressor. The steps are plain gradient steps on a copy of the model, which stays as it is.
    Source: Mikolov, Karafiát, Burget, Černocký and Khudanpur (2010), Recurrent Neural Network Based Language Model.
    Returns bits, (N − 1,).
    """
    model, state, found = copy.deepcopy(model).eval(), None, []
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    for xs, ys in zip(numbers[:-1].split(T), numbers[1:].split(T), strict=True):
        logits, state = model(xs[:, None], state)
        nats = F.cross_entropy(logits[:, 0], ys, reduction="none")
        optimizer.zero_grad()
        nats.mean().backward()
        optimizer.step()
        state = detached(state)
        found.append(nats.detach() / math.log(2))
    return torch.cat(found)
