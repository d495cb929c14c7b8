#!/usr/bin/env bash
# keras 3.15.1 (torch 2.13.0 behind it), flax 0.12.8 with jax 0.10.2: what a layer that is told where each sequence ends puts
# behind the end, alone and as one of two directions.
# Expected: 0, as torch's packed sequences have it, and the same in one direction as in two.
# Seen: Keras repeats the last real output in a plain layer and puts 0 there in Bidirectional, with the option
# zero_output_for_mask left at its default in both, and 0 before the first real step in either; Flax' RNN goes on over the padding,
# so that its outputs there depend on what the padding holds. The final states of both are those of the last real step.
# Output seen:
#   keras LSTM, 2 of 4 steps: last output again, state of step 2
#   keras Bidirectional LSTM, 2 of 4 steps: zero, state of step 2
#   keras LSTM, 2 steps in front masked: zero before them, state of the two real steps
#   flax nnx.RNN, 2 of 4 steps: other numbers that depend on the padding, state of step 2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 keras==3.15.1 flax==0.12.8 jax==0.10.2
KERAS_BACKEND=torch "$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import sys
from importlib.metadata import version

import keras
import numpy as np
from flax import nnx
from keras import layers

assert version("keras") == "3.15.1" and version("flax") == "0.12.8" and version("jax") == "0.10.2"
xs = np.random.default_rng(0).normal(size=(1, 4, 3)).astype("float32")
other = xs.copy()
other[:, 2:] += 1
array = keras.ops.convert_to_numpy
mask = np.array([[True, True, False, False]])
found = []


def behind(ys, elsewhere):
    if not ys[:, 2:].any():
        return "zero"
    if np.array_equal(ys[:, 2:], np.repeat(ys[:, 1:2], 2, 1)):
        return "last output again"
    assert not np.allclose(ys[:, 2:], elsewhere[:, 2:])
    return "other numbers that depend on the padding"


def state_of_step_2(states, alone):
    return "state of step 2" if all(np.allclose(array(a), array(b), atol=1e-6) for a, b in zip(states, alone)) else "another state"


for name, wrap in (("LSTM", lambda one: one), ("Bidirectional LSTM", layers.Bidirectional)):
    layer = wrap(layers.LSTM(5, return_sequences=True, return_state=True))
    ys, *state = layer(xs, mask=mask)
    elsewhere = layer(other, mask=mask)[0]
    _, *alone = layer(xs[:, :2])
    found.append(f"keras {name}, 2 of 4 steps: {behind(array(ys), array(elsewhere))}, {state_of_step_2(state, alone)}")
layer = layers.LSTM(5, return_sequences=True, return_state=True)
ys, *state = layer(xs, mask=~mask)
_, *alone = layer(xs[:, 2:])
front = "zero" if not array(ys)[:, :2].any() else "something"
same = state_of_step_2(state, alone).replace("step 2", "the two real steps")
found.append(f"keras LSTM, 2 steps in front masked: {front} before them, {same}")
rnn = nnx.RNN(nnx.LSTMCell(3, 5, rngs=nnx.Rngs(0)), return_carry=True)
lengths = np.array([2])
carry, ys = rnn(xs, seq_lengths=lengths)
elsewhere = rnn(other, seq_lengths=lengths)[1]
alone, _ = rnn(xs[:, :2])
told = "state of step 2" if all(np.allclose(a, b, atol=1e-6) for a, b in zip(carry, alone)) else "another state"
found.append(f"flax nnx.RNN, 2 of 4 steps: {behind(np.asarray(ys), np.asarray(elsewhere))}, {told}")
print("\n".join(found))
seen = [
    "keras LSTM, 2 of 4 steps: last output again, state of step 2",
    "keras Bidirectional LSTM, 2 of 4 steps: zero, state of step 2",
    "keras LSTM, 2 steps in front masked: zero before them, state of the two real steps",
    "flax nnx.RNN, 2 of 4 steps: other numbers that depend on the padding, state of step 2",
]
sys.exit(found != seen)
PYTHON
