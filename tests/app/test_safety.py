"""No widget draws a control character, whoever gave it one."""

from rich.segment import ControlType, Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.color import Color
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import DataTable, Input, Label, Static

from loopdeck.app.safety import SafeApp, SafetyNet
from loopdeck.app.sanitize import sanitize

ATTACK = "a\x1b]52;c;AA\x07\x9b31m\u202eb\u200bc\x7f\U000e0041d"
BLACK = Color(0, 0, 0)


class Careless(SafeApp[None]):
    """Gives outside text to widgets as it came."""

    def compose(self) -> ComposeResult:
        yield Static(Content(ATTACK))
        yield Label(Content(ATTACK))
        yield Input(ATTACK)
        yield DataTable[str]()

    def on_mount(self) -> None:
        table = self.query_one(DataTable[str])
        table.add_columns("one")
        table.add_row(ATTACK)
        table.border_title = Content(ATTACK)
        table.styles.border = ("round", "white")


def drawn(widget: Widget) -> str:
    width, height = widget.size
    strips = widget.render_lines(
        Region(0, 0, width + 4, height + 4).intersection(widget.region.reset_offset)
    )
    return "\n".join(strip.text for strip in strips)


async def test_no_widget_draws_what_acts_or_hides() -> None:
    app = Careless()
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        for widget in app.query("Static, Label, Input, DataTable"):
            text = drawn(widget)
            assert "·" in text, widget
            for row in text.split("\n"):
                assert sanitize(row) == row, widget


def test_clean_segments_are_handed_back_as_they_are() -> None:
    segments = [Segment("plain ✓ 漢字"), Segment("no\xa0break")]
    assert SafetyNet().apply(segments, BLACK) is segments


def test_the_width_and_the_style_stay() -> None:
    style = Style(bold=True)
    one = Segment("ab\u200bc\x1b[2Jd", style)
    [safe] = SafetyNet().apply([one], BLACK)
    assert safe.cell_length == one.cell_length
    assert safe.text.startswith("ab·c·")
    assert safe.style == style


def test_control_segments_are_left_to_the_terminal() -> None:
    control = Segment("\x1b[2J", None, [(ControlType.CLEAR,)])
    assert SafetyNet().apply([control], BLACK) == [control]


def test_the_filters_of_the_screen_library_stay() -> None:
    app = Careless()
    filters = app.get_line_filters()
    assert isinstance(filters[-1], SafetyNet)
