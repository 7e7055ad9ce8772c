"""Fields by role: `value: Annotated[Yuan | None, SeenBy(MONEY)]` is null for whoever holds no role of that group.

The edge masks every answer by a plan that is made once per answer type, so that nothing leaks by being forgotten; lists
refuse to sort and to filter by what is hidden and leave it out of files.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NamedTuple,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import orjson
from pydantic import BaseModel, GetJsonSchemaHandler, RootModel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from fangxing.roles import Role

Roles = frozenset[Role]


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """A named set of roles that see what others do not; a service has two or three, in its access.py."""

    name: str
    roles: Roles


@dataclasses.dataclass(frozen=True, slots=True)
class SeenBy:
    """Marks a field of an answer as one for `group` alone. It stands outside: `Annotated[X | None, SeenBy(GROUP)]`."""

    group: Group

    def hides_from(self, roles: Roles) -> bool:
        """Whether a caller who acts in `roles` gets null."""
        return self.group.roles.isdisjoint(roles)

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The field as it is, and who sees it."""
        roles = sorted(self.group.roles)
        shown = {"description": f"null for all but {', '.join(roles)}", **handler(core_schema)}
        return {**shown, "x-seen-by": {"group": self.group.name, "roles": roles}}


class HiddenField(NamedTuple):
    """A field that not everybody sees."""

    shape: str
    field: str
    group: Group


@dataclasses.dataclass(eq=False, slots=True)
class _Shape:
    """What is hidden in JSON objects of one type, by name; `inner` leads on by name, `each` through every value."""

    name: str
    hidden: dict[str, SeenBy] = dataclasses.field(default_factory=dict)
    inner: dict[str, list["_Shape"]] = dataclasses.field(default_factory=dict)
    each: list["_Shape"] = dataclasses.field(default_factory=list)

    def reached(self) -> Iterator["_Shape"]:
        """This shape and all it leads to, each once; a shape may lead to itself."""
        found, waiting = {id(self)}, [self]
        while waiting:
            shape = waiting.pop()
            yield shape
            for following in (*shape.each, *(one for several in shape.inner.values() for one in several)):
                if id(following) not in found:
                    found.add(id(following))
                    waiting.append(following)


class Sight:
    """What of an answer of type `answer` is hidden from whom.

    Raises TypeError where a marked field does not allow null, or a marker stands where it would not be found.
    """

    def __init__(self, answer: Any) -> None:
        starts = list(_Reading().shapes_in(answer, f"{answer}"))
        self._starts = [start for start in starts if any(shape.hidden for shape in start.reached())]
        by_id = {id(shape): shape for start in self._starts for shape in start.reached()}
        self.fields = [
            HiddenField(shape.name, name, marker.group)
            for shape in by_id.values()
            for name, marker in shape.hidden.items()
        ]

    def __bool__(self) -> bool:
        return bool(self.fields)

    def masked(self, body: bytes, roles: Roles) -> bytes:
        """The JSON `body` as a caller who acts in `roles` may see it."""
        if not any(field.group.roles.isdisjoint(roles) for field in self.fields):
            return body
        content = orjson.loads(body)
        _mask(content, self._starts, roles)
        return orjson.dumps(content)


def _mask(content: Any, shapes: list[_Shape], roles: Roles) -> None:
    if isinstance(content, list):
        for item in content:
            _mask(item, shapes, roles)
    elif isinstance(content, dict):
        # of a union every member's names are hidden: which one it was cannot be read off the JSON
        for shape in shapes:
            for name, marker in shape.hidden.items():
                if name in content and marker.hides_from(roles):
                    content[name] = None
            for name, inner in shape.inner.items():
                _mask(content.get(name), inner, roles)
            for value in content.values() if shape.each else ():
                _mask(value, shape.each, roles)


class _Reading:
    """Reads the shapes out of an annotation; each type once, since a type may contain itself."""

    def __init__(self) -> None:
        self._known: dict[type, _Shape] = {}

    def shapes_in(self, annotation: Any, where: str) -> Iterator[_Shape]:
        """The shapes of the JSON objects that stand at an annotation, through lists and unions."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            if _marker(arguments[1:]):
                raise TypeError(f"{where}: SeenBy stands outside, as in Annotated[X | None, SeenBy(GROUP)]")
            yield from self.shapes_in(arguments[0], where)
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield _Shape("object", each=[*self.shapes_in(arguments[1], where)])
        elif isinstance(annotation, type) and _is_shape(annotation):
            yield from self._read(annotation)
        elif isinstance(annotation, str | ForwardRef):
            raise TypeError(f"{where}: nobody knows what {annotation} is")
        elif origin is not Literal:
            for argument in arguments:
                yield from self.shapes_in(argument, where)

    def _read(self, kind: type) -> Iterator[_Shape]:
        if issubclass(kind, RootModel):
            yield from self.shapes_in(kind.model_fields["root"].annotation, kind.__name__)
            return
        if kind not in self._known:
            shape = self._known[kind] = _Shape(kind.__name__)
            for name, annotation, metadata in fields_of(kind):
                where = f"{kind.__name__}.{name}"
                if marker := _marker(metadata):
                    if not _allows_null(annotation):
                        raise TypeError(f"{where} may be hidden, so it must allow None")
                    shape.hidden[name] = marker
                if inner := [*self.shapes_in(annotation, where)]:
                    shape.inner[name] = inner
        yield self._known[kind]


def fields_of(kind: type) -> Iterator[tuple[str, Any, Collection[Any]]]:
    """Name in JSON, annotation and metadata of every field of a model, a dataclass or a TypedDict."""
    if not issubclass(kind, BaseModel):
        yield from ((name, *_parted(hint)) for name, hint in get_type_hints(kind, include_extras=True).items())
        return
    kind.model_rebuild()  # a name that stands for a shape below it is one only then
    for name, info in kind.model_fields.items():
        yield info.serialization_alias or info.alias or name, info.annotation, info.metadata
    for name, computed in kind.model_computed_fields.items():
        yield computed.alias or name, *_parted(computed.return_type)


def _parted(hint: Any) -> tuple[Any, Collection[Any]]:
    """A type and its metadata."""
    if get_origin(hint) is not Annotated:
        return hint, ()
    annotation, *metadata = get_args(hint)
    return annotation, metadata


def hidden_in(kind: type[BaseModel]) -> dict[str, SeenBy]:
    """The marked fields of `kind` itself, by name."""
    return {name: marker for name, _, metadata in fields_of(kind) if (marker := _marker(metadata))}


def _marker(metadata: Collection[Any]) -> SeenBy | None:
    return next((item for item in metadata if isinstance(item, SeenBy)), None)


def _is_shape(kind: type) -> bool:
    return issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or is_typeddict(kind)


def _allows_null(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _allows_null(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(_allows_null(argument) for argument in get_args(annotation))
    return annotation is Any or annotation is None or annotation is NoneType
