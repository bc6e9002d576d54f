"""Whether an answer that was left for a session counts, where another terminal left one too."""

import asyncio

from loopdeck.cli.folding import state_of
from loopdeck.errors import LoopdeckError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.commands import Answer, Approve, Command, Deny

SOON_S = 2.0  # a process that works takes its mail up in a moment; a busy one may need longer


def subject(command: Command) -> str | None:
    """What a command that was left for a session speaks of."""
    match command:
        case Approve() | Deny():
            return command.call_id
        case Answer():
            return command.ask_id
        case _:
            return None


async def standing(journal: SqliteJournal, session: str, left: Command, *, live: bool) -> str:
    """What there is to say of an answer that was just left. Raises `LoopdeckError` if it is void.

    While nobody works, the last answer counts; of a session that was `live` when it was left, the
    first that it takes up.
    """
    if live and isinstance(left, Approve | Deny):
        return await _taken_up(journal, session, left)
    rivals = [one for one in await journal.peek(session) if subject(one) == subject(left)]
    if rivals and rivals[-1] != left:
        raise LoopdeckError(
            "Another answer was left after this one, and counts in its place.",
            "`loopdeck approvals list` shows what waits; answer again to replace it.",
        )
    if any(one != left for one in rivals):
        return " It takes the place of the answer that was left before."
    return ""


async def _taken_up(journal: SqliteJournal, session: str, left: Approve | Deny) -> str:
    try:
        async with asyncio.timeout(SOON_S):
            call = await _answered(journal, session, left.call_id)
    except TimeoutError:
        return " The session has not taken it up yet."
    wanted = "approved" if isinstance(left, Approve) else "denied"
    if call is not None and call.answer != wanted:
        raise LoopdeckError(
            f"It was {call.answer} meanwhile: this answer came too late.",
            f"`loopdeck sessions show {session}` tells what came of it.",
        )
    return ""


async def _answered(journal: SqliteJournal, session: str, call_id: str) -> CallView | None:
    """The call as soon as it has been answered; None for one that is gone."""
    while True:
        state = await state_of(journal, session)
        call = next((one for one in state.calls if one.call_id == call_id), None)
        if call is None or call.status is not CallStatus.WAITING:
            return call
        await journal.wait(session, state.last_seq)
