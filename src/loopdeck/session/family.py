"""Forks beside their parents: a list of sessions as the forest that they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from loopdeck.session.summary import Summary


def family(summaries: Iterable[Summary]) -> list[tuple[int, Summary]]:
    """The same lines, each fork below its parent and one deeper.

    A fork whose parent is not among them stands by itself.
    """
    lines = {summary.id: summary for summary in summaries}
    parents = {name: line.parent for name, line in lines.items() if line.parent}
    return [(depth, lines[name]) for depth, name in lineage(list(lines), parents)]


def lineage(sessions: Sequence[str], parents: Mapping[str, str]) -> list[tuple[int, str]]:
    """The same sessions, each fork below its parent; a family stands where its first one stood.

    Recordings from elsewhere may say that two are forks of each other: nothing is lost by it.
    """
    if not parents:
        return [(0, session) for session in sessions]
    known = frozenset(sessions)
    children: dict[str, list[str]] = {}
    for session in sessions:
        if parents.get(session) in known:
            children.setdefault(parents[session], []).append(session)
    found: list[tuple[int, str]] = []
    placed: set[str] = set()
    for session in sessions:
        waiting = [] if session in placed else [(0, eldest(session, parents, known))]
        while waiting:
            depth, one = waiting.pop()
            if one not in placed:
                placed.add(one)
                found.append((depth, one))
                waiting += [(depth + 1, fork) for fork in reversed(children.get(one, []))]
    return found


def eldest(session: str, parents: Mapping[str, str], known: Collection[str]) -> str:
    """The known session that a fork comes from in the end."""
    met = {session}
    while (parent := parents.get(session)) in known and parent not in met:
        session = str(parent)
        met.add(session)
    return session
