"""What keys, tokens and passwords look like in text: an anchor to look for, and the whole shape.

Each shape begins with its anchor, so that a text without it costs one fast search. Git hashes,
UUIDs and the checksums of lockfiles are none of these.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = "A-Za-z0-9"
_MIXED = r"(?=[\w-]*\d)(?=[\w-]*[A-Z])"
_AUTHORIZATION = (
    r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:(?i:Bearer|Basic|Token|ApiKey)\s{1,4})"
    r"(?P<key>(?=\S*\d|\S*[a-z][A-Z])[\w.~+/=-]{8,})"
)
_PEM_END = r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,8}-----"
_PEM_BODY = r"[A-Za-z0-9+/=:,\\\s|-]{0,20000}"  # where the end is missing: what looks like a body


_TYPES = "[a-z]|aes|base|bytes|float|md|n?varchar|char|pw|sha|str|string|text|u?int|utf"
# Behind a colon, at the end of its line or in quotes. A word of letters alone may be a type or a
# label as well, and so may `u64` or `varchar255`.
_NOTED = (
    r"[\"']?[ \t]{0,4}:(?:[ \t]{1,4}|(?=[\"']))(?P<quote>[\"']?)(?![*&!$])"
    rf"(?i:(?!(?:{_TYPES})\d{{1,3}}\b))"
    r"(?P<key>(?=[^\s\"'<>]*\d)[\w+/=@!#%^&*~-]{4,200})(?P=quote)"
    r"(?=[ \t]{0,8}(?:[\r\n]|#|$)|(?<=[\"'])\s{0,8}[,}\]])"
)
# Words of letters that stand behind such a name without being a secret: types, labels, variables.
_NO_SECRETS = (
    "string|bytes|float|object|number|boolean|unknown|undefined|never|symbol|varchar|binary|array"
    "|tuple|callable|bytearray|datetime|required|optional|hidden|masked|redacted|hashed|plain"
    "|encrypted|changeme|change|example|placeholder|default|empty|false|value|input|field|secret"
    "|token|passw(?:or)?d|passphrase|apikey|please|prompt|nullable|readonly|config|settings"
    "|environ|getpass|argument|option|returns?|param|secrets?manager|vault|keychain|keyring|pass"
)
# The whole line of a setting, and nothing that goes on in the next, as the end of a call would.
_LINE = r"(?m:^)[ \t]*(?:-[ \t]{1,4}|export[ \t]{1,4})?[\"']?[\w.-]{0,40}?"
_LETTERS = (
    r"(?:[\"'](?=[ \t]{0,4}:[ \t]{0,4}[\"']))?"
    r"(?:[ \t]{0,4}:(?:[ \t]{1,4}|(?=[\"']))|=|[ \t]=[ \t](?=[\"']))"
    rf"(?P<quote>[\"']?)(?!(?:{_NO_SECRETS})\b)(?P<key>[a-z]{{5,64}})(?P=quote)"
    r"(?=[ \t]{0,8}(?:$|#|\r?\n(?![ \t]*[)}\],;]))|(?<=[\"'])[ \t]{0,8}[,}\r\n])"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret; where the pattern has a group `key`, only that part is secret."""

    kind: str
    anchor: str
    tail: str
    boundary: str = rf"{_WORD}_"  # characters that must not stand before the anchor
    flags: int = 0
    head: str = ""  # what stands before the anchor, from where a line begins


def _key(kind: str, anchor: str, tail: str, boundary: str = rf"{_WORD}_") -> Shape:
    return Shape(kind, anchor, tail + rf"(?![{_WORD}])", boundary)


def _assigned(anchor: str, boundary: str = "") -> Shape:
    """What a setting is given, where that is no word of a program."""
    tail = r"(?P<key>(?=[^\s\"'<>]*\d)[\w+/=@!#%^&*~:-]{4,200})(?![\w.(\[])"
    return Shape("value", anchor, tail, boundary)


SHAPES = (
    Shape(
        "private-key",
        "-----BEGIN ",
        rf"(?:[A-Z0-9 ]{{0,40}}PRIVATE KEY[A-Z ]{{0,8}}-----)"
        rf"(?:[\s\S]{{0,20000}}?{_PEM_END}|{_PEM_BODY})",
        "",
    ),
    Shape("password", "://", r"[^\s/:@'\"<>]{0,100}:(?P<key>(?![$<{*%‹])[^\s/@'\"<>]{1,200})@", ""),
    Shape("token", "eyJ", r"[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}", rf"{_WORD}+/_-"),
    Shape("header", "uthorization", _AUTHORIZATION, ""),
    Shape("header", "UTHORIZATION", _AUTHORIZATION, ""),  # as git is told to send it
    Shape("header", "earer ", r"(?P<key>(?=\S*\d)[\w.~+/-]{20,}={0,2})", ""),
    Shape(
        "header",
        "-api-key",
        r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<key>(?=\S*\d)[\w.-]{12,})",
        "",
        re.IGNORECASE,
    ),
    Shape("header", "-Api-Key", r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<key>(?=\S*\d)[\w.-]{12,})", ""),
    Shape("key", "ecret_access_key", r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<key>[\w+/]{40})\b", ""),
    Shape("key", "ECRET_ACCESS_KEY", r"[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<key>[\w+/]{40})\b", ""),
    Shape("key", "sk-", rf"{_MIXED}[\w-]{{20,}}"),
    _key("key", "AKIA", r"[A-Z0-9]{16}", rf"{_WORD}+/_"),
    _key("key", "ASIA", r"[A-Z0-9]{16}", rf"{_WORD}+/_"),
    _key("token", "ghp_", r"[A-Za-z0-9]{36,255}"),
    _key("token", "gho_", r"[A-Za-z0-9]{36,255}"),
    _key("token", "ghu_", r"[A-Za-z0-9]{36,255}"),
    _key("token", "ghs_", r"[A-Za-z0-9]{36,255}"),
    _key("token", "ghr_", r"[A-Za-z0-9]{36,255}"),
    _key("token", "github_pat_", r"\w{50,255}"),
    _key("token", "glpat-", r"[\w-]{20,}"),
    _key("token", "xox", r"[abeoprs]-(?=[\w-]*\d)[\w-]{10,}"),
    _key("token", "xapp-", r"[\w-]{20,}"),
    _key("key", "hooks.slack.com/services/", r"[\w/]{20,}", ""),
    _key("key", "AIza", r"[\w-]{35}", rf"{_WORD}+/_"),
    _key("token", "ya29.", r"[\w-]{20,}"),
    _key("key", "sk_live_", r"[A-Za-z0-9]{16,}"),
    _key("key", "sk_test_", r"[A-Za-z0-9]{16,}"),
    _key("key", "rk_live_", r"[A-Za-z0-9]{16,}"),
    _key("key", "whsec_", r"[A-Za-z0-9+/]{24,}"),
    _key("token", "npm_", r"[A-Za-z0-9]{36}"),
    _key("token", "pypi-AgE", r"[\w-]{50,}"),
    _key("token", "hf_", r"(?=[A-Z\d]*[a-z])(?=[a-z\d]*[A-Z])[A-Za-z0-9]{30,}"),
    *(_assigned(name) for name in ("_PW=", "_PASS=", "PASSWD=", "PASSWORD=", "SECRET=", "TOKEN=")),
    _assigned("smtppass="),
    _assigned("password=", r"\w(, \t"),  # of a line of settings, and no argument in a program
    Shape("value", "assword", _NOTED, ""),
    Shape("value", "passwd", _NOTED, ""),
    Shape("value", "passphrase", _NOTED, ""),
    *(
        Shape("value", anchor, _LETTERS, "", head=_LINE)
        for anchor in ("assword", "ASSWORD", "passwd", "passphrase", "api_key", "client_secret")
    ),
    Shape("value", "PIN=", r"(?P<key>\d{4,12})(?![\w.])", _WORD),
    Shape(
        "password",
        "machine ",
        r"\S{1,200}\s{1,8}login\s{1,4}\S{1,100}\s{1,8}password\s{1,4}(?P<key>(?![$<{‹])[^\s'\"<>]{3,200})",
    ),
    _key("key", "gsk_", rf"{_MIXED}[A-Za-z0-9]{{40,}}"),
    _key("key", "xai-", rf"{_MIXED}[A-Za-z0-9]{{40,}}"),
    _key("token", "dop_v1_", r"[a-f0-9]{64}"),
    _key("token", "dckr_pat_", r"[\w-]{20,}"),
    _key("key", "SG.", r"[\w-]{16,}\.[\w-]{16,}"),
    _key("token", "hvs.", r"[\w-]{24,}"),
    _key("key", "tskey-", r"[\w-]{20,}"),
    _key("token", "shpat_", r"[a-f0-9]{32}"),
    _key("key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{50,}"),
)


@lru_cache(maxsize=len(SHAPES))
def pattern_of(shape: Shape) -> re.Pattern[str]:
    """The whole pattern; made when its anchor is met for the first time."""
    anchor = re.escape(shape.anchor)
    before = rf"(?<![{shape.boundary}]{anchor})" if shape.boundary else ""
    return re.compile(f"{shape.head}{anchor}{before}{shape.tail}", shape.flags)


WIDE = tuple(shape for shape in SHAPES if r"\s" in shape.tail)
"""The shapes that may have spaces and quotes inside."""

BLOCK = r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE|$)"
"""The beginning of a secret of several lines. These patterns are compiled when a stream begins."""

BLOCK_END = _PEM_END
BLOCK_LENGTH = 20_200  # characters after which its end no longer counts

UNFINISHED = (
    r"(?:uthorization[\"']?\s{0,4}(?:[:=]\s{0,4}[\"']?(?:[A-Za-z]{0,10}\s{0,4}\S*)?)?"
    r"|earer\s{0,4}\S*"
    r"|(?i:-api-key|secret_access_key)[\"']?\s{0,4}(?:[:=]\s{0,4}\S*)?"
    r"|(?:(?<![^\n])[^\n]{0,120}?)?(?:assword|ASSWORD|passwd|passphrase|api_key|client_secret)"
    r"[\"']?[ \t]{0,4}(?:[:=][ \t]{0,4}\S*)?"
    r"|machine(?:\s{1,8}\S{0,200}){1,5})$"
)
"""A header or setting at the end of a text, the secret of which may still come."""

UNFINISHED_IN = (
    *("uthorization", "earer", "-api-key", "-Api-Key", "ecret_access_key", "ECRET_ACCESS_KEY"),
    *("machine ", "assword", "ASSWORD", "passwd", "passphrase", "api_key", "client_secret"),
)
"""One of these is in every text that ends like that."""
