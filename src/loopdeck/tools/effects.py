"""What a command would make and take away, read from its judgement and looked up on the disk."""

import os
from collections.abc import Sequence
from typing import cast

from loopdeck.errors import ToolError
from loopdeck.permissions.shell import parts_of
from loopdeck.permissions.shell.whole import written_whole
from loopdeck.session.values import Assessment, JsonObject, Losses
from loopdeck.tools.bound import contents, programs, targets
from loopdeck.tools.losses import edited_files, losses, untracked_files
from loopdeck.tools.making import making_facts, mark_of
from loopdeck.tools.paths import Workspace

_PUTS_BACK = frozenset({"checkout", "restore", "reset", "switch"})
MORE = ", and more than could be counted"


def with_makings(assessment: Assessment, command: str, workspace: Workspace) -> Assessment:
    """The judgement with the files that the command makes whole, where none were before."""
    written = _listed(assessment, "writes")
    made: dict[str, str] = {}
    for path, content in written_whole(command).items() if written else ():
        try:
            target = workspace.target(path)
        except ToolError:
            continue
        new = not os.path.lexists(target.real) or workspace.made(target.shown)
        if new and target.inside and target.shown in written:
            made[target.shown] = mark_of(content.encode("utf-8", "surrogateescape"))
    if not made:
        return assessment
    return assessment.model_copy(update={"facts": assessment.facts | making_facts(made)})


def at_stake(
    assessment: Assessment, command: str, workspace: Workspace
) -> tuple[Losses | None, str]:
    """What would be gone, and a note where it is more than could be counted."""
    if deleted := _listed(assessment, "deletes"):
        found, whole = losses(workspace, _but_linked(deleted, workspace))
    elif lost := _lost_to_git(assessment, command, workspace):
        found, whole = losses(workspace, lost, patterns=False)
    else:
        return None, ""
    return found, "" if whole else MORE


def binding_parts(assessment: Assessment, search_path: str, workspace: Workspace) -> JsonObject:
    """The programs a command starts, what is in the files it runs, where its paths lead."""
    root = workspace.root
    runs = _listed(assessment, "reads") if assessment.facts.get("runs_code") else ()
    touched = [*_listed(assessment, "writes"), *_listed(assessment, "deletes")]
    return {
        "programs": programs(_listed(assessment, "programs"), search_path, root),
        "scripts": contents(runs, root),
        "targets": targets(touched, root),
    }


def _but_linked(paths: Sequence[str], workspace: Workspace) -> list[str]:
    """Without the places that others of them link to: a link is deleted, and not what it names."""
    places = {path: os.path.join(workspace.root, path) for path in paths}  # noqa: PTH118
    behind = {os.path.realpath(place) for place in places.values() if os.path.islink(place)}  # noqa: PTH114
    return [path for path, place in places.items() if place not in behind]


def _lost_to_git(assessment: Assessment, command: str, workspace: Workspace) -> list[str]:
    """The files that git would delete, or put back to what it has."""
    if "git" not in _listed(assessment, "programs"):
        return []
    calls = (part.words for part in parts_of(command) if part.words[:1] == ("git",))
    verbs = {word for words in calls for word in words}
    if "clean" in verbs:
        return untracked_files(workspace)
    return edited_files(workspace) if verbs & _PUTS_BACK else []


def _listed(assessment: Assessment, fact: str) -> Sequence[str]:
    value = assessment.facts.get(fact)
    if not isinstance(value, list):
        return ()
    return [item for item in cast("list[object]", value) if isinstance(item, str)]
