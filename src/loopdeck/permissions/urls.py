"""Addresses of the web in one form, so that a rule, a person and the connection mean the same."""

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

PORTS = {"http": 80, "https": 443}
LONGEST = 8_000
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
_KEPT = "%/?#[]@!$&'()*+,;=:~-._"  # what an address may hold as it is; all else is escaped
_BLURRED = re.compile(r"%(?:2e|2f|5c|00)", re.IGNORECASE)  # what a server may read as a way out
_PATTERN = re.compile(
    r"(https?)://([^/?#:\[\]]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?(/.*)?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Address:
    """One address: `host` in ASCII letters, `path` with its query and without a fragment."""

    scheme: str
    host: str
    port: int
    path: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"

    @property
    def netloc(self) -> str:
        """The host as a header names it, with a port that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def reads(self) -> str:
        """The host as a browser may show it; the same where it has only ASCII letters."""
        return ".".join(_decoded(label) for label in self.host.split("."))


@lru_cache(maxsize=256)
def address(text: str) -> Address:
    """Understand an address. Raises `ValueError` with the reason in words."""
    text = text.strip()
    if len(text) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST:,} characters")
    if _ODD.search(text):
        raise ValueError("it holds spaces, control characters or backslashes")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("it is not an address") from error
    if parts.scheme not in PORTS:
        raise ValueError("it does not begin with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("it holds a user's name or a password, which would be kept and shown")
    path = _flat(quote(parts.path, safe=_KEPT) or "/")
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return Address(parts.scheme, _ascii(host), port or PORTS[parts.scheme], path + query)


def oddity(host: str, reads: str) -> str:
    """What a person should know of a name that is not written as it reads; empty for nothing."""
    if host == reads:
        return ""
    scripts = sorted({_script(letter) for letter in reads if letter.isalpha()})
    mixed = any(
        len({_script(letter) for letter in label if letter.isalpha()}) > 1
        for label in reads.split(".")
    )
    letters = ", ".join(scripts)
    warning = ", mixed within one word: it may imitate another name" if mixed else ""
    return f"the host {host} reads as {reads} ({letters} letters{warning})"


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """An address in a rule: its host may begin with `*.`, its path may hold stars."""

    scheme: str
    host: str
    port: int
    path: str

    def may_be(self, at: Address) -> bool:
        """Whether a rule that tightens speaks of an address, however its path is spelled."""
        if not self._is_there(at):
            return False
        plain, wanted = unquote(at.path), unquote(self.path)
        return any(
            fnmatchcase(path, pattern)
            for path, pattern in ((at.path, self.path), (plain.casefold(), wanted.casefold()))
        )

    def covers(self, at: Address) -> bool:
        """Whether a rule that allows covers it: not where a server may read its path otherwise."""
        return (
            self._is_there(at) and not _BLURRED.search(at.path) and fnmatchcase(at.path, self.path)
        )

    def _is_there(self, at: Address) -> bool:
        same = (self.scheme, self.port) == (at.scheme, at.port)
        return same and fnmatchcase(at.host, self.host)


def url_pattern(text: str) -> UrlPattern:
    """Understand the address in a rule. Raises `ValueError`."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError("it is not like https://host/path/*")
    scheme, host, port, path = found.groups()
    starred = host.startswith("*.")
    if "*" in host.removeprefix("*."):
        raise ValueError("a star in a host stands alone before its first dot, as in *.example.com")
    host = _ascii(host.removeprefix("*.").strip("[]"))
    return UrlPattern(
        scheme,
        f"*.{host}" if starred else host.replace("[", "[[]"),
        int(port or PORTS[scheme]),
        (path or "/*").replace("[", "[[]").replace("?", "[?]"),
    )


def _ascii(host: str) -> str:
    """The host in the letters that go over the wire."""
    host = host.rstrip(".").lower()
    if not host.isascii():
        import idna  # only for such names

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError("its host is not a name that can exist") from error
    if not _HOST.fullmatch(host) or len(host) > 253 or ".." in host:
        raise ValueError("its host is not a name that can exist")
    return host


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _flat(path: str) -> str:
    """The path without `.` and `..`, as a server would take it."""
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        plain = unquote(part)
        if plain == ".." and kept:
            kept.pop()
        if plain not in (".", ".."):
            kept.append(part)
    ends = unquote(parts[-1]) in (".", "..") if parts else False
    return "/" + "/".join(kept) + ("/" if ends and kept else "")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "unknown").split(" ")[0].capitalize()
