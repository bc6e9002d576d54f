"""What holds in a workspace beside the rules of the command line: its own rules, your grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.places import Places
from loopdeck.ports import GrantBook
from loopdeck.session.values import Grant, Rule


@dataclass(frozen=True, slots=True)
class Bylaws:
    """Rules that only tighten, grants, and what a person should hear of them."""

    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    notices: tuple[str, ...] = ()


def bylaws(folder: Path, spots: Places, now: int) -> Bylaws:
    """What stands in this workspace at `now` (UTC ns). Raises `ConfigError`."""
    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    notices: tuple[str, ...] = ()
    # Most workspaces have neither, and then nothing of this needs to be loaded.
    if (folder / ".loopdeck").exists() or spots.projects.exists():
        from loopdeck.cli.project import project_rules

        moment = datetime.fromtimestamp(now / 1e9, tz=UTC)
        project = project_rules(folder, spots.projects, moment)
        rules, notices = project.rules, project.notices
    if spots.grants.exists():
        grants = grant_book(spots).standing(str(folder), now)
    return Bylaws(rules, grants, notices)


def odd_rules(rules: Sequence[Rule], settings: Settings) -> tuple[str, ...]:
    """Sentences about rules that never match, or cover more than they look like."""
    if not rules and not settings.rule:
        return ()
    from loopdeck.cli.rules import oddities  # most runs have no rules to be understood

    return oddities(rules, settings.rule)


def grant_book(spots: Places) -> GrantBook:
    """The lasting grants of this person."""
    from loopdeck.cli.grants import GrantFile  # see above

    return GrantFile(spots.grants)
