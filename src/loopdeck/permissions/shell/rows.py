"""Programs that empty a database or take it back, by the words with which they are told to."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.options import Argument
from loopdeck.session.values import Category

_RAILS = (
    "db:drop|db:reset|db:rollback|db:purge|db:setup|db:truncate_all|db:schema:load"
    "|db:structure:load|db:migrate:(?:down|redo|reset|rollback)|db:seed:replant"
)
_UNDOES = "db:drop|db:migrate:undo|db:seed:undo"
_DJANGO = r"flush|reset_db|remove_stale_contenttypes|migrate \S+ \S+"
# What may stand among the bare words, as whole words.
_TAKES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"(?<!\S)(?:{words})(?!\S)")
    for names, words in (
        ("alembic", "downgrade|stamp"),
        ("airflow", "db (?:reset|clean|downgrade)|(?:dags|connections|variables|pools) delete"),
        ("artisan", "db:wipe|migrate:(?:fresh|refresh|reset|rollback)"),
        ("atlas", "schema clean|migrate down"),
        ("console", r"doctrine:(?:database|schema):drop|doctrine:migrations:migrate \S+"),
        ("dbmate", "drop|down|rollback"),
        ("diesel", "database reset|migration (?:revert|redo)"),
        ("django-admin manage.py", _DJANGO),
        ("dotnet dotnet-ef", r"(?:ef )?database (?:drop|update \S+)"),
        ("dropdb dropuser", ".*"),
        ("flask", "db (?:downgrade|stamp)"),
        ("flyway", "clean|undo"),
        ("goose", "down|down-to|redo|reset"),
        ("knex", "migrate:(?:rollback|down)"),
        ("liquibase", "drop-all|dropAll|rollback.*"),
        ("migrate", "down|drop|force|goto"),
        ("mix", r"ecto\.(?:drop|reset|rollback)"),
        ("mysqladmin", "drop"),
        ("prisma", "migrate reset|db execute"),
        ("rails rake", rf"(?:{_RAILS})(?::\w+)?"),
        ("sequelize sequelize-cli", rf"(?:{_UNDOES})(?::\w+)?"),
        ("sqlx", "database (?:drop|reset)|migrate revert"),
        ("supabase", "db reset"),
        ("typeorm", "schema:drop|migration:revert"),
    )
    for name in names.split()
}
_BY_OPTION = {"prisma": frozenset({"--force-reset", "--accept-data-loss"})}
_ONLY_SHOWS = frozenset({"--sql", "--help", "-h", "--plan"})
_STARTERS = re.compile(
    r"python[\d.]*|php[\d.]*|ruby[\d.]*|node|npx|bunx?|pnpm|pnpx|yarn|npm|bundle|uvx?|poetry"
    r"|pipenv|pdm|rye|hatch|pipx|elixir"
)
_NEAR = 4  # words: `npm exec`, the value of an option


def note_rows(words: Sequence[Argument], found: Findings) -> None:
    """Note where a command takes away what is in a database: neither git nor the log has it."""
    texts = [word.text for word in words]
    at = _program(texts)
    name = posixpath.basename(texts[at]) if at is not None else ""
    takes = _TAKES.get(name)
    if at is None or takes is None or not _ONLY_SHOWS.isdisjoint(texts):
        return
    told = " ".join(text for text in texts[at + 1 :] if text and not text.startswith("-"))
    by_option = not _BY_OPTION.get(name, frozenset()).isdisjoint(texts)
    if takes.search(told) or by_option:
        text = f"`{name}` takes away rows of a database, which neither git nor the log has"
        found.add(Category.DESTRUCTIVE, text, words[at].span)


def _program(texts: Sequence[str]) -> int | None:
    """Which word is the program, at the beginning or behind one that only starts it."""
    if posixpath.basename(texts[0]) in _TAKES:
        return 0
    if not _STARTERS.fullmatch(posixpath.basename(texts[0])):
        return None
    bare = (at for at, text in enumerate(texts) if at and text[:1] != "-")
    named = (at for at in islice(bare, _NEAR) if posixpath.basename(texts[at]) in _TAKES)
    return next(named, None)
