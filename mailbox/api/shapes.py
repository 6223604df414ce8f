"""Dataclasses as JSON Schema (2020-12, as OpenAPI 3.1 takes it), and values held to it.

A dataclass with annotations is the only description of what is taken or given: its schema is what the document shows, and a request is
checked against that very schema. A field with a default may be left out; one that is not known is refused. Where Python has a word
already (`from`), a field ends in `_`, and its JSON name does not.
"""

import json
import re
import types
from dataclasses import MISSING, Field, asdict, dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from mailbox.store.models import stamp

Schema = dict[str, Any]
T = TypeVar("T")

PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
}
PYTHON: dict[str, tuple[type, str]] = {
    "string": (str, "a text"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
    "array": (list, "a list"),
    "object": (dict, "an object"),
    "null": (types.NoneType, "null"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, and where in it."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Rule:
    words: tuple[tuple[str, Any], ...]


def rule(description: str = "", **words: Any) -> Rule:
    """Words of JSON Schema about a field: `Annotated[str, rule("What it is.", maxLength=64)]`. The description of a field with a pattern is
    also what whoever breaks it is told."""
    return Rule((*words.items(), *([("description", description)] if description else [])))


@cache
def schema_of(kind: Any) -> Schema:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return {**schema_of(arguments[0]), **dict(arguments[1].words)}
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin in (Union, types.UnionType):
        return or_null(schema_of(arguments[0]))
    return object_schema(kind) if is_dataclass(kind) else PLAIN[kind]


def or_null(schema: Schema) -> Schema:
    both = {**schema, "type": [schema["type"], "null"]}
    return {**both, "enum": [*schema["enum"], None]} if "enum" in schema else both


def object_schema(kind: Any) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "properties": {name_of(field): schema_of(hints[field.name]) | default_of(field) for field in fields(kind)},
        "required": [name_of(field) for field in fields(kind) if field.default is MISSING],
        "additionalProperties": False,
    }


def default_of(field: Field[Any]) -> Schema:
    return {"default": field.default} if field.default is not MISSING and field.default else {}


def name_of(field: Field[Any]) -> str:
    return field.name.rstrip("_")


def fault_in(value: object, schema: Schema, field: str = "") -> Fault | None:
    """The first thing that is wrong. Only words of JSON Schema that `schema_of` and the API's own rules use are known here."""
    allowed = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(type(value) is PYTHON[name][0] for name in allowed):  # and not isinstance: true is no number
        return Fault(field, f"This must be {' or '.join(PYTHON[name][1] for name in allowed)}.")
    if "enum" in schema and value not in schema["enum"]:
        return Fault(field, f"This must be one of {', '.join(map(str, schema['enum']))}.")
    if isinstance(value, str):
        return _fault_in_text(value, schema, field)
    if isinstance(value, int):
        return _fault_in_number(value, schema, field)
    if isinstance(value, list):
        return _fault_in_list(value, schema, field)
    return _fault_in_object(value, schema, field) if isinstance(value, dict) else None


def _fault_in_text(value: str, schema: Schema, field: str) -> Fault | None:
    if len(value) > schema.get("maxLength", len(value)):
        return Fault(field, f"This may have {schema['maxLength']} characters at most.")
    if len(value) < schema.get("minLength", 0):
        return Fault(field, "This may not be empty.")
    if not re.fullmatch(schema.get("pattern", "(?s:.*)"), value):
        return Fault(field, schema.get("description", "This is not as it should be."))
    return None


def _fault_in_number(value: int, schema: Schema, field: str) -> Fault | None:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    return None if least <= value <= most else Fault(field, f"This must be between {least} and {most}.")


def _fault_in_list(value: list[Any], schema: Schema, field: str) -> Fault | None:
    if len(value) > schema.get("maxItems", len(value)):
        return Fault(field, f"This may hold {schema['maxItems']} at most.")
    faults = (fault_in(one, schema["items"], f"{field}[{number}]") for number, one in enumerate(value))
    return next((fault for fault in faults if fault), None)


def _fault_in_object(value: dict[str, Any], schema: Schema, field: str) -> Fault | None:
    known, path = schema["properties"], f"{field}." if field else ""
    for name in schema["required"]:
        if name not in value:
            return Fault(path + name, "This is missing.")
    for name in value:
        if name not in known:
            return Fault(path + name[:60], f"There is no such field. Known are {', '.join(known)}.")
    faults = (fault_in(one, known[name], path + name) for name, one in value.items())
    return next((fault for fault in faults if fault), None)


def made(kind: type[T], value: dict[str, Any]) -> T:
    """The dataclass out of a value in which nothing is wrong."""
    hints = get_type_hints(kind)
    given = {field.name: value[name_of(field)] for field in fields(kind) if name_of(field) in value}  # type: ignore[arg-type]
    return kind(**{name: _made(hints[name], one) for name, one in given.items()})


def _made(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], one) for one in value)
    return made(kind, value) if is_dataclass(kind) and isinstance(kind, type) else value


def as_json(value: Any) -> str:
    return json.dumps(asdict(value, dict_factory=_named), default=stamp, ensure_ascii=False, allow_nan=False)


def _named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in pairs}
