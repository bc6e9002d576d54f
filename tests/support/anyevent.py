"""Any value of any event kind, made from the fields of the models themselves.

Ids and steps come from small pools, so that events drawn apart speak of the same things.
"""

from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from loopdeck.session.events import Event
from loopdeck.session.records import Record
from tests.support.records import START

TEXT = st.text(max_size=12)
CALL_IDS = st.sampled_from(["c1", "c2", "c3"])
ASK_IDS = st.sampled_from(["a1", "a2"])
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=3)
_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "call_id": CALL_IDS,
    "ask_id": ASK_IDS,
    "step": st.integers(1, 4),
    "level": st.integers(1, 5),
    "cost_usd": st.none() | st.floats(0.001, 9),
    "minutes": st.none() | st.floats(0.1, 90),
}
_PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(1, 10**12),
    float: st.floats(0, 1e9),
    bool: st.booleans(),
    NoneType: st.none(),
    Any: JSON,
}

KINDS: tuple[type[BaseModel], ...] = get_args(get_args(Event)[0])


@cache
def values(model: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    """Valid instances of a model."""
    fields = {name: _field(name, info) for name, info in model.model_fields.items()}
    return st.builds(model, **fields)


def any_events() -> st.SearchStrategy[Event]:
    """An event of any kind."""
    made: st.SearchStrategy[Any] = st.sampled_from(KINDS).flatmap(values)
    return made


@st.composite
def any_records(draw: st.DrawFn, max_size: int = 30) -> list[Record]:
    """Gapless records of events in any order, sensible or not."""
    events = draw(st.lists(any_events(), max_size=max_size))
    return [
        Record("s1", seq, START + seq * 1_000_000, draw(st.integers(0, 10**12)), event)
        for seq, event in enumerate(events, start=1)
    ]


def _field(name: str, info: FieldInfo) -> st.SearchStrategy[Any]:
    return _BY_NAME[name] if name in _BY_NAME else _of(info.annotation)


def _of(kind: Any) -> st.SearchStrategy[Any]:
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of(inner[0])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is dict:
        return OBJECTS
    if origin in (Union, UnionType):
        return st.one_of([_of(option) for option in inner])
    if origin is tuple:
        return _tuples(inner)
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return values(kind)


def _tuples(inner: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if inner[-1] is Ellipsis:
        return st.lists(_of(inner[0]), max_size=3).map(tuple)
    return st.tuples(*[_of(part) for part in inner])
