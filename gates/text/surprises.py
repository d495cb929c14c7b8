"""What a model makes of a text that somebody has typed: what each of its tokens costs, given those before it."""

from gates.text.codec import Codec, TextError
from gates.text.measuring import read
from gates.text.model import LanguageModel


def surprises(model: LanguageModel, codec: Codec, text: str) -> list[tuple[str, float]]:
    """The tokens of a typed text but the first, each with the bits it costs: few where the model expected it.

    An empty text, one with an unknown token, and one of a single token, which has nothing before it, raise TextError.
    """
    numbers = codec.typed(text)
    if len(numbers) < 2:
        raise TextError(
            "The text has one token only, and nothing comes before it: type a few more."
        )
    was_training = model.training
    bits, _ = read(model.eval(), numbers)
    model.train(was_training)
    tokens = [codec.decode([number]) for number in numbers[1:].tolist()]
    return list(zip(tokens, bits.tolist(), strict=True))
