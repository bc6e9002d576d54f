"""File names that say that a secret is inside: one table for the policy and the sandbox."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import lru_cache
from typing import Final

from loopdeck.permissions.pathnames import names_in

_SECRET_FOLDERS = frozenset(
    {".ssh", ".aws", ".gnupg", ".kube", ".azure", ".docker", ".password-store", ".mozilla"}
)
_AGENT_FOLDERS = frozenset(
    {".claude", ".codex", ".gemini", ".cursor", ".continue", ".aider", ".windsurf"}
)
# Below a home, wherever that is.
_HOME_PLACES = (
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".config/crush",
    ".config/gcloud",
    ".config/gh",
    ".config/goose",
    ".config/hub",
    ".config/op",
    ".config/opencode",
    ".config/rclone",
    ".config/sops",
    ".gem/credentials",
    ".local/share/fish/fish_history",
    ".local/share/keyrings",
    ".m2/settings.xml",
    "Library/Keychains",
)
_HOME_FILES = (
    ".claude.json",
    ".git-credentials",
    ".my.cnf",
    ".netrc",
    ".npmrc",
    ".pgpass",
    ".pypirc",
    ".s3cfg",
    ".vault-token",
    "_netrc",
)
# What programs keep of what was typed; `_SECRET_FILES` has their shape.
_HISTORIES = (
    *(".bash_history", ".mysql_history", ".node_repl_history", ".psql_history", ".python_history"),
    *(".rediscli_history", ".sqlite_history", ".zsh_history"),
)
HOME_SECRETS: Final = tuple(
    sorted((*_SECRET_FOLDERS, *_AGENT_FOLDERS, *_HOME_PLACES, *_HOME_FILES, *_HISTORIES))
)
"""What of a home nothing in a sandbox is shown."""
SYSTEM_SECRETS: Final = (
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/sudoers",
    "/etc/sudoers.d",
)
"""The same of the machine, for whoever may read it."""
_PROCESS = r"proc/[^/]+/(?:environ|cmdline|mem|fd|root|cwd|maps)"
_PLACES = tuple(
    place.strip("/").casefold() for place in (*_HOME_PLACES, *SYSTEM_SECRETS, "run/secrets")
)
_SECRET_FILES = (
    *_HOME_FILES,
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
    "serviceaccount*.json",
    "*firebase-adminsdk*.json",
    "kubeconfig",
    "kubeconfig.y*ml",
    "*.kubeconfig",
    ".dockercfg",
    ".dockerconfigjson",
    ".boto",
    "rclone.conf",
    ".mylogin.cnf",
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
    ".htpasswd",
    ".*_history",
    "authorized_keys",
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

# What lies in a folder for secrets, unless it is there to be tried or read about.
_KEPT_FOR_SECRETS = frozenset({"secrets", ".secrets"})
_KEPT = re.compile(
    r".*\.(?:txt|json|ya?ml|toml|ini|conf|cfg|properties|asc|gpg)"
    r"|[^.]*(?:pass|token|secret|credential|key)[^.]*"
)
_TRIED = frozenset({"test", "tests", "testdata", "fixtures", "examples", "docs", "corpus"})

# A part of every name above, so that a text without any of them needs no second look.
_SECRET_HINTS = (
    *(_SECRET_FOLDERS | _AGENT_FOLDERS),
    *(max(pattern.split("*"), key=len).rstrip(".") for pattern in _SECRET_FILES),
    *(max(place.split("/"), key=len) for place in _PLACES),
    *("proc", "id_", "secrets"),
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
    if _secret_place().search("/".join(parts)):
        return True
    name = parts[-1]
    if name in _HARMLESS or (name.startswith("id_") and name.endswith(".pub")):
        return False
    kept = not _KEPT_FOR_SECRETS.isdisjoint(parts[:-1]) and _TRIED.isdisjoint(parts)
    if kept and _KEPT.fullmatch(name):
        return True
    if _KEY_FILE.fullmatch(name):
        return _NO_KEY.fullmatch(name) is None
    return _secret_file().match(name) is not None


@lru_cache(maxsize=1)
def _hints() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(hint) for hint in dict.fromkeys(_SECRET_HINTS)))


@lru_cache(maxsize=1)
def _secret_place() -> re.Pattern[str]:
    places = "|".join((_PROCESS, *map(re.escape, _PLACES)))
    return re.compile(rf"(?:^|/)(?:{places})(?:/|$)")


@lru_cache(maxsize=1)
def _secret_file() -> re.Pattern[str]:
    """All patterns as one: every word of every command is held against them."""
    return re.compile("|".join(translate(pattern) for pattern in _SECRET_FILES))


def _parts(path: str) -> list[str]:
    # Behind a colon stands the path in a commit, or on another machine.
    return names_in(path.casefold().replace(":", "/"))
