"""Settlement terms 结算方式: how a customer pays, carried from customer to contract, order and delivery note."""

from enum import StrEnum


class TermsKind(StrEnum):
    """The kind of settlement: on credit 赊销, payment before shipping 款到发货, cash on delivery 货到收款 (5-4.1)."""

    CREDIT = "credit"
    PREPAID = "prepaid"
    CASH_ON_DELIVERY = "cash_on_delivery"
