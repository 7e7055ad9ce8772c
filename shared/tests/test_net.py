"""The net under all tests: an answer that its document does not promise fails the test that got it."""

from typing import Any

import httpx
import pytest

from fangxing_testing.net import BadAnswer, Net, net_of
from fangxing_testing.toy import WRITER

NET = net_of(WRITER)
NOTE: dict[str, Any] = {"id": "00000000-0000-7000-8000-000000000000", "text": "x", "amount": "1.00", "version": 1}
PROBLEM: dict[str, Any] = {"type": "urn:fangxing:problem:busy", "slug": "busy", "title": "忙", "status": 503}
ID = {"X-Request-Id": "9f86d081884c"}
SAID = {**ID, "Content-Type": "application/problem+json", "Content-Language": "zh-CN"}
AMENDMENTS = f"/notes/{NOTE['id']}/amendments"


def answered(method: str, path: str, status: int, json: Any, **headers: str) -> httpx.Response:
    asked = httpx.Request(method, f"http://service{path}")
    return httpx.Response(status, json=json, headers={**ID, **headers}, request=asked)


def test_what_is_promised_passes() -> None:
    NET.hold(answered("POST", "/notes", 201, NOTE))
    NET.hold(answered("POST", "/notes", 201, NOTE, **{"Idempotency-Replayed": "true"}))
    NET.hold(answered("GET", "/notes", 200, {"items": [NOTE], "next": None}))
    NET.hold(answered("POST", AMENDMENTS, 503, PROBLEM, **SAID, **{"Retry-After": "1"}))
    NET.hold(httpx.Response(200, text="a 1\n", headers=ID, request=httpx.Request("GET", "http://service/metrics")))
    for slug, status in (("no-such-address", 404), ("method-not-allowed", 405)):
        missing = {**PROBLEM, "type": f"urn:fangxing:problem:{slug}", "slug": slug, "status": status}
        NET.hold(answered("DELETE", "/notes", status, missing, **SAID))


FAULTS = {
    "another status": (answered("POST", "/notes", 202, NOTE), "documented are only 201, 400"),
    "another route": (answered("GET", "/nowhere", 200, NOTE), "the route is not documented"),
    "a problem of a route that is not there": (answered("GET", "/nowhere", 503, PROBLEM, **SAID), "not documented"),
    "a field missing": (answered("POST", "/notes", 201, {**NOTE, "id": None}), r"\$.id"),
    "a number for an amount": (answered("POST", "/notes", 201, {**NOTE, "amount": 1}), r"\$.amount: 1 is not"),
    "an id that is none": (answered("POST", "/notes", 201, {**NOTE, "id": "7"}), "'7' is not a 'uuid'"),
    "a row of a list": (answered("GET", "/notes", 200, {"items": [{}], "next": None}), "is a required property"),
    "another media type": (answered("POST", "/notes", 201, NOTE, **{"Content-Type": "text/html"}), "text/html, doc"),
    "a header that says something else": (
        answered("POST", "/notes", 201, NOTE, **{"Idempotency-Replayed": "yes"}),
        "Idempotency-Replayed: .*'true' was expected",
    ),
    "no word when to retry": (answered("POST", AMENDMENTS, 503, PROBLEM, **SAID), "the header Retry-After is missing"),
    "a problem without a slug": (
        answered("POST", AMENDMENTS, 409, {**PROBLEM, "slug": None}, **SAID),
        r"\$.slug: None is not of type 'string'",
    ),
    "an error that is no problem": (answered("POST", "/notes", 422, {"detail": []}), "application/json, documented"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_not_promised_fails_loudly(what: str) -> None:
    response, fault = FAULTS[what]
    asked = f"{response.request.method} {response.request.url.path} answered {response.status_code}: "
    with pytest.raises(BadAnswer, match=fault) as caught:
        NET.hold(response)
    assert str(caught.value).startswith(asked)


def test_an_answer_without_its_id_fails() -> None:
    response = answered("POST", "/notes", 201, NOTE)
    del response.headers["X-Request-Id"]
    with pytest.raises(BadAnswer, match="the header X-Request-Id is missing"):
        NET.hold(response)


@pytest.mark.parametrize(
    ("title", "good"),
    [
        ("只限 sales_rep", False),
        ("须由quality确认", False),
        ("只限销售专员", True),
        ("只能是 'quality'、'sales'", True),
    ],
)
def test_a_chinese_sentence_does_not_name_a_role_by_its_code(title: str, good: bool) -> None:
    said = {**PROBLEM, "title": title, "status": 403}
    response = answered("POST", AMENDMENTS, 403, said, **SAID)
    if good:
        NET.hold(response)
        return
    with pytest.raises(BadAnswer, match=f"names a role by its code: {title}"):
        NET.hold(response)


def test_a_shape_that_is_not_documented_fails() -> None:
    answer: dict[str, Any] = {"200": {"content": {"application/json": {"schema": {}}}}}
    net = Net({"paths": {"/x": {"get": {"responses": answer}}}})
    with pytest.raises(BadAnswer, match="the shape of application/json is not documented"):
        net.hold(answered("GET", "/x", 200, {}))
