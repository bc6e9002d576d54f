"""Repositories that try to run a program of theirs, and the reads of git that let them."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ENV = {
    "PATH": os.environ["PATH"],
    "LC_ALL": "C",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True)
class Trap:
    """A repository's settings and attributes, and a read that springs them."""

    name: str
    settings: tuple[tuple[str, str], ...]
    command: str
    attributes: str = ""
    hook: str = ""


EVIL = "{evil}"
FILTERS = (("filter.x.clean", EVIL), ("filter.x.required", "true"))
TRAPS = (
    Trap("fsmonitor", (("core.fsmonitor", EVIL),), "git status"),
    Trap("fsmonitor on diff", (("core.fsmonitor", EVIL),), "git diff"),
    Trap("external diff", (("diff.external", EVIL),), "git diff"),
    Trap("driver", (("diff.d.command", EVIL),), "git diff", "* diff=d"),
    Trap("driver with a dot", (("diff.d.e.command", EVIL),), "git diff", "* diff=d.e"),
    Trap("driver of log", (("diff.d.command", EVIL),), "git log -p --ext-diff", "* diff=d"),
    Trap("textconv", (("diff.d.textconv", EVIL),), "git diff", "* diff=d"),
    Trap("textconv of show", (("diff.d.textconv", EVIL),), "git show", "* diff=d"),
    Trap("textconv of log", (("diff.d.textconv", EVIL),), "git log -p", "* diff=d"),
    Trap("textconv of blame", (("diff.d.textconv", EVIL),), "git blame f", "* diff=d"),
    Trap("textconv of grep", (("diff.d.textconv", EVIL),), "git grep --textconv one", "* diff=d"),
    Trap("clean filter", FILTERS, "git status; git diff", "* filter=x"),
    Trap("process filter", (("filter.x.process", EVIL),), "git diff", "* filter=x"),
    Trap(
        "smudge filter",
        (("filter.x.smudge", EVIL),),
        "git cat-file --filters HEAD:f",
        "* filter=x",
    ),
    Trap("signature", (("gpg.program", EVIL),), "git log --show-signature"),
    Trap(
        "signature by itself",
        (("gpg.program", EVIL), ("log.showSignature", "true")),
        "git log",
    ),
    Trap(
        "ssh signature",
        (("gpg.ssh.program", EVIL), ("gpg.ssh.allowedSignersFile", EVIL)),
        "git log --show-signature ssh",
    ),
    Trap("hook", (), "git status", hook="post-index-change"),
    Trap("hooks elsewhere", (("core.hooksPath", "hooks"),), "git status", hook="hooks"),
    Trap(
        "a lazy fetch",
        (
            ("extensions.partialClone", "evil"),
            ("remote.evil.url", f"ext::{EVIL} quit"),
            ("remote.evil.promisor", "true"),
            ("protocol.ext.allow", "always"),
        ),
        "git cat-file -p 1111111111111111111111111111111111111111",
    ),
    Trap("an archive", (("tar.x.command", EVIL),), "git archive --format=x HEAD"),
    Trap("a merge driver", (("merge.m.driver", EVIL),), "git merge-tree side HEAD", "* merge=m"),
)


def git(folder: Path, *words: str) -> None:
    """Set something up; must work."""
    name = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *name, *words), cwd=folder, env=ENV, check=True, capture_output=True)


def make_repository(folder: Path) -> Path:
    """Two commits, one of them with a made-up signature, a side branch and a changed file."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "f").write_text("one\n")
    git(folder, "add", "f")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "checkout", "-q", "-b", "side")
    (folder / "f").write_text("one\nside\n")
    git(folder, "commit", "-qam", "side")
    git(folder, "checkout", "-q", "main")
    (folder / "f").write_text("one\ntwo\n")
    git(folder, "commit", "-qam", "second")
    _sign(folder, "PGP SIGNATURE")
    git(folder, "branch", "ssh")
    (folder / "f").write_text("one\ntwo\nthree\n")
    return folder


def _sign(folder: Path, kind: str, branch: str = "main") -> None:
    raw = subprocess.run(
        ("git", "cat-file", "commit", f"{branch}@{{0}}" if branch == "main" else "side"),
        cwd=folder,
        env=ENV,
        check=True,
        capture_output=True,
    ).stdout
    head, _, message = raw.partition(b"\n\n")
    lines = f"-----BEGIN {kind}-----\n \n x\n -----END {kind}-----"
    signed = head + b"\ngpgsig " + lines.encode() + b"\n\n" + message
    made = (
        subprocess.run(
            ("git", "hash-object", "-t", "commit", "-w", "--stdin"),
            cwd=folder,
            env=ENV,
            check=True,
            input=signed,
            capture_output=True,
        )
        .stdout.decode()
        .strip()
    )
    git(folder, "update-ref", f"refs/heads/{branch}", made)


def set_trap(folder: Path, trap: Trap, *, where: Path | None = None) -> Path:
    """Set a repository's settings; returns the file that exists once one of them ran."""
    marker = folder.parent / "it-ran"
    evil = folder.parent / "evil"
    evil.write_text(
        f'#!/bin/sh\ntouch {marker}\n[ "$1" = quit ] && exit 1\ncat "$1" 2>/dev/null || cat\n'
    )
    evil.chmod(0o755)
    for key, value in trap.settings:
        git(where or folder, "config", key, value.replace(EVIL, str(evil)))
    if trap.attributes:
        (folder / ".git/info").mkdir(exist_ok=True)
        (folder / ".git/info/attributes").write_text(trap.attributes + "\n")
    if trap.hook:
        hooks = folder / ("hooks" if trap.settings else ".git/hooks")
        hooks.mkdir(exist_ok=True)
        (hooks / "post-index-change").symlink_to(evil)
    if "ssh" in trap.name:
        _sign(folder, "SSH SIGNATURE", "ssh")
    return marker


def run(folder: Path, command: str, extra: dict[str, str]) -> subprocess.CompletedProcess[str]:
    os.utime(folder / "f")  # so that git looks at the content again
    return subprocess.run(
        ("bash", "-c", command),
        cwd=folder,
        env={**ENV, "HOME": str(folder.parent), **extra},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
