"""Where a command runs, what it is told about it, and what it is told was blocked."""

from pathlib import Path

import pytest

from loopdeck.permissions.shell import Place, read
from loopdeck.session.values import Assessment, Category
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.sandbox.blocked import explain, missing, put_back
from loopdeck.tools.sandbox.confines import as_if_placed, placed
from tests.support.sandboxes import EVERY, MakeYard
from tests.support.tools import FakeContext


def blocked(text: str, code: int = 1, *, network: bool = False, writes: bool = True) -> str:
    return explain(text, code, Backend.BUBBLEWRAP, network=network, writes=writes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("touch: cannot touch '/etc/x': Read-only file system", "blocked a write outside"),
        ("OSError: [Errno 30] EROFS: read-only", "blocked a write outside"),
        ("curl: (6) Could not resolve host: example.com", "blocked the network"),
        ("npm ERR! code EAI_AGAIN", "blocked the network"),
        ("connect: Network is unreachable", "blocked the network"),
        ("connect ECONNREFUSED 127.0.0.1:5432", "perhaps blocked this"),
        ("unshare failed: Operation not permitted", "perhaps the sandbox"),
        ("bash: .mcp.json: Is a directory", "making of a protected file"),
        ("bwrap: Creating new namespace failed", "could not be set up"),
    ],
)
def test_what_looks_blocked_is_said_with_the_way_out(text: str, said: str) -> None:
    sentence = blocked(text)
    assert said in sentence
    assert "outside_sandbox" in sentence


@pytest.mark.parametrize("text", ["AssertionError: 1 != 2", "make: *** Error 1", ""])
def test_what_does_not_look_blocked_is_left_alone(text: str) -> None:
    assert blocked(text) == ""


def test_success_and_a_network_that_was_there_are_no_blocking() -> None:
    assert blocked("Read-only file system", 0) == ""
    assert blocked("Could not resolve host: x", network=True) == ""


def test_a_read_that_wrote_is_told_so() -> None:
    assert "by a plain read" in blocked("Read-only file system", writes=False)


def test_what_was_put_back_is_named() -> None:
    assert put_back(()) == ""
    assert "/w/.mcp.json" in put_back(("/w/.mcp.json",))


@pytest.mark.parametrize("category", list(Category))
def test_leaving_the_sandbox_is_never_harmless(category: Category) -> None:
    found = placed(Assessment(category=category, facts={"hosts": ["x"]}), None, outside=True)
    worst = Category.DESTRUCTIVE if category is Category.DESTRUCTIVE else Category.UNKNOWN
    assert found.category is worst
    assert found.facts == {"hosts": ["x"], "outside_sandbox": True}
    assert "leave the sandbox" in found.reasons[0].text


def test_without_a_sandbox_nothing_is_said_of_one() -> None:
    plain = Assessment(category=Category.WRITE)
    assert placed(plain, None, outside=False) == plain


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("there", [False, True])
def test_what_is_explained_of_a_sandbox_is_what_a_run_in_one_says(
    outside: bool, there: bool
) -> None:
    sandbox = Sandbox(Backend.LANDLOCK, Path("/home/me")) if there else None
    ran = placed(Assessment(category=Category.WRITE), sandbox, outside=outside)
    explained = as_if_placed("shell", ran, sandboxed=there)
    assert explained.facts["sandboxed"] == ran.facts.get("sandboxed", False) == (there > outside)
    assert not as_if_placed("write_file", ran, sandboxed=there).facts["sandboxed"]


@EVERY
async def test_the_verdict_the_preview_and_the_binding_say_where_it_runs(yard: MakeYard) -> None:
    there = await yard()
    action = there.box().prepare("shell", {"command": "true; touch x"})
    facts = action.assess().facts
    assert facts["sandboxed"] is True
    assert facts["sandbox"] == there.sandbox.backend
    preview = action.preview()
    assert preview is not None
    assert preview.note.endswith(", in the sandbox, no network")
    assert action.binding()["confines"] == f"{there.sandbox.backend}, no network, writes"


@EVERY
async def test_outside_it_is_as_it_was_without_one(yard: MakeYard) -> None:
    there = await yard()
    args = {"command": f"echo out > {there.outside}/file", "outside_sandbox": True}
    action = there.box().prepare("shell", args)
    assert "sandboxed" not in action.assess().facts
    assert action.assess().facts["outside_sandbox"] is True
    preview = action.preview()
    assert preview is not None
    assert preview.note.endswith(", OUTSIDE the sandbox")
    assert action.binding()["confines"] == "none"
    assert (await action.run(FakeContext(there.folder / "spool"))).ok
    assert (there.outside / "file").read_text() == "out\n"


@EVERY
async def test_what_was_blocked_is_in_the_result(yard: MakeYard) -> None:
    there = await yard()
    result = await there("echo x > ~/.bashrc; touch /usr/loopdeck-escape")
    assert "sandbox blocked" in result.blocked or "perhaps the landlock" in result.blocked
    assert f"[{result.blocked}]" in result.output


@pytest.mark.parametrize(
    ("command", "beyond"),
    [
        ("cp a /tmp/x && cat /tmp/x", False),
        ("cp -fv a /tmp/x && cat /tmp/x", False),
        ("cp -a a /tmp/x && cat /tmp/x/y", True),
        ("cp -r a /tmp/x && cat /tmp/x/y", True),
        ("cp a /tmp/x && ln -s / /tmp/y && cat /tmp/y", True),
        ("tar xf a -C /tmp/x && cat /tmp/x/y", True),
        ("tar czf /tmp/a.tgz src", False),
        ("tar czf /tmp/a.tgz src && tar tzf /tmp/a.tgz", False),
        ("tar -zcvf /tmp/a.tgz src && ls -l /tmp/a.tgz", False),
        ("tar cf /tmp/a src && tar xf /tmp/a -C /tmp/x", True),
        ("tar cf - src | tar -xf - -C /tmp/x", True),
        ("tar cf /tmp/a src && ln -s / /tmp/y", True),
    ],
)
def test_a_copy_of_what_is_in_a_file_or_in_an_archive_brings_no_link(
    command: str, beyond: bool
) -> None:
    place = Place("/ws", private=lambda path: path.startswith("/tmp/"))
    said, parts = read(command, place)
    found = placed(said, Sandbox(Backend.BUBBLEWRAP, Path("/h")), parts, outside=False)
    assert bool(found.facts.get("outside_workspace")) is beyond


def test_a_copy_of_a_folder_brings_only_the_links_that_are_in_it(tmp_path: Path) -> None:
    for name in ("src/inner", "plain"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a").write_text("x")
    place = Place(str(tmp_path), private=lambda path: path.startswith("/tmp/"))

    def leads_out(command: str) -> bool:
        said, parts = read(command, place)
        found = placed(said, Sandbox(Backend.BUBBLEWRAP, Path("/h")), parts, outside=False)
        return bool(found.facts.get("outside_workspace"))

    copies = (
        "cp -r src /tmp/x",
        "cp -a src plain /tmp/x && cd /tmp/x && ls",
        "cd src && cp -R . /tmp/x",
    )
    for command in copies:
        assert not leads_out(command), command
    for command in (
        "cp -rs src /tmp/x",  # links instead of copies
        "cp -r gone /tmp/x",
        "cp -r $x /tmp/x",
        "ln -s / src/b && cp -r src /tmp/x",
        "cp -r src /tmp/x && ln -s / /tmp/y",
    ):
        assert leads_out(command), command
    (tmp_path / "src/inner/link").symlink_to("/")
    for command in copies:
        assert leads_out(command), command
    assert not leads_out("cp -r plain /tmp/x")


@pytest.mark.parametrize(
    ("command", "backend", "beyond"),
    [
        ("cat /tmp/out.txt", Backend.BUBBLEWRAP, False),
        ("diff notes.md /var/tmp/x", Backend.BUBBLEWRAP, False),
        ("cat /tmp/out.txt", Backend.LANDLOCK, True),
        ("cat /tmp/../etc/hosts", Backend.BUBBLEWRAP, True),
    ],
)
def test_what_others_left_is_read_only_where_it_is_shown(
    command: str, backend: Backend, *, beyond: bool
) -> None:
    place = Place("/ws", private=lambda path: path.startswith(("/tmp/", "/var/tmp/")))
    said, parts = read(command, place)
    found = placed(said, Sandbox(backend, Path("/h")), parts, outside=False)
    assert bool(found.facts.get("outside_workspace")) is beyond


@pytest.mark.parametrize(
    ("output", "code", "backend", "told"),
    [
        ("cat: /tmp/out.txt: No such file or directory", 1, Backend.BUBBLEWRAP, "/tmp is empty"),
        ("[Errno 2] No such file: '/var/tmp/a'", 1, Backend.BUBBLEWRAP, ""),
        ("open '/var/tmp/a': no such file or directory", 1, Backend.BUBBLEWRAP, "/var/tmp is"),
        ("cat: /tmp/ws/a: No such file or directory", 1, Backend.BUBBLEWRAP, ""),
        ("cat: /tmp/out.txt: No such file or directory", 0, Backend.BUBBLEWRAP, ""),
        ("cat: /tmp/out.txt: No such file or directory", 1, Backend.LANDLOCK, ""),
        ("cat: out.txt: No such file or directory", 1, Backend.BUBBLEWRAP, ""),
    ],
)
def test_who_misses_a_file_of_everybodys_folder_is_told_that_it_is_empty(
    output: str, code: int, backend: Backend, told: str
) -> None:
    said = missing(output, code, backend, "/tmp/ws")
    assert told in said
    assert bool(said) is bool(told)
