"""What holds of every log, whoever wrote it and however often they were killed."""

from collections.abc import Iterable, Iterator

from loopdeck.session.events import CallAnswered, CallStarted, Event


def repeated(events: Iterable[Event]) -> Iterator[str]:
    """The calls that were started again without a new yes of their human."""
    started: set[str] = set()
    for event in events:
        if isinstance(event, CallAnswered) and event.by == "human":
            started.discard(event.call_id)
        if isinstance(event, CallStarted):
            if event.call_id in started:
                yield event.call_id
            started.add(event.call_id)
