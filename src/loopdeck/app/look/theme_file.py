"""One theme file: TOML in, a checked theme out, or a sentence that names what is wrong.

A file has `name`, `dark` and a table `[colours]` with every colour of `Colours`. The deck's CSS
speaks only of `$background $surface $panel $foreground $accent` and of these variables:

    $loop-muted                    what is there but not looked at
    $loop-ok $loop-fail            done; failed or denied
    $loop-waiting $loop-unknown    waits for its human; nobody knows
    $loop-past                     the frame while the playhead is in the past
    $loop-border $loop-border-focus
    $loop-add $loop-del            lines of a diff
    $loop-select                   the background of the selected line
    $loop-word $loop-string $loop-value   in code; a file may leave these out
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from textual.color import Color, ColorParseError
from textual.theme import Theme

from loopdeck.errors import ThemeError

LARGEST = 64_000  # bytes; a theme has about one thousand
FIELDS = ("name", "dark", "colours")
COLOURS = (  # each is needed, so that no screen falls back to a stray one
    "background",
    "surface",
    "panel",
    "text",
    "accent",
    "muted",
    "ok",
    "fail",
    "waiting",
    "unknown",
    "past",
    "border",
    "border-focus",
    "add",
    "del",
    "select",
)
IN_CODE = {"word": "past", "string": "ok", "value": "unknown"}  # and what stands in for each
_SHARED = frozenset({"background", "surface", "panel", "text", "accent"})  # textual's own names
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

Table = Mapping[str, object]


class _Wrong(Exception):
    """What is wrong with the file, in a sentence."""


@dataclass(frozen=True, slots=True)
class _File:
    """A checked file. Checked by hand: it is read before the first frame, and a library for it
    would take as long to load as all of the deck."""

    name: str
    dark: bool
    colours: Mapping[str, str]


def parse_theme(text: str, file: str) -> Theme:
    """The theme in TOML text. Raises `ThemeError` that names the file and the field."""
    try:
        return _theme(_checked(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"The theme {file} is not valid TOML: {error}.") from error
    except _Wrong as wrong:
        raise ThemeError(
            f"The theme {file} cannot be used: {wrong}",
            "Compare it with a theme that comes with Loopdeck.",
        ) from None


def load_theme(path: Path) -> Theme:
    """The theme in a file. Raises `ThemeError`."""
    try:
        if not path.is_file():
            raise ThemeError(f"The theme {path.name} is not a file.")
        if path.stat().st_size > LARGEST:
            raise ThemeError(f"The theme {path.name} is larger than a theme can be.")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ThemeError(f"The theme {path.name} cannot be read: {why}.") from error
    return parse_theme(text, path.name)


def _checked(data: Table) -> _File:
    name = _field(data, "name")
    if not isinstance(name, str):
        raise _Wrong("name must be text in quotes.")
    if not _NAME.fullmatch(name):
        raise _Wrong("name must be small letters, digits and hyphens, at most 40.")
    dark = _field(data, "dark")
    if not isinstance(dark, bool):
        raise _Wrong("dark must be true or false.")
    table = _field(data, "colours")
    if not isinstance(table, dict):
        raise _Wrong("colours must be a table, written as [colours].")
    colours = cast("Table", table)
    checked = {key: _colour(f"colours.{key}", _field(colours, key, "colours.")) for key in COLOURS}
    for key, other in IN_CODE.items():
        checked[key] = _colour(f"colours.{key}", colours.get(key, colours[other]))
    _no_more(colours, (*COLOURS, *IN_CODE), "colours.")
    _no_more(data, FIELDS)
    return _File(name, dark, checked)


def _field(table: Table, key: str, within: str = "") -> object:
    if key not in table:
        raise _Wrong(f"{within}{key} is missing.")
    return table[key]


def _no_more(table: Table, known: tuple[str, ...], within: str = "") -> None:
    for key in table:
        if key not in known:
            raise _Wrong(f"there is no field {within}{key}.")


def _colour(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{place} must be text in quotes.")
    try:
        colour = Color.parse(value)
    except ColorParseError:
        raise _Wrong(f"{place} is not a colour: “{value}”.") from None
    if colour.a != 1 or colour.ansi is not None:
        raise _Wrong(f"{place} must be a solid colour, such as #e8a94f: “{value}”.")
    return colour.hex


def _theme(file: _File) -> Theme:
    colours = file.colours
    ours = {key: value for key, value in colours.items() if key not in _SHARED}
    return Theme(
        name=file.name,
        dark=file.dark,
        primary=colours["accent"],
        secondary=colours["past"],
        accent=colours["accent"],
        warning=colours["waiting"],
        error=colours["fail"],
        success=colours["ok"],
        foreground=colours["text"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        variables={f"loop-{name}": value for name, value in ours.items()}
        | {
            "border": colours["border-focus"],
            "border-blurred": colours["border"],
            "block-cursor-background": colours["select"],
            "block-cursor-foreground": colours["text"],
            "block-cursor-blurred-background": colours["select"],
            "block-cursor-blurred-foreground": colours["text"],
            "block-hover-background": colours["panel"],
            "input-cursor-background": colours["accent"],
            "input-cursor-foreground": colours["background"],
            "input-selection-background": colours["select"],
            "scrollbar": colours["border"],
            "scrollbar-hover": colours["muted"],
            "scrollbar-active": colours["muted"],
            "scrollbar-background": colours["background"],
            "scrollbar-background-hover": colours["background"],
            "scrollbar-background-active": colours["background"],
            "footer-key-foreground": colours["accent"],
        },
    )
