"""Loading scans: posted by devices over bad radio, one by one or in batches, each with its own result.

A repeat of (device, enrolment, sequence) with the same body gets the first answer again; with another body it is
refused and the first one stands. Nothing here locks the credit account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select

from fangxing import decision_log
from fangxing.ids import new_id
from fangxing.running.devices import DeviceRow
from fangxing.verdicts import Reason, Verdict, content_hash, plain
from fangxing.work import Work
from shipping_svc.notices.store import NoticeLine
from shipping_svc.warehouse import rules
from shipping_svc.warehouse.lots import judged_lots
from shipping_svc.warehouse.store import Loading, Scan


@dataclass(frozen=True, slots=True)
class ScanIn:
    """One scan as the device sent it; tons of the package."""

    sequence: int
    loading_id: UUID
    order_line_id: UUID
    lot: str
    package: str
    tons: Decimal
    scanned_at: datetime

    @property
    def body_hash(self) -> str:
        """The hash that tells a repeat from another scan under the same number."""
        return content_hash([plain(getattr(self, name)) for name in self.__slots__])


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to one scan; `repeated` when it was given before. Reasons are as stored, in both languages."""

    sequence: int
    accepted: bool
    repeated: bool
    reasons: list[dict[str, Any]]


@dataclass(slots=True)
class _Yard:
    """What the scans of one batch are held against, read in a fixed number of queries."""

    loadings: dict[UUID, Loading]
    lines: dict[tuple[UUID, UUID], NoticeLine]
    lots: dict[tuple[UUID, str], rules.Lot]
    packages: dict[str, set[str]]


async def take_scans(work: Work, device: DeviceRow, scans: Sequence[ScanIn]) -> list[ScanResult]:
    """Answer each scan, in order. Loadings are locked in one order, so that two batches never deadlock."""
    known = await _known(work, device, scans)
    fresh = [scan for scan in scans if scan.sequence not in known]
    await _lock_packages(work, fresh)
    yard = await _yard(work, fresh)
    results: list[ScanResult] = []
    for scan in scans:
        earlier = known.get(scan.sequence)
        if earlier is not None:
            results.append(_again(work, device, scan, earlier))
            continue
        row = _take(work, device, scan, yard)
        known[scan.sequence] = row
        results.append(ScanResult(scan.sequence, row.accepted, False, row.reasons))
    return results


async def _known(work: Work, device: DeviceRow, scans: Sequence[ScanIn]) -> dict[int, Scan]:
    # the device's row serialises its own scans: a repeat that overtakes its first try waits for it
    await work.tx.execute(select(DeviceRow.id).where(DeviceRow.id == device.id).with_for_update())
    rows = await work.tx.scalars(
        select(Scan).where(
            Scan.device == device.id,
            Scan.enrolment == device.enrolment,
            Scan.sequence.in_([scan.sequence for scan in scans]),
        )
    )
    return {row.sequence: row for row in rows}


async def _lock_packages(work: Work, scans: Sequence[ScanIn]) -> None:
    # one package under two scanners: the second waits, and is then told that it is loaded
    names = cast({f"package:{scan.lot}/{scan.package}" for scan in scans}, ARRAY(Text))
    keys = select(func.hashtextextended(func.unnest(names), 0).label("key")).order_by("key").subquery()
    await work.tx.execute(select(func.pg_advisory_xact_lock(keys.c.key)))


def _again(work: Work, device: DeviceRow, scan: ScanIn, earlier: Scan) -> ScanResult:
    if earlier.body_hash == scan.body_hash:
        return ScanResult(scan.sequence, earlier.accepted, True, earlier.reasons)
    reason = rules.SEQUENCE_REUSED(sequence=scan.sequence)
    inputs = {name: getattr(scan, name) for name in scan.__slots__}
    decision_log.keep(work, "scan", f"device/{device.id}", Verdict(False, "stop", (reason,), inputs))
    return ScanResult(scan.sequence, False, False, [reason.content()])


async def _yard(work: Work, scans: Sequence[ScanIn]) -> _Yard:
    loadings = await work.tx.scalars(
        select(Loading)
        .where(Loading.id.in_({scan.loading_id for scan in scans}))
        .order_by(Loading.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    by_id = {loading.id: loading for loading in loadings}
    lines = await work.tx.scalars(
        select(NoticeLine)
        .where(NoticeLine.notice_id.in_({loading.notice_id for loading in by_id.values()}))
        .order_by(NoticeLine.notice_id, NoticeLine.order_line_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    lot_names = {scan.lot for scan in scans}
    packages = await work.tx.execute(
        select(Scan.lot, Scan.package).where(
            Scan.lot.in_(lot_names), Scan.package.in_({scan.package for scan in scans}), Scan.accepted
        )
    )
    loaded: dict[str, set[str]] = {}
    for lot, package in packages:
        loaded.setdefault(lot, set()).add(package)
    keyed = {(line.notice_id, line.order_line_id): line for line in lines}
    return _Yard(by_id, keyed, await judged_lots(work, lot_names), loaded)


def _take(work: Work, device: DeviceRow, scan: ScanIn, yard: _Yard) -> Scan:
    loading = yard.loadings.get(scan.loading_id)
    line = yard.lines.get((loading.notice_id, scan.order_line_id)) if loading else None
    faults = _faults(scan, loading, line, yard)
    if line is not None and not faults:
        line.loaded_tons += scan.tons
        yard.packages.setdefault(scan.lot, set()).add(scan.package)
    row = Scan(
        id=new_id(),
        device=device.id,
        enrolment=device.enrolment,
        sequence=scan.sequence,
        body_hash=scan.body_hash,
        loading_id=scan.loading_id,
        order_line_id=scan.order_line_id,
        lot=scan.lot,
        package=scan.package,
        tons=scan.tons,
        scanned_at=scan.scanned_at,
        received_at=work.now,
        accepted=not faults,
        reasons=[fault.content() for fault in faults],
    )
    work.tx.add(row)
    return row


def _faults(scan: ScanIn, loading: Loading | None, line: NoticeLine | None, yard: _Yard) -> tuple[Reason, ...]:
    if loading is None or loading.status != "open":
        return (rules.LOADING_CLOSED(),)
    return rules.judge_scan(
        line=rules.Line(line.product_id, line.most_tons, line.loaded_tons) if line else None,
        lot=yard.lots.get((line.product_id, scan.lot)) if line else None,
        lot_name=scan.lot,
        package=scan.package,
        known_packages=frozenset(yard.packages.get(scan.lot, ())),
        tons=scan.tons,
    )
