"""The one rule that makes a verdict on a claim of what was found, and the words that a verdict begins with."""

from collections.abc import Mapping, Sequence

VERDICTS = {
    "Holds": "in all that was tried here",
    "Holds if …": "in all that was tried, under a condition that one can set oneself; without it nothing was tried",
    "Only …": "in all that was tried, under a condition that one can set oneself; without it, it was seen to fail",
    "Mixed": "for some networks, tasks or places, and not for others; so not in general",
    "Does not hold": "in nothing that was tried; of a sentence with two halves, in one half at least",
    "Open": "not yet tried, or not decided, or decided in two ways by two tables",
}
"""What a verdict may begin with, and what each says; README has the same list."""


def verdict_from(found: Mapping[str, bool | None], when: str = "", only: str = "") -> str:
    """The verdict on a claim, a sentence to be read aloud, by the one rule for all of them.

    found: for each network, task or place in which the claim was tried, whether it held there; None where that is
    undecided. when: the condition that was met in all of them, if it is one that one can set, as it goes on after "Holds
    if". only: the same, as it goes on after "Only", where the claim was seen to fail without it. Both together raise
    ValueError. A verdict that is mixed names those that are decided; what is undecided beside them belongs into the text.
    """
    if when and only:
        raise ValueError(
            "A condition is one without which the claim failed, or one without which nothing was tried."
        )
    held = [name for name, holds in found.items() if holds]
    failed = [name for name, holds in found.items() if holds is not None and not holds]
    if held and failed:
        return sentence("Mixed", holds_for=held, not_for=failed)
    if len(failed) == len(found) > 0:
        return sentence("Does not hold")
    if len(held) == len(found) > 0:
        return sentence(
            "Holds if …" if when else "Only …" if only else "Holds", condition=when or only
        )
    return sentence("Open")


def sentence(
    verdict: str, condition: str = "", holds_for: Sequence[str] = (), not_for: Sequence[str] = ()
) -> str:
    """A verdict with what has to stand in place of its dots, as a sentence."""
    if verdict == "Mixed":
        return f"Mixed: for {_listed(holds_for)}, not for {_listed(not_for)}."
    return f"{verdict.replace('…', condition)}."


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
