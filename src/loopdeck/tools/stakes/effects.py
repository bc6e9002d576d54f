"""What a command would make and take away, read from its judgement and looked up on the disk."""

import os
from collections.abc import Sequence
from glob import escape

from loopdeck.errors import ToolError
from loopdeck.permissions.contents import OWN_WORK
from loopdeck.permissions.shell import Part, parts_of
from loopdeck.permissions.shell.whole import written_whole
from loopdeck.session.values import Assessment, Category, JsonObject, Losses, listed
from loopdeck.tools.disk.making import making_facts, mark_of
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.git.bound import git_folders, git_state
from loopdeck.tools.stakes.bound import (
    contents,
    files_below,
    files_named,
    landings,
    programs,
    targets,
)
from loopdeck.tools.stakes.entries import entry_files
from loopdeck.tools.stakes.imports import imported
from loopdeck.tools.stakes.losses import edited_files, losses, untracked_files

_PUTS_BACK = frozenset({"checkout", "restore", "reset", "switch"})
MORE = ", and more than could be counted"


def with_makings(assessment: Assessment, command: str, workspace: Workspace) -> Assessment:
    """The judgement with the files that the command makes whole, where none were before."""
    writes = written(assessment)
    made: dict[str, str] = {}
    for path, content in written_whole(command).items() if writes else ():
        try:
            target = workspace.target(path)
        except ToolError:
            continue
        new = not os.path.lexists(target.real) or workspace.made(target.shown)
        if new and target.inside and target.shown in writes:
            made[target.shown] = mark_of(content.encode("utf-8", "surrogateescape"))
    if not made:
        return assessment
    return assessment.model_copy(update={"facts": assessment.facts | making_facts(made)})


def with_own_work(assessment: Assessment, workspace: Workspace) -> Assessment:
    """The judgement with the fact that what it writes is the session's own work afterwards.

    The log then knows it also when another process goes on with the session.
    """
    files, unsaved = written_only(assessment), workspace.unsaved
    known = set(files) <= set(listed(assessment.facts, "makes"))
    if known or unsaved is None or any(map(unsaved.any_of, files)):
        return assessment
    return assessment.model_copy(update={"facts": {**assessment.facts, OWN_WORK: True}})


def written(assessment: Assessment) -> Sequence[str]:
    """The files that the command itself says it writes."""
    return listed(assessment.facts, "writes")


def written_only(assessment: Assessment) -> Sequence[str]:
    """The same where it says all of them; none where it writes to others that it finds."""
    return () if assessment.facts.get("writes_below") else written(assessment)


def at_stake(
    assessment: Assessment, command: str, workspace: Workspace
) -> tuple[Losses | None, str]:
    """What would be gone, and a note where it is more than could be counted."""
    overwritten = listed(assessment.facts, "overwrites")
    deleted = [*listed(assessment.facts, "deletes"), *overwritten]
    # A branch is gone to without losing a change; what lies in its way is said by itself.
    lost, seen = list[str](), True
    if not deleted or "reset" in command:
        lost, seen = _lost_to_git(assessment, command, workspace)
    if not deleted and not lost:
        return None, ""
    paths = [*_but_linked(deleted, workspace), *map(escape, lost)]
    found, whole = losses(workspace, paths)
    return found, "" if whole and seen else MORE


def binding_parts(
    assessment: Assessment, parts: Sequence[Part], search_path: str, workspace: Workspace
) -> JsonObject:
    """The programs a command starts, what is in the files it obeys, where its paths lead.

    A plain read shows what is there when it runs. All else is bound to whatever it reads: a script,
    a patch, the statements of a database.
    """
    root = workspace.root
    acts = assessment.category is not Category.READ or assessment.facts.get("runs_code")
    read = listed(assessment.facts, "reads") if acts else ()
    below = files_below(listed(assessment.facts, "reads_below"), root) if acts else ()
    runs = [*files_named(parts, root), *entry_files(parts, root)] if acts else ()
    starts = dict.fromkeys((*read, *runs, *below))
    loaded = imported(os.path.join(root, path) for path in starts)  # noqa: PTH118 - text
    bound = (*starts, *(path.removeprefix(f"{root}/") for path in loaded))
    writes = written(assessment)
    touched = [*writes, *listed(assessment.facts, "deletes")]
    places = git_folders(parts, root) if acts else ()
    return {
        "programs": programs(listed(assessment.facts, "programs"), search_path, root),
        "scripts": contents(dict.fromkeys(bound), root),
        "targets": targets([*touched, *landings(writes, [*writes, *read])], root),
        **git_state(places),
    }


def _but_linked(paths: Sequence[str], workspace: Workspace) -> list[str]:
    """Without the places that others of them link to: a link is deleted, and not what it names."""
    places = {path: os.path.join(workspace.root, path) for path in paths}  # noqa: PTH118
    behind = {os.path.realpath(place) for place in places.values() if os.path.islink(place)}  # noqa: PTH114
    return [path for path, place in places.items() if place not in behind]


def _lost_to_git(
    assessment: Assessment, command: str, workspace: Workspace
) -> tuple[list[str], bool]:
    """The files that git would delete, or put back to what it has, and whether that is all."""
    if "git" not in listed(assessment.facts, "programs"):
        return [], True
    calls = (part.words for part in parts_of(command) if part.words[:1] == ("git",))
    verbs = {word for words in calls for word in words}
    if "clean" in verbs:
        return untracked_files(workspace)
    return edited_files(workspace) if verbs & _PUTS_BACK else ([], True)
