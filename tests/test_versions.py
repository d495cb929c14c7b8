"""environment.yml, pyproject.toml and requirements.txt name the same packages in versions that fit."""

import re
from pathlib import Path

import torch_range
import versions
import yaml
from packaging.specifiers import SpecifierSet


def drift(pinned: dict, ranges: dict, conda: dict) -> list[str]:
    """What does not fit, a sentence each."""
    found = []
    for name, wanted in ranges.items():
        if name not in pinned:
            found.append(f"{name} is in pyproject.toml and in no file of pins")
        elif not wanted.specifier.contains(pinned[name]):
            found.append(
                f"requirements.txt has {name} {pinned[name]}, pyproject.toml wants {wanted.specifier}"
            )
        if name not in conda and name in versions.ranges(without=("parity", "sweep", "frameworks")):
            found.append(f"{name} is in pyproject.toml and not in environment.yml")
        elif (
            name in conda
            and name in pinned
            and not SpecifierSet(f"=={conda[name]}.*").contains(pinned[name])
        ):
            found.append(
                f"environment.yml has {name} {conda[name]}, requirements.txt {pinned[name]}"
            )
    found += [
        f"{name} is in environment.yml only"
        for name in conda.keys() - ranges.keys() - {"python", "pip"}
    ]
    return found


def test_the_three_files_agree() -> None:
    assert drift(versions.pinned(), versions.ranges(), versions.conda()) == []


def test_drift_is_noticed() -> None:
    pinned, ranges, conda = versions.pinned(), versions.ranges(), versions.conda()
    assert drift({**pinned, "torch": "3.0.0"}, ranges, conda)
    assert drift(pinned, ranges, {**conda, "numpy": "1.26"})
    assert drift(pinned, ranges, {**conda, "left-pad": "1.0"})
    assert drift({k: v for k, v in pinned.items() if k != "scipy"}, ranges, conda)


def test_torch_is_pinned_exactly_and_conda_takes_the_cpu_build() -> None:
    assert re.search(
        r"^torch==\d+\.\d+\.\d+$", (versions.ROOT / "requirements.txt").read_text(), re.M
    )
    assert re.search(r"- pytorch=[\d.]+\.\*=cpu\*", (versions.ROOT / "environment.yml").read_text())


def test_the_ends_of_torchs_range_are_environments() -> None:
    oldest, newest = (
        yaml.safe_load(torch_range.environment(which))["dependencies"]
        for which in ("oldest", "newest")
    )
    changed = set(oldest) ^ set(newest)
    assert len(changed) == 2 and all("torch" in entry and "cpu*" in entry for entry in changed)
    assert "python=3.11" in oldest and "numpy" in oldest


def test_no_file_names_a_machines_path() -> None:
    suffixes = {".py", ".md", ".yml", ".toml", ".txt", ".ipynb", ""}
    folders = ["gates", "lessons", "notebooks", "solutions", ".github", ".ci"]
    files = [
        p
        for f in folders
        for p in (versions.ROOT / f).rglob("*")
        if p.suffix in suffixes and p.is_file()
    ]
    files += [p for p in versions.ROOT.iterdir() if p.suffix in suffixes and p.is_file()]
    homes = re.compile(r"/(home|Users|root|work|tmp)/\w")
    named = [
        str(Path(p).relative_to(versions.ROOT))
        for p in files
        if homes.search(p.read_text(encoding="utf-8"))
    ]
    assert named == []
