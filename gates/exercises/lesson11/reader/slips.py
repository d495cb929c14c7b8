"""Mistakes in a layer with dropout."""

import warnings

from torch import nn

from gates.exercises.common.slips import slip


def _two_layers(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    return nn.LSTM(I, H, 2, batch_first=True, dropout=p), nn.Identity()


def _two_layers_and_dropout(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    return nn.LSTM(I, H, 2, batch_first=True, dropout=p), nn.Dropout(p)


def _dropped_twice(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nn.LSTM(I, H, batch_first=True, dropout=p), nn.Dropout(p)


SLIPS = [
    slip(
        "batch-first-forgotten",
        "The layer takes samples for steps: batch_first is missing.",
        "Batches are (B, T, I) here: pass batch_first=True. Without it one sample changes another's output, and nothing complains.",
        batch_first=False,
    ),
    slip(
        "dropout-on-one-layer",
        "The dropout of a one-layer LSTM does nothing: it acts between layers only.",
        "Apply an nn.Dropout(p) to the output.",
        dropout_inside=True,
        seen=("pytorch/pytorch#961", "allenai/allennlp#2768"),
    ),
    slip("drops-the-wrong-share", share=lambda p: 1 - p),
    slip(
        "share-written-in",
        "A half is dropped, whatever p is.",
        "nn.Dropout(p): without an argument it drops a half.",
        share=lambda p: 0.5,
    ),
    slip(
        "drops-whole-steps",
        "All numbers of a step are dropped together.",
        "nn.Dropout gives each number its own luck; Dropout1d drops whole rows.",
        drop=nn.Dropout1d,
    ),
    slip("sizes-swapped", sizes=lambda I, H: (H, I)),
    slip(
        "made-in-evaluation",
        "A module is handed over in evaluation mode, so it drops nothing until somebody calls train().",
        "Leave the module as it is made; whoever evaluates calls eval().",
        drop=lambda p: nn.Dropout(p).eval(),
    ),
    slip(
        "layer-added-for-dropout",
        "A second layer was added, so that the dropout has something to act between.",
        "That silences the warning with another network. Keep one layer, and apply nn.Dropout(p) to its output.",
        whole=_two_layers,
    ),
    slip("layer-added-for-dropout", whole=_two_layers_and_dropout),
    slip(
        "dropout-on-one-layer", whole=_dropped_twice, detail="It is set beside the one that works."
    ),
]
