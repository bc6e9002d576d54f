"""Every point at which something can fail, and the tests that reach it on purpose."""

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import UserTurn
from loopdeck.session.events import ContextCompacted
from loopdeck.session.reducer import project
from tests.chaos.mortal import Died, Fate, MortalJournal
from tests.support.clock import FakeClock
from tests.support.models import calls, says
from tests.support.rig import SESSION, Rig

ROOT = Path(__file__).parents[2]
HERE = "tests/chaos/test_matrix_of_a_call.py"
PROCESSES = "tests/journal/test_processes.py"
SIGNALS = "tests/e2e/test_signals.py"
SHELLS = "tests/e2e/test_shells.py"
MATRIX: dict[str, tuple[str, ...]] = {
    "before the model call": (f"{HERE}::test_point_01_before_the_model_call_nothing_is_lost",),
    "request sent, no byte": (
        f"{HERE}::test_point_02_a_request_without_a_byte_is_sent_again",
        "tests/models/test_anthropic_faults.py"
        "::test_a_connection_dropped_before_the_first_byte_may_pass",
    ),
    "mid-stream": (
        f"{HERE}::test_point_03_mid_stream_the_draft_is_no_reply",
        "tests/models/test_anthropic_faults.py::test_a_fault_in_the_middle_of_a_stream_may_pass",
        "tests/app/test_endings.py::test_a_signal_cuts_off_what_ran_and_leaves_what_waits",
    ),
    "a stream without its end": (
        "tests/models/conformance.py::test_a_reply_without_a_stop_reason_is_no_reply",
        "tests/e2e/test_model_faults.py::test_point_04_a_stream_without_its_end_is_tried_again_and_runs_nothing",
    ),
    "decided, not kept": (
        f"{HERE}::test_point_05_decided_and_not_kept_is_asked_of_the_model_again",
    ),
    "proposed, waiting": (
        f"{HERE}::test_point_06_what_waits_is_shown_again_once_and_is_the_same",
        f"{SIGNALS}::test_a_killed_run_that_waited_waits_on",
    ),
    "approved, not started": (
        f"{HERE}::test_point_07_approved_and_not_started_runs_unless_it_destroys",
        "tests/harness/test_interruptions.py::test_an_answer_survives_a_crash_right_after_it",
    ),
    "mid-execution": (
        f"{HERE}::test_point_08_mid_execution_is_unknown_and_never_run_by_itself",
        f"{SIGNALS}::test_a_killed_run_shows_as_crashed_and_what_it_did_is_asked",
    ),
    "executed, not kept": (
        f"{HERE}::test_point_09_executed_and_not_kept_is_unknown_and_not_repeated",
        "tests/harness/test_recovery.py"
        "::test_what_is_run_again_is_judged_and_asked_about_anew_and_runs_once",
        "tests/harness/test_recovery.py"
        "::test_the_human_sees_what_ran_since_when_and_what_is_left_of_it",
        "tests/tools/stakes/test_traces.py"
        "::test_the_last_that_it_said_comes_from_the_log_or_from_beside_it",
    ),
    "result kept": (f"{HERE}::test_point_10_a_kept_result_is_told_and_not_made_again",),
    "parallel calls": (f"{HERE}::test_point_11_of_parallel_calls_each_keeps_its_own_end",),
    "compaction": (
        "tests/chaos/test_matrix.py::test_point_12_a_summary_that_is_not_kept_is_none",
        "tests/harness/test_compaction.py::test_what_stays_too_long_is_tried_twice_and_then_said",
    ),
    "exception in the screen": (
        f"{SHELLS}::test_point_13_a_fault_of_the_screen_ends_the_tool_and_gives_the_terminal_back",
        "tests/app/test_safety_fault.py::test_point_13_a_fault_of_the_screen_is_kept_and_no_traceback_is_shown",
        "tests/cli/terminal/test_crashes.py::test_a_report_has_no_secrets_nothing_that_acts_and_one_reader",
    ),
    "SIGHUP": (
        f"{SHELLS}::test_point_14_a_terminal_that_is_closed_ends_the_deck_in_good_order",
        f"{SIGNALS}::test_a_signal_while_the_model_is_silent_hangs_up",
    ),
    "SIGTERM": (
        f"{SIGNALS}::test_point_15_a_signal_during_a_tool_ends_both_and_the_session_goes_on",
        "tests/e2e/test_terminal.py::test_a_signal_closes_the_deck_and_gives_the_terminal_back",
        "tests/cli/terminal/test_signals.py::test_the_first_is_told_and_the_second_waits_for_nothing",
    ),
    "SIGKILL of the harness": (
        "tests/chaos/test_kills.py::test_point_16_kills_at_the_moments_that_matter_break_no_promise",
        "tests/tools/commands/test_lifeline.py"
        "::test_nothing_is_left_when_the_program_that_started_it_is_killed",
        "tests/tools/mcp/test_piped.py"
        "::test_nothing_of_it_is_left_when_the_program_that_started_it_is_killed",
        "tests/cli/terminal/test_notes.py::test_a_note_of_a_killed_process_brings_its_terminal_back",
    ),
    "only the tool is killed": (
        "tests/tools/commands/test_shell.py::test_point_17_a_command_that_alone_is_killed_has_ended_and_is_not_unknown",
    ),
    "power loss": (
        "tests/chaos/test_powercut.py::test_point_18_of_an_unfinished_commit_any_sector_may_be_missing",
    ),
    "disk full": (
        "tests/harness/test_patience.py::test_point_19_nothing_acts_whose_start_cannot_be_written",
        "tests/harness/test_patience.py::test_point_19_on_a_full_disk_nobody_goes_on_before_it_is_written",
        "tests/app/test_stalled.py::test_it_is_said_as_long_as_it_lasts_and_once_that_it_is_over",
        "tests/journal/test_reading.py"
        "::test_what_is_in_the_log_alone_is_read_where_no_side_file_can_be_made",
        "tests/journal/test_log.py::test_a_full_disk_is_told_and_the_session_stays_readable",
    ),
    "locked": (
        "tests/journal/test_log.py::test_point_20_a_lock_that_nobody_gives_back_is_told",
        "tests/journal/test_faults.py::test_point_20_who_keeps_the_file_locked_is_named",
        "tests/harness/test_patience.py::test_what_could_not_be_written_is_written_once_there_is_room",
    ),
    "damaged": (
        "tests/journal/test_salvage.py::test_point_21_each_page_that_is_damaged_costs_only_what_was_on_it",
        "tests/cli/sessions/test_care.py::test_a_damaged_library_is_found_told_and_saved",
        "tests/journal/test_footing.py::test_an_emptied_one_is_damaged_and_nothing_is_added_to_it",
    ),
    "a second writer": (
        "tests/journal/test_writers.py"
        "::test_point_22_a_process_that_was_stopped_and_wakes_up_later_writes_no_more",
        f"{PROCESSES}::test_two_processes_that_write_at_once_leave_no_gap_and_lose_nothing",
    ),
    "a newer or foreign database": (
        "tests/journal/test_opening.py::test_point_23_a_newer_database_is_refused_and_left_alone",
        "tests/journal/test_opening.py"
        "::test_a_database_of_another_program_is_refused_and_left_alone",
        "tests/journal/test_goldens.py"
        "::test_a_database_of_an_earlier_version_is_copied_opened_and_read",
    ),
    "the clock jumps": (
        "tests/chaos/test_matrix.py::test_point_24_a_clock_that_jumps_back_mixes_up_nothing",
    ),
}


@cache
def named_in(path: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize(("number", "point"), list(enumerate(MATRIX, 1)))
def test_each_point_of_failure_is_reached_by_a_test_named_after_it(number: int, point: str):
    named = [test.split("::") for test in MATRIX[point]]
    assert any(name.startswith(f"test_point_{number:02}_") for _, name in named)
    assert [f"{path}::{name}" for path, name in named if name not in named_in(path)] == []


async def test_point_12_a_summary_that_is_not_kept_is_none():
    full = [replace(calls((f"c{n}", "look", {"key": f"a{n}"})), window=30_000) for n in range(9)]
    full[8] = replace(full[8], usage=full[8].usage.model_copy(update={"input": 24_500}))
    summary = says("The shed was looked at.")
    first = Rig([*full, summary])
    journal = MortalJournal()
    journal.fate = Fate(lambda moment: moment == "before context_compacted")
    first.journal = journal
    first.box.files |= {f"a{n}": "a rake, " * 100 for n in range(9)}
    with pytest.raises(Died):
        await first.run()
    kept = await journal.read(SESSION, limit=10_000)
    assert not any(isinstance(record.event, ContextCompacted) for record in kept)
    second = Rig([says("Done.")])
    second.journal, second.clock = MemoryJournal.of(kept), first.clock
    assert (await second.resume()).outcome == "done"
    turns = second.model.requests[0].turns  # everything, in its own words
    assert sum(len(turn.results) for turn in turns if isinstance(turn, UserTurn)) == 9
    assert (await second.records())[: len(kept)] == kept


async def test_point_24_a_clock_that_jumps_back_mixes_up_nothing():
    rig = Rig(
        [calls(("c1", "look", {"key": "a"})), calls(("c2", "put", {"key": "a"})), says("Done.")]
    )
    rig.clock = JumpingClock()
    assert (await rig.run()).outcome == "done"
    records = await rig.records()
    walls = [record.ts for record in records]
    assert walls != sorted(walls)
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert project(records).status == "done"
    assert all(
        event.duration_ms >= 0 for event in await rig.events() if event.type == "call_finished"
    )


class JumpingClock(FakeClock):
    """Its hands are put back an hour with every tenth look; what was measured goes on."""

    def wall(self) -> int:
        """UTC nanoseconds, as somebody sets them."""
        now = super().wall()
        return now - 3_600_000_000_000 * (now // self.step_ns % 10 == 0)
