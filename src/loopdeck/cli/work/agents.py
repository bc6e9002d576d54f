"""Runs one agent: its harness and tools, its mail, and the tidying up after it."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from loopdeck.cli.secrecy import secrets_in
from loopdeck.cli.work.run import Workplace
from loopdeck.cli.work.warming import warm
from loopdeck.errors import JournalError
from loopdeck.harness.ending import Ending
from loopdeck.harness.gating.granting import Keeper
from loopdeck.harness.inbox import Inbox, deliver, pump
from loopdeck.harness.loop import Harness
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import SandboxFound, Setting
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.permissions.rules.matching import hides
from loopdeck.permissions.rules.reaching import holding_back, names_host
from loopdeck.ports import Clock, Model, Toolbox
from loopdeck.session.commands import Command
from loopdeck.session.events import ServerChecked
from loopdeck.session.values import Rule
from loopdeck.tools.commands.lifeline import get_ready, keeper_name
from loopdeck.tools.commands.probe import Probe, probe
from loopdeck.tools.disk.making import changed_within, is_given_back, is_still
from loopdeck.tools.disk.stirring import FileWatch
from loopdeck.tools.reach import Reach
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.stakes.traces import traces

if TYPE_CHECKING:
    from loopdeck.tools.mcp.hub import Hub

log = logging.getLogger(__name__)


async def run_agent(
    recorder: Recorder,
    conversation: Conversation,
    model: Model,
    inbox: Inbox,
    journal: SqliteJournal,
    place: Workplace,
) -> Ending:
    """Let the agent work to its end."""
    get_ready()
    if place.book is not None:
        recorder.listen(Keeper(place.book, str(place.folder), log.warning))
    await asyncio.to_thread(place.spool.thin)
    walls = await _walls(place)
    hub = place.servers()
    harness = _harness(recorder, conversation, model, inbox, journal, place, walls, hub)
    if hub is None:
        return await _worked(harness, recorder.session, model, inbox, journal, place)
    from loopdeck.cli.mcp.attaching import said_with_goal, tell_unable  # most runs have no servers

    hub.start(after=model.warm_up)
    telling = asyncio.ensure_future(tell_unable(hub, place.unable))
    try:
        said = await said_with_goal(recorder.state, hub)
        if said is not None:
            inbox.put(said)
        return await _worked(harness, recorder.session, model, inbox, journal, place)
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await hub.stop()


async def _worked(
    harness: Harness,
    session: str,
    model: Model,
    inbox: Inbox,
    journal: SqliteJournal,
    place: Workplace,
) -> Ending:
    """The run itself, with its mail carried to it and what it left unread carried back."""
    helpers: list[asyncio.Future[None]] = []
    try:
        # What was answered while nobody worked has to be there before the first look.
        await deliver(journal, session, inbox)
        carry = pump(journal, session, inbox, place.clock)
        helpers += [asyncio.ensure_future(carry), asyncio.ensure_future(warm(model))]
        return await harness.run()
    finally:
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        await _send_back(journal, session, harness.unread())


def toolbox_for(
    recorder: Recorder, folder: Path, walls: Probe | None, clock: Clock
) -> BuiltinToolbox:
    """The built-in tools; what a rule forbids to read is not listed or searched either."""
    root, home = str(folder), str(Path.home())
    rules, makings = recorder.state.rules, recorder.makings

    def made(path: str) -> bool:
        mark = makings.mark(path)
        return mark != "" and is_still(folder, path, mark)

    def undone(path: str) -> bool:
        return is_given_back(folder, path, *makings.change(path))

    return BuiltinToolbox(
        folder,
        hidden=lambda path: hides(rules, path, workspace=root, home=home),
        sandbox=walls.sandbox if walls else None,
        made=made,
        undone=undone,
        left=lambda path: changed_within(folder, path, makings.left(path)),
        keeper=keeper_name(recorder.session),
        reach=_reach(recorder, clock),
    )


def _reach(recorder: Recorder, clock: Clock) -> Reach:
    """The web, as far as the rules of the moment let it be reached."""

    def rules() -> Sequence[Rule]:
        return recorder.state.standing(clock.wall())

    return Reach(
        refused=lambda at: holding_back(rules(), at),
        named=lambda host: names_host(rules(), host),
    )


async def _walls(place: Workplace) -> Probe | None:
    """The sandbox of this machine; nothing where its human wants none."""
    if not place.sandboxed:
        return None
    return await probe(Path.home(), place.own, memory=place.walls)


def _found(walls: Probe | None) -> SandboxFound:
    if walls is None:
        return SandboxFound("", passed=False, says="switched off in the config file")
    tried = "; ".join(f"{trial.backend}: {trial.says}" for trial in walls.trials if trial.says)
    if walls.sandbox is None:
        return SandboxFound("", passed=False, says=tried or "there is none for this system yet")
    return SandboxFound(walls.sandbox.backend, passed=True, says=tried)


def _harness(
    recorder: Recorder,
    conversation: Conversation,
    model: Model,
    inbox: Inbox,
    journal: SqliteJournal,
    place: Workplace,
    walls: Probe | None,
    hub: "Hub | None",
) -> Harness:
    builtin = toolbox_for(recorder, place.folder, walls, place.clock)
    return Harness(
        recorder=recorder,
        conversation=conversation,
        model=model,
        inbox=inbox,
        setting=Setting(
            toolbox=_joined(builtin, hub, place),
            clock=place.clock,
            spool=place.spool,
            on_ask=place.on_ask,
            on_unknown=place.on_unknown,
            home=Path.home().resolve(),
            own=place.own,
            sandbox=_found(walls),
            aside=asyncio.to_thread,
            watch=FileWatch(),
            secrets_in=partial(secrets_in, place.folder),
            evidence=partial(traces, place.folder, place.spool.folder),
            letters=partial(journal.collect_queued, recorder.session),
            book=place.book,
            project=place.project,
            recast=place.recast,
            search=place.search,
            services=builtin.services,
            servers=_looking(hub, place),
        ),
    )


def _joined(builtin: Toolbox, hub: "Hub | None", place: Workplace) -> Toolbox:
    if hub is None:
        return builtin
    from loopdeck.tools.mcp.toolbox import JoinedToolbox  # most runs have no servers

    return JoinedToolbox(builtin, hub, place.folder)


def _looking(hub: "Hub | None", place: Workplace) -> Callable[[], Sequence[ServerChecked]]:
    """What tells the log how the servers stand."""
    lacking = place.unstarted()
    if hub is None and not lacking:
        return tuple
    from loopdeck.cli.mcp.news import ServerNews  # see above

    return ServerNews(hub, lacking)


async def _send_back(journal: SqliteJournal, session: str, commands: Sequence[Command]) -> None:
    """Leave for the next run what this one did not come to."""
    with contextlib.suppress(JournalError):  # what broke the database was said already
        for command in commands:
            await journal.post(session, command)
