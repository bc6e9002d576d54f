"""A service of a session: a command that a call declared to stay, while it runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceView:
    """One that runs; `at` is when it began, in (wall, monotonic) nanoseconds."""

    name: str
    call_id: str
    command: str
    seq: int
    at: tuple[int, int]
    tail: str = ""
    taint: str = ""  # where what it prints may come from, if that is outside
