"""Sending what is to be told: read, sent and noted, each apart, so that no transaction waits for a robot."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy import delete, select, update

from fangxing.matters import Matter, matters
from fangxing.roles import ROLE_NAMES, Role
from fangxing.tasks import TaskRow, TaskStatus, open_task
from fangxing.telling.channels import MOST_BYTES, Channels, NotTold
from fangxing.telling.messages import Message, message
from fangxing.telling.store import TellingRow, TellingStatus
from fangxing.text import Text
from fangxing.work import Work

if TYPE_CHECKING:
    from fangxing.running.service import Runtime

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 10
FAILED = "telling_failed"
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
_AT_ONCE = 500

_TOLD = Counter(
    "fangxing_tellings_total",
    "Tasks told on a channel, by what came of it: sent, failed (each time), dead",
    ["service", "channel", "outcome"],
)
_WAYS = {
    "wecom": Text("企业微信", "WeCom"),
    "dingtalk": Text("钉钉", "DingTalk"),
    "mail": Text("邮件", "mail"),
}


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one channel is told now."""

    channel: str
    rows: Sequence[TellingRow]
    message: Message


async def tell(runtime: "Runtime") -> int:
    """Tell each channel once what waits for it; how many tasks were told. Only the leader calls this."""
    turns = await _gather(runtime)
    if not turns:
        return 0
    now = runtime.clock.system.now()
    faults = await asyncio.gather(*(_send(runtime.channels, turn, now) for turn in turns))
    async with runtime.unit_of_work() as unit:
        for turn, fault in zip(turns, faults, strict=True):
            await _note(unit, runtime.service.name, turn, fault)
    return sum(len(turn.rows) for turn, fault in zip(turns, faults, strict=True) if fault is None)


async def _gather(runtime: "Runtime") -> list[_Turn]:
    """What is to be told now; a task that is done by now, or whose channel is no more, is not told."""
    channels = runtime.channels
    async with runtime.unit_of_work() as unit:
        waiting = (
            select(TellingRow)
            .where(TellingRow.status == TellingStatus.WAITING, TellingRow.due_at <= unit.system_now)
            .order_by(TellingRow.due_at)
            .limit(_AT_ONCE)
        )
        rows = (await unit.tx.scalars(waiting)).all()
        ids = {row.task_id for row in rows}
        opened = select(TaskRow).where(TaskRow.id.in_(ids), TaskRow.status == TaskStatus.OPEN)
        tasks = {task.id: task for task in await unit.tx.scalars(opened)}
        by_channel: defaultdict[str, list[TellingRow]] = defaultdict(list)
        for row in rows:
            if row.task_id in tasks and row.channel in channels.by_name:
                by_channel[row.channel].append(row)
            else:
                row.status, row.ended_at = TellingStatus.DROPPED, unit.system_now
        about = await matters(unit.tx, runtime.service.metadata, list(tasks.values()))
    return [_turn(channels, channel, several, tasks, about) for channel, several in by_channel.items()]


def _turn(
    channels: Channels,
    channel: str,
    rows: Sequence[TellingRow],
    tasks: Mapping[UUID, TaskRow],
    about: Mapping[UUID, Matter],
) -> _Turn:
    said, (role, _) = channels.settings, channels.by_name[channel]
    told = [(tasks[row.task_id], about[row.task_id]) for row in rows]
    return _Turn(channel, rows, message(role, told, said.language, said.base_url, most_bytes=MOST_BYTES))


async def _send(channels: Channels, turn: _Turn, now: datetime) -> str | None:
    """What kept the channel from taking its message; None where it took it."""
    try:
        await channels.by_name[turn.channel][1].send(turn.message, now)
    except NotTold as why:
        return str(why)
    return None


async def _note(unit: Work, service: str, turn: _Turn, fault: str | None) -> None:
    """Keep what became of a message: sent, to be tried again later, or given up, which the administrator is told."""
    kept = [_after(row, fault, unit.system_now) for row in turn.rows]
    await unit.tx.execute(update(TellingRow), kept)
    told = _TOLD.labels
    told(service, turn.channel, "sent" if fault is None else "failed").inc(len(turn.rows))
    if fault is not None:
        log.warning("telling.failed", channel=turn.channel, tasks=len(turn.rows), fault=fault)
    dead = sum(row["status"] is TellingStatus.DEAD for row in kept)
    if dead and fault is not None:
        told(service, turn.channel, "dead").inc(dead)
        await _tell_administrator(unit, turn.channel, dead, fault)


def _after(row: TellingRow, fault: str | None, now: datetime) -> dict[str, Any]:
    """The row after one more attempt."""
    attempts, status = row.attempts + 1, TellingStatus.WAITING
    if fault is None:
        status = TellingStatus.SENT
    elif attempts >= MOST_ATTEMPTS:
        status = TellingStatus.DEAD
    ended_at = None if status is TellingStatus.WAITING else now
    due_at = now + min(_FIRST_PAUSE * 2**row.attempts, _LONGEST_PAUSE)
    return {
        "id": row.id,
        "status": status,
        "attempts": attempts,
        "due_at": due_at,
        "ended_at": ended_at,
        "fault": fault,
    }


async def _tell_administrator(unit: Work, channel: str, dead: int, fault: str) -> None:
    """One task for a channel, however many messages it lost since; and so none about its own telling."""
    document = f"telling/{channel}"
    asked = select(TaskRow.id).where(TaskRow.document == document, TaskRow.status == TaskStatus.OPEN)
    if await unit.tx.scalar(asked.limit(1)) is not None:
        return
    role, _, means = channel.partition("/")
    name, way = ROLE_NAMES[Role(role)], _WAYS[means]
    await open_task(
        unit,
        kind=FAILED,
        role=Role.ADMINISTRATOR,
        document=document,
        clause="1-3",
        title=Text(
            f"“{name[0]}”的{way.zh}通知一再失败（{fault}），{dead} 条待办未能通知；待办本身不受影响",
            f"Telling the {name[1]} by {way.en} keeps failing ({fault}): {dead} tasks were not told; the tasks stand",
        ),
        to_note=True,
    )


async def forget_told(unit: Work, before: datetime) -> None:
    """Forget what was told, or given up, before a moment."""
    await unit.tx.execute(delete(TellingRow).where(TellingRow.ended_at < before))
