"""Events of the permission layer itself: standing permissions, and the sandbox behind them."""

from typing import Literal

from loopdeck.session.values import Grant, Value


class RuleGranted(Value):
    """A human gave a standing permission; `call_id` is the call it was given with."""

    type: Literal["rule_granted"] = "rule_granted"
    grant: Grant
    call_id: str = ""


class RuleRevoked(Value):
    """A standing permission was taken back: it decides nothing any more."""

    type: Literal["rule_revoked"] = "rule_revoked"
    grant_id: str


class SandboxChecked(Value):
    """The sandbox was tried before the run; without one that `passed`, levels 4 and 5 are shut."""

    type: Literal["sandbox_checked"] = "sandbox_checked"
    backend: str = ""
    passed: bool
    says: str = ""
