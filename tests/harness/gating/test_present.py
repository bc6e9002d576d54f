"""Permissions hold as their files say now: taken back, used up or tightened by whoever did it."""

from collections.abc import Callable

import pytest

from loopdeck.errors import ConfigError
from loopdeck.harness.gating.review import TAKEN_BACK
from loopdeck.session.commands import Approve, Command, Deny
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallJudged,
    RuleGranted,
    RuleRevoked,
)
from loopdeck.session.records import Record
from loopdeck.session.values import Decision, Grant, Rule
from tests.support.book import NotingBook
from tests.support.models import Step, calls, says
from tests.support.rig import Rig

PUTTING = Rule(decide="allow", match="write_file", scope="user")
DENIED = Rule(decide="deny", match="write_file", scope="project")


def lasting(**more: int) -> Grant:
    return Grant.model_validate({"grant_id": "g1", "rule": PUTTING, **more})


def puts(count: int) -> list[Step]:
    """A reply with one call each, and the end."""
    return [
        *(calls((f"c{at}", "write_file", {"key": f"k{at}", "value": at})) for at in range(count)),
        says("Done."),
    ]


def sharing(book: NotingBook, steps: list[Step], *, then: Callable[[Record], None]) -> Rig:
    """A session that has the grants of the book, whose human refuses what it has to ask."""

    def human(record: Record) -> Command | None:
        then(record)
        event = record.event
        return Deny(call_id=event.call_id) if isinstance(event, CallAsked) else None

    rig = Rig(steps, human=human)
    rig.book = book
    return rig


def nothing(_: Record) -> None:
    """Nobody else does anything."""


async def verdicts(rig: Rig) -> list[Decision]:
    return [event.verdict for event in await rig.events() if isinstance(event, CallJudged)]


async def test_a_number_of_calls_ends_over_all_sessions() -> None:
    book = NotingBook()
    book.grants["g1"] = lasting(calls=3)
    first = sharing(book, puts(2), then=nothing)
    second = sharing(book, puts(2), then=nothing)
    for rig in (first, second):
        await rig.run(grants=(lasting(calls=3),))
    assert await verdicts(first) == [Decision.ALLOW, Decision.ALLOW]
    assert await verdicts(second) == [Decision.ALLOW, Decision.ASK]
    assert book.grants == {}


async def test_what_is_taken_back_elsewhere_allows_nothing_more() -> None:
    book = NotingBook()
    book.grants["g1"] = lasting()

    def elsewhere(record: Record) -> None:
        if isinstance(record.event, CallJudged):
            book.drop("g1")

    rig = sharing(book, puts(2), then=elsewhere)
    await rig.run(grants=(lasting(),))
    assert await verdicts(rig) == [Decision.ALLOW, Decision.ASK]
    assert RuleRevoked(grant_id="g1") in await rig.events()
    assert book.grants == {}


async def test_what_was_made_narrower_by_hand_is_narrower_at_once() -> None:
    book = NotingBook()
    narrow = PUTTING.model_copy(update={"match": "edit_file"})
    book.grants["g1"] = lasting().model_copy(update={"rule": narrow})
    rig = sharing(book, puts(1), then=nothing)
    await rig.run(grants=(lasting(),))
    assert await verdicts(rig) == [Decision.ASK]


async def test_the_last_use_is_not_taken_from_the_call_it_was_counted_for() -> None:
    book = NotingBook()
    book.grants["g1"] = lasting(calls=2)
    both = calls(
        ("c1", "write_file", {"key": "a", "value": 1}),
        ("c2", "write_file", {"key": "b", "value": 2}),
    )
    rig = sharing(book, [both, says("Done.")], then=nothing)
    await rig.run(grants=(lasting(calls=2),))
    assert await verdicts(rig) == [Decision.ALLOW, Decision.ALLOW]
    assert len(rig.box.ran) == 2


@pytest.mark.parametrize("counted", [True, False])
async def test_a_book_that_cannot_be_read_allows_nothing(*, counted: bool) -> None:
    book = NotingBook()
    book.fault = ConfigError("The book is stuck.", "Free it.")
    grant = lasting(calls=2) if counted else lasting()
    rig = sharing(book, puts(1), then=nothing)
    await rig.run(grants=(grant,))
    assert await verdicts(rig) == [Decision.ASK]


async def test_grants_of_the_session_need_no_book() -> None:
    own = Grant(grant_id="g1", rule=PUTTING.model_copy(update={"scope": "session"}))
    rig = sharing(NotingBook(), puts(1), then=nothing)
    await rig.run(grants=(own,))
    assert await verdicts(rig) == [Decision.ALLOW]


async def test_what_a_project_forbids_while_an_agent_works_is_forbidden_at_once() -> None:
    rules: list[Rule] = []

    def human(record: Record) -> Command | None:
        event = record.event
        if not isinstance(event, CallAsked):
            return None
        rules.append(DENIED)  # between the question and the yes
        return Approve(call_id=event.call_id, binding=event.binding)

    rig = Rig(puts(2), human=human)
    rig.project = lambda: tuple(rules)
    await rig.run()
    assert rig.box.ran == []
    assert await verdicts(rig) == [Decision.ASK, Decision.DENY, Decision.DENY]


async def test_while_a_projects_rules_cannot_be_read_everything_asks() -> None:
    def unreadable() -> tuple[Rule, ...]:
        raise ConfigError("policy.toml is not valid TOML.", "Mend it.")

    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    rig.project = unreadable
    await rig.run()
    assert await verdicts(rig) == [Decision.ASK]
    assert len(rig.box.ran) == 1


async def test_a_call_let_run_by_a_new_grant_uses_it_up_like_any_other() -> None:
    book = NotingBook()
    given = lasting(calls=1)

    def human(record: Record) -> Command | None:
        event = record.event
        if isinstance(event, RuleGranted):
            book.keep(event.grant, "/shed")
        if isinstance(event, CallAsked) and event.call_id == "c1":
            return Approve(call_id="c1", binding=event.binding, grant=given)
        if isinstance(event, CallAnswered) and event.call_id == "c1":
            return Deny(call_id="c3")
        return None

    three = calls(*((f"c{at}", "write_file", {"key": f"k{at}", "value": at}) for at in (1, 2, 3)))
    rig = Rig([three, says("Done.")], human=human)
    rig.book = book
    await rig.run()
    answered = {
        event.call_id: (event.answer, event.by)
        for event in await rig.events()
        if isinstance(event, CallAnswered)
    }
    assert answered["c2"] == ("approved", "rule")
    assert answered["c3"] == ("denied", "human")
    assert book.grants == {}
    assert TAKEN_BACK not in str(await rig.events())
