"""Bytes that came as text, named instead of shown: images, archives, binary output."""

import base64
import binascii
import re
from collections.abc import Callable

from loopdeck.figures import amount

_LEAST = 200  # characters of base64 that nobody reads
_BASE64 = rf"[A-Za-z0-9+/_-]{{{_LEAST},}}={{0,2}}"
_URI = re.compile(rf"data:([\w.+-]+/[\w.+-]+)?(?:;[\w.=+-]+)*;base64,({_BASE64})")
_ALONE = re.compile(rf"\s*{_BASE64}\s*")
_HEAD = 64  # characters of base64 in which the magic numbers stand
_SNIFFED = 4_000
_ODD = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_SHARE = 0.1

_Size = Callable[[bytes], tuple[int, int]]
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"GIF8", "GIF image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"BM", "BMP image"),
    (b"%PDF", "PDF document"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"\x7fELF", "program"),
    (b"OggS", "Ogg sound"),
    (b"ID3", "MP3 sound"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"\x00asm", "WebAssembly program"),
)
_PIXELS: dict[str, _Size] = {
    "PNG image": lambda head: (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])),
    "GIF image": lambda head: (
        int.from_bytes(head[6:8], "little"),
        int.from_bytes(head[8:10], "little"),
    ),
}


def magic(head: bytes) -> str:
    """What kind of file begins like this, with the size of an image; empty for text."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP image"
    kind = next((name for mark, name in _MAGIC if head.startswith(mark)), "")
    if kind in _PIXELS and len(head) >= 24:
        width, height = _PIXELS[kind](head)
        return f"{kind}, {width} × {height}"
    return kind


def blob_name(text: str) -> str:
    """What a text is that is bytes in base64 as a whole; empty for any other text."""
    uri = _URI.fullmatch(text.strip())
    if uri:
        return _named(uri[2], uri[1] or "")
    if not _ALONE.fullmatch(text) or not magic(_decoded(text.strip()[:_HEAD])):
        return ""
    return _named(text.strip(), "")


def without_blobs(text: str) -> str:
    """The text with every `data:` address named instead of written out."""
    if ";base64," not in text:
        return text
    return _URI.sub(lambda found: f"⟦{_named(found[2], found[1] or '')}⟧", text)


def binary_name(text: str) -> str:
    """What output that is no text is called; empty for text."""
    head = text[:_SNIFFED]
    if not head or len(_ODD.findall(head)) <= len(head) * _SHARE:
        return ""
    return f"binary output, {amount(len(text))} of it in the log"


def _named(data: str, mime: str) -> str:
    kind = magic(_decoded(data[:_HEAD])) or mime or "data"
    return f"{kind}, {amount(len(data.rstrip('=')) * 3 // 4)}"


def _decoded(head: str) -> bytes:
    try:
        return base64.b64decode(
            head[: len(head) // 4 * 4], altchars=b"-_" if _is_url(head) else None
        )
    except binascii.Error:
        return b""


def _is_url(head: str) -> bool:
    return "-" in head or "_" in head
