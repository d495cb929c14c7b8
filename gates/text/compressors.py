"""How small the compressors of the standard library make a text, starting cold, or after another text.

A compressor knows nothing of a text at first, learns from what it has read of it, and so needs less and less. What it
needs for a text after another one is the size of both together minus that of the first. What each can still see of that
differs: zlib looks back over 32 kB, bz2 over a block of 900 kB, and lzma over all.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable

_LZMA = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": lambda data: zlib.compress(data, level=9),
    "bz2": lambda data: bz2.compress(data, compresslevel=9),
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_RAW, filters=_LZMA),
}


def compressed_bits(name: str, text: str, after: str = "") -> float:
    """Bits per character of a text, compressed as UTF-8 by the compressor of that name.

    after: a text that the compressor has read before, as a network has its training text; by default it starts cold.
    An empty text and a name that is not in COMPRESSORS raise ValueError.
    """
    if name not in COMPRESSORS:
        raise ValueError(f"There is no compressor {name!r}: there are {', '.join(COMPRESSORS)}.")
    if not text:
        raise ValueError("The text is empty: there is nothing to compress.")
    before, both = after.encode(), (after + text).encode()
    size = len(COMPRESSORS[name](both)) - (len(COMPRESSORS[name](before)) if after else 0)
    return 8 * size / len(text)
