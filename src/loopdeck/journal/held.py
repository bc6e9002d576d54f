"""One session in memory: its records, their marks, and some of its folds."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from loopdeck.session.commands import Command
from loopdeck.session.records import Mark, Record, mark
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Label, Summary, summarize

_EVERY = 256  # events between two folds that are kept


@dataclass(slots=True)
class Held:
    """One session; `states` are the folds at the numbers in `folded`, and the newest."""

    records: list[Record] = field(default_factory=list[Record])
    marks: list[Mark] = field(default_factory=list[Mark])
    folded: list[int] = field(default_factory=list[int])
    states: list[SessionState] = field(default_factory=list[SessionState])
    newest: SessionState = field(default_factory=SessionState)
    letters: list[Command] = field(default_factory=list[Command])
    label: Label = field(default_factory=Label)

    @property
    def line(self) -> Summary:
        """The session in one line."""
        return replace(summarize(self.newest), label=self.label)

    def add(self, records: Sequence[Record], state: SessionState) -> None:
        """Take in records and the fold after them."""
        self.records += records
        self.marks += [line for record in records if (line := mark(record))]
        self.newest = state
        if state.last_seq - (self.folded[-1] if self.folded else 0) >= _EVERY:
            self.folded.append(state.last_seq)
            self.states.append(state)
