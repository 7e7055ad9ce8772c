"""The OpenAPI document says what the edge does: who may, with which key, in which shape, and what else may come."""

from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI

from fangxing.roles import Role
from fangxing.web.app import create_app
from fangxing_testing.toy import WRITER

DOCUMENT: dict[str, Any] = create_app(WRITER).openapi()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
NOTE = "/notes/{note_id}"


def operation(method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][path][method]
    return found


def every_operation() -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, one) for path, item in DOCUMENT["paths"].items() for method, one in item.items()]


def test_it_is_an_openapi_document_named_after_the_service() -> None:
    OpenAPI.model_validate(DOCUMENT)
    assert DOCUMENT["info"]["title"] == "toy-writer-svc"
    assert DOCUMENT["info"]["description"] == "toy writer"


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("post", "/notes", "201 400 401 403 409 413 422 500 503"),
        ("put", NOTE, "200 400 401 403 404 409 413 500 503"),
        ("post", f"{NOTE}/judgements", "200 201 400 401 403 404 409 413 422 500 503"),
        ("get", "/notes", "200 400 401 403 500 503"),
        ("get", "/policies", "200 400 401 403 500 503"),
        ("post", "/scans", "201 400 401 403 404 409 413 429 500 503"),
        ("post", "/wishes", "201 400 409 413 500 503"),
        ("get", "/welcome", "200 400 500"),
        ("get", "/health/serving", "200 400 500 503"),
        ("get", "/health/ready", "200 400 500 503"),
    ],
)
def test_each_operation_names_the_statuses_it_can_give(method: str, path: str, statuses: str) -> None:
    assert sorted(operation(method, path)["responses"]) == statuses.split()


def test_every_problem_is_one_in_shape_and_media_type() -> None:
    for method, path, one in every_operation():
        for status, answer in one["responses"].items():
            if status >= "400" and (path, status) not in {("/health/ready", "503"), ("/health/serving", "503")}:
                name = answer["$ref"].rpartition("/")[2]
                content = DOCUMENT["components"]["responses"][name]["content"]
                assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}, (
                    method,
                    path,
                )
    assert SCHEMAS["Problem"]["required"] == ["type", "slug", "title", "status"]
    assert {"HTTPValidationError", "ValidationError"}.isdisjoint(SCHEMAS)


def test_who_signs_in_and_how_is_said_of_every_operation() -> None:
    assert operation("post", "/notes")["security"] == [{"bearer": []}]
    assert operation("post", "/notes")["x-roles"] == ["sales_rep", "sales_manager"]
    assert operation("post", "/notes")["description"].endswith("For: 销售专员 sales rep, 销售经理 sales manager.")
    assert operation("get", "/notes")["x-roles"] == [role.value for role in Role]
    assert operation("get", "/notes")["description"].endswith("For everybody who is signed in.")
    assert operation("post", "/scans")["security"] == [{"device": []}]
    assert operation("post", "/scans")["description"].endswith("For enrolled devices of the kind scanner.")
    assert operation("get", "/welcome")["security"] == []
    assert "x-roles" not in operation("get", "/welcome")
    assert all("security" in one for _, _, one in every_operation())
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"bearer", "device"}


def test_the_idempotency_key_is_asked_for_where_it_is_required() -> None:
    asking = {
        (method, path)
        for method, path, one in every_operation()
        if {"$ref": "#/components/parameters/IdempotencyKey"} in one["parameters"]
    }
    assert {("post", "/notes"), ("post", f"{NOTE}/judgements")} <= asking
    assert asking.isdisjoint({("put", NOTE), ("post", "/scans"), ("post", "/wishes"), ("get", "/notes")})
    assert DOCUMENT["components"]["parameters"]["IdempotencyKey"]["required"] is True
    for method, path, one in every_operation():
        answers = [answer for answer in one["responses"].values() if "$ref" not in answer]
        replays = all("Idempotency-Replayed" in answer["headers"] for answer in answers)
        assert replays is ((method, path) in asking), (method, path)


def test_a_route_that_judges_says_what_each_of_its_statuses_means() -> None:
    answers = operation("post", f"{NOTE}/judgements")["responses"]
    assert answers["200"]["content"] == answers["201"]["content"]
    assert answers["200"]["description"].startswith("Refused")
    assert answers["201"]["description"].startswith("Allowed")
    assert list(SCHEMAS["Judgement"]["properties"]) == ["allowed", "verdict", "note_id", "currency"]
    assert SCHEMAS["Judgement"]["properties"]["verdict"] == {"$ref": "#/components/schemas/VerdictOut"}
    assert SCHEMAS["VerdictOut"]["title"] == "Verdict"
    assert SCHEMAS["Unit"]["enum"] == ["yuan", "tons", "yuan_per_ton", "days", "percent"]


def test_amounts_have_an_example_that_makes_sense() -> None:
    assert SCHEMAS["WriteNote"]["properties"]["amount"] == {
        "type": "string",
        "title": "Amount",
        "pattern": r"^\d{1,12}(\.\d{1,2})?$",
        "examples": ["80000.00"],
    }


def test_a_default_is_left_out_of_a_body_and_never_of_an_answer() -> None:
    assert SCHEMAS["WriteNote"]["required"] == ["text", "amount"]
    assert SCHEMAS["Page_NoteOut_"]["required"] == ["items", "next"]
    assert SCHEMAS["Judgement"]["required"] == ["allowed", "verdict", "note_id", "currency"]


def test_every_answer_has_a_shape() -> None:
    for method, path, one in every_operation():
        for answer in one["responses"].values():
            assert all(media.get("schema") for media in answer.get("content", {}).values()), (method, path)
