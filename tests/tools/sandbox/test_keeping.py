"""Commands do not come upon secrets by chance, and what they plant for git does not stay armed."""

import subprocess
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.sandboxes import BUBBLEWRAP, EVERY, MakeYard, Yard
from tests.support.tools import FakeContext

SECRET = "Zq8vXw2LpT9kRm4NbVc7"
WHO = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
EVIL = "[core]\n\tfsmonitor = touch {marker}; false\n"


def furnish(there: Yard) -> None:
    """Secrets beside ordinary files."""
    (there.workspace / ".env").write_text(f"API_KEY={SECRET}\n")
    (there.workspace / "a.txt").write_text("hello\n")
    (there.workspace / "config").mkdir()
    (there.workspace / "config/server.pem").write_text(SECRET)


async def ran(there: Yard, command: str, box: BuiltinToolbox | None = None) -> str:
    """What a plain read printed; it is asserted that it is one."""
    action = (box or there.box()).prepare("shell", {"command": command})
    assert action.assess().category == "read", command
    return (await action.run(FakeContext(there.folder / "spool"))).output


@EVERY
async def test_a_read_of_whatever_is_there_shows_no_secret(yard: MakeYard) -> None:
    there = await yard()
    furnish(there)
    for command in ("grep -r '' .", "cat $(ls -A)", "find . -type f | xargs cat"):
        text = await ran(there, command)
        assert SECRET not in text
        assert "hello" in text


@BUBBLEWRAP
async def test_what_is_covered_says_why(yard: MakeYard) -> None:
    there = await yard()
    furnish(there)
    assert "kept from this command" in await ran(there, "grep -r kept .")
    assert (there.workspace / ".env").read_text() == f"API_KEY={SECRET}\n"


@EVERY
async def test_a_secret_that_is_named_is_shown_once_it_is_approved(yard: MakeYard) -> None:
    there = await yard()
    furnish(there)
    action = there.box().prepare("shell", {"command": "cat .env"})
    assert action.assess().facts["sensitive"]
    result = await action.run(FakeContext(there.folder / "spool"))
    assert SECRET in result.output


@BUBBLEWRAP
async def test_a_command_that_works_on_the_project_may_use_its_secrets(yard: MakeYard) -> None:
    there = await yard()
    furnish(there)
    assert SECRET in (await there("cat config/server.pem")).output


@BUBBLEWRAP
async def test_what_a_rule_denies_is_covered_for_every_command(yard: MakeYard) -> None:
    there = await yard()
    furnish(there)
    box = BuiltinToolbox(
        there.workspace, sandbox=there.sandbox, hidden=lambda path: path.startswith("config/")
    )
    action = box.prepare("shell", {"command": "true; cat c*/server.pem > copy; cat copy"})
    result = await action.run(FakeContext(there.folder / "spool"))
    assert "config/server.pem: Permission denied" in result.output
    assert (there.workspace / "copy").read_text() == ""


@BUBBLEWRAP
async def test_what_a_rule_denies_can_neither_be_renamed_with_its_folder_nor_committed(
    yard: MakeYard,
) -> None:
    there = await yard()
    furnish(there)
    for words in (("init", "-q"), ("add", "config"), (*WHO, "commit", "-qm", "x")):
        git(there.workspace, *words)
    box = BuiltinToolbox(
        there.workspace, sandbox=there.sandbox, hidden=lambda path: path.startswith("config/")
    )
    moves = "import os; os.rename('config', 'other')"
    commit = f"echo b > b.txt; git add -A && git {' '.join(WHO)} commit -m wip"
    for command in (f'python3 -c "{moves}"', "mv config other", commit):
        action = box.prepare("shell", {"command": f"true; {command}"})
        result = await action.run(FakeContext(there.folder / "spool"))
        assert SECRET not in result.output
        assert not (there.workspace / "other/server.pem").exists()
    log = git(there.workspace, "log", "-p", "--format=%s")
    assert "kept from" not in log
    assert log.count("wip") == 0, "git could not read it, said so, and committed nothing"


@BUBBLEWRAP
async def test_the_names_of_covered_files_can_be_listed(yard: MakeYard) -> None:
    there = await yard()
    furnish(there)
    assert ".env" in await ran(there, "ls -A")


def git(folder: Path, *words: str, check: bool = True) -> str:
    """What git prints as a person runs it."""
    command = ("git", "-C", str(folder), *words)
    return subprocess.run(command, check=check, capture_output=True, text=True).stdout


def repository(there: Yard) -> Path:
    """The workspace as a real repository with a file."""
    git(there.workspace, "init", "-q")
    (there.workspace / "a.txt").write_text("hello\n")
    git(there.workspace, "add", "a.txt")
    return there.workspace


@EVERY
async def test_a_repository_that_was_planted_runs_nothing_when_a_person_looks(
    yard: MakeYard,
) -> None:
    there = await yard()
    root, marker = repository(there), there.folder / "owned"
    result = await there(
        "git init -q vendor && git -C vendor -c user.name=a -c user.email=a@b commit -q"
        f" --allow-empty -m x && printf '{EVIL.format(marker=marker)}' >> vendor/.git/config"
    )
    assert "vendor/.git/config" in result.output
    git(root / "vendor", "status", check=False)
    git(root, "status")
    assert not marker.exists()
    assert (root / "vendor/.git/config.kept-by-loopdeck").exists()


@EVERY
async def test_settings_planted_for_a_submodule_run_nothing(yard: MakeYard) -> None:
    there = await yard()
    root, marker = repository(there), there.folder / "owned"
    await there(
        "mkdir -p .git/modules/s s && git init -q --separate-git-dir=.git/modules/s s"
        " && git -C s -c user.name=a -c user.email=a@b commit -q --allow-empty -m x"
        " && git update-index --add --cacheinfo 160000,$(git -C s rev-parse HEAD),s"
        f" && printf '{EVIL.format(marker=marker)}' >> .git/modules/s/config"
    )
    git(root, "status", check=False)
    assert not marker.exists()


@BUBBLEWRAP
@pytest.mark.parametrize("at", ["vendor", "deep/below/vendor"])
async def test_a_bare_repository_that_was_planted_runs_nothing(yard: MakeYard, at: str) -> None:
    there = await yard()
    marker = there.folder / "owned"
    folder = there.workspace / at
    settings = f"[core]\n\trepositoryformatversion = 0\n\tworktree = {folder}\n"
    result = await there(
        f"mkdir -p {at}/objects {at}/refs && echo 'ref: refs/heads/main' > {at}/HEAD"
        f" && printf '{settings}{EVIL.format(marker=marker)}' > {at}/config"
    )
    assert f"{at}/config" in result.output
    git(folder, "status", check=False)
    assert not marker.exists()
    assert (folder / "config.kept-by-loopdeck").exists()


@BUBBLEWRAP
async def test_the_settings_of_a_repository_inside_stay_as_they_were(yard: MakeYard) -> None:
    there = await yard()
    root = repository(there)
    (root / "vendor").mkdir()
    git(root / "vendor", "init", "-q")
    before = (root / "vendor/.git/config").read_text()
    result = await there("echo '[alias]' >> vendor/.git/config")
    assert "Read-only" in result.output
    assert (root / "vendor/.git/config").read_text() == before


@EVERY
async def test_an_ordinary_new_repository_stays_as_it_is(yard: MakeYard) -> None:
    there = await yard()
    result = await there("git init -q vendor")
    assert "kept-by-loopdeck" not in result.output
    git(there.workspace / "vendor", "status")


@EVERY
async def test_a_repository_with_shared_settings_or_in_a_skipped_folder_runs_nothing(
    yard: MakeYard,
) -> None:
    there = await yard()
    root, marker = repository(there), there.folder / "owned"
    evil = EVIL.format(marker=marker)
    commit = "-c user.name=a -c user.email=a@b commit -q --allow-empty -m x"
    await there(
        f"git init -q com && git -C com {commit} && mv com/.git com/g"
        " && mkdir -p s/.git && cp com/g/HEAD s/.git/ && echo ../../com/g > s/.git/commondir"
        f" && git add s; printf '{evil}' >> com/g/config"
    )
    await there(
        f"git init -q node_modules/n && git -C node_modules/n {commit}"
        f" && git add -f node_modules/n; printf '{evil}' >> node_modules/n/.git/config"
    )
    git(root, "status", check=False)
    assert not marker.exists()


@EVERY
async def test_a_plain_read_that_fails_is_not_told_of_protected_files(yard: MakeYard) -> None:
    there = await yard()
    action = there.box().prepare("shell", {"command": "cat .git"})
    result = await action.run(FakeContext(there.folder / "spool"))
    assert "protected" not in result.output


@BUBBLEWRAP
async def test_git_puts_everything_aside_without_stopping_half_way(yard: MakeYard) -> None:
    there = await yard()
    root, who = repository(there), "git -c user.name=a -c user.email=a@b"
    (root / "new.txt").write_text("new\n")
    result = await there(f"{who} commit -qm x && {who} stash push -qum w && ls -A && git stash pop")
    assert result.ok, result.output
    assert result.output.splitlines()[:2] == [".git", "a.txt"]
    assert (root / "new.txt").read_text() == "new\n"


@BUBBLEWRAP
async def test_what_is_planted_while_git_tidies_is_taken_away_afterwards(yard: MakeYard) -> None:
    there = await yard()
    root = repository(there)
    result = await there("git clean -fdq; mkdir .claude; echo x > .claude/settings.json")
    assert not (root / ".claude").exists()
    assert "put back" in result.output


@BUBBLEWRAP
async def test_what_everybody_shares_is_the_commands_own_and_no_question(yard: MakeYard) -> None:
    there = await yard()
    scratch = "/tmp/loopdeck-not-there/log"
    command = f"mkdir -p {scratch} && echo one | tee {scratch}/a && rm -r {scratch} && ls /tmp"
    action = there.box().prepare("shell", {"command": command})
    judged = action.assess()
    assert (judged.category, judged.facts.get("outside_workspace")) == ("write", None)
    result = await action.run(FakeContext(there.folder / "spool"))
    assert result.output.startswith("one\n")
    assert "gone with it: keep files in the workspace" in result.output
    assert not Path("/tmp/loopdeck-not-there").exists()
    outside = there.box().prepare("shell", {"command": command, "outside_sandbox": True})
    assert outside.assess().facts["outside_workspace"] is True
    for moving in ("mv a.txt /tmp/x/", "cd /tmp/x && mv {} .", "mv -t /tmp/x a.txt"):
        moved = {"command": moving.format(there.workspace / "a.txt")}
        assert there.box().prepare("shell", moved).assess().category == "destructive"
    seen = there.box().prepare("shell", {"command": "cat /tmp/a"}).assess()
    assert (seen.category, seen.facts.get("outside_workspace")) == ("read", None)  # it is empty
    for linked in (
        "tar xf a.tar -C /tmp/x; rm -r /tmp/x/link/src",
        "cp -a link /tmp/l && echo x > /tmp/l",
        "git worktree add /tmp/w && rm /tmp/w/link/a",
    ):
        brought = there.box().prepare("shell", {"command": linked}).assess()
        assert brought.facts["outside_workspace"] is True
    bare = BuiltinToolbox(there.workspace).prepare("shell", {"command": command}).assess()
    assert (bare.category, bare.facts["outside_workspace"]) == ("destructive", True)


@BUBBLEWRAP
async def test_git_does_not_begin_what_it_could_not_end(yard: MakeYard) -> None:
    there = await yard()
    root, who = repository(there), "git -c user.name=a -c user.email=a@b"
    assert (await there(f"{who} commit -qm x")).ok
    (root / ".vscode").mkdir()
    (root / ".vscode/settings.json").write_text("{}\n")
    (root / "a.txt").write_text("changed\n")
    (root / "new.txt").write_text("new\n")
    with pytest.raises(ToolError, match=r"does not have `.vscode`.*':!.vscode'"):
        await there(f"{who} stash push -qu")
    assert (await there("git stash list")).output == "[no output]"
    spoken = "--allow-empty -qm 'explain git stash -u here'"
    assert (await there(f"{who} commit {spoken}")).ok, "what is only spoken of puts nothing aside"
    result = await there(f"{who} stash push -qu -- . ':!.vscode' && ls -A && git stash pop -q")
    assert result.ok, result.output
    assert "new.txt" not in result.output
    assert (root / "a.txt").read_text() == "changed\n"
    assert (root / "new.txt").read_text() == "new\n"
    (root / ".gitignore").write_text(".vscode\n")
    assert (await there(f"{who} stash -u && git stash pop")).ok, "what is ignored stays anyway"
