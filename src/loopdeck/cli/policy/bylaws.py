"""What holds in a workspace beside the rules of the command line: its own rules, your grants."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.kept.files import Seen
from loopdeck.cli.places import Places
from loopdeck.errors import ConfigError
from loopdeck.ports import Clock, GrantBook, PendingRules
from loopdeck.session.values import Grant, Rule


@dataclass(frozen=True, slots=True)
class Bylaws:
    """Rules that only tighten, grants, and what a person should hear of them.

    `notices` say all of it; `problems` leave out what waits to be accepted, which is `pending`.
    """

    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    pending: PendingRules | None = None


def bylaws(folder: Path, spots: Places, now: int) -> Bylaws:
    """What stands in this workspace at `now` (UTC ns). Raises `ConfigError`."""
    found = Bylaws()
    # Most workspaces have neither, and then nothing of this needs to be loaded.
    if (folder / ".loopdeck").exists() or spots.projects.exists():
        from loopdeck.cli.policy.project import project_rules

        moment = datetime.fromtimestamp(now / 1e9, tz=UTC)
        project = project_rules(folder, spots.projects, moment)
        found = Bylaws(project.rules, (), project.notices, project.problems, project.waiting)
    if spots.grants.exists():
        found = replace(found, grants=grant_book(spots).standing(str(folder), now))
    return found


class ProjectWatch:
    """A project's own rules while an agent works there: read again when their file changes."""

    def __init__(self, folder: Path, accepted: Path, clock: Clock) -> None:
        self._folder, self._accepted = folder, accepted
        self._clock = clock
        self._seen = Seen((folder / ".loopdeck" / "policy.toml", accepted))
        self._rules: tuple[Rule, ...] = ()

    def __call__(self) -> tuple[Rule, ...]:
        """The rules of now, which only tighten. Raises `ConfigError`."""
        if not self._seen.changed():
            return self._rules
        from loopdeck.cli.policy.project import project_rules  # most workspaces have none

        moment = datetime.fromtimestamp(self._clock.wall() / 1e9, tz=UTC)
        try:
            self._rules = project_rules(self._folder, self._accepted, moment).rules
        except ConfigError:
            self._seen.forget()  # what cannot be read is an error each time
            raise
        return self._rules


def accept(folder: Path, spots: Places, shown: PendingRules) -> None:
    """Take over a project's rules as they were shown. Raises `ConfigError`."""
    from loopdeck.cli.policy.project import accept_shown  # see above

    accept_shown(folder, spots.projects, shown)


def odd_rules(rules: Sequence[Rule], settings: Settings) -> tuple[str, ...]:
    """Sentences about rules that never match, or cover more than they look like."""
    if not rules and not settings.rule:
        return ()
    from loopdeck.cli.policy.rules import oddities  # most runs have no rules to be understood

    return oddities(rules, settings.rule)


def user_rules(settings: Settings) -> list[Rule]:
    """The rules of the config file as it is now. Raises `ConfigError` and `RuleError`."""
    if not settings.rule:
        return []
    from loopdeck.cli.policy.rules import read_rules  # see above

    return read_rules({}, settings.rule)


def grant_book(spots: Places) -> GrantBook:
    """The lasting grants of this person."""
    from loopdeck.cli.policy.grants import GrantFile  # see above

    return GrantFile(spots.grants)
