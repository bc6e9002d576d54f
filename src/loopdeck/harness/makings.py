"""Which files a session made itself, and how its log says they are."""

from loopdeck.permissions.contents import OWN_WORK, mark_of, new_file
from loopdeck.permissions.secrets.redacting import holds_mark
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallJudged,
    CallProposed,
    CallStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject, listed


class Makings:
    """A fold over the records: path in the workspace -> mark of the content the log has.

    Of a call whose arguments held a secret the log does not have all, so it made nothing.
    """

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}
        self._changes: dict[str, tuple[str, str]] = {}
        self._facts: dict[str, JsonObject] = {}
        self._began: dict[str, int] = {}
        self._left: dict[str, tuple[int, int]] = {}
        self._incomplete: set[str] = set()

    def mark(self, path: str) -> str:
        """How the log says a file is; empty for one the session did not make."""
        return self._marks.get(path, "")

    def change(self, path: str) -> tuple[str, str]:
        """What a file was before this session's changes and is after them, if the log has all."""
        return self._changes.get(path, ("", ""))

    def left(self, path: str) -> tuple[int, int] | None:
        """When the last command ran that left a file as its own work, from and to."""
        return self._left.get(path)

    def apply(self, record: Record) -> None:
        """Take in one more record."""
        event = record.event
        match event:
            case CallProposed() | CallAnswered():
                if event.args is not None:
                    self._note(event.call_id, event.args)
            case CallJudged():
                self._facts[event.call_id] = event.facts
            case CallStarted():
                self._began[event.call_id] = record.ts
            case CallFinished():
                facts = self._facts.pop(event.call_id, {})
                complete = event.call_id not in self._incomplete
                self._incomplete.discard(event.call_id)
                self._finish(facts, complete=complete, ok=event.ok)
                self._born(event.diff if complete else "")
                began = self._began.pop(event.call_id, record.ts)
                if facts.get(OWN_WORK):
                    span = (began, record.ts)
                    self._left.update(dict.fromkeys(listed(facts, "writes"), span))
            case _:
                pass

    def _note(self, call_id: str, args: JsonObject) -> None:
        if holds_mark(args):
            self._incomplete.add(call_id)
        else:
            self._incomplete.discard(call_id)

    def _finish(self, facts: JsonObject, *, complete: bool, ok: bool) -> None:
        """Also a call that failed in the end may have made its file; the mark will show it."""
        for path in listed(facts, "deletes") if ok else []:
            self._marks.pop(path, None)
        pairs = zip(listed(facts, "makes"), listed(facts, "made_as"), strict=False)
        for path, mark in pairs:
            self._marks[path] = mark if complete else ""
        if ok:
            self._changed(facts, complete=complete)

    def _born(self, diff: str) -> None:
        """What a result shows whole is in the log as it is shown there, without any secrets."""
        if made := new_file(diff):
            path, content = made
            self._marks[path] = mark_of(content.encode("utf-8", "surrogateescape"))

    def _changed(self, facts: JsonObject, *, complete: bool) -> None:
        """One more change; it goes on from the last one if it began where that one ended."""
        lists = (listed(facts, name) for name in ("changes", "changed_from", "changed_as"))
        for path, before, after in zip(*lists, strict=False):
            origin, now = self.change(path)
            self._changes[path] = (origin if now == before else before, after)
            if not complete:
                del self._changes[path]
