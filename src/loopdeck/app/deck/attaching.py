"""What a message brings along from MCP servers: resources attached to it, prompts to begin with."""

import shlex
from collections.abc import Mapping, Sequence
from functools import partial

from loopdeck.app.deck.part import Part
from loopdeck.app.keys.slash import MARK, Slash
from loopdeck.app.notices import tell
from loopdeck.app.sanitize import sanitize
from loopdeck.errors import LoopdeckError
from loopdeck.ports.servers import Prompt, Resource, Servers
from loopdeck.session.attached import Attachment, attachment_of, mentions
from loopdeck.visible import expose


class Attachments(Part):
    """A human attaches by naming it; what stands there is outside content all the same."""

    def begin(self) -> None:
        """Let the box offer what the servers have."""
        self.stage.messages.offer(self._prompts_as_slashes, self._resources)

    async def read(self, text: str) -> Sequence[Attachment] | None:
        """What a message names of the servers, read; `None` where that failed, and it was told."""
        servers, attached = self._servers, list[Attachment]()
        if servers is None:
            return attached
        for name, uri in mentions(text, {view.name for view in servers.views()}):
            try:
                attached.append(attachment_of(name, uri, await servers.read(name, uri)))
            except LoopdeckError as error:
                tell(self.stage, error)
                return None
        return attached

    def begin_with_prompt(self, text: str) -> bool:
        """Put the words of a server's prompt into the box; false for a text that is none."""
        name, _, rest = text.removeprefix(MARK).partition(" ")
        server, sign, prompt = name.partition(":")
        known = (one for one in self._prompts() if (one.server, one.name) == (server, prompt))
        found = next(known, None) if sign else None
        if found is None:
            return False
        args = arguments(found, rest)
        if isinstance(args, str):
            self.say(sanitize(args), severity="warning")
        else:
            self.start(partial(self._ask_for_prompt, found, args, text), "prompt", only=True)
        return True

    async def _ask_for_prompt(self, prompt: Prompt, args: Mapping[str, str], typed: str) -> None:
        servers, box = self._servers, self.stage.messages.box
        if servers is None:
            return
        try:
            words = await servers.prompt(prompt.server, prompt.name, args)
        except LoopdeckError as error:
            tell(self.stage, error)
            return
        if box.has_class("-open") and box.text.strip() == typed:
            words = expose(words).strip()
            box.put(f"{MARK}{words}" if words.startswith(MARK) else words)
            text = f"These are the words of {prompt.server}: read them, then enter sends them."
            self.say(text, seconds=6)

    @property
    def _servers(self) -> Servers | None:
        """The servers of the agent that works here."""
        return self.stage.means.servers if self.stage.agent_works else None

    def _prompts(self) -> Sequence[Prompt]:
        servers = self._servers
        return servers.prompts() if servers is not None else ()

    def _prompts_as_slashes(self) -> Sequence[Slash]:
        return [
            Slash(f"{one.server}:{one.name}", _takes(one), sanitize(one.words, lines=False))
            for one in self._prompts()
        ]

    def _resources(self) -> Sequence[Resource]:
        servers = self._servers
        return servers.resources() if servers is not None else ()


def arguments(prompt: Prompt, text: str) -> dict[str, str] | str:
    """What was typed behind a prompt, by name; a sentence where something is wrong with it."""
    usage = f"{MARK}{prompt.server}:{prompt.name} {_takes(prompt)}".rstrip()
    try:
        words = shlex.split(text)
    except ValueError:
        return f"A quote is not closed. {usage}"
    known, given = (*prompt.needs, *prompt.takes), dict[str, str]()
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or name not in known:
            return _alone(prompt, text) or f"“{word}” is none of its arguments. {usage}"
        given[name] = value
    missing = [name for name in prompt.needs if name not in given]
    return f"It needs {', '.join(missing)}. {usage}" if missing else given


def _alone(prompt: Prompt, text: str) -> dict[str, str] | None:
    """Words without a name, for a prompt that takes just one argument."""
    names = (*prompt.needs, *prompt.takes)
    return {names[0]: text.strip()} if len(names) == 1 and "=" not in text else None


def _takes(prompt: Prompt) -> str:
    takes = (f"[{name}=…]" for name in prompt.takes)
    return " ".join((*(f"{name}=…" for name in prompt.needs), *takes))
