"""Programs under measurement: where they live, what they may see, what they cost."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOOPDECK = (sys.executable, "-m", "loopdeck")
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR")


def floor(name: str) -> tuple[str, ...]:
    """The command of a floor program."""
    return (sys.executable, str(HERE / "floors" / f"{name}.py"))


@dataclass(frozen=True)
class Home:
    """A fresh place for one program: its data, its workspace, its environment."""

    folder: Path

    @property
    def data(self) -> Path:
        """Where Loopdeck keeps things."""
        return self.folder / "data"

    @property
    def workspace(self) -> Path:
        """Where an agent works."""
        return self.folder / "workspace"

    def env(self, server: str = "") -> dict[str, str]:
        """Nothing of the user's own settings, so that runs can be compared."""
        env = {key: os.environ[key] for key in KEPT if key in os.environ}
        env |= {
            "HOME": str(self.folder),
            "LOOPDECK_HOME": str(self.data),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none",
            "PYTHONPATH": str(HERE.parent),
        }
        if server:
            env |= {"ANTHROPIC_BASE_URL": server, "ANTHROPIC_API_KEY": "bench"}
            env |= {"OPENAI_BASE_URL": f"{server}/v1", "GOOGLE_GEMINI_BASE_URL": server}
        return env

    def kept(self) -> int:
        """The bytes in Loopdeck's folder."""
        return sum(each.stat().st_size for each in self.data.rglob("*") if each.is_file())


@contextmanager
def fresh_home() -> Generator[Home]:
    """A home that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="loopdeck-bench-"))
    home = Home(folder)
    home.workspace.mkdir()
    try:
        yield home
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(words: Sequence[str], home: Home, *, server: str = "", feed: str = "") -> str:
    """Run to the end; what it wrote on stdout. Raises when it failed."""
    done = subprocess.run(
        words,
        env=home.env(server),
        cwd=home.workspace,
        input=feed,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def wall_ms(words: Sequence[str], env: Mapping[str, str]) -> float:
    """From start to end of a program."""
    began = time.perf_counter()
    subprocess.run(words, env=env, check=True, capture_output=True, timeout=60)
    return 1000 * (time.perf_counter() - began)


def cpu_s(pid: int) -> float:
    """Processor time a running process has used so far, all threads, to the nanosecond (Linux)."""
    return time.clock_gettime((~pid << 3) | 2)


def resident_mb(pid: int) -> float:
    """The most memory the process has held so far (Linux)."""
    text = Path(f"/proc/{pid}/status").read_text()
    (line,) = (each for each in text.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
