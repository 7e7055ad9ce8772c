"""Showing a contract whole: what was drafted, what follows from it, and how far it has come."""

from datetime import date

from contract_svc.contracts.assessing import assess
from contract_svc.contracts.policies import CALLOFF_TOLERANCE
from contract_svc.contracts.rules import left_of
from contract_svc.contracts.shapes import ContractLineOut, ContractOut, RouteOut
from contract_svc.contracts.store import CONTRACT_ROWS, Contract
from contract_svc.progress.store import of_contract_lines
from contract_svc.reference.store import Customer
from fangxing import approvals
from fangxing.database import Tx
from fangxing.policies import PolicyBook
from fangxing.text import Language
from fangxing.verdicts import localized


async def show_contract(tx: Tx, book: PolicyBook, day: date, contract: Contract, language: Language) -> ContractOut:
    """The whole of `contract`; what is not frozen yet is derived as of `day` by the policies of `book`."""
    await tx.flush()
    row = (await tx.execute(CONTRACT_ROWS.where(Contract.id == contract.id))).mappings().one()
    frozen = contract.assessment is not None
    judged = contract.assessment
    if judged is None:
        customer = await tx.get_one(Customer, contract.customer_id)
        judged = (await assess(tx, book, day, contract, customer)).content()
    progress = await of_contract_lines(tx, [line.id for line in contract.lines])
    tolerance = book.get(CALLOFF_TOLERANCE)
    # A revision starts without a case, whatever became of the versions before it.
    cases = await approvals.latest(tx, [contract.document]) if contract.submitted_at else {}
    return ContractOut.show(
        row,
        irregular=judged["irregular"],
        special_terms=judged["special_terms"],
        lines=[
            ContractLineOut.show(
                line, found, progress[line.id], left_of(line.tons, progress[line.id].ordered, tolerance), language
            )
            for line, found in zip(contract.lines, judged["lines"], strict=True)
        ],
        route=RouteOut.show(judged["route"], language, frozen=frozen),
        verdict=localized(contract.verdict, language) if contract.verdict else None,
        approval=cases.get(contract.document),
    )
