"""What documents have in common: hands that travel, a timeline, what may be tried, and who has to do something."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from customer_svc.accounts.rules import Figure
from customer_svc.accounts.store import CreditAccount
from customer_svc.receivables.store import CreditNote, DeliveryNote, Invoice, Payment
from fangxing.documents import Documented, Hands
from fangxing.roles import Role

if TYPE_CHECKING:
    from conftest import Office

SHIPPED = {"notice.file": ["rep1"], "loading.sign": ["keeper"]}


async def hands_of(office: "Office", kind: type[Documented], document: dict[str, Any]) -> Hands:
    async with office.svc.database.reader() as reader:
        found = await reader.scalar(select(kind.hands).where(kind.id == document["id"]))
        assert found is not None
        return found


async def test_1_3_hands_travel_from_the_delivery_note_to_its_invoice(office: "Office") -> None:
    note = await office.ship(await office.customer(), ("1.000", "60.00"), hands=SHIPPED)
    invoice = await office.invoice(note)
    assert await hands_of(office, Invoice, invoice) == {**SHIPPED, "invoice.issue": ["accountant"]}
    async with office.svc.database.reader() as reader:
        assert await reader.scalar(select(DeliveryNote.hands)) == SHIPPED


async def test_1_3_hands_travel_from_the_inspected_return_to_its_credit_note(office: "Office") -> None:
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    inspected = {"return.inspect": ["quality"]}
    pending = await office.goods_return(customer, note, (1, "1.000", "60.00"), hands=inspected)
    await office.done("finance", f"/credit-notes/{pending['id']}/confirmation")
    assert await hands_of(office, CreditNote, pending) == {**inspected, "credit-note.confirm": ["finance"]}


async def test_a_timeline_names_who_did_what_in_the_readers_language(office: "Office") -> None:
    customer = await office.customer()
    invoice = await office.invoice(await office.ship(customer, ("1.000", "60.00")))
    payment = await office.pay(customer, "60.00")
    part = {"allocations": [{"invoice_id": invoice["id"], "amount": "1.00"}]}
    await office.done("finance", f"/payments/{payment['id']}/allocations", part)
    await office.done("accountant", f"/payments/{payment['id']}/reversal", {"reason": "退票"})
    done = [(one["action"], one["actor"], one["text"]) for one in await office.history("payments", payment)]
    assert done == [
        ("enter", "accountant", "登记"),
        ("allocate", "finance", "核销"),
        ("reverse", "accountant", "冲销"),
    ]
    assert [one["action"] for one in await office.history("invoices", invoice)] == ["issue"]
    english = {**office.as_("finance"), "Accept-Language": "en"}
    answer = await office.svc.get(f"/payments/{payment['id']}/history", as_=english)
    assert [one["text"] for one in answer.json()] == ["enter", "allocate", "reverse"]
    assert (await hands_of(office, Payment, payment))["payment.allocate"] == ["finance"]


async def test_a_detail_says_what_its_reader_may_try(office: "Office") -> None:
    customer = await office.customer()
    payment = await office.pay(customer, "60.00")
    for person, actions in (
        ("accountant", ["allocate", "reallocate", "convert", "move", "reverse"]),
        ("rep1", []),
        ("audit", []),
    ):
        assert (await office.read(f"/payments/{payment['id']}", person))["actions"] == actions
    application = await office.apply(customer)
    path = f"/credit-applications/{application['id']}"
    for person, actions in (("rep1", []), ("manager", ["decide"]), ("gm", [])):
        assert (await office.read(path, person))["actions"] == actions
    for person in ("manager", "gm"):
        application = await office.decide(application, person)
    assert (await office.read(path))["actions"] == ["enter"]
    assert (await office.done("accountant", f"{path}/entry"))["actions"] == []


async def test_a_wrong_state_is_said_with_what_can_be_done(office: "Office") -> None:
    application = await office.apply(await office.customer())
    answer = await office.svc.post(f"/credit-applications/{application['id']}/entry", as_=office.as_("accountant"))
    problem = answer.json()
    assert (answer.status_code, problem["slug"]) == (409, "wrong-state")
    for said in ("信用额度申请", "审批中", "录入总表", "审批（审批人）"):
        assert said in problem["title"]


async def test_what_came_back_is_its_authors_task_until_he_has_noted_it(office: "Office") -> None:
    customer = await office.customer()
    for decision, kind in (("return", "returned.credit_application"), ("reject", "rejected.credit_application")):
        await office.decide(await office.apply(customer), "manager", decision)
        (task,) = await office.tasks("rep1", kind)
        assert await office.tasks("rep2", kind) == []
        await office.done("rep1", f"/tasks/{task['id']}/noting")
        assert await office.tasks("rep1", kind) == []


async def test_what_came_back_goes_along_when_the_customer_changes_hands(office: "Office") -> None:
    customer, kind = await office.customer(), "returned.credit_application"
    await office.decide(await office.apply(customer), "manager", "return")
    (task,) = await office.tasks("rep1", kind)
    path = f"/customers/{customer['id']}/rep"
    await office.svc.post(path, {"rep": "rep2"}, as_=office.as_("manager"), method="PUT")
    assert await office.tasks("rep1", kind) == []
    assert await office.tasks("rep2", kind) == [{**task, "assignee": "rep2"}]
    noting = f"/tasks/{task['id']}/noting"
    assert await office.refused("rep1", noting) == (404, "task-not-found")
    assert (await office.done("rep2", noting))["status"] == "done"


async def test_2_5_4_the_reviews_own_role_is_not_asked_for_what_its_holder_applies_for(office: "Office") -> None:
    customer = await office.customer("rep1")
    body = {"customer_id": customer["id"], "grade": "B", "limit": "1.00", "reasons": "x"}
    both = office.as_("rep1", Role.SALES_REP, Role.SALES_MANAGER)
    application = (await office.svc.post("/credit-applications", body, as_=both)).json()
    assert [step["role"] for step in application["approval"]["steps"]] == ["general_manager"]


async def test_a_reference_is_one_whatever_its_case_and_blanks(office: "Office") -> None:
    customer = await office.customer()
    await office.pay(customer, "1.00", reference="HK 2026-a")
    body = {"customer_id": customer["id"], "amount": "1.00", "purpose": "receivable"}
    for reference in ("hk 2026-A", "HK2026-a", "ＨＫ 2026-a"):
        refused = await office.refused("accountant", "/payments", {**body, "reference": reference})
        assert refused == (409, "payment-reference-taken"), reference
    (payment,) = (await office.read("/payments"))["items"]
    assert payment["reference"] == "HK 2026-a"
    notes = [await office.ship(customer, ("1.000", "60.00")) for _ in range(2)]
    await office.invoice(notes[0], number="FP-a")
    again = {"number": "fp-A", "delivery_note_id": str(notes[1])}
    assert await office.refused("accountant", "/invoices", again) == (409, "invoice-number-taken")


async def test_every_figure_that_finance_restates_has_a_label(office: "Office") -> None:
    """The harness asks for the labels of all kept verdicts; here every figure is in one."""
    customer = await office.customer()
    note = await office.ship(customer, ("1.000", "60.00"))
    await office.invoice(note, by="finance", amount="50.00", reason="协商")
    async with office.svc.database.transaction() as tx:
        await tx.execute(update(CreditAccount).values({figure: 999 for figure in Figure}))
    answer = await office.svc.post(
        "/ledger/restatement", {"account_id": customer["account_id"]}, as_=office.as_("finance")
    )
    assert len(answer.json()) == len(Figure)
    assert len(await office.verdicts("invoice_below_note")) == 1
