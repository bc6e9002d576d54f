"""How each vendor is spoken to: its headers and its protocol."""

from loopdeck.models.faults import Server
from loopdeck.models.gemini import GeminiDialect
from loopdeck.models.responses import ResponsesDialect
from loopdeck.models.served import Dialect
from loopdeck.models.vendors import ANTHROPIC, GEMINI, Vendor
from loopdeck.models.wire import Wire

PATIENCE_S = 120.0
VERSION = "2023-06-01"
LISTS = {"anthropic": "v1/models?limit=100", "gemini": "v1beta/models?pageSize=200"}
PROTOCOLS = {"anthropic": "the Messages API", "gemini": "Gemini's API"}


def wire_to(vendor: Vendor, url: str, key: str, patience_s: float = PATIENCE_S) -> Wire:
    """Connections to a vendor, or to what stands in its place."""
    name = vendor.title if url == vendor.url else f"The model server in place of {vendor.title}"
    protocol = PROTOCOLS.get(vendor.word, "the Responses API")
    server = Server(name, vendor.keys[0], vendor.addresses[0], protocol)
    return Wire(f"{url}/", _headers(vendor, key), server, patience_s)


def _headers(vendor: Vendor, key: str) -> dict[str, str]:
    if vendor is GEMINI:
        return {"x-goog-api-key": key} if key else {}
    bearer = {"authorization": f"Bearer {key}"} if key else {}
    if vendor is not ANTHROPIC:
        return bearer
    return {**bearer, **({"x-api-key": key} if key else {}), "anthropic-version": VERSION}


def dialect_of(vendor: Vendor, *, thinking: bool) -> Dialect:
    """What a vendor speaks, where that is not the Messages API."""
    if vendor is GEMINI:
        return GeminiDialect(thinking=thinking)
    return ResponsesDialect(thinking=thinking)


def list_path(vendor: Vendor) -> str:
    """Where a vendor lists its models."""
    return LISTS.get(vendor.word, "models")
