"""1-3: every role on every changing route; whoever is not named is refused before anything is looked at."""

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute

from fangxing.roles import Role
from fangxing.web.access import access_of
from pricing_svc.main import SERVICE

if TYPE_CHECKING:
    from conftest import Desk

ANY_ID = "00000000-0000-7000-8000-000000000000"
PROPOSERS = {Role.SALES_REP, Role.SALES_MANAGER, Role.PRODUCTION, Role.ACCOUNTANT, Role.FINANCE_MANAGER}
DECIDERS = {
    Role.SALES_MANAGER,
    Role.PRODUCTION,
    Role.FINANCE_MANAGER,
    Role.AUDIT_MANAGER,
    Role.DEPARTMENT_MANAGER,
    Role.PRICE_COMMITTEE,
    Role.GENERAL_MANAGER,
}
READERS = set(Role) - {
    Role.QUALITY,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY_SUPERVISOR,
    Role.GATE_GUARD,
}
OVERSEERS = {Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER, Role.GENERAL_MANAGER}
CALLERS = {Role.SALES_REP, Role.SALES_MANAGER, Role.WAREHOUSE_SUPERVISOR, Role.QUALITY_SUPERVISOR}
SUPERIORS = {Role.SALES_MANAGER, Role.GENERAL_MANAGER}
ALLOWED: dict[tuple[str, str], set[Role]] = {
    ("POST", "/products"): {Role.PRODUCTION},
    ("GET", "/products"): set(Role),
    ("GET", "/products/{product_id}"): set(Role),
    ("POST", "/products/{product_id}/production-records"): {Role.PRODUCTION},
    ("GET", "/products/{product_id}/prices"): READERS,
    ("GET", "/products/{product_id}/prices/difference"): READERS,
    ("POST", "/price-proposals"): PROPOSERS,
    ("GET", "/price-proposals"): READERS,
    ("GET", "/price-proposals/{proposal_id}"): READERS,
    ("GET", "/price-proposals/{proposal_id}/history"): READERS,
    ("POST", "/price-proposals/{proposal_id}/opinions"): {Role.ACCOUNTANT, Role.FINANCE_MANAGER, Role.PRODUCTION},
    ("POST", "/price-proposals/{proposal_id}/submission"): PROPOSERS,
    ("POST", "/price-proposals/{proposal_id}/withdrawal"): PROPOSERS,
    ("POST", "/price-proposals/{proposal_id}/decisions"): DECIDERS,
    ("GET", "/price-table"): READERS,
    ("GET", "/price-table/difference"): READERS,
    ("POST", "/authority-tables"): {Role.SALES_MANAGER},
    ("GET", "/authority-tables"): READERS,
    ("GET", "/authority-tables/{table_id}"): READERS,
    ("GET", "/authority-tables/{table_id}/history"): READERS,
    ("POST", "/authority-tables/{table_id}/revision"): {Role.SALES_MANAGER},
    ("POST", "/authority-tables/{table_id}/withdrawal"): {Role.SALES_MANAGER},
    ("POST", "/authority-tables/{table_id}/decisions"): DECIDERS,
    ("GET", "/price-authority"): READERS,
    ("GET", "/price-level"): READERS,
    ("POST", "/breaches"): OVERSEERS,
    ("GET", "/breaches"): set(Role),
    ("GET", "/breaches/sums"): set(Role),
    ("GET", "/breaches/{breach_id}"): set(Role),
    ("GET", "/breaches/{breach_id}/history"): set(Role),
    ("POST", "/breaches/{breach_id}/withdrawal"): OVERSEERS,
    ("POST", "/breaches/{breach_id}/passing-on"): OVERSEERS,
    ("POST", "/breaches/{breach_id}/decision"): OVERSEERS,
    ("POST", "/breaches/{breach_id}/appeal"): set(Role),
    ("POST", "/breaches/{breach_id}/judgement"): OVERSEERS - {Role.SALES_MANAGER},
    ("GET", "/breaches/{document_id}/attachments"): set(Role),
    ("GET", "/breaches/{document_id}/attachments/{attachment_id}"): set(Role),
    ("POST", "/breaches/{document_id}/attachments"): set(Role),
    ("POST", "/phone-words"): CALLERS,
    ("GET", "/phone-words"): set(Role),
    ("GET", "/phone-words/{word_id}"): set(Role),
    ("GET", "/phone-words/{word_id}/history"): set(Role),
    ("POST", "/phone-words/{word_id}/papers"): CALLERS | SUPERIORS,
    ("POST", "/phone-words/{word_id}/withdrawal"): CALLERS,
    ("POST", "/phone-words/{word_id}/confirmation"): SUPERIORS,
    ("POST", "/phone-words/{word_id}/denial"): SUPERIORS,
    ("GET", "/phone-words/{document_id}/attachments"): set(Role),
    ("GET", "/phone-words/{document_id}/attachments/{attachment_id}"): set(Role),
    ("POST", "/phone-words/{document_id}/attachments"): set(Role),
}
ROUTES = [route for router in SERVICE.routers for route in router.routes if isinstance(route, APIRoute)]


def test_1_3_every_route_allows_whom_the_matrix_names() -> None:
    declared = {
        (method, route.path): set(access_of(route.endpoint).roles) for route in ROUTES for method in route.methods or ()
    }
    assert declared == ALLOWED


async def test_1_3_everybody_else_gets_403_and_strangers_401(desk: "Desk") -> None:
    for (method, path), roles in ALLOWED.items():
        address = re.sub(r"\{\w+\}", ANY_ID, path)
        for role in Role:
            answer = await desk.service.post(address, as_=desk.sign_in(f"a-{role}", role), method=method)
            if role in roles:
                assert answer.status_code in (200, 400, 404), (method, path, role, answer.text)
            else:
                assert (answer.status_code, answer.json()["slug"]) == (403, "role-required"), (method, path, role)
        assert (await desk.service.post(address, method=method)).status_code == 401


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/products/{}", "product-not-found"),
        ("/products/{}/prices", "product-not-found"),
        ("/products/{}/prices/difference?old=1&new=2", "product-not-found"),
        ("/price-proposals/{}", "price-proposal-not-found"),
        ("/price-proposals/{}/history", "price-proposal-not-found"),
        ("/authority-tables/{}", "authority-table-not-found"),
        ("/authority-tables/{}/history", "authority-table-not-found"),
        ("/price-level?price=1.00&product_id={}", "product-not-found"),
    ],
)
async def test_what_is_not_there_is_404(desk: "Desk", path: str, slug: str) -> None:
    answer = await desk.service.get(path.format(ANY_ID), as_=desk.sign_in("gm"))
    assert (answer.status_code, answer.json()["slug"]) == (404, slug)
