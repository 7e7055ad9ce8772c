"""Reading returns."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from complaint_svc.reference.access import CUSTOMERS
from complaint_svc.returns.shapes import ReturnDetail, ReturnOut
from complaint_svc.returns.store import Return
from fangxing.database import reading
from fangxing.offers import actions, fitting
from fangxing.policies import PolicyBook
from fangxing.work import Look

fitting(Return)(CUSTOMERS.fits)


async def read_return(look: Look, return_id: UUID, book: PolicyBook) -> ReturnDetail:
    """A return that the caller is known to see, and what he may try with it."""
    async with reading(look.reader) as tx:
        returned = await tx.get_one(Return, return_id)
        offered = await actions(tx, returned, look.caller, book)
        return ReturnDetail.show(returned, actions=offered)


async def read_returns(look: Look, ids: Sequence[UUID]) -> list[ReturnOut]:
    """The returns with these ids, in their order."""
    async with reading(look.reader) as tx:
        found = {returned.id: returned for returned in await tx.scalars(select(Return).where(Return.id.in_(ids)))}
        return [ReturnOut.show(found[return_id]) for return_id in ids]


async def returns_of(look: Look, complaint_id: UUID) -> list[ReturnOut]:
    """The returns of a complaint, oldest first."""
    ids = await look.reader.scalars(select(Return.id).where(Return.complaint_id == complaint_id).order_by(Return.id))
    return await read_returns(look, ids.all())
