"""One long text in windows, each of which goes on where the one before it ended."""

from torch import Tensor


def streams(numbers: Tensor, B: int, T: int) -> list[tuple[Tensor, Tensor]]:
    """Windows of a long text that is read in B places at once.

    numbers: the text, (N,). B: how many streams. T: steps of a window; the last may have fewer.
    Stream b reads S = (N − 1) // B numbers, the first of them number b·S of the text. In the next
    window each stream goes on where it was, so that a state can be carried from window to window.
    Returns pairs (xs, ys) in the order of reading, each (T, B), where ys has the number that comes
    next. A text of B numbers or fewer raises ValueError.
    """
    S = (len(numbers) - 1) // B
    if S < 1:
        raise ValueError(f"{len(numbers)} numbers are too few for {B} streams: take {B + 1}.")
    xs = numbers[: B * S].view(B, S).T
    ys = numbers[1 : B * S + 1].view(B, S).T
    return list(zip(xs.split(T), ys.split(T), strict=True))
