"""Customers 客户 and delivery notes 送货单 as this service knows them: projections of other services' events."""
