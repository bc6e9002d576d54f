"""The pitches script: its whole way, and what it does when a human or the files say otherwise."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from loopdeck.ports import ToolUse
from tests.models.scripts.stage import Answer, Human, No, Stage, agree, stage

MINE = "drafts/ada-hour.md"


def deny(
    tool: str, reason: str = "", *, part: str = "", times: int = 99, by: str = "your human"
) -> Human:
    """A human who says no to some calls, `times` times, and yes to all others."""
    left = [times]

    def answer(use: ToolUse) -> Answer:
        if use.tool != tool or part not in json.dumps(use.args) or not left[0]:
            return None
        left[0] -= 1
        return No(reason, by)

    return answer


def undone(play: Stage) -> list[str]:
    """The items that the plan does not call done at its end."""
    return [text for text, state in play.plan.items() if state != "done"]


async def played(tmp_path: Path, human: Human = agree) -> Stage:
    play = stage("pitches", tmp_path, human)
    await play.play()
    return play


@pytest.fixture(scope="module")
def every_yes(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """One whole session in which every answer is yes."""
    play = stage("pitches", tmp_path_factory.mktemp("yes"))
    asyncio.run(play.play())
    return play


def test_with_every_yes_three_true_letters_are_written(every_yes: Stage) -> None:
    play = every_yes
    assert play.checked
    assert len(play.drafts()) == 3
    assert not (play.demo.workspace / "scratch").exists()
    assert len(play.replies) <= 20
    assert play.replies[-1].stop == "end_turn"
    assert undone(play) == []


def test_two_letters_wait_in_one_turn(every_yes: Stage) -> None:
    play = every_yes
    writes = [
        sum(use.tool == "write_file" for use in play.calls_of(reply)) for reply in play.replies
    ]
    assert 2 in writes


def test_it_recovers_from_a_file_name_it_guessed_wrong(every_yes: Stage) -> None:
    play = every_yes
    asked = [args["path"] for args in play.args_of("read_file")]
    assert "shows/dr-okafors-off-switch.json" in asked
    assert "shows/off-switch.json" in asked
    assert "off-switch.md" in play.drafts()


def test_the_wrong_citation_is_found_by_the_check_and_edited(every_yes: Stage) -> None:
    play = every_yes
    (change,) = play.args_of("edit_file")
    show = json.loads(play.file(f"shows/{Path(change['path']).stem}.json"))
    right = {f'episode {each["number"]}, "{each["title"]}"' for each in show["episodes"]}
    assert change["old"] not in right
    assert change["new"] in right
    assert [args["command"] for args in play.args_of("shell")].count("python3 check.py") == 2


async def test_other_words_in_the_topic_lead_to_other_shows(tmp_path: Path) -> None:
    play = stage("pitches", tmp_path)
    topic = play.demo.workspace / "topic.md"
    topic.write_text(
        re.sub(r"(?m)^Words: .*$", "Words: moss, soup, knitting", topic.read_text("utf-8"))
    )
    await play.play()
    assert play.checked
    assert play.drafts() == ["moss-report.md", "purl-and-proof.md", "soup-of-the-day.md"]


async def test_a_topic_that_nothing_fits_reads_the_whole_index(tmp_path: Path) -> None:
    play = stage("pitches", tmp_path)
    (play.demo.workspace / "topic.md").write_text("Words: zeppelins\n", "utf-8")
    await play.play()
    assert "shows/index.md" in [args["path"] for args in play.args_of("read_file")]
    assert play.checked


async def test_an_empty_directory_is_reported_and_not_a_crash(tmp_path: Path) -> None:
    play = stage("pitches", tmp_path)
    for path in (play.demo.workspace / "shows").iterdir():
        path.unlink()
    await play.play()
    assert not play.checked
    assert "0 of 3 letters" in play.texts[-1]


async def test_a_show_file_that_is_no_show_is_left_out(tmp_path: Path) -> None:
    play = stage("pitches", tmp_path)
    (play.demo.workspace / "shows/cockpit-manners.json").write_text('{"title": [/]', "utf-8")
    await play.play(checks=1)
    assert "cockpit-manners.md" not in play.drafts()
    assert len(play.drafts()) == 3


async def test_a_denied_letter_goes_to_the_next_best_show(tmp_path: Path) -> None:
    play = await played(tmp_path, deny("write_file", "I know him", part="cockpit-manners.md"))
    assert play.checked
    assert "cockpit-manners.md" not in play.drafts()
    assert len(play.drafts()) == 3
    assert any("I know him" in text and "next best" in text for text in play.texts)


async def test_a_letter_denied_as_too_long_comes_back_shorter(tmp_path: Path) -> None:
    play = await played(
        tmp_path, deny("write_file", "too long", part="cockpit-manners.md", times=1)
    )
    first, second = (
        args["content"] for args in play.args_of("write_file") if "cockpit" in args["path"]
    )
    assert len(second) < len(first)
    assert play.checked


async def test_every_letter_denied_ends_in_an_honest_report(tmp_path: Path) -> None:
    play = await played(tmp_path, deny("write_file", "no", part="drafts/"))
    assert play.drafts() == []
    assert not play.checked
    assert "0 of 3 letters" in play.texts[-1]
    assert not (play.demo.workspace / "scratch/shortlist.md").exists()
    assert undone(play) == ["draft three pitches", "check every citation"]


async def test_a_rule_against_writing_is_not_argued_with(tmp_path: Path) -> None:
    play = await played(tmp_path, deny("write_file", "level 2", part="drafts/", by="a rule"))
    proposed = [args for args in play.args_of("write_file") if "drafts/" in args["path"]]
    assert len(proposed) == 2
    assert "level 2" in play.texts[-1]


async def test_a_denied_shortlist_leaves_nothing_to_clean(tmp_path: Path) -> None:
    play = await played(tmp_path, deny("write_file", part="scratch/"))
    assert play.checked
    assert not any("rm" in args["command"] for args in play.args_of("shell"))
    assert play.args_of("delete_file") == []


async def test_a_denied_check_is_done_by_eye(tmp_path: Path) -> None:
    play = await played(tmp_path, deny("shell", "not now", part="check.py"))
    assert len([args for args in play.args_of("shell") if "check.py" in args["command"]]) == 1
    assert len(play.args_of("edit_file")) == 1
    assert play.checked
    assert "check.py has not confirmed it" in play.texts[-1]
    assert play.plan["check every citation"] == "dropped"


async def test_a_denied_edit_is_followed_by_a_new_letter_once_the_check_fails(
    tmp_path: Path,
) -> None:
    play = await played(tmp_path, deny("edit_file", "leave it"))
    assert len(play.args_of("edit_file")) == 1
    assert play.checked
    assert any("anew" in text for text in play.texts)


async def test_when_no_way_of_mending_is_allowed_it_says_so(tmp_path: Path) -> None:
    written: list[str] = []

    def human(use: ToolUse) -> Answer:
        again = use.tool == "write_file" and use.args["path"] in written
        written.append(str(use.args.get("path", "")))
        return No("leave it") if again or use.tool == "edit_file" else None

    play = await played(tmp_path, human)
    assert not play.checked
    assert f"Not right yet: {MINE}" in play.texts[-1]


async def test_a_denied_removal_leaves_the_scratch_and_reports_it(tmp_path: Path) -> None:
    play = await played(tmp_path, deny("shell", "I want to read it", part="rm "))
    assert (play.demo.workspace / "scratch/shortlist.md").exists()
    assert "scratch/shortlist.md is still there" in play.texts[-1]
    assert "I want to read it" in play.texts[-1]
    assert play.checked
    assert undone(play) == ["clean up"]


async def test_a_file_somebody_else_put_into_scratch_is_not_removed(tmp_path: Path) -> None:
    def add(play: Stage) -> None:
        if play.drafts():
            (play.demo.workspace / "scratch/mine.md").write_text("keep me", "utf-8")

    play = stage("pitches", tmp_path)
    play.before = add
    await play.play()
    assert play.file("scratch/mine.md") == "keep me"
    assert play.args_of("delete_file") == [{"path": "scratch/shortlist.md"}]


async def test_arguments_that_a_human_corrected_are_what_it_goes_by(tmp_path: Path) -> None:
    def human(use: ToolUse) -> Answer:
        if use.tool != "write_file" or use.args["path"] != MINE:
            return None
        return use.args | {
            "content": str(use.args["content"]).replace('episode 40, "Loops', 'episode 41, "Loops')
        }

    play = await played(tmp_path, human)
    assert play.args_of("edit_file") == []
    assert play.checked
    assert not any("is not as I wrote it" in text for text in play.texts)


async def test_a_draft_that_a_human_edited_is_read_back_and_kept(tmp_path: Path) -> None:
    done: list[bool] = []

    def human_edits(play: Stage) -> None:
        path = play.demo.workspace / MINE
        if path.exists() and not done:
            done.append(True)
            text = path.read_text("utf-8").replace('episode 40, "Loops', 'episode 41, "Loops')
            path.write_text(f"{text}\nPS: I can come by bicycle.\n", "utf-8")

    play = stage("pitches", tmp_path)
    play.before = human_edits
    await play.play()
    assert play.args_of("edit_file") == []
    assert play.file(MINE).endswith("PS: I can come by bicycle.\n")
    assert f"{MINE} is not as I wrote it" in play.texts[-1]
    assert play.checked


async def test_a_draft_that_a_human_removed_is_replaced_by_the_next_best(tmp_path: Path) -> None:
    gone: list[bool] = []

    def human_removes(play: Stage) -> None:
        path = play.demo.workspace / MINE
        if path.exists() and not gone:
            gone.append(True)
            path.unlink()

    play = stage("pitches", tmp_path)
    play.before = human_removes
    await play.play()
    assert play.checked
    assert "ada-hour.md" not in play.drafts()
    assert len(play.drafts()) == 3
    first, last = (
        {item["text"]: item["state"] for item in args["items"]}["draft three pitches"]
        for args in play.args_of("update_plan")[-2:]
    )
    assert (first, last) == ("dropped", "done")  # it was filled only after the check had asked


@pytest.mark.parametrize("at", [1, 9])
async def test_a_message_in_between_is_answered_and_does_not_derail_it(
    tmp_path: Path, at: int
) -> None:
    def human_writes(play: Stage) -> None:
        if len(play.replies) == at and play.turns:
            play.words.append("make it rhyme [/] \x1b[31m")

    play = stage("pitches", tmp_path)
    play.before = human_writes
    await play.play()
    assert play.checked
    assert any("make it rhyme" in text and "scripted model" in text for text in play.texts)
