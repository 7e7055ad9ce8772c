"""What can go wrong with a price authority table."""

from fangxing.errors import ErrorType, Kind
from pricing_svc.authority.rules import Fault

FAMILY_UNKNOWN = ErrorType(
    "family-unknown",
    Kind.NOT_FOUND,
    "没有属于产品类别 {family} 的产品",
    "There is no product of the family {family}",
    field="family",
)
TABLE_IN_APPROVAL = ErrorType(
    "authority-table-in-approval",
    Kind.CONFLICT,
    "该产品类别已有价格权限表在审批",
    "A price authority table of this family is already with the deciders",
)
BANDS_MISSING = ErrorType(
    "bands-missing",
    Kind.INVALID,
    "销售专员和销售经理都须有浮动权限",
    "Both the sales rep and the sales manager need a band",
    clause="3-8.2-A",
    field="bands",
)
BANDS_TWICE = ErrorType(
    "bands-twice",
    Kind.INVALID,
    "每个角色只能有一个浮动权限",
    "A role can have one band only",
    clause="3-8.2-A",
    field="bands",
)
BANDS_GAP = ErrorType(
    "bands-gap",
    Kind.INVALID,
    "销售经理的权限须比销售专员大，且上下浮动都不能更小",
    "The sales manager's band must be wider than the rep's, and on neither side narrower",
    clause="3-8.2-A",
    field="bands",
)
BANDS_FAULTY = {
    Fault.MISSING: BANDS_MISSING,
    Fault.TWICE: BANDS_TWICE,
    Fault.GAP: BANDS_GAP,
}
"""The error for what is wrong with a table of bands."""
