"""Adjustments are filed, decided by their route, and taken back."""

from uuid import UUID

from customer_svc.accounts.advancing import advance_alone
from customer_svc.accounts.allocating import allocate, cancel, free, new_item, take_back, take_out
from customer_svc.accounts.rules import EntryKind, ItemKind, Side
from customer_svc.accounts.store import CreditAccount, Item, items_of, lock_account
from customer_svc.adjustments import rules
from customer_svc.adjustments.policies import ADJUSTMENT_ROUTES, REFUND_GM_ABOVE, ROUNDING_MAX
from customer_svc.adjustments.reasons import adjustment_title
from customer_svc.adjustments.rules import AdjustmentAction, AdjustmentStatus
from customer_svc.adjustments.shapes import CancelAdjustment, FileAdjustment
from customer_svc.adjustments.store import Adjustment, item_with
from customer_svc.customers.store import Customer
from customer_svc.receivables.posting import post
from customer_svc.receivables.reasons import corrected
from fangxing import approvals, decision_log
from fangxing.approvals import CaseStatus, Decide
from fangxing.clauses import clause
from fangxing.documents import born, lock_for
from fangxing.ids import new_id
from fangxing.verdicts import plain
from fangxing.work import Work


async def file_adjustment(work: Work, body: FileAdjustment) -> Adjustment:
    """File an adjustment and start its route; raises `item-not-found` and what the rules raise."""
    item = await item_with(work.tx, body.item_id)
    account = await lock_account(work.tx, item.account_id)
    item = await item_with(work.tx, body.item_id)
    adjustment = Adjustment(
        id=new_id(),
        kind=body.kind,
        status=AdjustmentStatus.IN_APPROVAL,
        author=work.actor.id,
        customer_id=item.customer_id,
        account_id=account.id,
        item_id=item.id,
        amount=body.amount,
        reason=body.reason,
        filed_on=work.today,
    )
    await _check(work, adjustment, account, item)
    work.tx.add(adjustment)
    await born(work, adjustment, AdjustmentAction.FILE)
    customer = await work.tx.get_one(Customer, item.customer_id)
    band = rules.band_of(body.kind, body.amount, (await work.policies()).get(REFUND_GM_ABOVE))
    await approvals.submit(
        work,
        adjustment,
        matter="adjustment",
        content={
            "kind": body.kind,
            "customer": str(customer.id),
            "item": str(item.id),
            "amount": plain(body.amount),
            "open_amount": plain(item.open_amount),
            "reason": body.reason,
        },
        route=await approvals.route_of(work, ADJUSTMENT_ROUTES, band),
        title=adjustment_title(body.kind, customer.name),
    )
    return adjustment


async def decide(work: Work, adjustment_id: UUID, body: Decide) -> Adjustment:
    """Decide the current step; with the last yes the adjustment is done, if what it adjusts is still open.

    Raises `adjustment-not-found`, `wrong-state`, what an approval raises and what the rules raise.
    """
    adjustment = await lock_for(work, Adjustment, adjustment_id, AdjustmentAction.DECIDE)
    case = await approvals.decide_on(work, adjustment, body)
    if case.status is CaseStatus.APPROVED:
        await _do(work, adjustment)
    elif case.status is not CaseStatus.OPEN:
        adjustment.status = AdjustmentStatus(case.status)
    return adjustment


@clause("5-4.2.1-B")
async def _do(work: Work, adjustment: Adjustment) -> None:
    account = await lock_account(work.tx, adjustment.account_id)
    item = await item_with(work.tx, adjustment.item_id)
    await _check(work, adjustment, account, item)
    counter = new_item(
        work,
        ItemKind(adjustment.kind),
        adjustment.id,
        adjustment.amount,
        account_id=account.id,
        customer_id=adjustment.customer_id,
        due_on=work.today if item.side is Side.CREDIT else None,
    )
    work.tx.add(counter)
    await work.tx.flush()
    credit, debit = (item, counter) if item.side is Side.CREDIT else (counter, item)
    allocate(work, credit, debit, adjustment.amount)
    adjustment.status, adjustment.done_on = AdjustmentStatus.DONE, work.today
    await _post(work, adjustment, account, _effect(adjustment, item))


async def cancel_adjustment(work: Work, adjustment_id: UUID, body: CancelAdjustment) -> Adjustment:
    """Take an adjustment back: what was given back or given up is open again.

    Raises `adjustment-not-found`, `wrong-state` or `incompatible-hands`.
    """
    adjustment = await lock_for(work, Adjustment, adjustment_id, AdjustmentAction.CANCEL)
    account = await lock_account(work.tx, adjustment.account_id)
    item = await item_with(work.tx, adjustment.item_id)
    (counter,) = await items_of(work.tx, adjustment.id)
    if counter.side is Side.DEBIT:
        await free(work, counter)
        await cancel(work, counter)
    else:
        await take_back(work, [counter])
        await take_out(work, [counter], adjustment.amount)
    adjustment.status = AdjustmentStatus.CANCELLED
    decision_log.keep(work, "adjustment_cancelled", adjustment.document, corrected(adjustment.amount, body.reason))
    await _post(work, adjustment, account, -_effect(adjustment, item))
    return adjustment


async def _check(work: Work, adjustment: Adjustment, account: CreditAccount, item: Item) -> None:
    rules.check(
        adjustment.kind,
        item.side,
        adjustment.amount,
        open_amount=item.open_amount,
        prepaid_free=account.prepaid_free if item.earmarked else None,
        rounding_max=(await work.policies()).get(ROUNDING_MAX),
    )


def _effect(adjustment: Adjustment, item: Item) -> rules.Effect:
    return rules.effect(adjustment.kind, item.side, adjustment.amount, earmarked=item.earmarked)


async def _post(work: Work, adjustment: Adjustment, account: CreditAccount, effect: rules.Effect) -> None:
    post(
        work,
        account,
        EntryKind(adjustment.kind),
        adjustment.document,
        receivable=effect.receivable,
        written_off=effect.written_off,
        prepaid=effect.prepaid,
    )
    await advance_alone(work, account)
