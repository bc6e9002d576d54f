"""What a command may touch, as it is read off the disk."""

from pathlib import Path

import pytest

from loopdeck.tools.sandbox.profile import Access, Profile
from loopdeck.tools.sandbox.survey import Request, survey


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a project, a tool and a secret in it."""
    folder = tmp_path / "home"
    for below in ("project/.git/hooks", ".ssh", ".cargo/bin", "bin", ".config/gh"):
        (folder / below).mkdir(parents=True)
    (folder / "project/.git/config").write_text("")
    (folder / ".netrc").write_text("secret")
    return folder


def look(home: Path, request: Request | None = None, *own: Path) -> Profile:
    return survey(request or Request(home / "project"), home=home, own=own)


def test_a_home_is_empty_but_for_tools_and_the_workspace(home: Path) -> None:
    profile = look(home)
    assert profile.access(f"{home}/diary.txt") is Access.PRIVATE
    assert profile.access(f"{home}/.ssh/id") is Access.PRIVATE
    assert profile.access(f"{home}/.cargo/bin/cargo") is Access.READ
    assert profile.access(f"{home}/project/x") is Access.WRITE
    assert profile.access("/usr/bin/env") is Access.READ
    assert profile.access("/etc/passwd") is Access.READ


def test_what_is_deeper_is_laid_later(home: Path) -> None:
    depths = [mount.path.count("/") for mount in look(home).mounts]
    assert depths == sorted(depths)


def test_folders_of_the_search_path_are_shown_unless_they_hold_secrets(home: Path) -> None:
    search = f"{home}/bin:{home}/.ssh:{home}:{home}/.config:relative:{home}/project/bin:/usr/bin"
    (home / "project/bin").mkdir()
    profile = look(home, Request(home / "project", search))
    assert profile.access(f"{home}/bin/tool") is Access.READ
    assert profile.access(f"{home}/.ssh/id") is Access.PRIVATE
    assert profile.access(f"{home}/.config/gh/hosts.yml") is Access.PRIVATE
    assert profile.access(f"{home}/project/bin/x") is Access.WRITE
    assert profile.access(f"{home}/diary.txt") is Access.PRIVATE


def test_a_folder_of_programs_brings_the_toolchain_it_belongs_to(home: Path) -> None:
    (home / "other/.pyenv/shims").mkdir(parents=True)
    search = f"/usr/bin:{home}/other/.pyenv/shims"
    profile = look(home, Request(home / "project", search=search))
    assert profile.access(f"{home}/other/.pyenv/libexec/pyenv") is Access.READ
    assert profile.access(f"{home}/other/notes.txt") is Access.PRIVATE


def test_hooks_and_settings_of_git_are_read_only_and_the_rest_of_it_is_not(home: Path) -> None:
    profile = look(home)
    git = f"{home}/project/.git"
    assert profile.access(f"{git}/hooks/pre-commit") is Access.READ
    assert profile.access(f"{git}/config") is Access.READ
    assert profile.access(f"{git}/index") is Access.WRITE
    assert f"{git}/commondir" in profile.watched
    assert any(mount.path == git for mount in profile.mounts)


def test_submodules_and_hooks_elsewhere_in_the_workspace_are_guarded(home: Path) -> None:
    project = home / "project"
    module = project / ".git/modules/lib"
    (module / "hooks").mkdir(parents=True)
    (module / "config").write_text("")
    (module / "HEAD").write_text("")
    (project / ".husky").mkdir()
    (project / ".git/config").write_text("[core]\n\thooksPath = .husky\n")
    profile = look(home)
    assert profile.access(f"{module}/hooks/pre-commit") is Access.READ
    assert profile.access(f"{module}/config") is Access.READ
    assert profile.access(f"{project}/.husky/pre-commit") is Access.READ


def test_a_hooks_path_out_of_the_workspace_opens_nothing(home: Path) -> None:
    (home / "project/.git/config").write_text(f"[core]\n\thooksPath = {home}/.ssh\n")
    assert look(home).access(f"{home}/.ssh/id") is Access.PRIVATE


def test_missing_names_that_others_obey_are_sealed(home: Path) -> None:
    profile = look(home)
    vscode = f"{home}/project/.vscode"
    assert profile.access(f"{vscode}/tasks.json") is Access.SEALED
    assert vscode in profile.made
    assert f"{home}/project/.git" not in profile.made


def test_a_link_in_place_of_such_a_name_is_watched(home: Path) -> None:
    (home / "project/.vscode").symlink_to(home / ".ssh")
    profile = look(home)
    assert f"{home}/project/.vscode" in profile.watched
    assert profile.access(f"{home}/.ssh/id") is Access.PRIVATE


def test_a_read_needs_no_guards_as_nothing_can_be_written(home: Path) -> None:
    profile = look(home, Request(home / "project", writes=False))
    assert profile.access(f"{home}/project/x") is Access.READ
    assert profile.made == profile.watched == ()


def test_our_own_folders_are_hidden_wherever_they_are(home: Path, tmp_path: Path) -> None:
    own, inside = tmp_path / "own", home / "project/own"
    own.mkdir()
    inside.mkdir()
    profile = look(home, None, own, inside, home / "project")
    assert profile.access(f"{own}/loopdeck.db") is Access.SEALED
    assert profile.access(f"{inside}/loopdeck.db") is Access.SEALED
    assert profile.access(f"{home}/project/x") is Access.WRITE


def test_a_home_as_the_workspace_still_keeps_its_secrets(home: Path) -> None:
    (home / ".bashrc").write_text("")
    (home / ".claude").mkdir()
    (home / ".claude/history.jsonl").write_text("{}")
    (home / ".config/rclone").mkdir(parents=True)
    profile = look(home, Request(home))
    assert profile.access(f"{home}/.claude/history.jsonl") is Access.SEALED
    assert profile.access(f"{home}/.config/rclone/rclone.conf") is Access.SEALED
    assert profile.access(f"{home}/notes.txt") is Access.WRITE
    assert profile.access(f"{home}/.ssh/id") is Access.SEALED
    assert profile.access(f"{home}/.netrc") is Access.BLANK
    assert profile.access(f"{home}/.bashrc") is Access.READ


def test_a_workspace_reached_through_a_link_is_what_it_leads_to(home: Path) -> None:
    (home / "short").symlink_to("project")
    profile = look(home, Request(home / "short"))
    assert profile.workspace == str(home / "project")


def test_extra_places_can_be_written(home: Path, tmp_path: Path) -> None:
    extra = tmp_path / "cache"
    extra.mkdir()
    profile = look(home, Request(home / "project", extra=(extra,)))
    assert profile.access(f"{extra}/x") is Access.WRITE


def test_empty_folders_of_another_sandbox_count_as_missing(home: Path) -> None:
    ours, theirs = home / "project/.vscode", home / "project/.idea"
    ours.mkdir()
    theirs.mkdir()
    profile = survey(Request(home / "project"), home=home, ours={str(ours)})
    assert profile.access(f"{ours}/x") is profile.access(f"{theirs}/x") is Access.SEALED
    assert str(ours) in profile.made
    assert str(theirs) not in profile.made
    assert str(theirs) in profile.empty


def test_beside_others_nothing_is_laid_down_or_put_back_and_all_of_git_is_read_only(
    home: Path,
) -> None:
    alone = look(home)
    assert alone.made
    assert alone.access(f"{home}/project/.git/index") is Access.WRITE
    beside = look(home, Request(home / "project", lasting=True))
    assert (beside.made, beside.watched) == ((), ())
    assert beside.access(f"{home}/project/.git/index") is Access.READ
    assert beside.access(f"{home}/project/src/a.py") is Access.WRITE
