"""Where git would stop half-way: it is to put aside what the sandbox keeps in its place."""

import re
from collections.abc import Mapping
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.permissions.obeyed import OBEYED, PLANTABLE
from loopdeck.tools.git.lists import Asking, TooLate
from loopdeck.tools.sandbox.finding import those_in

# Without a verb, or with `push`: all others put nothing aside.
_STASHES = re.compile(
    r"\bgit\b[^\n;&|]*\sstash\s(?:push\s|save\s|(?=-))(?:[^\n;&|]*\s)?"
    r"(?P<how>-\w*[ua]\w*|--all|--include-untracked)\b"
)
_LEAVES_OUT = (":!", ":^", ":(exclude)")


def must_not_stop_half_way(command: str, root: Path, environ: Mapping[str, str]) -> None:
    """Raise `ToolError` where files that git does not have would be put aside, and cannot be.

    Git makes the stash first, fails to take them away, and leaves the changes where they are.
    """
    found = _STASHES.search(command)
    if found is None:
        return
    names = [name for name in those_in(str(root), (*PLANTABLE, *OBEYED)) if name != ".git"]
    left = [name for name in names if not any(sign + name in command for sign in _LEAVES_OUT)]
    ignored = () if "a" in found["how"].lstrip("-")[:3] else ("--exclude-standard",)
    if stuck := _unknown_to_git(left, root, environ, *ignored):
        which = ", ".join(f"`{name}`" for name in stuck)
        without = " ".join(f"':!{name}'" for name in stuck)
        raise ToolError(
            f"Git would stop half-way: it does not have {which}, and nothing that is obeyed by "
            f"other programs is moved here. Nothing ran; leave it out with `-- . {without}`."
        )


def _unknown_to_git(
    names: list[str], root: Path, environ: Mapping[str, str], *ignored: str
) -> list[str]:
    if not names:
        return []
    try:
        found = Asking.begin(str(root), environ).ask(
            *("--literal-pathspecs", "ls-files", "--others", "-z", *ignored, "--"), *names
        )
    except TooLate:
        return []
    paths = found or []
    return [name for name in names if any(f"{path}/".startswith(f"{name}/") for path in paths)]
