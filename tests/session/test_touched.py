"""Which files a session touched, and what its log can say of them."""

from loopdeck.session.events import CallFinished, CallJudged, CallProposed, CallUnknown, Event
from loopdeck.session.touched import How, Touches
from loopdeck.session.values import Category, Decision, JsonObject
from tests.support.records import recording

NEW = "--- /dev/null\n+++ b/a.md\n@@ -0,0 +1 @@\n+one\n"
GONE = "--- a/a.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n"


def call(
    call_id: str,
    end: CallFinished | CallUnknown,
    *,
    tool: str = "shell",
    category: Category = Category.WRITE,
    facts: JsonObject | None = None,
) -> list[Event]:
    """A call of step 3 from beginning to end: three events."""
    judged = CallJudged(
        call_id=call_id,
        verdict=Decision.ALLOW,
        category=category,
        level=3,
        rule="",
        facts=facts or {},
    )
    return [CallProposed(call_id=call_id, step=3, tool=tool, args={}), judged, end]


def ended(call_id: str, *files: str, ok: bool = True, diff: str = "") -> CallFinished:
    """The end of a call."""
    return CallFinished(call_id=call_id, ok=ok, output="", files=files, diff=diff)


def touches(*calls: list[Event]) -> Touches:
    """What those calls touched."""
    found = Touches()
    for record in recording([event for events in calls for event in events]):
        found.take(record)
    return found


def test_a_file_that_was_made_read_and_deleted_has_three_touches() -> None:
    found = touches(
        call("c1", ended("c1", "a.md", diff=NEW), tool="write_file"),
        call("c2", ended("c2", "a.md"), tool="read_file", category=Category.READ),
        call("c3", ended("c3", "a.md", diff=GONE), tool="delete_file"),
    )
    (file,) = found.files(9)
    assert [touch.how for touch in file.touches] == [How.WROTE, How.READ, How.DELETED]
    assert (file.how, file.is_new, file.unrecorded) == (How.DELETED, True, ())
    assert found.files(2) == []
    assert [touch.seq for touch in found.files(6)[0].touches] == [3, 6]


def test_what_a_command_wrote_is_told_and_not_recorded() -> None:
    facts: JsonObject = {"writes": ["out.txt"], "deletes": ["old.txt"], "reads": ["in.txt"]}
    found = touches(call("c1", ended("c1"), facts=facts))
    hows = {file.path: file.how for file in found.files(3)}
    assert hows == {"out.txt": How.WROTE, "old.txt": How.DELETED, "in.txt": How.READ}
    changed = [file for file in found.files(3) if file.changes]
    assert all(len(file.unrecorded) == 1 and file.unrecorded[0].sure for file in changed)
    assert [file.path for file in found.files(3)] == ["old.txt", "out.txt", "in.txt"]


def test_a_command_that_failed_or_was_cut_off_may_have_written() -> None:
    facts: JsonObject = {"writes": ["out.txt"]}
    for end in (ended("c1", ok=False), CallUnknown(call_id="c1", reason="a crash")):
        (file,) = touches(call("c1", end, facts=facts)).files(3)
        assert not file.touches[0].sure


def test_a_file_tool_that_failed_and_a_call_that_never_ran_touched_nothing() -> None:
    failed = call("c1", ended("c1", "a.md", ok=False), tool="write_file")
    denied = ended("c2").model_copy(update={"by": "harness"})
    facts: JsonObject = {"writes": ["b.md"], "runs_code": True}
    found = touches(failed, call("c2", denied, facts=facts))
    assert found.files(99) == []
    assert found.blind(99) == []


def test_a_command_that_runs_code_may_have_touched_anything() -> None:
    found = touches(call("c1", ended("c1"), facts={"runs_code": True}))
    assert [one.step for one in found.blind(3)] == [3]
    assert found.blind(2) == []
