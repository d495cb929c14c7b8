"""The commands: what they say when something is missing, and that setting up is done once."""

import importlib.util
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import course

ROOT = course.ROOT


def stopped(*command: str) -> str:
    with pytest.raises(SystemExit) as caught:
        arguments = list(command)
        sys.argv = ["course.py", *arguments]
        course.main()
    return str(caught.value).strip()


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> list:
    """As if everything was installed; what would be run is collected."""
    ran: list = []
    monkeypatch.setattr(course, "set_up", lambda: None)
    monkeypatch.setattr(
        course, "run", lambda *command, **options: ran.append((command, options)) or 0
    )
    return ran


def one_sentence(text: str) -> bool:
    return "\n" not in text and len(re.findall(r"[.!?](\s|$)", text)) == 1


def test_an_old_python_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    text = stopped("lab")
    assert "3.10" in text and "PYTHON=python3.11" in text and one_sentence(text)


def test_a_missing_ensurepip_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name)
    )
    text = stopped("lab")
    assert "apt install python3-venv" in text and one_sentence(text)


def test_a_busy_port_is_told_what_to_do(ready: list) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        text = stopped("lab", "--port", str(port))
    assert f"make lab PORT={port + 1}" in text and one_sentence(text)


def test_lab_listens_on_this_machine_only_and_keeps_its_token(
    ready: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GATES_HOME", raising=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(sys, "argv", ["course.py", "lab", "--port", str(port), "--no-browser"])
    assert course.main() == 0
    laying, (command, options) = ready
    assert laying[0][1:] == ("-m", "gates.desk", "lay")
    assert laying[1]["env"] == options["env"]  # the map of the home page is the learner's
    assert "--LabApp.default_url=/lab/tree/home.ipynb" in command
    assert "--ServerApp.ip=127.0.0.1" in command and not any(
        "token" in str(part) for part in command
    )
    assert options["env"]["GATES_HOME"].startswith(str(ROOT / "my_course"))


def test_a_lesson_has_to_be_named_by_number(ready: list) -> None:
    assert "LESSON=03" in stopped("reset")
    assert "LESSON=03" in stopped("test", "--lesson", "lstm")


def test_set_up_installs_once_and_writes_its_stamp_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "VENV", tmp_path / "venv")
    installed: list = []

    def install(venv: Path, requirements: str) -> None:
        assert not (venv / "gates-stamp").exists()
        course.python_in(venv).parent.mkdir(parents=True, exist_ok=True)
        course.python_in(venv).touch()
        installed.append(requirements)

    monkeypatch.setattr(course, "install", install)
    course.set_up()
    course.set_up()
    assert installed == ["requirements.txt"]
    (tmp_path / "venv" / "gates-stamp").write_text("older")
    (tmp_path / "venv" / "gates-stamp").rename(tmp_path / "aside")
    course.set_up()
    assert len(installed) == 2


def test_a_changed_pin_installs_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(course, "ROOT", tmp_path)
    before = course.fingerprint()
    pins = tmp_path / "requirements.txt"
    pins.write_text(
        pins.read_text(encoding="utf-8").replace("torch==2", "torch==3"), encoding="utf-8"
    )
    assert course.fingerprint() != before


def test_a_bare_make_lists_every_command() -> None:
    listed = subprocess.run(
        [sys.executable, "course.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in course.COMMANDS:
        assert re.search(rf"^  {command} +\S", listed, re.M), command
        assert re.search(rf"^{command}:$", makefile, re.M), command


def test_ci_runs_what_the_readme_says() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line.split("  #")[0] for line in lines if line.startswith("make")] == [
        "make frameworks",
        "make test SKIP=notebooks",  # which the next one executes
        "make test-binder",
    ]
