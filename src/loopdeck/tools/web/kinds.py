"""What an answer is by its type and its first bytes: a page, plain text, or nothing to read."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["html", "text", "binary"]

_TEXT = re.compile(
    r"text/.*|application/(?:[\w.+-]*[+/-])?(?:json|xml|yaml|toml|javascript|ecmascript|sql|graphql"
    r"|x-sh|x-ndjson|jsonl|x-www-form-urlencoded|rtf|markdown)|image/svg\+xml|message/.*"
)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_UNSURE = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
_MARKUP = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NAMES = {
    "application/pdf": "a PDF file",
    "application/zip": "a ZIP archive",
    "application/gzip": "an archive",
    "application/octet-stream": "binary data",
    "": "binary data",
}
_SIGNS = ((b"%PDF-", "application/pdf"), (b"PK\x03\x04", "application/zip"))
_EARLY = 2_048


@dataclass(frozen=True, slots=True)
class ContentType:
    """A content type without its parameters, and the character set among them."""

    name: str
    charset: str

    @property
    def may_be_text(self) -> bool:
        """Whether it is worth reading; what it turns out to be is for `kind_of`."""
        return self.name in _UNSURE or _TEXT.fullmatch(self.name) is not None or self.is_html

    @property
    def is_html(self) -> bool:
        """Whether it says that it is a page."""
        return self.name in _HTML

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        if said := _NAMES.get(self.name):
            return said
        kind = self.name.partition("/")[0]
        nouns = {"image": "a picture", "audio": "sound", "video": "a film", "font": "a font"}
        return f"{nouns.get(kind, 'binary data')} ({self.name[:80]})"


def content_type(header: str) -> ContentType:
    """Read the header."""
    name = header.partition(";")[0].strip().lower()
    found = _CHARSET.search(header)
    return ContentType(name, found[1].lower() if found else "")


def kind_of(told: ContentType, body: bytes) -> tuple[Kind, ContentType]:
    """What a body is, whatever was told of it, and the type that says so."""
    for sign, name in _SIGNS:
        if body.startswith(sign):
            return "binary", ContentType(name, "")
    wide = told.charset.startswith("utf-16") or body[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"\0" in body[:8_192] and not wide:
        return "binary", told
    if told.is_html or (told.name in _UNSURE and _MARKUP.match(body[:_EARLY])):
        return "html", told
    return "text", told


def decoded(told: ContentType, body: bytes) -> str:
    """The body as text: by its mark, its header, what it says itself, or as it must be."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    early = body[:_EARLY]
    inner = _DECLARED.search(early) or _XML.search(early)
    for name in (told.charset, inner[1].decode("ascii", "replace") if inner else ""):
        if name and (text := _as(name, body)) is not None:
            return text
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(body) - 4:  # cut in the middle of a letter
            return body.decode("utf-8", "replace")
        return body.decode("cp1252", "replace")


def _as(name: str, body: bytes) -> str | None:
    """The text in a character set that may not exist, or not be one."""
    # The web calls the larger set by the name of the smaller one.
    name = (
        "cp1252" if name.replace("_", "-").lower() in ("iso-8859-1", "latin-1", "ascii") else name
    )
    try:
        return body.decode(name, "replace")
    except (LookupError, ValueError):
        return None
