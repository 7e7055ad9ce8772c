"""Pure rules of loading: what may be loaded, and whether the truck is the one that was announced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from fangxing.clauses import clause
from fangxing.moves import EVENT, NEW, Move, Moves
from fangxing.roles import Role
from fangxing.verdicts import Reason, ReasonType
from shipping_svc.loading import reasons


class LoadingStatus(StrEnum):
    """Where a loading is: `stopped` is a truck that was sent away with nothing on it."""

    OPEN = "open"
    SIGNED = "signed"
    STOPPED = "stopped"


class LoadingAction(StrEnum):
    """What can be done with a loading; it is resumed when the same truck is held against its notice again."""

    START = "start"
    RESUME = "resume"
    SIGN = "sign"
    SEND_AWAY = "send_away"


LOADING_MOVES: Moves[LoadingAction, LoadingStatus] = {
    LoadingAction.START: Move(NEW, {LoadingStatus.OPEN}, {Role.WAREHOUSE_KEEPER}),
    LoadingAction.RESUME: Move({LoadingStatus.OPEN}, {LoadingStatus.OPEN}, {Role.WAREHOUSE_KEEPER}),
    LoadingAction.SIGN: Move({LoadingStatus.OPEN}, {LoadingStatus.SIGNED}, {Role.WAREHOUSE_KEEPER}),
    # with the end of its notice
    LoadingAction.SEND_AWAY: Move({LoadingStatus.OPEN}, {LoadingStatus.STOPPED}, EVENT),
}
LOADING_FINAL = frozenset({LoadingStatus.SIGNED, LoadingStatus.STOPPED})


class BlockStatus(StrEnum):
    """Whether a blocked lot still is."""

    BLOCKED = "blocked"
    LIFTED = "lifted"


class BlockAction(StrEnum):
    """What can be done with the block of a lot."""

    BLOCK = "block"
    LIFT = "lift"


BLOCK_MOVES: Moves[BlockAction, BlockStatus] = {
    BlockAction.BLOCK: Move(NEW, {BlockStatus.BLOCKED}, EVENT),
    BlockAction.LIFT: Move({BlockStatus.BLOCKED}, {BlockStatus.LIFTED}, {Role.QUALITY, Role.QUALITY_SUPERVISOR}),
}
BLOCK_FINAL = frozenset({BlockStatus.LIFTED})


class LotTask(StrEnum):
    """What a lot asks somebody to do."""

    LOT_BLOCKED = "lot_blocked"


class Result(StrEnum):
    """What quality finds of a lot; `conceded` is its written concession 让步接收."""

    PASSING = "passing"
    FAILING = "failing"
    CONCEDED = "conceded"


class DeviceKind(StrEnum):
    """What a device is for."""

    SCANNER = "scanner"
    GATE = "gate"


_BETWEEN = str.maketrans("", "", " \u3000·・•")


@clause("5-4.2.1-D", "5-4.2.1-F")
def plate(typed: str) -> str:
    """A number plate in one spelling, without spaces and middle dots and in capitals: 浙a·12345 is 浙A12345."""
    return typed.translate(_BETWEEN).upper()


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck as announced or as it stands in the yard."""

    vehicle: str
    driver: str


@clause("5-4.2.1-D")
def compare_truck(announced: Mapping[str, Truck], found: Truck) -> tuple[Reason, ...]:
    """What differs between the truck in the yard and the transport notices, by vehicle; empty when it is the one."""
    if not announced:
        return (reasons.NO_TRANSPORT_NOTICE(),)
    expected = announced.get(found.vehicle)
    if expected is None:
        return (reasons.wrong_vehicle(announced, found.vehicle),)
    if expected.driver != found.driver:
        return (reasons.wrong_driver(expected.driver, found.driver),)
    return ()


@dataclass(frozen=True, slots=True)
class Trust:
    """What a device is believed: how far its numbers may jump, how old a scan may be, how far ahead its clock."""

    jump: int
    late: timedelta
    ahead: timedelta


@clause("5-4.2.1-D")
def judge_sequence(sequence: int, *, last: int, jump: int) -> tuple[Reason, ...]:
    """Why a scan's number is not believed: it is more than `jump` beyond the `last`, the highest so far.

    A number below that is one that was left out, and welcome.
    """
    return (reasons.SEQUENCE_JUMPED(sequence=sequence, last=last),) if sequence - last > jump else ()


@clause("5-4.2.1-D")
def judge_moment(scanned_at: datetime, *, now: datetime, trust: Trust) -> tuple[Reason, ...]:
    """Why the moment of a scan is not believed. What a device kept while it was off is; what is to come is not."""
    if now - trust.late <= scanned_at <= now + trust.ahead:
        return ()
    return (reasons.CLOCK_WRONG(scanned_at=scanned_at),)


@clause("5-4.2.1-D")
def judge_place(place: str, warehouse: str) -> tuple[Reason, ...]:
    """Why a scanner at `place` posts nothing for a truck in `warehouse`; empty where it is there."""
    return () if place == warehouse else (reasons.OTHER_WAREHOUSE(place=place, warehouse=warehouse),)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the notice under the loading: its product, the most that may be loaded and what is, in tons."""

    product: UUID
    most_tons: Decimal
    loaded_tons: Decimal


@dataclass(frozen=True, slots=True)
class Lot:
    """What quality says of a lot of a product."""

    passed: bool
    blocked: bool


@clause("5-3")
def passes(result: Result) -> bool:
    """Whether goods of a lot with this report may go out."""
    return result is not Result.FAILING


@clause("5-3")
def judge_lot(lot: Lot | None, lot_name: str, blocked: ReasonType = reasons.LOT_BLOCKED) -> tuple[Reason, ...]:
    """Why goods of a lot may not go out; empty when they may. Of a lot without a report nothing goes."""
    if lot is None or not lot.passed:
        return (reasons.LOT_NOT_PASSED(lot=lot_name),)
    return (blocked(lot=lot_name),) if lot.blocked else ()


@clause("5-3", "5-4.2.1-D")
def judge_scan(
    *, line: Line | None, lot: Lot | None, lot_name: str, package: str, known_packages: frozenset[str], tons: Decimal
) -> tuple[Reason, ...]:
    """Why a package may not be loaded; empty when it may. Exactly what is left of the line may be loaded."""
    if line is None:
        return (reasons.WRONG_LINE(),)
    if faults := judge_lot(lot, lot_name):
        return faults
    if package in known_packages:
        return (reasons.PACKAGE_TWICE(package=package),)
    left = line.most_tons - line.loaded_tons
    return (reasons.TOO_MUCH(left=left, tons=tons),) if tons > left else ()
