"""Orders 订单 and customers as shipping needs them: projections of what contracts and customers published."""
