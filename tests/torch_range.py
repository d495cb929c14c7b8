"""Print environment.yml with the oldest or the newest torch that pyproject.toml allows: `torch_range.py oldest`."""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(which: str, root: Path = ROOT) -> str:
    """environment.yml for one end of the range; the other packages are free to move with torch."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    torch = next(line for line in project["dependencies"] if line.startswith("torch"))
    oldest, above = re.fullmatch(r"torch>=(\d+\.\d+),<(\d+\.\d+)", torch).groups()
    newest = f"\"pytorch[version='<{above}',build='cpu*']\""
    wanted = f"pytorch={oldest}.*=cpu*" if which == "oldest" else newest
    text = (root / "environment.yml").read_text(encoding="utf-8")
    text = re.sub(r"^(  - (?!python|pytorch)[\w-]+)=[\d.]+$", r"\1", text, flags=re.M)
    return re.sub(r"pytorch=\S+", wanted, text)


if __name__ == "__main__":
    print(environment(sys.argv[1]), end="")
