"""What waits for the human as lines to read and numbers to choose from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from loopdeck.app.paint.approval import KEPT, SAME, Item, asked_again, in_no_git, payload_text
from loopdeck.app.paint.approval import title as kind_of
from loopdeck.app.paint.calls import why
from loopdeck.app.paint.explain import explain_lines
from loopdeck.app.paint.facts import can_be_undone, nature
from loopdeck.app.paint.lines import plain
from loopdeck.app.plain.labels import INDENT, indented, labelled
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import target
from loopdeck.figures import amount, plural
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Answer, Approve, Command, Deny
from loopdeck.session.confirming import needs_typing, word_to_type
from loopdeck.session.state import AskView, SessionState
from loopdeck.session.values import Losses

PAGE = 40  # lines of a request that are read before it asks whether to go on
_WIDE = 10_000  # cells: lines are broken by whoever shows them, if at all
_LIMIT = (("raise", "raise the limit"), ("finish", "one closing turn"), ("stop", "stop here"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One number: what it does. With `prompt` it takes words first, and `made` gets them.

    `made` returns the command, or a sentence where the words are not what is needed.
    """

    label: str
    made: Callable[[str], Command | str]
    prompt: str = ""
    reads: bool = False  # only prints more; nothing is answered


@dataclass(slots=True)
class Question:
    """One request: `pages` are read in order, and approving is offered after the last."""

    item: Item
    pages: list[list[str]] = field(default_factory=list[list[str]])
    page: int = 0

    @property
    def seen_all(self) -> bool:
        """Whether the last page has been read."""
        return self.page >= len(self.pages)

    def turn(self) -> list[str]:
        """The next page."""
        if self.seen_all:
            return []
        self.page += 1
        return self.pages[self.page - 1]


def question(item: Item, number: int, state: SessionState, place: int, total: int) -> Question:
    """A request, with all that is to be read about it."""
    lines = [labelled(kind_of(item, place, total).rstrip("?").lower(), _about(item, number))]
    lines += list(call_lines(item) if isinstance(item, CallView) else indented(payload_text(item)))
    pages = [lines[at : at + PAGE] for at in range(0, len(lines), PAGE)]
    return Question(item, pages)


def choices(asked: Question, state: SessionState, *, more: bool) -> list[Choice]:
    """What can be done about a request now, in the order of the numbers."""
    item = asked.item
    found = list(_for_call(asked, item, state) if isinstance(item, CallView) else _for_ask(item))
    if more:
        found.append(Choice("the next one that waits", _nothing, reads=True))
    return found


def explained(call: CallView, state: SessionState) -> list[str]:
    """Everything behind the verdict."""
    return [f"{INDENT}{plain(line)}".rstrip() for line in explain_lines(call, state, _WIDE)]


def _for_call(asked: Question, call: CallView, state: SessionState) -> Iterator[Choice]:
    if not asked.seen_all:
        yield Choice("read on", _nothing, reads=True)
    elif needs_typing(call):
        word = word_to_type(call)
        yield Choice(
            "approve once",
            lambda text: (
                Approve(call_id=call.call_id, binding=call.binding)
                if text == word
                else f"That is not {word}: nothing was approved."
            ),
            prompt=f"Type {word} to approve it, or nothing to go back",
        )
    else:
        yield Choice("approve once", lambda _: Approve(call_id=call.call_id, binding=call.binding))
    yield Choice("deny", lambda _: Deny(call_id=call.call_id))
    yield Choice(
        "deny, and say why",
        lambda text: Deny(call_id=call.call_id, reason=text),
        prompt="The reason, which the agent gets",
    )
    if command_of(call) is not None and asked.seen_all:
        yield _edit(call)
    yield Choice("explain", _nothing, reads=True)


def _edit(call: CallView) -> Choice:
    def made(text: str) -> Command | str:
        args = {**call.args, "command": text}
        return Approve(call_id=call.call_id, binding=call.binding, args=args)

    return Choice("run another command instead", made, prompt="The command that is to run")


def command_of(call: CallView) -> str | None:
    """The command of a shell call."""
    command = call.args.get("command")
    return command if call.tool == "shell" and isinstance(command, str) else None


def _for_ask(ask: AskView) -> Iterator[Choice]:
    if ask.kind == "limit":
        for answer, words in _LIMIT:
            yield _answer(ask, answer, words)
        return
    for option in ask.options:
        if option != "tell":
            yield _answer(ask, option, sanitize(option, lines=False))
    yield Choice(
        "answer in your own words",
        lambda text: Answer(
            ask_id=ask.ask_id, answer="tell" if "tell" in ask.options else "text", text=text
        ),
        prompt="Your answer" + (", as in name: words; name: words" if ask.form else ""),
    )


def _answer(ask: AskView, answer: str, words: str) -> Choice:
    return Choice(words, lambda _: Answer(ask_id=ask.ask_id, answer=answer))


def _nothing(_text: str) -> str:
    return ""


def _about(item: Item, number: int) -> str:
    if isinstance(item, AskView):
        return "it waits for your answer"
    return f"call {number}, {sanitize(item.tool, lines=False)} {target(item.args)}".rstrip()


def call_lines(call: CallView) -> Iterator[str]:
    """All there is to read before a call is approved, and the whole of what would run."""
    yield f"{INDENT}{plain(nature(call))}"
    if call.again:
        yield f"{INDENT}{asked_again(call)}"
    for reason in why(call):
        yield f"{INDENT}asks because: {reason}"
    if call.preview is not None and call.preview.note:
        yield f"{INDENT}{sanitize(call.preview.note, lines=False)}"
    text = payload_text(call)
    if call.preview is not None and call.preview.kind == "diff" and not text:
        yield f"{INDENT}{SAME}"
    size = plural(text.rstrip(chr(10)).count(chr(10)) + 1, "line")
    yield f"{INDENT}all of it, {size}, {plural(len(text), 'character')}:"
    yield from (f"{INDENT}{line}" for line in indented(text))
    if call.preview is not None and call.preview.losses is not None:
        yield from _lost(call.preview.losses, kept=can_be_undone(call))


def _lost(losses: Losses, *, kept: bool) -> Iterator[str]:
    how = "gone" if kept else "lost"
    yield f"{INDENT}would be {how}: {plural(losses.count, 'file')}, {amount(losses.bytes)}"
    if kept:
        yield f"{INDENT}{KEPT}"
    elif losses.untracked is None:
        yield f"{INDENT}no git keeps any of it"
    elif losses.untracked:
        yield f"{INDENT}{in_no_git(losses)}"
    yield from (f"{INDENT}{INDENT}{sanitize(name, lines=False)}" for name in losses.first)
    if losses.count > len(losses.first):
        yield f"{INDENT}{INDENT}and {losses.count - len(losses.first):,} more"
