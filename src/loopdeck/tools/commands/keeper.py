"""A keeper: it starts one command, stays with it, and ends all of it when Loopdeck is gone.

What leaves the group of the command comes to the keeper when its parent ends. The keeper ends
everything below itself once the command has ended, or once the other end of its socket is closed,
for whatever reason. Part of the helper, so it loads next to nothing.
"""

import ctypes
import fcntl
import os
import select

from loopdeck.tools.commands.below import children, halt, reap, signal, signal_all, sweep

_NAME = 15  # what `prctl` calls it
_KILL, _TERM = 9, 15
_IGNORED = (13, 25)  # a broken pipe, too large a file: Python ignores them, a command must not
_HALT, _GO = b"h", b"g"  # what it is told beside a wish that the command ends, with a signal
_MOVE, _HIGH = fcntl.F_DUPFD_CLOEXEC, 1_000  # above all numbers that a command asks for
_LOOK_S, _SHORT_LOOK_S = 1.0, 0.02


def keep(
    libc: ctypes.CDLL, made: list[bytes], order: int, output: int, control: int, *passed: int
) -> bool:
    """Start one command and stay with it to its end; whether nothing is left of it."""
    (above, name, folder, *numbers), words, variables, made[:] = _read(order)
    env = {key: value for key, _, value in (line.partition(b"=") for line in variables)}
    libc.prctl(_NAME, name, 0, 0, 0)
    if not _is_wanted(control):
        return True
    try:
        os.chdir(folder)
        command = _spawn(words, env, output, dict(zip(map(int, numbers), passed, strict=True)))
    except OSError as error:
        _say(control, b"e%d" % (error.errno or 0))
        return True
    finally:
        os.chdir("/")  # who is at work in that folder is the command, and not its keeper
    _say(control, b"s")
    ended = _wait(control, command, int(above))
    is_clean = sweep(ended)
    _say(control, b"x%d" % os.waitstatus_to_exitcode(ended.get(command, _KILL)))
    return is_clean


def _is_wanted(control: int) -> bool:
    """Whether a command is to begin, once Loopdeck is not stopped; nothing else is said before."""
    word = _GO
    while word == _HALT or (word == _GO and is_ready(control)):
        word = _heard(control)[:1]
    return word == _GO


def _spawn(words: list[bytes], env: dict[bytes, bytes], output: int, passed: dict[int, int]) -> int:
    """Start the command, with these handles and no others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    wanted = {0: nothing, 1: output, 2: output, **passed}
    # First out of the way of all numbers that the command asks for.
    moved = {number: fcntl.fcntl(it, _MOVE, _HIGH) for number, it in wanted.items()}
    actions = [(os.POSIX_SPAWN_DUP2, it, number) for number, it in moved.items()]
    pid = os.posix_spawn(
        words[0], words, env, file_actions=actions, setsid=True, setsigdef=_IGNORED, setsigmask=()
    )
    for handle in (nothing, *moved.values()):
        os.close(handle)
    return pid


def _read(order: int) -> list[list[bytes]]:
    """An order: four lists, each a number of words and the words."""
    with os.fdopen(os.dup(order), "rb") as file:
        words = iter(file.read().split(b"\0"))
    return [[next(words) for _ in range(int(next(words)))] for _ in range(4)]


def _wait(control: int, command: int, above: int) -> dict[int, int]:
    """Until the command has ended, or whoever waits for it wants no more of it."""
    ended, halted = dict[int, int](), list[int]()
    watched, pause = [control], _LOOK_S
    try:
        watched.append(os.pidfd_open(command))
    except OSError:
        pause = _SHORT_LOOK_S  # a kernel that does not tell
    while command not in ended:
        select.select(watched, [], [], pause)
        reap(ended)  # whoever came to the keeper and ended, too
        if command not in ended and is_ready(control):
            if not (word := _heard(control)):
                break
            _obey(word, above, halted)
    for handle in watched[1:]:
        os.close(handle)
    return ended


def is_ready(control: int) -> bool:
    """Whether something was said, or the other end is closed."""
    return bool(select.select([control], [], [], 0)[0])


def _heard(control: int) -> bytes:
    """What was said; nothing once the other end is closed."""
    try:
        return os.read(control, 16)
    except OSError:
        return b""


def _obey(word: bytes, above: int, halted: list[int]) -> None:
    """Have it stop, with all that it started, and go on, the last one first.

    Or ask all to end that is below so many processes of a sandbox.
    """
    if word[:1] == _HALT:
        while halt(int(word[1:]), halted):
            continue  # whoever was born meanwhile, too
    elif word[:1] == _GO:
        while halted:
            signal(halted.pop(), int(word[1:]))
    else:
        found = children(os.getpid())
        for _ in range(above):
            found = [child for pid in found for child in children(pid)]
        signal_all(found, _TERM)


def clear(made: list[bytes]) -> None:
    """Remove the empty folders of the last command's sandbox, if Loopdeck did not live to do it."""
    for folder in reversed(made):
        try:
            os.rmdir(folder)  # noqa: PTH106 - a `Path` takes longer to load than all of this
        except OSError:
            continue  # something is in it, or it is gone


def _say(control: int, message: bytes) -> None:
    try:
        os.write(control, message)
    except OSError:
        return  # nobody listens any more
