"""3-7.3.3: no other way to change a base price. No route, import, policy or direct statement goes around the flow."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import pricing_svc
from fangxing.organisation.consumers import consumers as ORGANISATION
from fangxing.web.access import access_of
from pricing_svc.main import SERVICE
from pricing_svc.prices.entering import enter_base_price
from pricing_svc.proposals.deciding import decide

if TYPE_CHECKING:
    from conftest import Desk

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COUNTER = "price_versions"
SOURCE = Path(inspect.getfile(pricing_svc)).parent
CHANGING = {
    ("POST", "/products"),
    ("POST", "/products/{product_id}/production-records"),
    ("POST", "/price-proposals"),
    ("POST", "/price-proposals/{proposal_id}/opinions"),
    ("POST", "/price-proposals/{proposal_id}/submission"),
    ("POST", "/price-proposals/{proposal_id}/withdrawal"),
    ("POST", "/price-proposals/{proposal_id}/decisions"),
    ("POST", "/authority-tables"),
    ("POST", "/authority-tables/{table_id}/revision"),
    ("POST", "/authority-tables/{table_id}/withdrawal"),
    ("POST", "/authority-tables/{table_id}/decisions"),
}


WRITING = {"insert", "pg_insert", "update", "delete", "merge", "bulk_insert_mappings", "bulk_save_objects"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every file of the source, parsed."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The last part of the name by which something is called or known."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def names(node: ast.AST, name: str) -> bool:
    """Whether anything in an expression goes by `name`."""
    return any(called(part) == name for part in ast.walk(node))


def writes(call: ast.Call, name: str) -> bool:
    """Whether `call` makes a `name`, or hands it to an insert, update or delete, as a function or as a method."""
    if called(call.func) == name:
        return True
    whole = [call.func, *call.args, *(keyword.value for keyword in call.keywords)]
    return called(call.func) in WRITING and any(names(part, name) for part in whole)


def writers(name: str) -> list[tuple[str, str]]:
    """Where the source calls or writes `name`: file and enclosing function, "" at the top of a file."""
    found = []
    for path, tree in trees():
        places: list[tuple[str, ast.AST]] = [("", node) for node in tree.body if not isinstance(node, FUNCTIONS)]
        places += [(node.name, node) for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
        for function, place in places:
            calls = [node for node in ast.walk(place) if isinstance(node, ast.Call)]
            found += [(path, function) for call in calls if writes(call, name)]
    return found


def test_3_7_3_3_one_function_writes_prices_and_one_use_case_calls_it() -> None:
    assert writers("BasePrice") == [("prices/entering.py", enter_base_price.__name__)]
    assert writers("enter_base_price") == [("proposals/deciding.py", decide.__name__)]


def test_3_7_3_3_nobody_goes_by_another_name_or_around_the_models() -> None:
    aliases, spelled, counted = [], [], []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.alias) and node.name in ("BasePrice", "enter_base_price") and node.asname:
                aliases.append(path)
            if isinstance(node, ast.Constant) and "base_prices" in str(node.value):
                spelled.append(path)
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                counted += [path for target in targets if isinstance(target, ast.Attribute) and target.attr == COUNTER]
    assert aliases == []
    assert set(spelled) == {"migrations/versions/0001_pricing.py", "prices/store.py"}
    assert counted == ["prices/entering.py"]


def test_3_7_3_3_the_routes_that_change_anything_are_known() -> None:
    routes = [route for router in SERVICE.routers for route in router.routes]
    changing = {
        (method, getattr(route, "path", ""))
        for route in routes
        for method in getattr(route, "methods", ())
        if method not in ("GET", "HEAD")
    }
    # a breach and a word by phone speak of prices and change none
    changing = {(method, path) for method, path in changing if not path.startswith(("/breaches", "/phone-words"))}
    assert changing == CHANGING
    assert not [route for route in routes if access_of(route.endpoint).public]  # type: ignore[attr-defined]


def test_3_7_3_3_no_event_timer_or_policy_brings_a_price() -> None:
    assert set(SERVICE.consumers.facts) == set(ORGANISATION.facts)
    assert SERVICE.consumers.positions == {}
    assert [timer.name for timer in SERVICE.timers] == ["phone-papers"]
    assert set(SERVICE.policies.by_key) == {
        "hands.incompatible",
        "price_change.committee",
        "price_phone.papers_working_days",
        "route.price_change",
        "route.new_product_price",
        "route.price_authority",
        "tasks.due_days",
    }


async def attempt(desk: "Desk", statement: str, **params: object) -> None:
    """Run a statement directly on the database."""
    async with desk.service.database.transaction() as tx:
        await tx.execute(text(statement), params)


INSERT = (
    "INSERT INTO base_prices (id, product_id, version, price, status, effective_from, proposal_id, approved_by,"
    " approved_at) VALUES (gen_random_uuid(), :product, :version, :price, 'standard', '2026-03-02', :proposal, 'x',"
    " now())"
)


async def test_3_7_3_3_the_database_refuses_a_price_the_gm_has_not_approved(desk: "Desk") -> None:
    product = await desk.product()
    proposal = await desk.propose(product, "8000.00")
    await desk.approve(proposal, "manager", "committee")
    params = {"product": UUID(product["id"]), "proposal": UUID(proposal["id"]), "version": 1, "price": 8000}
    with pytest.raises(DBAPIError, match=r"3-7\.3\.3"):
        await attempt(desk, INSERT, **params)
    # a status set by hand is not the GM's yes
    await attempt(
        desk,
        "UPDATE price_proposals SET status = 'approved', price_version = 1 WHERE id = :proposal",
        proposal=params["proposal"],
    )
    with pytest.raises(DBAPIError, match=r"3-7\.3\.3"):
        await attempt(desk, INSERT, **params)


async def test_3_7_1_2_a_version_is_immutable(desk: "Desk") -> None:
    product = await desk.product()
    proposal = await desk.price(product, "8000.00")
    for statement in (
        "UPDATE base_prices SET price = 1",
        "UPDATE base_prices SET effective_from = '2020-01-01'",
        "DELETE FROM base_prices",
        "TRUNCATE base_prices",
    ):
        with pytest.raises(DBAPIError, match=r"3-7\.1\.2"):
            await attempt(desk, statement)
    # an approved proposal is good for its own price and version, once
    params = {"product": UUID(product["id"]), "proposal": UUID(proposal["id"])}
    for version, price in ((2, 8000), (1, 9000)):
        with pytest.raises(DBAPIError, match=r"3-7\.3\.3"):
            await attempt(desk, INSERT, **params, version=version, price=price)
    with pytest.raises(DBAPIError, match="uq_base_prices"):
        await attempt(desk, INSERT, **params, version=1, price=8000)
