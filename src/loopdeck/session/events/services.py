"""Events of services: commands that stay beside the calls after theirs."""

from typing import Literal

from loopdeck.session.values import Value, Why


class ServiceEnded(Value):
    """A service is over, and why; `output` is the end of what it printed.

    It began with the `call_finished` that names it.
    """

    type: Literal["service_ended"] = "service_ended"
    service: str
    why: Why
    exit_code: int | None = None
    output: str = ""
    full_output: str = ""

    @property
    def is_from_outside(self) -> bool:
        """Whether it was the service's or the agent's doing, and not that of the run."""
        return self.why in ("itself", "agent", "output")
