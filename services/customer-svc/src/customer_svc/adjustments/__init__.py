"""Adjustments 往来调整: refunds, write-offs and rounding differences, each decided by its route (1-3)."""
