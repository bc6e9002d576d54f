"""Tells people what went wrong, as a notification that is never markup."""

from typing import Protocol

from textual.notifications import SeverityLevel

from loopdeck.app.sanitize import sanitize
from loopdeck.errors import LoopdeckError


class Notifier(Protocol):
    """An app, a screen or a widget."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a notification."""
        ...


def tell(where: Notifier, error: Exception, *, seconds: float = 8) -> None:
    """Show an error: its sentence, and below it what to do next."""
    hint = error.hint if isinstance(error, LoopdeckError) else "The log file may say more."
    text = "\n".join(sanitize(part) for part in (_sentence(error), hint) if part)
    where.notify(text, severity="error", timeout=seconds, markup=False)


def _sentence(error: Exception) -> str:
    if isinstance(error, LoopdeckError):
        return str(error)
    return f"That did not work ({type(error).__name__}): {error}."
