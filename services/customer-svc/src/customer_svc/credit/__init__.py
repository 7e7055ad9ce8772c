"""Credit 信用: grades, limits, and the credit account with its position (clauses 2-5)."""
