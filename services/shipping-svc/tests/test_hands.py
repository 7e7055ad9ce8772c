"""1-3: through whose hands goods go from the order to the gate, and which two things no person does both of."""

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fangxing.breaches.rules import BREACH_PAIRS
from fangxing.roles import Role
from shipping_svc.notices.policies import PAIRS

if TYPE_CHECKING:
    from conftest import SIGNATURES, Yard
else:
    SIGNATURES = {"carrier_name": "王师傅", "carrier_signature": "王", "freight_voucher": "YF-1", "gate": "G1"}

ROLES = {
    "notice.file": Role.SALES_REP,
    "notice.review": Role.ACCOUNTANT,
    "notice.give_reason": Role.SALES_REP,
    "notice.decide": Role.SALES_MANAGER,
    "loading.start": Role.WAREHOUSE_KEEPER,
    "loading.resume": Role.WAREHOUSE_KEEPER,
    "delivery-note.sign": Role.WAREHOUSE_KEEPER,
    "exit-pass.issue": Role.WAREHOUSE_SUPERVISOR,
    "exit-pass.let_out": Role.GATE_GUARD,
}
TRUCK = {"vehicle": "浙A12345", "driver": "王师傅"}


class Chain:
    """One truck of a customer who is late, from the order to the gate; each step by its own person, `rep1` the rep.

    Whoever is named for a step does it with that step's role alone; one who gives the reason has the customer then.
    """

    def __init__(self, yard: "Yard", by: dict[str, str]) -> None:
        self.yard = yard
        self.by = by
        self.account: Any = None
        self.notice: dict[str, Any] = {}
        self.scanned: dict[str, Any] | None = None
        self.loading = self.note = self.presented = ""

    def person(self, action: str) -> dict[str, str]:
        """Who does a step."""
        usual = "rep1" if ROLES[action] is Role.SALES_REP else action
        return self.yard.as_(self.by.get(action, usual), ROLES[action])

    async def until(self, action: str) -> None:
        """Everything before `action`."""
        late = {"next_due": "2026-03-01", "overdue_amount": "1.00", "receivable": "1.00"}
        self.account = await self.yard.customer(**late)
        order = await self.yard.order(self.account)
        self.notice = await self.yard.notice(order, as_=self.person("notice.file"))
        for step in list(ROLES)[1:]:
            if step == action:
                return
            if step == "notice.give_reason" and step in self.by:
                await self.yard.hand_over(self.account, self.by[step])
            answer = await self.do(step, self.person(step))
            assert answer.is_success, answer.text
            self._keep(step, answer.json())

    def _keep(self, step: str, answer: dict[str, Any]) -> None:
        if step.startswith("notice."):
            self.notice = answer
        elif step.startswith("loading."):
            self.loading = answer["id"]
        elif step == "delivery-note.sign":
            self.note, self.presented = answer["delivery_note"]["id"], answer["exit_pass"]["short_number"]
        else:
            self.presented = answer.get("short_number", self.presented)

    async def _load(self) -> None:
        """The whole notice is on the truck, with the one package that it takes."""
        await self.yard.report("L1")
        line = self.notice["lines"][0]["order_line_id"]
        if self.scanned is None:
            self.scanned = await (await self.yard.scanner()).scan(self.loading, line)
        assert self.scanned["allowed"]

    async def do(self, step: str, as_: dict[str, str]) -> httpx.Response:
        """One step, by whoever it is."""
        yard, notice = self.yard, f"/notices/{self.notice['id']}"
        if step == "loading.start":
            await yard.announce(self.notice)
        if step == "delivery-note.sign":
            await self._load()
        seen = (self.notice["approval"] or {}).get("hash")
        path, body = {
            "notice.review": (f"{notice}/finance-review", {}),
            "notice.give_reason": (f"{notice}/overdue-reason", {"reason": "汇票在途"}),
            "notice.decide": (f"{notice}/decisions", {"decision": "approve", "seen_hash": seen}),
            "loading.start": ("/loadings", {"notice_id": self.notice["id"], "warehouse": "WH-1", **TRUCK}),
            "loading.resume": ("/loadings", {"notice_id": self.notice["id"], "warehouse": "WH-1", **TRUCK}),
            "delivery-note.sign": (f"/loadings/{self.loading}/signatures", SIGNATURES),
            "exit-pass.issue": (f"/delivery-notes/{self.note}/exit-passes", {"gate": "G1", "reason": "遗失"}),
            "exit-pass.let_out": (
                "/gate/exits",
                {"presented": self.presented, "vehicle": TRUCK["vehicle"], "gate": "G1"},
            ),
        }[step]
        return await yard.svc.post(path, body, as_=as_)


async def _sent_back_to_finance(chain: Chain) -> None:
    """The road changes before the release: the notice is reviewed once more."""
    await chain.until("notice.decide")
    await chain.yard.position(chain.account, limit="0.00")
    chain.notice = (await chain.do("notice.decide", chain.person("notice.decide"))).json()
    assert chain.notice["status"] == "finance_review"


EXCEPTED = ("credit-exception.grant", "notice.file"), ("credit-exception.grant", "notice.review"), *BREACH_PAIRS
"""Pairs across two documents that meet where one is used for the other, and those tried with the machinery."""


@pytest.mark.parametrize("pair", [pair for pair in PAIRS.pairs if pair not in EXCEPTED], ids=" and ".join)
async def test_1_3_nobody_does_both(yard: "Yard", pair: tuple[str, str]) -> None:
    first, then = pair
    somebody = "rep1" if first == "notice.file" else "zhao"
    chain = Chain(yard, {first: somebody})
    if pair == ("notice.give_reason", "notice.review"):
        await _sent_back_to_finance(chain)
    else:
        await chain.until(then)
    refused = await chain.do(then, yard.as_(somebody, ROLES[first], ROLES[then]))
    slug = "own-case" if then == "notice.decide" else "incompatible-hands"
    assert (refused.status_code, refused.json()["slug"]) == (403, slug)
    assert (await chain.do(then, chain.person(then))).is_success


@pytest.mark.parametrize("then", ["notice.file", "notice.review"])
async def test_1_3_an_exception_counts_for_no_notice_that_its_grantor_filed_or_reviews(yard: "Yard", then: str) -> None:
    """Whoever grants it for his own notice finishes alone what needs the rep, finance and the GM."""
    account = await yard.customer(grade="C", limit="0.00")
    order = await yard.order(account)
    body = {"customer_id": str(account), "ceiling": "60.00", "valid_until": "2026-03-09", "reason": "急单"}
    somebody = "rep1" if then == "notice.file" else "zhao"
    await yard.done("/credit-exceptions", body, yard.as_(somebody, ROLES[then], Role.GENERAL_MANAGER))
    own = await yard.notice(order)
    if then == "notice.review":
        assert (own["status"], own["allowed"]) == ("finance_review", True)
        own = await yard.step(own, "finance-review", yard.as_(somebody, ROLES[then]))
    assert (own["status"], own["road"]) == ("refused", "cash_only")
    # another one's does, and with it nobody has done both
    await yard.done("/credit-exceptions", body, yard.gm)
    assert (await yard.review(await yard.notice(order)))["status"] == "released"


async def test_1_3_whoever_called_the_order_off_is_known_at_the_gate(yard: "Yard") -> None:
    """The hands of the order come with its event and go on with the note's."""
    hands = {"contract.draft": ["li"], "order.call_off": ["rep1"]}
    notice = await yard.released(await yard.order(await yard.customer(), hands=hands))
    await yard.shipped(notice)
    (event,) = await yard.svc.published("shipping.ShipmentShipped.v1")
    assert hands.items() <= event.data["hands"].items()


async def test_1_3_one_keeper_loads_and_another_may_let_nothing_out_that_he_resumed(yard: "Yard") -> None:
    """Refused at the gate, the pass stays good, and the guard who had no hand in it lets the truck out."""
    chain = Chain(yard, {"loading.resume": "zhao"})
    await chain.until("exit-pass.let_out")
    both = yard.as_("zhao", Role.WAREHOUSE_KEEPER, Role.GATE_GUARD)
    answer = await chain.do("exit-pass.let_out", {**both, "Accept-Language": "en"})
    assert answer.json()["title"] == "You had a hand in 'loading: go on': 'exit pass: let out' takes another person"
    assert (await yard.exit(chain.presented))["allowed"]
    history = (await yard.svc.get(f"/delivery-notes/{chain.note}/history", as_=yard.rep)).json()
    assert [entry["action"] for entry in history] == ["sign", "reissue_pass", "leave"]


async def test_1_3_a_rep_who_is_a_keeper_too_acts_as_a_rep_for_his_own_customers_alone(yard: "Yard") -> None:
    """4.2: what a caller may follows from the roles that open the route."""
    notice = await yard.released(await yard.order(await yard.customer()))
    both = yard.as_("rep2", Role.SALES_REP, Role.WAREHOUSE_KEEPER)
    assert (await yard.svc.get(f"/notices/{notice['id']}", as_=both)).status_code == 200
    assert await yard.refused(f"/notices/{notice['id']}/cancellation", {}, both) == (404, "notice-not-found")
    manager = yard.as_("rep2", Role.SALES_REP, Role.SALES_MANAGER)
    truck = {**TRUCK, "carrier": "顺安"}
    path = f"/notices/{notice['id']}/transport-notice"
    assert await yard.refused(path, truck, manager) == (404, "notice-not-found")
    assert (await yard.step(notice, "cancellation", manager))["status"] == "cancelled"


async def test_a_notice_that_was_refused_or_came_back_is_its_authors_task(yard: "Yard") -> None:
    """3.2: he files another one; the task only tells."""
    order = await yard.order(await yard.customer())
    refused = await yard.notice(order, ship_on="2026-03-03")
    assert (refused["allowed"], refused["status"], refused["actions"]) == (False, "refused", [])
    returned = await yard.review(await yard.notice(order))
    body = {"decision": "return", "seen_hash": returned["approval"]["hash"], "comment": "先收款"}
    assert (await yard.step(returned, "decisions", yard.manager, body))["status"] == "returned"
    tasks = (await yard.svc.get("/tasks", as_=yard.rep)).json()["items"]
    told = {(task["kind"], task["document"]) for task in tasks}
    assert told == {
        ("refused.shipping_notice", f"notice/{refused['id']}"),
        ("returned.shipping_notice", f"notice/{returned['id']}"),
    }


async def test_an_answer_says_what_its_reader_may_try(yard: "Yard") -> None:
    notice = await yard.review(await yard.notice(await yard.order(await yard.customer())))
    expected = {
        yard.manager["Authorization"]: ["decide", "cancel"],
        yard.gm["Authorization"]: [],
        yard.rep["Authorization"]: ["announce", "cancel"],
        yard.keeper["Authorization"]: [],
    }
    for token, actions in expected.items():
        answer = await yard.svc.get(f"/notices/{notice['id']}", as_={"Authorization": token})
        assert answer.json()["actions"] == actions
