"""What sessions leave on the disk beside the log: told, and removed once its session is gone."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from loopdeck.errors import JournalError
from loopdeck.harness.spooling import kept_bytes
from loopdeck.journal.naming import check_id


@dataclass(frozen=True, slots=True)
class Kept:
    """The folders with whole outputs of tools, and those that were nobody's any more."""

    folders: int
    size: int
    removed: int = 0
    freed: int = 0


def remove_outputs(spool: Path, session: str) -> None:
    """Remove what a session that is deleted for good kept. Raises `JournalError`."""
    check_id(session)
    folder = spool / session
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise JournalError(
            f"The outputs in {folder} could not be removed: {error.strerror}.",
            "Remove the folder yourself.",
        ) from error


def folders_in(spool: Path) -> list[Path]:
    """The sessions' folders; to be read before the sessions are, so that no new one is missed."""
    try:
        found = sorted(spool.iterdir())
    except OSError:
        return []
    return [path for path in found if path.is_dir() and not path.is_symlink()]


def tidy(folders: Collection[Path], known: Collection[str]) -> Kept:
    """Remove the folders of sessions that are neither in the library nor in the archive."""
    here = [path for path in folders if path.name in known]
    gone = [path for path in folders if path.name not in known]
    freed = sum(kept_bytes(path) for path in gone)
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    removed = sum(not path.exists() for path in gone)
    return Kept(len(here), sum(kept_bytes(path) for path in here), removed, freed)
