"""Loading 装车: quality reports, transport notices, loadings and scans (clauses 5-3, 5-4.2.1-D); closing a notice."""
