"""What can go wrong with a price proposal."""

from fangxing.errors import ErrorType, Kind

PROPOSAL_NOT_FOUND = ErrorType(
    "price-proposal-not-found", Kind.NOT_FOUND, "没有定价申请 {proposal}", "There is no price proposal {proposal}"
)
PROPOSAL_UNDER_WAY = ErrorType(
    "price-proposal-under-way",
    Kind.CONFLICT,
    "该产品已有定价申请在办",
    "A price proposal for this product is already under way",
)
CHANGE_INCOMPLETE = ErrorType(
    "price-change-incomplete",
    Kind.INVALID,
    "调整基准价格须有新价格、调整原因和依据",
    "A change of a base price needs the new price, its reason and the evidence",
    clause="3-7.1.1",
)
PRICE_UNCHANGED = ErrorType(
    "price-unchanged",
    Kind.INVALID,
    "新价格与现行基准价格相同",
    "The price is the base price in force already",
    clause="3-7.1.2",
    field="base_price",
)
FLOW_CHANGED = ErrorType(
    "pricing-flow-changed",
    Kind.CONFLICT,
    "产品的生产记录已变，应走另一定价流程，请退回后重新申请",
    "The product's history has changed and asks for the other flow; return this one and propose again",
    clause="3-5.1",
)
NO_OPINION_WANTED = ErrorType(
    "no-opinion-wanted",
    Kind.CONFLICT,
    "该申请不在征求意见，或该方已签署意见",
    "This proposal is not waiting for opinions, or this side has signed already",
    clause="3-6",
)
NOT_TO_SUBMIT = ErrorType(
    "not-to-submit",
    Kind.CONFLICT,
    "该申请现在不能提交：意见未齐，或已在审批、已结束",
    "This proposal cannot be submitted now: opinions are missing, or it is with the deciders, or closed",
    clause="3-6",
)
NOT_TO_WITHDRAW = ErrorType(
    "not-to-withdraw",
    Kind.CONFLICT,
    "已提交审批或已结束的申请不能撤回",
    "A proposal that is with the deciders or closed cannot be withdrawn",
)
NOT_YOUR_PROPOSAL = ErrorType(
    "not-your-proposal",
    Kind.FORBIDDEN,
    "只有申请人或销售经理可以这样做",
    "Only for the one who proposed it, or the sales manager",
    clause="3-7.2",
)
