"""Row scope: whose rows a caller sees, said aloud by every list, and the same for a row already in hand.

A caller acts in the roles that open the route (`Principal.acting_as`): a rep who is a keeper too sees as a keeper what
keepers may see, and files as a rep for his own customers alone.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.roles import Role

Scope = Callable[[Principal], ColumnElement[bool]]
"""The condition on a list's rows under which a caller sees one."""

_SEE_EVERY_CUSTOMER = frozenset(Role) - {
    Role.SALES_REP,
    Role.GATE_GUARD,
    Role.PRICE_COMMITTEE,
    Role.DEPARTMENT_MANAGER,
}


def everyone(caller: Principal) -> ColumnElement[bool]:
    """Whoever the route lets in sees every row."""
    return true()


@dataclass(frozen=True, eq=False, slots=True)
class OwnCustomers:
    """A sales rep sees his own customers, whose `rep` he is, and those of a rep he stands in for; others see all.

    The others are the roles that deal with customers; `all_for` are those which do not, and yet see all of them here.
    """

    rep: InstrumentedAttribute[str]
    all_for: frozenset[Role]

    def __call__(self, caller: Principal) -> ColumnElement[bool]:
        """The scope as SQL."""
        if self._every(caller):
            return true()
        if not caller.has(Role.SALES_REP):
            return false()
        reps = sorted(caller.whose(Role.SALES_REP))
        return self.rep == reps[0] if len(reps) == 1 else self.rep.in_(reps)

    def sees(self, caller: Principal, rep: str) -> bool:
        """The scope for one row: whether `caller` sees the customer whose rep is `rep`."""
        return self._every(caller) or (caller.has(Role.SALES_REP) and rep in caller.whose(Role.SALES_REP))

    async def fits(
        self, tx: Tx, documents: Sequence[Any], policies: object
    ) -> Callable[[Any, Principal, object], bool]:
        """The scope for what is offered (`offers.fitting`) of documents that have a `customer_id`."""
        customer = self.rep.class_
        ids = {document.customer_id for document in documents}
        rows = await tx.execute(select(customer.id, self.rep).where(customer.id.in_(ids)))
        reps = {id: rep for id, rep in rows}
        return lambda document, actor, action: self.sees(actor, reps[document.customer_id])

    def _every(self, caller: Principal) -> bool:
        return not caller.roles.isdisjoint(_SEE_EVERY_CUSTOMER | self.all_for)


def own_customers(rep: InstrumentedAttribute[str], *, all_for: Collection[Role] = ()) -> OwnCustomers:
    """The scope of whatever belongs to a customer; `rep` is the column with the customer's rep."""
    return OwnCustomers(rep, frozenset(all_for))
