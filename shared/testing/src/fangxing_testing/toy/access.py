"""Who sees and may what of the toy writer."""

from fangxing.roles import Role
from fangxing.scope import own_customers
from fangxing.sight import Group
from fangxing_testing.toy.tables import CustomerRow

ORDER_READERS = (Role.SALES_REP, Role.SALES_MANAGER, Role.WAREHOUSE_KEEPER, Role.GATE_GUARD)
MONEY = Group("money", frozenset({Role.SALES_REP, Role.SALES_MANAGER}))
"""Who sees what goods are worth."""
CUSTOMERS = own_customers(CustomerRow.rep, all_for=(Role.GATE_GUARD,))
"""A rep sees his own customers' orders, the guard all that come to the gate."""
