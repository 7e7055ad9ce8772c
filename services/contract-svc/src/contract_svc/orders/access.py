"""Who sees orders (1-3.9)."""

from contract_svc.contracts import access as contracts
from contract_svc.orders.store import Order
from contract_svc.reference.access import CUSTOMERS
from fangxing.offers import fitting
from fangxing.roles import Role

READERS = (*contracts.READERS, Role.WAREHOUSE_KEEPER, Role.WAREHOUSE_SUPERVISOR)
"""The warehouse sees orders too: it has to prepare them."""

fitting(Order)(CUSTOMERS.fits)
