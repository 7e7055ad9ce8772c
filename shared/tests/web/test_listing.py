"""A list answers what it was asked, in the caller's scope, and refuses what it does not know."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import uuid4

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import Date, bindparam, select

from fangxing.auth import Principal
from fangxing.clock import BusinessTime
from fangxing.errors import DomainError
from fangxing.ids import new_id
from fangxing.roles import Role
from fangxing.scope import everyone
from fangxing.text import Line
from fangxing.web.app import create_app
from fangxing.web.export import MEDIA_TYPES
from fangxing.web.listing import By, Given, Has, Listing, ListQuery, Page
from fangxing.work import Look
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.toy.orders import ORDER_NOT_FOUND, ORDERS, OrderQuery
from fangxing_testing.toy.shop import Shop
from fangxing_testing.toy.tables import CustomerRow, NoteRow, OrderRow, Status

NOW = BusinessTime(datetime(2026, 3, 2, 1, tzinfo=UTC))
MANAGER = Principal("li", "Li", frozenset({Role.SALES_MANAGER}))


def refused(answer: httpx.Response, slug: str, field: str) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["slug"], problem["field"]) == (400, slug, field), problem
    return problem


async def test_a_list_is_narrowed_by_every_filter_it_is_asked(shop: Shop) -> None:
    await shop.order("A", deliver_on=date(2026, 3, 1), value="999.99")
    await shop.order("B", deliver_on=date(2026, 3, 2), value="1000.00")
    await shop.order("C", deliver_on=date(2026, 3, 3), value="1000.01", status=Status.DONE)
    await shop.order("D", deliver_on=None, value="0.00")
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["D", "C", "B", "A"]),
        ({"status": "open"}, ["D", "B", "A"]),
        ({"deliver_from": "2026-03-02"}, ["C", "B"]),
        ({"deliver_to": "2026-03-02"}, ["B", "A"]),
        ({"deliver_from": "2026-03-02", "deliver_to": "2026-03-02"}, ["B"]),
        ({"deliver_from": "2026-03-03", "deliver_to": "2026-03-02"}, []),
        ({"large": "true"}, ["C", "B"]),
        ({"large": "false", "status": "open"}, ["D", "A"]),
        ({"sort": "number"}, ["A", "B", "C", "D"]),
        ({"limit": 1}, ["D"]),
        ({"limit": 200}, ["D", "C", "B", "A"]),
    ]
    for query, expected in asked:
        assert await shop.numbers(**query) == expected, query


async def test_a_day_of_moments_is_the_factorys_from_midnight_to_midnight(shop: Shop) -> None:
    await shop.order("last second", ordered_at=datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC))
    await shop.order("midnight", ordered_at=datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC))
    await shop.order("the end", ordered_at=datetime(2026, 3, 2, 15, 59, 59, 999999, tzinfo=UTC))
    await shop.order("next day", ordered_at=datetime(2026, 3, 2, 16, 0, 0, tzinfo=UTC))
    day = {"ordered_from": "2026-03-02", "ordered_to": "2026-03-02"}
    assert await shop.numbers(**day) == ["the end", "midnight"]
    assert await shop.numbers(ordered_to="9999-12-31", limit=1) == ["next day"]
    assert (await shop.get(ordered_from="0001-01-01")).json()["slug"] == "value-out-of-range"


@pytest.mark.parametrize(
    ("asked", "slug", "field"),
    [
        ({"colour": "red"}, "input-invalid", "colour"),
        ({"Status": "open"}, "input-invalid", "Status"),
        ({"status": "lost"}, "input-invalid", "status"),
        ({"status": ""}, "input-invalid", "status"),
        ({"status": "open' OR 1=1 --"}, "input-invalid", "status"),
        ({"large": "perhaps"}, "input-invalid", "large"),
        ({"deliver_from": "tomorrow"}, "input-invalid", "deliver_from"),
        ({"deliver_from": "2026-02-30"}, "input-invalid", "deliver_from"),
        ({"deliver_from": "20260302"}, "input-invalid", "deliver_from"),
        ({"deliver_to": "-1"}, "input-invalid", "deliver_to"),
        ({"search": " "}, "input-invalid", "search"),
        ({"search": "x" * 201}, "input-invalid", "search"),
        ({"search": "a\x00b"}, "input-invalid", "search"),
        ({"limit": "0"}, "input-invalid", "limit"),
        ({"limit": "201"}, "input-invalid", "limit"),
        ({"limit": "1.5"}, "input-invalid", "limit"),
        ({"format": "pdf"}, "input-invalid", "format"),
        ({"after": "x" * 401}, "input-invalid", "after"),
        ({"after": "x"}, "cursor-invalid", "after"),
        ({"after": ""}, "cursor-invalid", "after"),
        ({"after": "WzEsMl0="}, "cursor-invalid", "after"),
        ({"after": "WyJ4IiwieSJd"}, "cursor-invalid", "after"),
        ({"after": "W251bGwsIngiXQ=="}, "cursor-invalid", "after"),
        ({"sort": "colour"}, "sort-unknown", "sort"),
        ({"sort": "--number"}, "sort-unknown", "sort"),
        ({"sort": "tons"}, "sort-unknown", "sort"),
        ({"sort": "number; DROP TABLE orders"}, "sort-unknown", "sort"),
    ],
)
async def test_what_a_list_does_not_know_is_refused_with_its_name(
    shop: Shop, asked: dict[str, Any], slug: str, field: str
) -> None:
    refused(await shop.get(**asked), slug, field)


async def test_what_is_asked_twice_is_refused_since_one_of_the_two_would_not_count(shop: Shop) -> None:
    asked: list[dict[str, Any]] = [{"status": ["open", "done"]}, {"limit": ["7", "7"]}, {"sort": ["number", "-id"]}]
    for twice in asked:
        (name,) = twice
        found = refused(await shop.get(**twice), "input-invalid", name)["fields"]
        assert [(one["field"], one["slug"]) for one in found] == [(name, "given-twice")]


async def test_the_text_of_a_refusal_is_in_the_callers_language(shop: Shop) -> None:
    manager = shop.writer.identities.headers("li", Role.SALES_MANAGER)
    for language, word in (("zh", "不认识的字段"), ("en", "unknown field")):
        answer = await shop.writer.get("/orders", as_={**manager, "Accept-Language": language}, colour="red")
        assert refused(answer, "input-invalid", "colour")["fields"][0]["text"] == word


async def test_the_machinerys_own_lists_refuse_as_well(shop: Shop) -> None:
    identities = shop.writer.identities
    administrator = identities.headers("root", Role.ADMINISTRATOR)
    for path in ("/tasks", "/decisions", "/dead-letters", "/notes"):
        refused(await shop.writer.get(path, as_=administrator, colour="red"), "input-invalid", "colour")
        refused(await shop.writer.get(path, as_=administrator, sort="colour"), "sort-unknown", "sort")
        assert (await shop.writer.get(path, as_=administrator)).json() == {"items": [], "next": None}


@pytest.mark.parametrize("sort", ["id", "number", "value", "deliver_on"])
@pytest.mark.parametrize("sign", ["", "-"])
async def test_pages_neither_skip_nor_repeat_even_where_values_are_missing_or_the_same(
    shop: Shop, sort: str, sign: str
) -> None:
    days = [None, date(2026, 3, 2), None, date(2026, 3, 1), date(2026, 3, 2), None, date(2026, 3, 1)]
    for number, day in enumerate(days):
        await shop.order(f"N-{number}", value=f"{number % 3}.00", deliver_on=day)
    for limit in (1, 2, 3, 7, 200):
        orders = await shop.walk(sort=sign + sort, limit=limit)
        assert len({order["id"] for order in orders}) == len(orders) == 7
        keys = [(order[sort] is None, order[sort] or "", order["id"]) for order in orders]
        assert keys == sorted(keys, reverse=bool(sign))


async def test_rows_that_come_or_go_between_pages_move_no_other(shop: Shop) -> None:
    for number in "ABCD":
        await shop.order(number)
    first = (await shop.get(sort="number", limit=2)).json()
    await shop.order("AA")
    async with shop.writer.database.transaction() as tx:
        await tx.delete(await tx.get_one(OrderRow, first["items"][1]["id"]))
    assert await shop.numbers(sort="number", limit=2, after=first["next"]) == ["C", "D"]


async def test_a_search_finds_numbers_by_their_beginning_and_customers_by_name_or_number(shop: Shop) -> None:
    await shop.customer("甲纺织", number="K-77")
    await shop.customer("100% Wool_Mill", number="M-1")
    await shop.order("N-100", customer="甲纺织")
    await shop.order("N-200", customer="100% Wool_Mill")
    await shop.order("X_300", customer="甲纺织")
    found = {
        "N-": ["N-200", "N-100"],
        "N-1": ["N-100"],
        "-100": [],
        "纺": ["X_300", "N-100"],
        "K-7": ["X_300", "N-100"],
        "77": [],
        "wool": ["N-200"],
        "%": ["N-200"],
        "100%": ["N-200"],
        "_": ["N-200"],
        "X_": ["X_300"],
        "N_": [],
        "N-%": [],
        "/": [],
        "\\": [],
        "' OR ''='": [],
        "  纺  ": ["X_300", "N-100"],
        "x" * 200: [],
    }
    for search, numbers in found.items():
        assert await shop.numbers(search=search) == numbers, search


async def test_a_search_keeps_to_the_scope_and_to_the_other_filters(shop: Shop) -> None:
    await shop.order("N-1", customer="甲", rep="wang")
    await shop.order("N-2", customer="乙", rep="zhao", status=Status.DONE)
    assert await shop.numbers(search="N-", status="done") == ["N-2"]
    assert await shop.numbers(search="N-", who="wang", roles=(Role.SALES_REP,)) == ["N-1"]
    assert await shop.numbers(search="乙", who="wang", roles=(Role.SALES_REP,)) == []


async def test_a_search_unites_two_index_scans(shop: Shop) -> None:
    await shop.customer("甲纺织")
    await shop.customer("乙纺织")
    async with shop.writer.database.transaction() as tx:
        ids = list(await tx.scalars(select(CustomerRow.id)))
        for number in range(500):
            tx.add(CustomerRow(id=(customer := new_id()), number=f"K-{number}", name=f"客户{number}", rep="zhao"))
            ids.append(customer)
        await tx.flush()
        for number in range(5000):
            row = {"number": f"N-{number:06}", "customer_id": ids[number % len(ids)], "status": Status.OPEN}
            tx.add(OrderRow(id=new_id(), tons=1, value=1, ordered_at=datetime(2026, 3, 2, tzinfo=UTC), **row))
    async with shop.writer.database.engine.begin() as connection:
        await connection.exec_driver_sql("ANALYZE")
    for search in ("N-00123", "乙纺"):
        plan = await explained(shop, OrderQuery(search=search))
        assert "BitmapOr" in plan, plan
        assert "Bitmap Index Scan on uq_orders_number" in plan, plan
        assert "Bitmap Index Scan on ix_orders_customer_id" in plan, plan


async def explained(shop: Shop, query: OrderQuery) -> str:
    """PostgreSQL's plan for the rows that `query` asks for."""
    async with shop.writer.database.reader() as reader:
        statement = await ORDERS.asked(Look(reader, MANAGER, "en", NOW), query)
        compiled = statement.compile(dialect=reader.dialect)
        arguments = tuple(compiled.params[name] for name in compiled.positiontup or ())
        return "\n".join(line for (line,) in await reader.exec_driver_sql(f"EXPLAIN {compiled}", arguments))


async def test_a_detail_has_the_scope_of_its_list(shop: Shop) -> None:
    mine = await shop.order("M", customer="甲", rep="wang")
    other = await shop.order("O", customer="乙", rep="zhao")
    rep: dict[str, Any] = {"who": "wang", "roles": (Role.SALES_REP,)}
    assert (await shop.get(f"/orders/{mine}", **rep)).json()["customer_name"] == "甲"
    for missing in (other, uuid4()):
        answer = await shop.get(f"/orders/{missing}", **rep)
        assert (answer.status_code, answer.json()["slug"]) == (404, "order-not-found")
    assert (await shop.get(f"/orders/{other}")).status_code == 200
    async with shop.writer.database.reader() as reader:
        look = Look(reader, Principal("wang", "Wang", frozenset({Role.SALES_REP})), "en", NOW)
        await ORDERS.check(look, mine, ORDER_NOT_FOUND(order=mine))
        with pytest.raises(DomainError, match="order-not-found"):
            await ORDERS.check(look, other, ORDER_NOT_FOUND(order=other))


class CustomerOut(BaseModel):
    """A customer, with the day of his next order."""

    number: str
    next_order: str | None
    deliver_on: date | None


class CustomerQuery(ListQuery):
    """What the list of customers can be asked."""

    sort: Annotated[str, By(OrderRow.number.label("next_order"))] = "next_order"
    day: Annotated[date | None, Given()] = None
    search: Annotated[Line | None, Has(customer=CustomerRow.id)] = None


def customers() -> Listing[CustomerOut, CustomerQuery]:
    """Customers with their orders of the day that is asked for, if they have any."""
    day = bindparam("day", type_=Date)
    orders = (OrderRow.customer_id == CustomerRow.id) & (OrderRow.deliver_on == day)
    columns: list[Any] = [CustomerRow.number, OrderRow.number.label("next_order"), OrderRow.deliver_on]
    return Listing(
        CustomerOut,
        CustomerQuery,
        select(*columns).join_from(CustomerRow, OrderRow, orders, isouter=True),
        id=CustomerRow.id,
        scope=everyone,
    )


async def test_a_list_may_give_its_statement_a_value_join_outside_and_be_narrowed_by_its_route(shop: Shop) -> None:
    for name, number in (("甲", "K-1"), ("乙", "K-2"), ("丙", "K-3"), ("丁", "X-4")):
        await shop.customer(name, number=number)
    await shop.order("A", customer="乙", deliver_on=date(2026, 3, 2))
    await shop.order("B", customer="甲", deliver_on=date(2026, 3, 3))
    only = CustomerRow.number != "X-4"
    async with shop.writer.database.reader() as reader:
        look = Look(reader, MANAGER, "en", NOW)
        for sort, expected in (("next_order", ["K-2", "K-1", "K-3"]), ("-next_order", ["K-3", "K-1", "K-2"])):
            query = CustomerQuery(day=date(2026, 3, 2), sort=sort, limit=1)
            found: list[str] = []
            for _ in expected:
                page = await customers().page(look, query, only)
                assert isinstance(page, Page)
                found += [item.number for item in page.items]
                query = query.model_copy(update={"after": page.next})
            assert found == expected
            assert query.after is None
        page = await customers().page(look, CustomerQuery(search="丁"))
        assert isinstance(page, Page)
        assert page.items == [CustomerOut(number="X-4", next_order=None, deliver_on=None)]


def test_a_field_that_says_not_what_it_asks_and_a_row_without_its_column_are_refused_at_the_start() -> None:
    with pytest.raises(TypeError, match=r"Forgetful\.text filters nothing"):

        class Forgetful(ListQuery):
            text: str | None = None

    class More(BaseModel):
        text: str
        colour: str

    with pytest.raises(TypeError, match="More has fields its list has no column for: colour"):
        Listing(More, ListQuery, select(NoteRow.__table__), id=NoteRow.id, scope=everyone)

    class Text(BaseModel):
        text: str

    class Unsortable(ListQuery):
        sort: Annotated[str, By(NoteRow.text)] = "amount"

    with pytest.raises(DomainError, match="sort-unknown"):
        Listing(Text, Unsortable, select(NoteRow.__table__), id=NoteRow.id, scope=everyone)


def test_a_list_is_in_the_document_of_the_api_with_what_it_can_be_asked(writer: ServiceUnderTest) -> None:
    operation = create_app(writer.service).openapi()["paths"]["/orders"]["get"]
    parameters = {parameter["name"]: parameter for parameter in operation["parameters"] if "name" in parameter}
    assert set(parameters) == set(OrderQuery.model_fields)
    assert all(parameter["in"] == "query" and not parameter["required"] for parameter in parameters.values())
    names = ["id", "number", "value", "deliver_on"]
    assert parameters["sort"]["schema"]["enum"] == [*names, *(f"-{name}" for name in names)]
    assert parameters["sort"]["schema"]["default"] == "-id"
    assert (
        parameters["limit"]["schema"] | {"minimum": 1, "maximum": 200, "default": 50} == parameters["limit"]["schema"]
    )
    assert parameters["deliver_from"]["description"] == "this or later"
    assert "customer" in parameters["search"]["description"]
    content = operation["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Page_OrderOut_"}
    assert set(content) - {"application/json"} == set(MEDIA_TYPES.values())
