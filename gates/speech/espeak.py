"""Speech by espeak-ng, a program of its own: one process for each utterance.

It makes speech by rules, without recordings of people, so its voices are less different than people's are. Within one
process a second take of the same words differs from the first; a new process for each gives the same samples always.
Source: Dunn and others, espeak-ng (2015 and later), after Duddington's eSpeak.
"""

import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gates.speech.sound import RATE, Sound, at_rate
from gates.speech.wav import CannotHear, read_wav

HOW_TO_GET = (
    "To hear espeak-ng, install it (Debian and Ubuntu: apt install espeak-ng; conda: conda install -c conda-forge "
    "espeak-ng; macOS: brew install espeak-ng; Windows: the .msi of its releases) and restart the kernel."
)
PATIENCE = 30  # seconds for an utterance of a second or two


class Voice(NamedTuple):
    """A voice. variant: who speaks, as espeak-ng names its settings of pitch and timbre. accent: from where."""

    variant: str
    accent: str

    def __str__(self) -> str:
        return f"{self.accent}+{self.variant}"


@cache
def version() -> str | None:
    """The version of espeak-ng, "1.51"; None where there is none that runs."""
    try:
        found = re.search(r"\d+(?:\.\d+)+", _told("--version"))
    except CannotHear:
        return None
    return found[0] if found else None


@cache
def variants() -> frozenset[str]:
    """The variants that are installed."""
    return frozenset(re.findall(r"!v/(\S+(?: \S+)*)", _told("--voices=variant")))


@cache
def accents() -> frozenset[str]:
    """The accents of English that are installed."""
    rows = (line.split() for line in _told("--voices=en").splitlines()[1:])
    return frozenset(row[1] for row in rows if len(row) > 1 and row[1] != "variant")


def is_there(voice: Voice) -> bool:
    """Whether a voice is installed. Unless one asks, espeak-ng speaks plainly where it does not know a variant."""
    return voice.variant in variants() and voice.accent in accents()


def speak(text: str, voice: Voice, speed: int = 160, pitch: int = 50) -> Sound:
    """A text as one voice says it, at RATE, without the pause at its end.

    speed: words a minute, from 80 to 450, by which espeak-ng means roughly that. pitch: from 0 to 99, with 50 the voice's
    own. A voice that is not installed, an empty text, other numbers, and no espeak-ng raise CannotHear.
    """
    if not text.strip():
        raise CannotHear("The text is empty: give some words to say.")
    if not (80 <= speed <= 450 and 0 <= pitch <= 99):
        raise CannotHear("speed has to be from 80 to 450 words a minute, and pitch from 0 to 99.")
    if not is_there(voice):
        raise CannotHear(
            f"espeak-ng {version()} has no voice {voice}: choose a variant of `espeak-ng --voices=variant` and an "
            "accent of `espeak-ng --voices=en`."
        )
    settings = ("-v", str(voice), "-s", str(speed), "-p", str(pitch), "-z", "-b", "1")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        _told(*settings, "-w", str(file), "--", text)
        return at_rate(read_wav(file), RATE)


def _told(*arguments: str) -> str:
    """What espeak-ng writes when it is called with some arguments."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise CannotHear(f"There is no espeak-ng here. {HOW_TO_GET}")
    try:
        done = subprocess.run(
            [program, *arguments],
            capture_output=True,
            check=True,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as reason:
        raise CannotHear(f"espeak-ng does not run ({reason}). {HOW_TO_GET}") from reason
    return done.stdout.decode(errors="replace")
