"""Forks beside their parents: a list of sessions as the forest that they are."""

from collections.abc import Iterable

from loopdeck.session.summary import Summary


def family(summaries: Iterable[Summary]) -> list[tuple[int, Summary]]:
    """The same lines, each fork below its parent and one deeper; their order is kept otherwise.

    A fork whose parent is not among them stands by itself.
    """
    listed = list(summaries)
    known = {summary.id for summary in listed}
    children: dict[str, list[Summary]] = {}
    for summary in listed:
        children.setdefault(summary.parent if summary.parent in known else "", []).append(summary)
    found: list[tuple[int, Summary]] = []
    waiting = [(0, summary) for summary in reversed(children.get("", []))]
    while waiting:
        depth, summary = waiting.pop()
        found.append((depth, summary))
        waiting += [(depth + 1, fork) for fork in reversed(children.get(summary.id, []))]
    return found
