"""The turns that are complete, each with the event it ends with, in a form that can be sent."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from loopdeck.harness.prompt.transcript import shortened, size_of
from loopdeck.harness.prompt.words import NOTHING_NEW
from loopdeck.ports import AssistantTurn, CallResult, ReplyBlock, ToolUse, Turn, UserTurn
from loopdeck.session.values import TextBlock, ThinkingBlock

LONGEST_NAME = 100


class Turns:
    """Grows at its end. Ids of calls are as a server takes them, and no two are the same.

    What a reply's calls are called here is in `names` until the next reply.
    """

    def __init__(self) -> None:
        self.all: list[Turn] = []
        self.names: dict[str, str] = {}
        self._seqs: list[int] = []
        self._taken: set[str] = set()

    def hear(self, turns: Sequence[Turn], seq: int) -> None:
        """What the model was told before the reply of event `seq`: never nothing at all."""
        if not turns and not self.all:
            turns = [UserTurn((), (NOTHING_NEW,))]
        self.all += turns
        self._seqs += [seq] * len(turns)

    def say(self, blocks: Sequence[ReplyBlock], seq: int, by: str = "") -> None:
        """The reply of event `seq`, unless it says nothing that could be sent back."""
        said, self.names = self.would_say(blocks, by)
        self._taken.update(self.names.values())
        self.all += said
        self._seqs += [seq] * len(said)

    def would_say(
        self, blocks: Sequence[ReplyBlock], by: str = ""
    ) -> tuple[list[Turn], dict[str, str]]:
        """What a reply of the model `by` would be, and what its calls would be called."""
        names: dict[str, str] = {}
        said: list[ReplyBlock] = []
        for block in blocks:
            if isinstance(block, ToolUse):
                use = self._renamed(block, names.values())
                names[block.call_id] = use.call_id
                said.append(use)
            else:
                said.append(block)
        turn = AssistantTurn(tuple(said), by)
        return [turn] if any(_counts(block) for block in said) else [], names

    def sum_up(self, upto: int, first: UserTurn, *, last_stays: bool) -> None:
        """Put `first` in the place of everything up to an event."""
        kept = self._replies(upto)
        if not kept and last_stays:
            kept = self._replies(0)[-1:]
        at = kept[0] if kept else len(self.all)
        self.all = [first, *self.all[at:]]
        self._seqs = [upto, *self._seqs[at:]]

    def cleared(self, upto: int) -> list[Turn]:
        """All turns, those up to an event without the middle of long results."""
        return [
            clear(turn) if isinstance(turn, UserTurn) and seq <= upto else turn
            for turn, seq in zip(self.all, self._seqs, strict=True)
        ]

    def first_within(self, room: int, *, last_stays: bool) -> int:
        """From which reply on the turns take at most `room` characters."""
        replies = self._replies(0)
        fits = [at for at in replies if size_of(self.all[at:]) <= room]
        if not fits and last_stays:
            fits = replies[-1:]
        return fits[0] if fits else len(self.all)

    def seq_of(self, at: int) -> int | None:
        """The event that a turn ends with; None for one that is not complete."""
        return self._seqs[at] if at < len(self._seqs) else None

    def clear(self, upto: int) -> None:
        """Take the middle out of long results, up to an event."""
        self.all = self.cleared(upto)

    def _renamed(self, use: ToolUse, others: Collection[str]) -> ToolUse:
        base = _plain(use.call_id) or "call"
        name, count = base, 1
        while name in self._taken or name in others:
            count += 1
            name = f"{base}-{count}"
        tool = _plain(use.tool) or "tool"
        same = (name, tool) == (use.call_id, use.tool)
        return use if same else ToolUse(name, tool, use.args)

    def _replies(self, after: int) -> list[int]:
        pairs = enumerate(zip(self.all, self._seqs, strict=True))
        return [at for at, (turn, seq) in pairs if isinstance(turn, AssistantTurn) and seq > after]


def clear(turn: UserTurn) -> UserTurn:
    """The turn without the middle of long results; the very same where none is long."""
    results: tuple[CallResult, ...] = tuple(map(shortened, turn.results))
    return turn if results == turn.results else replace(turn, results=results)


def _counts(block: ReplyBlock) -> bool:
    """Whether a server would take a reply of this block alone."""
    match block:
        case TextBlock():
            return bool(block.text.strip())
        case ThinkingBlock():
            return bool(block.signature)
        case _:
            return True


def _plain(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_-]", "_", name)[:LONGEST_NAME]
