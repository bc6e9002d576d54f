"""The little statistics the bench needs."""

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle; of nothing, not a number."""
    return statistics.median(values) if values else float("nan")


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def p95(values: Sequence[float]) -> float:
    """What 19 of 20 values stay under."""
    return quantile(values, 0.95)
