"""How `fit` and `train` are called: with each setting by its name, and in whatever surrounds the call."""

import contextlib
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import torch

Settings = ParamSpec("Settings")
Task, Cell, Budget, Found = map(TypeVar, ("Task", "Cell", "Budget", "Found"))


def takes(
    budget: Callable[Settings, Budget],
) -> Callable[
    [Callable[[Task, Cell, Budget], Found]], Callable[Concatenate[Task, Cell, Settings], Found]
]:
    """Make `function(task, cell, budget)` a `function(task, cell, **settings)`, whose signature and help have them all.

    budget: the class of the settings; its docstring says what they are, and is added to the function's.
    """

    def taking(function):
        task, cell, _ = inspect.signature(function).parameters.values()
        settings = inspect.signature(budget).parameters.values()
        signature = inspect.signature(function).replace(parameters=[task, cell, *settings])

        @wraps(function)
        def called(*args, **kwargs):
            try:
                given = signature.bind(*args, **kwargs).arguments
            except TypeError as reason:
                raise TypeError(f"{function.__name__}() {reason}") from None
            return function(given.pop(task.name), given.pop(cell.name), budget(**given))

        called.__signature__ = signature
        called.__doc__ = f"{inspect.cleandoc(function.__doc__)}\n\n{inspect.getdoc(budget)}\n"
        return called

    return taking


@contextlib.contextmanager
def as_usual() -> Iterator[None]:
    """Train with gradients and in full precision, whatever surrounds the call, and end an interruption with a sentence."""
    with torch.inference_mode(False), torch.enable_grad(), torch.autocast("cpu", enabled=False):
        try:
            yield
        except KeyboardInterrupt as stop:
            tell_of_stop(stop, "Stopped. Run this again, and it goes on from what was kept.")
            raise


def tell_of_stop(stop: KeyboardInterrupt, sentence: str) -> None:
    """Say in a sentence that training was stopped: a notebook shows it in place of the traceback, a script prints it."""
    if hasattr(stop, "_render_traceback_"):
        return
    notebook = sys.modules.get("IPython")
    if notebook is None or notebook.get_ipython() is None:
        print(sentence)
    stop._render_traceback_ = lambda: [sentence]
