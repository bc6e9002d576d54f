"""`delete_file`: takes one regular file away for good."""

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.figures import amount, plural
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, Reason
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.disk.diffs import unified
from loopdeck.tools.disk.files import Base, look, remove, unchanged
from loopdeck.tools.disk.making import KEPT, MADE
from loopdeck.tools.disk.paths import Target, Workspace
from loopdeck.tools.disk.sparing import Sparing
from loopdeck.tools.environ import scrubbed
from loopdeck.tools.stakes.losses import losses_of

_MAX_DIFF = 64_000
_HEAD = 20


class DeleteFileArgs(Arguments):
    """What `delete_file` takes."""

    path: str = Field(min_length=1, description="The file, relative to the workspace.")


class DeleteFile:
    """One file to be deleted."""

    def __init__(self, args: DeleteFileArgs, workspace: Workspace) -> None:
        self._path = args.path
        self._workspace = workspace
        self._bound = ""

    def assess(self) -> Assessment:
        """Destroys what is in the file, unless git or the session's own log can bring it back."""
        target = self._target()
        facts = {**target.facts(), "deletes": [target.shown]}
        if why := self._held(target):
            undoable, sentence = why
            return Assessment(
                category=Category.WRITE,
                reasons=(Reason(text=f"{target.shown} would be gone; {sentence}"),),
                facts={**facts, "undoable": undoable},
            )
        return Assessment(
            category=Category.DESTRUCTIVE,
            reasons=(Reason(text=f"{target.shown} would be gone"),),
            facts={**facts, "undoable": False},
        )

    def preview(self) -> Preview:
        """What would be lost: its size, and how it begins."""
        target = self._target()
        base = look(target)
        if not base.exists:
            return Preview(kind="text", text=f"There is no {target.shown}.", title=target.shown)
        if base.text is None:
            return Preview(
                kind="text",
                text=base.note,
                title=target.shown,
                note=amount(base.size),
                losses=losses_of(target, base.size),
            )
        lines = base.text.split("\n")
        if lines[-1] == "":
            lines.pop()
        head = "\n".join(lines[:_HEAD])
        if len(lines) > _HEAD:
            head += f"\n[{plural(len(lines) - _HEAD, 'more line')}]"
        note = f"{amount(base.size)}, {plural(len(lines), 'line')} would be lost"
        return Preview(
            kind="text",
            text=head,
            title=target.shown,
            note=note,
            losses=losses_of(target, base.size),
        )

    def binding(self) -> JsonObject:
        """The real path, and what is in it."""
        target = self._target()
        self._bound = look(target).fingerprint
        return {"path": str(target.real), "base": self._bound}

    async def run(self, context: ToolContext) -> ToolResult:
        """Delete it, without a pause in which an interruption could come."""
        target = self._target()
        base = look(target)
        if not base.exists:
            raise ToolError(f"There is no {target.shown}; nothing was deleted.")
        unchanged(base, self._bound)
        remove(target)
        output = f"Deleted {target.shown} ({amount(base.size)})."
        return ToolResult(ok=True, output=output, diff=_lost(target, base), files=(target.shown,))

    def _held(self, target: Target) -> tuple[str, str] | None:
        """Who has what is in the file, and the sentence that says so."""
        if self._workspace.made(target.shown):
            return "log", MADE
        root, made = self._workspace.root, self._workspace.made
        environ = scrubbed(self._workspace.environ, root, strict=True)
        kept = Sparing(root, made, environ).in_git("/".join(target.parts))
        return ("git", KEPT) if kept else None

    def _target(self) -> Target:
        # A link is not followed: deleting what it points to is not what anybody meant.
        return self._workspace.writable(self._path, follow=False)


def _lost(target: Target, base: Base) -> str:
    if base.text is None or len(base.text) > _MAX_DIFF:
        return ""
    return unified(base.text, None, target.shown)
