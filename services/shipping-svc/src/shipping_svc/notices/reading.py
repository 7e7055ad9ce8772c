"""Reading a notice as it stands in the unit of work."""

from fangxing.text import Language
from fangxing.work import Work
from shipping_svc.notices.access import offered
from shipping_svc.notices.shapes import JudgedNotice
from shipping_svc.notices.store import Notice, approval_of


async def read_notice(work: Work, notice: Notice, language: Language) -> JudgedNotice:
    """The notice after what was just done to it."""
    approval = await approval_of(work.tx, notice)
    possible = await offered(work.tx, notice, work.actor, await work.policies())
    return JudgedNotice.show(notice, approval, possible, language)
