"""`loopdeck approvals`: answers waiting calls from any other terminal, through the database."""

import argparse
import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from loopdeck.cli.approving import Named, make_sure
from loopdeck.cli.config import load_settings
from loopdeck.cli.console import one_line, tell
from loopdeck.cli.folding import state_of
from loopdeck.cli.places import places
from loopdeck.cli.prose import question
from loopdeck.cli.rivals import standing, subject
from loopdeck.cli.runs.starting import open_workshop
from loopdeck.errors import UsageError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.calls import CallView, about
from loopdeck.session.commands import Answer, Approve, Command, Deny
from loopdeck.session.state import AskView
from loopdeck.session.summary import Summary

SPOKEN = {  # what the deck's keys say -> the answer that they give
    "it took effect": "done",
    "it did not": "not done",
    "run it again": "run again",
    "nobody can say": "tell the model",
}
SHORT = 6  # characters of a request's name: enough that another one is another


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of a session that waits; `id` is what the user types.

    The end of a call's id is of this very request: if it is asked again, it is another one.
    """

    session: Summary
    item: CallView | AskView
    answered: bool = False

    @property
    def id(self) -> str:
        """`SESSION/CALL@REQUEST`, unique over all sessions and requests."""
        return f"{self.place}@{self.request}" if self.request else self.place

    @property
    def place(self) -> str:
        """`SESSION/CALL`, whatever was asked about it."""
        return f"{self.session.id}/{_own_id(self.item)}"

    @property
    def request(self) -> str:
        """The short name of what was asked; empty for a question."""
        if not isinstance(self.item, CallView):
            return ""
        return hashlib.sha256(self.item.binding.encode()).hexdigest()[:SHORT]


def main(args: argparse.Namespace) -> int:
    """List, approve or deny."""
    return asyncio.run(_main(args))


async def _main(args: argparse.Namespace) -> int:
    spots = places(args)
    settings = load_settings(spots.config, named=args.config is not None)
    async with open_workshop(spots, settings, to_read=args.verb == "list") as workshop:
        if workshop.journal.caveat:
            tell(workshop.journal.caveat)
        waiting = await _waiting(workshop.journal)
        if args.verb == "list":
            for one in waiting:
                print(_as_json(one) if args.json else one_line(_as_line(one)))
            if not waiting and not args.json:
                tell("Nothing waits for an answer.")
            return 0
        one, named = _pick(waiting, args.id)
        if args.verb == "approve" and isinstance(one.item, CallView):
            make_sure(one.item, one.id, named=named)
        command = _command(args, one)
        live = workshop.journal.is_live(one.session.id)
        await workshop.journal.post(one.session.id, command)
        note = await standing(workshop.journal, one.session.id, command, live=live)
        done = {"approve": "approved", "deny": "denied", "answer": "answered"}[args.verb]
        then = "" if live else f" `loopdeck resume {one.session.id}` goes on with it."
        print(one_line(f"{done} {one.id}.{note}{then}"))
    return 0


async def _waiting(journal: SqliteJournal) -> list[Waiting]:
    found: list[Waiting] = []
    for summary in await journal.summaries():
        if summary.pending:
            state = await state_of(journal, summary.id)
            posted = {subject(command) for command in await journal.peek(summary.id)}
            found += [
                Waiting(summary, item, answered=_own_id(item) in posted)
                for item in (*state.waiting, *state.asks)
            ]
    return found


def _own_id(item: CallView | AskView) -> str:
    return item.call_id if isinstance(item, CallView) else item.ask_id


def _pick(waiting: list[Waiting], name: str) -> tuple[Waiting, Named]:
    """The one thing that `name` means, and how much of it is named."""
    exact = _called(waiting, name, lambda one: one.id)
    if len(exact) == 1 and exact[0].request:
        return exact[0], "request"
    place, mark, _ = name.rpartition("@")
    other = _called(waiting, place, lambda one: one.place) if mark else []
    if len(other) == 1:
        raise UsageError(
            f"{other[0].place} was asked about again meanwhile: nothing was answered.",
            f"Look again: `loopdeck approvals list`; it is {other[0].id} now.",
        )
    called = _called(waiting, name, lambda one: one.place)
    found = called or [one for one in waiting if one.id.startswith(name)]
    if len(found) == 1:
        return found[0], "call" if called else "part"
    problem = "Nothing that waits" if not found else "More than one thing that waits"
    raise UsageError(f"{problem} has the id {name}.", "`loopdeck approvals list` shows all.")


def _called(waiting: list[Waiting], name: str, id_of: Callable[[Waiting], str]) -> list[Waiting]:
    """Those whose whole id this is, or its end behind the session."""
    whole = [one for one in waiting if id_of(one) == name]
    return whole or [one for one in waiting if id_of(one).split("/", 1)[1] == name]


def _command(args: argparse.Namespace, one: Waiting) -> Command:
    match one.item:
        case CallView() if args.verb == "approve":
            return Approve(call_id=one.item.call_id, binding=one.item.binding)
        case CallView() if args.verb == "deny":
            return Deny(call_id=one.item.call_id, reason=args.reason)
        case AskView() if args.verb == "answer":
            return _answer(one.item, " ".join(args.words))
        case CallView():
            raise UsageError(f"{one.id} is a call.", "approve or deny it.")
        case AskView():
            options = " / ".join(one.item.options)
            raise UsageError(
                f"{one.id} is a question: {question(one.item.kind, one.item.text)}",
                f"loopdeck approvals answer {one.id} {options or 'WORDS'}",
            )


def _answer(ask: AskView, words: str) -> Answer:
    """One of the question's own words, or free text where a question takes that."""
    said = " ".join(words.casefold().split()).rstrip(".")
    if SPOKEN.get(said) in ask.options:
        return Answer(ask_id=ask.ask_id, answer=SPOKEN[said])
    found = [option for option in ask.options if option.startswith(words)]
    if words in ask.options or len(found) == 1:
        return Answer(ask_id=ask.ask_id, answer=words if words in ask.options else found[0])
    if ask.kind == "question":
        return Answer(ask_id=ask.ask_id, answer=words, text=words)
    raise UsageError(f"{words!r} is no answer here.", f"Say one of: {', '.join(ask.options)}.")


def _as_line(one: Waiting) -> str:
    mark = "  (answered; resume the session)" if one.answered else ""
    if isinstance(one.item, AskView):
        first = question(one.item.kind, one.item.text)
        return f"{one.id}  {first}  [{' / '.join(one.item.options)}]{mark}"
    category = one.item.category or "unknown"
    return f"{one.id}  {category}  {one.item.tool} {about(one.item.args)}{mark}"


def _as_json(one: Waiting) -> str:
    base = {
        "id": one.id,
        "session": one.session.id,
        "goal": one.session.goal,
        "answered": one.answered,
    }
    if isinstance(one.item, AskView):
        asks = {"kind": one.item.kind, "text": one.item.text, "options": one.item.options}
        return json.dumps(base | asks)
    call = {
        "kind": "call",
        "call_id": one.item.call_id,
        "tool": one.item.tool,
        "args": one.item.args,
        "category": one.item.category,
        "rule": one.item.rule,
        "again": one.item.again,
    }
    return json.dumps(base | call)
