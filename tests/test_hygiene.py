"""Manners of the package: imports do nothing, light commands stay light, files name no machine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

IMPORT_EVERYTHING = """
import importlib, json, os, pkgutil, sys

touched = []

def watch(event, args):
    if event == "open":
        path, mode, flags = args
        if (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            touched.append(f"opens {path} to write")
        elif is_ours(path):
            touched.append(f"reads {path}")
    elif event in ("os.mkdir", "os.remove", "os.rename", "sqlite3.connect", "socket.connect",
                   "subprocess.Popen", "os.putenv"):
        touched.append(f"{event} {args}")

def is_ours(path):
    if str(path).endswith((".py", ".pyc", ".so", ".zip")):
        return False
    frame = sys._getframe(2)
    while frame and "loopdeck" not in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None and "site-packages" not in str(path)

import loopdeck
sys.addaudithook(watch)
names = [module.name for module in pkgutil.walk_packages(loopdeck.__path__, "loopdeck.")]
for name in names:
    importlib.import_module(name)
sys.stderr.write(json.dumps({"names": names, "touched": touched}))
"""

RUN_AND_LIST_MODULES = """
import sys
from loopdeck.cli.main import main

code = main(sys.argv[1:])
heavy = ("textual", "rich", "anthropic", "httpx2", "genai_prices", "watchfiles", "asyncio")
sys.stderr.write(" ".join(name for name in heavy if name in sys.modules) + "\\n")
sys.exit(code)
"""


def run(code: str, *args: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", code, *args],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        cwd=home,
        env={"LOOPDECK_HOME": str(home), "HOME": str(home), "PATH": ""},
    )


def tracked() -> list[Path]:
    """The files of the repository, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_importing_any_module_prints_nothing_and_touches_nothing(tmp_path: Path):
    done = run(IMPORT_EVERYTHING, home=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stderr)
    assert len(report["names"]) > 50
    assert done.stdout == ""
    assert report["touched"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "loaded"),
    [(["--version"], set[str]()), (["sessions", "list"], {"asyncio"})],
    ids=["version", "sessions list"],
)
def test_a_light_command_loads_no_heavy_library(
    command: list[str], loaded: set[str], tmp_path: Path
):
    done = run(RUN_AND_LIST_MODULES, *command, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(done.stderr.splitlines()[-1].split()) <= loaded


HOSTS = re.compile(r"(py" r"pi|python" r"hosted|npm" r"js|anaconda)\.(org|com)", re.IGNORECASE)


def test_no_file_names_a_package_registry():
    offenders = [_name(path) for path in tracked() if HOSTS.search(_text(path))]
    assert not offenders


def test_no_file_names_this_checkout_or_this_home():
    mine = [str(ROOT) + "/", str(Path.home()) + "/.", sys.prefix]
    offenders = [_name(path) for path in tracked() if any(part in _text(path) for part in mine)]
    assert not offenders


def test_the_locks_name_no_place_and_pin_every_package_by_hash():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.split(r"\n(?=\S)", text)
        unpinned = [pin for pin in pins if not pin.startswith("#") and "--hash=sha256:" not in pin]
        assert not unpinned


def test_both_locks_agree():
    text = {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    run_pins, dev_pins = (set(re.findall(r"^\S+==\S+", lock, re.M)) for lock in text.values())
    assert run_pins
    assert run_pins <= dev_pins


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
