"""Returns 退货: proposed by a handling, approved with it, received, inspected, and from there a credit (6-3)."""
