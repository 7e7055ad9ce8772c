"""The trucks that still stand open when a notice closes."""

from sqlalchemy import select

from fangxing.work import Work
from shipping_svc.notices.store import Notice, NoticeLine
from shipping_svc.warehouse.store import Loading


async def lock_open_loadings(work: Work, notice: Notice) -> list[Loading]:
    """The open loadings of a locked notice, in the order scans lock them; the notice's lines are read again behind it.

    A scan locks the loading and never the notice: whoever closes a notice on what he read before he had the
    loadings would miss what was loaded meanwhile.
    """
    loadings = await work.tx.scalars(
        select(Loading)
        .where(Loading.notice_id == notice.id, Loading.status == "open")
        .order_by(Loading.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    locked = list(loadings)
    await work.tx.execute(
        select(NoticeLine).where(NoticeLine.notice_id == notice.id).execution_options(populate_existing=True)
    )
    return locked
