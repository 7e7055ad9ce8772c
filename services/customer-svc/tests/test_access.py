"""1-3: every role on every route of customer-svc; whoever is not named is refused before anything is looked at."""

import re
from typing import TYPE_CHECKING

from fastapi.routing import APIRoute

from customer_svc.main import SERVICE
from fangxing.roles import Role
from fangxing.web.access import Access
from fangxing.web.app import create_app, declared_routes

if TYPE_CHECKING:
    from conftest import Office

ANY_ID = "00000000-0000-7000-8000-000000000000"
FINANCE = {Role.ACCOUNTANT, Role.FINANCE_MANAGER}
DECIDERS = {Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.GENERAL_MANAGER}
OVERSEERS = {*FINANCE, Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.AUDIT_MANAGER}
READERS = {*OVERSEERS, Role.SALES_REP}
MOVING_IN = {Role.SALES_MANAGER, Role.ADMINISTRATOR}
CONFIRMING = {Role.FINANCE_MANAGER, Role.GENERAL_MANAGER}
WATCHERS = {Role.ADMINISTRATOR, Role.GENERAL_MANAGER, Role.FINANCE_MANAGER, Role.AUDIT_MANAGER}
ALLOWED: dict[tuple[str, str], set[Role]] = {
    ("GET", "/calendar"): set(Role),
    ("POST", "/calendar/days"): {Role.ADMINISTRATOR},
    ("POST", "/calendar/years/{year}/confirmation"): {Role.ADMINISTRATOR},
    ("GET", "/directory"): set(Role),
    ("POST", "/staff"): {Role.ADMINISTRATOR},
    ("GET", "/staff"): WATCHERS,
    ("GET", "/staff/{staff_id}"): WATCHERS,
    ("GET", "/staff/{staff_id}/history"): WATCHERS,
    ("PUT", "/staff/{staff_id}"): {Role.ADMINISTRATOR},
    ("POST", "/staff/{staff_id}/switch-off"): {Role.ADMINISTRATOR},
    ("POST", "/staff/{staff_id}/switch-on"): {Role.ADMINISTRATOR},
    ("POST", "/delegations"): set(Role),
    ("POST", "/delegations/proposals"): {Role.ADMINISTRATOR},
    ("GET", "/delegations"): set(Role),
    ("GET", "/delegations/{delegation_id}"): set(Role),
    ("GET", "/delegations/{delegation_id}/history"): set(Role),
    ("POST", "/delegations/{delegation_id}/confirmation"): {Role.GENERAL_MANAGER, Role.FINANCE_MANAGER},
    ("POST", "/delegations/{delegation_id}/refusal"): {Role.GENERAL_MANAGER, Role.FINANCE_MANAGER},
    ("POST", "/delegations/{delegation_id}/withdrawal"): set(Role),
    ("POST", "/customers"): {Role.SALES_REP},
    ("GET", "/customers"): {*READERS, Role.ADMINISTRATOR},
    ("GET", "/customers/{customer_id}"): {*READERS, Role.ADMINISTRATOR},
    ("PUT", "/customers/{customer_id}/rep"): {Role.SALES_MANAGER},
    ("GET", "/imports/customers/template"): MOVING_IN,
    ("POST", "/imports/customers"): MOVING_IN,
    ("GET", "/imports/customers"): MOVING_IN | CONFIRMING,
    ("GET", "/imports/customers/{import_id}"): MOVING_IN | CONFIRMING,
    ("GET", "/imports/customers/{import_id}/errors"): MOVING_IN | CONFIRMING,
    ("GET", "/imports/customers/{import_id}/workbook"): MOVING_IN | CONFIRMING,
    ("POST", "/imports/customers/{import_id}/submission"): MOVING_IN,
    ("POST", "/imports/customers/{import_id}/check"): MOVING_IN,
    ("POST", "/imports/customers/{import_id}/withdrawal"): MOVING_IN,
    ("POST", "/imports/customers/{import_id}/decisions"): CONFIRMING,
    ("POST", "/credit-applications"): {Role.SALES_REP},
    ("GET", "/credit-applications"): READERS,
    ("GET", "/credit-applications/{application_id}"): READERS,
    ("GET", "/credit-applications/{application_id}/history"): READERS,
    ("POST", "/credit-applications/{application_id}/decisions"): DECIDERS,
    ("POST", "/credit-applications/{application_id}/entry"): FINANCE,
    ("GET", "/credit-accounts/{account_id}"): {*READERS, Role.ADMINISTRATOR},
    ("GET", "/credit-master"): READERS,
    ("POST", "/invoices"): FINANCE,
    ("GET", "/invoices"): READERS,
    ("GET", "/invoices/{invoice_id}"): READERS,
    ("GET", "/invoices/{invoice_id}/history"): READERS,
    ("POST", "/payments"): FINANCE,
    ("GET", "/payments"): READERS,
    ("GET", "/payments/{payment_id}"): READERS,
    ("GET", "/payments/{payment_id}/history"): READERS,
    ("POST", "/payments/{payment_id}/reversal"): FINANCE,
    ("GET", "/payments/{document_id}/attachments"): READERS,
    ("GET", "/payments/{document_id}/attachments/{attachment_id}"): READERS,
    ("POST", "/payments/{document_id}/attachments"): FINANCE,
    ("POST", "/payments/{payment_id}/allocations"): FINANCE,
    ("POST", "/payments/{payment_id}/reallocation"): FINANCE,
    ("GET", "/items"): OVERSEERS,
    ("POST", "/adjustments"): FINANCE,
    ("GET", "/adjustments"): OVERSEERS,
    ("GET", "/adjustments/{adjustment_id}"): OVERSEERS,
    ("GET", "/adjustments/{adjustment_id}/history"): OVERSEERS,
    ("POST", "/adjustments/{adjustment_id}/decisions"): {Role.FINANCE_MANAGER, Role.GENERAL_MANAGER},
    ("POST", "/adjustments/{adjustment_id}/cancellation"): {Role.FINANCE_MANAGER, Role.GENERAL_MANAGER},
    ("POST", "/payments/{payment_id}/conversion"): FINANCE,
    ("POST", "/payments/{payment_id}/move"): FINANCE,
    ("POST", "/invoices/{invoice_id}/cancellation"): FINANCE,
    ("POST", "/credit-notes/{credit_note_id}/allocations"): FINANCE,
    ("POST", "/credit-notes/{credit_note_id}/cancellation"): FINANCE,
    ("GET", "/credit-notes"): OVERSEERS,
    ("GET", "/credit-notes/{credit_note_id}"): OVERSEERS,
    ("GET", "/credit-notes/{credit_note_id}/history"): OVERSEERS,
    ("POST", "/credit-notes/{credit_note_id}/confirmation"): FINANCE,
    ("GET", "/delivery-notes"): READERS,
    ("GET", "/delivery-notes/{note_id}"): OVERSEERS,
    ("POST", "/ledger/restatement"): {Role.FINANCE_MANAGER, Role.ADMINISTRATOR},
    ("GET", "/ledger/differences"): {*FINANCE, Role.AUDIT_MANAGER, Role.ADMINISTRATOR},
}


def routes() -> list[tuple[str, str, Access]]:
    """Every route of the application, the machinery's too."""
    return declared_routes(create_app(SERVICE))


def test_1_3_every_route_allows_whom_the_matrix_names() -> None:
    own = {route.path for router in SERVICE.routers for route in router.routes if isinstance(route, APIRoute)}
    declared = {(method, path): set(access.roles) for method, path, access in routes() if path in own}
    assert declared == ALLOWED


async def test_1_3_everybody_else_gets_403_and_strangers_401(office: "Office") -> None:
    ids = dict.fromkeys(re.findall(r"{(\w+_id)}", " ".join(path for _, path, _ in routes())), ANY_ID)
    others = {"key": "unknown", "version": "9", "seq": "1", "year": "2026"}
    people = {role: office.as_(f"a-{role}", role) for role in Role}
    checked = 0
    for method, path, access in routes():
        if access.public:
            continue
        address = path.format_map({**ids, **others})
        answer = await office.svc.post(address, method=method)
        assert (answer.status_code, answer.json()["slug"]) == (401, "token-missing"), (method, path)
        for role, headers in people.items():
            answer = await office.svc.post(address, as_=headers, method=method)
            if role in access.roles:
                assert answer.status_code in (200, 400, 403, 404), (method, path, role, answer.text)
                assert '"role-required"' not in answer.text, (method, path, role)
            else:
                assert (answer.status_code, answer.json()["slug"]) == (403, "role-required"), (method, path, role)
                checked += 1
    assert checked > 150
    nobody = await office.svc.get("/customers", as_=office.svc.identities.headers("nobody"))
    assert nobody.status_code == 403
    assert await office.svc.published() == []
