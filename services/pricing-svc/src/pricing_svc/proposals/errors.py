"""What can go wrong with a price proposal."""

from fangxing.errors import ErrorType, Kind

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
    "该方已签署意见",
    "This side has signed its opinion already",
    clause="3-6",
)
NOT_YOUR_PROPOSAL = ErrorType(
    "not-your-proposal",
    Kind.FORBIDDEN,
    "只有申请人或销售经理可以这样做",
    "Only for the one who proposed it, or the sales manager",
    clause="3-7.2",
)
