"""Long texts made short for the disk: rows near a page's size would leave much of it empty."""

import zlib

LONG = 1_000  # bytes; shorter texts lie as they are, to be read with any tool
_QUICK = 1


def pack(text: str) -> str | bytes:
    """What to store for a text: the text, or less than it."""
    if len(text) < LONG:
        return text
    packed = zlib.compress(text.encode(), _QUICK)
    return packed if len(packed) < len(text) else text


def unpack(stored: str | bytes) -> str | bytes:
    """The text, as UTF-8 where it was packed. Raises `ValueError` for what was not packed here."""
    if isinstance(stored, str):
        return stored
    try:
        return zlib.decompress(stored)
    except zlib.error as error:
        raise ValueError(str(error)) from error
