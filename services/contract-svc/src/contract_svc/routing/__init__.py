"""Who signs a contract 合同评审, and why: its prices, its payment terms, its amount (3-8.2-A, 4-3 and 4-4.2)."""
