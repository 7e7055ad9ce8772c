"""Who reads loadings and blocked lots, whom a loading waits for, and who keeps the devices of the yard."""

from collections.abc import Sequence

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.offers import Fits, fitting
from fangxing.policies import PolicyBook
from fangxing.roles import Role
from shipping_svc.loading.rules import LoadingAction
from shipping_svc.loading.store import Loading
from shipping_svc.notices.access import may_sign

LOADING_READERS = (
    Role.SALES_REP,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.AUDIT_MANAGER,
    Role.WAREHOUSE_KEEPER,
    Role.WAREHOUSE_SUPERVISOR,
    Role.QUALITY,
    Role.QUALITY_SUPERVISOR,
)
"""The yard, quality and sales, a rep those of his customers; the guard sees the pass of what was loaded."""

BLOCK_READERS = tuple(role for role in LOADING_READERS if role is not Role.SALES_REP)
"""A block says what another customer complained of, so no rep reads it: what he ships of the lot is refused anyway."""

DEVICE_KEEPERS = (Role.ADMINISTRATOR, Role.WAREHOUSE_SUPERVISOR)
"""They see the devices and switch one off; to enrol one is the administrator's alone."""


@fitting(Loading)
async def fits_loadings(tx: Tx, loadings: Sequence[Loading], book: PolicyBook) -> Fits:
    """Nobody signs for goods that he noticed himself."""

    def fits(loading: Loading, actor: Principal, action: LoadingAction) -> bool:
        return action is not LoadingAction.SIGN or may_sign(loading, actor, book)

    return fits
