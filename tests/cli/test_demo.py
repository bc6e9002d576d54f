"""A demo's workspace is fresh, private and complete, and its check says what is wrong."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from loopdeck.cli.config import McpServer, McpSettings, Settings
from loopdeck.cli.demo import RECIPES, Demo, prepare
from loopdeck.cli.mcp.board import Board
from loopdeck.cli.options.commands import parser
from loopdeck.cli.places import places
from loopdeck.cli.runs.starting import begin_run, open_workshop
from loopdeck.cli.work.run import Manner
from loopdeck.errors import UsageError, WorkspaceError
from loopdeck.models.scripted import SCRIPTS

GOOD = {
    "ada-hour": 'Hi Noor,\n\non Ada Hour, episode 41, "Loops all the way down", was true.\n',
    "loop-talk": 'Dear Priya,\n\nLoop Talk had episode 102, "Hunting", last month.\n',
    "crumb": 'Hello Hector,\n\nEpisode 202, "Starter custody", is why I like Crumb.\n',
}


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return prepare("pitches", tmp_path)


def check(demo: Demo, drafts: dict[str, str]) -> tuple[int, str]:
    """Run the check on these drafts."""
    folder = demo.workspace / "drafts"
    folder.mkdir()
    for name, text in drafts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "check.py"],
        cwd=demo.workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_demo_has_a_script_a_goal_and_a_private_folder(name: str, tmp_path: Path) -> None:
    demo = prepare(name, tmp_path)
    assert demo.model == f"scripted:{name}"
    assert name in SCRIPTS
    assert demo.goal
    assert demo.check.startswith("python3 ")
    assert demo.workspace.name.startswith(f"loopdeck-demo-{name}-")
    assert stat.S_IMODE(demo.workspace.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", list(RECIPES))
def test_no_file_keeps_the_suffix_of_its_source(name: str, tmp_path: Path) -> None:
    workspace = prepare(name, tmp_path).workspace
    files = [path for path in workspace.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if path.suffix == ".txt"]


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    assert prepare("bugfix", tmp_path).workspace != prepare("bugfix", tmp_path).workspace


def test_an_unknown_demo_names_those_that_exist() -> None:
    with pytest.raises(UsageError) as caught:
        prepare("opera")
    assert "pitches" in caught.value.hint
    assert "bugfix" in caught.value.hint


def test_a_place_that_cannot_hold_it_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="cannot be made"):
        prepare("bugfix", tmp_path / "missing")


def test_every_show_is_whole_and_in_the_index(demo: Demo) -> None:
    folder = demo.workspace / "shows"
    index = (folder / "index.md").read_text("utf-8")
    shows = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    titles = [show["title"] for show in shows]
    assert len(shows) == len(set(titles)) == 25
    for show in shows:
        numbers = [episode["number"] for episode in show["episodes"]]
        assert 3 <= len(numbers) == len(set(numbers)) <= 5
        assert f"| {show['title']} | {show['host']} |" in index
        assert not any('"' in episode["title"] for episode in show["episodes"])


def test_three_true_drafts_pass(demo: Demo) -> None:
    code, output = check(demo, GOOD)
    assert code == 0
    assert "3 drafts, 3 citations" in output


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("episode 41", "episode 40", "but it is episode 41"),
        ("Loops all the way down", "Loops all the way up", "which Ada Hour does not have"),
        ('episode 41, "Loops all the way down"', "an episode", "cites no episode"),
        ("Hi Noor", "Hi Nora", "does not greet Noor"),
        ("Ada Hour", "your show", "names 0 shows"),
        ("was true", "was true, and Loop Talk", "names 2 shows"),
    ],
)
def test_each_fault_of_a_draft_is_named(demo: Demo, old: str, new: str, said: str) -> None:
    code, output = check(demo, GOOD | {"ada-hour": GOOD["ada-hour"].replace(old, new)})
    assert code == 1
    assert output.startswith("drafts/ada-hour.md: ")
    assert said in output


def test_a_missing_draft_is_named(demo: Demo) -> None:
    code, output = check(demo, {"crumb": GOOD["crumb"]})
    assert code == 1
    assert "there are 1, and 3 are wanted" in output


def test_the_test_of_the_other_demo_fails_as_it_should(tmp_path: Path) -> None:
    demo = prepare("bugfix", tmp_path)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "unittest", "-q"],
        cwd=demo.workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "'2m 30s' != '1m 30s'" in done.stderr


@pytest.mark.parametrize(
    ("words", "starts"),
    [(("demo",), False), (("run", "go", "--model", "http://127.0.0.1:9#any"), True)],
)
async def test_a_demo_starts_none_of_its_persons_servers(
    words: tuple[str, ...], starts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPDECK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    dies = McpServer(command=sys.executable, args=["-c", "raise SystemExit('oops')"])
    unset = McpServer(command=sys.executable, env={"KEY": "${NOBODY_SETS_THIS}"})
    settings = Settings(mcp=McpSettings(servers={"dies": dies, "unset": unset}))
    args = parser().parse_args(words)
    async with open_workshop(places(args), settings) as workshop:
        run = await begin_run(workshop, args, Manner())
        assert isinstance(run.servers, Board)
        assert (run.servers.begin() is not None) is starts
        assert any("NOBODY_SETS_THIS" in notice for notice in run.notices) is starts
        await run.halt()
