"""Commands that mean no good, or are just badly written: each ends, in bounds, and says how."""

import asyncio
import resource
from pathlib import Path

import pytest

from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import Guard
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend
from tests.support.sandboxes import yard_of
from tests.support.tools import FakeContext
from tests.tools.commands.test_shell import gone, until
from tests.tools.conftest import Run

SECRET = "k3ep-this-t0-yourself"


class Guarded(FakeContext):
    """A context that takes secrets out, as the real one does."""

    def guard(self) -> Guard | None:
        return Redactor(b"k" * 32, [SECRET]).stream()


async def guarded(ws: Path, command: str) -> tuple[str, bytes]:
    """What the model gets of a command, and what is kept on the disk."""
    context = Guarded(ws.parent / "spool")
    result = await BuiltinToolbox(ws).prepare("shell", {"command": command}).run(context)
    return result.output, Path(result.full_output).read_bytes()


async def test_megabytes_without_a_line_end_stay_in_bounds(ws: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    output, kept = await guarded(ws, "head -c 6000000 /dev/zero | tr '\\0' x")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert kept == b"x" * 6_000_000
    assert len(output) < 17_000
    assert grown * 1024 < 20_000_000


async def test_a_secret_in_the_middle_of_a_flood_is_found(ws: Path) -> None:
    filler = "head -c 999990 /dev/zero | tr '\\0' x"
    output, kept = await guarded(ws, f"{filler}; printf %s ' {SECRET} '; {filler}")
    assert SECRET.encode() not in kept
    assert SECRET not in output
    assert len(kept) > 1_999_980


async def test_a_million_lines_are_all_kept(run: Run) -> None:
    result = await run("shell", command="seq 1000000")
    assert Path(result.full_output).read_bytes().count(b"\n") == 1_000_000
    assert result.output.endswith("\n1000000")


async def test_there_is_nothing_to_read(run: Run) -> None:
    result = await asyncio.wait_for(run("shell", command="cat; read -r x; echo $?"), 10)
    assert result.output == "1"


async def test_output_that_is_closed_early_holds_nothing_up(ws: Path, run: Run) -> None:
    command = "echo before; exec >&- 2>&-; echo $$ > self; while [ ! -e go ]; do :; done"
    running = asyncio.ensure_future(run("shell", command=command))
    await until((ws / "self").exists)
    (ws / "go").touch()
    result = await asyncio.wait_for(running, 10)
    assert (result.ok, result.output) == (True, "before")


async def test_a_family_that_grows_without_end_is_ended(
    ws: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loopdeck.tools.commands.process.GRACE", 0.1)
    grows = 'echo $$ >> born; [ $(wc -l < born) -gt 60 ] && sleep 300; bash "$0" & bash "$0" & wait'
    (ws / "grow.sh").write_text(grows)
    result = await run("shell", command="setsid bash grow.sh & wait", timeout=1)
    assert result.output.startswith("[stopped: it ran longer than 1 s]")
    born = [int(line) for line in (ws / "born").read_text().split()]
    assert len(born) > 20
    for pid in born:
        await gone(pid)


async def test_a_full_tmp_is_the_commands_own(tmp_path: Path) -> None:
    there = await yard_of(Backend.BUBBLEWRAP, tmp_path)
    result = await there("ulimit -f 4096; head -c 9M /dev/zero > /tmp/fill; stat -c %s /tmp/fill")
    assert str(4 << 20) in result.output.splitlines()
    assert not Path("/tmp/fill").exists()
    assert (await there("[ -e /tmp/fill ] || echo gone")).output == "gone"
