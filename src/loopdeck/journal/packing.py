"""Long texts made short for the disk: rows near a page's size would leave much of it empty."""

import zlib

from loopdeck.errors import CodecError

LONG = 1_000  # bytes; shorter texts lie as they are, to be read with any tool
_QUICK = 1


def pack(text: str) -> str | bytes:
    """What to store for a text: the text, or less than it."""
    if len(text) < LONG:
        return text
    packed = zlib.compress(text.encode(), _QUICK)
    return packed if len(packed) < len(text) else text


def unpack(stored: object) -> str | bytes:
    """The text, as UTF-8 where it was packed. Raises `CodecError` for what was not packed here."""
    if isinstance(stored, str):
        return stored
    try:
        if isinstance(stored, bytes):
            return zlib.decompress(stored)
    except zlib.error as error:
        raise CodecError(f"not a packed text: {error}") from error
    raise CodecError("not a text")
