"""`shell`: one command in a fresh bash, in the workspace, with an environment without secrets."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from loopdeck.errors import ToolError
from loopdeck.permissions.levels import STAYS
from loopdeck.permissions.shell import Part
from loopdeck.permissions.shell.findings import worse
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, listed
from loopdeck.tools.commands.attempt import Attempt, looked
from loopdeck.tools.commands.committing import taken_up_by_git
from loopdeck.tools.commands.rereading import Reading
from loopdeck.tools.commands.secrets import shown_by_git
from loopdeck.tools.commands.services import Services, must_hold_beside_others, reachable
from loopdeck.tools.commands.shell_args import ShellArgs
from loopdeck.tools.commands.steering import steered
from loopdeck.tools.disk.lookup import place_of
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.git.care import settled
from loopdeck.tools.sandbox.confines import Confines, kept_in, placed
from loopdeck.tools.stakes.born import expected, with_born
from loopdeck.tools.stakes.bound import surroundings
from loopdeck.tools.stakes.effects import (
    at_stake,
    binding_parts,
    with_makings,
    with_own_work,
    written_only,
)
from loopdeck.tools.stakes.sweeps import swept

UNTIL = "until you or the agent stop it, or this run ends"


@dataclass(frozen=True, slots=True)
class Shell:
    """One command; `said` is what was said of it when it was judged, `seen` how it was read.

    The `services` run beside it; it may be to stay as one of them.
    """

    args: ShellArgs
    workspace: Workspace
    services: Services = field(default_factory=Services)
    said: list[Category] = field(default_factory=list[Category])
    seen: list[Reading] = field(default_factory=list[Reading])

    def assess(self) -> Assessment:
        """The verdict on the text, and what surrounds the command while it runs."""
        judged, parts = self._read()
        self.said[:] = [judged.category]
        if not self.args.service:
            judged = with_makings(judged, self.args.command, self.workspace)
            judged = with_own_work(judged, self.workspace)
        else:
            judged = judged.model_copy(update={"facts": {**judged.facts, STAYS: True}})
        return placed(judged, self.workspace.sandbox, parts, outside=self.args.outside_sandbox)

    def _read(self) -> tuple[Assessment, tuple[Part, ...]]:
        """The verdict on the text, with every path followed to where it leads, and its commands."""
        place = place_of(self.workspace, held=not self.args.outside_sandbox)
        known = (one for one in self.seen if one.holds(place))
        reading = next(known, None) or Reading.of(self.args.command, place)
        self.seen[:] = [reading]
        judged, parts = reading.judged, reading.parts
        judged = steered(judged, parts, self.workspace.environ, self.workspace.root)
        judged = settled(judged, parts)
        outside = self.args.outside_sandbox
        judged = kept_in(judged, parts, self.workspace.sandbox, outside=outside)
        judged = shown_by_git(judged, parts, self.workspace)
        judged = taken_up_by_git(judged, parts, self.workspace)
        judged = reachable(judged) if self.args.reachable else judged
        return swept(judged, self.args.command, parts, self.workspace), parts

    def _attempt(self) -> Attempt:
        return Attempt(self.args, self.workspace, *self._read())

    def preview(self) -> Preview:
        """The exact command, where it runs and for how long at most, and what would be gone."""
        attempt = self._attempt()
        lost, more = at_stake(attempt.judged, self.args.command, self.workspace)
        confines = attempt.confines()
        limit = f"at most {self.args.timeout} s{confines.note}"
        if self.args.service:
            reached = ", with your network," if self.args.reachable else ""
            limit = f"stays running as the service {self.args.service}{reached} {UNTIL}"
            limit += confines.note
        more += attempt.told()
        more += self._neighbours(confines)
        return Preview(
            kind="command",
            text=self.args.command,
            title="shell",
            note=f"in {self.workspace.root}, {limit}{more}",
            losses=lost,
        )

    def binding(self) -> JsonObject:
        """All that its effect depends on: folder, programs, scripts, links, surroundings."""
        attempt = self._attempt()
        judged, inherited, confines = attempt.judged, attempt.environment(), attempt.confines()
        path = inherited["PATH"]
        if self.args.service:
            must_hold_beside_others(confines)
            self.services.must_have_room(self.args.service)
        return {
            "cwd": str(self.workspace.root.resolve()),
            "shell": shutil.which("bash", path=path) or "",
            "confines": confines.name,
            "environment": surroundings(inherited),
            "category": judged.category,
            "lost": self._lost(judged),
            **({"beside": beside} if (beside := self._neighbours(confines)) else {}),
            **binding_parts(judged, attempt.parts, path, self.workspace),
        }

    def _neighbours(self, confines: Confines) -> str:
        """The services that could have this do what they may not themselves."""
        freer = self.args.outside_sandbox or confines.request.network
        return self.services.told_of(freer=freer)

    def _lost(self, judged: Assessment) -> JsonObject:
        """What its human is shown of what would be gone, but for the bytes, which may not rest."""
        if judged.category is not Category.DESTRUCTIVE:
            return {}
        found, _ = at_stake(judged, self.args.command, self.workspace)
        return found.model_dump(mode="json", exclude={"bytes"}) if found else {}

    async def run(self, context: ToolContext) -> ToolResult:
        """Run it to its end, its time limit, or the cancellation of this call."""
        attempt = self._attempt()
        self._must_not_be_worse(attempt.judged)
        if self.args.service:
            self.services.must_have_room(self.args.service)
            await looked(self.services.sweep, aside=bool(self.services.unswept))
            return await self.services.start(await attempt.order(self.args.service), context)
        with self.services.beside():
            return await self._beside(context, attempt)

    async def _beside(self, context: ToolContext, attempt: Attempt) -> ToolResult:
        """Run it while services do, which are looked at before and after it."""
        judged = attempt.judged
        await looked(self.services.sweep, aside=bool(self.services.unswept))
        new, files = expected(judged, self.workspace), written_only(judged)
        leave = self.workspace.leave(files)
        try:
            result = await attempt.run(context)
            if files:
                await asyncio.to_thread(leave)
        finally:
            await looked(self._after(judged), aside=bool(self.services.unswept))
        return with_born(result, new)

    def _after(self, judged: Assessment) -> Callable[[], None]:
        """What is done about services once it has run: its walls looked at what it left itself."""
        if self.args.outside_sandbox:
            return self.services.settle
        return partial(self.services.sweep, listed(judged.facts, "writes"))

    def _must_not_be_worse(self, judged: Assessment) -> None:
        """A file may have changed since, and its content be nowhere else now."""
        if any(worse(said, judged.category) is not said for said in self.said):
            raise ToolError(
                "What this command touches has changed since it was judged, and it would do more "
                "now. Nothing ran; call it again to have it judged anew."
            )
