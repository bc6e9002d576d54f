"""`service`: look at what runs beside the calls, and stop it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.figures import age
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.commands.reporting import ending, report
from loopdeck.tools.commands.service import Service
from loopdeck.tools.commands.services import Services
from loopdeck.tools.commands.shell_args import ServiceName

NONE = "No service runs. `shell` starts one that is given a name in its `service`."


class ServiceArgs(Arguments):
    """What `service` takes."""

    name: ServiceName = Field(default="", description="Which one; without a name all are listed.")
    stop: bool = Field(default=False, description="Stop it, with all that it started.")
    lines: int = Field(default=40, ge=1, le=400, description="How many of its last lines to show.")


@dataclass(frozen=True, slots=True)
class ServiceTool:
    """A look at one's own services, or the end of one: neither changes anything that stays."""

    args: ServiceArgs
    services: Services

    def assess(self) -> Assessment:
        """What a command over the network prints may be what others wrote."""
        seen = [one for one in self.services.all if self.args.name in ("", one.order.name)]
        out = any(one.order.reaches_out for one in seen)
        facts: JsonObject = {"network": True} if out else {}
        return Assessment(category=Category.READ, facts=facts)

    def preview(self) -> None:
        """Nobody is asked about it."""

    def binding(self) -> JsonObject:
        """Nothing decides the effect beside the arguments."""
        return {}

    async def run(self, context: ToolContext) -> ToolResult:
        """Show it, or stop it and show how it ended. Raises `ToolError`."""
        name = self.args.name
        if not name and self.args.stop:
            names = ", ".join(one.order.name for one in self.services.running) or "none"
            raise ToolError(f"Give the name of the one to stop. There run: {names}.")
        if not name:
            shown = "\n".join(f"{_head(one)}" for one in self.services.all)
            return ToolResult(ok=True, output=shown or NONE)
        service = self.services.named(name)
        if self.args.stop:
            await self.services.stop(name, "agent")
        lines = service.text().splitlines()
        more = len(lines) - self.args.lines
        text = "\n".join(("", *lines[-self.args.lines :])) or "\n[no output yet]"
        left_out = (f"[{more} more lines before these]",) if more > 0 else ()
        return ToolResult(ok=True, output=report(_head(service), "", (*left_out, text[1:])))


def _head(service: Service) -> str:
    return "".join(_words(service))


def _words(service: Service) -> Iterator[str]:
    yield f"{service.order.name}: "
    if not service.ended:
        yield f"running for {age(round(service.age_s * 1e9))}"
    else:
        code = service.exit_code or 0
        how = ending(code, "-", timely=True, full=False, limit=0).strip("[]")
        yield f"over{f', {how}' if how else ', exit code 0'}"
    yield f": {service.order.written}"
