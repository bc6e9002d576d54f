"""Decides calls for the command line as the harness would, without running anything."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from loopdeck.cli.places import Places
from loopdeck.errors import ToolError
from loopdeck.permissions.policy import Policy, Verdict, judge
from loopdeck.session.values import Assessment, Category, JsonObject, Reason, Rule, listed
from loopdeck.tools.disk.making import is_given_back
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.sandbox.confines import HELD, as_if_placed

_SUPPOSED = frozenset({HELD, "sandbox"})  # no command runs, so none is in a sandbox


class Judge:
    """Decides calls in one workspace under one policy.

    Levels 4 and 5 exist only with a sandbox, so `sandboxed` is how they are explained. With
    `in_order` the calls are one session: what earlier ones made whole is theirs to delete.
    `tainted` names what brought outside content in.
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
        tainted: str = "",
    ) -> None:
        self._made: set[str] = set()
        self._in_order = in_order
        supposed = Sandbox(Backend.BUBBLEWRAP, Path.home()) if sandboxed else None
        self._toolbox = BuiltinToolbox(
            folder,
            made=self._made.__contains__,
            undone=lambda path: is_given_back(folder, path, "", ""),
            sandbox=supposed,
            ahead=True,
        )
        self._policy = Policy(
            level,
            tuple(rules),
            folder,
            Path.home().resolve(),
            spots.own,
            sandboxed=sandboxed,
            tainted=tainted,
        )

    def decide(self, tool: str, args: JsonObject) -> Verdict:
        """The verdict; a call that cannot be prepared is unknown, and asked about."""
        try:
            assessment = self._toolbox.prepare(tool, args).assess()
        except ToolError as error:
            return self.weigh(tool, args, unknown(str(error).splitlines()[0]))
        if self._in_order:
            self._made -= set(listed(assessment.facts, "deletes"))
            self._made |= set(listed(assessment.facts, "makes"))
        return self.weigh(tool, args, assessment)

    def weigh(self, tool: str, args: JsonObject, assessment: Assessment) -> Verdict:
        """The verdict on a call whose assessment is known."""
        here = as_if_placed(tool, assessment, sandboxed=self._policy.sandboxed)
        shown = {name: value for name, value in assessment.facts.items() if name not in _SUPPOSED}
        return replace(judge(tool, args, here, self._policy), facts=shown)


def unknown(why: str) -> Assessment:
    """What is known of a call that cannot be looked at."""
    return Assessment(category=Category.UNKNOWN, reasons=(Reason(text=why),))
