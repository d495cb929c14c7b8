"""Text that a model goes on with, token by token, with the state carried from each to the next."""

import torch

from gates.text.codec import UNKNOWN, Codec, TextError
from gates.text.model import LanguageModel
from gates.text.sampling import nucleus, sampled


@torch.no_grad()
def written(
    model: LanguageModel,
    codec: Codec,
    start: str,
    length: int,
    temperature: float = 1.0,
    p: float = 1.0,
    seed: int = 0,
) -> str:
    """What the model writes behind a text.

    start: what it reads first, of tokens that it knows. length: how many tokens it writes, 1 at least. temperature: see
    `sampled`; 0 takes the likeliest token each time. p: see `nucleus`. seed: the same one writes the same. UNKNOWN is never
    written. What cannot be done raises TextError.
    """
    if type(length) is not int or length < 1:
        raise TextError(f"length is {length!r}: ask for 1 token or more.")
    if not 0 <= temperature < float("inf") or not 0 < p <= 1:
        raise TextError(
            f"temperature is {temperature} and p is {p}: take a temperature of 0 or above, such as 0.7, and a p above 0 and up to 1."
        )
    generator, was_training = torch.Generator().manual_seed(seed), model.training
    model.eval()
    xs, state, found = codec.typed(start)[:, None], None, []
    for _ in range(length):
        logits, state = model(xs, state)
        scores = logits[-1].double()  # in which the smallest temperature is still above 0
        scores[:, UNKNOWN] = -torch.inf
        found.append(_drawn(scores, temperature, p, generator))
        xs = found[-1][None]
    model.train(was_training)
    return codec.decode(torch.cat(found))


def _drawn(
    scores: torch.Tensor, temperature: float, p: float, generator: torch.Generator
) -> torch.Tensor:
    """One number for each row of scores, (B, V)."""
    best = scores.max(-1, keepdim=True).values
    if temperature == 0:
        return scores.argmax(-1)
    if p == 1:
        return sampled(scores - best, temperature, generator)
    probabilities = torch.softmax((scores - best) / temperature, -1)
    return sampled(nucleus(probabilities, p).log(), 1.0, generator)
