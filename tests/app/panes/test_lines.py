"""Long panes send to the terminal what changed, and make a line once wherever it is scrolled to."""

from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from loopdeck.app.look.themed import ThemedApp
from loopdeck.app.paint.lines import Line, Part
from loopdeck.app.panes.lines import LineView


class Noted(LineView):
    """Notes which lines were painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        """Paint, and remember which line."""
        self.painted.append(self.scroll_offset.y + y)
        return super().render_line(y)


class Host(ThemedApp[None]):
    """A pane and nothing else."""

    def compose(self) -> ComposeResult:
        """The pane."""
        yield Noted()


def lines(*changed: int, count: int = 100) -> list[Line]:
    """Numbered lines, some of which say something else."""
    return [(Part(f"line {at}{' is new' if at in changed else ''}"),) for at in range(count)]


def seen(view: Noted) -> list[str]:
    """What stands in the pane."""
    size = view.outer_size
    return [strip.text.rstrip() for strip in view.render_lines(Region(0, 0, *size))]


async def test_only_lines_that_are_new_are_painted() -> None:
    app = Host()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(Noted)
        view.show_lines(lambda _: lines())
        await pilot.pause()
        assert seen(view)[:2] == ["line 0", "line 1"]

        view.painted.clear()
        view.show_lines(lambda _: lines(3, 50))
        await pilot.pause()
        assert seen(view)[3] == "line 3 is new"
        assert set(view.painted) == {3}

        view.painted.clear()
        view.scroll_to(y=2, animate=False)
        await pilot.pause()
        assert seen(view)[:2] == ["line 2", "line 3 is new"]
        assert set(view.painted) == {10, 11}

        view.painted.clear()
        view.scroll_to(y=44, animate=False)
        await pilot.pause()
        assert seen(view)[6] == "line 50 is new"


async def test_a_frame_of_another_colour_is_painted_anew() -> None:
    app = Host()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(Noted)
        view.show_lines(lambda _: lines())
        await pilot.pause()
        plain = seen(view)
        view.styles.border = ("round", "red")
        await pilot.pause()
        assert seen(view)[1] == f"│{plain[0]:<38}│"
        colours = {segment.style.color for segment in _row(view, 1) if segment.style}
        view.styles.border = ("round", "blue")
        await pilot.pause()
        others = {segment.style.color for segment in _row(view, 1) if segment.style}
        assert colours != others


def _row(view: Noted, y: int) -> Strip:
    return view.render_lines(Region(0, 0, *view.outer_size))[y]
