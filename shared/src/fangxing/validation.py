"""What a client may send, strictly, and what is wrong with it in both languages; pydantic speaks English alone."""

import math
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from fangxing.text import CODE, Text


class Json(bytes):
    """A request body as it came, JSON by its content type."""


_DATES = {
    "date": re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt ]", re.ASCII),
}
_WORDS = {**_DATES, "int": re.compile(r"(0|-?[1-9]\d*)\Z", re.ASCII), "bool": re.compile(r"(true|false)\Z")}
_MOST = 2**31 - 1
"""The largest whole number that a column holds."""


def _written(kind: str, form: re.Pattern[str], value: object) -> object:
    if isinstance(value, (int, float)) and kind in _DATES:
        raise PydanticCustomError(f"{kind}_type", "a number is no date")
    if isinstance(value, str) and not form.match(value):
        raise PydanticCustomError(f"{kind}_parsing", "not in the one form it may have")
    return value


def _can_be_kept(value: Any) -> bool:
    """Whether PostgreSQL, and whoever reads an event, can keep `value`, which is JSON of any shape."""
    match value:
        case bool() | None:
            return True
        case int():
            return -(2**63) <= value < 2**63
        case float():
            return math.isfinite(value)
        case str():
            return "\x00" not in value
        case dict():
            return all(map(_can_be_kept, (*value, *value.values())))
        case _:
            return all(map(_can_be_kept, value))


def _kept(value: Any) -> Any:
    if not _can_be_kept(value):
        raise invalid("json-not-kept", _NOT_KEPT)
    return value


def as_written(schema: Any, forms: Mapping[str, re.Pattern[str]]) -> Any:
    """`schema` with each date, moment and number in one form alone; a whole number has at most 32 bits, and what may
    be anything is what can be kept.

    Pydantic also reads "20251125" as a date, as seconds since 1970, and with text to read from "1_0" and "yes".
    """
    if isinstance(schema, list):
        return [as_written(child, forms) for child in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if kind == "int":
        schema = {"ge": -_MOST, "le": _MOST, **schema}
    if "any" in (kind, schema.get("values_schema", {}).get("type")):
        return core_schema.no_info_after_validator_function(_kept, schema)
    if isinstance(kind, str) and kind in forms:
        schema = {**schema, "strict": False}
        return core_schema.no_info_before_validator_function(partial(_written, kind, forms[kind]), schema)
    return {key: as_written(child, forms) for key, child in schema.items()}


class Body(BaseModel):
    """Base of what a client sends: the command its use case takes, whole. An unknown field is an error.

    Strict: a number is no date and no text, true is not 1, "5" is not 5. What JSON can only write as text (a date, an
    id, a member of an enum) is read from text; to know JSON from Python takes the JSON itself, so the edge hands in
    `Json`. A body made in Python takes Python's own dates, ids and enums. A body within a body is one, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        model = as_written(handler.resolve_ref_schema(handler(source)), _DATES)

        def read(value: object) -> object:
            return cls.model_validate_json(value) if isinstance(value, Json) else value

        name = model.pop("ref", None)
        either = core_schema.no_info_before_validator_function(read, model)
        return core_schema.json_or_python_schema(model, either, ref=name)


class Parameters(BaseModel):
    """Base of what a client asks in the query of an address, all of it text, each name once. The edge refuses others.

    Strict as a body is: a date is in ISO 8601, a whole number has digits alone, a bool is "true" or "false".
    """

    model_config = ConfigDict(frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        read: CoreSchema = as_written(handler.resolve_ref_schema(handler(source)), _WORDS)
        return read


_TEXTS: Mapping[str, Text] = {
    "missing": Text("必填", "required"),
    "extra_forbidden": Text("不认识的字段", "unknown field"),
    "given_twice": Text("只能出现一次", "may be given only once"),
    "decimal-string": Text('须为带引号的小数，例如 "80000.00"', 'a decimal number in quotes, for example "80000.00"'),
    "decimal-places": Text("最多 {places} 位小数", "at most {places} decimal places"),
    "greater_than": Text("须大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": Text("不能小于 {ge}", "must not be less than {ge}"),
    "less_than_equal": Text("不能大于 {le}", "must not be greater than {le}"),
    "control-character": Text("不能含控制字符（如 NUL）", "control characters such as NUL are not allowed"),
    "line-break": Text("须为一行文字，不能换行或含制表符", "must be one line, without newline or tab"),
    "invisible-character": Text(
        "不能含看不见的字符（如零宽空格、文字方向标记）",
        "characters nobody sees, such as zero-width marks and marks of direction, are not allowed",
    ),
    "string_too_short": Text("不能为空", "must not be empty"),
    "string_too_long": Text("最多 {max_length} 个字符", "at most {max_length} characters"),
    "string_pattern_mismatch": Text("格式不对", "not in the expected form"),
    "less_than": Text("须小于 {lt}", "must be less than {lt}"),
    "string_unicode": Text("不是有效的文字", "not valid text"),
    "int_parsing": Text("须为整数", "must be a whole number"),
    "int_type": Text("须为整数", "must be a whole number"),
    "int_from_float": Text("须为整数", "must be a whole number"),
    "bool_parsing": Text("须为 true 或 false", "must be true or false"),
    "bool_type": Text("须为 true 或 false", "must be true or false"),
    "list_type": Text("须为列表", "must be a list"),
    "tuple_type": Text("须为列表", "must be a list"),
    "set_type": Text("须为列表", "must be a list"),
    "frozen_set_type": Text("须为列表", "must be a list"),
    "dict_type": Text("须为 JSON 对象", "must be a JSON object"),
    "model_type": Text("须为 JSON 对象", "must be a JSON object"),
    "model_attributes_type": Text("须为 JSON 对象", "must be a JSON object"),
    "too_short": Text("至少 {min_length} 项", "at least {min_length} items"),
    "too_long": Text("最多 {max_length} 项", "at most {max_length} items"),
    "uuid_type": Text("不是有效的编号", "not a valid id"),
    "date_type": Text("日期格式为 YYYY-MM-DD", "a date as YYYY-MM-DD"),
    "date_parsing": Text("日期格式为 YYYY-MM-DD", "a date as YYYY-MM-DD"),
    "datetime_type": Text("时间格式为 ISO 8601", "a moment in ISO 8601"),
    "datetime_parsing": Text("时间格式为 ISO 8601", "a moment in ISO 8601"),
    "datetime_from_date_parsing": Text("时间格式为 ISO 8601", "a moment in ISO 8601"),
    "timezone_aware": Text("时间须带时区", "a moment needs its time zone"),
    "literal_error": Text("只能是 {expected}", "must be {expected}"),
    "enum": Text("只能是 {expected}", "must be {expected}"),
    "json_invalid": Text("不是有效的 JSON", "not valid JSON"),
    "uuid_parsing": Text("不是有效的编号", "not a valid id"),
    "date_from_datetime_parsing": Text("日期格式为 YYYY-MM-DD", "a date as YYYY-MM-DD"),
    "string_type": Text("须为文字", "must be text"),
}

_CODE = Text(
    "须以英文字母或数字开头，只含英文字母、数字、点、横线和下划线，最多 64 个字符",
    "letters, digits, dots, dashes and underscores alone, a letter or digit first, at most 64 characters",
)
_NOT_KEPT = Text(
    "不能含 NUL、超过 64 位的整数、NaN 或无穷大",
    "NUL, whole numbers of more than 64 bits, NaN and infinity are not allowed",
)
_UNKNOWN = "值无效"


def invalid(slug: str, text: Text, **params: object) -> PydanticCustomError:
    """The error a validator raises: `text` with `params`, in both languages."""
    said = {"zh": text.say("zh-CN", **params), "en": text.say("en", **params)}
    return PydanticCustomError(slug, "{en}", said)


def meaning(error: ErrorDetails) -> Text:
    """One error of a pydantic ValidationError as people read it, without its field."""
    context: dict[str, Any] = error.get("ctx", {})
    text = _CODE if context.get("pattern") == CODE else _TEXTS.get(error["type"])
    if text is None:
        return Text(context.get("zh", _UNKNOWN), error["msg"])
    # pydantic lists what is expected as "'a', 'b' or 'c'"
    chinese = {**context, "expected": str(context.get("expected")).replace(", ", "、").replace(" or ", "、")}
    return Text(text.say("zh-CN", **chinese), text.say("en", **context))
