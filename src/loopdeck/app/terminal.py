"""What a terminal sends and textual does not know by itself."""

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

_ALT_ENTER = "\x1b\r"


def know_alt_enter() -> None:
    """Tell alt+enter from enter: to textual both are enter, and one of them must not send."""
    ANSI_SEQUENCES_KEYS.setdefault(_ALT_ENTER, (Keys.ControlJ,))
