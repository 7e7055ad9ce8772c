"""Customers 客户: who the factory sells to, and which rep looks after whom (chapter 2)."""
