"""Customers 客户 as this service knows them: a projection of customer-svc's events, and the row scope it gives."""
