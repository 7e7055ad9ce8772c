"""Price authority 价格权限: how far each role may float around the base price, per product family (clause 3-8.2)."""
