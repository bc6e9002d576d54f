"""Where Loopdeck keeps things on this machine."""

import argparse
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from loopdeck.errors import LoopdeckError, UsageError, WorkspaceError

if TYPE_CHECKING:
    from loopdeck.permissions.secrets.redacting import Redactor

LOG_NAME = "loopdeck.log"
_TALKS = "mcp.client.auth.oauth2"  # it logs what the servers of a login answer
KEPT = frozenset({"sessions", "approvals", "resume", "fork"})  # are about what is in a database


@dataclass(frozen=True, slots=True)
class Places:
    """Every path the program uses outside the workspace."""

    database: Path
    config: Path
    themes: Path
    spool: Path
    log: Path

    @property
    def grants(self) -> Path:
        """What was allowed for longer than a session."""
        return self.config.with_name("grants.toml")

    @property
    def projects(self) -> Path:
        """The projects' own rules that were accepted."""
        return self.database.with_name("projects.json")

    @property
    def servers(self) -> Path:
        """The MCP servers of projects that were accepted."""
        return self.database.with_name("mcp-servers.json")

    @property
    def mcp(self) -> Path:
        """The folder of what MCP servers offered, and of what was let run of it."""
        return self.state / "mcp"

    @property
    def logins(self) -> Path:
        """The logins at MCP servers; its name says what is in it."""
        from loopdeck.cli.secrecy import LOGINS  # what is secret in them; few people have any

        return self.state / LOGINS

    @property
    def walls(self) -> Path:
        """What remembers which sandbox holds here until the next boot."""
        return self.state / "sandbox.json"

    @property
    def state(self) -> Path:
        """The folder for what Loopdeck remembers of this machine, whatever the options say."""
        return self.themes.parent

    def terminal_note(self) -> Path | None:
        """What is noted of this process's terminal; None where there is none."""
        try:
            name = os.ttyname(2)
        except OSError:
            return None
        return self.state / "terminals" / f"{name.strip('/').replace('/', '-')}.json"

    @property
    def own(self) -> tuple[Path, ...]:
        """Folders that no agent may write to."""
        named = (self.database.parent, self.config.parent, self.log)
        return named if self.state in named else (*named, self.state)


def places(args: argparse.Namespace, env: Mapping[str, str] = os.environ) -> Places:
    """The paths for these options: `LOOPDECK_HOME` puts all under one folder, options win."""
    home = env.get("LOOPDECK_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        found = Places(
            root / "loopdeck.db",
            root / "config.toml",
            root / "themes",
            root / "spool",
            root / "log",
        )
    else:
        found = _standard()
    database = Path(args.db).expanduser().absolute() if args.db else found.database
    spool = database.parent / f"{database.name}.spool" if args.db else found.spool
    config = Path(args.config).expanduser().absolute() if args.config else found.config
    return Places(database, config, found.themes, spool, found.log)


def _standard() -> Places:
    import platformdirs  # here, because `LOOPDECK_HOME` makes it needless

    data = platformdirs.user_data_path("loopdeck")
    config = platformdirs.user_config_path("loopdeck")
    return Places(
        data / "loopdeck.db",
        config / "config.toml",
        config / "themes",
        data / "spool",
        platformdirs.user_log_path("loopdeck"),
    )


def check_database(args: argparse.Namespace) -> None:
    """Raise `UsageError` where `--db` names no place for a database, or none that it needs."""
    if not args.db:
        return
    path, again = places(args).database, "Check the path after --db."
    try:
        if not path.parent.is_dir():
            raise UsageError(f"There is no folder {path.parent}.", again)
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file.", again)
        makes = args.command not in KEPT or getattr(args, "verb", "") == "import"
        if not makes and not path.exists():
            raise UsageError(f"There is no database {path}.", again)
    except OSError as error:
        raise UsageError(f"{path} cannot be looked at: {error.strerror}.", again) from error


def check_home(folder: Path) -> None:
    """Raise `LoopdeckError` where Loopdeck's own folder is none and cannot be made.

    Who only asks what there is makes no folder: whether one can be made is tried and undone.
    """
    import tempfile  # most commands find the folder

    there = next(one for one in (folder, *folder.parents) if one.exists())
    if there == folder and folder.is_dir():
        return
    try:
        Path(tempfile.mkdtemp(dir=there)).rmdir()
    except OSError as error:
        raise LoopdeckError(
            f"{folder} cannot be Loopdeck's folder: {error.strerror}.",
            "Name another with LOOPDECK_HOME.",
        ) from error


def log_to_file(args: argparse.Namespace) -> Path:
    """Send the log to its file; returns the file's path, or the null device if it cannot be."""
    path = places(args).log / LOG_NAME
    root = logging.getLogger()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler: logging.Handler = logging.FileHandler(path, delay=True)
    except OSError:
        path = Path(os.devnull)
        handler = logging.NullHandler()
    handler.setFormatter(_Lines(places(args).state))
    for old in root.handlers:
        if type(old) is logging.FileHandler:
            old.close()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger(_TALKS).disabled = True
    logging.raiseExceptions = False  # a full disk is no reason to write over the screen
    return path


def log_file() -> str:
    """Where this process writes its log; the null device where it cannot."""
    files = [one for one in logging.getLogger().handlers if isinstance(one, logging.FileHandler)]
    return files[0].baseFilename if files else os.devnull


class _Lines(logging.Formatter):
    """Lines without secrets; what takes them out is loaded with the first line."""

    def __init__(self, state: Path) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._state = state

    @cached_property
    def _redactor(self) -> "Redactor":
        from loopdeck.cli.secrecy import passing_redactor

        return passing_redactor(os.environ, self._state)

    def format(self, record: logging.LogRecord) -> str:
        """The line as it goes to the file."""
        return self._redactor.clean(super().format(record))


def workspace(text: str) -> Path:
    """The workspace folder a user named. Raises `WorkspaceError`, also for one of the system."""
    from loopdeck.cli.ground import refuse_system  # only who works in a folder needs it

    folder = folder_at(text)
    refuse_system(folder, Path.home().resolve())
    return folder


def folder_at(text: str) -> Path:
    """A folder that can be read and written. Raises `WorkspaceError`."""
    path = Path(text).expanduser()
    if not path.exists():
        raise WorkspaceError(f"The workspace {path} does not exist.", "Make it, or name another.")
    if not path.is_dir():
        raise WorkspaceError(f"The workspace {path} is not a folder.", "Name a folder.")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise WorkspaceError(
            f"The workspace {path} cannot be read and written.", "Check its permissions."
        )
    return path.resolve()
