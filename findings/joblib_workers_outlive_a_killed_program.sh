#!/usr/bin/env bash
# joblib 1.6.0 (with its own loky): when a program that runs Parallel is killed with SIGKILL, its worker processes stay.
# Expected: workers see that the pipe to their program is gone, and end, as those of multiprocessing.Pool do.
# Seen: each finishes the call it is in, perhaps another that was handed out already, and then sleeps, with all it has imported, until
# an idle time of five minutes is over. A program that is started again meanwhile runs beside what its dead
# predecessor still does. So a worker that must not outlive its program has to look for it by itself.
# Output seen:
#   2 workers; 20 seconds after the program was killed: sleeping, sleeping
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check joblib==1.6.0 psutil==7.2.2
"$folder/venv/bin/python" - <<'PYTHON' 2>/dev/null
import subprocess
import sys
import time

import psutil

code = "import time, joblib; joblib.Parallel(n_jobs=2)(joblib.delayed(time.sleep)(0.5) for _ in range(200))"
program = subprocess.Popen([sys.executable, "-c", code])
workers = []
while len(workers) < 2:
    time.sleep(0.2)
    children = psutil.Process(program.pid).children(recursive=True)
    workers = [child for child in children if "LokyProcess" in " ".join(child.cmdline())]
program.kill()
program.wait()
time.sleep(20)
found = [worker.status() for worker in workers if worker.is_running()]
print(f"{len(workers)} workers; 20 seconds after the program was killed: {', '.join(found) or 'all gone'}")
for worker in workers:
    if worker.is_running():
        worker.kill()
sys.exit(len(found) != 2)
PYTHON
