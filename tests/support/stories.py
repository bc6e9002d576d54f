"""Recordings that read like real sessions, for looking at screens and for their goldens."""

from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    CallStarted,
    Event,
    ModelReplied,
    ModelRequested,
    PlanRevised,
    SessionStarted,
)
from loopdeck.session.values import (
    CallBlock,
    Category,
    Decision,
    JsonObject,
    Limits,
    PlanItem,
    Preview,
    Reason,
    TextBlock,
    Usage,
)

GOAL = "draft three podcast pitches"
DRAFT = """\
--- /dev/null
+++ b/drafts/ada-hour.md
@@ -0,0 +1,9 @@
+Hi Noor,
+
+in "Loops all the way down" you asked who watches the watcher. We build the
+window they would watch through: a terminal in which an agent's every step can
+be seen, stopped and replayed.
+
+Episode 41 is the reason I write to you and not to somebody else.
+
+Ines
"""


def plan(*states: str) -> PlanRevised:
    """The plan of the story, with these states."""
    texts = (
        "read the directory",
        "shortlist by topic",
        "draft three pitches",
        "check every citation",
        "report",
    )
    items = [
        PlanItem.model_validate({"text": text, "state": state})
        for text, state in zip(texts, states, strict=True)
    ]
    return PlanRevised(items=tuple(items))


def turn(step: int, text: str, *calls: tuple[str, str, JsonObject]) -> list[Event]:
    """A model turn with its calls proposed."""
    blocks = (TextBlock(text=text), *(CallBlock(call_id=call_id) for call_id, _, _ in calls))
    return [
        ModelRequested(step=step, model="scripted:pitches"),
        ModelReplied(
            step=step,
            blocks=blocks,
            stop="tool_use" if calls else "end_turn",
            usage=Usage(input=1800 + 40 * step, output=260),
            cost_usd=0.006,
        ),
        *(
            CallProposed(call_id=call_id, step=step, tool=tool, args=args)
            for call_id, tool, args in calls
        ),
    ]


def ran(call_id: str, output: str, ms: float, *, ok: bool = True, diff: str = "") -> list[Event]:
    """A call that was allowed, and ran."""
    return [
        CallJudged(
            call_id=call_id,
            verdict=Decision.ALLOW,
            category=Category.READ,
            level=3,
            rule="level 3 reads inside the workspace without asking",
        ),
        CallStarted(call_id=call_id),
        CallFinished(call_id=call_id, ok=ok, output=output, duration_ms=ms, diff=diff),
    ]


def asked(
    call_id: str,
    preview: Preview | None,
    category: Category = Category.WRITE,
    *,
    rule: str = "level 3 asks for every write",
    facts: JsonObject | None = None,
    reasons: tuple[Reason, ...] = (),
    floor: bool = False,
) -> list[Event]:
    """A call that waits for the human."""
    return [
        CallJudged(
            call_id=call_id,
            verdict=Decision.ASK,
            category=category,
            level=3,
            rule=rule,
            reasons=reasons,
            facts={"undoable": True} if facts is None else facts,
            floor=floor,
        ),
        CallAsked(call_id=call_id, binding=f"hash-of-{call_id}", preview=preview),
    ]


def approved(call_id: str) -> CallAnswered:
    """The human said yes."""
    return CallAnswered(call_id=call_id, answer="approved", by="human")


def beginning() -> list[Event]:
    """Five steps of reading and choosing."""
    first = SessionStarted(
        goal=GOAL,
        model="scripted:pitches",
        level=3,
        workspace="/demo/pitches",
        check="python3 check.py",
        limits=Limits(cost_usd=1.0),
    )
    return [
        first,
        *turn(1, "I start by looking at what is here.", ("c1", "list_files", {"path": "."})),
        *ran("c1", "check.py\nshows/\ntopic.md", 3),
        plan("doing", "todo", "todo", "todo", "todo"),
        *turn(
            2,
            "Who am I writing for, and about what?",
            ("c2", "read_file", {"path": "topic.md"}),
            ("c3", "search_text", {"pattern": "agent|automation|trust", "path": "shows"}),
        ),
        *ran("c2", "     1\tCalm, inspectable automation.", 4),
        *ran("c3", "shows/ada-hour.json:12: agents people can trust", 31),
        plan("done", "doing", "todo", "todo", "todo"),
        *turn(
            3,
            "Four shows speak about this. I read them side by side.",
            ("c4", "read_file", {"path": "shows/ada-hour.json"}),
            ("c5", "read_file", {"path": "shows/looptalk.json"}),
        ),
        *ran("c4", '     1\t{"title": "Ada Hour", "host": "Noor"}', 12),
        *ran("c5", "There is no file shows/looptalk.json.", 2, ok=False),
        *turn(
            4,
            "That name was a guess from its title; the list has the right one.",
            ("c6", "read_file", {"path": "shows/loop-talk.json"}),
        ),
        *ran("c6", '     1\t{"title": "Loop Talk", "host": "Sven"}', 9),
        plan("done", "done", "doing", "todo", "todo"),
    ]


def waiting_for_two() -> list[Event]:
    """The beginning, and then two drafts that wait for approval."""
    notes = DRAFT.replace("ada-hour", "loop-talk").replace("Noor", "Sven")
    return [
        *beginning(),
        *turn(
            5,
            "Ada Hour fits best: episode 41 is about exactly this. Loop Talk is second.\n\n"
            "I write both drafts now, each with **one** real citation:\n\n"
            "- Ada Hour, episode 41\n- Loop Talk, episode 7\n",
            ("c7", "write_file", {"path": "drafts/ada-hour.md", "content": "Hi Noor,\n…"}),
            ("c8", "write_file", {"path": "drafts/loop-talk.md", "content": "Hi Sven,\n…"}),
        ),
        *asked("c7", Preview(kind="diff", text=DRAFT, title="new file")),
        *asked("c8", Preview(kind="diff", text=notes, title="new file")),
    ]
