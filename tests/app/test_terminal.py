"""What terminals send is read as the key that was pressed."""

from textual._xterm_parser import XTermParser
from textual.events import Key

from loopdeck.app.terminal import know_alt_enter


def keys(sent: str) -> list[str]:
    """The keys in what a terminal sends."""
    parser = XTermParser()
    found = [*parser.feed(sent), *parser.feed("")]
    return [event.key for event in found if isinstance(event, Key)]


def test_alt_enter_breaks_a_line_and_enter_does_not() -> None:
    know_alt_enter()
    assert keys("a\x1b\rb\r") == ["a", "ctrl+j", "b", "enter"]
