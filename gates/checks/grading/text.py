"""Texts that learners wrote, made fit to be stored and shown."""

import json

from gates.checks.verdict import NOT_ATTEMPTED, PASSED, RAISED, WRONG, WRONG_SHAPE

STOPPED, UNREADABLE, EMPTY = "stopped", "unreadable", "no exercise"
NOTHING, UNKNOWN = "nothing handed in", "not on the roster"
JUDGED = (PASSED, WRONG, WRONG_SHAPE, RAISED, STOPPED, NOT_ATTEMPTED)


def shown(text: object, most: int = 5_000) -> str:
    """A text that any file and any screen can hold: lone surrogates, which stand for bytes that are no UTF-8, and
    control characters are spelled out, such as `\\xe9`."""
    short = str(text)[:most]
    names = "".join(
        char if char.isprintable() or char in "\n\t" or char.isspace() else _spelled(char)
        for char in short
    )
    return names.replace("\r", "\n").replace("\x00", "")


def _spelled(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps the byte 80 to ff of a file's name
        return f"\\x{code - 0xDC00:02x}"
    return json.dumps(char)[1:-1] if not 0xE000 <= code <= 0xF8FF else char


def message(error: BaseException) -> str:
    """The kind and the text of an error, even of one that cannot say what it is."""
    try:
        return shown(f"{type(error).__name__}: {error}")
    except Exception as problem:
        return f"{type(error).__name__}, whose text raises {type(problem).__name__}"
