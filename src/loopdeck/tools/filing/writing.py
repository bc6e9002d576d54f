"""`write_file` and `edit_file`: new content for one file, shown as a diff before it is written."""

from dataclasses import dataclass

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.figures import amount, plural
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject, Preview, Reason
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.disk.diffs import unified
from loopdeck.tools.disk.files import Base, look, replace, unchanged
from loopdeck.tools.disk.making import change_facts, making_facts, mark_of
from loopdeck.tools.disk.paths import Target, Workspace
from loopdeck.tools.disk.unsaved import Unsaved
from loopdeck.tools.filing.matching import replace_once
from loopdeck.tools.stakes.losses import losses_of

MAX_CONTENT = 1_000_000


class WriteFileArgs(Arguments):
    """What `write_file` takes."""

    path: str = Field(min_length=1, description="The file, relative to the workspace.")
    content: str = Field(max_length=MAX_CONTENT, description="All of its new content.")


class EditFileArgs(Arguments):
    """What `edit_file` takes."""

    path: str = Field(min_length=1, description="The file, relative to the workspace.")
    old: str = Field(
        min_length=1,
        max_length=MAX_CONTENT,
        description="The text to replace, exactly as it is in the file; it must occur once.",
    )
    new: str = Field(max_length=MAX_CONTENT, description="The text to put in its place.")


@dataclass(slots=True)
class _Change:
    """What writing and editing share: where it goes, what is there now, and doing it."""

    workspace: Workspace
    path: str
    bound: str = ""

    def target(self) -> Target:
        return self.workspace.writable(self.path)

    def assess(self, target: Target, base: Base, content: str | None) -> Assessment:
        """A write; of a new file, or of one the session made, the log then has all there is."""
        made = base.exists and self.workspace.made(target.shown)
        if self.loses(target, base):
            text = f"{target.shown} holds {base.note}, and neither git nor the log has it"
            return Assessment(
                category=Category.DESTRUCTIVE,
                reasons=(Reason(text=text),),
                facts={**target.facts(), "overwrites": [target.shown], "undoable": False},
            )
        # The diff in the log is what an undo needs, so it has to show all of the old content.
        undoable = "log" if made else not base.exists or base.text is not None
        facts = {**target.facts(), "undoable": undoable}
        if content is not None and (made or not base.exists):
            facts |= making_facts({target.shown: mark_of(content.encode())})
        elif content is not None and base.text is not None:
            facts |= change_facts(target.shown, base.text.encode(), content.encode())
        return Assessment(category=Category.WRITE, facts=facts)

    def loses(self, target: Target, base: Base) -> bool:
        """Whether what is there cannot be shown in a diff, and is nowhere else."""
        if not base.exists or base.text is not None or not base.size:
            return False
        workspace = self.workspace
        unsaved = workspace.unsaved or Unsaved(workspace.root, workspace.made, workspace.undone)
        return unsaved.holds(target.shown)

    def bind(self) -> JsonObject:
        target = self.target()
        self.bound = look(target).fingerprint
        return {"path": str(target.real), "base": self.bound}

    def preview(self, target: Target, base: Base, content: str, edited: str = "") -> Preview:
        """With `edited`, the text that is edited away: the rest of the file stays as it is."""
        size = amount(base.size)
        note = f"replaces the whole file of {size}" if base.exists else "new file"
        if edited:
            note = f"replaces {amount(len(edited.encode()))} of {size}"
        return Preview(
            kind="diff",
            text=_diff(target, base, content),
            title=target.shown,
            note=note,
            losses=losses_of(target, base.size) if self.loses(target, base) else None,
        )

    def write(self, target: Target, base: Base, content: str) -> ToolResult:
        """Runs without a pause, so that an interruption comes before or after it, never within."""
        unchanged(base, self.bound)
        shown = target.shown
        if base.text == content:
            return ToolResult(ok=True, output=f"{shown} already has exactly this content.")
        data = content.encode()
        left = self.workspace.leave((shown,))
        replace(target, data)
        left()
        count = content.count("\n") + (content != "" and not content.endswith("\n"))
        kind = "changed" if base.exists else "new file"
        output = f"Wrote {shown}: {kind}, {plural(count, 'line')}, {amount(len(data))}."
        return ToolResult(ok=True, output=output, diff=_diff(target, base, content), files=(shown,))


class WriteFile:
    """One file to be written as a whole."""

    def __init__(self, args: WriteFileArgs, workspace: Workspace) -> None:
        self._content = args.content
        self._change = _Change(workspace, args.path)

    def assess(self) -> Assessment:
        """A write inside the workspace."""
        target = self._change.target()
        return self._change.assess(target, look(target), self._content)

    def preview(self) -> Preview:
        """The diff to what is there."""
        target = self._change.target()
        return self._change.preview(target, look(target), self._content)

    def binding(self) -> JsonObject:
        """The real path, and what is there now."""
        return self._change.bind()

    async def run(self, context: ToolContext) -> ToolResult:
        """Write it."""
        target = self._change.target()
        return self._change.write(target, look(target), self._content)


class EditFile:
    """One replacement in one file."""

    def __init__(self, args: EditFileArgs, workspace: Workspace) -> None:
        self._args = args
        self._change = _Change(workspace, args.path)

    def assess(self) -> Assessment:
        """A write inside the workspace."""
        target = self._change.target()
        base = look(target)
        try:
            content = self._edited(target, base)
        except ToolError:
            content = None  # running it will say why it cannot be made
        return self._change.assess(target, base, content)

    def preview(self) -> Preview:
        """The diff; where the edit cannot be made, the sentence that the model will get."""
        target = self._change.target()
        base = look(target)
        try:
            edited = self._edited(target, base)
            return self._change.preview(target, base, edited, self._args.old)
        except ToolError as error:
            return Preview(kind="text", text=str(error), title=target.shown, note="cannot be made")

    def binding(self) -> JsonObject:
        """The real path, and what is there now."""
        return self._change.bind()

    async def run(self, context: ToolContext) -> ToolResult:
        """Replace the text and write the file."""
        target = self._change.target()
        base = look(target)
        return self._change.write(target, base, self._edited(target, base))

    def _edited(self, target: Target, base: Base) -> str:
        if not base.exists:
            raise ToolError(f"There is no {target.shown}; write_file makes a new file.")
        if base.text is None:
            raise ToolError(f"{target.shown} holds {base.note}; it cannot be edited as text.")
        return replace_once(base.text, self._args.old, self._args.new, target.shown)


def _diff(target: Target, base: Base, content: str) -> str:
    old = base.text if base.exists else None
    return unified(old, content, target.shown, old_note=base.note)
