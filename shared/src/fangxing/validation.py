"""What is wrong with an input, said in both languages; pydantic itself speaks English alone."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import ErrorDetails, PydanticCustomError

from fangxing.text import Text


class Body(BaseModel):
    """Base of what a client sends: the command its use case takes, whole. An unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_TEXTS: Mapping[str, Text] = {
    "missing": Text("必填", "required"),
    "extra_forbidden": Text("不认识的字段", "unknown field"),
    "decimal-string": Text('须为带引号的小数，例如 "80000.00"', 'a decimal number in quotes, for example "80000.00"'),
    "decimal-places": Text("最多 {places} 位小数", "at most {places} decimal places"),
    "greater_than": Text("须大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": Text("不能小于 {ge}", "must not be less than {ge}"),
    "less_than_equal": Text("不能大于 {le}", "must not be greater than {le}"),
    "control-character": Text("不能含控制字符（如 NUL）", "control characters such as NUL are not allowed"),
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

_UNKNOWN = "值无效"


def invalid(slug: str, text: Text, **params: object) -> PydanticCustomError:
    """The error a validator raises: `text` with `params`, in both languages."""
    said = {"zh": text.say("zh-CN", **params), "en": text.say("en", **params)}
    return PydanticCustomError(slug, "{en}", said)


def meaning(error: ErrorDetails) -> Text:
    """One error of a pydantic ValidationError as people read it, without its field."""
    context: dict[str, Any] = error.get("ctx", {})
    text = _TEXTS.get(error["type"])
    if text is None:
        return Text(context.get("zh", _UNKNOWN), error["msg"])
    # pydantic lists what is expected as "'a', 'b' or 'c'"
    chinese = {**context, "expected": str(context.get("expected")).replace(", ", "、").replace(" or ", "、")}
    return Text(text.say("zh-CN", **chinese), text.say("en", **context))
