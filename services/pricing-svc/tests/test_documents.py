"""What may be done with a document, by whom, and what was done: offered by its detail, told by its history."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Desk

PEOPLE = ("rep", "manager", "committee", "gm", "accountant", "production", "audit")


async def offered(desk: "Desk", path: str) -> dict[str, list[str]]:
    """What each of PEOPLE may try, where it is anything."""
    actions = {person: (await desk.read(path, person=person))["actions"] for person in PEOPLE}
    return {person: possible for person, possible in actions.items() if possible}


def decision(document: dict[str, Any], what: str) -> dict[str, Any]:
    """A decision on what was seen."""
    return {"decision": what, "seen_hash": document["approval"]["hash"], "comment": "no"}


async def test_a_proposal_offers_each_what_he_may_try(desk: "Desk") -> None:
    product = await desk.product("NEW-1", since=None)
    proposal = await desk.done("rep", "/price-proposals", {"product_id": product["id"]})
    path = f"/price-proposals/{proposal['id']}"
    assert await offered(desk, path) == {
        "rep": ["withdraw"],
        "manager": ["withdraw"],
        "accountant": ["sign_opinion"],
        "production": ["sign_opinion"],
    }
    await desk.done("accountant", f"{path}/opinions", {"side": "finance", "cost_per_ton": "1.00", "opinion": "fine"})
    # two opinions, two persons
    assert "accountant" not in await offered(desk, path)
    await desk.done("production", f"{path}/opinions", {"side": "production", "cost_per_ton": "1.00", "opinion": "fine"})
    assert (await offered(desk, path))["rep"] == ["submit", "withdraw"]
    await desk.done("rep", f"{path}/submission", {"base_price": "2.00"})
    assert await offered(desk, path) == {"manager": ["decide"]}
    refused = await desk.send("rep", f"{path}/withdrawal")
    assert refused.json()["slug"] == "wrong-state"
    assert refused.json()["title"] == "定价申请现为“审批中”，不能撤回。现在可以：审批（审批人）"


async def test_the_history_tells_who_did_what(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00")
    path = f"/price-proposals/{proposal['id']}"
    await desk.done("manager", f"{path}/decisions", decision(proposal, "return"))
    again = await desk.done("rep", f"{path}/submission", {"base_price": "7900.00"})
    await desk.done("manager", f"{path}/decisions", decision(again, "approve"))
    answer = await desk.service.get(f"{path}/history", as_={**desk.sign_in("audit"), "Accept-Language": "en"})
    assert [(one["action"], one["text"], one["actor"]) for one in answer.json()] == [
        ("propose", "propose", "rep"),
        ("return", "returned", "manager"),
        ("submit", "submit", "rep"),
        ("approve", "approved", "manager"),
    ]
    chinese = await desk.service.get(f"{path}/history", as_=desk.sign_in("audit"))
    assert [one["text"] for one in chinese.json()] == ["提出", "退回", "提交", "同意"]


async def test_a_table_offers_and_tells_the_same(desk: "Desk") -> None:
    await desk.product()
    table = await desk.draft_authority(("3.00", "5.00"), ("8.00", "10.00"))
    path = f"/authority-tables/{table['id']}"
    assert await offered(desk, path) == {"committee": ["decide"]}
    await desk.done("committee", f"{path}/decisions", decision(table, "return"))
    assert await offered(desk, path) == {"manager": ["revise", "withdraw"]}
    await desk.done("manager", f"{path}/withdrawal")
    assert await offered(desk, path) == {}
    history = await desk.service.get(f"{path}/history", as_=desk.sign_in("gm"))
    assert [(one["action"], one["actor"]) for one in history.json()] == [
        ("draft", "manager"),
        ("return", "committee"),
        ("withdraw", "manager"),
    ]


async def test_a_final_no_is_told_to_the_author_who_notes_it(desk: "Desk") -> None:
    proposal = await desk.propose(await desk.product(), "8000.00")
    await desk.done("manager", desk.path(proposal), decision(proposal, "reject"))
    [task] = (await desk.read("/tasks", person="rep"))["items"]
    assert (task["kind"], task["to_note"]) == ("rejected.price_change", True)
    await desk.done("rep", f"/tasks/{task['id']}/noting")
    assert (await desk.read("/tasks", person="rep"))["items"] == []
