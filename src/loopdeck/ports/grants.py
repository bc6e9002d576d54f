"""Where standing permissions that outlive their session are kept."""

from typing import Protocol

from loopdeck.session.values import Grant


class GrantBook(Protocol):
    """A person's lasting grants. Raises `ConfigError` where they cannot be read or written."""

    def standing(self, workspace: str, now: int) -> tuple[Grant, ...]:
        """The grants that hold in this workspace at `now` (UTC ns)."""
        ...

    def keep(self, grant: Grant, workspace: str) -> None:
        """Keep one: for this workspace if its rule's scope is `project`, else for everywhere."""
        ...

    def use(self, grant_id: str) -> bool:
        """Count one use, over all sessions, before it happens; false if the grant is gone.

        One for a number of calls goes with its last; others are left as they are.
        """
        ...

    def drop(self, grant_id: str) -> None:
        """Forget one; nothing happens if it is not there."""
        ...
