"""Reference: customers and orders 订单 as shipping needs them, kept from what the other services published."""
