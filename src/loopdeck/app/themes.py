"""Themes are TOML files: read, checked, watched, and turned into what textual understands.

A file has `name`, `dark` and a table `[colours]` with every colour of `Colours`. The deck's CSS
speaks only of `$background $surface $panel $foreground $accent` and of these variables:

    $loop-muted                    what is there but not looked at
    $loop-ok $loop-fail            done; failed or denied
    $loop-waiting $loop-unknown    waits for its human; nobody knows
    $loop-past                     the frame while the playhead is in the past
    $loop-border $loop-border-focus
    $loop-add $loop-del            lines of a diff
    $loop-select                   the background of the selected line
"""

import tomllib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from textual.color import Color, ColorParseError
from textual.theme import Theme

from loopdeck.errors import ThemeError

DEFAULT = "lamplight"
LARGEST = 64_000  # bytes; a theme has about one thousand

Themes = tuple[list[Theme], list[ThemeError]]


def _colour(text: str) -> str:
    try:
        colour = Color.parse(text)
    except ColorParseError:
        raise ValueError("is not a colour") from None
    if colour.a != 1 or colour.ansi is not None:
        raise ValueError("must be a solid colour, such as #e8a94f")
    return colour.hex


Colour = Annotated[str, Field(strict=True), AfterValidator(_colour)]


class Colours(BaseModel):
    """The colours of a theme; each is needed, so that no screen falls back to a stray one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    background: Colour
    surface: Colour
    panel: Colour
    text: Colour
    accent: Colour
    muted: Colour
    ok: Colour
    fail: Colour
    waiting: Colour
    unknown: Colour
    past: Colour
    border: Colour
    border_focus: Colour = Field(alias="border-focus")
    add: Colour
    remove: Colour = Field(alias="del")
    select: Colour


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(strict=True, pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    dark: bool = Field(strict=True)
    colours: Colours


_SHARED = {"background", "surface", "panel", "text", "accent"}  # textual has its own names


def parse_theme(text: str, file: str) -> Theme:
    """The theme in TOML text. Raises `ThemeError` that names the file and the field."""
    try:
        found = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"The theme {file} is not valid TOML: {error}.") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise ThemeError(
            f"The theme {file} cannot be used: {_sentence(problem)}",
            "Compare it with a theme that comes with Loopdeck.",
        ) from None
    return _theme(found)


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


def load_themes(dirs: Iterable[Path]) -> Themes:
    """The themes of all folders, the default first, and what is wrong with the other files."""
    return ThemeFolder(dirs).load()


def theme_dirs(user: Path | None = None) -> list[Path]:
    """Where themes are: the shipped ones, and then the user's, which win by name."""
    packaged = Path(__file__).parents[1] / "themes"
    shipped = packaged if packaged.is_dir() else Path(__file__).parents[3] / "themes"
    return [shipped, user] if user is not None else [shipped]


class ThemeFolder:
    """Reads folders of themes again and again; a file that breaks keeps its last good theme."""

    def __init__(self, dirs: Iterable[Path]) -> None:
        self.dirs = list(dirs)
        self._good: dict[Path, Theme] = {}

    def load(self) -> Themes:
        """Every theme as of now, and every file that is wrong now."""
        good: dict[Path, Theme] = {}
        errors: list[ThemeError] = []
        for path in self._files():
            try:
                good[path] = load_theme(path)
            except ThemeError as error:
                errors.append(error)
                if path in self._good:
                    good[path] = self._good[path]
        self._good = good
        by_name = {theme.name: theme for theme in good.values()}
        return sorted(by_name.values(), key=lambda theme: theme.name != DEFAULT), errors

    def _files(self) -> list[Path]:
        found: list[Path] = []
        for folder in self.dirs:
            try:
                found += sorted(folder.glob("*.toml"))
            except OSError:
                continue  # a folder that cannot be listed has no themes for us
        return found


Tell = Callable[[Themes], None]


class ThemeWatcher:
    """Calls `tell` with the themes whenever one of their files changes."""

    def __init__(self, folder: ThemeFolder, tell: Tell) -> None:
        self._folder = folder
        self._tell = tell

    async def run(self) -> None:
        """Watch until cancelled, or until there is nothing to watch."""
        dirs = [folder for folder in self._folder.dirs if folder.is_dir()]
        if not dirs:
            return
        try:
            async for _ in _changes(dirs):
                self._tell(self._folder.load())
        except OSError as error:
            self._tell(([], [ThemeError(f"Changes of themes are not watched: {error}.")]))


async def _changes(dirs: Sequence[Path]) -> AsyncIterator[object]:
    # Imported here: 20 ms that the first paint need not wait for. One of its types is optional.
    from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

    def is_theme(_change: object, path: str) -> bool:
        return path.endswith(".toml")

    async for change in awatch(*dirs, watch_filter=is_theme, debounce=400, recursive=False):
        yield change


def variables_for(theme: Theme) -> dict[str, str]:
    """Our variables for a theme that is not ours, made from its own colours."""
    colours = theme.to_color_system().generate()
    background = Color.parse(colours["background"])
    text = Color.parse(colours["foreground"])
    muted, border = background.blend(text, 0.65).hex, background.blend(text, 0.25).hex
    found = {
        "muted": muted,
        "ok": colours["success"],
        "fail": colours["error"],
        "waiting": colours["warning"],
        "unknown": colours["secondary"],
        "past": colours["secondary"],
        "border": border,
        "border-focus": muted,
        "add": colours["success"],
        "del": colours["error"],
        "select": background.blend(text, 0.15).hex,
    }
    return {f"loop-{name}": value for name, value in found.items()}


def _theme(file: _File) -> Theme:
    colours = file.colours
    ours = colours.model_dump(by_alias=True, exclude=_SHARED)
    return Theme(
        name=file.name,
        dark=file.dark,
        primary=colours.accent,
        secondary=colours.past,
        accent=colours.accent,
        warning=colours.waiting,
        error=colours.fail,
        success=colours.ok,
        foreground=colours.text,
        background=colours.background,
        surface=colours.surface,
        panel=colours.panel,
        variables={f"loop-{name}": str(value) for name, value in ours.items()}
        | {
            "border": colours.border_focus,
            "border-blurred": colours.border,
            "block-cursor-background": colours.select,
            "block-cursor-foreground": colours.text,
            "block-cursor-blurred-background": colours.select,
            "block-cursor-blurred-foreground": colours.text,
            "block-hover-background": colours.panel,
            "input-cursor-background": colours.accent,
            "input-cursor-foreground": colours.background,
            "input-selection-background": colours.select,
            "scrollbar": colours.border,
            "scrollbar-hover": colours.muted,
            "scrollbar-active": colours.muted,
            "scrollbar-background": colours.background,
            "scrollbar-background-hover": colours.background,
            "scrollbar-background-active": colours.background,
            "footer-key-foreground": colours.accent,
        },
    )


def _sentence(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case "missing":
            return f"{place} is missing."
        case "extra_forbidden":
            return f"there is no field {place}."
        case "bool_type":
            return f"{place} must be true or false."
        case "string_type":
            return f"{place} must be text in quotes."
        case "string_pattern_mismatch":
            return f"{place} must be small letters, digits and hyphens, at most 40."
        case "value_error":
            return f"{place} {problem['ctx']['error']}: “{problem['input']}”."
        case _:
            return f"{place} must be a table, written as [{place}]."
