"""Base prices 基准价格: proposals, the flows that decide them, and the versioned table they enter (3-5 to 3-7)."""
