"""Beam search: several translations are kept at each step, and not only the one that looks best so far."""

import torch
from torch import Tensor

from gates.translation.characters import Sign, sources_in_batch
from gates.translation.greedy import Translation, allowed
from gates.translation.translator import Translator


def beam_step(
    totals: Tensor, lengths: Tensor, ended: Tensor, log_probs: Tensor, width: int, alpha: float
) -> tuple[Tensor, Tensor, Tensor]:
    """One step of a beam search: of all continuations of all texts, the best.

    totals: the log probability of each of K texts so far, (K,). lengths: how many characters each
    has, (K,). ended: whether its last one was END, (K,); such a text stays as it is, by another END
    that costs nothing and does not count. log_probs: those of the next character, (K, V). width:
    how many are kept, or all, if there are fewer. alpha: texts are ranked by total / length^alpha,
    with the length after this step.
    Returns, the best first, (width,) each: the new totals, without that division; of which text
    each goes on; and with which character.
    Wu et al. (2016), Google's Neural Machine Translation System, divide in another form.
    """
    V = log_probs.shape[1]
    grown = totals[:, None] + log_probs
    grown[ended] = -torch.inf
    grown[ended, Sign.END] = totals[ended]
    ranked = grown / (lengths + ~ended)[:, None] ** alpha
    places = ranked.flatten().topk(min(width, ranked.numel())).indices
    parents, characters = places // V, places % V
    return grown[parents, characters], parents, characters


@torch.no_grad()
def beam_search(
    translator: Translator, text: str, width: int = 4, alpha: float = 1.0, most: int = 100
) -> list[Translation]:
    """The best translations of a text that a beam search finds, at most `width` of them, the best first.

    width: how many texts are kept at each step; with 1 it is greedy decoding. alpha: 0 ranks by probability, so that
    short texts, which are products of fewer factors, are ahead; 1 by the mean log probability of a character. most:
    characters at most, END among them. An empty text, and settings that cannot be right, raise ValueError.
    """
    if width < 1 or most < 1 or alpha < 0:
        raise ValueError("width and most have to be 1 at least, and alpha not below 0.")
    sources, of_source = sources_in_batch([text], translator.source)
    memory, h, characters = translator.begun(sources, of_source)
    totals, lengths = h.new_zeros(1), torch.zeros(1, dtype=torch.long)
    ended, written = torch.zeros(1, dtype=torch.bool), torch.empty(0, 1, dtype=torch.long)
    for _ in range(most):
        same = memory.of(torch.zeros_like(characters))
        logits, h, _ = translator.decoder.step(characters, h, same)
        totals, parents, characters = beam_step(
            totals, lengths, ended, allowed(logits), width, alpha
        )
        there = totals > -torch.inf  # where fewer can be written than are kept
        totals, parents, characters = totals[there], parents[there], characters[there]
        written = torch.cat([written[:, parents], characters[None]])
        lengths = lengths[parents] + ~ended[parents]
        ended, h = ended[parents] | (characters == Sign.END), h[parents]
        if ended.all():
            break
    return [
        Translation(translator.target.decode(written[:, k]), totals[k].item(), bool(ended[k]))
        for k in range(len(totals))
    ]
