"""Papers: delivery notes 送货单 with the freight voucher, and exit passes 出门证 (clauses 5-4.2.1-E, -F)."""
