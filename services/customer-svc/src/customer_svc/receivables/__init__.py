"""Receivables 应收款: invoices, payments and credit notes, from which exposure and overdue follow (clause 2-3)."""
