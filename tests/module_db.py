"""torch's own database of module inputs, run against our layers. A program of its own: importing the database
changes settings for the whole process. Prints a line for each case that was compared; a difference raises."""

import sys

import torch
from torch import nn
from torch.testing._internal.common_modules import module_db

from gates import layers
from gates.checks.comparing import tensors

OURS = {
    getattr(nn, name): getattr(layers, name)
    for name in ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")
}


def run(kind, case, training, readable):
    """Outputs and all gradients of one case, for torch's module or ours."""
    torch.manual_seed(0)
    made = kind(*case.constructor_input.args, **case.constructor_input.kwargs)
    made.to(torch.float64).train(training)
    if readable:
        made.readable = True
    inputs = [
        a.detach().requires_grad_() if isinstance(a, torch.Tensor) else a
        for a in case.forward_input.args
    ]
    torch.manual_seed(1)
    outputs = list(tensors(made(*inputs, **case.forward_input.kwargs)))
    sources = [*(i for i in inputs if isinstance(i, torch.Tensor)), *made.parameters()]
    total = sum((k + 1.7) * output.square().sum() for k, output in enumerate(outputs))
    return outputs, torch.autograd.grad(total, sources, allow_unused=True)


def main():
    for info in module_db:
        if info.module_cls not in OURS:
            continue
        for training in (True, False):
            cases = info.module_inputs_func(
                info, device="cpu", dtype=torch.float64, requires_grad=False, training=training
            )
            for case in cases:
                theirs = run(info.module_cls, case, training, False)
                for readable in (False, True):
                    ours = run(OURS[info.module_cls], case, training, readable)
                    torch.testing.assert_close(ours[0], theirs[0], rtol=0, atol=1e-12)
                    torch.testing.assert_close(list(ours[1]), list(theirs[1]), rtol=0, atol=1e-10)
                    print(
                        info.name,
                        "training" if training else "eval",
                        "readable" if readable else "fast",
                        case.desc,
                    )


if __name__ == "__main__":
    sys.exit(main())
