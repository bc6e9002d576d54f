"""A question at the terminal: what was typed before it could be read is no answer to it."""

import sys
import time
from collections.abc import Callable

from loopdeck.cli.console import one_line

_UNREAD_S = 0.4  # nobody has read the question yet; as in the deck


def answer_to(question: str, pause: Callable[[float], None] = time.sleep) -> str:
    """The line that is typed below a question, once that has been on the screen for a moment."""
    print(f"{one_line(question)} ", end="", file=sys.stderr, flush=True)
    _forget_typed(pause)
    return sys.stdin.readline().strip()


def _forget_typed(pause: Callable[[float], None]) -> None:
    import termios  # only where somebody is asked

    try:
        keyboard = sys.stdin.fileno()
        termios.tcgetattr(keyboard)
    except (OSError, termios.error):
        return
    pause(_UNREAD_S)
    termios.tcflush(keyboard, termios.TCIFLUSH)
