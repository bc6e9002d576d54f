"""The bugfix script: its whole way, and what it does when a human or the files say otherwise."""

from pathlib import Path

from loopdeck.ports import ToolUse
from tests.models.scripts.stage import Answer, No, Stage, stage

SOURCE = "durations.py"


async def played(tmp_path: Path, denied: dict[str, No]) -> Stage:
    """A session whose human denies some tools; all else is allowed."""

    def human(use: ToolUse) -> Answer:
        return denied.get(use.tool)

    play = stage("bugfix", tmp_path, human)
    await play.play()
    return play


async def test_with_every_yes_the_tests_pass_and_are_unchanged(tmp_path: Path) -> None:
    play = stage("bugfix", tmp_path)
    before = play.file("tests/test_durations.py")
    await play.play()
    assert play.checked
    assert play.file("tests/test_durations.py") == before
    assert not (play.demo.workspace / "debug.log").exists()
    assert len(play.replies) <= 20
    assert set(play.plan.values()) == {"done"}


async def test_the_first_change_is_not_enough_and_the_second_is(tmp_path: Path) -> None:
    play = await played(tmp_path, {})
    small, whole = play.args_of("edit_file")
    assert small["new"] in whole["old"]
    assert "divmod" in play.file(SOURCE)
    assert len(play.args_of("shell")) == 3


async def test_a_denied_change_leads_to_another_change(tmp_path: Path) -> None:
    def human(use: ToolUse) -> Answer:
        small = use.tool == "edit_file" and "divmod" not in str(use.args["new"])
        return No("half a fix") if small else None

    play = stage("bugfix", tmp_path, human)
    await play.play()
    assert play.checked
    assert "half a fix" in play.texts[-1]


async def test_every_change_denied_leaves_the_file_and_says_so(tmp_path: Path) -> None:
    before = stage("bugfix", tmp_path).file(SOURCE)
    play = await played(tmp_path, {"edit_file": No("hands off")})
    assert not play.checked
    assert play.file(SOURCE) == before
    assert "The tests do not pass yet." in play.texts[-1]
    assert (play.demo.workspace / "debug.log").exists()
    states = list(play.plan.values())
    assert states == ["done", "done", "dropped", "dropped", "dropped"]


async def test_a_rule_against_editing_is_not_argued_with(tmp_path: Path) -> None:
    play = await played(tmp_path, {"edit_file": No("level 2", by="a rule")})
    assert len(play.args_of("edit_file")) == 1


async def test_without_test_runs_it_changes_by_reading_and_claims_nothing(tmp_path: Path) -> None:
    play = await played(tmp_path, {"shell": No("no commands")})
    assert len(play.args_of("shell")) == 1
    assert len(play.args_of("edit_file")) == 1
    assert "nobody has seen yet" in play.texts[-1]
    assert play.checked
    assert play.plan["change as little as possible"] == "done"
    assert play.plan["see every test pass"] == play.plan["see the test fail"] == "dropped"


async def test_a_denied_removal_leaves_the_log_and_reports_it(tmp_path: Path) -> None:
    play = await played(tmp_path, {"delete_file": No("I need it")})
    assert play.checked
    assert (play.demo.workspace / "debug.log").exists()
    assert "debug.log is still there (“I need it”)" in play.texts[-1]
    assert play.plan["clean up"] == "dropped"
    assert play.plan["see every test pass"] == "done"


async def test_a_file_that_a_human_mended_is_left_alone(tmp_path: Path) -> None:
    play = stage("bugfix", tmp_path)
    path = play.demo.workspace / SOURCE

    def human_mends(stage: Stage) -> None:
        if len(stage.replies) == 5:
            text = path.read_text("utf-8")
            path.write_text(text.replace("round(seconds % 60)", "int(seconds % 60)"), "utf-8")

    play.before = human_mends
    await play.play()
    assert "int(seconds % 60)" in play.file(SOURCE)
    assert len(play.args_of("edit_file")) == 1
    assert "The tests do not pass yet." in play.texts[-1]


async def test_an_edit_that_a_human_corrected_is_what_it_goes_by(tmp_path: Path) -> None:
    def human(use: ToolUse) -> Answer:
        if use.tool != "edit_file":
            return None
        old = "    minutes = round(seconds / 60)\n    rest = round(seconds % 60)"
        new = "    minutes, rest = divmod(round(seconds), 60)  # ours"
        return {"path": SOURCE, "old": old, "new": new}

    play = stage("bugfix", tmp_path, human)
    await play.play()
    assert len(play.args_of("edit_file")) == 1
    assert "# ours" in play.texts[-1]
    assert play.checked


async def test_tests_that_pass_already_need_no_change(tmp_path: Path) -> None:
    play = stage("bugfix", tmp_path)
    path = play.demo.workspace / SOURCE
    text = path.read_text("utf-8").replace(
        "minutes = round(seconds / 60)", "minutes, rest = divmod(round(seconds), 60)"
    )
    path.write_text(text.replace("    rest = round(seconds % 60)\n", ""), "utf-8")
    await play.play()
    assert play.args_of("edit_file") == []
    assert play.checked
