"""Reading a contract whole: what was drafted, what follows from it, and how far it has come."""

from datetime import date

from contract_svc.contracts.assessing import assess
from contract_svc.contracts.policies import CALLOFF_TOLERANCE
from contract_svc.contracts.rules import left_of
from contract_svc.contracts.shapes import ContractLineOut, ContractOut, ContractRow, RouteOut
from contract_svc.contracts.store import Contract
from contract_svc.progress.store import of_contract_lines
from contract_svc.reference.store import Customer
from fangxing import approvals
from fangxing.answers import VerdictOut
from fangxing.database import reading
from fangxing.offers import actions
from fangxing.policies import PolicyBook
from fangxing.work import Look


async def read_contract(look: Look, row: ContractRow, book: PolicyBook, day: date) -> ContractOut:
    """The whole of the contract `row`; what is not frozen yet is derived as of `day` by the policies of `book`."""
    async with reading(look.reader) as tx:
        contract = await tx.get_one(Contract, row.id)
        judged = contract.assessment
        if judged is None:
            customer = await tx.get_one(Customer, contract.customer_id)
            judged = (await assess(tx, book, day, contract, customer, look.caller)).content()
        progress = await of_contract_lines(tx, [line.id for line in contract.lines])
        # A revision starts without a case, whatever became of the versions before it.
        cases = await approvals.latest(tx, [contract.document]) if contract.submitted_at else {}
        offered = await actions(tx, contract, look.caller, book)
    case = cases.get(contract.document)
    tolerance = book.get(CALLOFF_TOLERANCE)
    return ContractOut.show(
        row,
        irregular=judged["irregular"],
        special_terms=judged["special_terms"],
        lines=[
            ContractLineOut.show(
                line, found, progress[line.id], left_of(line.tons, progress[line.id].ordered, tolerance), look.language
            )
            for line, found in zip(contract.lines, judged["lines"], strict=True)
        ],
        route=RouteOut.show(judged["route"], look.language, frozen=contract.assessment is not None),
        verdict=VerdictOut.show(contract.verdict, look.language) if contract.verdict else None,
        approval=case,
        actions=offered,
    )
