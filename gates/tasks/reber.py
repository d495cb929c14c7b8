"""The embedded Reber grammar: the second symbol of a string decides its last but one."""

from collections.abc import Iterator

import torch

from gates.tasks.task import NONE, Batch, Task, always, batch, one_hot

SYMBOLS = "BTPSXVE"
# From each node of the grammar: the two ways on, as a symbol and the node that it leads to.
_WAYS = {
    0: (("T", 1), ("P", 2)),
    1: (("S", 1), ("X", 3)),
    2: (("T", 2), ("V", 4)),
    3: (("X", 2), ("S", 5)),
    4: (("P", 3), ("V", 5)),
}


def _coins(generator: torch.Generator) -> Iterator[int]:
    """Zeros and ones without end, drawn many at a time, which is much faster than one by one."""
    while True:
        yield from torch.randint(2, (1024,), generator=generator).tolist()


def string(coins: Iterator[int]) -> str:
    """One string of the embedded grammar: B, T or P, a string of the Reber grammar, the same letter again, E."""
    inside, node = "", 0
    while node in _WAYS:
        symbol, node = _WAYS[node][next(coins)]
        inside += symbol
    outer = "TP"[next(coins)]
    return f"B{outer}B{inside}E{outer}E"


def reber() -> Task:
    """Strings of the embedded grammar; only the last symbol but one is asked for, at the step before it."""

    def sample(B: int, generator: torch.Generator, part: str) -> Batch:
        coins = _coins(generator)
        words = [string(coins) for _ in range(B)]
        lengths = torch.tensor([len(word) - 2 for word in words])  # read up to the inner E
        T = int(lengths.max())
        seen = torch.zeros(T, B, dtype=torch.long)
        targets = torch.full((T, B), NONE)
        for b, word in enumerate(words):
            read = len(word) - 2
            seen[:read, b] = torch.tensor([SYMBOLS.index(s) for s in word[:read]])
            targets[read - 1, b] = SYMBOLS.index(word[-2])
        xs = one_hot(seen, 7) * (torch.arange(T)[:, None] < lengths)[:, :, None]
        return batch(xs, targets, lengths=lengths)

    def show(of: Batch, b: int) -> str:
        read = int(of.lengths[b])
        word = "".join(SYMBOLS[k] for k in of.xs[:read, b].argmax(-1).tolist())
        return f"{word} → {SYMBOLS[of.targets[read - 1, b]]}"

    return Task(
        name="embedded Reber",
        I=7,
        O=7,
        score="accuracy",
        chance=0.5,
        baseline="always answer T",
        trivial=always(7, SYMBOLS.index("T")),
        solved=0.99,
        source="Reber (1967); embedded: Fahlman (1991), and Hochreiter and Schmidhuber (1997), task 1",
        sample=sample,
        show=show,
    )
