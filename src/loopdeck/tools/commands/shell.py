"""`shell`: one command in a fresh bash, in the workspace, with an environment without secrets."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from loopdeck.errors import ToolError
from loopdeck.permissions.levels import STAYS
from loopdeck.permissions.shell import Part
from loopdeck.permissions.shell.findings import worse
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, listed
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.committing import taken_up_by_git
from loopdeck.tools.commands.halfway import must_not_stop_half_way
from loopdeck.tools.commands.keeping import Keeping
from loopdeck.tools.commands.process import Process
from loopdeck.tools.commands.reporting import ending, left, report
from loopdeck.tools.commands.rereading import Reading
from loopdeck.tools.commands.secrets import shown_by_git
from loopdeck.tools.commands.service import Order
from loopdeck.tools.commands.services import Services, must_hold_beside_others, reachable
from loopdeck.tools.commands.shell_args import ShellArgs
from loopdeck.tools.commands.steering import steered
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.lookup import place_of
from loopdeck.tools.disk.paths import Workspace
from loopdeck.tools.environ import scrubbed
from loopdeck.tools.git.care import care, settled, where_git_runs
from loopdeck.tools.git.told import told
from loopdeck.tools.sandbox.blocked import put_back
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

T = TypeVar("T")
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

    def preview(self) -> Preview:
        """The exact command, where it runs and for how long at most, and what would be gone."""
        judged, parts = self._read()
        lost, more = at_stake(judged, self.args.command, self.workspace)
        environment = self._environment(judged)
        confines = self._confines(judged, environment)
        limit = f"at most {self.args.timeout} s{confines.note}"
        if self.args.service:
            reached = ", with your network," if self.args.reachable else ""
            limit = f"stays running as the service {self.args.service}{reached} {UNTIL}"
            limit += confines.note
        more += self._told(judged, parts)
        more += self.services.told_of(outside=self.args.outside_sandbox)
        return Preview(
            kind="command",
            text=self.args.command,
            title="shell",
            note=f"in {self.workspace.root}, {limit}{more}",
            losses=lost,
        )

    def _told(self, judged: Assessment, parts: tuple[Part, ...]) -> str:
        """What git will run beside the command itself; a read has it run nothing."""
        folders = where_git_runs(parts)
        if folders is None or judged.category is Category.READ:
            return ""
        said = told(folders or [str(self.workspace.root)], self._own_environment())
        return f"; {said}" if said else ""

    def binding(self) -> JsonObject:
        """All that its effect depends on: folder, programs, scripts, links, surroundings."""
        judged, parts = self._read()
        inherited = self._environment(judged)
        path = inherited["PATH"]
        confines = self._confines(judged, inherited)
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
            **binding_parts(judged, parts, path, self.workspace),
        }

    def _lost(self, judged: Assessment) -> JsonObject:
        """What its human is shown of what would be gone, but for the bytes, which may not rest."""
        if judged.category is not Category.DESTRUCTIVE:
            return {}
        found, _ = at_stake(judged, self.args.command, self.workspace)
        return found.model_dump(mode="json", exclude={"bytes"}) if found else {}

    async def run(self, context: ToolContext) -> ToolResult:
        """Run it to its end, its time limit, or the cancellation of this call."""
        judged, parts = self._read()
        self._must_not_be_worse(judged)
        if self.args.service:
            return await self._begin(self.args.service, context, judged, parts)
        with self.services.beside():
            return await self._beside(context, judged, parts)

    async def _beside(
        self, context: ToolContext, judged: Assessment, parts: tuple[Part, ...]
    ) -> ToolResult:
        """Run it while services do, which are looked at before and after it."""
        await _looked(self.services.sweep, aside=bool(self.services.unswept))
        new, files = expected(judged, self.workspace), written_only(judged)
        leave = self.workspace.leave(files)
        try:
            result = await self._run(context, judged, parts)
            if files:
                await asyncio.to_thread(leave)
        finally:
            await _looked(self._after(judged), aside=bool(self.services.unswept))
        return with_born(result, new)

    def _after(self, judged: Assessment) -> Callable[[], None]:
        """What is done about services once it has run: its walls looked at what it left itself."""
        if self.args.outside_sandbox:
            return self.services.settle
        return partial(self.services.sweep, listed(judged.facts, "writes"))

    async def _begin(
        self, name: str, context: ToolContext, judged: Assessment, parts: tuple[Part, ...]
    ) -> ToolResult:
        """Start what is to stay."""
        self.services.must_have_room(name)
        await _looked(self.services.sweep, aside=bool(self.services.unswept))
        environment = self._environment(judged)
        confines = self._confines(judged, environment)
        must_hold_beside_others(confines)
        confines = replace(confines, request=replace(confines.request, lasting=True))
        kept = await _looked(partial(self._kept, judged, parts, confines), aside=True)
        environment |= await self._care(parts, kept.confines)
        order = Order(
            name,
            self.args.command,
            (_bash(environment), "--noprofile", "--norc", "-c", self.args.command),
            environment,
            self.workspace.root,
            self.workspace.keeper,
            kept,
            self.workspace.made,
            reaches_out=confines.sandbox is None or confines.request.network,
        )
        return await self.services.start(order, context)

    async def _run(
        self, context: ToolContext, judged: Assessment, parts: tuple[Part, ...]
    ) -> ToolResult:
        environment = self._environment(judged)
        capture = Capture(lambda: context.spool, context.guard())
        process = Process(capture, context.output, self.workspace.keeper)
        command = (_bash(environment), "--noprofile", "--norc", "-c", self.args.command)
        confines = self._confines(judged, environment)
        walls, writes = confines.sandbox is not None, confines.request.writes
        kept = await _looked(partial(self._kept, judged, parts, confines), aside=walls)
        environment |= await self._care(parts, kept.confines)
        try:
            with kept.confines.around(command, environment) as launch:
                code, timely = await process.run(
                    launch.argv,
                    cwd=self.workspace.root,
                    env=launch.env,
                    limit=self.args.timeout,
                    fds=launch.fds,
                    above=launch.above,
                    made=launch.made,
                )
        except OSError as error:
            raise ToolError(f"The command could not be started: {error.strerror}.") from error
        finally:
            capture.close()
        text = capture.text()
        blocked = kept.confines.blocked(text, code)
        planted = await _looked(kept.afterwards, aside=walls and writes)
        notes = (left(judged), blocked, put_back(launch.restored), planted)
        limit = self.args.timeout
        note = ending(code, text, timely=timely, full=capture.full, limit=limit)
        return ToolResult(
            ok=timely and code == 0 and not capture.full,
            output=report(text, note, notes),
            exit_code=code,
            full_output=capture.path,
            blocked=blocked.strip("[]"),
        )

    def _kept(self, judged: Assessment, parts: tuple[Part, ...], confines: Confines) -> Keeping:
        """The sandbox, and what the command is kept from in it."""
        root = self.workspace.root
        if confines.sandbox is not None:
            must_not_stop_half_way(parts, root, self._own_environment())
        lookout = self.workspace.lookout or Lookout(str(root), self.workspace.hidden)
        return Keeping.around(judged, self.args.command, parts, confines, lookout, root)

    def _must_not_be_worse(self, judged: Assessment) -> None:
        """A file may have changed since, and its content be nowhere else now."""
        if any(worse(said, judged.category) is not said for said in self.said):
            raise ToolError(
                "What this command touches has changed since it was judged, and it would do more "
                "now. Nothing ran; call it again to have it judged anew."
            )

    async def _care(self, parts: tuple[Part, ...], confines: Confines) -> dict[str, str]:
        """What keeps git from running what a repository configures."""
        return await care(
            parts,
            self.workspace.root,
            self._own_environment(),
            reads=not confines.request.writes,
            hidden_home=confines.sandbox is not None,
        )

    def _confines(self, judged: Assessment, environment: Mapping[str, str]) -> Confines:
        return Confines.of(
            judged,
            self.workspace.sandbox,
            self.workspace.root,
            environment["PATH"],
            outside=self.args.outside_sandbox,
        )

    def _environment(self, judged: Assessment) -> dict[str, str]:
        alone = judged.category is Category.READ
        return scrubbed(self.workspace.environ, self.workspace.root, strict=alone)

    def _own_environment(self) -> dict[str, str]:
        """For the git that is asked before a command: nothing holds it, so it is never theirs."""
        return scrubbed(self.workspace.environ, self.workspace.root, strict=True)


async def _looked(look: Callable[[], T], *, aside: bool) -> T:
    """A look at the workspace for its sandbox: in a thread, unless there is nothing to look at."""
    return await asyncio.to_thread(look) if aside else look()


def _bash(environment: Mapping[str, str]) -> str:
    if found := shutil.which("bash", path=environment["PATH"]):
        return found
    raise ToolError("There is no bash on this machine, so no command can be run.")
