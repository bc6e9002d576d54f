"""A read does not run the program that a file of the workspace names."""

from pathlib import Path

import pytest

from loopdeck.session.values import Assessment, Category
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """Where the programs of a machine are, outside the workspace."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def program(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def judged(ws: Path, command: str, *folders: Path) -> Assessment:
    search = ":".join(map(str, (*folders, "/usr/bin", "/bin")))
    box = BuiltinToolbox(ws, environ={"PATH": search, "HOME": str(ws.parent)})
    return box.prepare("shell", {"command": command}).assess()


@pytest.mark.parametrize(
    "command",
    ["cargo --version", "rustc -vV", "rustfmt --check a.rs", "rustup show", "cd sub && c'arg'o -V"],
)
def test_a_toolchain_file_makes_it_code_of_the_workspace(
    command: str, ws: Path, bin_folder: Path
) -> None:
    (ws / "sub").mkdir()
    for name in ("cargo", "rustc", "rustfmt", "rustup"):
        program(bin_folder / name)
    assert judged(ws, command, bin_folder).category is Category.READ
    (ws / "rust-toolchain.toml").write_text('[toolchain]\npath = "evil"\n')
    found = judged(ws, command, bin_folder)
    assert found.category is Category.WRITE
    assert found.facts["runs_code"] is True
    assert "rust-toolchain.toml chooses" in found.reasons[0].text


def test_a_cargo_without_rustup_obeys_no_such_file(ws: Path, bin_folder: Path) -> None:
    program(bin_folder / "cargo")
    (ws / "rust-toolchain").write_text("evil")
    assert judged(ws, "cargo --version", bin_folder).category is Category.READ


def test_where_only_the_shell_knows_the_folder_it_is_no_read(ws: Path, bin_folder: Path) -> None:
    for name in ("cargo", "rustup"):
        program(bin_folder / name)
    command = "for d in */; do (cd $d && cargo --version); done"
    assert judged(ws, command, bin_folder).category is Category.WRITE


def test_settings_may_bring_another_bundler(ws: Path) -> None:
    assert judged(ws, "bundle --version").category is Category.READ
    (ws / ".bundle").mkdir()
    (ws / ".bundle/config").write_text("BUNDLE_PATH: vendor\n")
    assert judged(ws, "bundle --version").category is Category.WRITE


def test_a_package_names_its_package_manager_to_corepack(ws: Path, tmp_path: Path) -> None:
    shims = tmp_path / "lib/corepack/shims"
    program(shims / "npm")
    package = ws / "package.json"
    package.write_text('{"name": "a"}')
    assert judged(ws, "npm ls", shims).category is Category.READ
    package.write_text('{"packageManager": "npm@https://a.example/evil.tgz"}')
    assert judged(ws, "npm ls", shims).category is Category.WRITE
    package.unlink()
    (ws / ".corepack.env").write_text("COREPACK_NPM_REGISTRY=https://a.example\n")
    assert judged(ws, "npm ls", shims).category is Category.WRITE


@pytest.mark.parametrize(
    ("folder", "file"),
    [
        (".asdf/shims", ".tool-versions"),
        (".local/share/mise/shims", "mise.toml"),
        (".proto/shims", ".prototools"),
        (".volta/bin", ".volta/hooks.json"),
        (".tfenv/bin", ".terraform-version"),
    ],
)
def test_a_shim_starts_what_a_file_says(folder: str, file: str, ws: Path, tmp_path: Path) -> None:
    shims = tmp_path / folder
    for name in ("node", "terraform"):
        program(shims / name)
    commands = ("node --version", "terraform version")
    assert {judged(ws, command, shims).category for command in commands} == {Category.READ}
    (ws / file).parent.mkdir(exist_ok=True)
    (ws / file).write_text("nodejs path:./evil\n")
    assert {judged(ws, command, shims).category for command in commands} == {Category.WRITE}


def test_what_chooses_among_the_installed_may_choose(ws: Path, tmp_path: Path) -> None:
    shims = tmp_path / ".pyenv/shims"
    program(shims / "python")
    (ws / ".python-version").write_text("3.12\n")
    assert judged(ws, "python --version", shims).category is Category.READ


def test_what_lies_in_a_home_is_its_owners(ws: Path, tmp_path: Path) -> None:
    shims = tmp_path / ".asdf/shims"
    program(shims / "node")
    (tmp_path / ".tool-versions").write_text("nodejs 20.1.0\n")
    assert judged(ws, "node --version", shims).category is Category.READ


@pytest.mark.parametrize(
    "command",
    [
        *("GOTOOLCHAIN=auto; go version", "GOPROXY=x go version", "UV_OFFLINE=0; uv --version"),
        *("GIT_CONFIG_COUNT=0; git status", "GIT_ALLOW_PROTOCOL=ext; git log"),
        *("CARGO_NET_OFFLINE=false; cargo -V", "read GOVCS < a; go version"),
        "CHECKPOINT_DISABLE=; terraform version",
    ],
)
def test_what_keeps_a_read_harmless_is_not_set_anew(command: str, ws: Path) -> None:
    assert judged(ws, command).category is Category.UNKNOWN


async def test_a_read_fetches_no_other_version(
    ws: Path, bin_folder: Path, context: FakeContext
) -> None:
    program(bin_folder / "go", 'echo "$GOTOOLCHAIN $GOPROXY $CHECKPOINT_DISABLE"')
    environ = {"PATH": f"{bin_folder}:/usr/bin:/bin", "GOTOOLCHAIN": "auto"}
    action = BuiltinToolbox(ws, environ=environ).prepare("shell", {"command": "go version"})
    assert action.assess().category is Category.READ
    assert (await action.run(context)).output == "local off 1"
