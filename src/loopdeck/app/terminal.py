"""What a terminal sends and textual does not know by itself."""

from typing import cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

_ALT_ENTER = "\x1b\r"


def know_alt_enter() -> None:
    """Tell alt+enter from enter: to textual both are enter, and one of them must not send."""
    table = cast("dict[str, object]", ANSI_SEQUENCES_KEYS)
    table.setdefault(_ALT_ENTER, (Keys.ControlJ,))
