"""Who sees which rows and which fields: by the roles that open the route, and null for what is not for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypedDict

import httpx
import pytest
from pydantic import BaseModel, RootModel, computed_field
from sqlalchemy import select

from fangxing.auth import Principal
from fangxing.clock import BusinessTime
from fangxing.errors import DomainError
from fangxing.money import Yuan
from fangxing.roles import Role
from fangxing.running.service import Service
from fangxing.scope import everyone
from fangxing.sight import Group, SeenBy, Sight
from fangxing.web.access import allow, employees, public
from fangxing.web.app import create_app, hidden_fields
from fangxing.web.edge import CallerLanguage, CurrentRuntime, CurrentWork, Source, quick
from fangxing.web.edge import router as edge_router
from fangxing.web.listing import By, Is, Listing, ListQuery, Page
from fangxing.work import Look
from fangxing_testing.harness import ServiceUnderTest, client_of
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.access import CUSTOMERS
from fangxing_testing.toy.shop import Shop
from fangxing_testing.toy.tables import NoteRow

REP, MANAGER, KEEPER, GUARD = Role.SALES_REP, Role.SALES_MANAGER, Role.WAREHOUSE_KEEPER, Role.GATE_GUARD
MONEY = Group("money", frozenset({MANAGER}))
NOW = BusinessTime(datetime(2026, 3, 2, 1, tzinfo=UTC))


def test_a_rep_sees_his_own_customers_and_a_role_that_deals_with_all_of_them_sees_all() -> None:
    sees = {
        (REP,): {"wang"},
        (MANAGER,): {"wang", "zhao"},
        (REP, KEEPER): {"wang", "zhao"},
        (REP, Role.PRICE_COMMITTEE): {"wang"},
        (Role.DEPARTMENT_MANAGER,): set(),
        (GUARD,): {"wang", "zhao"},
        (): set(),
    }
    for roles, expected in sees.items():
        caller = Principal("wang", "Wang", frozenset(roles))
        assert {rep for rep in ("wang", "zhao") if CUSTOMERS.sees(caller, rep)} == expected, roles


@pytest.mark.parametrize("roles", [(REP,), (MANAGER,), (REP, KEEPER), (GUARD,), (REP, GUARD), (REP, Role.QUALITY)])
async def test_the_scope_of_a_list_is_the_scope_of_a_row(shop: Shop, roles: tuple[Role, ...]) -> None:
    """Quality does not open the list, so that a rep of quality sees what a rep sees."""
    for rep in ("wang", "zhao"):
        await shop.order(f"of {rep}", customer=rep, rep=rep)
    opened = Principal("wang", "Wang", frozenset(roles) - {Role.QUALITY})
    expected = [f"of {rep}" for rep in ("wang", "zhao") if CUSTOMERS.sees(opened, rep)]
    assert await shop.numbers(who="wang", roles=roles, sort="number") == expected


async def test_a_rep_who_is_a_keeper_sees_as_a_keeper_and_acts_as_a_rep_for_his_own_customers_alone(shop: Shop) -> None:
    other = await shop.order("O", customer="乙", rep="zhao")
    both = shop.writer.identities.headers("wang", REP, KEEPER)
    assert await shop.numbers(who="wang", roles=(REP, KEEPER)) == ["O"]
    assert (await shop.writer.post(f"/orders/{other}/completion", as_=both)).json()["status"] == "done"
    answer = await shop.writer.post(f"/orders/{other}/reopening", as_=both)
    assert (answer.status_code, answer.json()["slug"]) == (404, "order-not-found")
    his = shop.writer.identities.headers("zhao", REP)
    assert (await shop.writer.post(f"/orders/{other}/reopening", as_=his)).json()["status"] == "open"


async def test_a_hidden_field_is_null_and_never_absent_in_list_detail_and_answer(shop: Shop) -> None:
    order = await shop.order("A", value="77.00")
    # a rep sees everybody's rows where he is a keeper too, and so without what keepers do not see
    for roles, value in (
        ((MANAGER,), "77.00"),
        ((KEEPER,), None),
        ((GUARD,), None),
        ((REP,), "77.00"),
        ((REP, KEEPER), None),
        ((REP, MANAGER), "77.00"),
    ):
        asked: dict[str, Any] = {"who": "wang", "roles": roles}
        (item,) = (await shop.get(**asked)).json()["items"]
        assert item["value"] == value
        assert (await shop.get(f"/orders/{order}", **asked)).json() == item
        assert item["tons"] == "1.000"
    keeper = shop.writer.identities.headers("sun", KEEPER)
    first, again = [await shop.writer.post(f"/orders/{order}/completion", as_=keeper, key="k") for _ in range(2)]
    assert first.json() == {**item, "value": None, "status": "done"}
    assert again.content == first.content
    assert int(first.headers["content-length"]) == len(first.content)


async def test_what_is_hidden_is_neither_sorted_nor_filtered_by(shop: Shop) -> None:
    await shop.order("A")
    for query, field in (({"sort": "value"}, "sort"), ({"sort": "-value"}, "sort"), ({"large": "true"}, "large")):
        answer = await shop.get(roles=(KEEPER,), **query)
        problem = answer.json()
        assert (answer.status_code, problem["slug"], problem["field"]) == (403, "field-not-yours", field)
        assert "销售经理、销售专员" in problem["title"]
        assert (await shop.get(roles=(MANAGER,), **query)).status_code == 200
        file = await shop.get(roles=(KEEPER,), format="csv", **query)
        assert (file.status_code, file.json()["slug"]) == (403, "field-not-yours")
    assert await shop.numbers(roles=(KEEPER,), sort="number") == ["A"]


class Note(BaseModel):
    """A note whose amount is hidden."""

    amount: Annotated[Yuan | None, SeenBy(MONEY)]


class NoteQuery(ListQuery):
    """By another name, the hidden column."""

    sort: Annotated[str, By(NoteRow.amount.label("size"))] = "-id"
    size: Annotated[str | None, Is(NoteRow.amount)] = None
    secret: Annotated[str | None, SeenBy(MONEY), Is(NoteRow.text)] = None


async def test_a_hidden_column_is_found_under_another_name_and_a_filter_can_be_hidden_itself(
    writer: ServiceUnderTest,
) -> None:
    notes = Listing(Note, NoteQuery, select(NoteRow.__table__), id=NoteRow.id, scope=everyone)
    async with writer.database.reader() as reader:
        keeper, manager = (
            Look(reader, Principal("x", "X", frozenset({role})), "en", NOW) for role in (KEEPER, MANAGER)
        )
        for query in (NoteQuery(sort="size"), NoteQuery(sort="-size"), NoteQuery(size="1"), NoteQuery(secret="x")):
            with pytest.raises(DomainError, match="field-not-yours"):
                await notes.page(keeper, query)
        for query in (NoteQuery(sort="size"), NoteQuery(secret="x")):
            assert await notes.page(manager, query) == Page[Note](items=[], next=None)


def test_a_list_that_not_everybody_may_sort_as_it_is_sorted_by_default_does_not_start() -> None:
    class Default(NoteQuery):
        sort: Annotated[str, By(NoteRow.amount.label("size"))] = "-size"

    doubled = select((NoteRow.amount * 2).label("amount"))
    Listing(Note, NoteQuery, doubled, id=NoteRow.id, scope=everyone)
    statement = select(NoteRow.__table__)
    Listing(Note, NoteQuery, statement, id=NoteRow.id, scope=everyone)
    with pytest.raises(TypeError, match=r"Default\.sort"):
        Listing(Note, Default, statement, id=NoteRow.id, scope=everyone)


class Tree(BaseModel):
    """A shape in itself, in a list, in a mapping, in a union, and one that is hidden whole."""

    name: str
    price: Annotated[Yuan | None, SeenBy(MONEY)] = None
    verdict: Annotated[dict[str, Any] | None, SeenBy(MONEY)] = None
    free: dict[str, Any] = {}
    branches: list["Tree"] = []
    named: dict[str, "Tree"] = {}
    one: "Tree | Leaf | None" = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> Annotated[str | None, SeenBy(MONEY)]:
        """Hidden, though no field."""
        return f"{self.price}, {self.price}"


class Leaf(BaseModel):
    """A shape with another hidden field."""

    cost: Annotated[Yuan | None, SeenBy(MONEY)]
    # null where it stands in a union with a shape that hides its price
    price: str | None = "said to everybody elsewhere"


class Leaves(RootModel[list[Leaf]]):
    """A list as a model."""


def tree() -> Tree:
    """A tree that hides something everywhere."""
    leaf = Leaf.model_validate({"cost": "5.00"})
    small = Tree.model_validate({"name": "small", "price": "1.00", "one": leaf})
    return Tree.model_validate(
        {
            "name": "large",
            "price": "2.00",
            "verdict": {"limit": "3.00"},
            "free": {"price": "free"},
            "branches": [small, small],
            "named": {"price": small},
            "one": small,
        }
    )


SMALL: dict[str, Any] = {
    "name": "small",
    "price": None,
    "verdict": None,
    "free": {},
    "branches": [],
    "named": {},
    "twice": None,
}
MASKED_SMALL: dict[str, Any] = {**SMALL, "one": {"cost": None, "price": None}}
MASKED = {
    **SMALL,
    "name": "large",
    "free": {"price": "free"},
    "branches": [MASKED_SMALL, MASKED_SMALL],
    "named": {"price": MASKED_SMALL},
    "one": MASKED_SMALL,
}

router = edge_router("trees", "/trees")


@router.get("/one")
@allow(KEEPER, MANAGER)
async def one() -> Tree:
    """A model."""
    return tree()


@router.get("/raw")
@allow(KEEPER, MANAGER)
async def raw() -> list[Tree]:
    """What FastAPI makes the models of."""
    return [tree().model_dump()]  # type: ignore[list-item]


@router.post("/made", status_code=201)
@allow(KEEPER, MANAGER)
async def made(work: CurrentWork) -> dict[str, Tree | None]:
    """A mapping, from a route that changes something."""
    return {work.actor.id: tree(), "nothing": None}


@router.get("/quick/{name}")
@allow(KEEPER, MANAGER)
@quick
async def glance(name: str, runtime: CurrentRuntime, language: CallerLanguage, source: Source) -> Tree:
    return tree()


@router.get("/leaves")
@employees()
async def leaves() -> Leaves:
    """A list as a model."""
    return Leaves([Leaf.model_validate({"cost": "5.00"})])


@router.get("/shown")
@public()
async def shown() -> Leaf:
    """For everybody, and so for nobody of the group."""
    return Leaf.model_validate({"cost": "5.00"})


TREES = Service(**{**WRITER.__dict__, "routers": [*WRITER.routers, router]})


@asynccontextmanager
async def trees(writer: ServiceUnderTest) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the toy writer with trees."""
    async with client_of(TREES, writer.runtime) as client:
        yield client


async def test_every_answer_of_every_kind_of_route_is_masked(writer: ServiceUnderTest) -> None:
    async with trees(writer) as client:
        keeper = writer.identities.headers("sun", KEEPER, Role.ACCOUNTANT)
        post = {**keeper, "Idempotency-Key": "k"}
        assert (await client.get("/trees/one", headers=keeper)).json() == MASKED
        assert (await client.get("/trees/raw", headers=keeper)).json() == [MASKED]
        assert (await client.get("/trees/quick/x", headers=keeper)).json() == MASKED
        for _ in range(2):
            assert (await client.post("/trees/made", headers=post)).json() == {"sun": MASKED, "nothing": None}
        assert (await client.get("/trees/leaves", headers=keeper)).json() == [
            {"cost": None, "price": "said to everybody elsewhere"}
        ]
        assert (await client.get("/trees/shown")).json()["cost"] is None
        manager = writer.identities.headers("li", MANAGER)
        for path in ("/trees/one", "/trees/quick/x"):
            assert (await client.get(path, headers=manager)).json() == tree().model_dump(mode="json")
        assert (await client.get("/trees/shown", headers=manager)).json()["cost"] is None


async def test_a_role_that_does_not_open_the_route_shows_nothing_there(writer: ServiceUnderTest) -> None:
    class Kept(BaseModel):
        price: Annotated[str | None, SeenBy(MONEY)] = "9.00"

    keepers = edge_router("keepers")

    @keepers.get("/kept")
    @allow(KEEPER)
    async def kept() -> Kept:
        return Kept()

    service = Service(**{**WRITER.__dict__, "routers": [keepers]})
    async with client_of(service, writer.runtime) as client:
        answer = await client.get("/kept", headers=writer.identities.headers("sun", KEEPER, MANAGER))
    assert answer.json() == {"price": None}


def test_answers_without_markers_cost_nothing() -> None:
    class Plain(BaseModel):
        name: str
        kind: Literal["a", "b"] | None
        inner: list["Plain"] = []

    assert not Sight(Plain)
    assert not Sight(None)
    assert not Sight(dict[str, Any])
    sight = Sight(list[Tree])
    body = b'[ {"price": 1} ]'
    assert sight.masked(body, frozenset({MANAGER})) is body


class Typed(TypedDict):
    """A shape that is no model."""

    price: Annotated[str | None, SeenBy(MONEY)]


@dataclass
class Data:
    """Another one."""

    price: Annotated[str | None, SeenBy(MONEY)]


@pytest.mark.parametrize("kind", [Typed, Data, list[Data], Data | None, tuple[Typed, int]])
def test_shapes_that_are_no_models_are_masked_too(kind: Any) -> None:
    assert Sight(kind).masked(b'{"price": "1"}', frozenset()) == b'{"price":null}'


class Never(BaseModel):
    """A field that cannot be hidden."""

    price: Annotated[Yuan, SeenBy(MONEY)]


class Misplaced(BaseModel):
    """A marker inside."""

    price: Annotated[Yuan, SeenBy(MONEY)] | None


class InAList(BaseModel):
    """A marker of items."""

    prices: list[Annotated[Yuan | None, SeenBy(MONEY)]] | None


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Never, r"Never\.price may be hidden, so it must allow None"),
        (list[Never], r"Never\.price"),
        (Misplaced, r"Misplaced\.price: SeenBy stands outside"),
        (InAList, r"InAList\.prices: SeenBy stands outside"),
        (Annotated[Leaf | None, SeenBy(MONEY)], "SeenBy stands outside"),
    ],
)
def test_a_field_that_cannot_be_null_or_a_marker_that_would_not_be_found_keeps_the_service_from_starting(
    shape: Any, said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        Sight(shape)

    async def endpoint() -> None: ...

    endpoint.__annotations__["return"] = shape
    with pytest.raises(TypeError, match=said):
        edge_router("x").get("/x")(allow(KEEPER)(endpoint))


def test_who_sees_a_field_is_in_the_document_of_the_api_and_in_a_table() -> None:
    app = create_app(TREES)
    shapes = app.openapi()["components"]["schemas"]
    assert shapes["OrderOut"]["properties"]["value"]["x-seen-by"] == {
        "group": "money",
        "roles": ["sales_manager", "sales_rep"],
    }
    assert shapes["Leaf"]["properties"]["cost"]["description"] == "null for all but sales_manager"
    assert "x-seen-by" not in str(shapes["OrderOut"]["properties"]["tons"])
    # what the machinery's own routes hide is not of this service
    own = [field for field in hidden_fields(app) if field.shape != "TaskOut"]
    found = [(field.shape, field.field, sorted(field.group.roles)) for field in own]
    assert found == [
        ("Leaf", "cost", [MANAGER]),
        ("OrderOut", "value", [MANAGER, REP]),
        ("Tree", "price", [MANAGER]),
        ("Tree", "twice", [MANAGER]),
        ("Tree", "verdict", [MANAGER]),
    ]
