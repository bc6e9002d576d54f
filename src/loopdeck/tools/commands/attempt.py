"""One attempt to run a command as it was judged, inside what is to hold it."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from loopdeck.errors import ToolError
from loopdeck.permissions.shell import Part
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.halfway import must_not_stop_half_way
from loopdeck.tools.commands.keeping import Keeping
from loopdeck.tools.commands.process import Process
from loopdeck.tools.commands.reporting import ending, left, report
from loopdeck.tools.commands.service import Order
from loopdeck.tools.commands.services import must_hold_beside_others
from loopdeck.tools.commands.shell_args import ShellArgs
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import Workspace, gone
from loopdeck.tools.environ import scrubbed
from loopdeck.tools.git.care import care, where_git_runs
from loopdeck.tools.git.told import told
from loopdeck.tools.sandbox.blocked import put_back
from loopdeck.tools.sandbox.confines import Confines

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was asked for, and how it was judged and read just now."""

    args: ShellArgs
    workspace: Workspace
    judged: Assessment
    parts: tuple[Part, ...]

    def environment(self) -> dict[str, str]:
        """What the command is given; one that only reads gets less of it."""
        alone = self.judged.category is Category.READ
        return scrubbed(self.workspace.environ, self.workspace.root, strict=alone)

    def confines(self) -> Confines:
        """The sandbox that the command needs, if there is one to be had."""
        return Confines.of(
            self.judged,
            self.workspace.sandbox,
            self.workspace.root,
            self.environment()["PATH"],
            outside=self.args.outside_sandbox,
        )

    def told(self) -> str:
        """What git will run beside the command itself; a read has it run nothing."""
        folders = where_git_runs(self.parts)
        if folders is None or self.judged.category is Category.READ:
            return ""
        said = told(folders or [str(self.workspace.root)], self._own_environment())
        return f"; {said}" if said else ""

    async def order(self, name: str) -> Order:
        """What is to stay as the service of this name, ready to be started."""
        environment, confines = self.environment(), self.confines()
        must_hold_beside_others(confines)
        confines = replace(confines, request=replace(confines.request, lasting=True))
        kept = await looked(partial(self._kept, confines), aside=True)
        environment |= await self._care(kept.confines)
        return Order(
            name,
            self.args.command,
            self._command(environment),
            environment,
            self.workspace.root,
            self.workspace.keeper,
            kept,
            self.workspace.made,
            reaches_out=confines.sandbox is None or confines.request.network,
        )

    async def run(self, context: ToolContext) -> ToolResult:
        """Run it to its end, its time limit, or the cancellation of this call."""
        environment, confines = self.environment(), self.confines()
        command = self._command(environment)
        walls, writes = confines.sandbox is not None, confines.request.writes
        kept = await looked(partial(self._kept, confines), aside=walls)
        environment |= await self._care(kept.confines)
        capture = Capture(lambda: context.spool, context.guard())
        process = Process(capture, context.output, self.workspace.keeper)
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
            lost = gone(self.workspace.root)
            raise ToolError(
                lost or f"The command could not be started: {error.strerror}."
            ) from error
        finally:
            capture.close()
        text = capture.text()
        blocked = kept.confines.blocked(text, code)
        planted = await looked(kept.afterwards, aside=walls and writes)
        notes = (left(self.judged), blocked, put_back(launch.restored), planted)
        limit = self.args.timeout
        note = ending(code, text, timely=timely, full=capture.full, limit=limit)
        return ToolResult(
            ok=timely and code == 0 and not capture.full,
            output=report(text, note, notes),
            exit_code=code,
            full_output=capture.path,
            blocked=blocked.strip("[]"),
        )

    def _kept(self, confines: Confines) -> Keeping:
        """The sandbox, and what the command is kept from in it."""
        root, parts = self.workspace.root, self.parts
        if confines.sandbox is not None:
            must_not_stop_half_way(parts, root, self._own_environment())
        lookout = self.workspace.lookout or Lookout(str(root), self.workspace.hidden)
        return Keeping.around(self.judged, self.args.command, parts, confines, lookout, root)

    async def _care(self, confines: Confines) -> dict[str, str]:
        """What keeps git from running what a repository configures."""
        return await care(
            self.parts,
            self.workspace.root,
            self._own_environment(),
            reads=not confines.request.writes,
            hidden_home=confines.sandbox is not None,
        )

    def _command(self, environment: Mapping[str, str]) -> tuple[str, ...]:
        if bash := shutil.which("bash", path=environment["PATH"]):
            return (bash, "--noprofile", "--norc", "-c", self.args.command)
        raise ToolError("There is no bash on this machine, so no command can be run.")

    def _own_environment(self) -> dict[str, str]:
        """For the git that is asked before a command: nothing holds it, so it is never theirs."""
        return scrubbed(self.workspace.environ, self.workspace.root, strict=True)


async def looked(look: Callable[[], T], *, aside: bool) -> T:
    """A look at the workspace for its sandbox: in a thread, unless there is nothing to look at."""
    return await asyncio.to_thread(look) if aside else look()
