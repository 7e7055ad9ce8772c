"""Warehouse 仓库: quality reports, loadings, scans, delivery notes (clauses 5-3, 5-4.2.1-D and -E)."""
