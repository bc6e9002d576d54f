"""What the doctor says of sandboxes: which one holds here, what fails, and how to mend it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from loopdeck.tools.commands.probe import probe, remembered
from loopdeck.tools.commands.trial import Trial
from loopdeck.tools.sandbox.backend import Backend

_INSTALL: Mapping[str, str] = {
    "debian": "apt install bubblewrap",
    "ubuntu": "apt install bubblewrap",
    "fedora": "dnf install bubblewrap",
    "rhel": "dnf install bubblewrap",
    "suse": "zypper install bubblewrap",
    "arch": "pacman -S bubblewrap",
    "alpine": "apk add bubblewrap",
}
_SHUT = "Until then levels 4 and 5 stay shut."


class Signs(NamedTuple):
    """The files that tell what kind of machine this is."""

    release: Path = Path("/etc/os-release")
    containers: tuple[Path, ...] = (Path("/.dockerenv"), Path("/run/.containerenv"))
    apparmor: Path = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


_USUAL = Signs()


class Said(NamedTuple):
    """A state, a sentence, and the next step."""

    state: Literal["ok", "note", "bad"]
    says: str
    todo: str = ""


class Machine(NamedTuple):
    """What decides the remedy: the system, its family, and what may stand in the way."""

    system: str
    family: tuple[str, ...] = ()
    in_container: bool = False
    restricted: bool = False  # user namespaces are kept from ordinary programs


async def look(home: Path, own: Sequence[Path], system: str, memory: Path | None = None) -> Said:
    """Try the sandboxes now, whatever is remembered of them, and remember that."""
    found = await probe(home, own, memory=memory, anew=True)
    return judge(found.trials, machine(system))


def doubt(level: int, home: Path, own: Sequence[Path], memory: Path) -> tuple[str, str]:
    """What stands between a level and its verdicts, as far as is known without trying, and a hint.

    Empty where a sandbox passed its test.
    """
    known = remembered(home, own, memory)
    inside = f"level {level} is explained as inside a sandbox"
    if known is None:
        return (
            f"{inside}, and no run has tried one here yet.",
            "The first run tries it; `loopdeck doctor` says what it would find.",
        )
    if known.sandbox is None:
        return f"{inside}, and none holds here.", "`loopdeck doctor` says what is missing."
    return "", ""


def judge(trials: Sequence[Trial], here: Machine) -> Said:
    """What the trials mean for a person on this machine."""
    if here.system != "Linux":
        todo = f"Sandboxes for {_name(here.system)} are planned. Levels 1 to 3 work as they are."
        return Said("note", f"not yet on {_name(here.system)}: levels 4 and 5 stay shut", todo)
    passed = next((trial.backend for trial in trials if trial.passed), None)
    if passed is Backend.BUBBLEWRAP:
        return Said("ok", "bubblewrap passed its test")
    missing = next((trial for trial in trials if trial.backend is Backend.BUBBLEWRAP), None)
    todo = remedy(missing, here)
    if passed is not None:
        weaker = "landlock passed its test; bubblewrap would keep more apart"
        return Said("ok", weaker, todo)
    whys = "; ".join(f"{trial.backend}: {trial.says}" for trial in trials)
    return Said("note", f"none holds here ({whys})", f"{todo} {_SHUT}")


def remedy(trial: Trial | None, here: Machine) -> str:
    """The next step towards a bubblewrap that works."""
    if trial is None or trial.says == "it is not installed":
        command = next((_INSTALL[name] for name in here.family if name in _INSTALL), "")
        return f"{command or 'Install the package bubblewrap'}, then ask the doctor again."
    if here.in_container:
        return (
            "A container keeps it from starting: run the container with a seccomp profile that "
            "allows user namespaces (Docker: --security-opt seccomp=unconfined), or work outside."
        )
    if here.restricted:
        return (
            "AppArmor keeps user namespaces from programs here, as Ubuntu does since 23.10: add a "
            "profile with `userns,` for bwrap in /etc/apparmor.d and reload it, or set "
            "kernel.apparmor_restrict_unprivileged_userns=0."
        )
    return "Check that user namespaces are allowed: `bwrap --unshare-all --ro-bind / / true`."


def machine(system: str, signs: Signs = _USUAL) -> Machine:
    """This machine, as far as it can be told from its files."""
    return Machine(
        system,
        _family(_text(signs.release)),
        in_container=any(path.exists() for path in signs.containers),
        restricted=_text(signs.apparmor).strip() == "1",
    )


def _family(release: str) -> tuple[str, ...]:
    """The names of the distribution and of those it is like, nearest first."""
    values = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    named = f"{values.get('ID', '')} {values.get('ID_LIKE', '')}"
    return tuple(named.replace('"', "").split())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _name(system: str) -> str:
    return {"Darwin": "macOS"}.get(system, system)
