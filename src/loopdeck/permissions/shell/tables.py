"""Program tables: what each known program does under which options, read from TOML on first use."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from loopdeck.errors import ConfigError
from loopdeck.session.values import Category

FOLDER: Final = Path(__file__).with_name("programs")
KINDS: Final = frozenset(
    {
        "value",  # of no consequence
        "number",
        *("pattern", "text"),  # words, never paths
        "reads",
        "chart",  # a path that is read, or else a name in a store
        "writes",
        "replaces",  # a path that becomes another file, whatever was there
        "adds",  # a path that is written, and keeps what it holds
        "fills",  # a folder in which files of other names are written
        "moves",  # a path that goes elsewhere with what it holds
        "deletes",
        "folder",  # where the program goes before it does anything else
        "archive",  # a path that is read, and written where the program packs
        "opens",  # a path that is read, and made where there is none
        "restores",  # a path that is put back to what git has
        "changes",  # a path whose mode, owner or time is changed
        "host",
        "command",  # the rest of the words is a command of its own
        "script",  # text of the table's `language`
        "code",  # a program that is run
    }
)
OPTION_KINDS: Final = KINDS | {"flag", "optional", "module", "suffix"}  # for old content
_NAMES = re.compile(r"^programs?\s*=\s*(\[[^\]]*\]|\"[^\"]*\")", re.MULTILINE)
_QUOTED = re.compile(r'"([^"]+)"')
_EXAMPLES = re.compile(r"^\[examples\]\s*$", re.MULTILINE)
_SLOT_KEYS = frozenset({"kind", "category", "why", "only"})
_OPTION_KEYS = _SLOT_KEYS | {"facts", "fills", "operands", "then", "instead"}
_TABLE_KEYS = frozenset(
    {"program", "programs", "about", "category", "facts", "operands", "language", "options"}
    | {"bundles", "digits", "options_first", "shared", "dashless", "harmless", "subcommands"}
    | {"plain", "installed", "bare"}
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for bare words: what they are, and how many of them there may be.

    `category` and `why` say what a word in this place raises, `only` which words are accepted.
    """

    kind: str
    many: bool = False
    optional: bool = False
    category: Category | None = None
    why: str = ""
    only: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One option, whatever its spelling.

    `category` and `why` say what it raises, `fills` the operand it makes needless, `operands`
    those it puts in place of the program's own, `only` the values that are accepted, `then` the
    kind of a second value, `instead` the category in place of the program's own, with its facts.
    """

    kind: str
    category: Category | None = None
    why: str = ""
    facts: tuple[str, ...] = ()
    fills: str = ""
    operands: tuple[Slot, ...] | None = None
    only: re.Pattern[str] | None = None
    then: str = ""
    instead: Category | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What a program, or a subcommand of it, does and accepts.

    With `harmless` no option of the real program does harm, so a file that is called like one
    changes nothing. `dashless` lets the first word be a bundle (`tar xf a`), with `plain` no word
    is an option (`echo --- a`). `installed` is the folder where a project has what is fetched
    otherwise (`npx tsc`), `bare` the category where it is given nothing at all (`npm run`).
    """

    name: str
    about: str = ""
    category: Category = Category.READ
    facts: tuple[str, ...] = ()
    operands: tuple[Slot, ...] = ()
    bundles: bool = True
    digits: bool = False
    options_first: bool = False
    shared: bool = False
    dashless: bool = False
    harmless: bool = False
    plain: bool = False
    installed: str = ""
    bare: Category | None = None
    language: str = ""
    options: Mapping[str, Option] = field(default_factory=dict[str, Option])
    subcommands: Mapping[str, "Table"] = field(default_factory=dict[str, "Table"])


@lru_cache(maxsize=512)
def load(program: str) -> Table | None:
    """The table of a program; None where there is none. Raises `ConfigError` for a bad one."""
    if (name := _index().get(program)) is None:
        return None
    path = FOLDER / f"{name}.toml"
    return read_table(path.read_text(encoding="utf-8"), program, path.name)


def read_table(text: str, program: str, file: str) -> Table:
    """The table that a file's text describes, but for the examples. Raises `ConfigError`."""
    if found := _EXAMPLES.search(text):
        text = text[: found.start()]
    try:
        return _table(cast("dict[str, object]", tomllib.loads(text)), program, Table(program))
    except (tomllib.TOMLDecodeError, _Wrong, re.error) as error:
        raise ConfigError(
            f"The table {file} of known programs cannot be used: {error}.",
            "It came with Loopdeck: install Loopdeck again.",
        ) from error


def table_files() -> tuple[str, ...]:
    """The names of all tables, without their ending."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    """Which file speaks of which program; only the heads of the files are looked at."""
    index: dict[str, str] = {}
    for name in table_files():
        with (FOLDER / f"{name}.toml").open(encoding="utf-8") as file:
            head = file.read(2_000)
        for listed in _NAMES.findall(head)[:2]:
            index.update(dict.fromkeys(_QUOTED.findall(listed), name))
    return index


class _Wrong(Exception):
    """A table holds what it must not."""


def _table(raw: dict[str, object], name: str, parent: Table) -> Table:
    if unknown := raw.keys() - _TABLE_KEYS:
        raise _Wrong(f"{name} has the unknown key `{min(unknown)}`")
    bundles, harmless = _flag(raw, "bundles", default=parent.bundles), _flag(raw, "harmless")
    table = Table(
        name=name,
        about=_text(raw, "about"),
        category=_category(raw.get("category", "read")),
        facts=tuple(_texts(raw, "facts")),
        operands=_slots(raw.get("operands", [])),
        bundles=bundles,
        digits=_flag(raw, "digits"),
        options_first=_flag(raw, "options_first"),
        shared=_flag(raw, "shared"),
        dashless=_flag(raw, "dashless"),
        harmless=harmless,
        plain=_flag(raw, "plain"),
        installed=_text(raw, "installed"),
        bare=_maybe_category(raw, "bare"),
        language=_text(raw, "language"),
        options=dict(_options(_section(raw, "options"), name)),
    )
    cast("dict[str, Table]", table.subcommands).update(_subcommands(raw, table))
    return table


def _subcommands(raw: dict[str, object], table: Table) -> Iterator[tuple[str, Table]]:
    for words, child in _section(raw, "subcommands").items():
        if not isinstance(child, dict):
            raise _Wrong(f"the subcommand `{table.name} {words}` is no table")
        section = cast("dict[str, object]", child)
        inner: Table | None = None
        for word in words.split():
            name = f"{table.name} {word}"
            # Twins share what they hold; only the names of further subcommands would be wrong.
            shares = inner is not None and not inner.subcommands
            inner = replace(inner, name=name) if inner and shares else _table(section, name, table)
            yield word, inner


def _options(raw: Mapping[str, object], name: str) -> Iterator[tuple[str, Option]]:
    seen: set[str] = set()
    for spellings, value in raw.items():
        option = _option(value, f"{name} {spellings}")
        for spelling in spellings.split():
            if spelling in seen or spelling[0] not in "-+":
                raise _Wrong(f"the option `{spelling}` of {name} stands there twice or has no dash")
            seen.add(spelling)
            yield spelling, option


def _option(value: object, where: str) -> Option:
    raw = cast("dict[str, object]", value) if isinstance(value, dict) else {"kind": value}
    if unknown := raw.keys() - _OPTION_KEYS:
        raise _Wrong(f"`{where}` has the unknown key `{min(unknown)}`")
    kind = _kind(raw.get("kind", "flag"), where)
    operands = raw.get("operands")
    return Option(
        kind=kind,
        category=_maybe_category(raw, "category"),
        why=_text(raw, "why"),
        facts=tuple(_texts(raw, "facts")),
        fills=_text(raw, "fills"),
        operands=None if operands is None else _slots(operands),
        only=_pattern(raw),
        then=_kind(raw["then"], where) if "then" in raw else "",
        instead=_maybe_category(raw, "instead"),
    )


def _kind(value: object, where: str) -> str:
    if not isinstance(value, str) or value not in OPTION_KINDS:
        raise _Wrong(f"`{where}` has the unknown kind `{value}`")
    return value


def _slots(value: object) -> tuple[Slot, ...]:
    if not isinstance(value, list):
        raise _Wrong("`operands` is no list")
    slots = tuple(_slot(item) for item in cast("list[object]", value))
    if sum(slot.many for slot in slots) > 1:
        raise _Wrong("only one of the `operands` may repeat")
    return slots


def _slot(item: object) -> Slot:
    raw = cast("dict[str, object]", item) if isinstance(item, dict) else {"kind": item}
    kind = str(raw.get("kind"))
    name = kind.rstrip("*?")
    if name not in KINDS or raw.keys() - _SLOT_KEYS:
        raise _Wrong(f"`{item}` is no kind of operand")
    return Slot(
        name,
        many=kind.endswith("*"),
        optional=kind.endswith("?"),
        category=_maybe_category(raw, "category"),
        why=_text(raw, "why"),
        only=_pattern(raw),
    )


def _pattern(raw: Mapping[str, object]) -> re.Pattern[str] | None:
    only = _text(raw, "only")
    return re.compile(only, re.DOTALL) if only else None


def _maybe_category(raw: Mapping[str, object], key: str) -> Category | None:
    return _category(raw[key]) if key in raw else None


def _category(value: object) -> Category:
    if value not in set(Category):
        raise _Wrong(f"`{value}` is no category")
    return Category(str(value))


def _section(raw: Mapping[str, object], key: str) -> dict[str, object]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise _Wrong(f"`{key}` is no table")
    return cast("dict[str, object]", value)


def _text(raw: Mapping[str, object], key: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise _Wrong(f"`{key}` is no text")
    return value


def _texts(raw: Mapping[str, object], key: str) -> list[str]:
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise _Wrong(f"`{key}` is no list")
    return [str(item) for item in cast("list[object]", value)]


def _flag(raw: Mapping[str, object], key: str, *, default: bool = False) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise _Wrong(f"`{key}` is neither true nor false")
    return value
