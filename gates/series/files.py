"""A trained forecaster in a file with its scaling, so that it can forecast where nothing else is known of it."""

import os
from pathlib import Path

import numpy as np
import torch

from gates.series.learning import Trained
from gates.series.model import Forecaster
from gates.series.scaling import Scaling
from gates.training.models import ModelFileError, ModelFiles, put_together

__all__ = ["ModelFileError", "load", "save"]

_FILES = ModelFiles("forecaster", frozenset({"settings", "weights", "lag", "mean", "deviation"}))


def save(trained: Trained, file: str | os.PathLike) -> Path:
    """Write a forecaster, all or nothing; a folder that is not there is made.

    Returns where the file is. Where it cannot be written, ModelFileError.
    """
    scaling = trained.scaling
    return _FILES.save(
        file,
        settings=trained.model.settings,
        weights=trained.model.state_dict(),
        lag=scaling.lag,
        mean=torch.as_tensor(scaling.mean),
        deviation=torch.as_tensor(scaling.deviation),
    )


def load(file: str | os.PathLike) -> Trained:
    """The forecaster that `save` has written.

    Nothing in the file is run as a program, so that it may come from a stranger. A file that is missing, damaged, cut short
    or something else raises ModelFileError.
    """
    parts = _FILES.load(file)
    with put_together(file):
        model = Forecaster(**parts["settings"])
        model.load_state_dict(parts["weights"])
        mean, deviation = (parts[name].double().numpy() for name in ("mean", "deviation"))
        if {mean.shape, deviation.shape} != {(model.settings["I"],)} or parts["lag"] < 0:
            raise ValueError("The scaling is not that of the network.")
        if not (np.isfinite(mean).all() and (deviation > 0).all()):
            raise ValueError("The scaling is none.")
    return Trained(model.eval(), Scaling(parts["lag"], mean, deviation))
