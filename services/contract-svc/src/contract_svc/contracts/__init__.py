"""Contracts 合同: drafting, the derived type, the route and the signatures (clauses 4-3 and 4-4)."""
