"""Right answers to the exercises that are too small to be library code; the lessons show them as their solutions."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gates.cells import Weights, gru_cell, unroll


def keep_or_forget(a: Tensor, c: Tensor) -> Tensor:
    """What a forget gate leaves of a memory.

    a: the gate's pre-activation, any real numbers. c: the memory, of the same shape.
    Returns the part of c that is kept, of the same shape.
    """
    f = torch.sigmoid(a)
    return f * c


def after_steps(a: Tensor, c: Tensor, T: int) -> Tensor:
    """What is left of a memory after T steps of the same forget gate.

    a: the gate's pre-activation. c: the memory before the first step, of the same shape.
    T: how many steps, at least 1. Returns what is left of c, of the same shape.
    """
    return torch.sigmoid(a) ** T * c


def lstm_update(i: Tensor, f: Tensor, g: Tensor, o: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """The new memory, and what is shown of it.

    i, f, g, o: input gate, forget gate, candidate and output gate, as fractions and values
    already squashed, each (B, H). c: the old cell state, (B, H).
    Returns the new pair (h, c), each (B, H).
    """
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c


def lstm_weights(layer: nn.LSTM) -> Weights:
    """The weights of the first layer of an nn.LSTM, in the form our cell takes.

    Returns `Weights(weight_ih, weight_hh, bias_ih, bias_hh)`: the layer's own tensors, as they are.
    """
    return Weights(layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0)


def count_parameters(I: int, H: int) -> int:
    """How many numbers `nn.LSTM(I, H)` learns.

    I: input size. H: hidden size. Returns a whole number.
    """
    return 4 * (H * I + H * H + 2 * H)


def pre_activation(f: float) -> float:
    """The pre-activation of a gate that passes a given fraction.

    f: the fraction, between 0 and 1 and neither of them. Returns the number a for which σ(a) = f.
    """
    return math.log(f / (1 - f))


# Lessons 01 and 02: gradients and memories over time


def clip(grads: Sequence[Tensor], max_norm: float) -> list[Tensor]:
    """Gradients, shortened together so that their norm is at most max_norm.

    grads: tensors of any shapes. Their norm is that of all their entries in one long vector.
    Returns a list of tensors of the same shapes, all scaled by one factor, which is never above 1.
    """
    norm = math.sqrt(sum(grad.square().sum().item() for grad in grads))
    factor = min(1.0, max_norm / norm)
    return [factor * grad for grad in grads]


def memory_step(f: Tensor, i: Tensor, g: Tensor, c: Tensor) -> Tensor:
    """The new memory of units that keep a part of what they hold and write a part of what is new.

    f: which fraction of the memory is kept. i: which fraction of the candidate is written.
    g: the candidate. c: the memory before the step. All four are (B, H), and so is what comes back.
    """
    return f * c + i * g


def what_is_left(fs: Tensor, t: int) -> Tensor:
    """The fraction of the memory after step t that is still there after the last step.

    fs: the forget gates of the steps 1 to T, (T, H), so fs[0] belongs to step 1.
    t: from 0, before the first step, to T - 1. Returns a fraction for each unit, (H,).
    """
    return fs[t:].prod(0)


def bias_for(fraction: float, T: int) -> float:
    """The bias of a forget gate that keeps a given fraction of a memory over T steps.

    fraction: what is to be left, between 0 and 1. T: how many steps.
    The gate is σ(bias) at every step. Returns the bias, a number.
    """
    f = fraction ** (1 / T)
    return math.log(f / (1 - f))


def set_forget_bias(layer: nn.LSTM, value: float) -> nn.LSTM:
    """A layer whose forget gates start from a given bias; all else stays as it was.

    layer: an nn.LSTM of one layer. value: what the two biases of each forget gate add up to.
    Returns the same layer, changed.
    """
    H = layer.hidden_size
    with torch.no_grad():
        layer.bias_ih_l0[H : 2 * H] = value
        layer.bias_hh_l0[H : 2 * H] = 0
    return layer


# Lesson 04: the GRU


def flip_z(weights: Weights) -> Weights:
    """The weights with which a GRU that computes z ⊙ n + (1 − z) ⊙ h gives what ours gives.

    weights: those of a GRU that computes (1 − z) ⊙ n + z ⊙ h, packed r, z, n.
    Returns new weights of the same shapes.
    """
    flipped = []
    for weight in weights:
        r, z, n = weight.chunk(3)
        flipped.append(torch.cat([r, -z, n]))
    return Weights(*flipped)


def agreeing(weights: Weights) -> Weights:
    """Weights with which the reset gate may act before or after the matrix product alike.

    weights: those of a GRU, packed r, z, n. Returns weights of the same shapes for which
    gru_cell and gru_reset_before_cell give the same for every x and every h, and in which the
    reset gate still acts.
    """
    W_ih, W_hh, b_ih, b_hh = weights
    (U_r, U_z, U_n), (d_r, d_z, d_n) = W_hh.chunk(3), b_hh.chunk(3)
    U_n = torch.diag(U_n.diag())
    d_n = torch.zeros_like(d_n)
    return Weights(W_ih, torch.cat([U_r, U_z, U_n]), b_ih, torch.cat([d_r, d_z, d_n]))


# Lesson 05: layers in practice


def stack_layers(
    cell: Callable, xs: Tensor, states: list, weights: list[Weights]
) -> tuple[Tensor, list]:
    """Several layers of a cell with the state (h, c), each of which reads what the one below shows.

    cell: the cell's step. xs: (T, B, I). states, weights: lists with one start (h, c) and one
    set of weights for each layer. Returns the outputs of the top layer, (T, B, H), and the list
    of final states.
    """
    ys, finals = xs, []
    for state, layer_weights in zip(states, weights, strict=True):
        ys, final = unroll(cell, ys, state, layer_weights)
        finals.append(final)
    return ys, finals


def both_ways(
    cell: Callable, xs: Tensor, states: tuple, weights: tuple[Weights, Weights]
) -> tuple[Tensor, tuple]:
    """A sequence of which one GRU reads from the start, and a second one from the end.

    xs: (T, B, I). states, weights: a pair each, forward and backward; a state is (B, H).
    Returns ys (T, B, 2H), in which both halves of ys[t] belong to xs[t], and both final states.
    """
    forward, last_forward = unroll(cell, xs, states[0], weights[0])
    backward, last_backward = unroll(cell, xs.flip(0), states[1], weights[1])
    return torch.cat([forward, backward.flip(0)], dim=-1), (last_forward, last_backward)


def top_state(ys: Tensor, h_n: Tensor) -> Tensor:
    """The hidden state of the top layer after the last step.

    ys: what a layer of torch.nn returns as output, (T, B, H). h_n: its final states, (L, B, H).
    Returns (B, H).
    """
    return h_n[-1]


def both_ends(ys: Tensor, h_n: Tensor) -> Tensor:
    """What a bidirectional network has read when each direction is at its end.

    ys: the output of a stack of L bidirectional layers, (T, B, 2H). h_n: its final states, (2L,
    B, H). Returns for each sample the top layer's final states, forward then backward, (B, 2H).
    """
    return torch.cat([h_n[-2], h_n[-1]], dim=-1)


def initial_state(layer: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
    """The state from which a layer starts if it is given none.

    layer: any nn.LSTM without proj_size; it may be stacked, bidirectional, or have batch_first.
    x: a batch that it is to read. Returns the pair (h_0, c_0) in the shape that
    layer(x, (h_0, c_0)) expects, of x's type and on x's device.
    """
    B = x.shape[0] if layer.batch_first else x.shape[1]
    directions = 2 if layer.bidirectional else 1
    zeros = x.new_zeros(layer.num_layers * directions, B, layer.hidden_size)
    return zeros, zeros.clone()


def time_first(xs: Tensor) -> Tensor:
    """A batch with its samples first, turned so that time comes first.

    xs: (B, T, I). Returns (T, B, I).
    """
    return xs.transpose(0, 1)


def one_step(layer: nn.GRU, x: Tensor, h: Tensor) -> Tensor:
    """The next hidden states of a batch that takes a single step through a layer.

    layer: an nn.GRU of one layer that takes time first. x: one input for each sample, (B, I).
    h: (B, H). Returns (B, H).
    """
    ys, _ = layer(x[None], h[None])
    return ys[0]


def session_step(x: Tensor, h: Tensor, starts: Tensor, weights: Weights) -> Tensor:
    """One GRU step for samples of which some begin a new sequence: those start from zeros.

    x: (B, I). h: (B, H). starts: True where a sample begins, (B,). Returns the new h, (B, H).
    """
    return gru_cell(x, torch.where(starts[:, None], 0.0, h), weights)


def last_valid(ys: Tensor, lengths: Tensor) -> Tensor:
    """The output of each sample at its own last step.

    ys: padded outputs, (T, B, H). lengths: how many steps of each sample are real, (B,), at
    least 1. Returns (B, H).
    """
    return ys[lengths - 1, torch.arange(len(lengths))]


def read_padded(layer: nn.GRU, xs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """What a bidirectional layer makes of samples of different lengths, without the padding.

    layer: an nn.GRU with bidirectional=True and batch_first=True. xs: padded to T steps, (B, T,
    I). lengths: (B,), in any order. Returns the output, (B, T, 2H), zero where there is
    padding, and h_n, (2, B, H).
    """
    packed = pack_padded_sequence(xs, lengths, batch_first=True, enforce_sorted=False)
    ys, h_n = layer(packed)
    ys, _ = pad_packed_sequence(ys, batch_first=True, total_length=xs.shape[1])
    return ys, h_n


def masked_loss(logits: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
    """The mean cross-entropy over all real steps of a padded batch.

    logits: (B, T, C). targets: classes, (B, T). lengths: how many steps are real, (B,). Returns
    a tensor of one number.
    """
    mask = torch.arange(targets.shape[1]) < lengths[:, None]
    return F.cross_entropy(logits[mask], targets[mask])


def count_layers(I: int, H: int, L: int, D: int) -> int:
    """How many numbers a stack of L LSTM layers learns.

    I: input size. H: hidden size. D: directions, 1 or 2. As `nn.LSTM(I, H, num_layers=L,
    bidirectional=D == 2)`.
    """
    total = 0
    for layer in range(L):
        size = I if layer == 0 else D * H
        total += D * 4 * (H * size + H * H + 2 * H)
    return total


# Lesson 11: repairs


def carried(state: tuple[Tensor, Tensor], B: int) -> tuple[Tensor, Tensor]:
    """The state of an LSTM as the next batch takes it over: values, with no graph behind them.

    state: the pair (h, c), each (L, B_before, H). B: how many samples the next batch has, at
    most B_before; they go on from the first B. Returns the pair, each (L, B, H).
    """
    h, c = state
    return h[:, :B].detach(), c[:, :B].detach()


def train_chunks(
    layer: nn.LSTM,
    head: nn.Linear,
    optimizer: torch.optim.Optimizer,
    xs: Tensor,
    targets: Tensor,
    k: int,
) -> list[float]:
    """Training on one long sequence in chunks of k steps, with gradients inside each chunk only.

    xs: (T, B, I). targets: (T, B, 1). The state goes on from chunk to chunk, the gradient does
    not. The first chunk starts from a state of zeros. After every chunk the optimizer takes a
    step on the mean squared error of head(output) of that chunk alone. Returns the loss of each
    chunk, a number.
    """
    state, losses = None, []
    for x, target in zip(xs.split(k), targets.split(k), strict=True):
        ys, state = layer(x, state)
        state = tuple(part.detach() for part in state)
        loss = F.mse_loss(head(ys), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def clipped_step(
    layer: nn.GRU, optimizer: torch.optim.Optimizer, x: Tensor, target: Tensor, max_norm: float
) -> float:
    """One training step, with the gradient's norm held at max_norm or less.

    x: (T, B, I). target: (T, B, H). The loss is the mean squared error of the layer's output.
    Gradients of an earlier step may still be there. Returns the norm of the gradient before it
    was clipped, as a number.
    """
    optimizer.zero_grad()
    F.mse_loss(layer(x)[0], target).backward()
    norm = nn.utils.clip_grad_norm_(layer.parameters(), max_norm)
    optimizer.step()
    return norm.item()


def evaluate(model: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """The share of all samples that a model gets right.

    model: gives logits, (B, C); it may hold dropout. It is in training mode, and has to be so
    again afterward.
    batches: pairs of inputs and classes, (B,); the last batch may be smaller. Returns a number
    between 0 and 1.
    """
    model.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in batches:
            right += (model(x).argmax(-1) == y).sum().item()
            total += len(y)
    model.train()
    return right / total


def class_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean cross-entropy over all steps of all samples.

    logits: as a linear layer gives them, (B, T, C). targets: classes, (B, T). Returns a tensor
    of one number.
    """
    return F.cross_entropy(logits.transpose(1, 2), targets)


def value_loss(predictions: Tensor, targets: Tensor) -> Tensor:
    """The mean squared error of one prediction for each sample.

    predictions: as a linear layer gives them, (N, 1). targets: (N,). Returns a tensor of one
    number.
    """
    return F.mse_loss(predictions.squeeze(1), targets)


def reader(I: int, H: int, p: float) -> tuple[nn.LSTM, nn.Module]:
    """An LSTM of one layer for batches (B, T, I), and a module that drops out its output.

    p: the share of numbers that is dropped in training; the layer itself drops nothing. Returns
    the pair (layer, drop); they are used as drop(layer(x)[0]), which is (B, T, H).
    """
    return nn.LSTM(I, H, batch_first=True), nn.Dropout(p)


def cells_of(I: int, H: int, L: int) -> nn.Module:
    """L LSTM cells, one upon the other, in a module that an optimizer finds them in.

    The first cell reads I numbers, each other one the H of the cell below; each has weights of
    its own. Returns a module that has the cells in it, from the bottom up.
    """
    return nn.ModuleList(nn.LSTMCell(I if layer == 0 else H, H) for layer in range(L))


def fresh_weights(layer: nn.GRU) -> nn.GRU:
    """A layer whose matrices are drawn anew by Xavier's uniform rule, and whose biases are zero.

    layer: an nn.GRU of any number of layers. Returns the same layer, changed.
    """
    for parameter in layer.parameters():
        if parameter.dim() > 1:
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    return layer


def scaled(series: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A series with its scale taken out: the first n values, to train on, and the rest, to test on.

    series: (N,). Returns (train, test), both scaled with the same two numbers: what was
    subtracted and divided by, a mean and a standard deviation, could be known when only the
    training part had been seen.
    """
    train, test = series[:n], series[n:]
    mean, deviation = train.mean(), train.std()
    return (train - mean) / deviation, (test - mean) / deviation


def windows(series: np.ndarray, T: int) -> tuple[np.ndarray, np.ndarray]:
    """Everything a forecaster of the next value can be trained on.

    series: (N,). T: how many values it sees. Returns xs, (N - T, T), and targets, (N - T,), the
    value after each window.
    """
    xs = np.stack([series[t : t + T] for t in range(len(series) - T)])
    return xs, series[T:]


def skill(predictions: np.ndarray, series: np.ndarray) -> float:
    """How much smaller a forecast's mean absolute error is than that of repeating the last value.

    series: (N,). predictions: of series[1:], each made from the values before it, (N - 1,).
    Returns 1 for a perfect forecast, 0 for one as good as repeating the last value, less for a
    worse one.
    """
    error = np.abs(predictions - series[1:]).mean()
    return float(1 - error / np.abs(series[:-1] - series[1:]).mean())


def name_logits(layer: nn.GRU, head: nn.Linear, xs: Tensor, lengths: Tensor) -> Tensor:
    """What a classifier says of each sample after the last of its own steps.

    layer: an nn.GRU of one layer with batch_first=True. head: from H numbers to C logits. xs:
    padded at the ends, (B, T, I). lengths: how many steps are real, (B,). Returns (B, C).
    """
    ys, _ = layer(xs)
    return head(ys[torch.arange(len(lengths)), lengths - 1])


def two_way_logits(layer: nn.LSTM, head: nn.Linear, xs: Tensor) -> Tensor:
    """What a classifier says of each sample when both directions have read all of it.

    layer: an nn.LSTM of one layer with bidirectional=True and batch_first=True. head: from the
    2H numbers of both directions, the forward ones first, to C logits. xs: (B, T, I), all steps
    real. Returns (B, C).
    """
    _, (h_n, _) = layer(xs)
    return head(torch.cat([h_n[0], h_n[1]], dim=-1))


def top_logits(layer: nn.GRU, head: nn.Linear, xs: Tensor) -> Tensor:
    """What a classifier says of each sample after the top layer has read all of it.

    layer: an nn.GRU of two layers or more, with batch_first=True. head: from H numbers to C
    logits. xs: (B, T, I), all steps real. Returns (B, C).
    """
    _, h_n = layer(xs)
    return head(h_n[-1])


def sample_states(layer: nn.GRU, xs: Tensor) -> Tensor:
    """The state of each sample after its last step, from a layer that wants the steps first.

    layer: an nn.GRU of one layer, made without batch_first. xs: with the samples first,
    (B, T, I). Returns (B, H).
    """
    _, h_n = layer(xs.transpose(0, 1))
    return h_n[-1]


def column_steps(images: Tensor) -> Tensor:
    """Images as sequences of their columns, from left to right.

    images: (B, R, K), R rows of K pixels each. Returns (K, B, R): a step for each column, and
    in it the R pixels of that column from top to bottom.
    """
    return images.permute(2, 0, 1)


def padded_loss(logits: Tensor, targets: Tensor, pad: int) -> Tensor:
    """The mean cross-entropy over all targets that are not padding.

    logits: (B, T, C). targets: classes, (B, T). pad: the class that stands where there is
    padding; it is the answer nowhere else. Returns a tensor of one number.
    """
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=pad)


# Lessons 06 to 08: trials, gates that start open, and what is inside


def adding_targets(xs: Tensor) -> Tensor:
    """What the adding problem asks for: the sum of the two marked numbers.

    xs: (T, B, 2). At each step the first entry is a number, the second its mark, 1 or 0.
    Returns a sum for each sample, (B,).
    """
    numbers, marks = xs[..., 0], xs[..., 1]
    return (numbers * marks).sum(0)


def memoryless_loss(length: int, symbols: int, kinds: int) -> float:
    """The mean cross-entropy in copying of a strategy that knows the rules and remembers nothing.

    It answers the blanks for certain, and guesses evenly among the kinds where a symbol is due.
    length: how many blanks come between. symbols: how many symbols are shown, and as many are
    to be repeated. kinds: how many there are to choose from.
    Returns the mean over all length + 2 * symbols steps, with the natural logarithm.
    """
    return symbols * math.log(kinds) / (length + 2 * symbols)


def least_share(n: int, luck: float) -> float:
    """The smallest share of successes that n successes in a row do not rule out.

    If each of n seeds succeeds with probability p, all of them do with probability pⁿ.
    n: how many seeds, all of which succeeded. luck: the probability below which we no longer
    believe in luck, 0.05 for instance. Returns the p with pⁿ = luck.
    """
    return luck ** (1 / n)


def chrono_start(layer: nn.LSTM, T: int) -> nn.LSTM:
    """A layer whose memories start out lasting from 1 to T steps, a different time for each unit.

    layer: an nn.LSTM of one layer. T: the longest time, in steps, above 2.
    The two forget biases of a unit add up to log(u), with u drawn evenly between 1 and T - 1, and
    its two input biases to -log(u). All else stays as it was. Returns the same layer, changed.
    """
    H = layer.hidden_size
    b = torch.log(1 + (T - 2) * torch.rand(H))
    with torch.no_grad():
        layer.bias_ih_l0[:H], layer.bias_ih_l0[H : 2 * H] = -b, b
        layer.bias_hh_l0[: 2 * H] = 0
    return layer


def counting_weights(strong: float) -> Weights:
    """The weights of an LSTM with one unit that counts: up by 1 with an a, down by 1 with a b.

    strong: a number so large that σ(strong) and tanh(strong) count as 1.
    An a comes as (1, 0) and a b as (0, 1). Returns Weights for I = 2 and H = 1, so weight_ih is
    (4, 2), weight_hh (4, 1), and each bias (4,), packed i, f, g, o.
    """
    W_ih = torch.tensor([[0.0, 0.0], [0.0, 0.0], [strong, -strong], [0.0, 0.0]])
    b_ih = torch.tensor([strong, strong, 0.0, strong])
    return Weights(W_ih, torch.zeros(4, 1), b_ih, torch.zeros(4))


# Lesson 09: remedies


def decayed_step(w: Tensor, step: Tensor, learning_rate: float, weight_decay: float) -> Tensor:
    """One update of a parameter, with weight decay beside the step.

    w: the parameter. step: what an optimizer makes of its gradient, of the same shape; it is
    subtracted, times the learning rate. And weight_decay times the learning rate of the old w
    is lost. Returns the new parameter, and leaves the old one as it was.
    """
    return w - learning_rate * step - learning_rate * weight_decay * w


def early_stop(losses: Sequence[float], patience: int) -> int:
    """Which evaluation's network is kept, if training stops when there is no more progress.

    losses: the validation loss at each evaluation, as training would go on. patience: training
    stops after so many evaluations in a row that do not bring the loss below the least so far.
    Returns the number of the evaluation with the least loss until then, counted from 0; of
    equal ones the first.
    """
    best = 0
    for k, loss in enumerate(losses):
        if loss < losses[best]:
            best = k
        elif k - best >= patience:
            break
    return best


def chosen_on_validation(validation: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The test scores of the strength that the validation scores choose.

    validation, test: the scores of each strength and seed, (K, S); higher is better. The
    strength with the best mean validation score over the seeds is chosen, the same for all
    seeds. Returns its S test scores.
    """
    return test[validation.mean(axis=1).argmax()]


# Lesson 10: activations


def hard_sigmoid(a: Tensor) -> Tensor:
    """PyTorch's sketch of σ in three straight lines: 0 up to -3, 1 from 3 on, and even between.

    a: any real numbers. Returns a tensor of the same shape.
    """
    return (a / 6 + 0.5).clamp(0, 1)


def after_writing(f: float, i: float, g: float, T: int) -> float:
    """What a memory holds after T steps that are all alike, if it starts from 0.

    f, i: the forget gate and the input gate, g: the candidate, the same numbers at each step.
    They may be any real numbers. T: how many steps, at least 1. Returns c after the last.
    """
    c = 0.0
    for _ in range(T):
        c = f * c + i * g
    return c
