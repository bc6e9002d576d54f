"""The file that a command makes where none was: what is in it goes into the log."""

import os
from dataclasses import replace
from typing import cast

from loopdeck.errors import ToolError
from loopdeck.permissions.levels import CAREFUL_FACTS
from loopdeck.ports import ToolResult
from loopdeck.session.values import Assessment
from loopdeck.tools.disk.diffs import unified
from loopdeck.tools.disk.files import look
from loopdeck.tools.disk.paths import Target, Workspace

MOST = 64_000  # characters; the log is no copy of the disk


def expected(judged: Assessment, workspace: Workspace) -> Target | None:
    """The one file that a command is to write, if there is nothing in its place yet."""
    written = judged.facts.get("writes")
    if not isinstance(written, list) or any(judged.facts.get(fact) for fact in CAREFUL_FACTS):
        return None
    try:
        targets = [workspace.target(str(name)) for name in cast("list[object]", written)]
    except ToolError:
        return None
    new = [target for target in targets if target.inside and not os.path.lexists(target.real)]
    return new[0] if len(new) == 1 and not new[0].sensitive else None


def with_born(result: ToolResult, target: Target | None) -> ToolResult:
    """The result with the content of the file, if it was made and is not too long."""
    try:
        base = look(target) if target else None
    except ToolError:
        return result
    if target is None or base is None or not base.text or len(base.text) > MOST:
        return result
    diff = unified(None, base.text, target.shown)
    return replace(result, diff=diff, files=(target.shown,))
