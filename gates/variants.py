"""The relatives of LSTM and GRU: one step of each, every equation a line; and attention over the
states of a sequence.

A cell is `cell(x, state, weights) -> state`, and letters and shapes are those of `gates.cells`,
whose `unroll` repeats these, too: where a state has parts, h comes first. Where torch's four
weights do not do, a named tuple says what stands in their place.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from gates.cells import Weights

ABLATED = ("i", "f", "o")


class PeepholeWeights(NamedTuple):
    """The weights of a peephole LSTM: torch's four, with gates in the order i, f, g, o; and a
    number a unit for each gate, with which it sees its own memory: peephole_i, peephole_f and
    peephole_o, (H,) each.
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor
    peephole_i: Tensor
    peephole_f: Tensor
    peephole_o: Tensor


class NormWeights(NamedTuple):
    """The weights of an LSTM with layer norms: torch's four, the biases being the shifts of the
    norms of W x and of U h; the gains of these, gain_ih and gain_hh, (4H,); and gain and shift of
    the norm of c, gain_c and bias_c, (H,).
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor
    bias_hh: Tensor
    gain_ih: Tensor
    gain_hh: Tensor
    gain_c: Tensor
    bias_c: Tensor


class MinWeights(NamedTuple):
    """The weights of a minimal cell, whose gates see x alone: weight_ih, (G·H, I), and bias_ih,
    (G·H,).

    G is 2 for minGRU, in the order z, n, and 3 for minLSTM, in the order i, f, g.
    """

    weight_ih: Tensor
    bias_ih: Tensor


class MatrixWeights(NamedTuple):
    """The weights of an mLSTM: weight_ih, (4H, I), and bias_ih, (4H,), in the order query, key,
    value, o; and of the gates i and f, one number each: weight_if, (2, I), and bias_if, (2,).
    """

    weight_ih: Tensor
    bias_ih: Tensor
    weight_if: Tensor
    bias_if: Tensor


def peephole_lstm_cell(
    x: Tensor, state: tuple[Tensor, Tensor], weights: PeepholeWeights
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM whose gates see the memory: i and f the old one, o the new one, each unit
    its own.

    x: (B, I). state: the pair (h, c), each (B, H). Returns the new (h, c), each (B, H).
    Sources: Gers and Schmidhuber (2000), "Recurrent Nets that Time and Count"; Gers, Schraudolph
    and Schmidhuber (2002), "Learning Precise Timing with LSTM Recurrent Networks".
    """
    W_ih, W_hh, b_ih, b_hh, p_i, p_f, p_o = weights
    h, c = state
    a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    i = torch.sigmoid(a_i + p_i * c)
    f = torch.sigmoid(a_f + p_f * c)
    g = torch.tanh(a_g)
    c = f * c + i * g
    o = torch.sigmoid(a_o + p_o * c)
    h = o * torch.tanh(c)
    return h, c


def coupled_lstm_cell(
    x: Tensor, state: tuple[Tensor, Tensor], weights: Weights
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM that writes exactly what it forgets, i = 1 − f: CIFG.

    x: (B, I). state: the pair (h, c), each (B, H). weights: three blocks of H rows, in the order f,
    g, o.
    Returns the new (h, c), each (B, H).
    Source: Greff, Srivastava, Koutník, Steunebrink and Schmidhuber (2017), "LSTM: A Search Space
    Odyssey".
    """
    W_ih, W_hh, b_ih, b_hh = weights
    h, c = state
    a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(3, dim=-1)
    f = torch.sigmoid(a_f)
    g = torch.tanh(a_g)
    o = torch.sigmoid(a_o)
    c = f * c + (1 - f) * g
    h = o * torch.tanh(c)
    return h, c


def norm_lstm_cell(
    x: Tensor, state: tuple[Tensor, Tensor], weights: NormWeights
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM with layer norm inside: of W x, of U h, and of the new c on its way to h.

    Each norm takes, of one sample, the mean of all its numbers away and divides by their standard
    deviation: of W x and of U h the 4H numbers of all gates together, as published. The c that is
    carried on is not normed.
    x: (B, I). state: the pair (h, c), each (B, H). Returns the new (h, c), each (B, H).
    Source: Ba, Kiros and Hinton (2016), "Layer Normalization".
    """
    W_ih, W_hh, b_ih, b_hh, gain_ih, gain_hh, gain_c, b_c = weights
    h, c = state
    a_x = F.layer_norm(x @ W_ih.T, gain_ih.shape, gain_ih, b_ih)
    a_h = F.layer_norm(h @ W_hh.T, gain_hh.shape, gain_hh, b_hh)
    a_i, a_f, a_g, a_o = (a_x + a_h).chunk(4, dim=-1)
    i = torch.sigmoid(a_i)
    f = torch.sigmoid(a_f)
    g = torch.tanh(a_g)
    o = torch.sigmoid(a_o)
    c = f * c + i * g
    h = o * torch.tanh(F.layer_norm(c, gain_c.shape, gain_c, b_c))
    return h, c


def zoneout(old: Tensor, new: Tensor, share: float, mask: Tensor | None = None) -> Tensor:
    """A state in which some numbers stay what they were a step before.

    old, new: the state before and after a step, of one shape. share: what part of the numbers
    stays, from 0 to 1.
    mask: in training, true where the old number stays, drawn anew at each step with that share.
    None is for evaluation, where every number is what it would be on average. Returns the state, of
    the same shape.
    Source: Krueger et al. (2017), "Zoneout: Regularizing RNNs by Randomly Preserving Hidden
    Activations".
    """
    if mask is None:
        return share * old + (1 - share) * new
    return torch.where(mask, old, new)


def ablated_lstm_cell(
    x: Tensor, state: tuple[Tensor, Tensor], weights: Weights, without: str
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM without one of its gates, which is held at 1; all else stays, the
    activations, too.

    x: (B, I). state: the pair (h, c), each (B, H). weights: torch's, packed in the order i, f, g,
    o; the block of the gate that is left out changes nothing. without: "i", "f" or "o"; anything
    else raises ValueError.
    Returns the new (h, c), each (B, H).
    Source: Greff et al. (2017), "LSTM: A Search Space Odyssey", where these are called NIG, NFG and
    NOG.
    """
    if without not in ABLATED:
        raise ValueError(f'There is no gate {without!r} to leave out: choose "i", "f" or "o".')
    W_ih, W_hh, b_ih, b_hh = weights
    h, c = state
    a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    i = 1 if without == "i" else torch.sigmoid(a_i)
    f = 1 if without == "f" else torch.sigmoid(a_f)
    g = torch.tanh(a_g)
    o = 1 if without == "o" else torch.sigmoid(a_o)
    c = f * c + i * g
    h = o * torch.tanh(c)
    return h, c


def min_gru_cell(x: Tensor, h: Tensor, weights: MinWeights) -> Tensor:
    """One step of a minGRU: gate and candidate see x alone, so that those of all steps can be
    computed at once.

    Our z is the share of the *old* state that stays, as in `gru_cell`; the paper's z is the share
    of the new one, 1 − z here. The candidate goes through no tanh, as in the paper.
    x: (B, I). h: (B, H). weights: packed in the order z, n. Returns the new h, (B, H).
    Source: Feng, Tung, Ahmed, Bengio and Hajimirsadeghi (2024), "Were RNNs All We Needed?"
    """
    W_ih, b_ih = weights
    a_z, n = (x @ W_ih.T + b_ih).chunk(2, dim=-1)
    z = torch.sigmoid(a_z)
    return (1 - z) * n + z * h


def min_lstm_cell(x: Tensor, h: Tensor, weights: MinWeights) -> Tensor:
    """One step of a minLSTM: gates and candidate see x alone, there is no output gate, and h is its
    own memory.

    The gates are normalized: what stays, f / (f + i), and what is written, i / (f + i), add up to
    1. Computed is σ(log f − log i), which is the same and a number even where both f and i are too
    small for one.
    x: (B, I). h: (B, H). weights: packed in the order i, f, g. Returns the new h, (B, H).
    Source: Feng, Tung, Ahmed, Bengio and Hajimirsadeghi (2024), "Were RNNs All We Needed?"
    """
    W_ih, b_ih = weights
    a_i, a_f, g = (x @ W_ih.T + b_ih).chunk(3, dim=-1)
    kept = torch.sigmoid(F.logsigmoid(a_f) - F.logsigmoid(a_i))
    return kept * h + (1 - kept) * g


def slstm_cell(
    x: Tensor,
    state: tuple[Tensor, Tensor, Tensor, Tensor],
    weights: Weights,
    sigmoid_forget: bool = False,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One step of an sLSTM: i and f are exponentials, and the memory c is divided by what was
    written in all, n.

    m stands for a factor eᵐ that c and n have in common and that is taken out of both, so that
    neither overflows; h does not depend on it. A sequence begins with h, c and n at 0, and m at
    −inf; a number added to every a_i then changes nothing, since c and n grow by one factor.
    x: (B, I). state: (h, c, n, m), each (B, H). weights: packed in the order i, f, g, o; the
    paper's z is our g, and the paper has several heads, which are blocks of weight_hh.
    sigmoid_forget: whether f is σ(a_f) and not exp(a_f); the paper allows both. Returns the new (h,
    c, n, m), each (B, H).
    Source: Beck et al. (2024), "xLSTM: Extended Long Short-Term Memory".
    """
    W_ih, W_hh, b_ih, b_hh = weights
    h, c, n, m = state
    a_i, a_f, a_g, a_o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    log_f = F.logsigmoid(a_f) if sigmoid_forget else a_f
    m_new = torch.maximum(log_f + m, a_i)
    i = torch.exp(a_i - m_new)
    f = torch.exp(log_f + m - m_new)
    c = f * c + i * torch.tanh(a_g)
    n = f * n + i
    h = torch.sigmoid(a_o) * c / n
    return h, c, n, m_new


def mlstm_cell(
    x: Tensor,
    state: tuple[Tensor, Tensor, Tensor, Tensor],
    weights: MatrixWeights,
    sigmoid_forget: bool = False,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One step of an mLSTM: the memory C is a matrix, in which values are stored under keys and
    asked for by queries.

    Nothing in it sees h. m is that of `slstm_cell`, one number a sample. A sequence begins with C
    and n at 0, and m at −inf.
    x: (B, I). state: (h, C, n, m), h and n (B, H), C (B, H, H), values by keys, and m (B, 1).
    sigmoid_forget: see `slstm_cell`. Returns the new (h, C, n, m).
    Source: Beck et al. (2024), "xLSTM: Extended Long Short-Term Memory".
    """
    W, b, W_if, b_if = weights
    _, C, n, m = state
    q, k, v, a_o = (x @ W.T + b).chunk(4, dim=-1)
    k = k / math.sqrt(k.shape[-1])
    a_i, a_f = (x @ W_if.T + b_if).chunk(2, dim=-1)
    log_f = F.logsigmoid(a_f) if sigmoid_forget else a_f
    m_new = torch.maximum(log_f + m, a_i)
    i = torch.exp(a_i - m_new)
    f = torch.exp(log_f + m - m_new)
    C = f[..., None] * C + i[..., None] * v[..., :, None] * k[..., None, :]
    n = f * n + i * k
    found = (C @ q[..., None])[..., 0]
    weight = (n * q).sum(-1, keepdim=True).abs()
    h = torch.sigmoid(a_o) * found / torch.maximum(weight, torch.exp(-m_new))
    return h, C, n, m_new


def attend(
    query: Tensor, states: Tensor, scale: bool = True, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Attention by dot products: a mean of the states of a sequence, weighted by how well each fits
    the query.

    query: (B, H), or (T, B, H) for T queries at once. states: (S, B, H), of S steps. scale: whether
    the products are divided by √H, so that they do not grow with H. mask: (S, B), or (T, S, B)
    where queries differ in it; true where a state may be read, None where all may. A sample none of
    whose states may be read gets zeros.
    Returns the context, shaped as query, and the weights, (S, B) or (T, S, B), which add up to 1
    over S.
    Sources: Bahdanau, Cho and Bengio (2015), "Neural Machine Translation by Jointly Learning to
    Align and Translate", for the idea; Luong, Pham and Manning (2015), "Effective Approaches to
    Attention-based Neural Machine Translation", for the products; Vaswani et al. (2017), "Attention
    Is All You Need", for the scale.
    """
    scores = torch.einsum("...bh,sbh->...sb", query, states)
    if scale:
        scores = scores / math.sqrt(states.shape[-1])
    if mask is None:
        weights = scores.softmax(-2)
    else:
        lowest = torch.finfo(scores.dtype).min  # -inf would make NaN where nothing may be read
        weights = scores.masked_fill(~mask, lowest).softmax(-2) * mask
    return torch.einsum("...sb,sbh->...bh", weights, states), weights
