"""The deck in a run and in a recording: the playhead, the panes, the layouts."""

from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.commands import GoOn, Interrupt, Pause, Say, SetLevel, Steer, Stop
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallProposed,
    CallStarted,
    Event,
    ModelChunk,
    ModelRequested,
    SandboxChecked,
    SessionEnded,
    SessionPaused,
)
from tests.app.screens import MEDIUM, NARROW, WIDE, deck
from tests.support import stories
from tests.support.records import started


def interrupted(story: list[Event]) -> list[Event]:
    """A story that nobody works on any more."""
    return [*story, SessionPaused(reason="signal")]


async def test_the_past_stays_on_the_screen_while_the_agent_goes_on() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("left", "left")
        await desk.shows("PAST  step 2 of 4, end returns")
        assert "Four shows" not in desk.screen()
        desk.journal.push(*stories.turn(5, "Still going."))
        await desk.shows("PAST  step 2 of 5")
        assert "Still going" not in desk.screen()
        await desk.press("end")
        await desk.shows("Still going.")
        await desk.shows("LIVE")


async def test_a_recording_moves_with_the_same_keys() -> None:
    async with deck(interrupted(stories.beginning()), accepts=False) as desk:
        await desk.shows("END")
        await desk.press("home")
        await desk.shows("PAST  step 0 of 4, end returns")
        assert desk.deck.scene.state.last_seq == 1
        await desk.press("right")
        await desk.until(lambda: desk.deck.scene.position == desk.deck.feed.timeline.steps[1] - 1)
        await desk.press("shift+right")
        await desk.until(lambda: desk.deck.scene.position == desk.deck.feed.timeline.steps[1])
        await desk.press("shift+left")
        await desk.until(lambda: desk.deck.scene.position == desk.deck.feed.timeline.steps[1] - 1)


async def test_brackets_jump_to_approvals_and_braces_to_errors() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await desk.press("left_curly_bracket")
        await desk.until(lambda: desk.deck.scene.position == desk.deck.feed.timeline.errors[0])
        await desk.press("right_square_bracket")
        await desk.until(lambda: desk.deck.scene.position == desk.deck.feed.timeline.approvals[0])
        await desk.press("right_square_bracket", "left_square_bracket")
        await desk.until(lambda: desk.deck.scene.position == desk.deck.feed.timeline.approvals[0])


async def test_keys_pressed_faster_than_states_load_all_count() -> None:
    async with deck(stories.beginning()) as desk:
        head = desk.deck.scene.head.last_seq
        for _ in range(10):
            await desk.pilot.press("shift+left")
        await desk.until(lambda: desk.deck.scene.position == head - 10)


async def test_a_session_opens_where_it_was_asked_to() -> None:
    async with deck(stories.beginning(), position=7) as desk:
        assert desk.deck.scene.state.last_seq == 7
        await desk.shows("PAST")


async def test_going_to_a_step_an_event_or_a_time() -> None:
    async with deck(stories.beginning()) as desk:
        step, first = desk.deck.feed.timeline.steps[2] - 1, 1
        goals = [("2", step), ("#9", 9), ("step 2", step), ("#99999", None), ("0:00", first)]
        for typed, wanted in goals:
            assert desk.deck.scene.position != wanted, "it moves each time"
            await desk.press("colon")
            await desk.until(lambda: desk.app.focused is not None and desk.app.focused.id == "goto")
            for letter in typed:
                await desk.pilot.press(
                    {"#": "number_sign", ":": "colon", " ": "space"}.get(letter, letter)
                )
            await desk.pilot.press("enter")
            await desk.until(lambda wanted=wanted: desk.deck.scene.position == wanted)
            await desk.until(lambda: isinstance(desk.app.focused, LoopPane))


async def test_nonsense_to_go_to_is_answered_with_what_can_be_typed() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("colon", "x", "enter")
        await desk.shows("Type a step (12)")
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.focused, LoopPane))


async def test_a_box_gives_the_keys_back_to_the_pane_that_had_them() -> None:
    async with deck(stories.beginning(), size=WIDE) as desk:
        await desk.press("tab")
        await desk.until(lambda: isinstance(desk.app.focused, ResultPane))
        for _ in ("beside the others", "alone on the screen"):
            await desk.press("colon", "2", "enter")
            await desk.until(lambda: isinstance(desk.app.focused, ResultPane))
            await desk.press("slash", "escape")
            await desk.until(lambda: isinstance(desk.app.focused, ResultPane))
            await desk.press("f11")


async def test_playing_walks_to_the_end_by_itself() -> None:
    async with deck(stories.beginning(), accepts=False, position=1) as desk:
        await desk.press("space")
        await desk.until(lambda: desk.deck.scene.position is None)
        assert desk.deck.scene.playing is None
        assert sum(desk.clock.slept) > 0


async def test_the_cursor_selects_what_the_result_shows() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.shows("shows/loop-talk.json")
        await desk.press("up", "up")
        await desk.shows("There is no file shows/looptalk.json.")
        await desk.press("up", "up")
        await desk.shows("Four shows speak about this. I read")


async def test_the_loop_follows_the_newest_until_the_cursor_is_moved() -> None:
    async with deck(stories.beginning()) as desk:
        loop = desk.deck.query_one(LoopPane)
        desk.journal.push(*stories.turn(5, "One more."))
        await desk.until(lambda: loop.row is not None and loop.row.step == 5)
        await desk.press("up")
        here = loop.cursor
        desk.journal.push(*stories.turn(6, "And one."))
        await desk.shows("And one.")
        assert loop.cursor == here
        await desk.press("down", "down")
        assert loop.following


async def test_a_streaming_reply_shows_its_last_words() -> None:
    async with deck(stories.beginning()) as desk:
        desk.journal.push(ModelRequested(step=5, model="m"))
        for number in range(40):
            desk.journal.push(ModelChunk(kind="text", text=f"word{number} "))
        await desk.shows("word39▌")
        assert "word0 " not in desk.screen()


async def test_a_result_of_a_megabyte_is_shown_and_scrolls_to_its_end() -> None:
    output = "".join(f"line {number} of many\n" for number in range(50_000))
    story: list[Event] = [
        started(),
        *stories.turn(1, "Big.", ("c1", "shell", {"command": "seq"})),
        *stories.ran("c1", output, 5),
    ]
    async with deck(story) as desk:
        result = desk.deck.query_one(ResultPane)
        await desk.until(lambda: len(result.lines) > 50_000)
        await desk.shows("line 0 of many")
        result.scroll_end(animate=False)
        await desk.shows("line 49999 of many")


async def test_live_output_of_a_running_call_is_shown() -> None:
    async with deck([started()]) as desk:
        desk.journal.push(
            *stories.turn(1, "Go.", ("c1", "shell", {"command": "make"})),
            CallStarted(call_id="c1"),
        )
        await desk.shows("running")
        desk.journal.push(CallFinished(call_id="c1", ok=False, output="no rule [/]", exit_code=2))
        await desk.shows("exit code 2")
        await desk.shows("no rule [/]")


async def test_hostile_words_never_reach_the_terminal() -> None:
    evil = "a\x1b]0;x\x07b [/] [red]c[/red] \u202ed\u2066"
    story: list[Event] = [
        started(goal=evil),
        *stories.turn(1, evil, ("c1", evil, {"path": evil})),
        CallProposed(call_id="c2", step=1, tool="shell", args={evil: evil}),
    ]
    async with deck(story) as desk:
        await desk.shows("[red]c[/red]")
        for bad in ("\x1b", "\x07", "\u202e", "\u2066"):
            assert bad not in desk.screen()


async def test_an_ended_session_says_how_it_ended_and_whether_it_was_checked() -> None:
    ended = SessionEnded(outcome="done", verified="unchecked", text="All done.")
    async with deck([*stories.beginning(), ended], accepts=False) as desk:
        await desk.shows("✓ done, unchecked")
        await desk.shows("scripted model")
        await desk.shows("All done.")


async def test_an_empty_deck_says_what_will_appear() -> None:
    async with deck([started()]) as desk:
        await desk.shows("The agent's plan will")


async def test_the_clock_goes_on_at_the_end_of_a_session_that_somebody_works_on() -> None:
    async with deck(stories.turn(1, "Let me see.")) as desk:
        before = desk.screen().splitlines()[0]
        desk.clock.advance(65)
        desk.deck.tick()
        await desk.until(lambda: desk.screen().splitlines()[0] != before)
        await desk.press("left")
        await desk.shows("PAST")
        then = desk.screen().splitlines()[0]
        desk.clock.advance(65)
        desk.deck.tick()
        await desk.settled()
        assert desk.screen().splitlines()[0] == then


async def test_messages_are_said_or_steered() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("enter", *"hi", "enter")
        await desk.until(lambda: desk.sink.sent == [Say(text="hi")])
        await desk.press("enter", *"stop", "ctrl+s")
        await desk.until(lambda: desk.sink.sent[1:] == [Steer(text="stop")])
        assert isinstance(desk.app.focused, LoopPane)


async def test_the_agent_keys_send_their_commands() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("p", "i", "ctrl+x")
        await desk.until(lambda: len(desk.sink.sent) == 3)
        assert isinstance(desk.sink.sent[0], Pause)
        assert isinstance(desk.sink.sent[1], Interrupt)
        assert isinstance(desk.sink.sent[2], Stop)
        await desk.shows("enter says something")
        desk.journal.push(SessionPaused(reason="human"))
        await desk.shows("‖ paused")
        await desk.press("p")
        await desk.until(lambda: isinstance(desk.sink.sent[-1], GoOn))


async def test_the_level_is_chosen_by_its_number() -> None:
    sandbox = SandboxChecked(backend="bubblewrap", passed=True)
    async with deck([*stories.beginning(), sandbox]) as desk:
        await desk.press("l")
        await desk.shows("Autonomous")
        await desk.press("4")
        await desk.until(lambda: desk.sink.sent == [SetLevel(level=4)])


async def test_the_levels_that_need_a_sandbox_are_shut_without_one() -> None:
    failed = SandboxChecked(passed=False, says="this system has no user namespaces")
    async with deck([*stories.beginning(), failed]) as desk:
        await desk.shows("no sandbox")
        await desk.press("l")
        await desk.shows("no user namespaces")
        await desk.shows("loopdeck doctor")
        for number in ("4", "5"):
            await desk.press(number)
            await desk.shows(f"Level {number} is shut.")
            assert desk.sink.sent == []
        await desk.press("3", "l", "2")
        await desk.until(lambda: desk.sink.sent == [SetLevel(level=2)])


async def test_a_recording_takes_no_commands_and_says_so() -> None:
    async with deck(stories.beginning(), accepts=False) as desk:
        await desk.press("p")
        await desk.shows("This is a recording.")
        await desk.press("l")
        await desk.shows("This is a recording: nobody works on it")


async def test_tab_turns_the_one_pane_of_a_narrow_screen() -> None:
    async with deck(stories.beginning(), size=NARROW) as desk:
        await desk.shows("▸Loop")
        await desk.press("tab")
        await desk.shows("▸Result")
        await desk.shows("shows/loop-talk.json")
        await desk.press("tab")
        await desk.shows("▶ draft three pitches")


async def test_a_click_on_its_name_shows_a_pane_of_a_narrow_screen() -> None:
    async with deck(stories.beginning(), size=NARROW) as desk:
        await desk.shows("▸Loop")
        line = desk.screen().splitlines()[1]
        for name in ("Result", "Plan", "Loop"):
            await desk.pilot.click(offset=(line.index(name), 1))
            await desk.shows(f"▸{name}")
        await desk.pilot.click(offset=(line.index("tab switches"), 1))
        await desk.shows("▸Loop")


async def test_one_pane_can_take_the_room_of_all() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("f11")
        await desk.until(lambda: "Plan" not in desk.screen())
        await desk.press("f11")
        await desk.shows("─ Plan ─")


async def test_a_window_made_too_small_says_so_and_comes_back() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await desk.pilot.resize_terminal(50, 15)
        await desk.shows("60 × 20")
        await desk.press("y")
        await desk.settled()
        assert desk.sink.sent == []
        await desk.pilot.resize_terminal(*MEDIUM)
        await desk.shows("Approve? 1 of 2")


async def test_leaving_asks_while_the_agent_works() -> None:
    async with deck(stories.beginning(), work=True) as desk:
        await desk.press("ctrl+q")
        await desk.shows("The agent is at work.")
        assert desk.app.is_running
        await desk.press("ctrl+q")
        await desk.until(lambda: desk.app.return_value == "s1")


async def test_leaving_asks_nothing_once_the_end_is_on_record() -> None:
    over: list[Event] = [*stories.beginning(), SessionEnded(outcome="done")]
    async with deck(over, work=True) as desk:
        await desk.press("ctrl+q")
        await desk.until(lambda: desk.app.return_value == "s1")


async def test_leaving_says_that_a_call_waits() -> None:
    async with deck(stories.waiting_for_two(), work=True) as desk:
        await desk.press("ctrl+q")
        await desk.shows("A call waits for you.")


async def test_an_agent_that_breaks_leaves_the_deck_and_says_what_happened() -> None:
    async with deck(stories.beginning(), work=True) as desk:
        desk.agent_breaks.set()
        await desk.shows("The model is [gone].")
        await desk.shows("draft three podcast pitches")
        await desk.until(lambda: not desk.deck.agent_works)


async def test_the_help_lists_the_keys_and_the_theme_turns() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("question_mark")
        await desk.shows("pause after this step")
        await desk.press("escape")
        before = desk.app.theme
        await desk.press("t")
        await desk.until(lambda: desk.app.theme != before)


async def test_a_replay_at_its_start_says_how_to_go_on() -> None:
    async with deck(interrupted(stories.beginning()), accepts=False, position=1) as desk:
        await desk.shows("space plays it · → one step on")
        await desk.press("right")
        await desk.shows("PAST  step 1 of 4")
        assert "space plays it" not in desk.screen()


async def test_the_next_error_selects_the_call_that_failed_and_not_its_approval() -> None:
    events = [
        *stories.waiting_for_two(),
        stories.approved("c7"),
        CallStarted(call_id="c7"),
        CallFinished(call_id="c7", ok=False, output="no room", duration_ms=7),
        CallAnswered(call_id="c8", answer="denied", by="human"),
    ]
    async with deck(events, accepts=False) as desk:
        await desk.press("left", "}")
        await desk.until(lambda: desk.deck.scene.position == len(events) - 1)
        await desk.pilot.pause()
        row = desk.deck.query_one(LoopPane).row
        assert row is not None
        assert (row.kind, row.ref) == ("call", "c7")
