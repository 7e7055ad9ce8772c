"""Watching the processes we started: one that ends is started again after a pause that grows, or given up, aloud."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn, Protocol

from fangxing.text import Text
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.processes import why_it_ended
from fangxing_embedded.wheel import EmbeddedPostgresError

MOST_RESTARTS: Final = 5
"""How often in a row something is started again before all is ended."""
FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 10.0
# Who has run this long has come back for good, and the next restart is a first one again.
_CALM_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.1

DATABASE: Final = Text("数据库", "PostgreSQL")

Progress = Callable[[Text], None]


class BrokenError(RuntimeError):
    """Something that runs for ever has ended and stays away: `text` says so to people, `details` are for who knows."""

    def __init__(self, text: Text, details: str = "") -> None:
        super().__init__(f"{text.en}\n{details}".rstrip())
        self.text = text
        self.details = details


class Restartable(Protocol):
    """A process of ours."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        ...

    @property
    def log(self) -> Path:
        """Where it writes what happens to it."""
        ...

    def resume(self) -> None:
        """Start it again where it was; blocks. Raises an error of its kind, or OSError, where it does not come up."""
        ...


@dataclass
class Attempts:
    """How often in a row something was started; seconds are those of a monotonic clock."""

    started: float
    restarts: int = 0

    def pause(self, now: float) -> float | None:
        """How long to wait before the next start after an end at `now`; None when there were enough in a row."""
        if now - self.started > _CALM_SECONDS:
            self.restarts = 0
        if self.restarts == MOST_RESTARTS:
            return None
        self.restarts += 1
        return min(FIRST_PAUSE * 2.0 ** (self.restarts - 1), _LONGEST_PAUSE)


@dataclass
class Watched:
    """A process under watch, by the name people know it by."""

    name: Text
    process: Restartable
    attempts: Attempts = field(default_factory=lambda: Attempts(time.monotonic()))
    due: float | None = None

    async def look_after(self, say: Progress) -> bool:
        """Whether it runs; started again where it does not and its pause is over. Raises `BrokenError`."""
        if self.process.alive:
            return True
        now = time.monotonic()
        if self.due is None:
            self.due = now + self._pause(now, say)
        if now < self.due:
            return False
        self.due = None
        try:
            await _uninterrupted(self.process.resume)
        except (EmbeddedPostgresError, KafkaUnavailableError, OSError) as error:
            say(Text(f"{self.name.zh} 未能启动：{error}", f"{self.name.en} did not start"))
            return False
        finally:
            # from here on it counts as running, however long the start took
            self.attempts.started = time.monotonic()
        say(Text(f"{self.name.zh} 已重新启动", f"{self.name.en} runs again"))
        return True

    def _pause(self, now: float, say: Progress) -> float:
        pause = self.attempts.pause(now)
        if pause is None:
            raise BrokenError(
                Text(
                    f"{self.name.zh} 连续重启 {MOST_RESTARTS} 次仍不能保持运行，全部停止",
                    f"{self.name.en} was restarted {MOST_RESTARTS} times in a row and does not stay up: all is ended",
                ),
                f"{self.process.log}\n{why_it_ended(self.process.log)}",
            )
        say(Text(f"{self.name.zh} 已停止，{pause} 秒后重启", f"{self.name.en} has ended; again in {pause} s"))
        return pause


async def watch(
    tiers: Sequence[Iterable[Watched]],
    parts: Iterable["asyncio.Task[None]"],
    say: Progress,
    changed: Callable[[], None],
) -> NoReturn:
    """Keep the processes of all `tiers` running until one cannot be kept, or one of our own `parts` ends.

    A tier waits while something of the one before it does not run. `changed` is called when what had ended runs again.
    Raises `BrokenError`.
    """
    watching = asyncio.create_task(_look_after(tiers, say, changed))
    try:
        ended, _ = await asyncio.wait({*parts, watching}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        await asyncio.wait({watching})
    part = ended.pop()
    error = part.exception()
    if isinstance(error, BrokenError):
        raise error
    name = part.get_name()
    raise BrokenError(Text(f"{name} 已停止", f"{name} has ended"), str(error or "")) from error


async def _look_after(tiers: Sequence[Iterable[Watched]], say: Progress, changed: Callable[[], None]) -> None:
    all_ran = True
    while True:
        all_run = await _look_once(tiers, say)
        if all_run and not all_ran:
            changed()
        all_ran = all_run
        await asyncio.sleep(_LOOK_SECONDS)


async def _look_once(tiers: Sequence[Iterable[Watched]], say: Progress) -> bool:
    for tier in tiers:
        if not all([await watched.look_after(say) for watched in tier]):
            return False
    return True


async def _uninterrupted(action: Callable[[], None]) -> None:
    """`action` in a thread, to its end also when we are told to stop meanwhile: what it starts is not left behind."""
    doing = asyncio.ensure_future(asyncio.to_thread(action))
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.gather(doing, return_exceptions=True)
        raise
