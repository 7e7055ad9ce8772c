"""Device keys: scanners and gates are enrolled once and sign in with a secret of their own.

The header is `Authorization: Device <device id>.<secret>`; the secret is random and only its SHA-256 is stored.
A new enrolment replaces the secret and starts a new sequence.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, String, select
from sqlalchemy.orm import Mapped, mapped_column

from fangxing import throttles
from fangxing.auth import Principal
from fangxing.database import Tx
from fangxing.database.tables import Table
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.throttles import Throttle, ThrottleRow

DEVICE_KEY_INVALID = ErrorType(
    "device-key-invalid",
    Kind.UNAUTHENTICATED,
    "设备密钥无效，请重新登记设备",
    "The device key is not valid; enrol the device again",
)

DEVICE_SWITCHED_OFF = ErrorType(
    "device-switched-off",
    Kind.FORBIDDEN,
    "设备 {device} 已停用；找到后由管理员重新登记",
    "The device {device} is switched off; once it is found again the administrator enrols it anew",
)
DEVICE_NOT_FOUND = ErrorType(
    "device-not-found", Kind.NOT_FOUND, "没有登记设备 {device}", "There is no enrolled device {device}"
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
    switched_off_by: Mapped[str | None] = mapped_column(String(80))
    switched_off_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    switched_off_because: Mapped[str | None] = mapped_column(String(200))


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
    row.switched_off_by = row.switched_off_at = row.switched_off_because = None
    return row, f"{device}.{secret}"


async def switch_off(tx: Tx, device: str, *, because: str, by: str, now: datetime) -> DeviceRow:
    """Refuse `device` from its next request on, until it is enrolled anew; raises `device-not-found`.

    Its row is locked, so that a request of its own that is under way ends first or is refused.
    """
    row = await tx.get(DeviceRow, device, with_for_update=True)
    if row is None:
        raise DEVICE_NOT_FOUND(device=device)
    if row.active:
        row.active = False
        row.switched_off_by, row.switched_off_at, row.switched_off_because = by, now, because
    return row


async def lock(tx: Tx, device: DeviceRow) -> None:
    """Lock the row of a calling device, and raise where it was switched off or enrolled anew since it signed in."""
    locked = select(DeviceRow.active, DeviceRow.enrolment).where(DeviceRow.id == device.id).with_for_update()
    active, enrolment = (await tx.execute(locked)).one()
    if enrolment != device.enrolment:
        raise DEVICE_KEY_INVALID()
    if not active:
        raise DEVICE_SWITCHED_OFF(device=device.id)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a device signs in with, and how often it may do so wrongly from where it is."""

    device: str
    secret: str
    throttle: Throttle
    of_address: Throttle

    @classmethod
    def read(cls, authorization: str | None, *, source: str, tries: int, seconds: int) -> "Credential":
        """The credential of an Authorization header; of one that is no device's all is empty.

        A device may sign in wrongly `tries` times in `seconds`, and an address ten times as often, for many have one.
        """
        scheme, _, credential = (authorization or "").partition(" ")
        device, _, secret = credential.rpartition(".") if scheme.lower() == "device" else ("", "", "")
        return cls(
            device,
            secret,
            Throttle("device-key", f"{device[:64]}@{source}", tries, seconds),
            Throttle("device-key-address", source, 10 * tries, seconds),
        )


async def authenticate(tx: Tx, credential: Credential, kind: str, now: datetime) -> tuple[Principal, DeviceRow]:
    """The device of a credential; raises `device-key-invalid`, or `device-switched-off` to who has its key.

    The right key is heard however often it was guessed at: nobody guesses 256 bits, and a stranger who tries shall not
    keep a scanner from its work.
    """
    found = await tx.execute(
        select(DeviceRow, ThrottleRow.failures)
        .outerjoin(ThrottleRow, credential.throttle.row)
        .where(DeviceRow.id == credential.device)
    )
    row, failures = found.one_or_none() or (None, None)
    if row is None or row.kind != kind or not hmac.compare_digest(row.key_hash, _hash(credential.secret)):
        raise DEVICE_KEY_INVALID()
    if not row.active:
        raise DEVICE_SWITCHED_OFF(device=row.id)
    if failures:
        await throttles.succeed(tx, now, credential.throttle)
    return Principal(f"device:{row.id}", row.id, frozenset()), row


async def count_failure(tx: Tx, credential: Credential, now: datetime) -> DomainError:
    """Count a wrong key, and what to say to it: `device-key-invalid`, or `too-many-attempts`. No key is no guess."""
    if not credential.device:
        return DEVICE_KEY_INVALID()
    # first what bounds the rows that made-up names of devices can make
    wait = await throttles.count(tx, now, credential.of_address)
    wait = wait or await throttles.count(tx, now, credential.throttle)
    return throttles.TOO_MANY_ATTEMPTS(seconds=wait) if wait else DEVICE_KEY_INVALID()
