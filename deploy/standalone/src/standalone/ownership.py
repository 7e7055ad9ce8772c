"""One owner of a data directory: the lock is taken before anything in it is touched, and the kernel gives it back."""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fangxing.text import Text
from fangxing_embedded.processes import FileLock
from standalone.serving import PortTakenError, listen

OWNER_LOCK = "owner.lock"
"""The file in a data directory that its owner holds locked, with the owner's process id."""


class DataInUseError(RuntimeError):
    """Another living process owns the data directory; `holder` is its process id."""

    def __init__(self, data: Path, holder: str) -> None:
        super().__init__(f"{data} is in use by process {holder}")
        self.holder = holder
        self.said = Text(
            f"数据目录 {data} 正由进程 {holder} 使用，什么都没有改动；请先停止它，或另选目录：--data",
            f"{data} is in use by process {holder}; nothing was touched. Stop it first, or choose another: --data",
        )


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """The directory `data`, made where it is missing, for us alone during the block.

    Raises `DataInUseError`, and then has changed nothing.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / OWNER_LOCK)
    if not lock.acquire(0):
        raise DataInUseError(data, lock.holder())
    try:
        yield
    finally:
        lock.release()


def refuse_if_in_use(data: Path) -> None:
    """Raise `DataInUseError` where somebody owns `data`; looking leaves no trace."""
    lock = FileLock(data / OWNER_LOCK)
    if lock.is_held():
        raise DataInUseError(data, lock.holder())


@contextmanager
def claimed(data: Path, port: int, further: Iterable[int] = ()) -> Iterator[socket.socket]:
    """The data and a listener on `port`, both for us alone during the block; `further` ports are only looked at.

    Raises `DataInUseError` or `PortTakenError`, and then has changed nothing.
    """
    try:
        listener = _listen(port, further)
    except PortTakenError:
        # the owner of the data is likely to be who has the port, and is the better thing to say
        refuse_if_in_use(data)
        raise
    with listener, owned(data):
        yield listener


def _listen(port: int, further: Iterable[int]) -> socket.socket:
    listener = listen(port)
    try:
        for number in further:
            listen(number).close()
    except BaseException:
        listener.close()
        raise
    return listener
