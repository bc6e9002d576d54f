"""Where a session is to be left by a fork of it, and what is to be different from there on."""

from dataclasses import dataclass

from loopdeck.session.values import JsonObject


@dataclass(frozen=True, slots=True)
class Branch:
    """A fork that is wanted: at the last quiet moment up to event `at`, saying `message`.

    With `args` the call `call_id` is to have those arguments, and it leaves right before the call.
    """

    at: int
    message: str = ""
    call_id: str = ""
    args: JsonObject | None = None
