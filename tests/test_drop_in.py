"""Every use of a recurrent layer is written once, and run on torch.nn's class and on ours.

A use gets `make`, which builds the layer under test with the same initial values each time, and gives back what a
program would look at: tensors, types, names, sentences. An error is an outcome, too: type and text. Both outcomes have
to be the same, and torch's has to be the one it has today, so that a use that torch stops serving shows as well.
"""

import contextlib
import copy
import io
import pickle
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from functools import cache

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd import forward_ad, functional, graph
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.utils import parametrizations, parametrize, prune
from torch.nn.utils.rnn import (
    PackedSequence,
    pack_padded_sequence,
    pack_sequence,
    pad_packed_sequence,
)
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from gates import fast, layers

I, H, T, B = 4, 6, 5, 3
NETWORKS, CELLS = ("LSTM", "GRU", "RNN"), ("LSTMCell", "GRUCell", "RNNCell")
Make = Callable[..., nn.Module]
USES: dict[str, Callable[[Make], object]] = {}
USES_OF_CELLS: dict[str, Callable[[Make], object]] = {}
# What torch refuses, and for which classes; ours may serve it, or refuse it with the same words.
NOT_ON_THIS_PROCESSOR = "could not create a primitive"
TORCH_REFUSES: dict[str, tuple[str, ...]] = {}
NOT_SERVED: dict[str, Callable[[nn.Module, nn.Module], None]] = {}
# Uses of a precision in which two orders of summation differ visibly.
COARSE = {"bfloat16": 3e-2, "float16": 4e-3, "autocast": 3e-2}


def use(refused: tuple[str, ...] = (), of: dict | None = None) -> Callable:
    """Enter a function among the uses, under its name in words."""

    def enter(function: Callable) -> Callable:
        name = function.__name__.strip("_").replace("_", " ")
        (USES if of is None else of)[name] = function
        TORCH_REFUSES[name] = refused
        return function

    return enter


# What uses share


def made(library: object, kind: str) -> Make:
    """A function that builds a layer of that library, always with the same initial values."""
    layer_class = getattr(library, kind)

    def make(*sizes: int, as_class: Callable = lambda cls: cls, **options) -> nn.Module:
        torch.manual_seed(0)
        return as_class(layer_class)(*(sizes or (I, H)), **options)

    make.kind, make.layer_class = kind, layer_class
    return make


def x_of(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 1, grad: bool = False):
    generator = torch.Generator().manual_seed(seed)
    values = torch.randn(*(shape or (T, B, I)), generator=generator, dtype=dtype)
    return values.requires_grad_(grad)


def state_of(make: Make, *lead: int, width: int = H, dtype: torch.dtype = torch.float32):
    """A state of the kind that the layer takes."""
    h, c = (x_of(*(lead or (1, B)), width, dtype=dtype, seed=k) for k in (2, 3))
    return (h, c) if make.kind.startswith("LSTM") else h


def flat(value: object) -> Iterator[object]:
    """The leaves of a nested outcome."""
    if isinstance(value, PackedSequence):
        value = tuple(part for part in value if part is not None)
    if isinstance(value, dict):
        value = tuple(value.items())
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from flat(part)
    else:
        yield value


def numbers(value: object) -> list[Tensor]:
    return [t for t in flat(value) if isinstance(t, Tensor) and t.dtype.is_floating_point]


def total(outputs: object) -> Tensor:
    """One number that depends on every output, each in another way."""
    found = [t for t in flat(outputs) if isinstance(t, Tensor)]
    real = [(t.abs() if t.is_complex() else t).float() for t in found if t.dtype is not torch.int64]
    return sum((k + 1) * (t.square().sum() + t.sum()) for k, t in enumerate(real))


def gradients(layer: nn.Module) -> list[Tensor]:
    return [parameter.grad for parameter in layer.parameters()]


def trained(layer: nn.Module, x: Tensor | None = None, hx: object = None) -> object:
    """Outputs, and the gradients of all parameters."""
    outputs = layer(x_of() if x is None else x, hx)
    total(outputs).backward()
    return outputs, gradients(layer)


# Classes made from the layer


@use()
def a_subclass(make: Make) -> object:
    return trained(make(as_class=lambda cls: type("Mine", (cls,), {})))


@use()
def a_subclass_of_a_subclass(make: Make) -> object:
    mine = lambda cls: type("Mine", (cls,), {})  # noqa: E731
    return trained(make(as_class=lambda cls: mine(mine(cls))))


@use()
def a_mixin_before_the_layer(make: Make) -> object:
    class Doubled:
        def forward(self, input, hx=None):
            return super().forward(2 * input, hx)

    return trained(make(as_class=lambda cls: type("Mine", (Doubled, cls), {})))


@use()
def a_subclass_with_a_forward_of_its_own(make: Make) -> object:
    def subclass(cls):
        class Mine(cls):
            def __init__(self, size: int, H: int) -> None:
                super().__init__(size, H, num_layers=2, dropout=0.5)
                self.head = nn.Linear(H, 2)

            def forward(self, input, hx=None):
                output, state = super().forward(input, hx)
                return self.head(output), state

        return Mine

    return trained(make(as_class=subclass))


@use()
def being_an_instance_of_torchs_class(make: Make) -> object:
    layer = make()
    return isinstance(layer, getattr(nn, make.kind)), isinstance(layer, nn.RNNBase)


# Parameters that are something else


class Halved(nn.Module):
    def forward(self, weight: Tensor) -> Tensor:
        return weight / 2


@use()
def weight_norm_on_the_recurrent_matrix(make: Make) -> object:
    return trained(parametrizations.weight_norm(make(), "weight_hh_l0"))


@use()
def orthogonal_recurrent_matrix(make: Make) -> object:
    return trained(parametrizations.orthogonal(make(), "weight_hh_l0"))


@use()
def spectral_norm_on_the_recurrent_matrix(make: Make) -> object:
    return trained(parametrizations.spectral_norm(make(), "weight_hh_l0"))


@use()
def a_parametrization_of_ones_own(make: Make) -> object:
    layer = make(bidirectional=True)
    parametrize.register_parametrization(layer, "bias_ih_l0_reverse", Halved())
    return trained(layer)


@use()
def a_parametrization_removed_again(make: Make) -> object:
    layer = parametrizations.weight_norm(make(), "weight_hh_l0")
    parametrize.remove_parametrizations(layer, "weight_hh_l0")
    return trained(layer), type(layer).__name__


@use()
def weight_norm_in_the_old_way(make: Make) -> object:
    with warnings.catch_warnings(action="ignore"):
        return trained(nn.utils.weight_norm(make(), "weight_hh_l0"))


@use()
def pruning(make: Make) -> object:
    return trained(prune.l1_unstructured(make(), "weight_hh_l0", amount=0.5))


@use()
def dropped_weights_written_before_each_call(make: Make) -> object:
    layer = make()
    raw = nn.Parameter(layer.weight_hh_l0.detach().clone())
    del layer._parameters["weight_hh_l0"]
    torch.manual_seed(3)
    layer.weight_hh_l0 = F.dropout(raw, 0.5)
    total(layer(x_of())).backward()
    return raw.grad, gradients(layer)


@use()
def a_matrix_that_two_layers_share(make: Make) -> object:
    layer = make(H, H, num_layers=2)
    layer.weight_hh_l1 = layer.weight_hh_l0
    return trained(layer, x_of(T, B, H))


@use()
def parameters_replaced_for_one_call(make: Make) -> object:
    layer = make()
    others = {name: 2 * value.detach() for name, value in layer.named_parameters()}
    return torch.func.functional_call(layer, others, (x_of(),)), layer(x_of())


@use()
def parameters_as_one_vector(make: Make) -> object:
    layer = make()
    vector = nn.utils.parameters_to_vector(layer.parameters())
    nn.utils.vector_to_parameters(vector / 2, layer.parameters())
    return layer(x_of()), vector


@use()
def frozen_weights(make: Make) -> object:
    layer, x = make().requires_grad_(False), x_of(grad=True)
    total(layer(x)).backward()
    return x.grad, [parameter.grad is None for parameter in layer.parameters()]


@use()
def some_weights_frozen(make: Make) -> object:
    layer = make()
    layer.weight_hh_l0.requires_grad_(False)
    total(layer(x_of())).backward()
    return [(p.grad is None, p.grad if p.grad is not None else 0) for p in layer.parameters()]


# Copies, files, types, devices


@use()
def a_deep_copy(make: Make) -> object:
    layer = make()
    other = copy.deepcopy(layer)
    with torch.no_grad():
        other.weight_hh_l0.mul_(2)
    return trained(other), layer(x_of())


@use()
def pickling(make: Make) -> object:
    return trained(pickle.loads(pickle.dumps(make(num_layers=2))))


@use()
def a_state_saved_and_loaded_with_weights_only(make: Make) -> object:
    file = io.BytesIO()
    torch.save(make().state_dict(), file)
    file.seek(0)
    layer = make(I, H)
    layer.reset_parameters()
    told = layer.load_state_dict(torch.load(file, weights_only=True))
    return trained(layer), str(told)


@use()
def a_state_assigned(make: Make) -> object:
    layer, state = make(), {k: 2 * v for k, v in make().state_dict().items()}
    layer.load_state_dict(state, assign=True)
    return trained(layer)


@use()
def names_order_and_text(make: Make) -> object:
    layer = make(num_layers=2, bidirectional=True, dropout=0.2, batch_first=True)
    names = [(name, tuple(p.shape)) for name, p in layer.named_parameters()]
    return repr(layer), names, [[p.shape for p in row] for row in layer.all_weights]


@use()
def initial_values_drawn_again(make: Make) -> object:
    layer = make(num_layers=2)
    torch.manual_seed(7)
    layer.reset_parameters()
    return list(layer.parameters())


@use()
def moved_to_float64(make: Make) -> object:
    return trained(make().double(), x_of(dtype=torch.float64))


@use()
def bfloat16(make: Make) -> object:
    return trained(make(dtype=torch.bfloat16), x_of().bfloat16())


@use()
def bfloat16_without_gradients(make: Make) -> object:
    with torch.no_grad():
        return make(num_layers=2, dtype=torch.bfloat16)(x_of().bfloat16())


@use()
def float16(make: Make) -> object:
    return make(dtype=torch.float16)(x_of().half())


@use()
def complex_numbers(make: Make) -> object:
    layer, x = make(dtype=torch.complex128), x_of(dtype=torch.complex128)
    y = layer(x)
    sum(t.abs().square().sum() for t in flat(y)).backward()
    return y, gradients(layer)


@use()
def complex_numbers_and_gradcheck(make: Make) -> object:
    layer = make(2, 2, dtype=torch.complex128)
    x = x_of(2, 1, 2, dtype=torch.complex128, grad=True)
    return torch.autograd.gradcheck(lambda v: layer(v)[0], (x,))


@use()
def the_meta_device(make: Make) -> object:
    layer = make(device="meta", num_layers=2)
    return [(t.shape, str(t.device)) for t in flat(layer(torch.empty(T, B, I, device="meta")))]


@use()
def made_empty_and_filled_later(make: Make) -> object:
    layer = make(device="meta").to_empty(device="cpu")
    layer.load_state_dict(make().state_dict())
    return trained(layer)


# Autocast


@use()
def autocast(make: Make) -> object:
    with torch.autocast("cpu", torch.bfloat16):
        return make()(x_of())


@use()
def autocast_behind_a_linear_layer(make: Make) -> object:
    layer, before = make(num_layers=2, bidirectional=True), nn.Linear(I, I)
    nn.init.eye_(before.weight)
    with torch.autocast("cpu", torch.bfloat16):
        outputs = layer(before(x_of()))
    total(outputs).backward()
    return outputs, [(g.dtype, g.shape) for g in gradients(layer)]


@use()
def autocast_with_packed_sequences(make: Make) -> object:
    with torch.autocast("cpu", torch.bfloat16):
        return make()(pack_sequence([x_of(5, I), x_of(3, I)]))


@use()
def autocast_with_a_state_in_float32(make: Make) -> object:
    with torch.autocast("cpu", torch.bfloat16):
        return make()(x_of(), state_of(make))


@use()
def autocast_without_gradients_and_off_inside(make: Make) -> object:
    layer = make(batch_first=True)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        inside = layer(x_of())
        with torch.autocast("cpu", enabled=False):
            return inside, layer(x_of())


@use()
def autocast_in_float64(make: Make) -> object:
    with torch.autocast("cpu", torch.bfloat16):
        return make(dtype=torch.float64)(x_of(dtype=torch.float64))


# Programs that look at how the layer computes


@use()
def jit_trace(make: Make) -> object:
    with warnings.catch_warnings(action="ignore"):
        traced = torch.jit.trace(make().eval(), (x_of(),))
    return traced(x_of(seed=5))


@use()
def jit_trace_with_another_batch(make: Make) -> object:
    with warnings.catch_warnings(action="ignore"):
        traced = torch.jit.trace(
            make(batch_first=True, bidirectional=True).eval(), (x_of(3, T, I),)
        )
    return traced(x_of(7, T, I))


@use()
def export(make: Make) -> object:
    program = torch.export.export(make().eval(), (x_of(),))
    return program.module()(x_of(seed=5))


@use()
def export_with_any_number_of_samples(make: Make) -> object:
    shapes = ({1: torch.export.Dim("batch")},)
    program = torch.export.export(make(num_layers=2).eval(), (x_of(),), dynamic_shapes=shapes)
    return program.module()(x_of(T, 8, I))


@use()
def export_and_another_number_of_steps(make: Make) -> object:
    program = torch.export.export(make().eval(), (x_of(),))
    try:
        program.module()(x_of(T + 2, B, I))
    except Exception as problem:
        return type(problem).__name__


@use()
def compile_without_a_backend(make: Make) -> object:
    torch._dynamo.reset()
    layer = make()
    return torch.compile(layer, backend="eager")(x_of()), trained(layer)


@use()
def make_fx_of_the_layer(make: Make) -> object:
    layer = make(dtype=torch.float64).requires_grad_(False)
    graph_of_it = make_fx(lambda v: layer(v))(x_of(dtype=torch.float64))
    return graph_of_it(x_of(dtype=torch.float64, seed=5))


@use()
def fake_tensors(make: Make) -> object:
    with torch._subclasses.fake_tensor.FakeTensorMode():
        return [tuple(t.shape) for t in flat(make(bidirectional=True)(torch.empty(T, B, I)))]


@use()
def a_tensor_of_a_class_of_ones_own(make: Make) -> object:
    class Named(Tensor):
        pass

    output = make()(x_of().as_subclass(Named))
    return [type(t).__name__ for t in flat(output)], [t.as_subclass(Tensor) for t in flat(output)]


@use()
def counting_operations_in_float64(make: Make) -> object:
    counter = FlopCounterMode(display=False)
    layer = make(dtype=torch.float64)
    with counter:
        total(layer(x_of(dtype=torch.float64))).backward()
    return counter.get_total_flops()


# torch.func, forward mode, higher derivatives


def scalar(layer: nn.Module) -> Callable:
    return lambda values: total(layer(values)).double()


@use()
def func_grad(make: Make) -> object:
    return torch.func.grad(scalar(make()))(x_of())


@use()
def func_grad_of_the_parameters(make: Make) -> object:
    layer, x = make(), x_of()
    weights = {name: value.detach() for name, value in layer.named_parameters()}
    loss = lambda w: total(torch.func.functional_call(layer, w, (x,)))  # noqa: E731
    return torch.func.grad(loss)(weights)


@use()
def func_jacrev(make: Make) -> object:
    return torch.func.jacrev(lambda v: make()(v)[0])(x_of())


@use()
def func_jacrev_in_float64(make: Make) -> object:
    layer = make(dtype=torch.float64)
    return torch.func.jacrev(lambda v: layer(v)[0])(x_of(dtype=torch.float64))


@use(refused=("LSTM",))
def func_jacfwd(make: Make) -> object:
    layer = make()
    return torch.func.jacfwd(lambda v: layer(v)[0])(x_of())


@use()
def func_jacfwd_in_float64(make: Make) -> object:
    layer = make(dtype=torch.float64)
    return torch.func.jacfwd(lambda v: layer(v)[0])(x_of(dtype=torch.float64))


@use()
def func_hessian(make: Make) -> object:
    layer = make(2, 3, dtype=torch.float64)
    return torch.func.hessian(scalar(layer))(x_of(3, 2, 2, dtype=torch.float64))


@use()
def func_vjp(make: Make) -> object:
    output, back = torch.func.vjp(lambda v: make()(v)[0], x_of())
    return output, back(torch.ones_like(output))


@use(refused=("LSTM",))
def func_jvp(make: Make) -> object:
    layer = make()
    return torch.func.jvp(lambda v: layer(v)[0], (x_of(),), (x_of(seed=4),))


@use(refused=("LSTM", "GRU", "RNN"))
def vmap_over_samples(make: Make) -> object:
    layer = make()
    return torch.func.vmap(lambda v: layer(v)[0], in_dims=1, out_dims=1)(x_of())


@use(refused=("GRU", "RNN"))
def gradients_of_each_sample(make: Make) -> object:
    layer = make()
    weights = {name: value.detach() for name, value in layer.named_parameters()}
    loss = lambda w, v: total(torch.func.functional_call(layer, w, (v[:, None],)))  # noqa: E731
    return torch.func.vmap(torch.func.grad(loss), in_dims=(None, 1))(weights, x_of())


@use(refused=("LSTM", "GRU", "RNN"))
def an_ensemble_by_vmap(make: Make) -> object:
    members = [make() for _ in range(2)]
    weights, _ = torch.func.stack_module_state(members)
    call = lambda w: torch.func.functional_call(members[0], w, (x_of(),))[0]  # noqa: E731
    return torch.func.vmap(call)(weights)


@use()
def dual_numbers(make: Make) -> object:
    layer = make(dtype=torch.float64)
    with forward_ad.dual_level():
        x = forward_ad.make_dual(x_of(dtype=torch.float64), x_of(dtype=torch.float64, seed=4))
        return [tuple(forward_ad.unpack_dual(t)) for t in flat(layer(x))]


@use()
def a_gradient_penalty(make: Make) -> object:
    layer, x = make(dtype=torch.float64), x_of(dtype=torch.float64, grad=True)
    (dx,) = torch.autograd.grad(total(layer(x)).double(), x, create_graph=True)
    dx.norm().backward()
    return dx, gradients(layer)


@use()
def gradcheck_and_gradgradcheck(make: Make) -> object:
    layer = make(2, 2, dtype=torch.float64)
    x = x_of(3, 2, 2, dtype=torch.float64, grad=True)
    run = lambda v: tuple(flat(layer(v)))  # noqa: E731
    return torch.autograd.gradcheck(run, x), torch.autograd.gradgradcheck(run, x)


@use()
def batched_gradients(make: Make) -> object:
    layer, x = make(), x_of(grad=True)
    y = layer(x)[0]
    along = torch.stack([torch.ones_like(y), x_of(*y.shape, seed=6)])
    sources = [x, *layer.parameters()]
    return torch.autograd.grad(y, sources, along, is_grads_batched=True)


@use()
def batched_gradients_in_float64(make: Make) -> object:
    layer, x = make(dtype=torch.float64), x_of(dtype=torch.float64, grad=True)
    y = layer(x)[0]
    along = torch.stack([torch.ones_like(y), x_of(*y.shape, dtype=torch.float64, seed=6)])
    return torch.autograd.grad(y, [x, *layer.parameters()], along, is_grads_batched=True)


@use()
def a_jacobian_row_by_row(make: Make) -> object:
    layer = make()
    return functional.jacobian(lambda v: layer(v)[0], x_of(2, 1, I))


# Gradients that a program works on


@use()
def gradients_scaled_in_place_together(make: Make) -> object:
    layer = make(bidirectional=True)
    grads = list(torch.autograd.grad(total(layer(x_of())), list(layer.parameters())))
    torch._foreach_mul_(grads, 0.1)
    return grads


@use()
def gradients_scaled_in_place_by_hooks(make: Make) -> object:
    layer = make()
    for parameter in layer.parameters():
        parameter.register_hook(lambda g: g.mul_(0.1))
    return trained(layer)


@use()
def gradients_assigned_and_clipped(make: Make) -> object:
    layer = make(num_layers=2)
    grads = torch.autograd.grad(total(layer(x_of())), list(layer.parameters()))
    for parameter, grad in zip(layer.parameters(), grads, strict=True):
        parameter.grad = grad
    norm = nn.utils.clip_grad_norm_(layer.parameters(), 0.1)
    return norm, gradients(layer)


@use()
def gradients_of_several_batches_added(make: Make) -> object:
    layer = make()
    for seed in range(3):
        total(layer(x_of(seed=seed))).backward()
        for parameter in layer.parameters():
            parameter.grad.mul_(0.5)
    return gradients(layer)


@use()
def gradients_viewed_as_vectors(make: Make) -> object:
    layer = make(num_layers=2, bidirectional=True)
    grads = torch.autograd.grad(total(layer(x_of())), list(layer.parameters()))
    return [g.view(-1) for g in grads], [g.is_contiguous() for g in grads]


@use()
def gradients_with_memory_of_their_own(make: Make) -> object:
    layer, x, hx = make(dtype=torch.float64), x_of(dtype=torch.float64, grad=True), None
    grads = torch.autograd.grad(layer(x, hx)[0].sum(), [x, *layer.parameters()])
    return len({g.untyped_storage().data_ptr() for g in grads}) == len(grads)


@use()
def a_hook_after_accumulation(make: Make) -> object:
    layer, seen = make(), []
    for parameter in layer.parameters():
        parameter.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    total(layer(x_of())).backward()
    return sorted(seen, key=lambda g: g.sum().item())


@use()
def hooks_of_the_module(make: Make) -> object:
    layer, seen = make(), []
    layer.register_forward_pre_hook(lambda module, inputs: (2 * inputs[0],))
    layer.register_forward_hook(lambda module, inputs, outputs: seen.append(outputs[0].detach()))
    layer.register_full_backward_hook(lambda module, ins, outs: seen.append(outs[0]))
    x = x_of(grad=True)
    layer(x)[0].square().sum().backward()
    return seen, x.grad


@use()
def a_graph_used_twice(make: Make) -> object:
    layer = make(dtype=torch.float64)
    loss = total(layer(x_of(dtype=torch.float64)))
    loss.backward(retain_graph=True)
    loss.backward()
    return gradients(layer)


@use()
def a_graph_used_twice_without_keeping_it(make: Make) -> object:
    loss = total(make()(x_of()))
    loss.backward()
    try:
        loss.backward()
    except RuntimeError as problem:
        return str(problem)[:60]


@use()
def checkpointing(make: Make) -> object:
    layer, x = make(num_layers=2, dropout=0.5), x_of(grad=True)
    torch.manual_seed(4)
    total(checkpoint(layer, x, use_reentrant=False)).backward()
    return x.grad, gradients(layer)


@use()
def checkpointing_in_the_old_way(make: Make) -> object:
    layer, x = make(), x_of(grad=True)
    total(checkpoint(layer, x, use_reentrant=True)).backward()
    return x.grad, gradients(layer)


@use()
def kept_tensors_moved_away(make: Make) -> object:
    layer = make()
    with graph.save_on_cpu():
        return trained(layer)


@use()
def anomaly_detection(make: Make) -> object:
    with warnings.catch_warnings(action="ignore"), torch.autograd.detect_anomaly():
        return trained(make())


@use(refused=("LSTM",))
def an_output_changed_in_place(make: Make) -> object:
    layer = make()
    output, _ = layer(x_of())
    output.mul_(2).square().sum().backward()
    return gradients(layer)


@use()
def an_output_changed_in_place_without_gradients(make: Make) -> object:
    layer = make(bidirectional=True)
    with torch.no_grad():
        y, h = layer(x_of())
        y.zero_()
        return y, h, layer(x_of())


@use()
def a_state_that_shares_no_memory_with_the_output(make: Make) -> object:
    with torch.no_grad():
        states = []
        for dtype in (torch.float32, torch.float64):
            output, state = make(dtype=dtype)(x_of(dtype=dtype))
            output.zero_()
            states.append(state)
        return states


@use()
def inputs_left_as_they_were(make: Make) -> object:
    layer, x, hx = make(), x_of(), state_of(make)
    with torch.no_grad():
        layer(x, hx)
    trained(layer, x, hx)
    return x, hx, list(layer.parameters())


@use()
def a_backward_after_the_weights_have_moved(make: Make) -> object:
    layer = make(dtype=torch.float64)
    loss = total(layer(x_of(dtype=torch.float64)))
    with torch.no_grad():
        layer.weight_hh_l0.mul_(2)
    try:
        loss.backward()
    except RuntimeError as problem:
        return "modified by an inplace operation" in str(problem)
    return "no error"


# Training


def stepped(layer: nn.Module, optimizer: torch.optim.Optimizer, steps: int = 3) -> list[Tensor]:
    for k in range(steps):
        optimizer.zero_grad()
        total(layer(x_of(seed=k))).backward()
        optimizer.step()
    return list(layer.parameters())


@use()
def adam(make: Make) -> object:
    layer = make(num_layers=2)
    return stepped(layer, torch.optim.Adam(layer.parameters(), 1e-3))


@use()
def a_fused_optimizer(make: Make) -> object:
    layer = make()
    return stepped(layer, torch.optim.SGD(layer.parameters(), 1e-3, momentum=0.9, fused=True))


@use()
def lbfgs(make: Make) -> object:
    layer = make(dtype=torch.float64)
    x = x_of(dtype=torch.float64)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=3)

    def closure():
        optimizer.zero_grad()
        loss = layer(x)[0].square().mean()
        loss.backward()
        return loss

    return optimizer.step(closure), list(layer.parameters())


@use()
def a_gradient_scaler(make: Make) -> object:
    layer, scaler = make(), torch.amp.GradScaler("cpu", init_scale=8.0)
    optimizer = torch.optim.SGD(layer.parameters(), 1e-2)
    scaler.scale(total(layer(x_of()))).backward()
    scaler.step(optimizer)
    scaler.update()
    return list(layer.parameters())


@use()
def dropout_masks(make: Make) -> object:
    layer = make(num_layers=3, dropout=0.4, bidirectional=True)
    torch.manual_seed(5)
    first = trained(layer)
    return first, layer.eval()(x_of())


@use()
def a_state_carried_from_chunk_to_chunk(make: Make) -> object:
    layer, state, losses = make(), None, []
    for chunk in x_of(12, B, I).split(4):
        output, state = layer(chunk, state)
        total(output).backward()
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        losses.append(output.sum())
    return losses, gradients(layer)


@use()
def one_step_at_a_time(make: Make) -> object:
    layer, state, outputs = make(num_layers=2), None, []
    with torch.no_grad():
        for x in x_of():
            output, state = layer(x[None], state)
            outputs.append(output)
        return torch.cat(outputs), state, layer(x_of())


@use()
def two_threads_at_once(make: Make) -> object:
    layer, results = make(), {}

    def run(k: int) -> None:
        with torch.no_grad():
            results[k] = layer(x_of(seed=k))

    threads = [threading.Thread(target=run, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[k] for k in range(2)]


# Inputs


@use()
def no_gradients(make: Make) -> object:
    with torch.no_grad():
        y = make(num_layers=2, bidirectional=True)(x_of(), None)
    return y, [t.requires_grad for t in flat(y)]


@use()
def inference_mode(make: Make) -> object:
    with torch.inference_mode():
        y = make(batch_first=True)(x_of())
    return [t.clone() for t in flat(y)], [t.is_inference() for t in flat(y)]


@use()
def without_biases(make: Make) -> object:
    with torch.no_grad():
        unwatched = make(bias=False)(x_of())
    return unwatched, trained(make(bias=False))


@use()
def an_empty_batch(make: Make) -> object:
    layer = make(num_layers=2, bidirectional=True)
    return trained(layer, torch.zeros(T, 0, I))


@use()
def an_empty_batch_without_gradients(make: Make) -> object:
    with torch.no_grad():
        return make(batch_first=True)(torch.zeros(0, T, I))


@use()
def one_step_one_sample(make: Make) -> object:
    return trained(make(1, 1), x_of(1, 1, 1))


@use()
def an_unbatched_sequence(make: Make) -> object:
    state = state_of(make, 1)
    return trained(make(), x_of(T, I)), trained(make(), x_of(T, I), state)


@use()
def a_state_in_a_list(make: Make) -> object:
    state = state_of(make)
    state = list(state) if isinstance(state, tuple) else state
    return trained(make(), None, state)


@use()
def a_state_in_a_list_for_packed_sequences(make: Make) -> object:
    state = state_of(make, 1, 2)
    state = list(state) if isinstance(state, tuple) else state
    return trained(make(), pack_sequence([x_of(4, I), x_of(2, I)]), state)


@use()
def a_state_expanded_from_one(make: Make) -> object:
    state = state_of(make, 1, 1)
    wide = lambda s: s.expand(1, B, H)  # noqa: E731
    return trained(
        make(), None, tuple(map(wide, state)) if isinstance(state, tuple) else wide(state)
    )


@use()
def an_input_seen_through_strides(make: Make) -> object:
    x = x_of(2 * T, B, 2 * I)[::2, :, ::2]
    with torch.no_grad():
        unwatched = make()(x)
    return unwatched, trained(make(), x), trained(make(batch_first=True), x.transpose(0, 1))


@use()
def an_input_that_is_expanded(make: Make) -> object:
    return trained(make(), x_of(1, B, I).expand(T, B, I))


@use()
def packed_sequences(make: Make) -> object:
    packed = pack_sequence([x_of(n, I) for n in (2, 5, 1)], enforce_sorted=False)
    with torch.no_grad():
        unwatched = make(bidirectional=True)(packed)
    return unwatched, trained(make(num_layers=2, bidirectional=True), packed)


@use()
def padded_and_packed_and_back(make: Make) -> object:
    packed = pack_padded_sequence(x_of(B, T, I), [5, 3, 3], batch_first=True)
    output, state = make(batch_first=True)(packed)
    return pad_packed_sequence(output, batch_first=True, total_length=7), state


@use()
def a_projection_or_another_squashing(make: Make) -> object:
    option = {"LSTM": {"proj_size": 3}, "RNN": {"nonlinearity": "relu"}}.get(make.kind, {})
    with torch.no_grad(), warnings.catch_warnings(action="ignore"):
        unwatched = make(num_layers=2, bidirectional=True, **option)(x_of())
        return unwatched, [t.shape for t in flat(make(**option)(x_of()))]


@use()
def large_numbers(make: Make) -> object:
    with torch.no_grad():
        return make()(1e4 * x_of())


@use()
def numbers_that_are_none(make: Make) -> object:
    x = x_of()
    x[1, 0, 0] = float("nan")
    with torch.no_grad():
        return make()(x)


# Errors


def error_of(call: Callable) -> tuple[str, str]:
    try:
        call()
    except Exception as problem:
        return type(problem).__name__, str(problem)
    return "no error", ""


@use()
def errors_about_the_input(make: Make) -> object:
    wrong = [x_of(T, B, I + 1), x_of(2, T, B, I), x_of(I), x_of(0, B, I), x_of(dtype=torch.float64)]
    wrong += [torch.zeros(T, B, I, dtype=torch.int64)]
    return [error_of(lambda x=x: make()(x)) for x in wrong]


@use()
def errors_about_the_state(make: Make) -> object:
    shapes = [(1, B + 1, H), (2, B, H), (1, B, H + 1), (B, H), (1, 1, B, H)]
    wrong = [state_of(make, *lead, width=width) for *lead, width in shapes]
    return [error_of(lambda s=s: make()(x_of(), s)) for s in wrong]


@use()
def errors_about_the_kind_of_state(make: Make) -> object:
    h = x_of(1, B, H)
    return [error_of(lambda s=s: make()(x_of(), s)) for s in ((h, h, h), (h,))]


@use()
def errors_about_the_type_of_the_state(make: Make) -> object:
    state = state_of(make, dtype=torch.float64)
    kind, words = error_of(lambda: make()(x_of(), state))
    return kind, words if make.kind != "LSTM" else ""  # torch's LSTM tells of oneDNN's types


@use()
def errors_about_devices(make: Make) -> object:
    return error_of(lambda: make()(torch.empty(T, B, I, device="meta")))


@use()
def errors_of_the_constructor(make: Make) -> object:
    wrong = [{"num_layers": 0}, {"dropout": 2}, {"hidden_size": 0}, {"hidden_size": 2.5}]
    sizes = {"input_size": I, "hidden_size": H}
    return [error_of(lambda o=o: make.layer_class(**{**sizes, **o})) for o in wrong]


# Cells


cell_use = lambda refused=(): use(refused, USES_OF_CELLS)  # noqa: E731


def stepped_cell(layer: nn.Module, x: Tensor, state: object = None) -> object:
    outputs = layer(x, state)
    total(outputs).backward()
    return outputs, gradients(layer)


@cell_use()
def cell_subclass(make: Make) -> object:
    return stepped_cell(make(as_class=lambda cls: type("Mine", (cls,), {})), x_of(B, I))


@cell_use()
def cell_with_weight_norm(make: Make) -> object:
    return stepped_cell(parametrizations.weight_norm(make(), "weight_hh"), x_of(B, I))


@cell_use()
def cell_with_a_state(make: Make) -> object:
    return stepped_cell(make(), x_of(B, I), state_of(make, B))


@cell_use()
def cell_of_one_sample(make: Make) -> object:
    h, c = x_of(H, seed=2), x_of(H, seed=3)
    state = (h, c) if make.kind == "LSTMCell" else h
    return stepped_cell(make(bias=False), x_of(I)), make()(x_of(I), state)


@cell_use()
def cell_with_an_empty_batch(make: Make) -> object:
    return stepped_cell(make(), torch.zeros(0, I))


@cell_use()
def cell_in_bfloat16(make: Make) -> object:
    return make(dtype=torch.bfloat16)(x_of(B, I).bfloat16())


@cell_use()
def cell_with_complex_numbers(make: Make) -> object:
    return make(dtype=torch.complex128)(x_of(B, I, dtype=torch.complex128))


@cell_use()
def cell_under_autocast(make: Make) -> object:
    with torch.autocast("cpu", torch.bfloat16):
        return make()(x_of(B, I)), make()(x_of(B, I), state_of(make, B))


@cell_use()
def cell_traced(make: Make) -> object:
    with warnings.catch_warnings(action="ignore"):
        return torch.jit.trace(make(), (x_of(B, I),))(x_of(8, I))


@cell_use()
def cell_exported(make: Make) -> object:
    shapes = ({0: torch.export.Dim("batch")},)
    program = torch.export.export(make(), (x_of(B, I),), dynamic_shapes=shapes)
    return program.module()(x_of(8, I))


@cell_use()
def cell_differentiated_by_func(make: Make) -> object:
    cell = make(dtype=torch.float64)
    run = lambda v: next(flat(cell(v)))  # noqa: E731
    x = x_of(B, I, dtype=torch.float64)
    return torch.func.jacrev(run)(x), torch.func.jacfwd(run)(x), torch.func.hessian(scalar(cell))(x)


@cell_use(refused=("LSTMCell",))
def cell_under_vmap(make: Make) -> object:
    cell = make()
    return torch.func.vmap(lambda v: next(flat(cell(v[None]))))(x_of(B, I))


@cell_use()
def cell_errors(make: Make) -> object:
    x = x_of(B, I)
    calls = [
        lambda: make()(x_of(B, I + 1)),
        lambda: make()(x_of(T, B, I)),
        lambda: make()(x, state_of(make, 1)),
        lambda: make()(x, state_of(make, B + 1)),
        lambda: make()(x, state_of(make, B, width=H + 1)),
        lambda: make()(x, state_of(make, 1, B)),
        lambda: make()(x[0], state_of(make, B)),
        lambda: make()(x.double()),
    ]
    return [error_of(call) for call in calls]


# What else programs rely on


@use()
def the_memory_order_of_what_comes_back(make: Make) -> object:
    found = []
    for watched in (True, False):
        with torch.set_grad_enabled(watched):
            outputs = [make(bidirectional=True)(x_of()), make(batch_first=True)(x_of(B, T, I))]
            outputs += [make(num_layers=2)(x_of()), make()(x_of(T, I))]
            outputs += [make()(pack_sequence([x_of(4, I), x_of(2, I)]))[0].data]
        found += [t.stride() for t in flat(outputs) if t.is_floating_point()]
    return found


@use()
def the_output_viewed_as_rows(make: Make) -> object:
    output, state = make()(x_of())
    return output.view(T * B, H), [t.view(-1) for t in flat(state)]


@use()
def gradients_of_the_state(make: Make) -> object:
    hx = [t.requires_grad_() for t in flat(state_of(make))]
    output, _ = make()(x_of(), tuple(hx) if len(hx) > 1 else hx[0])
    return torch.autograd.grad(output.sum(), hx)


@use()
def a_loss_of_the_last_state_alone(make: Make) -> object:
    layer = make(num_layers=2)
    _, state = layer(x_of())
    next(flat(state))[-1].sum().backward()
    return gradients(layer)


@use()
def a_loss_of_the_last_memory_alone(make: Make) -> object:
    layer = make()
    *_, memory = flat(layer(x_of()))
    memory.sum().backward()
    return gradients(layer)


@use()
def a_loss_of_one_step_alone(make: Make) -> object:
    layer, x = make(), x_of(grad=True)
    layer(x)[0][2].sum().backward()
    return x.grad, gradients(layer)


@use()
def gradients_of_some_inputs_only(make: Make) -> object:
    layer = make()
    torch.autograd.backward(total(layer(x_of())), inputs=[layer.bias_ih_l0])
    return [g is None for g in gradients(layer)], layer.bias_ih_l0.grad


@use()
def a_gradient_kept_at_the_output(make: Make) -> object:
    output, _ = make()(x_of())
    output.retain_grad()
    output.square().sum().backward()
    return output.grad, output.is_leaf


@use()
def a_hook_on_several_gradients(make: Make) -> object:
    layer, seen = make(), []
    graph.register_multi_grad_hook(
        list(layer.parameters()), lambda grads: seen.extend(g.clone() for g in grads)
    )
    total(layer(x_of())).backward()
    return seen


@use()
def a_linear_map_around_a_point(make: Make) -> object:
    layer = make(dtype=torch.float64).requires_grad_(False)
    output, along = torch.func.linearize(lambda v: layer(v)[0], x_of(dtype=torch.float64))
    return output, along(x_of(dtype=torch.float64, seed=4))


@use()
def a_hessian_of_the_parameters(make: Make) -> object:
    layer = make(2, 2, dtype=torch.float64)
    weights = {name: value.detach() for name, value in layer.named_parameters()}
    x = x_of(3, 2, 2, dtype=torch.float64)
    loss = lambda w: total(torch.func.functional_call(layer, w, (x,))).double()  # noqa: E731
    return torch.func.hessian(loss)(weights)["weight_hh_l0"]["weight_hh_l0"]


@use()
def a_hessian_by_vectors(make: Make) -> object:
    layer = make(2, 3, dtype=torch.float64)
    x, v = x_of(3, 2, 2, dtype=torch.float64), x_of(3, 2, 2, dtype=torch.float64, seed=4)
    return functional.hvp(scalar(layer), x, v), functional.hessian(scalar(layer), x, vectorize=True)


@use(refused=("LSTM", "GRU"))
def a_jacobian_in_forward_mode(make: Make) -> object:
    layer = make(2, 3, dtype=torch.float64)
    run = lambda v: layer(v)[0]  # noqa: E731
    x = x_of(3, 2, 2, dtype=torch.float64)
    return functional.jacobian(run, x, vectorize=True, strategy="forward-mode")


@use()
def dual_numbers_in_the_weights(make: Make) -> object:
    layer, x = make(dtype=torch.float64), x_of(dtype=torch.float64)
    weights = {name: value.detach() for name, value in layer.named_parameters()}
    along = {name: torch.ones_like(value) for name, value in weights.items()}
    call = lambda w: torch.func.functional_call(layer, w, (x,))  # noqa: E731
    return torch.func.jvp(call, (weights,), (along,))


@use()
def conjugated_and_negated_views(make: Make) -> object:
    layer = make(dtype=torch.complex128)
    x = x_of(dtype=torch.complex128).conj()
    real = x.imag  # a view whose sign is turned lazily
    return layer(x), make(dtype=torch.float64)(real)


@use()
def a_parameter_replaced_by_another(make: Make) -> object:
    layer = make()
    layer.weight_hh_l0 = nn.Parameter(torch.eye(H).repeat(len(layer.weight_hh_l0) // H, 1))
    nn.init.zeros_(layer.bias_hh_l0)
    layer.weight_ih_l0.data = 2 * layer.weight_ih_l0.data
    layer.flatten_parameters()
    return trained(layer)


@use()
def there_and_back_in_half_precision(make: Make) -> object:
    return trained(make().half().float())


@use()
def the_default_type_is_float64(make: Make) -> object:
    torch.set_default_dtype(torch.float64)
    try:
        return trained(make(), x_of(dtype=torch.float64))
    finally:
        torch.set_default_dtype(torch.float32)


@use()
def deterministic_algorithms(make: Make) -> object:
    torch.use_deterministic_algorithms(True)
    try:
        return trained(make(num_layers=2))
    finally:
        torch.use_deterministic_algorithms(False)


@use()
def made_on_a_device_by_context(make: Make) -> object:
    with torch.device("meta"):
        return [(p.shape, str(p.device)) for p in make().parameters()]


@use()
def shared_memory(make: Make) -> object:
    layer = make()
    layer.share_memory()
    return trained(layer), [p.is_shared() for p in layer.parameters()]


@cache
def one_process() -> torch.distributed.ProcessGroup:
    """A group of this process alone, kept to the end: torch 2.13 can wait without end for the thread of one that is given
    up right after its use, as that thread still wants Python's lock."""
    torch.distributed.init_process_group(
        "gloo", store=torch.distributed.HashStore(), rank=0, world_size=1
    )
    return torch.distributed.group.WORLD


@use()
def one_process_of_a_distributed_program(make: Make) -> object:
    from torch.nn.parallel import DistributedDataParallel as Parallel

    layer = make(num_layers=2)
    return trained(Parallel(layer, process_group=one_process(), gradient_as_bucket_view=True))


@use()
def a_program_saved_and_loaded(make: Make) -> object:
    file = io.BytesIO()
    torch.export.save(torch.export.export(make().eval(), (x_of(), state_of(make))), file)
    file.seek(0)
    return torch.export.load(file).module()(x_of(seed=5), state_of(make))


@use()
def a_trace_saved_loaded_and_frozen(make: Make) -> object:
    file = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):
        torch.jit.save(torch.jit.trace(make(bidirectional=True).eval(), (x_of(),)), file)
        file.seek(0)
        return torch.jit.freeze(torch.jit.load(file).eval())(x_of(seed=5))


@use()
def a_trace_that_is_trained(make: Make) -> object:
    with warnings.catch_warnings(action="ignore"):
        return trained(torch.jit.trace(make(), (x_of(), state_of(make))), None, state_of(make))


@use()
def export_with_gradients(make: Make) -> object:
    return trained(
        torch.export.export(make(), (x_of(), state_of(make))).module(), None, state_of(make)
    )


@use()
def a_sequential_model(make: Make) -> object:
    class First(nn.Module):
        def forward(self, outputs):
            return outputs[0]

    model = nn.Sequential(make(), First(), nn.LayerNorm(H), make(H, 2), First())
    model(x_of()).square().sum().backward()
    return [p.grad for p in model.parameters()]


@use()
def an_input_of_integers_between(make: Make) -> object:
    return make()(x_of().round().int().float())


@use()
def autocast_around_a_training_loop(make: Make) -> object:
    layer = make()
    optimizer = torch.optim.SGD(layer.parameters(), 1e-3)
    with torch.autocast("cpu", torch.bfloat16):
        losses = []
        for _ in range(2):
            optimizer.zero_grad()
            loss = layer(x_of())[0].float().square().mean()
            loss.backward()
            optimizer.step()
            losses.append(loss)
    return losses, [(p.grad.dtype, p.grad) for p in layer.parameters()]


@use()
def a_backward_inside_autocast(make: Make) -> object:
    layer, x = make(), x_of(grad=True)
    loss = total(layer(x))
    with torch.autocast("cpu", torch.bfloat16):
        loss.backward()
    return x.grad.dtype, [g.dtype for g in gradients(layer)]


# What a second look found


@use()
def two_chunks_and_a_graph_of_the_gradient(make: Make) -> object:
    layer, x = make(dtype=torch.float64), x_of(8, B, I, dtype=torch.float64)
    _, state = layer(x[:4])
    output, _ = layer(x[4:], state)
    grads = torch.autograd.grad(
        output.square().sum(), list(layer.parameters()), create_graph=True, retain_graph=True
    )
    total(grads).backward()
    return grads, gradients(layer)


@use()
def a_layer_upon_itself_and_a_graph_of_the_gradient(make: Make) -> object:
    layer = make(H, H, dtype=torch.float64)
    output, _ = layer(layer(x_of(T, B, H, dtype=torch.float64))[0])
    return torch.autograd.grad(output.sum(), list(layer.parameters()), create_graph=True)


@use()
def tied_biases_and_a_graph_of_the_gradient(make: Make) -> object:
    layer = make(dtype=torch.float64)
    layer.bias_hh_l0 = layer.bias_ih_l0
    output, _ = layer(x_of(dtype=torch.float64))
    return torch.autograd.grad(output.sum(), list(layer.parameters()), create_graph=True)


@use()
def a_state_made_from_the_packed_rows(make: Make) -> object:
    layer = make(H, H, dtype=torch.float64)
    rows = x_of(5, H, dtype=torch.float64, grad=True)
    packed = PackedSequence(rows, torch.tensor([2, 2, 1]))
    h = rows[:2][None]
    hx = (h, 2 * h) if make.kind == "LSTM" else h
    output, _ = layer(packed, hx)
    return torch.autograd.grad(output.data.sum(), [rows, *layer.parameters()], create_graph=True)


@use()
def batched_gradients_over_two_chunks(make: Make) -> object:
    layer, x = make(dtype=torch.float64), x_of(4, 1, I, dtype=torch.float64)

    def run(values: Tensor) -> Tensor:
        _, state = layer(values[:2])
        return layer(values[2:], state)[0]

    return functional.jacobian(run, x, vectorize=True)


@use()
def a_root_of_what_is_zero(make: Make) -> object:
    option = {"nonlinearity": "relu"} if make.kind == "RNN" else {}
    layer = make(**option)
    (layer(x_of())[0] ** 2).sqrt().sum().backward() if not option else None
    if option:
        layer(x_of())[0].sqrt().sum().backward()
    return gradients(layer)


@use()
def a_number_that_is_none_on_the_way_back(make: Make) -> object:
    option = {"nonlinearity": "relu"} if make.kind == "RNN" else {}
    layer, x = make(**option), x_of()
    x[-1] = float("nan")
    layer(x)[0].sum().backward()
    return [g.isnan().tolist() for g in gradients(layer)]


@use()
def packed_rows_that_are_too_few(make: Make) -> object:
    packed = PackedSequence(x_of(3, I), torch.tensor([2, 2, 1]))
    kind, _ = error_of(lambda: make()(packed))
    return kind


@use()
def autocast_of_an_empty_batch(make: Make) -> object:
    with torch.autocast("cpu", torch.bfloat16):
        return make()(torch.zeros(T, 0, I))


@use()
def an_output_detached_in_place(make: Make) -> object:
    output, _ = make()(x_of())
    return output.detach_()


@use()
def an_output_without_gradients_multiplied_in_place(make: Make) -> object:
    weight = torch.full((), 2.0, requires_grad=True)
    with torch.no_grad():
        output, _ = make()(x_of())
    output.mul_(weight)
    output.sum().backward()
    return weight.grad


@use()
def a_training_step_on_the_meta_device(make: Make) -> object:
    layer = make(device="meta", num_layers=2)
    layer(torch.empty(T, B, I, device="meta"))[0].sum().backward()
    return [(g.shape, str(g.device)) for g in gradients(layer)]


@use()
def packed_sequences_while_another_device_is_the_default(make: Make) -> object:
    layer, packed = make(bidirectional=True), pack_sequence([x_of(4, I), x_of(2, I)])
    state = state_of(make, 2, 2)
    with torch.device("meta"):
        return layer(packed, state)


@use()
def export_by_the_compiler(make: Make) -> object:
    return torch.export.export(make().eval(), (x_of(),), strict=True).module()(x_of(seed=5))


@use()
def compile_as_one_graph(make: Make) -> object:
    torch._dynamo.reset()
    with torch._dynamo.config.patch(allow_rnn=True):
        return torch.compile(make(), backend="eager", fullgraph=True)(x_of())


@use()
def a_backward_that_is_compiled(make: Make) -> object:
    torch._dynamo.reset()
    layer = make()
    with torch._dynamo.compiled_autograd._enable(torch.compile(backend="eager")):
        total(layer(x_of())).backward()
    return gradients(layer)


# What is not served: each row of the table in gates/layers.py


def not_served(row: str) -> Callable:
    def enter(function: Callable) -> Callable:
        NOT_SERVED[row] = function
        return function

    return enter


@not_served("torch.ao quantize_dynamic")
def _quantized(theirs: nn.Module, ours: nn.Module) -> None:
    with warnings.catch_warnings(action="ignore"):
        kinds = {nn.LSTM, nn.GRU}
        theirs, ours = (
            torch.ao.quantization.quantize_dynamic(nn.Sequential(layer), kinds)[0]
            for layer in (theirs, ours)
        )
    assert ("quantized" in type(theirs).__module__) == (not isinstance(theirs, nn.RNN))
    assert type(ours).__module__ == "gates.layers"


@not_served("type(layer) is nn.LSTM")
def _known_by_its_class(theirs: nn.Module, ours: nn.Module) -> None:
    assert type(theirs) is getattr(nn, type(ours).__name__) is not type(ours)
    assert isinstance(ours, type(theirs))


@not_served("torch.jit.script")
def _scripted(theirs: nn.Module, ours: nn.Module) -> None:
    with warnings.catch_warnings(action="ignore"):
        torch.jit.script(theirs)
        with pytest.raises(RuntimeError, match="has no attribute 'readable'"):
            torch.jit.script(ours)


@not_served("torch.jit.trace")
def _traced(theirs: nn.Module, ours: nn.Module) -> None:
    with warnings.catch_warnings(action="ignore"):
        theirs, ours = (torch.jit.trace(layer.eval(), (x_of(),)) for layer in (theirs, ours))
    assert theirs(x_of(T + 2, B, I))[0].shape[0] == T + 2
    with pytest.raises(RuntimeError, match=f"Expected {T} elements in a list but found {T + 2}"):
        ours(x_of(T + 2, B, I))


class Padded(nn.Module):
    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(x, lengths)
        return pad_packed_sequence(self.layer(packed)[0])[0]


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_trace_of_packed_sequences_is_refused(kind: str) -> None:
    lengths = torch.tensor([4, 2, 2])
    with warnings.catch_warnings(action="ignore"):
        torch.jit.trace(Padded(made(nn, kind)().eval()), (x_of(), lengths))
        with pytest.raises(RuntimeError, match="A trace would hold the lengths of its example"):
            torch.jit.trace(Padded(made(layers, kind)().eval()), (x_of(), lengths))


@not_served("torch.fx.symbolic_trace")
def _traced_in_symbols(theirs: nn.Module, ours: nn.Module) -> None:
    class Leaves(torch.fx.Tracer):
        def is_leaf_module(self, module: nn.Module, name: str) -> bool:
            return isinstance(module, nn.RNNBase) or super().is_leaf_module(module, name)

    found = torch.fx.symbolic_trace(nn.Sequential(theirs))
    assert [node.op for node in found.graph.nodes] == ["placeholder", "call_module", "output"]
    with pytest.raises(torch.fx.proxy.TraceError):
        torch.fx.symbolic_trace(nn.Sequential(ours))
    kinds = [node.op for node in Leaves().trace(nn.Sequential(ours)).nodes]
    assert kinds == ["placeholder", "call_module", "output"]


@not_served("FlopCounterMode")
def _counted(theirs: nn.Module, ours: nn.Module) -> None:
    counts = []
    for layer in (theirs, ours):
        with FlopCounterMode(display=False) as counter:
            layer(x_of())
        counts.append(counter.get_total_flops())
    rows = theirs.weight_hh_l0.shape[0]
    products = 2 * T * B * rows * (I + H)
    assert counts == [0 if isinstance(theirs, nn.LSTM) else products, products]


@not_served("graph.allow_mutation_on_saved_tensors")
def _changed_before_the_backward(theirs: nn.Module, ours: nn.Module) -> None:
    grads = []
    for layer in (theirs.double(), ours.double()):
        for factor in (1, 3):
            with graph.allow_mutation_on_saved_tensors():
                x = x_of(dtype=torch.float64, grad=True) + 0
                loss = total(layer(x))
                x.mul_(factor)
                (grad,) = torch.autograd.grad(loss, layer.weight_ih_l0)
            grads.append(grad)
    assert torch.equal(grads[0], grads[1])
    assert not torch.allclose(grads[2], grads[3])


@not_served("weights changed in place")
def _changed_weights(theirs: nn.Module, ours: nn.Module) -> None:
    loss = total(ours(x_of()))
    with torch.no_grad():
        ours.bias_ih_l0.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


@not_served("float32 activations near 0")
def _small_activations(theirs: nn.Module, ours: nn.Module) -> None:
    for parameter in theirs.parameters():
        parameter.data.mul_(1e-4)
    ours.load_state_dict(theirs.state_dict())
    exact = copy.deepcopy(theirs).double()(x_of().double())[0]
    away = (ours(x_of())[0] - exact).abs()
    assert away.max() < 2e-7
    ours.readable = True
    assert ((ours(x_of())[0] - exact).abs() / exact.abs()).max() < 1e-5
    if not isinstance(ours, nn.RNN):
        assert (away / exact.abs()).max() > 1e-5


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("row", NOT_SERVED)
def test_what_is_not_served(row: str, kind: str) -> None:
    NOT_SERVED[row](made(nn, kind)(), made(layers, kind)())


def test_the_docstring_lists_what_is_not_served() -> None:
    rows = re.findall(r"^ {4}(\S.*?)(?: {2,}\S|$)", layers.__doc__, re.M)
    assert sorted(rows) == sorted(NOT_SERVED)


# Where the fast path serves, and what it keeps


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("watched", [True, False])
def test_no_output_is_a_view(kind: str, watched: bool) -> None:
    """Some views may not be changed in place; torch's own outputs are views in a few cases, ours in none."""
    for options in ({}, {"batch_first": True}, {"bidirectional": True}, {"num_layers": 2}):
        with torch.set_grad_enabled(watched):
            output, _ = made(layers, kind)(**options)(x_of())
            packed, _ = made(layers, kind)(**options)(pack_sequence([x_of(4, I), x_of(2, I)]))
        assert not output._is_view() and not packed.data._is_view()


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_plain_program_is_served_by_the_fast_path(kind: str) -> None:
    output, _ = made(layers, kind)()(x_of())
    waiting, seen = [output.grad_fn], set()
    while waiting:
        function = waiting.pop()
        seen.add(type(function).__name__)
        waiting += [before for before, _ in function.next_functions if before is not None]
    name = {"RNN": "_TanhRNN"}.get(kind, f"_{kind}")
    assert f"{name}Backward" in seen, seen


ASIDE = {
    "bfloat16": (contextlib.nullcontext, torch.bfloat16),
    "complex numbers": (contextlib.nullcontext, torch.complex64),
    "autocast": (lambda: torch.autocast("cpu", torch.bfloat16), torch.float32),
    "a counting mode": (lambda: FlopCounterMode(display=False), torch.float32),
    "forward mode": (forward_ad.dual_level, torch.float32),
}


@pytest.mark.parametrize("reason", ASIDE)
def test_elsewhere_it_steps_aside(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments):
        raise AssertionError("the fast path was taken")

    def call(dtype: torch.dtype = torch.float32) -> None:
        made(layers, "GRU")(dtype=dtype)(x_of(dtype=dtype))

    monkeypatch.setattr(fast._GRU, "apply", never)
    inside, dtype = ASIDE[reason]
    with inside():
        call(dtype)
    with pytest.raises(AssertionError, match="the fast path was taken"):
        call()


@pytest.mark.parametrize("kind", NETWORKS)
def test_without_gradients_nothing_is_saved(kind: str) -> None:
    saved = []
    keeping = graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t)
    layer = made(layers, kind)(num_layers=2, bidirectional=True)
    with keeping, torch.no_grad():
        layer(x_of())
    assert not saved
    with keeping:
        layer(x_of())
    assert saved


PEAK = """
import sys, threading, warnings
import psutil, torch
from gates import layers

warnings.simplefilter("ignore")
torch.set_num_threads(1)
layer = getattr(layers, sys.argv[1])(8, 64)
over, held, me = threading.Event(), [], psutil.Process()


def watch():
    while not over.wait(0.002):
        held.append(me.memory_info().rss)


with torch.no_grad(), torch.backends.mkldnn.flags(enabled=sys.argv[2] == "onednn"):
    layer(torch.randn(2, 32, 8))
    x = torch.randn(4000, 32, 8)
    held.append(me.memory_info().rss)
    watching = threading.Thread(target=watch)
    watching.start()
    output, _ = layer(x)
held.append(me.memory_info().rss)
over.set()
watching.join()
print((max(held) - held[0]) / (output.numel() * output.element_size()))
"""


@pytest.mark.parametrize("kind, by", [*((kind, "hand") for kind in NETWORKS), ("LSTM", "onednn")])
def test_without_gradients_not_much_more_than_the_output_is_held(kind: str, by: str) -> None:
    """In units of the output. The gates alone, were they kept, would be four of them, or three."""
    told = subprocess.run(
        [sys.executable, "-c", PEAK, kind, by], capture_output=True, text=True, check=True
    )
    assert 0.8 < float(told.stdout) < 2.3, told.stdout


# The comparison


def outcome(function: Callable, make: Make) -> tuple[str, object]:
    """What a use gives, or how it fails."""
    try:
        return "gives", list(flat(function(make)))
    except Exception as problem:
        return "raises", f"{type(problem).__name__}: {problem}"


def tolerance(name: str) -> float:
    return next((COARSE[word] for word in name.split() if word in COARSE), 2e-5)


def compare(ours: list, theirs: list, atol: float) -> None:
    assert len(ours) == len(theirs)
    for mine, torchs in zip(ours, theirs, strict=True):
        if isinstance(torchs, Tensor):
            assert mine.dtype is torchs.dtype and mine.device == torchs.device
            close = 1e-9 if torchs.dtype in (torch.float64, torch.complex128) else atol
            scale = max(1.0, torchs.detach().abs().max().item()) if torchs.numel() else 1.0
            torch.testing.assert_close(
                mine.detach(), torchs.detach(), rtol=0, atol=close * scale, equal_nan=True
            )
        else:
            assert mine == torchs


def cases() -> list:
    pairs = [(name, kind) for name in USES for kind in NETWORKS]
    pairs += [(name, kind) for name in USES_OF_CELLS for kind in CELLS]
    return [pytest.param(*pair, id=f"{pair[0]}-{pair[1]}") for pair in pairs]


@pytest.mark.parametrize("name, kind", cases())
def test_drop_in(name: str, kind: str) -> None:
    function = {**USES, **USES_OF_CELLS}[name]
    how, theirs = outcome(function, made(nn, kind))
    if how == "raises" and NOT_ON_THIS_PROCESSOR in str(theirs):
        pytest.skip(
            "oneDNN has no LSTM in bfloat16 for this processor, so torch.nn has none either"
        )
    assert (how == "raises") == (kind in TORCH_REFUSES[name]), f"torch.nn {how}: {theirs}"
    mine, ours = outcome(function, made(layers, kind))
    if how == "raises":
        return  # torch refuses it; ours may do more
    assert mine == "gives", ours
    compare(ours, theirs, tolerance(name))
