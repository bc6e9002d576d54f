"""What every journal must do. A test module subclasses these with a `store` fixture of its own."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import pytest

from loopdeck.errors import JournalError, SequenceConflict, SessionBusy, UnknownSession
from loopdeck.ports import Journal, Library, Mailbox
from loopdeck.session.calls import CallEvent
from loopdeck.session.commands import Approve, Deny, Say
from loopdeck.session.events import CallFinished, CallOutput, CallProposed, NoteAdded
from loopdeck.session.records import Record, mark
from loopdeck.session.reducer import project
from loopdeck.session.summary import Label, Summary, summarize
from tests.journal.keeping import everything, keep, lifelike
from tests.support.records import recording, started
from tests.support.strategies import walk


class Store(Journal, Library, Mailbox, Protocol):
    """All three ports in one object."""

    async def summaries_of(self, sessions: Sequence[str]) -> list[Summary]:
        """The lines of these sessions."""
        ...

    async def mail_waits(self, session: str) -> bool:
        """True while a command waits."""
        ...


def session(name: str, *, events: int = 3, goal: str = "tidy") -> list[Record]:
    """A short session of this id."""
    notes = [NoteAdded(at=1, text=f"note {n}") for n in range(events - 1)]
    return recording([started(goal=goal), *notes], session=name)


async def soon(waiting: asyncio.Future[int] | asyncio.Future[None]) -> int | None:
    """The result of something that must not take long."""
    return await asyncio.wait_for(waiting, 10)


class LogRules:
    """Appending, reading and waiting."""

    async def test_what_was_appended_is_read_back_in_order(self, store: Store) -> None:
        records = walk(7, 120)
        await keep(store, records, at_once=7)
        assert await everything(store) == records

    async def test_words_are_found_in_a_stretch_of_one_session(self, store: Store) -> None:
        mine = recording(
            [
                started(goal="find the Owl"),
                NoteAdded(at=1, text='an "OWL" \\ at night'),
                CallProposed(call_id="owl", step=1, tool="t", args={"path": "owls/a.md"}),
                CallProposed(call_id="c2", step=1, tool="t", args={"path": "hawks"}),
                NoteAdded(at=1, text="x" * 3_000 + " owl"),
            ],
            session="mine",
        )
        await keep(store, mine, at_once=9)
        await keep(store, session("other", goal="owl"), at_once=9)
        assert await store.find_in("mine", "owl", after=0, until=99) == [1, 2, 3, 5]
        assert await store.find_in("mine", "owl", after=1, until=3) == [2, 3]
        assert await store.find_in("mine", '"owl" \\', after=0, until=99) == [2]
        assert await store.find_in("mine", "call_id", after=0, until=99) == []
        assert await store.find_in("nobody", "owl", after=0, until=99) == []

    async def test_a_page_lies_between_its_bounds(self, store: Store) -> None:
        records = session("s1", events=20)
        await keep(store, records, at_once=20)
        assert await store.read("s1", after=5, until=9) == records[5:9]
        assert await store.read("s1", after=5, limit=3) == records[5:8]
        assert await store.read("s1", after=18, until=99) == records[18:]
        assert await store.read("s1", after=20) == []
        assert await store.read("s1", after=9, until=5) == []
        assert await store.read("s1", after=0, limit=0) == []

    async def test_records_are_picked_by_number(self, store: Store) -> None:
        records = session("s1", events=9)
        await keep(store, records, at_once=9)
        assert await store.pick("s1", [8, 2, 2, 99, 0, -1]) == {2: records[1], 8: records[7]}
        assert await store.pick("s1", []) == {}

    async def test_many_records_can_be_picked_at_once(self, store: Store) -> None:
        records = session("s1", events=1_300)
        await keep(store, records, at_once=400)
        assert list((await store.pick("s1", range(1, 1_301))).values()) == records

    async def test_marks_are_those_of_the_records(self, store: Store) -> None:
        records = walk(3, 200)
        await keep(store, records, at_once=50)
        expected = [line for record in records if (line := mark(record))]
        assert await store.marks("s1") == expected
        assert await store.marks("s1", after=30) == [line for line in expected if line.seq > 30]
        some = [line for line in expected if 9 < line.seq <= 90 and line.type == "call_judged"]
        assert await store.marks("s1", after=9, until=90, kinds={"call_judged"}) == some != []

    @pytest.mark.parametrize("seed", range(6))
    async def test_a_call_is_found_whole_and_not_what_its_service_prints_later(
        self, store: Store, seed: int
    ) -> None:
        records = walk(seed, 250)
        ended = [r.event.call_id for r in records if isinstance(r.event, CallFinished)]
        later = [CallOutput(call_id=name, text="of its service") for name in ended]
        await keep(store, [*records, *recording(later, after=len(records))], at_once=60)
        calls = [(r.event.call_id, r) for r in records if isinstance(r.event, CallEvent)]
        assert ended
        for name in {name for name, _ in calls}:
            assert await store.call_records("s1", name) == [r for call, r in calls if call == name]

    async def test_sessions_do_not_mix(self, store: Store) -> None:
        first, second = lifelike(3), session("s2", events=5)
        await keep(store, first[:10])
        await keep(store, second)
        await keep(store, first[10:])
        assert await everything(store, "s1") == first
        assert await everything(store, "s2") == second
        assert len(await store.marks("s2")) == 5
        assert await store.pick("s2", [6]) == {}

    async def test_a_session_that_does_not_exist_is_empty(self, store: Store) -> None:
        assert await store.head("s9") == 0
        assert await store.read("s9") == []
        assert await store.pick("s9", [1]) == {}
        assert await store.marks("s9") == []
        assert await store.call_records("s9", "c1") == []
        assert await store.state_before("s9", 10) is None

    async def test_the_head_is_the_newest_number(self, store: Store) -> None:
        await keep(store, session("s1", events=4))
        assert await store.head("s1") == 4

    @pytest.mark.parametrize("first", [3, 5, 9])
    async def test_records_that_do_not_follow_the_head_are_refused(
        self, store: Store, first: int
    ) -> None:
        records = session("s1", events=3)
        await keep(store, records)
        late = recording([NoteAdded(at=1, text="late")], after=first - 1)
        with pytest.raises(SequenceConflict):
            await store.append(late, project([*records, *late]))
        assert await everything(store) == records

    async def test_a_batch_with_a_gap_is_refused_whole(self, store: Store) -> None:
        records = session("s1", events=5)
        with pytest.raises(SequenceConflict):
            await store.append([*records[:2], records[3]], project(records[:2]))
        assert await store.head("s1") == 0

    async def test_a_batch_of_two_sessions_is_refused(self, store: Store) -> None:
        mixed = [session("s1")[0], session("s2", events=2)[1]]
        with pytest.raises(JournalError, match="two sessions"):
            await store.append(mixed, project(mixed))

    async def test_a_session_begins_with_its_start(self, store: Store) -> None:
        records = recording([NoteAdded(at=1, text="first?")])
        with pytest.raises(JournalError, match="session_started"):
            await store.append(records, project(records))

    async def test_nothing_to_append_changes_nothing(self, store: Store) -> None:
        await store.append([], project([]))
        assert await store.summaries() == []

    async def test_a_stored_fold_is_the_fold(self, store: Store) -> None:
        records = lifelike(60)
        await keep(store, records)
        stored = await store.state_before("s1", len(records) - 40)
        assert stored is not None
        assert stored.last_seq > len(records) - 400
        assert stored == project(records[: stored.last_seq])

    async def test_no_fold_is_from_later_than_asked(self, store: Store) -> None:
        records = lifelike(60)
        await keep(store, records, at_once=5)
        for seq in (1, 100, 257, 300, 520):
            stored = await store.state_before("s1", seq)
            assert stored is None or stored.last_seq <= seq

    async def test_any_moment_is_the_fold_of_what_came_before(self, store: Store) -> None:
        records = lifelike(12)
        await keep(store, records, at_once=5)
        for seq in (1, 2, 60, len(records)):
            expected = project(records[:seq])
            assert await store.approach("s1", seq) == expected
            assert await store.approach("s1", seq, project(records[: seq - 1])) == expected
        assert (await store.approach("s1", 10_000)).last_seq == len(records)

    async def test_waiting_ends_at_once_when_there_is_more_already(self, store: Store) -> None:
        await keep(store, session("s1", events=4))
        assert await asyncio.wait_for(store.wait("s1", 2), 10) == 4

    async def test_waiting_ends_with_the_next_append(self, store: Store) -> None:
        records = session("s1", events=4)
        await keep(store, records[:3])
        waiting = asyncio.ensure_future(store.wait("s1", 3))
        await asyncio.sleep(0)
        assert not waiting.done()
        await keep(store, records[3:])
        assert await soon(waiting) == 4

    async def test_waiting_for_a_session_that_is_yet_to_begin(self, store: Store) -> None:
        waiting = asyncio.ensure_future(store.wait("s1", 0))
        await keep(store, session("s2"))
        await keep(store, session("s1", events=2), at_once=2)
        assert await soon(waiting) == 2

    async def test_a_wait_that_was_given_up_hinders_nobody(self, store: Store) -> None:
        records = session("s1", events=3)
        await keep(store, records[:2])
        one, other = (asyncio.ensure_future(store.wait("s1", 2)) for _ in range(2))
        await asyncio.sleep(0)
        one.cancel()
        await keep(store, records[2:])
        assert await soon(other) == 3
        assert one.cancelled()


class LibraryRules:
    """Sessions by name, in one line each, claimed and deleted."""

    async def test_a_summary_says_how_the_session_stands(self, store: Store) -> None:
        records = walk(11, 150)
        state = await keep(store, records, at_once=4)
        assert await store.summaries() == [summarize(state)]
        assert await store.summaries_of(["s1"]) == [summarize(state)]

    async def test_the_newest_comes_first(self, store: Store) -> None:
        for name in ("one", "two", "three"):
            await keep(store, session(name))
        assert [line.id for line in await store.summaries()] == ["three", "two", "one"]
        assert await store.find("last") == "three"

    async def test_lines_come_in_the_order_they_were_asked_for(self, store: Store) -> None:
        for name in ("one", "two"):
            await keep(store, session(name))
        assert [line.id for line in await store.summaries_of(["two", "one"])] == ["two", "one"]
        with pytest.raises(UnknownSession):
            await store.summaries_of(["two", "six"])

    async def test_a_session_is_found_by_its_id_its_beginning_or_its_name(self, store: Store):
        for name in ("abc", "abcdef", "xyz"):
            await keep(store, session(name))
        await store.relabel("abcdef", Label("the parser"))
        found = [await store.find(name) for name in ("abc", "abcd", "x", "the  parser")]
        assert found == ["abc", "abcdef", "xyz", "abcdef"]

    async def test_a_beginning_of_several_names_some_of_them(self, store: Store) -> None:
        for number in range(7):
            await keep(store, session(f"ab{number}"))
        with pytest.raises(UnknownSession, match=r"ab6, ab5, ab4, ab3, ab2 and 2 more"):
            await store.find("ab")

    @pytest.mark.parametrize("name", ["zzz", "", "%", "a_c", "'; --", "\udcff"])
    async def test_a_name_of_nothing_says_where_to_look(self, store: Store, name: str) -> None:
        await keep(store, session("abc"))
        with pytest.raises(UnknownSession) as caught:
            await store.find(name)
        assert "sessions list" in caught.value.hint

    async def test_last_of_no_sessions_is_unknown(self, store: Store) -> None:
        with pytest.raises(UnknownSession, match="no sessions yet"):
            await store.find("last")

    async def test_a_list_is_narrowed_down_by_every_word_of_a_line(self, store: Store) -> None:
        await keep(store, session("abc", goal="Fix the PARSER of Ægir"))
        await keep(store, session("abd", goal="fix a typo; 100%"))
        assert await store.ids() == ["abd", "abc"]
        assert await store.ids("fix") == ["abd", "abc"]
        assert await store.ids("parser  fiX") == ["abc"]
        assert await store.ids("ægir") == ["abc"]
        assert await store.ids("100%") == ["abd"]
        assert await store.ids("a_c") == []
        assert await store.ids("abd") == ["abd"]
        assert await store.ids("crashed typo") == ["abd"]
        store.claim("abd")
        assert await store.ids("crashed typo") == []
        assert await store.ids("running") == ["abd", "abc"]

    async def test_a_name_and_tags_stay_with_a_session_that_goes_on(self, store: Store) -> None:
        records = session("s1", events=6)
        await keep(store, records[:3])
        version = await store.version()
        await store.relabel("s1", Label("the Parser", ("ci", "v2")))
        assert await store.version() != version
        await keep(store, records[3:])
        (line,) = await store.summaries_of(["s1"])
        assert (line.label, line.title) == (Label("the Parser", ("ci", "v2")), "the Parser")
        assert await store.ids("parser #ci tidy") == ["s1"]
        assert await store.lines(["s1", "s2"]) == {"s1": line}
        await store.relabel("s1", Label())
        assert await store.ids("#ci") == []
        with pytest.raises(UnknownSession):
            await store.relabel("s2", Label())

    async def test_the_words_of_a_deleted_session_do_not_come_back(self, store: Store) -> None:
        await keep(store, session("s1"))
        await store.relabel("s1", Label("mine"))
        await store.delete("s1")
        await keep(store, session("s1"))
        (line,) = await store.summaries_of(["s1"])
        assert line.label == Label()

    async def test_deleting_takes_everything_of_one_session(self, store: Store) -> None:
        await keep(store, lifelike(30), at_once=20)
        other = session("s2")
        await keep(store, other)
        await store.post("s1", Say(text="hello"))
        await store.delete("s1")
        assert await everything(store, "s1") == []
        assert await store.marks("s1") == []
        assert await store.state_before("s1", 300) is None
        assert await store.collect("s1") == []
        assert [line.id for line in await store.summaries()] == ["s2"]
        assert await everything(store, "s2") == other

    async def test_a_deleted_session_can_begin_again(self, store: Store) -> None:
        await keep(store, lifelike(30), at_once=20)
        await store.post("s1", Say(text="hello"))
        await store.delete("s1")
        again = session("s1", goal="once more")
        await keep(store, again)
        assert await everything(store) == again
        assert await store.state_before("s1", 300) in (None, project(again))
        assert await store.collect("s1") == []

    async def test_what_does_not_exist_cannot_be_deleted(self, store: Store) -> None:
        with pytest.raises(UnknownSession):
            await store.delete("s1")

    async def test_a_live_session_is_not_deleted(self, store: Store) -> None:
        await keep(store, session("s1"))
        store.claim("s1")
        with pytest.raises(SessionBusy):
            await store.delete("s1")
        store.release("s1")
        await store.delete("s1")

    async def test_a_session_has_one_claim(self, store: Store) -> None:
        assert not store.is_live("s1")
        store.claim("s1")
        assert store.is_live("s1")
        assert not store.is_live("s2")
        with pytest.raises(SessionBusy):
            store.claim("s1")
        store.release("s1")
        assert not store.is_live("s1")
        store.claim("s1")

    async def test_releasing_what_is_not_held_does_nothing(self, store: Store) -> None:
        store.release("s1")
        assert not store.is_live("s1")


class MailRules:
    """Commands left for a session."""

    async def test_commands_come_out_once_in_the_order_they_went_in(self, store: Store) -> None:
        await keep(store, session("s1"))
        letters = [Approve(call_id="c1", binding="b"), Say(text="✓"), Deny(call_id="c2")]
        for letter in letters:
            await store.post("s1", letter)
        assert await store.mail_waits("s1")
        assert await store.collect("s1") == letters
        assert await store.collect("s1") == []
        assert not await store.mail_waits("s1")

    async def test_each_session_has_its_own_mail(self, store: Store) -> None:
        await keep(store, session("s1"))
        await keep(store, session("s2"))
        await store.post("s2", Say(text="for two"))
        assert await store.collect("s1") == []
        assert await store.collect("s2") == [Say(text="for two")]

    async def test_mail_for_nobody_is_refused(self, store: Store) -> None:
        with pytest.raises(UnknownSession):
            await store.post("s1", Say(text="anyone?"))

    async def test_two_collectors_never_get_the_same_command(self, store: Store) -> None:
        await keep(store, session("s1"))
        letters = [str(number) for number in range(40)]
        for letter in letters:
            await store.post("s1", Say(text=letter))
        one, two = await asyncio.gather(store.collect("s1"), store.collect("s1"))
        said = [command.text for command in (*one, *two) if isinstance(command, Say)]
        assert sorted(said, key=int) == letters

    async def test_waiting_for_mail_ends_when_some_comes(self, store: Store) -> None:
        await keep(store, session("s1"))
        waiting = asyncio.ensure_future(store.wait_mail("s1"))
        await asyncio.sleep(0)
        assert not waiting.done()
        await store.post("s1", Say(text="here"))
        await soon(waiting)
        assert await store.collect("s1") == [Say(text="here")]
