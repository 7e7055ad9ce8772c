"""Reading a notice as it stands in the unit of work."""

from fangxing.documents import actions
from fangxing.text import Language
from fangxing.work import Work
from shipping_svc.notices.access import approval_of
from shipping_svc.notices.shapes import JudgedNotice
from shipping_svc.notices.store import Notice


async def read_notice(work: Work, notice: Notice, language: Language) -> JudgedNotice:
    """The notice after what was just done to it."""
    approval = await approval_of(work.tx, notice)
    waiting_for = approval["waiting_for"] if approval else None
    possible = actions(notice, work.actor, await work.policies(), waiting_for=waiting_for)
    return JudgedNotice.show(notice, approval, possible, language)
