"""Loading scans: posted by devices over bad radio, one by one or in batches, each with its own result.

A repeat of (device, enrolment, sequence) with the same body gets the first answer again; with another body it is
refused and the first one stands. Nothing here locks the credit account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select

from fangxing import decision_log
from fangxing.ids import new_id
from fangxing.running.devices import DeviceRow
from fangxing.verdicts import Outcome, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.loading import reasons, rules
from shipping_svc.loading.rules import LoadingStatus
from shipping_svc.loading.shapes import PostScan, ScanResult
from shipping_svc.loading.store import Loading, Scan, judged_lots
from shipping_svc.notices.store import NoticeLine


@dataclass(slots=True)
class _Yard:
    """What the scans of one batch are held against, read in a fixed number of queries."""

    loadings: dict[UUID, Loading]
    lines: dict[tuple[UUID, UUID], NoticeLine]
    lots: dict[tuple[UUID, str], rules.Lot]
    packages: dict[str, set[str]]


async def take_scans(work: Work, device: DeviceRow, scans: Sequence[PostScan]) -> list[ScanResult]:
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
        results.append(ScanResult(scan.sequence, False, row.verdict))
    return results


async def _known(work: Work, device: DeviceRow, scans: Sequence[PostScan]) -> dict[int, Scan]:
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


async def _lock_packages(work: Work, scans: Sequence[PostScan]) -> None:
    # one package under two scanners: the second waits, and is then told that it is loaded
    names = cast({f"package:{scan.lot}/{scan.package}" for scan in scans}, ARRAY(Text))
    keys = select(func.hashtextextended(func.unnest(names), 0).label("key")).order_by("key").subquery()
    await work.tx.execute(select(func.pg_advisory_xact_lock(keys.c.key)))


def _again(work: Work, device: DeviceRow, scan: PostScan, earlier: Scan) -> ScanResult:
    if earlier.body_hash == scan.body_hash:
        return ScanResult(scan.sequence, True, earlier.verdict)
    verdict = Verdict(False, Outcome.STOP, (reasons.SEQUENCE_REUSED(sequence=scan.sequence),), dict(scan))
    kept = decision_log.keep(work, "scan", f"device/{device.id}", verdict)
    return ScanResult(scan.sequence, False, kept.content)


async def _yard(work: Work, scans: Sequence[PostScan]) -> _Yard:
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
    return _Yard(by_id, keyed, await judged_lots(work.tx, lot_names), loaded)


def _take(work: Work, device: DeviceRow, scan: PostScan, yard: _Yard) -> Scan:
    loading = yard.loadings.get(scan.loading_id)
    line = yard.lines.get((loading.notice_id, scan.order_line_id)) if loading else None
    refusal = _refusal(scan, loading, line, yard)
    if line is not None and refusal is None:
        line.loaded_tons += scan.tons
        yard.packages.setdefault(scan.lot, set()).add(scan.package)
    row = Scan(
        id=new_id(),
        device=device.id,
        enrolment=device.enrolment,
        body_hash=scan.body_hash,
        received_at=work.now,
        accepted=refusal is None,
        verdict=decision_log.keep(work, "scan", Loading.named(scan.loading_id), refusal).content if refusal else None,
        **dict(scan),
    )
    work.tx.add(row)
    return row


def _refusal(scan: PostScan, loading: Loading | None, line: NoticeLine | None, yard: _Yard) -> Verdict | None:
    """The verdict that refuses a scan; None where it is allowed."""
    under_way = loading is not None and loading.status is LoadingStatus.OPEN
    lot = yard.lots.get((line.product_id, scan.lot)) if line else None
    packages = frozenset(yard.packages.get(scan.lot, ()))
    faults = (
        rules.judge_scan(
            line=rules.Line(line.product_id, line.most_tons, line.loaded_tons) if line else None,
            lot=lot,
            lot_name=scan.lot,
            package=scan.package,
            known_packages=packages,
            tons=scan.tons,
        )
        if under_way
        else (reasons.LOADING_CLOSED(),)
    )
    if not faults:
        return None
    inputs: dict[str, Scalar] = {
        **dict(scan),
        "under_way": under_way,
        "most_tons": line.most_tons if line else None,
        "loaded_tons": line.loaded_tons if line else None,
        "lot_passed": lot.passed if lot else None,
        "lot_blocked": lot.blocked if lot else None,
        "package_loaded": scan.package in packages,
    }
    return Verdict(False, Outcome.STOP, faults, inputs)
