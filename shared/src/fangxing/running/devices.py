"""Device keys: scanners and gates are enrolled once and sign in with a secret of their own.

The header is `Authorization: Device <device id>.<secret>`; the secret is random and only its SHA-256 is stored.
A new enrolment replaces the secret and starts a new sequence.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.database.tables import Table
from fangxing.errors import ErrorType, Kind

DEVICE_KEY_INVALID = ErrorType(
    "device-key-invalid",
    Kind.UNAUTHENTICATED,
    "设备密钥无效，请重新登记设备",
    "The device key is not valid; enrol the device again",
)


class DeviceRow(Table):
    """An enrolled device. `kind` is `scanner` or `gate`; `place` is the warehouse or gate it belongs to."""

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(64))
    enrolment: Mapped[int]
    key_hash: Mapped[str] = mapped_column(String(64))
    active: Mapped[bool]
    enrolled_by: Mapped[str] = mapped_column(String(80))
    enrolled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def enrol(tx: Tx, *, device: str, kind: str, place: str, by: str, now: datetime) -> tuple[DeviceRow, str]:
    """Enrol `device`, or enrol it anew, and return it with its key, which is shown this once."""
    secret = secrets.token_urlsafe(32)
    row = await tx.get(DeviceRow, device, with_for_update=True)
    if row is None:
        row = DeviceRow(id=device, enrolment=0)
        tx.add(row)
    row.kind, row.place, row.active = kind, place, True
    row.enrolment += 1
    row.key_hash, row.enrolled_by, row.enrolled_at = _hash(secret), by, now
    return row, f"{device}.{secret}"


async def authenticate(tx: Tx, authorization: str | None, kind: str) -> tuple[Principal, DeviceRow]:
    """The device of an Authorization header; raises `device-key-invalid`."""
    scheme, _, credential = (authorization or "").partition(" ")
    device_id, _, secret = credential.rpartition(".")
    row = await tx.get(DeviceRow, device_id) if scheme.lower() == "device" and device_id else None
    if row is None or not row.active or row.kind != kind or not hmac.compare_digest(row.key_hash, _hash(secret)):
        raise DEVICE_KEY_INVALID()
    return Principal(f"device:{row.id}", row.id, frozenset()), row
