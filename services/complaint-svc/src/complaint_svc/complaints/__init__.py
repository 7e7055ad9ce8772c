"""Complaints 客户投诉: taken in, sorted, handled, approved and closed (chapter 6)."""
