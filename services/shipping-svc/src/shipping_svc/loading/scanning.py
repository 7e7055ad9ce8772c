"""Loading scans: posted by devices over bad radio, one by one or in batches, each with its own result.

A repeat of (device, enrolment, sequence) with the same body gets the first answer again; with another body it is
refused and the first one stands. Nothing here locks the credit account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Text, and_, cast, func, or_, select

from fangxing import decision_log
from fangxing.ids import new_id
from fangxing.running import devices
from fangxing.running.devices import DeviceRow
from fangxing.verdicts import Outcome, Reason, Scalar, Verdict
from fangxing.work import Work
from shipping_svc.loading import reasons, rules
from shipping_svc.loading.rules import LoadingStatus, Trust
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


async def take_scans(work: Work, device: DeviceRow, scans: Sequence[PostScan], trust: Trust) -> list[ScanResult]:
    """Answer each scan, in order. Loadings are locked in one order, so that two batches never deadlock.

    Raises `device-switched-off` where the device was switched off since it signed in.
    """
    known, last = await _known(work, device, scans)
    fresh = [scan for scan in scans if scan.sequence not in known]
    await _lock_packages(work, fresh)
    yard = await _yard(work, fresh)
    results: list[ScanResult] = []
    for scan in scans:
        earlier = known.get(scan.sequence)
        if earlier is not None:
            results.append(_again(work, device, scan, earlier))
            continue
        if jumped := rules.judge_sequence(scan.sequence, last=last, jump=trust.jump):
            # it is not stored, or all numbers up to it would be believed from now on
            results.append(_unbelieved(work, device, scan, jumped, last_sequence=last))
            continue
        row = _take(work, device, scan, yard, trust)
        known[scan.sequence] = row
        last = max(last, scan.sequence)
        results.append(ScanResult(scan.sequence, False, row.verdict))
    return results


async def _known(work: Work, device: DeviceRow, scans: Sequence[PostScan]) -> tuple[dict[int, Scan], int]:
    """Those of the scans that were answered before, by number, and the highest number of all so far."""
    # the device's row serialises its own scans: a repeat that overtakes its first try waits for it
    await devices.lock(work.tx, device)
    own = and_(Scan.device == device.id, Scan.enrolment == device.enrolment)
    highest = select(func.max(Scan.sequence)).where(own).scalar_subquery()
    asked = [scan.sequence for scan in scans]
    rows = await work.tx.scalars(select(Scan).where(own, or_(Scan.sequence.in_(asked), Scan.sequence == highest)))
    known = {row.sequence: row for row in rows}
    return known, max(known, default=0)


async def _lock_packages(work: Work, scans: Sequence[PostScan]) -> None:
    # one package under two scanners: the second waits, and is then told that it is loaded
    names = cast({f"package:{scan.lot}/{scan.package}" for scan in scans}, ARRAY(Text))
    keys = select(func.hashtextextended(func.unnest(names), 0).label("key")).order_by("key").subquery()
    await work.tx.execute(select(func.pg_advisory_xact_lock(keys.c.key)))


def _again(work: Work, device: DeviceRow, scan: PostScan, earlier: Scan) -> ScanResult:
    if earlier.body_hash == scan.body_hash:
        return ScanResult(scan.sequence, True, earlier.verdict)
    return _unbelieved(work, device, scan, (reasons.SEQUENCE_REUSED(sequence=scan.sequence),))


def _unbelieved(
    work: Work, device: DeviceRow, scan: PostScan, faults: tuple[Reason, ...], **inputs: Scalar
) -> ScanResult:
    """The refusal of a scan whose number is none of its own."""
    verdict = Verdict(False, Outcome.STOP, faults, {**dict(scan), **inputs})
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


def _take(work: Work, device: DeviceRow, scan: PostScan, yard: _Yard, trust: Trust) -> Scan:
    loading = yard.loadings.get(scan.loading_id)
    line = yard.lines.get((loading.notice_id, scan.order_line_id)) if loading else None
    refusal = _mistrust(work, device, scan, loading, trust) or _refusal(scan, loading, line, yard)
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


def _mistrust(work: Work, device: DeviceRow, scan: PostScan, loading: Loading | None, trust: Trust) -> Verdict | None:
    """The verdict on a scan whose device has a wrong clock or is elsewhere; None where it is believed."""
    warehouse = loading.warehouse if loading else None
    faults = rules.judge_moment(scan.scanned_at, now=work.system_now, trust=trust)
    if warehouse is not None:
        faults = faults or rules.judge_place(device.place, warehouse)
    if not faults:
        return None
    inputs = {**dict(scan), "place": device.place, "warehouse": warehouse, "received_at": work.system_now}
    return Verdict(False, Outcome.STOP, faults, inputs)


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
