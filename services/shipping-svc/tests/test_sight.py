"""4.3: yard, gate and quality see the goods and not the money: in lists, details, files, sorts and answers."""

from typing import TYPE_CHECKING, Any

import pytest

from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Yard

BLIND = [
    Role.GATE_GUARD,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
]
NOTE_READERS = BLIND[1:]


@pytest.mark.parametrize("role", BLIND)
async def test_1_3_goods_are_seen_without_the_money(yard: "Yard", role: Role) -> None:
    """Neither price nor value, limit nor exposure; who works with money sees them."""
    notice = await yard.released(await yard.order(await yard.customer()))
    await yard.shipped(notice)
    note = (await yard.svc.get("/delivery-notes", as_=yard.rep)).json()["items"][0]
    somebody = yard.as_("somebody", role)
    answer = (await yard.svc.get(f"/notices/{notice['id']}", as_=somebody)).json()
    hidden = ("value", "road", "reserved_credit", "reserved_prepaid", "verdict", "approval", "overdue_reason")
    assert {name: answer[name] for name in hidden} == dict.fromkeys(hidden)
    assert {line["price_per_ton"] for line in answer["lines"]} == {None}
    assert (answer["lines"][0]["tons"], answer["customer_name"]) == ("1.000", "华纶")
    (row,) = (await yard.svc.get("/notices", as_=somebody)).json()["items"]
    assert (row["value"], row["road"]) == (None, None)
    file = await yard.svc.get("/notices", as_=somebody, format="csv")
    assert ("货值" in file.text, notice["number"] in file.text) == (False, True)
    seen = (await yard.svc.get(f"/notices/{notice['id']}", as_=yard.rep)).json()
    assert (seen["value"], seen["lines"][0]["price_per_ton"]) == ("60.00", "60.00")
    assert "货值" in (await yard.svc.get("/notices", as_=yard.rep, format="csv")).text
    if role in NOTE_READERS:
        await _note_without_money(yard, note["id"], somebody)


async def _note_without_money(yard: "Yard", note_id: str, as_: dict[str, str]) -> None:
    note = (await yard.svc.get(f"/delivery-notes/{note_id}", as_=as_)).json()
    assert (note["value"], note["lines"][0]["price_per_ton"], note["lines"][0]["value"]) == (None, None, None)
    (row,) = (await yard.svc.get("/delivery-notes", as_=as_)).json()["items"]
    assert (row["value"], row["customer_name"]) == (None, "华纶")


async def test_loadings_passes_and_blocks_are_read_by_whose_work_they_are(yard: "Yard") -> None:
    """1-3: the guard sees passes alone, a rep what is his customers' and no number that opens the gate."""
    signed = await yard.shipped(await yard.released(await yard.order(await yard.customer())))
    await yard.block("L9")
    paths = {
        "loading": f"/loadings/{(await yard.svc.get('/loadings', as_=yard.keeper)).json()['items'][0]['id']}",
        "pass": f"/exit-passes/{signed['exit_pass']['id']}",
        "block": f"/lot-blocks/{(await yard.svc.get('/lot-blocks', as_=yard.keeper)).json()['items'][0]['id']}",
    }
    colleague = yard.as_("rep2", Role.SALES_REP)
    seen = {
        "keeper": (yard.keeper, {"loading": 200, "pass": 200, "block": 200}),
        "guard": (yard.guard, {"loading": 403, "pass": 200, "block": 403}),
        "rep": (yard.rep, {"loading": 200, "pass": 200, "block": 403}),
        "colleague": (colleague, {"loading": 404, "pass": 404, "block": 403}),
        "quality": (yard.quality, {"loading": 200, "pass": 403, "block": 200}),
    }
    for who, (headers, expected) in seen.items():
        for what, status in expected.items():
            for path in (paths[what], f"{paths[what]}/history"):
                assert (await yard.svc.get(path, as_=headers)).status_code == status, (who, path)
    for path in ("/loadings", "/exit-passes"):
        assert (await yard.svc.get(path, as_=colleague)).json()["items"] == []
    number = signed["exit_pass"]["short_number"]
    for headers, shown in ((yard.guard, number), (yard.keeper, number), (yard.rep, None)):
        assert (await yard.svc.get(paths["pass"], as_=headers)).json()["short_number"] == shown
    history = (await yard.svc.get(f"{paths['loading']}/history", as_=yard.keeper)).json()
    assert [entry["action"] for entry in history] == ["start", "sign"]


async def test_1_3_credit_accounts_and_exceptions_are_not_for_the_yard(yard: "Yard") -> None:
    account = await yard.customer()
    for role in BLIND:
        somebody = yard.as_("somebody", role)
        for path in (f"/credit-accounts/{account}", "/credit-exceptions"):
            assert (await yard.svc.get(path, as_=somebody)).status_code == 403


@pytest.mark.parametrize(
    ("path", "asked", "found"),
    [
        ("/notices", {"search": "FH0000001"}, 1),
        ("/notices", {"search": "华"}, 2),
        ("/notices", {"search": "FH0000003"}, 0),
        ("/notices", {"status": "cancelled"}, 1),
        ("/notices", {"ship_from": "2026-03-06"}, 0),
        ("/notices", {"ship_to": "2026-03-05", "short_notice": "false"}, 2),
        ("/delivery-notes", {"search": "SH"}, 1),
        ("/delivery-notes", {"status": "left"}, 0),
        ("/credit-exceptions", {"search": "华纶"}, 1),
        ("/credit-exceptions", {"valid_on": "2026-03-10"}, 0),
        ("/gate/refusals", {"gate": "G1", "refused_on": "2026-03-02"}, 1),
        ("/gate/refusals", {"gate": "G2"}, 0),
        ("/loadings", {"status": "signed", "vehicle": "浙a 12345"}, 1),
        ("/loadings", {"search": "FH0000001"}, 1),
        ("/loadings", {"status": "open"}, 0),
        ("/exit-passes", {"search": "SH", "status": "issued"}, 1),
        ("/exit-passes", {"vehicle": "浙B1"}, 0),
        ("/lot-blocks", {"lot": "L9", "status": "blocked"}, 1),
        ("/lot-blocks", {"lot": "L1"}, 0),
    ],
)
async def test_lists_are_asked(yard: "Yard", path: str, asked: dict[str, str], found: int) -> None:
    account = await yard.customer()
    order = await yard.order(account)
    signed = await yard.shipped(await yard.released(order))
    await yard.step(await yard.notice(order), "cancellation", yard.rep)
    await yard.exit(signed["exit_pass"]["short_number"], vehicle="浙B1")
    body: dict[str, Any] = {
        "customer_id": str(account),
        "ceiling": "1.00",
        "valid_until": "2026-03-09",
        "reason": "急单",
    }
    await yard.done("/credit-exceptions", body, yard.gm)
    await yard.block("L9")
    answer = await yard.svc.get(path, as_=yard.manager, **asked)
    assert len(answer.json()["items"]) == found
    unknown = await yard.svc.get(path, as_=yard.manager, colour="red")
    assert (unknown.status_code, unknown.json()["field"]) == (400, "colour")
