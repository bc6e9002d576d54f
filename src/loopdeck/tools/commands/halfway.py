"""Where git would stop half-way: it is to put aside what the sandbox keeps in its place."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.permissions.obeyed import OBEYED, PLANTABLE
from loopdeck.permissions.shell import Part
from loopdeck.tools.git.aside import stashes
from loopdeck.tools.git.lists import Asking, TooLate
from loopdeck.tools.sandbox.finding import those_in

_LEAVES_OUT = (":!", ":^", ":(exclude)")


def must_not_stop_half_way(parts: Sequence[Part], root: Path, environ: Mapping[str, str]) -> None:
    """Raise `ToolError` where files that git does not have would be put aside, and cannot be.

    Git makes the stash first, fails to take them away, and leaves the changes where they are.
    """
    for stash in stashes(parts):
        names = [name for name in those_in(str(root), (*PLANTABLE, *OBEYED)) if name != ".git"]
        said = " ".join(stash.words)
        left = [name for name in names if not any(sign + name in said for sign in _LEAVES_OUT)]
        ignored = () if stash.ignored else ("--exclude-standard",)
        stuck = _unknown_to_git(left, root, environ, *ignored)
        if not stuck:
            continue
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
