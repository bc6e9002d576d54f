"""The rows a human made: who answered and after how long, what was edited, marks and notes."""

from loopdeck.app.paint.decisions import waited_words
from loopdeck.app.paint.found import flagged, marked
from loopdeck.app.paint.lines import Line, Part, plain
from loopdeck.app.paint.moments import Moment
from loopdeck.app.paint.rows import row_line, row_seqs
from loopdeck.app.view.history import Fact, fact_of
from loopdeck.session.events import (
    BookmarkAdded,
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    Event,
    HumanAnswered,
    HumanCalled,
    ModelRequested,
    NoteAdded,
    ServerChecked,
    ServiceEnded,
)
from loopdeck.session.outline import Outline
from loopdeck.session.records import mark
from loopdeck.session.timeline import Timeline
from loopdeck.session.values import Category, Decision
from tests.support.records import recording, started

PROPOSED = CallProposed(call_id="c1", step=1, tool="write_file", args={"path": "a.md"})


def unread(*events: Event) -> list[str]:
    """The rows of a session of which no record has been read yet."""
    marks = [found for record in recording([started(), *events]) if (found := mark(record))]
    moment = Moment(len(events) + 1)
    return [plain(row_line(row, moment, lambda _: None, 80)) for row in Outline(marks).rows]


def rows(*events: Event, cells: int = 80) -> list[str]:
    """The rows of a session in which a second passes with each event."""
    records = recording([started(), ModelRequested(step=1, model="m"), *events])
    marks = [found for record in records if (found := mark(record))]
    timeline, outline = Timeline(marks), Outline(marks)
    facts = {
        record.seq: Fact(fact.text, fact.name, fact.ms, fact.more, record.seq * 1_000_000_000)
        for record in records
        if (fact := fact_of(record.event))
    }
    moment = Moment(len(records), names=timeline.names, steps=timeline.steps)
    assert all(set(row_seqs(row, len(records))) <= set(range(1, 99)) for row in outline.rows)
    return [plain(row_line(row, moment, facts.get, cells)) for row in outline.rows]


def test_a_server_is_never_drawn_as_a_service_and_each_of_their_fates_is_told() -> None:
    servers = (
        ServerChecked(server="shop", passed=False, says="gone"),
        ServerChecked(server="shop", passed=True),
        ServerChecked(server="shop", passed=True, says="other tools"),
    )
    services = (
        ServiceEnded(service="dev", why="human", exit_code=-15),
        ServiceEnded(service="dev", why="itself", exit_code=1),
    )
    told = [line.split("  ")[:2] for line in map(str.strip, rows(*servers, *services)[-5:])]
    assert told == [
        ["⊘", "MCP server failed"],
        ["▣", "MCP server back"],
        ["▣", "MCP server begun anew"],
        ["⚙", "service"],
        ["✗", "service"],
    ]
    assert [line.split()[0] for line in unread(*servers, *services)[-5:]] == [*"▣▣▣⚙⚙"]


def answer(**more: object) -> CallAnswered:
    return CallAnswered.model_validate(
        {"call_id": "c1", "answer": "approved", "by": "human"} | more
    )


ASKED = (PROPOSED, CallAsked(call_id="c1", binding="h"))


def test_an_approval_says_who_and_after_how_long() -> None:
    assert rows(*ASKED, answer())[-1] == "    ❯ you approved after 1.0 s"


def test_an_answer_to_a_call_of_an_earlier_step_says_what_it_was_about() -> None:
    later = (*ASKED, ModelRequested(step=2, model="m"), answer())
    assert rows(*later)[-1] == "  ❯ you approved after 2.0 s  write_file a.md"
    assert rows(*later, cells=50)[-1] == "  ❯ you approved after 2.0 s  a.md"


def test_an_edited_approval_names_what_it_was_made_into() -> None:
    other = rows(*ASKED, answer(args={"path": "b.md"}))[-1]
    assert other == "    ❯ you approved after 1.0 s, edited: b.md"
    same = rows(*ASKED, answer(args={"path": "a.md", "content": "x"}))[-1]
    assert same == "    ❯ you approved after 1.0 s, edited"


def test_a_denial_gives_its_reason() -> None:
    denied = answer(answer="denied", reason="too\nlong [/]")
    assert rows(*ASKED, denied)[-1] == "    ❯ you denied after 1.0 s: too"


def test_a_rule_that_answered_is_not_the_human() -> None:
    denied = answer(answer="denied", by="rule", reason="the hard floor")
    assert rows(PROPOSED, denied)[-1] == "    ⊘ a rule denied it: the hard floor"


def test_a_level_that_answered_speaks_for_itself() -> None:
    words = "level 2 Assistant only reads, and this is a write"
    denied = answer(answer="denied", by="rule", reason=words)
    assert rows(PROPOSED, denied)[-1] == f"    ⊘ {words}"


def test_a_call_that_could_not_be_read_says_why_in_its_row() -> None:
    unread = PROPOSED.model_copy(update={"args": {}})
    why = "This call was malformed and did not run: it has no end. Write it again."
    failed = CallFinished(call_id="c1", ok=False, output=why, by="harness")
    assert "write_file  This call was malformed and did not run: it" in rows(unread, failed)[-1]
    judged = CallJudged(
        call_id="c1", verdict=Decision.ALLOW, category=Category.READ, level=3, rule="r"
    )
    assert "malformed" not in rows(unread, judged, failed)[-1]


def test_a_standing_permission_is_named_beside_the_call() -> None:
    def judged(grant: str) -> CallJudged:
        return CallJudged(
            call_id="c1",
            verdict=Decision.ALLOW,
            category=Category.WRITE,
            level=3,
            rule="r",
            grant_id=grant,
        )

    assert rows(PROPOSED, judged("g1"))[-1].endswith("your rule  proposed")
    assert "rule" not in rows(PROPOSED, judged(""))[-1]


def test_a_question_says_how_long_its_answer_took() -> None:
    question = HumanCalled(ask_id="a", kind="question", text="Which one?")
    (*_, line) = rows(question, HumanAnswered(ask_id="a", answer="text", text="the first"))
    assert line.endswith("“the first” after 1.0 s")
    assert waited_words(Fact("", ts=5), Fact("", ts=3)) == ""


def test_bookmarks_and_notes_name_the_step_they_are_about() -> None:
    found = rows(BookmarkAdded(at=2, label="odd"), NoteAdded(at=1, text="why?"))
    assert found[-2:] == [" ▼  b1 at step 1  odd", " ▽  n1 at step 0  why?"]


def test_what_was_found_is_marked_across_parts_and_nothing_is_lost() -> None:
    line: Line = (Part("an Ow", "muted"), Part("l and an OWL", "strong"))
    found = marked(line, "owl")
    assert plain(found) == plain(line)
    assert [part.text for part in found if part.ink == "mark"] == ["Owl", "OWL"]
    assert marked(line, ".*") == line
    assert plain(flagged((Part("12  "), Part("x")), Part("▼"))) == "12▼ x"
    assert plain(flagged((Part("204  "), Part("x")), Part("▼"))) == "204▼ x"
    assert plain(flagged((Part("    "), Part("x")), Part("▼"))) == "  ▼ x"
