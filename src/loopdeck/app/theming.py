"""An app whose themes are a list to choose from, each of them seen before it is kept."""

from loopdeck.app.curtain import Curtain
from loopdeck.app.look.themed import ThemedApp


class ThemeApp(ThemedApp[str]):
    """Opens the list over whatever is shown."""

    def action_themes(self) -> None:
        """The themes; the one under the cursor is on the screen at once."""
        from loopdeck.app.panes.themes import Offered, ThemesScreen  # on first use

        was = self.theme

        def chosen(kept: Offered | None) -> None:
            self.theme = kept.name if kept is not None else was

        if not isinstance(self.screen, (ThemesScreen, Curtain)):
            themes = [Offered(theme.name, theme.dark) for theme in self.to_choose]
            self.push_screen(ThemesScreen(themes, was, self.use_theme), chosen)
