"""The redactor of this installation: its private key, and the values that are secret here."""

import contextlib
import json
import os
import stat
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from secrets import token_bytes

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.permissions.secrets.values import dotenv_values, secret_values

KEY_NAME = "redaction.key"
LOGINS = "mcp/credentials.json"
_KEY_LENGTH = 32
_MAX_FILE = 64_000
_MAX_BOOK = 1_000_000
_MAX_FILES = 50
_MAX_ENTRIES = 4_000
_MAX_DEPTH = 4
# Full of other people's files, and of no secret that anybody put there.
_SKIPPED = frozenset(
    {".git", ".hg", ".tox", ".venv", "__pycache__", "node_modules", "site-packages", "target"}
    | {"venv", "vendor"}
)


def redactor_for(state: Path, workspace: Path, env: Mapping[str, str]) -> Redactor:
    """A redactor that knows this environment's secrets and those in the `.env` files below.

    Where the key cannot be kept, a passing one is used: equal secrets then look equal only within
    one run.
    """
    exact = [*secret_values(env), *_dotenv_secrets(workspace), *login_secrets(state)]
    return Redactor(_kept_key(state / KEY_NAME) or token_bytes(_KEY_LENGTH), exact)


def passing_redactor(env: Mapping[str, str], state: Path) -> Redactor:
    """One for the log file, whose tags mean nothing later: an error may quote what it was about."""
    return Redactor(token_bytes(_KEY_LENGTH), [*secret_values(env), *login_secrets(state)])


def login_secrets(state: Path) -> list[str]:
    """What nobody may read of the logins at MCP servers."""
    text = _text_of(state / LOGINS, _MAX_BOOK)
    if not text:
        return []
    from loopdeck.tools.mcp.logins import secrets_of  # few people have one

    try:
        return list(secrets_of(json.loads(text)))
    except (ValueError, RecursionError):
        return []


def _kept_key(path: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write_new(path)
        return _read(path)
    return None


def _write_new(path: Path) -> None:
    """Write beside and link into place, so that nobody ever reads half a key."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    if path.exists():
        return
    with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
        file.write(token_bytes(_KEY_LENGTH))
    try:
        os.link(beside, path)
    finally:
        beside.unlink()


def _read(path: Path) -> bytes | None:
    """The key; None for a file that others may read or that is no key."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        key = file.read(_KEY_LENGTH + 1)
    private = stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid()
    return key if private and not status.st_mode & 0o077 and len(key) == _KEY_LENGTH else None


def secrets_in(workspace: Path, paths: Sequence[str]) -> list[str]:
    """The secret values in these files, as far as they are small and noted under names."""
    found = (workspace / path for path in paths[:_MAX_FILES] if "\0" not in path)
    return [value for path in found if is_sensitive(str(path)) for value in _values_in(path)]


def _dotenv_secrets(workspace: Path) -> Iterator[str]:
    for path in islice(_dotenv_files(str(workspace)), _MAX_FILES):
        if is_sensitive(path.name):
            yield from _values_in(path)


def _dotenv_files(root: str) -> Iterator[Path]:
    """The `.env` files of a workspace, the outer ones first, as far as a short walk comes."""
    folders, left = deque([(root, 0)]), _MAX_ENTRIES
    while folders and left > 0:
        folder, depth = folders.popleft()
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in islice(entries, left):
                left -= 1
                if entry.name.startswith(".env") or entry.name.endswith(".env"):
                    yield Path(entry.path)
                    continue
                deeper = depth < _MAX_DEPTH and entry.name not in _SKIPPED
                if deeper and entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, depth + 1))


def _values_in(path: Path) -> Iterator[str]:
    yield from dotenv_values(_text_of(path, _MAX_FILE))


def _text_of(path: Path, most: int) -> str:
    """The beginning of a regular file; empty for what is none, or cannot be read."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read(most).decode("utf-8", "replace")
    return ""
