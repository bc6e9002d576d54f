"""Chooses the model, level, folder, check and limits of a new session."""

from typing import ClassVar, cast

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from loopdeck.app.paint.lines import Part
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.view.wishing import FIELDS, texts_of, wish_of
from loopdeck.ports import Host
from loopdeck.ports.wish import ModelOffer, Wish

KEYS = "↑ ↓ move · f2 models · enter keeps it · escape changes nothing"


class WishScreen(ModalScreen[Wish | None]):
    """Gives back what was chosen, or `None`: then all stays as it was."""

    DEFAULT_CSS = """
    WishScreen {
        align: center middle;
        background: $background 60%;
        #frame {
            width: 84; max-width: 100%; height: auto; max-height: 100%;
            border: round $loop-border-focus; background: $surface; padding: 1 2 0 2;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        VerticalScroll { height: auto; max-height: 100%; scrollbar-size: 1 1; }
        Horizontal { height: 1; margin: 0 0 1 0; }
        Label { width: 10; color: $loop-muted; }
        Box { width: 1fr; background: $panel; }
        #note { height: 1; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("f2", "models", show=False),
    ]

    def __init__(self, wish: Wish, host: Host) -> None:
        super().__init__()
        self._wish = wish
        self._host = host

    def compose(self) -> ComposeResult:
        """A line a choice."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content("A new session")
            frame.border_subtitle = Content(KEYS)
            with VerticalScroll(can_focus=False):
                for field in FIELDS:
                    with Horizontal():
                        yield Label(Content(field.name))
                        yield Box(field.hint, id=f"wish-{field.name}")
            yield OneLine(id="note")

    def on_mount(self) -> None:
        """Fill in what holds now."""
        for name, text in texts_of(self._wish).items():
            box = self.query_one(f"#wish-{name}", Box)
            box.value = text
            box.cursor_position = len(text)
        self.query_one(Box).focus()
        self._say("It is remembered for this folder.", wrong=False)

    @on(Input.Submitted)
    def _keep(self) -> None:
        texts = {field.name: self.query_one(f"#wish-{field.name}", Box).value for field in FIELDS}
        wish = wish_of(texts)
        if isinstance(wish, str):
            self._say(wish, wrong=True)
        else:
            self.dismiss(wish)

    def action_models(self) -> None:
        """Choose the model from those that there are."""
        from loopdeck.app.panes.models import ModelsScreen  # on first use

        current = self.query_one("#wish-model", Box).value
        app = cast("App[object]", self.app)
        app.push_screen(ModelsScreen(self._host, current), self._take)

    def _take(self, model: ModelOffer | None) -> None:
        if model is not None:
            self.query_one("#wish-model", Box).put(model.name)

    @on(Box.Left)
    def _left(self) -> None:
        self.dismiss(None)

    def _say(self, note: str, *, wrong: bool) -> None:
        ink = "waiting" if wrong else "muted"
        self.query_one("#note", OneLine).show_line(lambda _cells: (Part(note, ink),))
