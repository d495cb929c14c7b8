"""Mistakes in the forward sum: in what is summed, and in what comes back."""

import torch

from gates.exercises.common.slips import slip
from gates.exercises.lesson17.ctc_forward import place_slips
from gates.exercises.lesson17.ctc_forward.variants import (
    in_place,
    multiplied,
    one_letter_a_step,
    shared,
    shifted,
)
from gates.speech.ctc import NEVER

SLIPS = [
    *place_slips.SLIPS,
    slip(
        "best-path-for-sum",
        "At each place the best way is taken, so this is the most probable path and not the sum of all.",
        "The ways into a place are added: torch.logsumexp of their logarithms, and not their maximum.",
        together=lambda ways: ways.amax(0),
        total_of=lambda ends: ends.amax(0),
    ),
    slip(
        "best-path-for-sum",
        together=lambda ways: ways.amax(0),
        detail="Only the last two are added.",
    ),
    slip(
        "better-end-only",
        "Of the two places where a path may end the better one is taken.",
        "Paths that end in the last letter and paths that end in the blank behind it are different ones: add both.",
        total_of=lambda ends: ends.amax(0),
    ),
    slip(
        "ends-multiplied",
        "The logarithms of the two places where a path may end are added, which multiplies their probabilities.",
        "The probabilities are added: torch.logaddexp of the two, or logsumexp.",
        total_of=lambda ends: ends.sum(0),
    ),
    slip(
        "ways-averaged",
        "The ways into a place are averaged.",
        "They are different paths, whose probabilities are added.",
        together=lambda ways: ways.logsumexp(0) - torch.tensor(3.0).double().log(),
    ),
    slip("ways-averaged", ways=shared),
    slip(
        "path-vanishes",
        "Probabilities are multiplied, and not logarithms added, so over many steps they become 0 and the loss inf.",
        "Keep the logarithm of α: add log_probs, and add ways with torch.logsumexp. No number becomes too small then.",
        whole=multiplied,
    ),
    slip(
        "path-vanishes",
        whole=lambda log_probs, target, blank=0: multiplied(log_probs, target, blank).detach(),
        detail="Nor does a gradient flow back.",
    ),
    slip(
        "probabilities-in-the-sum",
        "Probabilities are added to logarithms.",
        "log_probs are logarithms already: add them as they are.",
        reads=torch.exp,
    ),
    slip(
        "stay-missing",
        "A path cannot stay where it is.",
        "A letter may last several steps: the first of three ways into a place is from the place itself.",
        ways=lambda alpha, skips: torch.stack(
            [shifted(alpha, 1), torch.where(skips, shifted(alpha, 2), NEVER)]
        ),
    ),
    slip(
        "advance-missing",
        "A path cannot go on by one place.",
        "From a blank to the letter behind it, and from a letter to the blank behind it, is one place.",
        ways=lambda alpha, skips: torch.stack(
            [alpha, torch.where(skips, shifted(alpha, 2), NEVER)]
        ),
    ),
    slip(
        "advance-missing",
        ways=lambda alpha, skips: torch.stack(
            [alpha, torch.where(skips, shifted(alpha, 2), NEVER)]
        ),
        none=-NEVER,
    ),
    slip(
        "alpha-overwritten",
        "α is overwritten while it is still read, so a path goes through several places in one step.",
        "All places of a step are computed from those of the step before: keep these until the step is done.",
        whole=in_place,
    ),
    slip(
        "first-step-twice",
        "The first step is counted twice.",
        "α begins with the first step in it, and the loop with the second: log_probs[1:].",
        steps=lambda letters: letters,
    ),
    slip(
        "last-step-unread",
        "The last step is left out.",
        "There are T steps: the first begins α, and T − 1 follow.",
        steps=lambda letters: letters[1:-1],
    ),
    slip(
        "letters-a-step-late",
        "Each step counts the probabilities of the step before.",
        "α of step t is what came out of α of step t − 1, plus the log probabilities of step t.",
        steps=lambda letters: letters[:-1],
    ),
    slip(
        "letters-aligned-by-number",
        "The first step is compared with the first letter, the second with the second, and so on.",
        "Nobody says at which step a letter comes. The sum over all places where it may come is what is asked for.",
        whole=one_letter_a_step,
    ),
    slip(
        "loss-without-minus",
        "The logarithm comes back without its minus.",
        "It is a loss: minus the logarithm of the probability, never below 0.",
        give=lambda total, T, U: total,
    ),
    slip(
        "ctc-without-graph",
        "No gradient flows back through what comes back, so no network could learn by it.",
        "Compute with torch from log_probs to the end, and return a tensor: no .item(), float(), .detach(), .numpy() or no_grad.",
        give=lambda total, T, U: -total.detach(),
    ),
    slip(
        "probability-of-text",
        "The probability itself comes back.",
        "Return minus its logarithm.",
        give=lambda total, T, U: total.exp(),
    ),
    slip(
        "ctc-by-steps",
        "The loss is divided by the number of steps.",
        "It is that of the whole text: return it as it is.",
        give=lambda total, T, U: -total / T,
    ),
    slip(
        "ctc-by-letters",
        "The loss is divided by the number of letters.",
        'It is that of the whole text: return it as it is. nn.CTCLoss divides so, too, unless it has reduction="none" or "sum".',
        give=lambda total, T, U: -total / max(U, 1),
    ),
]
