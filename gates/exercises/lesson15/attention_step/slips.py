"""Mistakes in a step of additive attention: how the scores are made, and all others."""

import torch

from gates.exercises.common.slips import same, slip
from gates.exercises.lesson15.attention_step import reading_slips

SLIPS = [
    slip(
        "attention-without-tanh",
        "tanh is missing, or not around the sum, so that the query adds the same number to all scores of a sample, which the softmax takes out again.",
        "A score is v · tanh(query + key): with tanh the two act together, and the query changes the weights.",
        squash=same,
    ),
    slip(
        "attention-other-squash",
        "The sum of query and key goes through another function than tanh.",
        "A score is v · tanh(query + key).",
        squash=torch.sigmoid,
        detail="It is the sigmoid.",
    ),
    slip("attention-other-squash", squash=torch.relu, detail="It is ReLU."),
    slip(
        "attention-ignores-query",
        "The query is not used, or cancels, so that every step of the decoder reads the same.",
        "Take tanh of the sum of both: tanh(query + keys), with the query (B, A) added to the keys (S, B, A).",
        joined=lambda query, keys: keys,
    ),
    slip(
        "attention-ignores-keys",
        "The keys are not used, so that all states get the same weight.",
        "Add the keys to the query before tanh: each state has a score of its own.",
        joined=lambda query, keys: query + 0 * keys,
    ),
    slip(
        "query-times-keys",
        "Query and key are multiplied where they should be added.",
        "In additive attention a score is v · tanh(query + key).",
        joined=lambda query, keys: query * keys,
    ),
    slip(
        "keys-subtracted",
        "The keys are subtracted from the query where they should be added.",
        "In additive attention a score is v · tanh(query + key).",
        joined=lambda query, keys: query - keys,
    ),
    slip(
        "dot-for-additive",
        "The scores are dot products of query and key.",
        "That is the other kind of attention: here a score is v · tanh(query + key).",
        joined=lambda query, keys: query * keys,
        squash=same,
        scored=lambda found, v: found.sum(-1),
    ),
    slip(
        "attention-without-v",
        "v is not used: the numbers of tanh are added as they are.",
        "A score is v · tanh(query + key), so multiply by v before you add: … @ v.",
        scored=lambda found, v: found.sum(-1),
    ),
    slip("attention-without-v", scored=lambda found, v: found.mean(-1), detail="It is their mean."),
    *reading_slips.SLIPS,
]
