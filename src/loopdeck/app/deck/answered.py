"""How something that waited in the past was answered, in words."""

from loopdeck.app.deck.stage import Stage
from loopdeck.app.paint.approval import Answered, Item
from loopdeck.app.view.history import answer_words
from loopdeck.session.calls import CallView
from loopdeck.session.state import AskView
from loopdeck.session.telling import WITHDRAWN


async def answered_later(stage: Stage, item: Item) -> Answered | None:
    """How something that waited in the past was answered, and after how long."""
    if isinstance(item, CallView):
        call = await stage.history.call(item.call_id, None)
        if call is None or call.answered is None or item.asked is None:
            return None
        who = "you" if call.answered_by == "human" else f"a {call.answered_by}"
        reason = f": “{call.answer_reason}”" if call.answer_reason else ""
        waited = call.waited_ns / 1e6
        return Answered(f"{call.answer} by {who}{reason}", waited)
    return await _answered_ask(stage, item)


async def _answered_ask(stage: Stage, ask: AskView) -> Answered | None:
    for row in stage.feed.outline.rows:
        if row.kind == "ask" and row.ref == ask.ask_id:
            mark = row.last("human_answered", stage.feed.timeline.head)
            found = await stage.opened.journal.pick(
                stage.opened.session, [mark.seq] if mark else []
            )
            for record in found.values():
                words = answer_words(record.event)
                text = getattr(record.event, "text", "") or words
                said = words if words == WITHDRAWN else f"you answered “{text}”"
                return Answered(said, (record.ts - ask.at[0]) / 1e6)
    return None
