"""Steps with models that are spoken to in other protocols, against those over the Messages API."""

from bench.parts import in_turns
from bench.stats import median
from bench.steps import SHORT, walk_headless, walk_vendor
from bench.table import Figure, versus


def models(rounds: int) -> list[Figure]:
    """A step with the model of each other protocol, against one with Anthropic's."""
    ours, responses, gemini, chat = in_turns(
        rounds,
        lambda: walk_headless(SHORT),
        lambda: walk_vendor(SHORT, "responses"),
        lambda: walk_vendor(SHORT, "gemini"),
        lambda: walk_vendor(SHORT, "chat"),
    )
    floors = [median(walk.gaps_ms) for walk in ours]
    rows = {"the Responses API": responses, "Gemini's API": gemini, "Chat Completions": chat}
    return [
        versus(
            f"headless step over {name}, against Messages",
            [median(walk.gaps_ms) for walk in walks],
            floors,
            most=1.3,
        )
        for name, walks in rows.items()
    ]
