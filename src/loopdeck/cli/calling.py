"""Calls the human through their terminal and through a command of their own."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence

from loopdeck.cli.outside import program_outside
from loopdeck.errors import UsageError

_LONGEST_S = 10.0
_ESC, _BELL = "\x1b", "\x07"
_HINT = "It is `notify` in the config file; docs/config.md says how it is called."
_BY_777 = ("rxvt", "foot", "ghostty")  # they know OSC 777; most others that know any know OSC 9


class TerminalCaller:
    """Title, bell and notice as sequences for this terminal; the command gets the words last."""

    def __init__(
        self, command: Sequence[str], *, bell: bool, env: Mapping[str, str], beside: str = ""
    ) -> None:
        self._command = tuple(command)
        self._bell = bell
        self._env = env
        self._beside = beside  # a workspace, where an agent could have made such a program

    def title(self, words: str) -> str:
        """What tells the terminal the title of its window."""
        return "" if self._is_console else f"{_ESC}]2;{words}{_ESC}\\"

    def ring(self, words: str) -> str:
        """The bell, and a notice in the form that this terminal knows."""
        if not self._bell:
            return ""
        return _BELL if self._is_console else _BELL + self._through(self._notice(words))

    async def run(self, words: str) -> None:
        """Run the command, if there is one, and end it where it takes too long."""
        if not self._command:
            return
        name = self._command[0]
        nothing = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                program_outside(name, self._env, self._beside),
                *self._command[1:],
                words,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                start_new_session=True,
            )
        except OSError as error:
            text = f"The command that calls you, {name}, cannot be started: {error.strerror}."
            raise UsageError(text, _HINT) from error
        try:
            async with asyncio.timeout(_LONGEST_S):
                code = await process.wait()
        except TimeoutError as error:
            text = f"The command that calls you, {name}, took longer than {_LONGEST_S:.0f} s."
            raise UsageError(text, _HINT) from error
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        if code:
            raise UsageError(f"The command that calls you, {name}, ended with code {code}.", _HINT)

    @property
    def _is_console(self) -> bool:
        """Linux's own console, which shows what it does not know."""
        return self._env.get("TERM", "") == "linux"

    def _notice(self, words: str) -> str:
        known = self._env.get("TERM", "").startswith(_BY_777) or "VTE_VERSION" in self._env
        kind = "777;notify;Loopdeck" if known else "9"
        return f"{_ESC}]{kind};{words}{_ESC}\\"

    def _through(self, sequence: str) -> str:
        """Past tmux, which lets the terminal have what is wrapped for it, where it may."""
        if "TMUX" not in self._env:
            return sequence
        return f"{_ESC}Ptmux;{sequence.replace(_ESC, _ESC * 2)}{_ESC}\\"
