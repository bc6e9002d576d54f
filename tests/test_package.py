"""The wheel people install: built offline, put into an empty environment, run from there."""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from loopdeck.session.codec import load_record
from loopdeck.session.events import SessionEnded
from loopdeck.session.invariants import problems

ROOT = Path(__file__).parents[1]
ALLOW_ALL = [
    word
    for category in ("write", "network", "destructive", "unknown")
    for word in ("--allow", f"category({category})")
]


def call(*words: str | Path, cwd: Path, timeout: float = 50) -> str:
    """Run a program in a home of its own and return what it printed."""
    env = {
        "HOME": str(cwd),
        "LOOPDECK_HOME": str(cwd / "home"),
        "TMPDIR": str(cwd),
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        words, cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder)]
    call(*build, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `loopdeck` command of an environment that has the wheel and sees its dependencies."""
    place = tmp_path_factory.mktemp("installed")
    call(sys.executable, "-m", "venv", "--without-pip", place / "env", cwd=place)
    python = place / "env" / "bin" / "python"
    if importlib.util.find_spec("pip"):
        tool = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    else:
        tool = [shutil.which("uv") or "uv", "pip", "install", "--python", str(python)]
    call(*tool, "--quiet", "--no-deps", "--no-index", wheel, cwd=place)
    site = Path(call(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=place))
    # A plain path: the editable install beside the dependencies is not followed from here.
    (Path(str(site).strip()) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return place / "env" / "bin" / "loopdeck"


def test_the_wheel_holds_the_themes_the_recordings_and_the_type_marker(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("themes", "sessions"):
        shipped = {path.name for path in (ROOT / folder).iterdir() if path.suffix != ".py"}
        assert shipped
        assert {f"loopdeck/{folder}/{name}" for name in shipped} <= set(names)
    assert "loopdeck/py.typed" in names
    page = {path.name for path in (ROOT / "src/loopdeck/exporting/web").iterdir()}
    assert {f"loopdeck/exporting/web/{name}" for name in page} <= set(names)
    assert not [name for name in names if name.startswith("tests")]


def test_the_installed_command_does_not_come_from_the_checkout(installed: Path, tmp_path: Path):
    code = "import loopdeck; print(loopdeck.__file__)"
    where = call(installed.with_name("python"), "-c", code, cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parents[1])


@pytest.mark.parametrize("demo", ["pitches", "bugfix"])
def test_a_demo_runs_headless_from_the_wheel_to_a_checked_end(
    demo: str, installed: Path, tmp_path: Path
):
    printed = call(installed, "demo", demo, "--headless", "--json", *ALLOW_ALL, cwd=tmp_path)
    records = [load_record(line) for line in printed.splitlines()]
    assert list(problems(records)) == []
    end = records[-1].event
    assert isinstance(end, SessionEnded)
    assert (end.outcome, end.verified) == ("done", "checked")
    listed = call(installed, "sessions", "list", "--json", cwd=tmp_path)
    assert records[0].session in listed
