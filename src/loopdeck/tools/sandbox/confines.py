"""What surrounds one shell command: the sandbox with or without a network, or nothing."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from loopdeck.permissions.shell import Part
from loopdeck.session.values import Assessment, Category, JsonObject, Reason, listed
from loopdeck.tools.sandbox import blocked
from loopdeck.tools.sandbox.backend import Backend, Launch, Sandbox
from loopdeck.tools.sandbox.sharing import leads_out
from loopdeck.tools.sandbox.survey import Request

_TALKERS = frozenset({"curl", "http", "http.server", "wget"})
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0")

HELD, LEAVES = "sandboxed", "outside_sandbox"
"""The facts that a sandbox holds a command, and that it asks to run outside."""


def placed(
    assessment: Assessment,
    sandbox: Sandbox | None,
    parts: Sequence[Part] = (),
    *,
    outside: bool,
) -> Assessment:
    """The verdict with where the command will run; outside the sandbox nothing is harmless."""
    if outside:
        mild = assessment.category is not Category.DESTRUCTIVE
        return Assessment(
            category=Category.UNKNOWN if mild else assessment.category,
            reasons=(Reason(text="the agent asks to leave the sandbox"), *assessment.reasons),
            facts={**assessment.facts, LEAVES: True},
        )
    if sandbox is None:
        return assessment
    if why := leads_out(assessment, parts, sandbox.backend):
        reasons = (*assessment.reasons, Reason(text=why))
        beyond = _with_facts(assessment, {"outside_workspace": True})
        assessment = beyond.model_copy(update={"reasons": reasons})
    return _with_facts(assessment, {HELD: True, "sandbox": str(sandbox.backend)})


def kept_in(
    assessment: Assessment, parts: Sequence[Part], sandbox: Sandbox | None, *, outside: bool
) -> Assessment:
    """The verdict on a command that starts a server and asks it: both are alone in a sandbox.

    Without a network of its own it reaches what it started itself, and nothing else.
    """
    hosts = listed(assessment.facts, "hosts")
    alone = sandbox is not None and sandbox.backend is Backend.BUBBLEWRAP and not outside
    talking = [part.words[0] for part in parts if part.category is Category.NETWORK]
    if not (
        alone and hosts and assessment.facts.get("background") and _TALKERS.issuperset(talking)
    ):
        return assessment
    if assessment.category is not Category.NETWORK or not all(map(_LOOPBACK.fullmatch, hosts)):
        return assessment
    reason = Reason(text="without a network it reaches what it starts itself, and nothing else")
    return assessment.model_copy(
        update={"category": Category.WRITE, "reasons": (reason, *assessment.reasons)}
    )


def as_if_placed(tool: str, assessment: Assessment, *, sandboxed: bool) -> Assessment:
    """The verdict as it would be with a sandbox here, or without: only commands run in one."""
    held = sandboxed and tool == "shell" and not assessment.facts.get(LEAVES)
    return _with_facts(assessment, {HELD: held})


def _with_facts(assessment: Assessment, facts: JsonObject) -> Assessment:
    return assessment.model_copy(update={"facts": {**assessment.facts, **facts}})


@dataclass(frozen=True, slots=True)
class Confines:
    """A sandbox, or none, and what the command may do in it."""

    sandbox: Sandbox | None
    request: Request
    left: bool = False

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        sandbox: Sandbox | None,
        workspace: Path,
        search: str,
        *,
        outside: bool,
    ) -> Self:
        """What a command gets: the network where it was judged to want it, and so was allowed.

        A plain read cannot write even in the workspace, however wrong the verdict on it was.
        """
        request = Request(
            workspace,
            search,
            network=assessment.wants_network,
            writes=assessment.category is not Category.READ,
        )
        left = outside and sandbox is not None
        return cls(None if outside else sandbox, request, left)

    @property
    def name(self) -> str:
        """All that decides what the command can reach, in a few words."""
        if self.sandbox is None:
            return "none"
        network = "network" if self.request.network else "no network"
        changes = "writes" if self.request.writes else "no writes"
        return f"{self.sandbox.backend}, {network}, {changes}"

    @property
    def note(self) -> str:
        """The same for people, to go on a line; nothing where there is no sandbox at all."""
        if self.left:
            return ", OUTSIDE the sandbox"
        if self.sandbox is None:
            return ""
        return f", in the sandbox, {'with' if self.request.network else 'no'} network"

    def around(
        self, argv: Sequence[str], env: Mapping[str, str]
    ) -> contextlib.AbstractContextManager[Launch]:
        """The command line that runs `argv` like this."""
        if self.sandbox is None:
            return contextlib.nullcontext(Launch(tuple(argv), dict(env)))
        return self.sandbox.around(self.request, argv, env)

    def blocked(self, output: str, code: int) -> str:
        """What the sandbox seems to have stopped."""
        if self.sandbox is None:
            return ""
        backend = self.sandbox.backend
        return blocked.explain(
            output, code, backend, network=self.request.network, writes=self.request.writes
        ) or blocked.missing(output, code, backend, str(self.request.workspace))
