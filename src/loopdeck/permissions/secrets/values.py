"""Values that are secret by their name or their look, in environments and `.env` files."""

import re
from collections.abc import Iterator, Mapping

_SECRET_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|JWT|COOKIE|CONNECTION_?STRING|DATABASE_URL$"
    r"|(?:^|_)(?:PASS|PW|PWD|PIN|CREDS|CONN|PAT|DSN|AUTH)$",
    re.IGNORECASE,
)
_ORDINARY = re.compile(
    r"[a-z]{1,15}|[A-Z]{1,15}|[A-Z][a-z]{1,14}"  # a word
    r"|[\d.,:_-]+"  # a number, a date, a version
    r"|(?:~|\.{0,2})/[^\s:]*(?::/[^\s:]*)*"  # paths
    r"|https?://[^\s:@]+(?::\d+)?[^\s@]*"  # an address without a password
    r"|[\w.-]+:\d{1,5}|[\w-]+(?:\.[a-z-]+)+"  # a host
)
_LETTERS_AND_DIGITS = re.compile(r"(?=.*\d)(?=.*[A-Za-z])|(?=.*[a-z])(?=.*[A-Z])")
_NOTED = re.compile(
    r"^[ \t]*(?:export[ \t]+|-[ \t]+)?[\"']?[\w./:@-]+[\"']?[ \t]*[:=][ \t]*(\S.*?)[ \t]*$", re.M
)
_WORD = re.compile(r"[\w+/.~@$!%^&*-]{12,}=*")
_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$", re.MULTILINE)
_LONG = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*([\"'])([^\"']*\n[^\"']*)\2", re.M
)


def secret_values(environ: Mapping[str, str]) -> Iterator[str]:
    """The values of an environment that its names call secret, but for everyday words."""
    for name, value in environ.items():
        if _SECRET_NAME.search(name) and not _ORDINARY.fullmatch(value):
            yield value


def dotenv_values(text: str) -> Iterator[str]:
    """The values of a `.env` file that may be secret: by their name, or by how they look."""
    for name, raw in _ASSIGNMENT.findall(text):
        value = _unquoted(raw)
        looks = _LETTERS_AND_DIGITS.search(value) and " " not in value
        if (_SECRET_NAME.search(name) or looks) and not _ORDINARY.fullmatch(value):
            yield value
    for name, _, value in _LONG.findall(text):
        lines = [line.strip() for line in value.split("\n")]
        secret = _SECRET_NAME.search(name)
        wanted = (line for line in lines if secret or _LETTERS_AND_DIGITS.search(line))
        yield from (line for line in wanted if line and not _ORDINARY.fullmatch(line))


def noted_values(text: str) -> Iterator[str]:
    """Every value that is noted under a name, with `=` or `:`, but for everyday words."""
    for raw in _NOTED.findall(text):
        value = _unquoted(raw.removesuffix(","))
        if not _ORDINARY.fullmatch(value):
            yield value


def key_like_words(text: str) -> Iterator[str]:
    """The words that look like keys: letters and digits mixed, and long."""
    for word in _WORD.findall(text):
        if _LETTERS_AND_DIGITS.search(word) and not _ORDINARY.fullmatch(word):
            yield word


def _unquoted(raw: str) -> str:
    if len(raw) >= 2 and raw[0] == raw[-1] and raw[0] in "'\"`":
        return raw[1:-1]
    return raw.partition(" #")[0].rstrip()
