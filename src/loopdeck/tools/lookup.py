"""What the classifier may ask of this disk: where links lead, what is there, what the log has."""

import os
from collections.abc import Callable
from functools import cache

from loopdeck.permissions.shell import Place
from loopdeck.tools.environ import is_given
from loopdeck.tools.git_branches import has_branch
from loopdeck.tools.paths import Workspace


def place_of(workspace: Workspace) -> Place:
    """Where a command of this workspace runs. Each path is followed once for each judgement."""
    root = str(workspace.root)
    follow = cache(os.path.realpath)
    return Place(
        workspace=root,
        home=workspace.environ.get("HOME", ""),
        # The root has no links in it, and each path of a command is held against it.
        real=lambda path: path if path == root else str(follow(path)),
        there=_there,
        made=_inside(workspace, workspace.made),
        undone=_inside(workspace, workspace.undone),
        branch=has_branch,
        exported=lambda name: name in workspace.environ or is_given(name),
    )


def _there(path: str) -> bool:
    """Also a link that leads nowhere is something; what cannot be a path is nothing."""
    return "\0" not in path and os.path.lexists(path)


def _inside(workspace: Workspace, asked: Callable[[str], bool]) -> Callable[[str], bool]:
    """A question about paths in the workspace, asked with absolute ones."""
    root = f"{workspace.root}/"
    return lambda path: path.startswith(root) and asked(path.removeprefix(root))
