"""What a network pays for the right characters of a sentence, and nothing for its padding."""

from torch import Tensor
from torch.nn import functional as F

from gates.translation.characters import Sign


def sentence_losses(logits: Tensor, targets: Tensor) -> Tensor:
    """The cross-entropy of each sentence of a padded batch: the sum over its own characters.

    logits: (T, B, V). targets: characters, (T, B); END is one of them, and PAD is none. Returns
    (B,), each as if its sentence stood alone. With a minus it is the log probability of the
    sentence.
    """
    losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return (losses.view_as(targets) * (targets != Sign.PAD)).sum(0)


def character_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean over all characters of a padded batch, as training takes it: long sentences count for more.

    logits: (T, B, V). targets: (T, B). Returns a tensor of one number.
    """
    return sentence_losses(logits, targets).sum() / (targets != Sign.PAD).sum()
