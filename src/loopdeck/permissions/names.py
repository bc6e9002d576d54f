"""File names that say that a secret is inside."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import lru_cache

_SECRET_FOLDERS = frozenset(
    {".ssh", ".aws", ".gnupg", ".kube", ".azure", ".docker", ".password-store", ".mozilla"}
)
_AGENT_FOLDERS = frozenset(
    {".claude", ".codex", ".gemini", ".cursor", ".continue", ".aider", ".windsurf"}
)
_SECRET_PLACES = re.compile(
    r"(?:^|/)(?:proc/[^/]+/(?:environ|cmdline|mem|fd|root|cwd|maps)"
    r"|\.config/(?:gh|gcloud|hub|op|sops|rclone|opencode|crush|goose)|etc/(?:shadow|sudoers|gshadow)"
    r"|run/secrets|\.cargo/credentials(?:\.toml)?|\.gem/credentials|\.m2/settings\.xml"
    r"|\.local/share/(?:keyrings|fish/fish_history)|library/keychains)(?:/|$)"
)
_SECRET_FILES = (
    ".env",
    ".env.*",
    "*.env",
    "credentials",
    "credentials.json",
    "credentials.y*ml",
    "credentials.toml",
    "credentials.*.enc",
    "client_secret*.json",
    "service-account*.json",
    "service_account*.json",
    "secrets.json",
    "secrets.toml",
    "secrets.y*ml",
    "secrets.*.y*ml",
    "secret.y*ml",
    "secrets.properties",
    "secrets.ini",
    "*.tfvars",
    "*.tfvars.json",
    "*.tfstate",
    "*.tfstate.backup",
    ".my.cnf",
    ".s3cfg",
    ".vault-token",
    ".vault_pass*",
    ".envrc",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".htpasswd",
    ".*_history",
    "authorized_keys",
    ".claude.json",
)
_HARMLESS = frozenset(
    f"{before}.env{behind}"
    for before, behind in (
        *(("", f".{word}") for word in ("example", "sample", "template", "dist")),
        *((word, "") for word in ("example", "sample", "template")),
    )
)
# A key by the name that ssh gives it, or one that its owner chose: without an ending.
_KEY_FILE = re.compile(r"id_[a-z0-9][a-z0-9_-]*")
_NO_KEY = re.compile(
    r"id_(?:card|code|column|field|from|in|is|key|list|map|name|number|of|set|str|to|token|type)s?"
)

# A part of every name above, so that a text without any of them needs no second look.
_SECRET_HINTS = (
    *(_SECRET_FOLDERS | _AGENT_FOLDERS),
    *(max(pattern.split("*"), key=len).rstrip(".") for pattern in _SECRET_FILES),
    *("proc", ".config", "shadow", "sudoers", "secrets", "credentials", "settings.xml", "id_"),
    *("keyrings", "fish_history", "keychains"),
)


def sensitive_among(words: Iterable[str], text: str) -> Iterator[str]:
    """The words of a text that are sensitive; most texts hold none, and are not looked through."""
    if _hints().search(text.casefold()):
        yield from (word for word in dict.fromkeys(words) if word and is_sensitive(word))


def is_sensitive(path: str) -> bool:
    """True where the name alone says that a secret is inside. Case does not matter."""
    parts = _parts(path)
    if not parts:
        return False
    if not _SECRET_FOLDERS.isdisjoint(parts) or not _AGENT_FOLDERS.isdisjoint(parts):
        return True
    if _SECRET_PLACES.search("/".join(parts)):
        return True
    name = parts[-1]
    if name in _HARMLESS or (name.startswith("id_") and name.endswith(".pub")):
        return False
    if _KEY_FILE.fullmatch(name):
        return _NO_KEY.fullmatch(name) is None
    return _secret_file().match(name) is not None


@lru_cache(maxsize=1)
def _hints() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(hint) for hint in dict.fromkeys(_SECRET_HINTS)))


@lru_cache(maxsize=1)
def _secret_file() -> re.Pattern[str]:
    """All patterns as one: every word of every command is held against them."""
    return re.compile("|".join(translate(pattern) for pattern in _SECRET_FILES))


def _parts(path: str) -> list[str]:
    return [part for part in path.casefold().split("/") if part not in ("", ".")]
