"""`loopdeck models`: which models can be named here, what they cost and how much they take."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from loopdeck.cli.config import Settings, load_settings
from loopdeck.cli.console import one_line
from loopdeck.cli.places import places
from loopdeck.errors import LoopdeckError, UnknownModel
from loopdeck.models.addressed import address_of
from loopdeck.models.faults import Server
from loopdeck.models.listing import Listed, listed
from loopdeck.models.names import DEFAULT_MODEL, key_of, secret, url_of
from loopdeck.models.prices import Price, PriceBook
from loopdeck.models.vendor_wire import list_path, wire_to
from loopdeck.models.vendors import ANTHROPIC, SERVER_KEY, VENDORS, Vendor, is_address
from loopdeck.models.wire import Wire
from loopdeck.ports.wish import ModelOffer
from loopdeck.session.values import Usage

REACH_S = 5.0
NEAR = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
NEAR_S = 1.0
A_BIT = 1000  # tokens: for many of them at once some vendors charge more


@dataclass(frozen=True, slots=True)
class Row:
    """A model as it is named, with its prices in USD per million tokens where they are known."""

    name: str
    server: str
    window: int = 0
    input: float | None = None
    output: float | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A server to ask for its models, what their names begin with, and who sells them."""

    title: str
    wire: Wire
    path: str
    prefix: str
    seller: str | None = None
    quiet: bool = False


def main(args: argparse.Namespace) -> int:
    """Print the models; 1 if a server that is configured cannot be asked."""
    spots = places(args)
    settings = load_settings(spots.config, named=args.config is not None)
    rows, troubles = asyncio.run(_all(settings, os.environ))
    for row in rows:
        print(json.dumps(asdict(row)) if args.json else one_line(_line(row)))
    for trouble in troubles:
        print(one_line(trouble), file=sys.stderr)
    if not rows and not troubles:
        print(
            "No server named a model: docs/models.md says which keys and addresses to set.",
            file=sys.stderr,
        )
    return 1 if troubles else 0


async def offered(
    settings: Settings, named: Sequence[str], env: Mapping[str, str], *, ask: bool
) -> tuple[list[ModelOffer], list[str]]:
    """The models that can be named, those that were named before first; asks only with `ask`."""
    first = dict.fromkeys(name for name in (*named, settings.model, *settings.prices) if name)
    rows, troubles = await _all(settings, env) if ask else ([], [])
    found = {row.name: ModelOffer(row.name, row.window, row.input, row.output) for row in rows}
    known = [found.pop(name, None) or _priced(name, settings) for name in first]
    return [*known, *found.values()], troubles


def _priced(name: str, settings: Settings) -> ModelOffer:
    price = settings.prices.get(name)
    return ModelOffer(name, 0, price.input, price.output) if price else ModelOffer(name)


async def _all(settings: Settings, env: Mapping[str, str]) -> tuple[list[Row], list[str]]:
    found, troubles = _sources(settings, env)
    book = PriceBook(
        {
            name: Price(price.input, price.output, price.cache_read, price.cache_write)
            for name, price in settings.prices.items()
        }
    )
    await asyncio.to_thread(book.warm_up)
    asked = await asyncio.gather(*(_ask(source) for source in found))
    chosen = settings.model or DEFAULT_MODEL
    rows: list[Row] = []
    for source, answer in zip(found, asked, strict=True):
        if isinstance(answer, str):
            troubles.append(answer)
            continue
        rows += [_row(source, model, book, chosen) for model in answer]
    return rows, troubles


def _sources(settings: Settings, env: Mapping[str, str]) -> tuple[list[Source], list[str]]:
    found: list[Source] = []
    troubles: list[str] = []
    for vendor in VENDORS:
        try:
            key, url = key_of(vendor, env), url_of(vendor, env)
        except UnknownModel as error:
            troubles.append(f"{vendor.title}: {error} {error.hint}")
            continue
        if key or url != vendor.url:
            found.append(_of_vendor(vendor, url, key))
    chosen = settings.model or ""
    bases = {address_of(chosen).base} if is_address(chosen) else set[str]()
    found += [_of_address(base, env, base) for base in bases]
    near = {f"http://127.0.0.1:{port}/v1": title for port, title in NEAR.items()}
    known = {each.wire.base_url.rstrip("/").removesuffix("/v1") + "/v1" for each in found}
    found += [
        _of_address(base, {}, title, quiet=True)
        for base, title in near.items()
        if base not in known and base.replace("127.0.0.1", "localhost") not in known
    ]
    return found, troubles


def _of_vendor(vendor: Vendor, url: str, key: str) -> Source:
    theirs = url == vendor.url
    prefix = "" if vendor is ANTHROPIC else vendor.prefix
    wire = wire_to(vendor, url, key, REACH_S)
    return Source(
        wire.server.name, wire, list_path(vendor), prefix, vendor.seller if theirs else None
    )


def _of_address(base: str, env: Mapping[str, str], title: str, *, quiet: bool = False) -> Source:
    key = secret(env, SERVER_KEY)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    server = Server(f"The model server at {base}", SERVER_KEY, "its address", "Chat Completions")
    wire = Wire(f"{base}/", headers, server, NEAR_S if quiet else REACH_S)
    return Source(title, wire, "models", f"{base.removesuffix('/v1')}#", quiet=quiet)


async def _ask(source: Source) -> Sequence[Listed] | str:
    try:
        return await listed(source.wire, source.path, within_s=source.wire.patience_s)
    except LoopdeckError as error:
        return () if source.quiet else f"{error} {error.hint}"
    finally:
        await source.wire.close()


def _row(source: Source, model: Listed, book: PriceBook, chosen: str) -> Row:
    name, seller = source.prefix + model.name, source.seller
    costs = [
        book.cost(model.name, usage, seller) for usage in (Usage(input=A_BIT), Usage(output=A_BIT))
    ]
    prices = [None if cost is None else round(cost * 1_000_000 / A_BIT, 4) for cost in costs]
    window = model.window or book.window(model.name, seller)
    return Row(name, source.title, window, *prices, chosen=name == chosen)


def _line(row: Row) -> str:
    window = f"{row.window / 1000:,.0f}k" if row.window else ""
    known = row.input is not None and row.output is not None
    price = f"${row.input:g} in, ${row.output:g} out" if known else ""
    mark = "✓" if row.chosen else " "
    return f"{mark} {row.name:<44} {window:>8}  {price:<24} {row.server}".rstrip()
