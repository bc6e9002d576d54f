"""The command lines of the backends, as values."""

from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.sandbox import bubblewrap, landlock
from loopdeck.tools.sandbox.profile import Access, Limits, Profile, layered
from loopdeck.tools.sandbox.seccomp import assemble

PROFILE = Profile(
    workspace="/home/u/p",
    mounts=layered(
        {
            "/home": Access.SEALED,
            "/home/u": Access.PRIVATE,
            "/home/u/p": Access.WRITE,
            "/home/u/p/.git/hooks": Access.READ,
            "/home/u/p/.vscode": Access.SEALED,
            "/etc/shadow": Access.BLANK,
        }
    ),
    made=("/home/u/p/.vscode",),
    watched=("/home/u/p/.git/commondir",),
    limits=Limits(file_bytes=2048, processes=7),
)


def words(profile: Profile = PROFILE, filter_fd: int | None = None) -> str:
    argv = ("/bin/bash", "-c", "echo hi")
    return "\n".join(bubblewrap.wrap(profile, argv, program="bwrap", filter_fd=filter_fd))


def test_bubblewrap_takes_everything_away_before_it_gives_the_workspace() -> None:
    said = words()
    for part in ("--unshare-all", "--die-with-parent", "--new-session", "--disable-userns"):
        assert part in said
    assert "--cap-drop\nALL" in said
    assert said.index("--ro-bind\n/\n/") < said.index("--tmpfs\n/home/u\n")
    assert said.index("--tmpfs\n/home/u\n") < said.index("--bind\n/home/u/p\n/home/u/p\n")
    assert said.index("--bind\n/home/u/p\n") < said.index("--ro-bind\n/home/u/p/.git/hooks\n")
    assert said.endswith("/bin/bash\n-c\necho hi")


def test_bubblewrap_seals_a_folder_only_when_all_in_it_is_there() -> None:
    said = words()
    assert said.index("--remount-ro\n/home\n") > said.index("--tmpfs\n/home/u/p/.vscode\n")
    assert "--perms\n0555\n--tmpfs\n/home/u/p/.vscode\n" in said


def test_bubblewrap_shares_the_network_only_where_the_profile_says_so() -> None:
    assert "--share-net" not in words()
    assert "--share-net" in words(Profile("/w", (), network=True))


def test_bubblewrap_bounds_the_private_folders_where_it_can(tmp_path: Path) -> None:
    argv = bubblewrap.wrap(PROFILE, ("true",), program="bwrap", room=4096)
    assert "--perms 0755 --size 4096 --tmpfs /home/u " in " ".join(argv)
    assert "--size" not in words()
    program = tmp_path / "bwrap"
    for content, mode, bounds in (("", 0o755, 0), ("--size", 0o755, 1), ("--size", 0o4755, 0)):
        program.write_text(content)
        program.chmod(mode)
        assert bool(bubblewrap.room(str(program))) == bool(bounds)
    assert bubblewrap.room("") == 0


def test_bubblewrap_gets_the_filter_and_the_limits() -> None:
    assert "--seccomp\n9" in words(filter_fd=9)
    assert "--disable-userns" not in words(filter_fd=9)
    assert "--seccomp" not in words()
    assert "ulimit -c 0; ulimit -f 2; ulimit -u 7" in bubblewrap.limiting(PROFILE.limits, 9)


def order_of(profile: Profile) -> JsonObject:
    argv = landlock.wrap(
        profile, ("/bin/bash",), python="python", scratch="/scratch", machine="x86_64"
    )
    assert argv[:3] == ("python", "-I", "-S")
    network, code, file_bytes, _, reads, writes = argv[4:10]
    assert (argv[-1], file_bytes) == ("/bin/bash", str(profile.limits.file_bytes))
    split = 10 + int(reads)
    shown = {"read": argv[10:split], "write": argv[split : split + int(writes)]}
    return {**shown, "network": network == "network", "filter": code}


def test_landlock_shows_the_tree_but_for_what_is_hidden() -> None:
    order = order_of(PROFILE)
    assert "/usr" in order["read"]
    assert not {"/", "/home", "/home/u", "/etc", "/etc/shadow"} & set(order["read"])
    assert {"/home/u/p", "/scratch", "/dev/null"} <= set(order["write"])


def test_landlock_takes_sockets_away_with_the_network() -> None:
    assert order_of(PROFILE)["filter"] == assemble(sockets=False, machine="x86_64").hex()
    online = order_of(Profile("/w", (), network=True))
    assert online["filter"] == assemble(machine="x86_64").hex()


def test_landlock_refuses_where_no_filter_is_known() -> None:
    with pytest.raises(ToolError, match="no filter is known"):
        landlock.wrap(PROFILE, ("/bin/bash",), python="python", scratch="/s", machine="pdp11")


def test_landlock_has_watched_what_it_cannot_guard() -> None:
    assert landlock.guarded(PROFILE) == (
        "/home/u/p/.vscode",
        "/home/u/p/.git/hooks",
        "/home/u/p/.git/commondir",
    )


def test_landlock_refuses_what_it_cannot_hide() -> None:
    mounts = layered({"/w": Access.WRITE, "/w/secret": Access.BLANK})
    with pytest.raises(ToolError, match="cannot hide /w/secret"):
        order_of(Profile("/w", mounts))


def test_a_filter_is_whole_instructions_and_ends_by_allowing() -> None:
    for machine in ("x86_64", "aarch64"):
        code = assemble(machine=machine)
        assert len(code) % 8 == 0
        assert code.endswith(b"\x06\x00\x00\x00\x00\x00\xff\x7f")
        assert len(assemble(sockets=False, machine=machine)) == len(code) + 16
    assert assemble(machine="pdp11") == b""
