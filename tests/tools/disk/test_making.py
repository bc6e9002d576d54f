"""Files a session made: what is noted when they are made, and when they count as made no more."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.harness.makings import Makings
from loopdeck.session.events import CallFinished, CallJudged, CallProposed
from loopdeck.session.values import Category, Decision, JsonObject
from loopdeck.tools.disk.making import is_given_back, is_still, mark_of
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.records import recording
from tests.support.tools import FakeContext


class Session:
    """A toolbox and the log of what it was used for."""

    def __init__(self, ws: Path, context: FakeContext) -> None:
        self.makings = Makings()
        self.context = context
        self.ws = ws
        self.box = BuiltinToolbox(ws, made=self.made, undone=self.undone)
        self.calls = 0

    def made(self, path: str) -> bool:
        """As the program wires it."""
        mark = self.makings.mark(path)
        return mark != "" and is_still(self.ws, path, mark)

    def undone(self, path: str) -> bool:
        """As the program wires it."""
        return is_given_back(self.ws, path, *self.makings.change(path))

    def facts(self, tool: str, **args: object) -> JsonObject:
        """What a call is judged by."""
        return self.box.prepare(tool, args).assess().facts

    def category(self, tool: str, **args: object) -> Category:
        """How bad it can get."""
        return self.box.prepare(tool, args).assess().category

    async def run(self, tool: str, *, logged: JsonObject | None = None, **args: object) -> None:
        """A call with its events; `logged` are its arguments where the log has others."""
        self.calls += 1
        call_id = f"c{self.calls}"
        action = self.box.prepare(tool, args)
        assessment = action.assess()
        result = await action.run(self.context)
        events = [
            CallProposed(call_id=call_id, step=1, tool=tool, args=logged or args),
            CallJudged(
                call_id=call_id,
                verdict=Decision.ALLOW,
                category=assessment.category,
                level=4,
                rule="",
                facts=assessment.facts,
            ),
            CallFinished(call_id=call_id, ok=result.ok, output=result.output, diff=result.diff),
        ]
        for record in recording(events):
            self.makings.apply(record)


@pytest.fixture
def session(ws: Path, context: FakeContext) -> Session:
    """A session that has made nothing yet."""
    return Session(ws, context)


MAKERS: dict[str, tuple[str, JsonObject]] = {
    "write_file": ("write_file", {"path": "sub/f", "content": "one\ntwo\n"}),
    "heredoc": ("shell", {"command": "mkdir -p sub && cat > sub/f <<'EOF'\none\nEOF"}),
    "echo": ("shell", {"command": "mkdir sub && cd sub && echo one two > f"}),
    "printf": ("shell", {"command": "mkdir sub; printf 'a\\nb\\n' > sub/f"}),
    "failing": ("shell", {"command": "mkdir sub; echo 'exit(3)' > sub/f; python3 sub/f"}),
}


@pytest.mark.parametrize(("tool", "args"), MAKERS.values(), ids=MAKERS.keys())
async def test_deleting_what_the_session_made_is_a_write(
    session: Session, tool: str, args: JsonObject
) -> None:
    assert session.facts(tool, **args)["makes"] == ["sub/f"]
    await session.run(tool, **args)
    assert (session.ws / "sub/f").is_file()
    assert session.category("delete_file", path="sub/f") is Category.WRITE
    assert session.facts("delete_file", path="sub/f")["undoable"] == "log"
    assert session.category("shell", command="rm -f sub/f") is Category.WRITE
    await session.run("delete_file", path="sub/f")
    (session.ws / "sub/f").write_text("a human's own")
    assert session.category("delete_file", path="sub/f") is Category.DESTRUCTIVE


async def test_what_was_there_before_is_not_made_by_writing_over_it(session: Session) -> None:
    (session.ws / "f").write_text("old")
    assert "makes" not in session.facts("write_file", path="f", content="new")
    assert "makes" not in session.facts("shell", command="echo new > f")
    await session.run("write_file", path="f", content="new")
    assert session.category("delete_file", path="f") is Category.DESTRUCTIVE
    assert session.category("shell", command="rm f") is Category.DESTRUCTIVE


@pytest.mark.parametrize("content", ["onE\n", "one\nmore\n", ""])
async def test_a_file_that_changed_since_is_no_longer_made(session: Session, content: str) -> None:
    await session.run("write_file", path="f", content="one\n")
    assert session.made("f")
    (session.ws / "f").write_text(content)
    assert session.category("delete_file", path="f") is Category.DESTRUCTIVE


async def test_a_link_in_the_place_of_a_made_file_is_not_made(session: Session) -> None:
    await session.run("write_file", path="f", content="one\n")
    (session.ws / "other").write_text("one\n")
    (session.ws / "f").unlink()
    (session.ws / "f").symlink_to("other")
    assert not session.made("f")


async def test_an_edit_of_a_made_file_is_still_in_the_log(session: Session) -> None:
    await session.run("write_file", path="f", content="one\ntwo\n")
    await session.run("edit_file", path="f", old="two", new="three")
    assert session.made("f")
    await session.run("write_file", path="f", content="all new\n")
    assert session.made("f")


async def test_a_secret_that_the_log_does_not_have_makes_no_made_file(session: Session) -> None:
    logged: JsonObject = {"path": "f", "content": "‹redacted:token:0123abcd›"}
    await session.run("write_file", path="f", content="ghp_secret", logged=logged)
    assert not session.made("f")


@pytest.mark.parametrize(
    "command",
    [
        "echo $HOME > f",
        "echo * > f",
        "echo one >> f",
        "for i in 1 2; do echo $i > f; done",
        "date > f",
        "cat > f <<EOF\n$(date)\nEOF",
        "echo -e 'a\\tb' > f",
        "echo one > /tmp/loopdeck-elsewhere",
        "echo one > ../f",
    ],
)
def test_a_command_that_does_not_say_all_of_the_content_makes_nothing(
    session: Session, command: str
) -> None:
    assert "makes" not in session.facts("shell", command=command)


@pytest.mark.parametrize(
    "command",
    ["seq 3 > f", "printf 'a\\tb' > f", "seq 3 | tee f", "mv old f", "cp old f", "cat < old > f"],
)
async def test_the_one_file_that_a_command_makes_goes_into_the_log(
    session: Session, command: str
) -> None:
    (session.ws / "old").write_text("old\n\n+++ b/x\n")
    await session.run("shell", command=command)
    assert session.made("f")
    assert session.category("shell", command="rm f") is Category.WRITE
    (session.ws / "f").write_text("a human's own\n")
    assert session.category("shell", command="rm f") is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command",
    [
        "seq 3 > old",
        "seq 3 >> old",
        "seq 3 > a; seq 3 > f",
        "seq 99999 > f",
        "printf '\\000' > f",
        "mkdir f",
        "cat .env > f",
        "ls nothing > f; rm -f f",
    ],
)
async def test_what_was_there_or_is_too_much_or_may_be_secret_does_not(
    session: Session, command: str
) -> None:
    (session.ws / "old").write_text("old\n")
    (session.ws / ".env").write_text("A=1\n")
    await session.run("shell", command=command)
    assert not session.made("f")
    assert not session.made("old")


def test_a_mark_is_size_and_hash(ws: Path) -> None:
    make: Callable[[str], str] = lambda text: mark_of(text.encode())  # noqa: E731 - short
    assert make("a") != make("b") != make("ab")
    assert not is_still(ws, "missing", make("a"))
    (ws / "d").mkdir()
    assert not is_still(ws, "d", make("a"))


@pytest.fixture
def tracked(session: Session) -> Session:
    """A session in a repository that has one file."""
    (session.ws / "f").write_text("one\ntwo\n")
    git = ("git", "-C", str(session.ws), "-c", "user.name=a", "-c", "user.email=a@b.c")
    for args in (("init", "-q", "-b", "main"), ("add", "f"), ("commit", "-qm", "one")):
        subprocess.run([*git, *args], check=True, capture_output=True)
    return session


PUTS_BACK = ("git checkout -- f", "git checkout f", "git restore f")


@pytest.mark.parametrize("command", PUTS_BACK)
async def test_edits_in_the_log_may_be_taken_back_by_git(tracked: Session, command: str) -> None:
    await tracked.run("edit_file", path="f", old="two", new="three")
    await tracked.run("edit_file", path="f", old="one", new="first")
    assert tracked.category("shell", command=command) is Category.WRITE
    assert tracked.category("shell", command="rm f") is Category.DESTRUCTIVE
    await tracked.run("shell", command=command)
    assert (tracked.ws / "f").read_text() == "one\ntwo\n"


async def test_git_takes_nothing_from_a_file_that_is_as_it_has_it(tracked: Session) -> None:
    assert tracked.category("shell", command="git checkout -- f") is Category.WRITE


async def test_changes_that_only_the_disk_has_are_destroyed(tracked: Session) -> None:
    file = tracked.ws / "f"
    file.write_text("a human's own\n")
    await tracked.run("edit_file", path="f", old="own", new="work")
    assert tracked.category("shell", command="git checkout -- f") is Category.DESTRUCTIVE
    await tracked.run("shell", command="git checkout -- f")
    await tracked.run("edit_file", path="f", old="two", new="three")
    file.write_text(f"{file.read_text()}more\n")
    assert tracked.category("shell", command="git restore f") is Category.DESTRUCTIVE
    await tracked.run("edit_file", path="f", old="three", new="four")
    assert tracked.category("shell", command="git restore f") is Category.DESTRUCTIVE


async def test_an_edit_with_a_secret_is_not_wholly_in_the_log(tracked: Session) -> None:
    logged: JsonObject = {"path": "f", "old": "two", "new": "‹redacted:token:0123abcd›"}
    await tracked.run("edit_file", path="f", old="two", new="ghp_secret", logged=logged)
    assert tracked.category("shell", command="git restore f") is Category.DESTRUCTIVE


async def test_a_file_that_changes_after_the_verdict_stops_the_command(tracked: Session) -> None:
    await tracked.run("edit_file", path="f", old="two", new="three")
    action = tracked.box.prepare("shell", {"command": "git checkout -- f"})
    assert action.assess().category is Category.WRITE
    (tracked.ws / "f").write_text("a human's own\n")
    with pytest.raises(ToolError, match="has changed since it was judged"):
        await action.run(tracked.context)
    assert (tracked.ws / "f").read_text() == "a human's own\n"


async def test_a_branch_is_no_file_that_could_lose_anything(tracked: Session) -> None:
    assert tracked.category("shell", command="git checkout main") is Category.WRITE
    (tracked.ws / "main").write_text("a file")
    assert tracked.category("shell", command="git checkout main") is Category.DESTRUCTIVE


async def test_what_a_command_makes_where_nothing_was_it_may_take_away(session: Session) -> None:
    command = "cat > t.py <<'EOF'\nprint(1)\nEOF\npython3 t.py; rm t.py"
    assert session.category("shell", command=command) is Category.WRITE
    await session.run("shell", command=command)
    assert not (session.ws / "t.py").exists()
    (session.ws / "t.py").write_text("a human's own")
    assert session.category("shell", command=command) is Category.DESTRUCTIVE
