"""Event contracts: the JSON Schema of every event a service publishes, checked in beside it.

A schema may grow; a consumer that reads today's events must read tomorrow's. What would break one is refused here and
becomes a new type, `.v2` beside `.v1`. What a reader takes is held against what is published.
"""

from collections.abc import Iterator
from typing import Any

from fangxing.outbox import Event

Schema = dict[str, Any]


def published_by(package: str) -> dict[str, Schema]:
    """The schemas of the events declared in `package` (already imported), by file name: `ShipmentShipped.v1.json`."""
    schemas: dict[str, Schema] = {}
    for event in _descendants(Event):
        event_type = getattr(event, "event_type", None)
        if event.__module__.split(".")[0] == package and event_type is not None:
            name = event_type.partition(".")[2]
            schema = event.model_json_schema(mode="serialization")
            schemas[f"{name}.json"] = {"$id": f"urn:fangxing:event:{event_type}", **schema}
    return dict(sorted(schemas.items()))


def _descendants(cls: type[Event]) -> Iterator[type[Event]]:
    for child in cls.__subclasses__():
        yield child
        yield from _descendants(child)


def breaking_changes(old: Schema, new: Schema, path: str = "") -> list[str]:
    """What in `new` would break a reader of `old`: a field gone or no longer always there, or of another type."""
    old, new = _resolved(old), _resolved(new)
    faults: list[str] = []
    for name, before in old.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        after = new.get("properties", {}).get(name)
        if after is None:
            faults.append(f"{here} is gone")
            continue
        if name in old.get("required", []) and name not in new.get("required", []):
            faults.append(f"{here} is no longer always there")
        faults += _type_changes(before, after, here)
    return faults


def misread(published: Schema, read: Schema, path: str = "") -> list[str]:
    """What a reader takes from an event that its publisher does not promise: a field, its presence, its type."""
    published, read = _resolved(published), _resolved(read)
    faults: list[str] = []
    for name, wanted in read.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        given = published.get("properties", {}).get(name)
        if given is None:
            faults.append(f"{here} is never there")
        elif name in read.get("required", []) and name not in published.get("required", []):
            faults.append(f"{here} is not always there")
        else:
            faults += _misfits(given, wanted, here)
    return faults


def _misfits(given: Schema, wanted: Schema, path: str) -> list[str]:
    """Why something of the shape `given` cannot be read as `wanted`: each way it may come must be one to read."""
    faults: list[str] = []
    for way in given.get("anyOf", [given]):
        tried = [_misfit(way, option, path) for option in wanted.get("anyOf", [wanted])]
        best: list[str] = min(tried, key=len)
        faults += best
    return faults


def _misfit(given: Schema, wanted: Schema, path: str) -> list[str]:
    accepted = _kinds(wanted)
    if not (_kinds(given) <= accepted or {"any", given.get("type")} & accepted):
        return [f"{path} may be {sorted(_kinds(given))}, read is {sorted(accepted)}"]
    form, readable = given.get("pattern"), wanted.get("pattern")
    # a number that is never negative may be read as one that might be
    if readable not in (None, form, form and form.replace("^", "^-?")):
        return [f"{path} may be of the form {form}, read is {readable}"]
    faults = misread(given, wanted, path)
    for inner in ("items", "additionalProperties"):
        if isinstance(wanted.get(inner), dict) and isinstance(given.get(inner), dict):
            faults += _misfits(given[inner], wanted[inner], f"{path}[]")
    return faults


def _type_changes(before: Schema, after: Schema, path: str) -> list[str]:
    if _kinds(after) - _kinds(before):
        return [f"{path} may now be {sorted(_kinds(after) - _kinds(before))}"]
    faults = breaking_changes(before, after, path)
    if "items" in before and "items" in after:
        faults += breaking_changes(before["items"], after["items"], f"{path}[]")
    return faults


def _kinds(schema: Schema) -> set[str]:
    if "anyOf" in schema:
        return set().union(*(_kinds(option) for option in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return {f"'{value}'" for value in values}
    kind = str(schema.get("type", "any"))
    return {f"{kind}:{schema['format']}" if "format" in schema else kind}


def _resolved(schema: Schema, definitions: Schema | None = None) -> Schema:
    """`schema` with its references replaced by what they point at."""
    definitions = schema.get("$defs", definitions or {})
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    resolved: Schema = {}
    for key, value in schema.items():
        if key == "$defs":
            continue
        if key == "properties":
            resolved[key] = {name: _resolved(item, definitions) for name, item in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            resolved[key] = _resolved(value, definitions)
        elif key == "anyOf":
            resolved[key] = [_resolved(item, definitions) for item in value]
        else:
            resolved[key] = value
    return resolved
