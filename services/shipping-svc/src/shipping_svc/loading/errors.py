"""What can be wrong with a request about lots, loadings, and the closing of a notice."""

from fangxing.errors import ErrorType, Kind

BLOCK_NOT_FOUND = ErrorType("lot-not-blocked", Kind.NOT_FOUND, "批号 {lot} 没有被冻结", "The lot {lot} is not blocked")
GOODS_LOADED = ErrorType(
    "goods-loaded",
    Kind.CONFLICT,
    "发货通知单 {number} 已装了货，不能取消；没有车再来时可以关闭",
    "Goods are loaded on the notice {number}: it cannot be cancelled, but closed once no truck comes any more",
    clause="5-4.2.1-D",
)
OTHER_TRUCK_LOADING = ErrorType(
    "other-truck-loading",
    Kind.CONFLICT,
    "车辆 {vehicle} 已装这张通知单的货，还没有签字",
    "The truck {vehicle} carries goods of this notice and is not signed for",
    clause="5-4.2.1-D",
)
