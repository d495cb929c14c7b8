#!/usr/bin/env bash
# flax 0.12.8 (jax 0.10.2), dm-haiku 0.0.17: how strong the matrices of recurrent cells are at the start.
# Expected: cells that are said to compute the same, with parameters that fit each other, start alike; and a normal
# distribution that is cut has, in one library, either always or never the deviation that was asked for.
# Seen: nnx.OptimizedLSTMCell draws one orthogonal matrix of H x 4H for all gates, so that each gate's square has half the strength that
# nnx.LSTMCell gives it; nnx.GRUCell likewise has 1/sqrt(3) of what linen.GRUCell has, and no bias inside the reset
# gate, which linen's has. In Haiku a GRU's input matrix has deviation 1/sqrt(I) after the cut, and an LSTM's 0.88 times
# 1/sqrt(I + H), since hk.Linear cuts a normal of that deviation and hk.initializers.VarianceScaling makes up for the cut.
# Output seen (root mean square of a gate's recurrent square, times sqrt(H)):
#   nnx.LSTMCell 1.000, nnx.OptimizedLSTMCell 0.500, nnx.GRUCell 0.577, linen.GRUCell 1.000
#   haiku: GRU 1.00 of 1/sqrt(I), LSTM 0.88 of 1/sqrt(I + H)
#   biases inside the reset gate: nnx.GRUCell none, linen.GRUCell one
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 flax==0.12.8 jax==0.10.2 dm-haiku==0.0.17
"$folder/venv/bin/python" - 2>/dev/null <<'PYTHON'
import sys
from importlib.metadata import version

import flax.linen as linen
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

assert version("flax") == "0.12.8" and version("dm-haiku") == "0.0.17" and version("jax") == "0.10.2"
I, H = 32, 64
rms = lambda a: float(np.sqrt((np.asarray(a) ** 2).mean()))
made = {name: getattr(nnx, name)(I, H, rngs=nnx.Rngs(0)) for name in ("LSTMCell", "OptimizedLSTMCell", "GRUCell")}
cell = linen.GRUCell(H)
x = jnp.zeros((1, I))
params = cell.init(jax.random.key(0), cell.initialize_carry(jax.random.key(0), x.shape), x)["params"]
strength = {
    "nnx.LSTMCell": rms(made["LSTMCell"].hf.kernel[...]),
    "nnx.OptimizedLSTMCell": rms(made["OptimizedLSTMCell"].dense_h.kernel[...]),
    "nnx.GRUCell": rms(made["GRUCell"].dense_h.kernel[...]),
    "linen.GRUCell": rms(params["hr"]["kernel"]),
}
found = [", ".join(f"{name} {value * H**0.5:.3f}" for name, value in strength.items())]
ratios = []
for name, of, fan in (("GRU", ("gru", "w_i"), I), ("LSTM", ("lstm/linear", "w"), I + H)):
    kind = getattr(hk, name)
    run = hk.transform(lambda x: kind(H)(x, kind(H).initial_state(len(x))))
    drawn = [run.init(jax.random.key(k), x)[of[0]][of[1]] for k in range(5)]
    ratios.append(rms(np.stack(drawn)) * fan**0.5)
found.append(f"haiku: GRU {ratios[0]:.2f} of 1/sqrt(I), LSTM {ratios[1]:.2f} of 1/sqrt(I + H)")
inside = "none" if made["GRUCell"].dense_h.bias is None else "one"
found.append(f"biases inside the reset gate: nnx.GRUCell {inside}, linen.GRUCell {'one' if 'bias' in params['hn'] else 'none'}")
print("\n".join(found))
seen = [
    "nnx.LSTMCell 1.000, nnx.OptimizedLSTMCell 0.500, nnx.GRUCell 0.577, linen.GRUCell 1.000",
    "haiku: GRU 1.00 of 1/sqrt(I), LSTM 0.88 of 1/sqrt(I + H)",
    "biases inside the reset gate: nnx.GRUCell none, linen.GRUCell one",
]
sys.exit(found != seen)
PYTHON
