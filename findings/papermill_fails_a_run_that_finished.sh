#!/usr/bin/env bash
# papermill 2.7.0: a cell tagged raises-exception that raises lets the run go on to its end, and the run is then reported as failed.
# Expected: the tag says that the cell may raise, as it does to nbclient and nbval, so that the run counts as a success.
# Seen: all cells are executed, exit code 1, the error of the tagged cell on stderr, and a cell "An Exception was encountered" put
# above it; the executed notebook's own metadata say the opposite: papermill.exception is null for the run, exception false and
# status completed for each cell, the tagged one included. So neither the exit code nor the metadata alone tell a run that
# finished from one that did not: what does is whether the last cell ran.
# Output seen:
#   exit code 1, on stderr: ZeroDivisionError: division by zero
#   the last cell printed: reached 3
#   papermill.exception of the notebook None, of its cells [False, False, False, False], status ['completed']
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

sources = {"seed = 0": ["parameters"], "1 / 0": ["raises-exception"], "print('reached', seed)": []}
cells = [nbformat.v4.new_code_cell(s, metadata={"tags": tags}) for s, tags in sources.items()]
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), "in.ipynb")
command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "-p", "seed", "3", "--no-progress-bar"]
run = subprocess.run(command, capture_output=True, text=True)
out = nbformat.read("out.ipynb", as_version=4)
reached = out.cells[-1].outputs[0]["text"].strip()
of_code = [cell.metadata["papermill"] for cell in out.cells if cell.cell_type == "code"]
raised = [of["exception"] for of in of_code]
statuses = sorted({of["status"] for of in of_code})
print(f"exit code {run.returncode}, on stderr: {run.stderr.strip().splitlines()[-1]}")
print(f"the last cell printed: {reached}")
print(
    f"papermill.exception of the notebook {out.metadata['papermill']['exception']}, of its cells {raised}, status {statuses}"
)
sys.exit(
    not (
        run.returncode == 1
        and reached == "reached 3"
        and out.metadata["papermill"]["exception"] is None
        and not any(raised)
        and statuses == ["completed"]
    )
)
PYTHON
