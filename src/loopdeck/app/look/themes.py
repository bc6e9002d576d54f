"""Folders of theme files: loaded, watched, and what other themes lack of ours made up for."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from loopdeck.app.look.theme_file import load_theme
from loopdeck.errors import ThemeError

DEFAULT = "lamplight"

Themes = tuple[list[Theme], list[ThemeError]]


def load_themes(dirs: Iterable[Path]) -> Themes:
    """The themes of all folders, the default first, and what is wrong with the other files."""
    return ThemeFolder(dirs).load()


def theme_dirs(user: Path | None = None) -> list[Path]:
    """Where themes are: the shipped ones, and then the user's, which win by name."""
    packaged = Path(__file__).parents[2] / "themes"
    shipped = packaged if packaged.is_dir() else Path(__file__).parents[4] / "themes"
    return [shipped, user] if user is not None else [shipped]


def check_name(name: str, dirs: Iterable[Path]) -> None:
    """Raise `ThemeError` for a theme that no file has, and textual does not bring along."""
    known = [theme.name for theme in load_themes(dirs)[0]]
    if name not in known and name not in BUILTIN_THEMES:
        raise ThemeError(f"There is no theme “{name}”.", f"Known are: {', '.join(known)}.")


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
    # Imported here, behind the first frame: it takes 20 ms. One of its types is optional.
    from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

    def is_theme(_change: object, path: str) -> bool:
        return path.endswith(".toml")

    # A calm step: it wakes up that often all day, and half a second is soon enough for a colour.
    changes = awatch(*dirs, watch_filter=is_theme, debounce=400, step=300, recursive=False)
    async for change in changes:
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
        "word": colours["secondary"],
        "string": colours["success"],
        "value": colours["warning"],
    }
    return {f"loop-{name}": value for name, value in found.items()}
