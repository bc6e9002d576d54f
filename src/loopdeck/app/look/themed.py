"""An app that loads the themes, follows changes of their files, and turns from one to the next."""

from collections.abc import Sequence
from pathlib import Path

from textual.app import App
from textual.theme import Theme

from loopdeck.app.look.themes import (
    DEFAULT,
    ThemeFolder,
    Themes,
    ThemeWatcher,
    theme_dirs,
    variables_for,
)
from loopdeck.app.notices import tell
from loopdeck.app.safety import SafeApp, T
from loopdeck.errors import LoopdeckError

GROUND = "textual-dark"  # what textual begins with


class ThemedApp(SafeApp[T]):
    """`themes` are folders, of which the later win; `theme` is a name to begin with."""

    def __init__(self, *, themes: Sequence[Path] | None = None, theme: str | None = None) -> None:
        super().__init__()
        self._folder = ThemeFolder(theme_dirs() if themes is None else themes)
        self._names: list[str] = []
        self._told: set[str] = set()
        from_env = self.theme if self.theme != GROUND else None
        self._wanted = theme or from_env
        self._first_errors = self._take(self._folder.load())
        wishes = (theme, from_env, DEFAULT, GROUND)
        self.theme = GROUND  # so that a name that stood there before it was known is a change
        self.theme = next(name for name in wishes if name and name in self.available_themes)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for themes that are not ours."""
        return variables_for(self.current_theme)

    def on_mount(self) -> None:
        """Say what is wrong with the files; their changes are followed from the first frame on."""
        if self._wanted is not None and self._wanted not in self.available_themes:
            names = ", ".join(self._names)
            tell(
                self, LoopdeckError(f"There is no theme “{self._wanted}”.", f"Known are: {names}.")
            )
        self._tell_new(self._first_errors)
        self.call_after_refresh(self._follow)

    def refresh_css(self, animate: bool = True) -> None:
        """The colours of every screen: textual passes over its own, the palette, when on top."""
        super().refresh_css(animate=animate)
        if self.screen_stack and self.screen not in self.children:
            self.stylesheet.update(self.screen, animate=animate)

    def action_next_theme(self) -> None:
        """Turn to the next theme."""
        if self._names:
            at = self._names.index(self.theme) if self.theme in self._names else -1
            self.theme = self._names[(at + 1) % len(self._names)]

    @property
    def to_choose(self) -> Sequence[Theme]:
        """The themes that can be chosen, in the order in which they are turned."""
        return [self.available_themes[name] for name in self._names]

    def use_theme(self, name: str) -> None:
        """Show these colours; a name that nothing has is said."""
        if name in self._names:
            self.theme = name
        else:
            known = ", ".join(self._names)
            tell(self, LoopdeckError(f"There is no theme “{name}”.", f"Known are: {known}."))

    def _follow(self) -> None:
        watcher = ThemeWatcher(self._folder, self._reload)
        self.run_worker(watcher.run(), name="themes", group="themes", exit_on_error=False)

    def _reload(self, themes: Themes) -> None:
        current = self.current_theme
        self._tell_new(self._take(themes))
        if self.available_themes.get(self.theme) != current:
            self.mutate_reactive(App.theme)

    def _take(self, themes: Themes) -> Sequence[LoopdeckError]:
        good, errors = themes
        for theme in good:
            self.register_theme(theme)
        self._names = _names(good) or self._names
        return errors

    def _tell_new(self, errors: Sequence[LoopdeckError]) -> None:
        for error in errors:
            if str(error) not in self._told:
                tell(self, error)
        self._told = {str(error) for error in errors}


def _names(themes: Sequence[Theme]) -> list[str]:
    return [theme.name for theme in themes]


def use_theme(app: App[object], name: str) -> None:
    """Choose the colours by name, where the app has some to choose from."""
    if isinstance(app, ThemedApp):
        app.use_theme(name)
