"""The model of a run, in whose place another can be put while it runs."""

from collections.abc import AsyncGenerator, Callable

from loopdeck.ports import Delta, Model, ModelRequest, Reply


class CastModel:
    """Who is named next is also asked next: a change counts from the request after it."""

    def __init__(self, model: Model, find: Callable[[str], Model]) -> None:
        self._now = model
        self._next = model
        self._find = find
        self._all = [model]

    @property
    def name(self) -> str:
        """The name of the model that the next request goes to."""
        self._now = self._next
        return self._now.name

    def recast(self, name: str) -> None:
        """Put another in its place. Raises `UnknownModel`, and then nothing has changed."""
        known = next((model for model in self._all if model.name == name), None)
        self._next = known or self._find(name)
        if known is None:
            self._all.append(self._next)

    async def warm_up(self) -> None:
        """Load what the first request would have to wait for."""
        await self._now.warm_up()

    async def close(self) -> None:
        """Close all that were asked."""
        for model in self._all:
            await model.close()

    def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """What the present model says."""
        return self._now.stream(request)
