"""The real gate with the real tools: what runs is what was shown, or it is shown again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.session.commands import Approve, Command, Deny
from loopdeck.session.events import CallAsked, CallFinished, CallJudged, CallStarted
from loopdeck.session.records import Record
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.models import calls, says
from tests.support.rig import Rig
from tests.support.traps import git

Change = Callable[[Path], object]
PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nowhere"}


def furnish(ws: Path) -> None:
    """A workspace with something to write, run and delete."""
    (ws / "note.txt").write_text("one\n")
    (ws / "run.sh").write_text("echo ran > ran\n")
    (ws / "old").mkdir()
    (ws / "old/a").write_text("a")
    (ws / "other").mkdir()
    (ws / "other/b").write_text("b")
    (ws / "link").symlink_to("old")


def relink(ws: Path) -> None:
    """The link leads elsewhere now."""
    (ws / "link").unlink()
    (ws / "link").symlink_to("other")


def rewritten(name: str) -> Change:
    """A file that somebody wrote to meanwhile."""
    return lambda ws: (ws / name).write_text("echo bad > ran\n")


CASES: list[tuple[str, JsonObject, Change]] = [
    ("write_file", {"path": "note.txt", "content": "x"}, rewritten("note.txt")),
    ("write_file", {"path": "new.txt", "content": "x"}, rewritten("new.txt")),
    ("write_file", {"path": "link/n", "content": "x"}, relink),
    ("edit_file", {"path": "note.txt", "old": "o", "new": "0"}, rewritten("note.txt")),
    ("delete_file", {"path": "note.txt"}, rewritten("note.txt")),
    ("shell", {"command": "bash run.sh"}, rewritten("run.sh")),
    ("shell", {"command": "./run.sh"}, rewritten("run.sh")),
    ("shell", {"command": "echo x > link/n"}, relink),
    ("shell", {"command": "rm -r link/"}, relink),
    ("shell", {"command": "rm -r old"}, rewritten("old/new")),
]


IDS = [f"{tool} {args.get('path') or args['command']}" for tool, args, _ in CASES]


class Human:
    """Changes the world after it was asked, says yes, and no to what it is asked again."""

    def __init__(self, ws: Path, change: Change) -> None:
        self.asked: list[CallAsked] = []
        self._ws = ws
        self._change = change

    def __call__(self, record: Record) -> Command | None:
        event = record.event
        if not isinstance(event, CallAsked):
            return None
        self.asked.append(event)
        if len(self.asked) > 1:
            return Deny(call_id=event.call_id)
        self._change(self._ws)
        return Approve(call_id=event.call_id, binding=event.binding)


@pytest.mark.parametrize(("tool", "args", "change"), CASES, ids=IDS)
async def test_a_world_that_moved_after_the_question_is_asked_about_again(
    tool: str, args: JsonObject, change: Change, tmp_path: Path
) -> None:
    ws = (tmp_path / "ws").resolve()
    ws.mkdir()
    furnish(ws)
    human = Human(ws, change)
    box = BuiltinToolbox(ws, environ=PATH)
    rig = Rig([calls(("c1", tool, args)), says("Done.")], human=human, box=box, workspace=str(ws))
    await rig.run()
    events = await rig.events()
    assert [bool(asked.again) for asked in human.asked] == [False, True]
    assert "changed since it was shown" in human.asked[1].again
    assert not [event for event in events if isinstance(event, CallStarted)]
    assert not (ws / "ran").exists()


@pytest.mark.parametrize(("tool", "args", "change"), CASES, ids=IDS)
async def test_a_world_that_stayed_lets_what_was_approved_run(
    tool: str, args: JsonObject, change: Change, tmp_path: Path
) -> None:
    del change
    ws = (tmp_path / "ws").resolve()
    ws.mkdir()
    furnish(ws)
    (ws / "run.sh").chmod(0o755)
    human = Human(ws, lambda _: None)
    box = BuiltinToolbox(ws, environ=PATH)
    rig = Rig([calls(("c1", tool, args)), says("Done.")], human=human, box=box, workspace=str(ws))
    await rig.run()
    assert len(human.asked) == 1
    assert [event for event in await rig.events() if isinstance(event, CallFinished)]


async def test_what_weighs_more_by_then_is_judged_anew_and_asked_about(tmp_path: Path) -> None:
    ws = (tmp_path / "ws").resolve()
    ws.mkdir()
    furnish(ws)
    git(ws, "init", "-q", "-b", "main")
    git(ws, "add", ".")
    git(ws, "commit", "-qm", "all of it")
    human = Human(ws, rewritten("old/new"))
    box = BuiltinToolbox(ws, environ=PATH)
    script = [calls(("c1", "shell", {"command": "rm -r old"})), says("Done.")]
    rig = Rig(script, human=human, box=box, workspace=str(ws))
    await rig.run()
    judged = [event.category for event in await rig.events() if isinstance(event, CallJudged)]
    assert judged == [Category.WRITE, Category.DESTRUCTIVE]
    assert "how much harm it can do" in human.asked[1].again
    preview = human.asked[1].preview
    assert preview is not None
    assert preview.losses is not None
    assert preview.losses.count == 2
    assert (ws / "old/a").exists()
