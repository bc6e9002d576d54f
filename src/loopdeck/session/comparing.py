"""Two runs side by side: which step answers to which, where they part, what differs in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from loopdeck.session.records import Record
from loopdeck.session.sketch import RunSketch, StepSketch, sketch
from loopdeck.session.values import JsonObject

Signature = tuple[str, ...]


class Match(StrEnum):
    """How two steps that stand beside each other compare."""

    SAME = "same"  # the same calls, and each ended alike; without calls, the same words
    SAID = "said otherwise"  # neither calls anything, and the words differ
    ENDED = "ended otherwise"
    OTHER = "other calls"
    LEFT = "only left"
    RIGHT = "only right"


@dataclass(frozen=True, slots=True)
class Pair:
    """A step of each run, or of one where the other has none."""

    left: StepSketch | None
    right: StepSketch | None

    @property
    def match(self) -> Match:
        """How the two compare. With calls, words and outputs may differ between the same steps."""
        if self.left is None:
            return Match.RIGHT
        if self.right is None:
            return Match.LEFT
        if self.left.signature != self.right.signature:
            return Match.OTHER
        if not self.left.calls and self.left.said != self.right.said:
            return Match.SAID
        return Match.SAME if self.left.ends == self.right.ends else Match.ENDED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, aligned."""

    left: RunSketch
    right: RunSketch
    pairs: tuple[Pair, ...]

    @property
    def differences(self) -> tuple[int, ...]:
        """The places of the pairs that are not the same."""
        return tuple(place for place, pair in enumerate(self.pairs) if pair.match is not Match.SAME)

    @property
    def first(self) -> int | None:
        """The place where the runs part."""
        return next(iter(self.differences), None)

    @property
    def only_left(self) -> tuple[str, ...]:
        """Files that only the left run changed."""
        return tuple(path for path in self.left.files if path not in self.right.files)

    @property
    def only_right(self) -> tuple[str, ...]:
        """Files that only the right run changed."""
        return tuple(path for path in self.right.files if path not in self.left.files)


def compare(left: Sequence[Record], right: Sequence[Record]) -> Comparison:
    """Align two runs step by step."""
    one, other = sketch(left), sketch(right)
    places = align([step.signature for step in one.steps], [step.signature for step in other.steps])
    pairs = tuple(
        Pair(one.steps[i] if i is not None else None, other.steps[j] if j is not None else None)
        for i, j in places
    )
    return Comparison(one, other, pairs)


def align(
    left: Sequence[Signature], right: Sequence[Signature]
) -> list[tuple[int | None, int | None]]:
    """Which place of one sequence answers to which of the other; `None` to none.

    Between two stretches that are equal, what differs is put side by side in order. Symmetric:
    the other way round gives the same pairs, because one order is looked at for both.
    """
    if list(left) > list(right):
        return [(i, j) for j, i in _blocks(right, left)]
    return _blocks(left, right)


def as_json(found: Comparison) -> JsonObject:
    """The comparison as `--json` prints it."""
    first = found.first
    return {
        "left": _run_json(found.left),
        "right": _run_json(found.right),
        "first_divergence": None if first is None else _pair_json(found.pairs[first]),
        "files": {"only_left": list(found.only_left), "only_right": list(found.only_right)},
        "pairs": [_pair_json(pair) for pair in found.pairs],
    }


def _blocks(
    left: Sequence[Signature], right: Sequence[Signature]
) -> list[tuple[int | None, int | None]]:
    pairs: list[tuple[int | None, int | None]] = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        both = min(i_end - i, j_end - j)
        pairs += [(i + n, j + n) for n in range(both)]
        pairs += [(n, None) for n in range(i + both, i_end)]
        pairs += [(None, n) for n in range(j + both, j_end)]
    return pairs


def _run_json(run: RunSketch) -> JsonObject:
    return {
        "session": run.session,
        "goal": run.goal,
        "model": run.model,
        "level": run.level,
        "outcome": run.outcome,
        "steps": len(run.steps),
        "calls": dict(sorted(run.tools.items())),
        "asked": run.asked,
        "tokens": run.tokens,
        "tokens_are_all": not run.cut,
        "cost_usd": run.cost_usd,
        "cost_is_all": run.cost_is_all,
        "worked_s": round(run.worked_ns / 1e9, 3),
        "waited_s": round(run.waited_ns / 1e9, 3),
        "files": list(run.files),
    }


def _pair_json(pair: Pair) -> JsonObject:
    return {
        "match": pair.match.value,
        "left": _step_json(pair.left),
        "right": _step_json(pair.right),
    }


def _step_json(step: StepSketch | None) -> JsonObject | None:
    if step is None:
        return None
    return {
        "step": step.step,
        "seq": step.seq,
        "cost_usd": None if step.cost_usd is None else round(step.cost_usd, 6),
        "cost_is_all": step.cost_is_all,
        "tokens": step.tokens,
        "tokens_are_all": not step.cut,
        "s": round(step.ns / 1e9, 3),
        "calls": [
            {"tool": call.tool, "args": call.args, "status": call.status.value}
            for call in step.calls
        ],
    }
