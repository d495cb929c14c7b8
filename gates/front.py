"""The front matter of a lesson: the YAML at the top of lessons/NN_name.md, read and held to what the lesson has."""

import re
from pathlib import Path

import yaml

from gates import facts
from gates.claims import CLAIMS
from gates.facts import BadFacts, Facts

NAME = re.compile(r"\d\d_[a-z0-9_]+")
_JUPYTEXTS = {"kernelspec", "jupytext"}  # keys that are read by jupytext, and by nobody here


class _Texts(yaml.BaseLoader):
    """YAML whose every value is a text, so that lesson 02 is no number; a key that is there twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"`{key.value}` is there twice: rename or delete one of the two"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def sources(root: Path) -> list[Path]:
    """The sources of all lessons, in order."""
    return sorted(path for path in (root / "lessons").glob("*.md") if NAME.fullmatch(path.stem))


def read(path: Path) -> Facts:
    """The facts of a lesson from its source. Raises BadFacts where they do not fit it."""
    text = path.read_text(encoding="utf-8")
    where = f"lessons/{path.name}"
    head = re.match(r"---\n(.*?\n)---\n", text, re.S)
    if not head:
        raise BadFacts(
            f"{where}: it has no front matter: begin it as lessons/TEMPLATE.md does, between `---` and `---`."
        )
    try:
        plain = yaml.load(head[1], Loader=_Texts)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 2  # counted from 0, and below the dashes
        advice = "" if "twice" in problem.problem else "; a text that holds a colon needs quotes"
        raise BadFacts(f"{where}, line {line}: {problem.problem}{advice}.") from None
    if not isinstance(plain, dict):
        raise BadFacts(f"{where}: its front matter has no `title: …`: see lessons/TEMPLATE.md.")
    body = text[head.end() :]
    checks = list(dict.fromkeys(re.findall(r'\bcheck\("(\w+)"\)', body)))
    told = {key: value for key, value in plain.items() if key not in _JUPYTEXTS}
    if "checks" in told:
        raise BadFacts(f"{where}: leave out `checks`: the build takes them from the cells.")
    found = facts.read(path.stem, told | {"checks": checks})
    if unknown := set(found.claims) - {claim.id for claim in CLAIMS}:
        raise BadFacts(
            f"{where}: gates/claims.py has no claim {min(unknown)}: give `claims` the ids of those that are settled here."
        )
    _check_exercises(found, body, where)
    return found


def _check_exercises(found: Facts, body: str, where: str) -> None:
    """Each exercise belongs to one section, in the lesson's order."""
    headings = re.findall(r"^## (Exercise|Script) (\d+)\b", body, re.M)
    there = [(kind.lower(), int(k)) for kind, k in headings]
    named = [(section.kind, k) for section in found.sections for k in section.exercises]
    for kind, k in there:
        if (kind, k) not in named:
            raise BadFacts(
                f"{where}: no section names {kind} {k}: add it to one, as in `{found.sections[0].name}: 10, {kind} {k}`."
            )
    for kind, k in named:
        if (kind, k) not in there:
            raise BadFacts(
                f"{where}: a section names {kind} {k}, and there is no heading `## {kind.title()} {k}`: change one of them."
            )
    if named != there:
        raise BadFacts(
            f"{where}: its sections name {named[0][0]}s twice, or not in the order of the headings: put them in that order."
        )


def read_all(root: Path) -> list[Facts]:
    """The facts of all lessons, in order. Raises BadFacts also where they do not fit each other."""
    found: dict[str, Facts] = {}
    names: dict[str, Facts] = {}
    for path in sources(root):
        lesson = read(path)
        where = f"lessons/{path.name}"
        if other := found.get(lesson.number):
            raise BadFacts(f"{where}: {other.name} has the number {lesson.number} too: rename one.")
        numeral, _, name = lesson.part.partition(", ")
        other = names.setdefault(numeral, lesson)
        if other.part != lesson.part:
            raise BadFacts(
                f"{where}: it calls {numeral} `{name}`, and lessons/{other.name}.md has `{other.part}`: use one name."
            )
        before = list(found.values())[-1:]
        if other is not lesson and before and before[0].part != lesson.part:
            raise BadFacts(
                f"{where}: it is in {numeral}, and so is lesson {other.number}, with {before[0].part} in between: keep the "
                "lessons of a part together."
            )
        if strange := set(lesson.needed) - found.keys():
            raise BadFacts(
                f"{where}: it needs lesson {min(strange)}, which does not come before it: correct `needs`."
            )
        found[lesson.number] = lesson
    return list(found.values())
