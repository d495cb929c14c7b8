"""Weights between a layer of torch and a live layer of another framework."""

from torch import nn

from gates.exchange.convert import CannotCome, convert
from gates.exchange.packages import NEEDS, here, torch
from gates.exchange.rows import ROWS, Row


def bring(ours: nn.RNNBase, theirs: object, depth: int = 0) -> object:
    """Put the weights of one layer of torch, in all its directions, into a layer of another framework.

    depth: which layer of torch's stack. Returns the layer with these weights: the one handed in, changed, or a new one
    where the framework's layers cannot be changed. Raises CannotCome where it computes something else, and ValueError
    where the sizes or the number of directions differ.
    """
    source, target = torch.row_of(ours), row_of(theirs)
    if source is None:
        raise ValueError("A projected LSTM has no counterpart in any row.")
    package = here(target.package)
    new = [convert(one, source.name, target.name) for one in torch.arrays(ours, depth)]
    old = package.arrays(theirs)
    if len(new) != len(old):
        raise ValueError(
            f"torch's layer has {_ways(len(new))} and the other one {_ways(len(old))}."
        )
    for of_new, of_old in zip(new, old, strict=True):
        if lost := [name for name in of_new.keys() - of_old.keys() if of_new[name].any()]:
            raise CannotCome(
                f"This {target.name} was built without {', '.join(sorted(lost))}, and torch's layer has a bias: "
                "build it with one."
            )
        for name, array in of_old.items():
            if of_new[name].shape != array.shape:
                raise ValueError(
                    f"{name} of {target.name} has the shape {array.shape} and torch's weights make "
                    f"{of_new[name].shape}: build it with the same input and hidden sizes."
                )
    return package.put(
        theirs, [{name: one[name] for name in of} for one, of in zip(new, old, strict=True)]
    )


def fetch(theirs: object) -> nn.RNNBase:
    """A layer of torch.nn with the weights of a layer of another framework, in one direction or in both.

    Raises CannotCome where torch has no layer that computes the same.
    """
    source = row_of(theirs)
    target = next(
        (one for one in ROWS.values() if one.package == "torch" and one.kind == source.kind), None
    )
    target = target or ROWS["torch " + {"gru": "GRU", "lstm": "LSTM", "rnn": "RNN"}[source.cell]]
    new = [convert(one, source.name, target.name) for one in here(source.package).arrays(theirs)]
    I, H = new[0]["weight_ih"].shape[1], new[0]["weight_hh"].shape[1]
    return torch.put(torch.made(target, I, H, len(new) == 2), new)


def row_of(layer: object) -> Row:
    """The row of a live layer of any framework. Raises ValueError for what has none."""
    one = layer[0] if isinstance(layer, tuple) and layer else layer
    places = {part for cls in type(one).__mro__ for part in cls.__module__.split(".")}
    for package in NEEDS:
        if package in places and (found := here(package).row_of(layer)):
            return found
    raise ValueError(
        f"{type(one).__module__}.{type(one).__name__} has no row of its own: `python -m gates.audit` finds by "
        "experiment which one it follows."
    )


def _ways(count: int) -> str:
    return "one direction" if count == 1 else "two directions"
