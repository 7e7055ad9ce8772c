"""Returns 退货: proposed by the responsible party, approved, received, inspected, and from there a credit (6-3)."""
