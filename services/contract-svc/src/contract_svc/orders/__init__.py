"""Orders 订单: call-offs on approved contracts (4-orders)."""
