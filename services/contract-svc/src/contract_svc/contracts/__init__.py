"""Contracts 合同: drafted, submitted on the route that follows from them, signed (4-4.3, 4-4.2)."""
