"""Rules that a project brings along: they tighten at once, and loosen only by a key press."""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError, RuleError
from loopdeck.permissions.rules.load import load_rules
from loopdeck.ports import PendingRules
from loopdeck.session.values import Rule

POLICY = Path(".loopdeck") / "policy.toml"
_ACCEPT = "`loopdeck policy accept` shows it and asks."


class _Accepted(BaseModel):
    """What a human said yes to: the file as it was then."""

    model_config = ConfigDict(extra="forbid")

    sha256: str
    text: str


_BOOK: TypeAdapter[dict[str, _Accepted]] = TypeAdapter(dict[str, _Accepted])


@dataclass(frozen=True, slots=True)
class ProjectRules:
    """What holds in a workspace because of its own file.

    While `pending`, both the accepted and the new rules hold: `changed` says in sentences what is
    new and what would go. `problems` are what was not taken. `text` is the file as it is now,
    `accepted` as it was when a human said yes to it.
    """

    rules: tuple[Rule, ...] = ()
    pending: bool = False
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    text: str = ""
    accepted: str = ""

    @property
    def waiting(self) -> PendingRules | None:
        """What a human has to say yes to, as it is shown."""
        if not self.pending:
            return None
        return PendingRules(str(POLICY), self.text, self.accepted, self.changed)

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person has to hear before a session starts here."""
        if not self.pending:
            return self.problems
        words = f"The rules in {POLICY} have to be accepted: {'; '.join(self.changed)}. {_ACCEPT}"
        return (*self.problems, words)


def project_rules(workspace: Path, accepted_file: Path, now: datetime) -> ProjectRules:
    """The project's rules that hold. Raises `ConfigError` for files that cannot be read."""
    text = read_small(workspace / POLICY, follow=False)
    accepted = _read_accepted(accepted_file).get(str(workspace))
    if text is None and accepted is None:
        return ProjectRules()
    new, problems = _rules(text or "", now)
    old, _ = _rules(accepted.text, now) if accepted else ((), ())
    if accepted and accepted.sha256 == _sha256(text or ""):
        return ProjectRules(new, problems=problems, text=text or "")
    kept = tuple(rule for rule in old if not _has(new, rule))
    changed = [f"adds `{_words(rule)}`" for rule in new if not _has(old, rule)]
    changed += [f"drops `{_words(rule)}`, which holds until you accept" for rule in kept]
    return ProjectRules(
        (*new, *kept),
        pending=True,
        changed=tuple(changed) or ("its text is new, its rules are not",),
        problems=problems,
        text=text or "",
        accepted=accepted.text if accepted else "",
    )


def accept_shown(workspace: Path, accepted_file: Path, shown: PendingRules) -> None:
    """Accept what a human was shown. Raises `ConfigError` if the file is another one by now."""
    if (read_small(workspace / POLICY, follow=False) or "") != shown.text:
        raise ConfigError(
            f"{POLICY} has changed since it was shown: nothing was accepted.",
            "`loopdeck policy accept` shows it as it is now.",
        )
    accept_project(workspace, accepted_file, shown.text)


def accept_project(workspace: Path, accepted_file: Path, text: str) -> None:
    """Remember that a human accepted this very text; an empty one forgets the project."""
    book = _read_accepted(accepted_file)
    if text:
        book[str(workspace)] = _Accepted(sha256=_sha256(text), text=text)
    else:
        book.pop(str(workspace), None)
    content = json.dumps(_BOOK.dump_python(book), indent=1, sort_keys=True)
    write_private(accepted_file, content + "\n")


def _read_accepted(path: Path) -> dict[str, _Accepted]:
    text = read_small(path)
    try:
        return _BOOK.validate_json(text) if text is not None else {}
    except ValidationError as error:
        raise ConfigError(
            f"{path} cannot be understood.", "Delete it; projects' rules are then accepted anew."
        ) from error


def _rules(text: str, now: datetime) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules of a text that only tighten, and a sentence for each table that was not taken."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"The project's {POLICY} is not valid TOML: {error}.",
            "Nothing runs under rules that cannot be read: mend or remove the file.",
        ) from error
    tables: object = data.get("rule", [])
    unknown = [f"{POLICY}: `{name}` means nothing here." for name in data if name != "rule"]
    if not isinstance(tables, list):
        raise ConfigError(f"{POLICY}: `rule` must be a list.", "Write each as `[[rule]]`.")
    rules: list[Rule] = []
    problems = unknown
    for table in cast("list[object]", tables):
        try:
            rules += load_rules([table], now, scope="project")
        except (ConfigError, RuleError) as error:
            problems.append(f"{POLICY}: {error} {error.hint}")
    return tuple(rules), tuple(problems)


def _has(rules: tuple[Rule, ...], wanted: Rule) -> bool:
    return any((rule.decide, rule.match) == (wanted.decide, wanted.match) for rule in rules)


def _words(rule: Rule) -> str:
    return f"{rule.decide} {rule.match}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
