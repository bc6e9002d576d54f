"""Where a read leads: found out when it is judged, and gone to, and nowhere else, when it runs."""

import os
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Protocol, TypeVar

from loopdeck.errors import ToolError
from loopdeck.session.values import Assessment, Category, JsonObject, Preview
from loopdeck.tools.disk.paths import Target, Workspace


@dataclass(slots=True)
class Aim:
    """The path of one call. A link that is laid afterwards leads nobody astray."""

    workspace: Workspace
    path: str
    _seen: Target | None = None

    def look(self) -> Target:
        """Find out where the path leads now, and keep to that. Raises `ToolError`."""
        self._seen = self.workspace.target(self.path)
        return self._seen

    def kept(self) -> Target:
        """Where the path led when it was looked at last. Raises `ToolError` if that has moved."""
        target = self._seen or self.look()
        if os.path.realpath(target.real) != str(target.real):
            raise ToolError(f"{target.shown} has become a link since it was judged. Call again.")
        return target


class _Aiming(Protocol):
    """Arguments that name one path."""

    @property
    def path(self) -> str: ...


A = TypeVar("A", bound=_Aiming)


@dataclass(slots=True)
class AimedRead(Generic[A]):
    """A call that reads at one path: how it is judged, shown and bound."""

    args: A
    workspace: Workspace
    aim: Aim = field(init=False)
    tool: ClassVar[str] = ""

    def __post_init__(self) -> None:
        self.aim = Aim(self.workspace, self.args.path)

    def assess(self) -> Assessment:
        """A read; the facts say of what."""
        return Assessment(category=Category.READ, facts=self.aim.look().facts())

    def preview(self) -> Preview:
        """Where it would look."""
        return Preview(kind="text", text=str(self.aim.look().real), title=self.tool)

    def binding(self) -> JsonObject:
        """The real path; what is there is for the reading to find."""
        return {"path": str(self.aim.look().real)}
