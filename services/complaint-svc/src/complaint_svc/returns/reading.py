"""Reading returns."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from complaint_svc.reference.access import in_scope
from complaint_svc.returns.shapes import ReturnOut
from complaint_svc.returns.store import RETURN_IDS, Return
from fangxing.auth import Principal
from fangxing.database import Tx


async def read_return(tx: Tx, return_id: UUID, reader: Principal) -> ReturnOut:
    """The return; raises `return-not-found`, also for one of a customer `reader` does not see."""
    seen = await tx.scalar(in_scope(RETURN_IDS.where(Return.id == return_id), reader))
    if seen is None:
        raise Return.not_found(return_id)
    return (await read_returns(tx, [return_id]))[0]


async def read_returns(tx: Tx, ids: Sequence[UUID]) -> list[ReturnOut]:
    """The returns with these ids, in their order."""
    found = {returned.id: returned for returned in await tx.scalars(select(Return).where(Return.id.in_(ids)))}
    return [ReturnOut.show(found[return_id]) for return_id in ids]


async def returns_of(tx: Tx, complaint_id: UUID) -> list[ReturnOut]:
    """The returns of a complaint, oldest first."""
    found = await tx.scalars(select(Return).where(Return.complaint_id == complaint_id).order_by(Return.id))
    return [ReturnOut.show(returned) for returned in found]
