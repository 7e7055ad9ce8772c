"""Complaints 客户投诉: the register 客户反馈处理记录 (6-5.1.1) and the roads complaints are put on (6-5.1.2)."""
