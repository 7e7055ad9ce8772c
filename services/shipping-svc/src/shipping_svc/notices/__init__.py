"""Shipping notices 发货通知单: from the rep through finance and the managers to the release (clause 5-4.2)."""
