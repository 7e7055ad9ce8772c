"""Credit accounts 信用账户: the position, what is due and overdue, and the open items it is derived from (5-4.2.1)."""
