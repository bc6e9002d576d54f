"""A model in a file, on a server of our own: a child process that ends when we do."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from shlex import quote

from loopdeck.errors import ModelError, ModelUnavailable, UnknownModel
from loopdeck.models.calls import count_of, object_of
from loopdeck.models.chat import ChatDialect
from loopdeck.models.faults import Server
from loopdeck.models.served import ServedModel
from loopdeck.models.vendors import LOCAL
from loopdeck.models.wire import Refusal, Wire
from loopdeck.ports import Delta, ModelRequest, Reply

PACKAGE = "xllamacpp"
LOAD_S = 300.0  # a large file on a slow disk
PATIENCE_S = 600.0  # a long prompt on a slow processor says nothing until it is read
ASKING_S = 10.0  # what the file can do, once it is loaded
CHILD = "loopdeck.models.local_server"
ONLY_TALKS = (
    "The file {file} has no place for tools, so its model is told of none and can only talk. "
    "Choose one that was trained to call tools."
)
_NAME_ONE = f"Name a GGUF file: {LOCAL}FILE.gguf."


@dataclass(frozen=True, slots=True)
class Able:
    """What a file can do, as its server says: whether it is told of tools, how much it reads."""

    tools: bool = True
    window: int = 0


class LocalModel:
    """Starts its server with the first request, or when it is warmed up."""

    def __init__(self, name: str, *, max_tokens: int = 16_000, logs: Path | None = None) -> None:
        self._name = name
        self._file = file_of(name)
        self._most = max_tokens
        self._log = (logs or Path(tempfile.gettempdir())) / f"local-model-{os.getpid()}.log"
        self._starting = asyncio.Lock()
        self._child: Process | None = None
        self._model: ServedModel | None = None
        self._able = Able()

    @property
    def name(self) -> str:
        """The name as the user typed it."""
        return self._name

    async def warm_up(self) -> None:
        """Load the file ahead of the first request."""
        await self._ready()

    async def close(self) -> None:
        """End the server."""
        model, child = self._model, self._child
        self._model = self._child = None
        if model is not None:
            await model.close()
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """Deltas, then one reply. Raises `ModelUnavailable` and `ModelRejected`."""
        model, able = await self._ready(), self._able
        deaf = bool(request.tools) and not able.tools
        note = ONLY_TALKS.format(file=self._file.name) if deaf else ""
        async with aclosing(model.stream(request)) as parts:
            async for part in parts:
                if isinstance(part, Reply):
                    part = replace(part, window=able.window, detail=part.detail or note)
                yield part

    async def _ready(self) -> ServedModel:
        async with self._starting:
            if self._child is not None and self._child.returncode is not None:
                await self.close()  # it died: the next request has a new one
            if self._model is None:
                self._model = await self._started()
            return self._model

    async def _started(self) -> ServedModel:
        command = (sys.executable, "-P", "-m", CHILD, str(self._file))
        with self._log.open("wb") as log:
            child = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=log, start_new_session=True
            )
        self._child = child
        assert child.stdout is not None
        try:
            async with asyncio.timeout(LOAD_S):
                address = (await child.stdout.readline()).decode().strip()
        except TimeoutError:
            address = ""
        if not address:
            await self.close()
            raise ModelUnavailable(
                f"The model in {self._file.name} cannot be loaded.", f"Its log: {self._log}"
            )
        server = Server(f"The server of {self._file.name}", "no key", "its log", "")
        wire = Wire(f"{address}/v1/", {}, server, PATIENCE_S)
        self._able = await _able(wire, address)
        return ServedModel(self._name, self._file.stem, wire, ChatDialect(), max_tokens=self._most)


async def _able(wire: Wire, address: str) -> Able:
    """What the server says of its file; one that says nothing is believed to be able."""
    try:
        told = await wire.get(f"{address}/props", within_s=ASKING_S)
    except (ModelError, Refusal):
        return Able()
    tools = object_of(told, "chat_template_caps").get("supports_tools")
    window = count_of(object_of(told, "default_generation_settings"), "n_ctx")
    return Able(tools is not False, window or 0)


def file_of(name: str) -> Path:
    """The file of weights that a name means. Raises `UnknownModel`."""
    path = name.removeprefix(LOCAL).strip()
    if not path:
        raise UnknownModel(f"{LOCAL} names no file of weights.", _NAME_ONE)
    file = Path(name.removeprefix(LOCAL)).expanduser()
    if not file.is_file():
        raise UnknownModel(f"There is no file of weights {str(file)!r}.", _NAME_ONE)
    if find_spec(PACKAGE) is None:
        raise UnknownModel(
            "A model in a file needs a package that is not installed.",
            f"{quote(sys.executable)} -m pip install 'loopdeck[local]'",
        )
    return file.absolute()
