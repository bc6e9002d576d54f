"""Decides calls for the command line as the harness would, without running anything."""

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast

from loopdeck.cli.places import Places
from loopdeck.errors import ToolError
from loopdeck.permissions.policy import Policy, Verdict, judge
from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Assessment, Category, JsonObject, Reason, Rule
from loopdeck.tools.registry import BuiltinToolbox


class Judge:
    """Decides calls in one workspace under one policy.

    Levels 4 and 5 exist only with a sandbox, so `sandboxed` is how they are explained. With
    `in_order` the calls are one session: what earlier ones made whole is theirs to delete.
    """

    def __init__(
        self,
        folder: Path,
        level: int,
        rules: Iterable[Rule],
        spots: Places,
        *,
        sandboxed: bool = True,
        in_order: bool = False,
    ) -> None:
        self._toolbox = BuiltinToolbox(folder)
        self._folder = str(folder)
        self._policy = Policy(
            level, tuple(rules), folder, Path.home(), spots.own, sandboxed=sandboxed
        )
        self._made: set[str] | None = set() if in_order else None

    def decide(self, tool: str, args: JsonObject) -> Verdict:
        """The verdict; a call that cannot be prepared is unknown, and asked about."""
        try:
            assessment = self._toolbox.prepare(tool, args).assess()
        except ToolError as error:
            return self.weigh(tool, args, unknown(str(error).splitlines()[0]))
        if self._made is not None:
            assessment = self._in_order(tool, args, assessment, self._made)
        return self.weigh(tool, args, assessment)

    def weigh(self, tool: str, args: JsonObject, assessment: Assessment) -> Verdict:
        """The verdict on a call whose assessment is known."""
        held = tool == "shell" and not assessment.facts.get("outside_sandbox")
        facts = {**assessment.facts, "sandboxed": held and self._policy.sandboxed}
        inside = assessment.model_copy(update={"facts": facts})
        return replace(judge(tool, args, inside, self._policy), facts=assessment.facts)

    def _in_order(
        self, tool: str, args: JsonObject, assessment: Assessment, made: set[str]
    ) -> Assessment:
        if assessment.category is Category.DESTRUCTIVE:
            assessment = self._milder(tool, args, assessment, made)
        made -= _listed(assessment, "deletes")
        made |= _listed(assessment, "makes")
        return assessment

    def _milder(
        self, tool: str, args: JsonObject, assessment: Assessment, made: set[str]
    ) -> Assessment:
        """A deletion of what this session made itself is a write: its log has the content."""
        if tool == "shell":
            place = Place(
                self._folder,
                str(Path.home()),
                made=lambda path: posixpath.relpath(path, self._folder) in made,
            )
            again = classify(str(args.get("command", "")), place)
            return again if again.category is Category.WRITE else assessment
        gone = _listed(assessment, "paths")
        if tool != "delete_file" or not gone or not gone <= made:
            return assessment
        facts = {**assessment.facts, "undoable": "log", "deletes": sorted(gone)}
        return assessment.model_copy(update={"category": Category.WRITE, "facts": facts})


def unknown(why: str) -> Assessment:
    """What is known of a call that cannot be looked at."""
    return Assessment(category=Category.UNKNOWN, reasons=(Reason(text=why),))


def _listed(assessment: Assessment, fact: str) -> set[str]:
    value = assessment.facts.get(fact)
    return {str(item) for item in cast("list[object]", value)} if isinstance(value, list) else set()
