"""Reading a reply: its words, why it ended, and the event it becomes."""

from collections.abc import Sequence

from loopdeck.ports import Reply, ToolUse
from loopdeck.session.events import ModelReplied
from loopdeck.session.values import Block, CallBlock, TextBlock


def said(reply: Reply) -> str:
    """The plain words of a reply."""
    return "\n".join(block.text for block in reply.blocks if isinstance(block, TextBlock))


def halt(reply: Reply) -> tuple[str, str]:
    """A sentence and a next step for a reply that ends the turn in an odd way."""
    match reply.stop:
        case "refusal":
            return f"The model refused: {reply.detail or 'no reason given'}.", "Reword the goal."
        case "context_full":
            return "The model's context window is full.", "Start a new session from here."
        case "max_tokens":
            return "The model's reply was cut off several times by its output limit.", ""
        case "end_turn" | "stop_sequence" | "tool_use":
            return "The model's reply was empty.", "Try again, or another model."
        case other:
            return f"The model stopped with the unknown reason {other!r}.", ""


def as_summary(reply: Reply, step: int, stop: str) -> ModelReplied:
    """A reply that sums up the session, or should have; a call in it is nobody's."""
    blocks = tuple(block for block in reply.blocks if not isinstance(block, ToolUse))
    return ModelReplied(
        step=step, blocks=blocks, stop=stop, usage=reply.usage, cost_usd=reply.cost_usd
    )


def as_event(reply: Reply, step: int, uses: Sequence[ToolUse], *, runs: bool) -> ModelReplied:
    """The reply as an event; calls that may not run are left out, and the note says so."""
    ids = iter(uses)
    blocks: list[Block] = []
    for block in reply.blocks:
        if not isinstance(block, ToolUse):
            blocks.append(block)
        elif runs:
            blocks.append(CallBlock(call_id=next(ids).call_id))
    note = reply.detail
    if uses and not runs:
        note = f"{len(uses)} calls of this reply were not run. {note}".strip()
    return ModelReplied(
        step=step,
        blocks=tuple(blocks),
        stop=reply.stop,
        usage=reply.usage,
        cost_usd=reply.cost_usd,
        note=note,
    )
