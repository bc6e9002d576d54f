"""Where a path given by the model really leads: inside the workspace or not, secret or not."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.session.values import JsonObject
from loopdeck.tools.disk.beneath import NotAFile
from loopdeck.tools.disk.lookout import Lookout, shared_file
from loopdeck.tools.disk.unsaved import Unsaved
from loopdeck.tools.ours import is_ours
from loopdeck.tools.reach import Reach
from loopdeck.tools.sandbox.backend import Sandbox


def nothing_hidden(_path: str) -> bool:
    """The rule of a workspace in which every file may be listed."""
    return False


def nothing_made(_path: str) -> bool:
    """The answer of a session that has made no files."""
    return False


@dataclass(frozen=True, slots=True)
class Target:
    """A resolved path: `real` has no links in it, `shown` is how people and model see it."""

    asked: str
    root: Path
    real: Path
    shown: str
    inside: bool
    sensitive: bool

    @property
    def base(self) -> str:
        """The folder from which the path is opened part by part."""
        return str(self.root) if self.inside else "/"

    @property
    def parts(self) -> tuple[str, ...]:
        """The way from `base` to the path."""
        return self.real.relative_to(self.base).parts

    def facts(self) -> JsonObject:
        """What the permission layer wants to know."""
        facts: JsonObject = {"paths": [self.shown]}
        if not self.inside:
            facts["outside_workspace"] = True
        if self.sensitive:
            facts["sensitive"] = True
        return facts


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder the agent works in.

    `hidden` says which paths listings and searches leave out, `sandbox` is what commands run in,
    `made` says whether a file is as this session made it, so that its log can bring it back, and
    `undone` whether the log has all that git would take away by putting a file back. `lookout`
    knows what commands could come upon, `unsaved` which files hold what is nowhere else, `keeper`
    is what the processes that keep its commands are called, `reach` is how the web is reached.
    `ahead` means that nothing runs now: what is not there may be there by then.
    """

    root: Path
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    hidden: Callable[[str], bool] = nothing_hidden
    sandbox: Sandbox | None = None
    made: Callable[[str], bool] = nothing_made
    undone: Callable[[str], bool] = nothing_made
    lookout: Lookout | None = None
    unsaved: Unsaved | None = None
    keeper: str = ""
    reach: Reach = field(default_factory=Reach)
    ahead: bool = False

    def target(self, asked: str, *, follow: bool = True) -> Target:
        """Resolve a path; with `follow=False` a link at its end stays what it is."""
        try:
            wanted = self._absolute(asked)
            os.fsencode(wanted)
            real = _resolve(wanted, follow=follow)
        except (ValueError, OSError, RuntimeError) as error:
            raise ToolError(f"{asked!r} cannot be a path: {_why(error)}.") from error
        inside = real == self.root or self.root in real.parents
        relative = str(real.relative_to(self.root)) if inside else str(real)
        secret = is_sensitive(relative) or is_sensitive(asked) or self.doubles_secret(str(real))
        return Target(asked, self.root, real, printable(relative), inside, secret)

    def doubles_secret(self, real: str) -> bool:
        """Whether a file, by its absolute path, is another name of one that holds secrets."""
        return shared_file(real) is not None and real in self.doubles()

    def doubles(self) -> list[str]:
        """All such names, as absolute paths."""
        lookout = self.lookout or Lookout(str(self.root), self.hidden)
        lookout.look()
        return lookout.doubles()

    def leave(self, files: Sequence[str]) -> Callable[[], None]:
        """Look at files that are about to be written; what is returned is called afterwards.

        Where none of them held what is nowhere else, they are the session's own work then; else
        it may have come from one of them into another.
        """
        unsaved = self.unsaved
        if unsaved is None or not files or any(map(unsaved.any_of, files)):
            return lambda: None
        return lambda: unsaved.leave(files)

    def writable(self, asked: str, *, follow: bool = True) -> Target:
        """Resolve a path to be changed. Raises `ToolError` for one that may not be."""
        target = self.target(asked, follow=follow)
        if not target.inside:
            raise ToolError(
                f"{target.asked} leads out of the workspace, to {target.shown}; "
                "files can be changed only inside it."
            )
        if not target.parts:
            raise ToolError(f"{target.asked} is the workspace itself, not a file in it.")
        if is_ours(target.real):
            raise ToolError(
                f"{target.asked} is a part of the Loopdeck that runs here, or of its environment: "
                "what is changed there would run outside every sandbox. Nothing was changed."
            )
        return target

    def _absolute(self, asked: str) -> str:
        if not asked.strip():
            raise ValueError("it is empty")
        if "\0" in asked:
            raise ValueError("it holds a NUL character")
        if asked == "~" or asked.startswith("~/"):
            asked = str(Path.home()) + asked[1:]
        return os.path.join(self.root, asked)  # noqa: PTH118 - `Path` would drop `..` subtly


def printable(name: str) -> str:
    """A file name as text that can be stored: odd bytes and line breaks become visible."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char if ord(char) >= 32 else f"\\x{ord(char):02x}" for char in text)


def explain(error: OSError, target: Target, *, doing: str = "read") -> ToolError:
    """The failure of opening a path, in words that help the model on."""
    match error:
        case FileNotFoundError() if lost := gone(target.root):
            text = lost
        case NotAFile():
            text = f"{target.shown} is {error.kind}, not a file that can be {doing}."
        case FileNotFoundError():
            text = f"There is no {target.shown}.{_neighbours(target)}"
        case PermissionError():
            text = f"{target.shown} may not be {doing}: permission denied."
        case NotADirectoryError():
            text = f"A part of {target.shown} is a file or a link, not a folder."
        case _:
            text = f"{target.shown} cannot be {doing}: {_why(error)}."
    return ToolError(text)


def gone(root: Path) -> str:
    """What to say where the workspace itself is no more; empty where it is."""
    return (
        "" if root.is_dir() else f"The workspace, {root}, is not there any more: tell your human."
    )


def _resolve(wanted: str, *, follow: bool) -> Path:
    """Links are resolved as far as the path exists; `..` is applied after them, as the OS does."""
    if follow:
        return Path(os.path.realpath(wanted))
    head, tail = os.path.split(wanted.rstrip("/"))
    if tail in ("", ".", ".."):
        return Path(os.path.realpath(wanted))
    return Path(os.path.realpath(head)) / tail


def _neighbours(target: Target) -> str:
    """Names close to the one that is missing."""
    if not target.inside:
        return ""
    try:
        names = [printable(path.name) for path in islice(target.real.parent.iterdir(), 5000)]
    except OSError:
        return " Its folder does not exist either."
    close = get_close_matches(printable(target.real.name), names, n=3, cutoff=0.5)
    return f" Close to it: {', '.join(close)}." if close else ""


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
