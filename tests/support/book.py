"""A `GrantBook` that a test can look into, and that two sessions can share."""

from loopdeck.errors import ConfigError
from loopdeck.session.values import Grant


class NotingBook:
    """A `GrantBook` in memory; `fault` is raised instead when it is set."""

    def __init__(self) -> None:
        self.grants: dict[str, Grant] = {}
        self.fault: ConfigError | None = None

    def standing(self, workspace: str, now: int) -> tuple[Grant, ...]:
        """All of them."""
        if self.fault is not None:
            raise self.fault
        return tuple(self.grants.values())

    def keep(self, grant: Grant, workspace: str) -> None:
        """Keep one."""
        if self.fault is not None:
            raise self.fault
        self.grants[grant.grant_id] = grant

    def use(self, grant_id: str) -> bool:
        """Count one use."""
        if self.fault is not None:
            raise self.fault
        grant = self.grants.get(grant_id)
        if grant is not None and grant.calls is not None:
            self.grants[grant_id] = grant.model_copy(update={"calls": grant.calls - 1})
            if grant.calls == 1:
                self.drop(grant_id)
        return grant is not None

    def drop(self, grant_id: str) -> None:
        """Forget one."""
        self.grants.pop(grant_id, None)
