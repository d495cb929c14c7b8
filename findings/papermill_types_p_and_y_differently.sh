#!/usr/bin/env bash
# papermill 2.7.0: `-p x TEXT` and `-y "x: TEXT"` give one and the same text different values.
# Expected: both ways of handing in a parameter read 1e-3 as a number, 010 as ten, no and 12:30 as texts.
# Seen: -p tries Python's int and float and a few words; -y is YAML 1.1, in which a number with an exponent needs a point, a leading
# zero means octal, no is false, and 12:30 is a number to the base of sixty. A learning rate given by -y is a text.
# Output seen:
#   1e-3: -p 0.001, -y '1e-3'
#   010: -p 10, -y 8
#   no: -p 'no', -y False
#   12:30: -p '12:30', -y 750
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check papermill==2.7.0 nbclient==0.11.0 nbformat==5.11.0 ipykernel==7.4.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import subprocess
import sys

import nbformat

cells = [
    nbformat.v4.new_code_cell("x = None", metadata={"tags": ["parameters"]}),
    nbformat.v4.new_code_cell("print(repr(x))", metadata={"tags": []}),
]
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), "in.ipynb")


def value(*given):
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", *given, "--no-progress-bar"]
    subprocess.run(command, check=True, capture_output=True)
    return nbformat.read("out.ipynb", as_version=4).cells[-1].outputs[0]["text"].strip()


found = {text: (value("-p", "x", text), value("-y", f"x: {text}")) for text in ("1e-3", "010", "no", "12:30")}
for text, (by_p, by_y) in found.items():
    print(f"{text}: -p {by_p}, -y {by_y}")
wanted = {"1e-3": ("0.001", "'1e-3'"), "010": ("10", "8"), "no": ("'no'", "False"), "12:30": ("'12:30'", "750")}
sys.exit(found != wanted)
PYTHON
