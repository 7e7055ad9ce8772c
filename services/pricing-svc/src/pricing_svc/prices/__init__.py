"""Base prices 基准价格: the versioned table, read as of any day and written at one place (3-7.1.2, 3-7.3.3)."""
