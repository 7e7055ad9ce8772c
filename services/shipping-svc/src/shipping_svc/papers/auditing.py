"""Shipping's stored figures held against the documents they come from: notices and delivery notes."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text

from fangxing.database import Reader, Tx

_REBUILT = text("""
WITH notice AS (
    SELECT n.account_id, n.kind, n.status, n.value,
        coalesce((SELECT sum(d.value) FROM delivery_notes d WHERE d.notice_id = n.id), 0) AS taken
    FROM notices n),
rebuilt AS (
    SELECT account_id,
        coalesce(sum(value - taken) FILTER (WHERE status = 'released' AND kind = 'regular'), 0) AS released,
        coalesce(sum(taken) FILTER (WHERE kind = 'regular'), 0) AS shipped_total,
        coalesce(sum(CASE status WHEN 'released' THEN value ELSE taken END) FILTER (WHERE kind = 'prepaid'), 0)
            AS prepaid_used_total
    FROM notice GROUP BY account_id)
SELECT a.id, figure, stored, documents
FROM credit_accounts a LEFT JOIN rebuilt r ON r.account_id = a.id
CROSS JOIN LATERAL (VALUES
    ('released', a.released, coalesce(r.released, 0)),
    ('shipped_total', a.shipped_total, coalesce(r.shipped_total, 0)),
    ('prepaid_used_total', a.prepaid_used_total, coalesce(r.prepaid_used_total, 0))) AS f (figure, stored, documents)
WHERE stored <> documents ORDER BY a.id, figure""")


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored figure that is not what the documents say, in yuan."""

    account_id: UUID
    figure: str
    stored: Decimal
    documents: Decimal


async def differences(connection: Tx | Reader) -> list[Difference]:
    """Every account's position rebuilt from its documents and compared; empty when rebuilt = live."""
    rows = await connection.execute(_REBUILT)
    return [Difference(account, figure, stored, documents) for account, figure, stored, documents in rows]
