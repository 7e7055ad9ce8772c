"""Scenes g and h: the invoice falls overdue and the grade with it; a return lowers the exposure to the cent."""

from fangxing.text import Text
from standalone.client import eventually
from standalone.scenes.goods import file_notice
from standalone.stage import Json, Stage


async def invoice(stage: Stage) -> None:
    """3g, first part: the delivery note is invoiced and paid in part."""
    stage.narrator.chapter("g", Text("开票、付款、逾期与降级", "invoice, payment, overdue and the grade"))
    await stage.seen_by("accountant", "customer", f"/delivery-notes/{stage.ids['note']}")
    issued = await stage.post(
        "accountant", "customer", "/invoices", {"number": f"FP-{stage.tag}", "delivery_note_id": stage.ids["note"]}
    )
    stage.expect("the invoice", issued["amount"], "79984.00")
    stage.tell(
        "accountant", f"按送货单开票 79,984.00，{issued['due_on']} 到期", f"invoices 79,984.00, due {issued['due_on']}"
    )
    await stage.agree("79984.00", receivable="79984.00", settled_total="79984.00")
    await stage.post(
        "accountant",
        "customer",
        "/payments",
        {
            "customer_id": stage.ids["customer"],
            "reference": f"HK-{stage.tag}",
            "amount": "30000.00",
            "purpose": "receivable",
            "allocations": [{"invoice_id": issued["id"], "amount": "30000.00"}],
        },
    )
    stage.tell("accountant", "收到部分货款 30,000.00，核销该发票", "a part payment of 30,000.00, allocated to it")
    await stage.agree("49984.00", receivable="49984.00")


async def overdue(stage: Stage) -> None:
    """3g, second part: past the due date the next notice takes the overdue road: reason, then the manager."""
    await stage.advance(31)
    stage.tell("admin", "时间过去 31 天，发票逾期一天", "31 days pass: the invoice is one day overdue")
    await stage.agree("49984.00", overdue_amount="49984.00", grade="B")
    notice = await file_notice(stage, "second", "2.000")
    path = f"/notices/{notice['id']}"
    notice = await stage.post("accountant", "shipping", f"{path}/finance-review")
    await stage.show_verdict(notice, path)
    stage.expect("the road", notice["verdict"]["outcome"], "overdue")
    notice = await stage.post(
        "rep1", "shipping", f"{path}/overdue-reason", {"reason": "客户承兑汇票在途，三天内到账，下游订单急需"}
    )
    stage.tell("rep1", "说明逾期原因", "gives the reason for the overdue payment")
    notice = await stage.decide("manager", "shipping", path, notice)
    stage.expect("the notice", notice["status"], "released")
    stage.tell("manager", "同意：放行 16,000.00", "says yes: 16,000.00 released")
    await stage.agree("65984.00", released="16000.00", receivable="49984.00")
    await stage.post("rep1", "shipping", f"{path}/cancellation")
    stage.tell(
        "rep1", "客户推迟提货，撤销该通知：16,000.00 退回", "the customer postpones: cancelled, 16,000.00 given back"
    )
    await stage.agree("49984.00", released="0.00")


async def downgrade(stage: Stage) -> None:
    """3g, third part: past the grace period grade C takes effect by itself and the next regular notice is refused."""
    await stage.advance(30)
    stage.tell("admin", "又过 30 天，宽限期满", "30 more days pass: the grace period is over")
    await stage.agree("49984.00", grade="C", limit="0.00")
    stage.tell("system", "自动降为 C 级，额度 0", "grade C by itself, limit 0")
    notice = await file_notice(stage, "second", "2.000")
    path = f"/notices/{notice['id']}"
    verdict = notice["verdict"]
    await stage.show_verdict(notice, path)
    stage.expect("a regular notice at grade C", verdict["allowed"], False)
    stage.expect("what would make it pass is said", bool(verdict["would_pass"]), True)
    stage.tell("shipping-svc", "普通发货被拒，并说明怎样才能放行", "refused, with what would make it pass")
    await stage.agree("49984.00", released="0.00")


async def complaint(stage: Stage) -> None:
    """3h: a complaint about the lot, a return of 1.000 t, and the credit note: exactly 8,000.00 less."""
    stage.narrator.chapter("h", Text("投诉、退货与贷项", "the complaint, the return and the credit note"))
    case = await stage.post_once_heard(
        "rep1",
        "complaint",
        "/complaints",
        {
            "customer_id": stage.ids["customer"],
            "kind": "return",
            "channel": "visit",
            "text": "客户反映一件丝饼染色不匀，要求退货",
            "lot": stage.ids["lot"],
            "delivery_note_id": stage.ids["note"],
        },
    )
    path = f"/complaints/{case['id']}"
    stage.tell("rep1", "登记投诉", "registers the complaint")
    await stage.post("rep1", "complaint", f"{path}/routing", {"road": "quality", "note": "转品质部分析"})
    case = await stage.post(
        "quality",
        "complaint",
        f"{path}/handling",
        {
            "cause": "该件卷绕张力偏低，导致染色不匀",
            "secondary_causes": "巡检间隔过长，未及时发现张力变化",
            "improvement": "张力在线监测，巡检间隔由四小时改为一小时",
            "handling": "退货 1.000 吨，调整卷绕张力并加测",
            "returns": [
                {
                    "delivery_note_id": stage.ids["note"],
                    "lines": [{"line": int(stage.ids["note line"]), "tons": "1.000"}],
                }
            ],
        },
    )
    stage.tell("quality", "分析原因，提出退货 1.000 吨", "signs cause and handling: 1.000 t to be returned")
    case = await stage.decide("manager", "complaint", path, case)
    stage.tell("manager", "审核同意", "reviews and agrees")
    case = await stage.decide("gm", "complaint", path, case)
    stage.tell("gm", "批准", "approves")
    await _take_back(stage, case)


async def _take_back(stage: Stage, case: Json) -> None:
    """Receipt, inspection, and the accountant's confirmation of the credit note."""
    goods = f"/returns/{case['returns'][0]['id']}"
    line = int(stage.ids["note line"])
    received = {"lines": [{"line": line, "received_tons": "1.000"}]}
    await stage.post("keeper", "complaint", f"{goods}/receipt", received)
    stage.tell("keeper", "收到退货", "receives the goods")
    accepted = {"lines": [{"line": line, "accepted_tons": "1.000"}], "findings": "与投诉相符"}
    await stage.post("quality2", "complaint", f"{goods}/inspection", accepted)
    inspected = await stage.get("accountant", "complaint", goods)
    stage.expect("the accepted value", inspected["accepted_value"], "8000.00")
    stage.tell("quality2", "复检：接收 1.000 吨", "inspects: 1.000 t accepted")

    async def pending() -> Json | None:
        notes = await stage.get(
            "accountant", "customer", "/credit-notes", status="pending", customer_id=stage.ids["customer"]
        )
        return notes["items"][0] if notes["items"] else None

    credit_note = await eventually(pending, "the credit note in customer-svc")
    stage.expect("the credit note", credit_note["value"], "8000.00")
    await stage.agree("49984.00", receivable="49984.00")
    await stage.post("accountant", "customer", f"/credit-notes/{credit_note['id']}/confirmation")
    stage.tell("accountant", "确认贷项通知：欠款正好减少 8,000.00", "confirms the credit note: exactly 8,000.00 less")
    await stage.agree("41984.00", receivable="41984.00")


async def audit(stage: Stage) -> None:
    """The balances are what the ledger says; every verdict is sealed, and the decision log holds."""
    stage.narrator.chapter("✓", Text("审计", "the audit"))
    stage.expect("the ledger's differences", await stage.get("audit", "customer", "/ledger/differences"), [])
    stage.tell("audit", "应收账与余额一致", "the balances are what the ledger says")
    for service in ("shipping", "customer"):
        await _all_sealed(stage, service)
        verification = await stage.get("audit", service, "/decisions/verification")
        stage.expect(f"the decision log of {service}-svc", verification, {"holds": True, "faults": []})
        stage.tell("audit", f"{service}-svc 裁决日志核验无误", f"the decision log of {service}-svc holds")


async def _all_sealed(stage: Stage, service: str) -> None:
    async def probe() -> bool | None:
        decisions = await stage.get("audit", service, "/decisions")
        return True if all(decision["seal"] is not None for decision in decisions["items"]) else None

    await eventually(probe, f"the verdicts of {service}-svc sealed")
