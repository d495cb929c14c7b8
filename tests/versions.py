"""The packages the project names in its three files. Run as a script, it prints environment.yml's packages for pip."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"pytorch": "torch", "matplotlib-base": "matplotlib"}


def pinned(root: Path = ROOT) -> dict[str, str]:
    """requirements.txt and requirements-frameworks.txt: name to exact version."""
    files = ("requirements.txt", "requirements-frameworks.txt")
    lines = [line for name in files for line in (root / name).read_text("utf-8").splitlines()]
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def ranges(root: Path = ROOT, without: tuple[str, ...] = ()) -> dict[str, Requirement]:
    """pyproject.toml: name to the range of versions the project accepts, for the library and its extras."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(
        chain(
            project["dependencies"],
            *(
                lines
                for name, lines in project["optional-dependencies"].items()
                if name not in without
            ),
        )
    )
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def conda(root: Path = ROOT) -> dict[str, str]:
    """environment.yml: name, as pip knows it, to major.minor; python and pip included."""
    entries = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    found = {}
    for entry in entries:
        name, version = re.fullmatch(r"([\w.-]+)(?:=([\d.]+\d)(?:\.\*=cpu\*)?)?", entry).groups()
        found[canonicalize_name(CONDA_NAMES.get(name, name))] = version or ""
    return found


if __name__ == "__main__":
    for name in conda():
        if name not in ("python", "pip"):
            print(f"{name}=={pinned()[name]}")
