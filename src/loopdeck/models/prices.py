"""What a reply costs and a model takes: the user's own prices first, then the installed list."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from loopdeck.session.values import Usage

MILLION = 1_000_000
PROVIDER = "anthropic"
SEARCH_USD = 0.01  # what vendors take for one search of the web, beside the tokens


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens; what the cache gave or took costs like input unless said."""

    input: float
    output: float
    cache_read: float | None = None
    cache_write: float | None = None

    def of(self, usage: Usage) -> float:
        """The cost of one reply."""
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        return (
            usage.input * self.input
            + usage.output * self.output
            + usage.cache_read * read
            + usage.cache_write * write
        ) / MILLION


@dataclass(slots=True)
class PriceBook:
    """Prices by model name. The installed list takes half a second to load, hence `warm_up`."""

    overrides: Mapping[str, Price] = field(default_factory=dict[str, Price])
    search_usd: float = SEARCH_USD
    _loaded: bool = False
    _unlisted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def is_ready(self, model: str) -> bool:
        """True when `cost` answers at once."""
        return self._loaded or model in self.overrides

    def warm_up(self) -> None:
        """Load the installed list. Blocks: call it in a thread."""
        self._listed("", Usage(), PROVIDER)
        self._loaded = True

    def cost(self, model: str, usage: Usage, seller: str | None = PROVIDER) -> float | None:
        """USD, or `None` where the price or the usage is not known; `seller` is who sells it."""
        if usage.total == 0:
            return None
        own = self.overrides.get(model)
        return self._listed(model, usage, seller) if own is None else own.of(usage)

    def with_searches(self, cost: float | None, count: int) -> float | None:
        """A reply's cost with that of so many searches; what is not known stays so."""
        return None if cost is None else cost + count * self.search_usd

    def window(self, model: str, seller: str | None = PROVIDER) -> int:
        """How many tokens a model takes in all; 0 where the list does not say, or is not loaded."""
        if not self._loaded or seller is None or (model, seller) in self._unlisted:
            return 0
        from genai_prices.data_snapshot import get_snapshot

        try:
            _, found = get_snapshot().find_provider_model(model, None, seller, None)
        except (LookupError, ValueError):
            self._unlisted.add((model, seller))  # the list looks through all of itself each time
            return 0
        return found.context_window or 0

    def _listed(self, model: str, usage: Usage, seller: str | None) -> float | None:
        # Only a vendor's own models are looked up: a local model that shares its name with one
        # some host sells would get that host's price. The list is the bundled one, never updated
        # over the network.
        if seller is None or (model, seller) in self._unlisted:
            return None
        from genai_prices import Usage as Tokens
        from genai_prices import calc_price

        tokens = Tokens(
            input_tokens=usage.input + usage.cache_read + usage.cache_write,
            output_tokens=usage.output,
            cache_read_tokens=usage.cache_read,
            cache_write_tokens=usage.cache_write,
        )
        try:
            return float(calc_price(tokens, model, provider_id=seller).total_price)
        except (LookupError, ValueError):
            return None
