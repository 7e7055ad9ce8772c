"""Orders 订单: call-offs on approved contracts, and what became of them (clause 4-orders)."""
