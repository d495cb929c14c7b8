"""The misconceptions the checks can name. Each entry is data: what is going on, and what to look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One misconception: `id`, what it is in a sentence, what to look at, and the lesson that explains it."""

    id: str
    sentence: str
    look_at: str
    lesson: str


_ENTRIES = [
    # The gates, one at a time
    Mistake(
        "f-means-forget",
        "The forget gate is read the wrong way round, as if 1 − f were kept.",
        "In this course, as in PyTorch, f itself is the fraction kept, so f = 1 keeps everything.",
        "00",
    ),
    Mistake(
        "gate-left-raw",
        "A gate is used before its sigmoid, so it is not a fraction between 0 and 1.",
        "Look for the line where the pre-activation a becomes a gate: it needs torch.sigmoid.",
        "00",
    ),
    Mistake(
        "gate-tanh",
        "A gate goes through tanh, so it runs from −1 to 1 instead of from 0 to 1.",
        "A gate is a fraction, so it needs torch.sigmoid. torch.tanh is for values that may be negative.",
        "00",
    ),
    Mistake(
        "gate-adds",
        "A gate is added where it should multiply.",
        "A gate says which fraction passes, so it stands next to what it gates with a product, element by element.",
        "00",
    ),
    Mistake(
        "gate-of-product",
        "The sigmoid is taken of the product, so the value itself is squashed.",
        "Take the sigmoid of the pre-activation alone, then multiply the value by it.",
        "00",
    ),
    Mistake(
        "gate-roles-swapped",
        "The two arguments have changed places: the value is squashed and the pre-activation is kept.",
        "The sigmoid belongs around a, the pre-activation. The value c stays as it is until it is multiplied.",
        "00",
    ),
    Mistake(
        "gate-alone",
        "The gate itself comes back, and the memory c does not enter.",
        "The gate says which fraction of c is kept: multiply c by it.",
        "00",
    ),
    Mistake(
        "gate-summed",
        "The products are added up over the units.",
        "Each unit keeps its own memory. Use *, element by element; @ and sum() add up.",
        "00",
    ),
    Mistake(
        "memory-powered",
        "The memory is raised to the power T together with the gate.",
        "Only the fraction is applied T times: f ** T first, then times c.",
        "00",
    ),
    Mistake(
        "steps-in-sigmoid",
        "The pre-activation is multiplied by T before the sigmoid.",
        "Take the sigmoid of a alone; the power T belongs to f.",
        "00",
    ),
    Mistake(
        "one-step-only",
        "The gate is applied once, whatever the number of steps.",
        "Each step multiplies by f again, so after T steps the factor is f to the power T.",
        "00",
    ),
    Mistake(
        "steps-add-up",
        "The steps are counted as a sum: T times f instead of f multiplied by itself T times.",
        "Half of a half is a quarter: the fractions of successive steps multiply.",
        "00",
    ),
    Mistake(
        "one-step-too-many",
        "One step too many is taken.",
        "After T = 1 step the value has met the gate once. Check your answer by hand for T = 1.",
        "00",
    ),
    Mistake(
        "one-step-too-few",
        "One step too few is taken.",
        "After T = 1 step the value has met the gate once. Check your answer by hand for T = 1.",
        "00",
    ),
    # The LSTM step
    Mistake(
        "lstm-gate-order",
        "The four chunks are read in another order than PyTorch packs them.",
        "The rows of weight_ih and weight_hh are packed i, f, g, o. Look at the line that splits the pre-activations.",
        "03",
    ),
    Mistake(
        "lstm-no-output-tanh",
        "The cell state reaches h without its tanh: h = o ⊙ c.",
        "h = o ⊙ tanh(c). The tanh shapes what is shown; c itself stays as it is.",
        "03",
    ),
    Mistake(
        "lstm-stores-tanh-c",
        "The tanh of the cell state is stored as the new cell state.",
        "Return c itself. Only h sees tanh(c), otherwise the memory is squashed again at every step.",
        "03",
    ),
    Mistake(
        "lstm-tanh-twice",
        "The cell state passes through tanh twice on its way to h.",
        "One tanh only: h = o ⊙ tanh(c).",
        "03",
    ),
    Mistake(
        "lstm-old-c-in-h",
        "h is computed from the old cell state.",
        "h shows the memory after the update: use the new c in o ⊙ tanh(c).",
        "03",
    ),
    Mistake(
        "lstm-candidate-sigmoid",
        "The candidate g goes through a sigmoid, so nothing negative can ever be written.",
        "g is a value, not a fraction: it uses tanh.",
        "03",
    ),
    Mistake(
        "lstm-candidate-raw",
        "The candidate g is used without its tanh.",
        "g = tanh(a_g). Look at the line that makes the candidate.",
        "03",
    ),
    Mistake(
        "lstm-forget-gates-candidate",
        "The candidate is multiplied by the forget gate: c = f ⊙ c + f ⊙ g.",
        "Keeping and writing have a gate each: c = f ⊙ c + i ⊙ g.",
        "03",
    ),
    Mistake(
        "lstm-input-gates-memory",
        "The old memory is multiplied by the input gate.",
        "Keeping and writing have a gate each: c = f ⊙ c + i ⊙ g.",
        "03",
    ),
    Mistake(
        "lstm-gates-swapped",
        "The forget gate and the input gate have changed places in the update of c.",
        "f goes with the old memory c, i goes with the candidate g: c = f ⊙ c + i ⊙ g.",
        "03",
    ),
    Mistake(
        "lstm-adds-candidate",
        "Input gate and candidate are added: i + g instead of i ⊙ g.",
        "The input gate says which fraction of the candidate is written, so it multiplies.",
        "03",
    ),
    Mistake(
        "lstm-candidate-ungated",
        "The candidate is written whole, without the input gate.",
        "c = f ⊙ c + i ⊙ g: the input gate i decides how much of g is written.",
        "03",
    ),
    Mistake(
        "lstm-memory-ungated",
        "The old memory is kept whole, without the forget gate.",
        "c = f ⊙ c + i ⊙ g: the forget gate f decides how much of c is kept.",
        "03",
    ),
    Mistake(
        "lstm-memory-dropped",
        "The old cell state does not enter the new one.",
        "c = f ⊙ c + i ⊙ g has two terms; the first, f ⊙ c, carries the memory over.",
        "03",
    ),
    Mistake(
        "lstm-output-ungated",
        "h is tanh(c) without the output gate.",
        "h = o ⊙ tanh(c): the output gate o decides how much of the memory is shown.",
        "03",
    ),
    Mistake(
        "lstm-one-chunk-for-all",
        "All four gates read the same rows of the pre-activation.",
        "Each gate has its own H rows of weight_ih, weight_hh and the biases. Look at the split.",
        "03",
    ),
    Mistake(
        "lstm-drops-bias-ih",
        "The bias of the input, bias_ih, is missing.",
        "PyTorch adds two biases: x W_ihᵀ + b_ih + h W_hhᵀ + b_hh.",
        "03",
    ),
    Mistake(
        "lstm-drops-bias-hh",
        "The bias of the hidden state, bias_hh, is missing.",
        "PyTorch adds two biases: x W_ihᵀ + b_ih + h W_hhᵀ + b_hh.",
        "03",
    ),
    Mistake(
        "lstm-drops-biases",
        "Both biases are missing.",
        "PyTorch adds two biases: x W_ihᵀ + b_ih + h W_hhᵀ + b_hh.",
        "03",
    ),
    Mistake(
        "lstm-recurrent-not-transposed",
        "The recurrent matrices are not transposed. They are square, so nothing complains.",
        "torch.nn stores weights as (rows out, columns in): h @ weight_hh.T, gate by gate.",
        "03",
    ),
    Mistake(
        "ignores-h",
        "The hidden state that is handed in is not used.",
        "The recurrent term h W_hhᵀ needs the h of the step before, and at the first step the one that was given.",
        "03",
    ),
    Mistake(
        "ignores-c",
        "The cell state that is handed in is not used.",
        "f ⊙ c needs the c of the step before, and at the first step the one that was given.",
        "03",
    ),
    Mistake(
        "ignores-state",
        "The state that is handed in is not used: the numbers are those of a start from zeros.",
        "Start from the given h and c, not from zeros.",
        "03",
    ),
    Mistake(
        "returns-c-then-h",
        "The pair comes back as (c, h).",
        "The order in this course, as in PyTorch, is (h, c).",
        "03",
    ),
    Mistake(
        "lstm-returns-old-c",
        "The cell state that comes back is the old one.",
        "Return the new c: it is the memory of the next step.",
        "03",
    ),
    Mistake(
        "lstm-squashed-again",
        "Gates that are already between 0 and 1 go through the sigmoid once more.",
        "In this function i, f, g and o come in squashed. Use them as they are.",
        "03",
    ),
    Mistake(
        "lstm-rows-interleaved",
        "The pre-activations are taken apart as if the gates took turns, row by row.",
        "Each gate has H rows in one block: take four blocks, as chunk(4, dim=-1) does.",
        "03",
    ),
    Mistake(
        "lstm-g-and-o-swapped",
        "The candidate and the output gate have changed places after they were squashed.",
        "g goes with i into the new c; o goes with tanh(c) into h. Look at the order in which they are handed over.",
        "03",
    ),
    Mistake(
        "lstm-forget-gates-all",
        "The forget gate multiplies the whole sum, f ⊙ (c + i ⊙ g), so what is written is cut down, too.",
        "f goes with the old memory only: c = f ⊙ c + i ⊙ g.",
        "03",
    ),
    Mistake(
        "lstm-tanh-outside",
        "The tanh is taken of the product: h = tanh(o ⊙ c).",
        "First tanh(c), then the output gate: h = o ⊙ tanh(c).",
        "03",
    ),
    Mistake(
        "c-meets-matrix",
        "The cell state is multiplied by weight_hh.",
        "It is h that meets weight_hh. The cell state never passes through a matrix.",
        "03",
    ),
    Mistake(
        "h-as-memory",
        "The hidden state stands where the memory belongs.",
        "c = f ⊙ c + i ⊙ g keeps the old c, the second of the pair; h enters through weight_hh only.",
        "03",
    ),
    Mistake(
        "state-swapped",
        "The state is unpacked as (c, h).",
        "The order in this course, as in PyTorch, is (h, c): h, c = state.",
        "03",
    ),
    # The sequence
    Mistake(
        "return-inside-loop",
        "The function returns after the first step.",
        "The return stands inside the loop: move it to the left, below the loop.",
        "03",
    ),
    Mistake(
        "cell-not-called",
        "The loop calls a cell of its own choice, and not the one that is handed in.",
        "Call cell(x, state, weights), so that the loop works for any cell.",
        "03",
    ),
    Mistake(
        "state-not-carried",
        "Every step starts again from the first state: step 1 is right and the later ones are not.",
        "The state that a step returns is the state of the next step. Look at what the loop passes to the cell.",
        "03",
    ),
    Mistake(
        "outputs-before-step",
        "ys holds the hidden state before each step instead of after it.",
        "Append h after the cell was called: ys[0] is the state after the first input.",
        "03",
    ),
    Mistake(
        "collects-c",
        "ys collects the cell state c.",
        "What a layer shows at each step is h, the first of the pair (h, c).",
        "03",
    ),
    Mistake(
        "time-reversed",
        "The sequence is read from its end to its start.",
        "Go through xs from step 0 to step T − 1.",
        "03",
    ),
    Mistake(
        "outputs-reversed",
        "The steps are right but ys lists them from last to first.",
        "ys[t] belongs to xs[t]: append, rather than insert at the front.",
        "03",
    ),
    Mistake(
        "first-state-returned",
        "The state that comes back is the one that was handed in.",
        "Return the state after the last step, so that the next call can go on from there.",
        "03",
    ),
    Mistake(
        "last-step-missing",
        "The last step is missing from the state that comes back.",
        "The final state is the one after step T − 1: check the range of the loop.",
        "03",
    ),
    # Weights and counting
    Mistake(
        "matrices-swapped",
        "weight_ih and weight_hh have changed places.",
        "weight_ih has I columns and meets x; weight_hh has H columns and meets h.",
        "03",
    ),
    Mistake(
        "biases-swapped",
        "bias_ih and bias_hh have changed places: an LSTM cannot tell, but a GRU can.",
        "The order is weight_ih, weight_hh, bias_ih, bias_hh.",
        "03",
    ),
    Mistake(
        "biases-merged",
        "The two biases are merged into one: the outputs agree, but the weights no longer go back into PyTorch's layer.",
        "Hand over bias_ih and bias_hh as they are; the cell adds them.",
        "03",
    ),
    Mistake(
        "weights-transposed",
        "The matrices are transposed.",
        "Hand them over as torch.nn stores them, (4H, I) and (4H, H); the cell does the transposing.",
        "03",
    ),
    Mistake(
        "counts-one-bias",
        "One of the two biases is not counted.",
        "PyTorch keeps bias_ih and bias_hh, each of length 4H.",
        "03",
    ),
    Mistake(
        "counts-no-bias",
        "The biases are not counted.",
        "PyTorch keeps two biases, bias_ih and bias_hh, each of length 4H.",
        "03",
    ),
    Mistake(
        "counts-one-gate",
        "Only one gate is counted.",
        "There are four blocks of rows, i, f, g and o, each as large as a plain RNN's.",
        "03",
    ),
    Mistake(
        "counts-three-gates",
        "Three blocks are counted, which is a GRU.",
        "An LSTM has four blocks of rows: three gates and the candidate.",
        "03",
    ),
    Mistake(
        "count-depends-on-t",
        "The count grows with the length of the sequence.",
        "The same weights are used at every step, so T does not enter.",
        "03",
    ),
    # What values cannot show
    Mistake(
        "detached",
        "The values are right, but gradients do not flow back through them.",
        "Look for .detach(), .data, .item(), torch.no_grad(), a trip through NumPy, or torch.tensor(...) around a tensor.",
        "03",
    ),
    Mistake(
        "changes-inputs",
        "The function changes the tensors it was given.",
        "Write c = f * c, which makes a new tensor, rather than c *= f or c.mul_(f), which overwrite the caller's.",
        "03",
    ),
    Mistake(
        "lost-precision",
        "The numbers agree to about seven digits and not further: somewhere the computation goes through float32.",
        "Look for .float(), a tensor made without dtype, or a constant made with torch.tensor(...).",
        "03",
    ),
    # Beliefs, met in questions
    Mistake(
        "tanh-on-memory",
        "The memory is believed to pass through tanh on its way.",
        "tanh acts on what is shown: h = o ⊙ tanh(c). The c that is carried on has not been through it.",
        "03",
    ),
    Mistake(
        "bias-may-be-left-out",
        "A bias that adds nothing new to the cell is believed to be dispensable when weights are loaded.",
        "What counts is the sum of the two, and each of them holds a part of it.",
        "03",
    ),
    Mistake(
        "bias-not-a-parameter",
        "The second bias is believed not to be counted among the parameters.",
        "Both are stored and trained: nn.LSTM(I, H) has 4(HI + H² + 2H) parameters.",
        "03",
    ),
    Mistake(
        "f-large-forgets-fast",
        "A forget gate near 1 is taken for fast forgetting.",
        "f is the fraction kept at each step: 0.99 keeps almost everything.",
        "00",
    ),
    Mistake(
        "gate-is-a-switch",
        "A gate is taken for a switch that is either open or closed.",
        "A sigmoid gives any value between 0 and 1, for each unit separately; that is what makes it trainable.",
        "00",
    ),
    Mistake(
        "half-stays-half",
        "What is kept in one step is taken for what is kept in the end.",
        "The factor f is applied at every step, so it multiplies up.",
        "00",
    ),
    Mistake(
        "bias-is-redundant-so-harmless",
        "The second bias is believed to change what the cell can compute.",
        "In an LSTM only the sum of the two biases enters; keeping both is a matter of format, and of not losing one.",
        "03",
    ),
    Mistake(
        "same-shape-same-network",
        "Fitting shapes are taken as proof of a right gate order.",
        "All 24 orders of the four chunks have the same shapes. Only comparing numbers tells them apart.",
        "03",
    ),
    Mistake(
        "gate-order-is-learned",
        "Gate order is believed not to matter once weights are loaded.",
        "A network trained from scratch may use any order, but weights that were trained under one order only work under it.",
        "03",
    ),
    Mistake(
        "c-through-matrix",
        "The cell state is believed to pass through a weight matrix.",
        "Only h meets weight_hh. The cell state is multiplied by f, element by element, and added to.",
        "03",
    ),
    Mistake(
        "output-is-c",
        "The layer's output is taken for the cell state.",
        "`output` lists h after each step; c is only returned for the last step.",
        "03",
    ),
    Mistake(
        "rounding-taken-for-bug",
        "A difference in the last digits is taken for a mistake.",
        "Two orders of adding the same numbers differ by rounding: about 1e-16 in float64 and 1e-7 in float32.",
        "03",
    ),
]

CATALOGUE: dict[str, Mistake] = {entry.id: entry for entry in _ENTRIES}
