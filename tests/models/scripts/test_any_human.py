"""A human who says yes, no, something else and nonsense: each session still ends in a report."""

import random
from pathlib import Path

import pytest

from loopdeck.ports import ToolUse
from tests.models.scripts.stage import Answer, No, Stage, stage

REASONS = ("", "too long", "not now", "[/] \x1b]52;c;aGk=\x07", "a: b. Nothing ran. c")
MESSAGES = ("hurry up", "stop that, please", "The check failed, I think", "")


class Moody:
    """Answers by the dice; now and then changes the arguments, a file, or says a word."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def answer(self, use: ToolUse) -> Answer:
        """Half of the answers are yes."""
        throw = self._dice.random()
        if throw < 0.3:
            return No(self._dice.choice(REASONS), self._dice.choice(["your human", "a rule"]))
        if throw < 0.4:
            return use.args | {"path": "drafts/mine.md"} if "path" in use.args else None
        if throw < 0.5 and "content" in use.args:
            return use.args | {"content": "Something else altogether.\n"}
        return None

    def meddle(self, play: Stage) -> None:
        """Change a file, or write a message."""
        files = sorted(path for path in play.demo.workspace.rglob("*") if path.is_file())
        if self._dice.random() < 0.15:
            self._dice.choice(files).write_text("{ not what it was", "utf-8")
        if self._dice.random() < 0.15:
            self._dice.choice(files).unlink()
        if play.replies and self._dice.random() < 0.2:
            play.words.append(self._dice.choice(MESSAGES))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["pitches", "bugfix"])
async def test_whatever_the_human_does_it_ends_in_a_report(
    name: str, seed: int, tmp_path: Path
) -> None:
    moody = Moody(seed)
    play = stage(name, tmp_path, moody.answer)
    play.before = moody.meddle
    await play.play()
    assert play.replies[-1].stop == "end_turn"
    assert len(set(play.call_ids)) == len(play.call_ids)
    assert all(play.texts)
