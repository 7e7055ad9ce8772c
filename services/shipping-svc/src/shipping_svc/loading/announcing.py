"""The rep announces the truck that comes for a notice."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as pg_insert

from fangxing.documents import lock_for
from fangxing.ids import new_id
from fangxing.work import Work
from shipping_svc.loading.shapes import AnnounceTruck
from shipping_svc.loading.store import TransportNotice
from shipping_svc.notices.access import notices_of
from shipping_svc.notices.rules import NoticeAction
from shipping_svc.notices.store import Notice


async def announce_truck(work: Work, notice_id: UUID, body: AnnounceTruck) -> None:
    """Issue the transport notice 运输通知单 of one truck; again for the same vehicle, it replaces the driver."""
    notice = await lock_for(work, Notice, notice_id, NoticeAction.ANNOUNCE, notices_of(work.actor))
    values = {"driver": body.driver, "carrier": body.carrier, "author": work.actor.id, "created_at": work.now}
    await work.tx.execute(
        pg_insert(TransportNotice)
        .values(id=new_id(), notice_id=notice.id, vehicle=body.vehicle, **values)
        .on_conflict_do_update(index_elements=["notice_id", "vehicle"], set_=values)
    )
