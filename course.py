"""The commands of the course, for every system: `python course.py lab`, `python course.py test`, and so on.

Needs nothing but Python 3.11 or newer; `make lab`, `make test` … call it. The first command that needs them
installs the pinned packages into `.venv`. The file itself parses under any Python 3, so that an old one can
still be told what to do.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)


def python_in(venv):
    """The interpreter of a virtual environment, on this system."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stop(sentence):
    """End with one sentence that says what to do."""
    sys.exit("\n" + sentence)


def check_python():
    """Refuse an old Python, or one that cannot make environments, with a sentence each."""
    if sys.version_info < OLDEST_PYTHON:
        stop(
            "This is Python %d.%d and the course needs 3.11 or newer: install one, then name it, for example "
            "`make lab PYTHON=python3.11`." % sys.version_info[:2]
        )
    if importlib.util.find_spec("ensurepip") is None:
        stop(
            "This Python has no `ensurepip`, so it cannot make an environment with pip in it: on Debian and Ubuntu "
            "run `sudo apt install python3-venv`, then the same command again."
        )


def fingerprint():
    """What `.venv` was made from: the pinned packages, the library's own metadata, the Python, the place."""
    import tomllib  # not there in the old Pythons that check_python refuses

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    made_from = json.dumps([pins, project, sys.version, str(VENV)])
    return hashlib.sha256(made_from.encode()).hexdigest()


def run(*command, **options):
    """Run a command from the project's folder and return its exit code; Ctrl-C reaches the command itself."""
    process = subprocess.Popen([str(part) for part in command], cwd=str(ROOT), **options)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def install(venv, requirements, editable=True):
    """Make `venv` and install the pinned packages and, in editable form, the library `gates`."""
    pip = [python_in(venv), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    quiet = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    again = "Then run the same command again."
    if run(sys.executable, "-m", "venv", "--clear", venv):
        stop("Making %s failed: Python's own message above says why. %s" % (venv.name, again))
    if run(*pip, "-r", requirements, env=quiet):
        stop(
            "Installing the packages failed; pip's own message is above. Is the network up? %s"
            % again
        )
    if editable and run(*pip, "--no-deps", "--no-build-isolation", "-e", ".", env=quiet):
        stop("Installing the library failed: pip's own message above says why. %s" % again)


def settle_lab(venv):
    """Start JupyterLab without asking about news and updates, which it would fetch; both can be turned on there."""
    settings = venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": quiet}))


def set_up():
    """Install into `.venv` unless its stamp says that this was done; the stamp is written last."""
    check_python()
    stamp = VENV / "gates-stamp"
    wanted = fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted and python_in(VENV).exists():
        return
    print("Setting up .venv: about 1.7 GB and a few minutes, once.", flush=True)
    install(VENV, "requirements.txt")
    settle_lab(VENV)
    stamp.write_text(wanted)


def frameworks(arguments):
    """install the frameworks of lesson 18 beside the course: Keras, JAX with Flax, Equinox and Haiku, ONNX"""
    set_up()
    stamp = VENV / "frameworks-stamp"
    pins = ROOT / "requirements-frameworks.txt"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        print("The frameworks of lesson 18 are installed.")
        return 0
    print("Installing the frameworks of lesson 18: about 700 MB, once.", flush=True)
    pip = [python_in(VENV), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    quiet = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    if run(*pip, "-r", "requirements.txt", "-r", pins.name, env=quiet):
        stop(
            "Installing the frameworks failed; pip's own message is above. Is the network up? Lesson 18 runs "
            "without them, too."
        )
    stamp.write_text(wanted)
    return 0


def lab(arguments):
    """copy the lessons that are not there yet into my_course/ and open JupyterLab on its home page"""
    set_up()
    home = os.environ.get("GATES_HOME", str(ROOT / "my_course" / ".progress"))
    env = dict(os.environ, GATES_HOME=home)
    code = run(python_in(VENV), "-m", "gates.desk", "lay", env=env)
    if code:
        return code
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", arguments.port))
        except OSError:
            stop(
                "Port %d is in use, perhaps by a JupyterLab that is still running: go back to its window, or start "
                "here with another one, `make lab PORT=%d`." % (arguments.port, arguments.port + 1)
            )
    print(
        "JupyterLab keeps running in this window. To stop it, press Ctrl-C twice; saved work stays.",
        flush=True,
    )
    options = [
        "--ServerApp.root_dir=my_course",
        "--LabApp.default_url=/lab/tree/home.ipynb",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=%d" % arguments.port,
        "--ServerApp.port_retries=0",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    if arguments.no_browser:
        options.append("--no-browser")
    return run(python_in(VENV), "-m", "jupyterlab", *options, env=env)


def side_by_side():
    """What makes pytest run a file on each core, the longest first; four at most, since each takes up to 1.5 GB."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return ["-n", str(min(cores, 4)), "--dist", "loadfile", "--no-loadscope-reorder"]


def test(arguments):
    """run the unit tests and execute every notebook of both editions (LESSON=03: that lesson only; SKIP=notebooks: not these)"""
    set_up()
    targets = [name for name in ("tests", "notebooks", "solutions") if name != arguments.skip]
    if arguments.lesson:
        targets = [
            path
            for folder in ("notebooks", "solutions")
            for path in ROOT.glob("%s/%s*" % (folder, lesson(arguments)))
        ]
        if not targets:
            stop(
                "There is no lesson %s in notebooks/ yet: run `make build` if it is new."
                % lesson(arguments)
            )
        targets += ["tests/test_editions.py", "--lesson", lesson(arguments)]
    return run(python_in(VENV), "-m", "pytest", "--nbval-lax", *side_by_side(), *targets)


def build(arguments):
    """turn lessons/*.md into notebooks/ and solutions/ (LESSON=03: that lesson only)"""
    set_up()
    return run(
        python_in(VENV), "-m", "gates.build", *([lesson(arguments)] if arguments.lesson else [])
    )


def reset(arguments):
    """put back a lesson in my_course/ as it came, after a backup of yours (LESSON=03)"""
    set_up()
    return run(python_in(VENV), "-m", "gates.desk", "reset", lesson(arguments))


def new_lesson(arguments):
    """write the skeleton of a new lesson (NAME=07_opening_the_gate)"""
    set_up()
    return run(python_in(VENV), "-m", "gates.build", "--new", arguments.name or "")


def bench(arguments):
    """time the course's layers beside torch.nn's, in rounds of CPU time on one thread (PROFILE=1: what it goes to)"""
    set_up()
    return run(python_in(VENV), "tests/bench.py", *(["--profile"] if arguments.profile else []))


def lint(arguments):
    """check the style of the code and of the built notebooks with ruff"""
    set_up()
    return run(python_in(VENV), "-m", "ruff", "check", ".") or run(
        python_in(VENV), "-m", "ruff", "format", "--check", "."
    )


def checked_out(folder):
    """Copy what git tracks, or would track, into a folder: what a fresh clone would hold."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(
        listing, cwd=str(ROOT), stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(ROOT / name), str(folder / name))


def test_binder(arguments):
    """do offline what Binder does: environment.yml's packages in a clean venv, postBuild, notebooks"""
    set_up()
    with tempfile.TemporaryDirectory() as folder:
        venv, clone, wanted = (
            pathlib.Path(folder, name) for name in ("venv", "clone", "wanted.txt")
        )
        with wanted.open("wb") as file:
            subprocess.run(
                [str(python_in(VENV)), "tests/versions.py"], cwd=str(ROOT), stdout=file, check=True
            )
        install(venv, wanted, editable=False)
        checked_out(clone)
        path = str(python_in(venv).parent) + os.pathsep + os.environ["PATH"]
        binder = dict(os.environ, PATH=path, PIP_ROOT_USER_ACTION="ignore")
        if subprocess.call(["sh", "postBuild"], cwd=str(clone), env=binder):
            stop("postBuild failed; its message is above.")
        notebooks = [str(path) for path in sorted((clone / "notebooks").glob("*.ipynb"))]
        command = [str(python_in(venv)), "-m", "pytest", "--nbval-lax", *side_by_side(), *notebooks]
        return subprocess.call(command, cwd=str(clone), env=binder)


def frozen(venv):
    """The packages in an environment, each with its version, but for pip and the library itself."""
    command = [str(python_in(venv)), "-m", "pip", "freeze", "--all"]
    command += ["--exclude", "gates", "--exclude", "pip"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    lines = sorted((line.split("+")[0] for line in listed.split()), key=str.lower)
    unix = "; sys_platform != 'win32'"
    return [line + unix if line.startswith("uvloop==") else line for line in lines]


def lock(arguments):
    """write requirements.txt anew from pyproject.toml's ranges (TORCH=2.13.0)"""
    check_python()
    version = arguments.torch or re.search(
        r"^torch==(\S+)", (ROOT / "requirements.txt").read_text(), re.M
    ).group(1)
    with tempfile.TemporaryDirectory() as folder:
        venv = pathlib.Path(folder, "venv")
        wanted = pathlib.Path(folder, "wanted.txt")
        wanted.write_text("torch==%s\n" % version)
        install(venv, wanted, editable=False)
        if run(
            python_in(venv), "-m", "pip", "install", "--prefer-binary", ".[lab,dev,parity,sweep]"
        ):
            stop(
                "Installing the newest versions that pyproject.toml allows failed; pip's own message is above."
            )
        lines = frozen(venv)
        again = [python_in(venv), "-m", "pip", "install", "--prefer-binary", ".[frameworks]"]
        pins = pathlib.Path(folder, "pins.txt")
        pins.write_text("\n".join(lines) + "\n")
        if run(*again, "-c", pins):
            stop("Installing the frameworks beside these versions failed; pip's message is above.")
        more = [line for line in frozen(venv) if line not in lines]
    made = "Made by `python course.py lock`; do not edit by hand.\n"
    for name, head, held in (
        ("requirements.txt", "# The pinned set everything here is run with. ", lines),
        (
            "requirements-frameworks.txt",
            "# The frameworks of lesson 18, pinned, beside requirements.txt. ",
            more,
        ),
    ):
        (ROOT / name).write_text(head + made + "\n".join(held) + "\n")
        print("%s holds %d packages." % (name, len(held)))


COMMANDS = {
    "lab": lab,
    "frameworks": frameworks,
    "test": test,
    "build": build,
    "reset": reset,
    "lesson": new_lesson,
    "bench": bench,
    "lint": lint,
    "test-binder": test_binder,
    "lock": lock,
}


def lesson(arguments):
    """The lesson asked for, as two digits."""
    number = (arguments.lesson or "").strip()
    if not re.match(r"^\d{1,2}$", number):
        stop("Say which lesson by its number, for example `make %s LESSON=03`." % arguments.command)
    return number.zfill(2)


def overview():
    """The list a bare `make` prints."""
    print("The course's commands (`make lab`; without make: `python course.py lab`):\n")
    for name, command in COMMANDS.items():
        print("  %-12s %s" % (name, command.__doc__))
    print("\nStart with `make lab`.")


def main():
    parser = argparse.ArgumentParser(prog="course.py", description="The commands of the course.")
    parser.add_argument("command", nargs="?", choices=list(COMMANDS))
    parser.add_argument("--lesson", help="a lesson's number, such as 03")
    parser.add_argument(
        "--skip", choices=["tests", "notebooks", "solutions"], help="what to leave out (test)"
    )
    parser.add_argument("--name", help="a new lesson's name, such as 07_opening_the_gate")
    parser.add_argument("--port", type=int, default=8888, help="the port for JupyterLab (8888)")
    parser.add_argument("--torch", help="the torch version to pin (lock)")
    parser.add_argument("--profile", action="store_true", help="show what the time goes to (bench)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    arguments = parser.parse_args()
    if arguments.command is None:
        return overview()
    return COMMANDS[arguments.command](arguments)


if __name__ == "__main__":
    sys.exit(main())
