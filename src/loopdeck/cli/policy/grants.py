"""The lasting grants of this person, in a file of their own beside the config."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loopdeck.cli.kept.alone import alone
from loopdeck.cli.kept.files import Seen, read_small, write_private
from loopdeck.errors import ConfigError, RuleError
from loopdeck.permissions.learning.evidence import may_grant
from loopdeck.session.faults import first_fault
from loopdeck.session.values import Grant, Rule

_HEAD = """\
# What you allowed for longer than one session. Loopdeck writes this file;
# delete a [[grant]] to take it back.
"""


class _Written(BaseModel):
    """A `[[grant]]` as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(min_length=1)
    match: str = Field(min_length=1)
    more: list[str] = Field(default_factory=list[str])
    scope: Literal["project", "user"]
    workspace: str = ""
    why: str = ""
    until: int | None = None
    calls: int | None = Field(default=None, ge=1)


class _File(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    grant: list[_Written] = Field(default_factory=list[_Written])


@dataclass(frozen=True, slots=True)
class _Kept:
    """A grant, and the workspace it is for; empty for everywhere."""

    grant: Grant
    workspace: str


class GrantFile:
    """The `GrantBook` of the program. A file that was changed, by whomever, is read again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = Seen((path,))
        self._known: tuple[_Kept, ...] = ()

    def standing(self, workspace: str, now: int) -> tuple[Grant, ...]:
        """The grants that hold in this workspace at `now`.

        A line that could not be given at the deck does not hold either, whoever wrote it.
        """
        if self._seen.changed():
            try:
                self._known = tuple(kept for kept in self._read() if _may_stand(kept.grant))
            except ConfigError:
                self._seen.forget()  # what cannot be read is an error each time
                raise
        return tuple(
            kept.grant
            for kept in self._known
            if kept.workspace in ("", workspace)
            and (kept.grant.until is None or now < kept.grant.until)
        )

    def keep(self, grant: Grant, workspace: str) -> None:
        """Keep one, in place of an older one of its name."""
        if grant.rule.scope not in ("project", "user") or grant.rule.decide != "allow":
            raise RuleError("Only a permission for this project or everywhere can be kept.")
        place = workspace if grant.rule.scope == "project" else ""
        with alone(self.path):
            rest = [kept for kept in self._read() if kept.grant.grant_id != grant.grant_id]
            self._write([*rest, _Kept(grant, place)])

    def use(self, grant_id: str) -> bool:
        """Count one use before it happens; false, and nothing is written, if it is gone."""
        with alone(self.path):
            kept = self._read()
            found = next((one for one in kept if one.grant.grant_id == grant_id), None)
            if found is None:
                return False
            calls = found.grant.calls
            if calls is not None:
                grant = found.grant.model_copy(update={"calls": calls - 1})
                changed = (replace(one, grant=grant) if one is found else one for one in kept)
                self._write(one for one in changed if one.grant.calls != 0)
        return True

    def drop(self, grant_id: str) -> None:
        """Forget one; nothing happens if it is not there."""
        if not self.path.exists():
            return
        with alone(self.path):
            kept = self._read()
            rest = [one for one in kept if one.grant.grant_id != grant_id]
            if len(rest) < len(kept):
                self._write(rest)

    def _read(self) -> list[_Kept]:
        text = read_small(self.path)
        if text is None:
            return []
        try:
            found = _File.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{self.path} is not valid TOML: {error}.", _MEND) from error
        except ValidationError as error:
            _, place, why = first_fault(error)
            raise ConfigError(f"{self.path}: {place}: {why}.", _MEND) from error
        return [_Kept(_grant(one), one.workspace) for one in found.grant if _is_placed(one)]

    def _write(self, kept: Iterable[_Kept]) -> None:
        write_private(self.path, _HEAD + "".join(_table(one) for one in kept))


_MEND = "Mend the file, or delete it to take back everything in it."


def _may_stand(grant: Grant) -> bool:
    return not any(may_grant(match) for match in grant.matches)


def _is_placed(written: _Written) -> bool:
    """A grant for a project that names none would hold everywhere."""
    return (written.scope == "user") == (written.workspace == "")


def _grant(written: _Written) -> Grant:
    rule = Rule(decide="allow", match=written.match, why=written.why, scope=written.scope)
    return Grant(
        grant_id=written.id,
        rule=rule,
        until=written.until,
        calls=written.calls,
        more=tuple(written.more),
    )


def _table(kept: _Kept) -> str:
    import tomlkit  # only to write: reading needs no more than Python brings along

    grant = kept.grant
    table = tomlkit.table()
    table.add("id", grant.grant_id)
    table.add("match", grant.rule.match)
    if grant.more:
        table.add("more", list(grant.more))
    table.add("scope", grant.rule.scope)
    if kept.workspace:
        table.add("workspace", kept.workspace)
    if grant.rule.why:
        table.add("why", grant.rule.why)
    if grant.until is not None:
        table.add("until", grant.until)
    if grant.calls is not None:
        table.add("calls", grant.calls)
    return f"\n[[grant]]\n{table.as_string()}"
