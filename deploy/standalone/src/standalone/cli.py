"""The command `fangxing`: run everything here, play the main flow, or run ten processes on Kafka."""

import asyncio
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from fangxing.database import Database
from fangxing.running import logs
from fangxing.text import Text
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.wheel import EmbeddedPostgresError
from standalone import comparing
from standalone.client import UnexpectedAnswerError, WaitedInVainError
from standalone.comparing import Comparison
from standalone.demo import NotADemoDirectoryError, demonstrate
from standalone.distributed import Distributed, distributed, ports_from
from standalone.kind import MixedDataError, NotDemoDataError
from standalone.login import HalfAProviderError
from standalone.ownership import DataInUseError, claimed
from standalone.run import Standalone, standalone
from standalone.services import write_ready_file
from standalone.serving import PortTakenError, until_told
from standalone.stage import WrongFigureError
from standalone.summary import Terminal
from standalone.supervision import BrokenError
from standalone.users_cli import Data, init, users_command

PORT_TAKEN = 3
"""Exit code when the port is taken; every other failure is 1."""

app = typer.Typer(
    name="fangxing",
    help="放行 fangxing: 从客户信用额度到货车出厂门 · from a customer's credit limit to the truck at the gate",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(init)
app.add_typer(users_command, name="users")

Port = Annotated[int, typer.Option(min=0, max=65535, help="端口，0 为任一空闲端口 · port, 0 for any free one")]
Demo = Annotated[bool, typer.Option("--demo", help="只在演示数据上运行 · on demo data alone")]
ReadyFile = Annotated[
    Path | None,
    typer.Option(help="就绪后写入地址的 JSON 文件 · JSON file with the addresses, written when all answers"),
]


@app.command()
def run(
    data: Data = Path("data"),
    port: Port = 8080,
    demo: Demo = False,
    ready_file: ReadyFile = None,
) -> None:
    """五个服务在一个进程里运行；空目录建演示数据 · All five services in one process; in an empty directory, a demo."""
    logs.configure("WARNING")
    terminal = Terminal()

    async def serve() -> None:
        with claimed(data, port) as listener:
            _not_ready(ready_file)
            async with standalone(data, listener, demo=demo, progress=terminal.progress) as here:
                terminal.serving(here.addresses, here.sign_in)
                await _watch(here, ready_file, terminal)

    _guarded(terminal, lambda: until_told(serve()))


@app.command("run-kafka")
def run_kafka(
    data: Data = Path("data/distributed"),
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65525,
            help="页面与登录的端口，其后五个为各服务，再后五个为各后台的指标"
            " · port of page and login; the next five are the services', the five after them the workers' metrics",
        ),
    ] = 8080,
    demo: Demo = False,
    ready_file: ReadyFile = None,
) -> None:
    """十个进程加真正的 Kafka · Ten processes on a real Kafka: an API and a worker for each service."""
    logs.configure("WARNING")
    terminal = Terminal()
    root = data.resolve()

    async def serve() -> None:
        ports = ports_from(port)
        with claimed(root, port, chain.from_iterable(ports.values())) as listener:
            _not_ready(ready_file)
            async with distributed(root, listener, ports, demo=demo, progress=terminal.progress) as here:
                terminal.serving(here.addresses, here.sign_in)
                await _watch(here, ready_file, terminal)

    _guarded(terminal, lambda: until_told(serve()))


@app.command()
def demo(data: Data = Path("data/demo")) -> None:
    """演示主流程，每次从空数据开始 · Play the main flow on data of its own, fresh each time."""
    logs.configure("WARNING")
    terminal = Terminal()
    _guarded(terminal, lambda: until_told(demonstrate(data, terminal)))


@app.command()
def compare(
    customer: Annotated[str, typer.Option(help="customer-svc 的数据库地址 · SQLAlchemy URL of its database")],
    shipping: Annotated[str, typer.Option(help="shipping-svc 的数据库地址 · SQLAlchemy URL of its database")],
) -> None:
    """核对两个服务互存的信用头寸 · Compare what both services hold of each other's positions; 1 where they differ."""

    async def compared() -> Comparison:
        databases = Database(customer, pool_size=1), Database(shipping, pool_size=1)
        try:
            return await comparing.compare(*databases)
        finally:
            for database in databases:
                await database.close()

    found = asyncio.run(compared())
    for one in found.differences:
        typer.echo(f"{one.account_id}  {one.writer}  {one.figure}: {one.written} != {one.copied}")
    typer.echo(f"{len(found.differences)} 处不同 · differences; {found.on_the_way} 份在途 · on their way")
    raise typer.Exit(1 if found.differences else 0)


def _not_ready(ready_file: Path | None) -> None:
    """Take back what an earlier run said, now that the data are ours."""
    if ready_file is not None:
        ready_file.unlink(missing_ok=True)


async def _watch(here: Standalone | Distributed, ready_file: Path | None, terminal: Terminal) -> None:
    """Say in `ready_file` that everything answers, and go on until it cannot."""

    def tell() -> None:
        if ready_file is None:
            return
        try:
            write_ready_file(ready_file, here.addresses, here.pids)
        except OSError as error:
            terminal.progress(Text(f"就绪文件无法写入：{error}", "the ready file cannot be written"))

    tell()
    await here.watch(terminal.progress, tell)


def _guarded(terminal: Terminal, action: Callable[[], None]) -> None:
    """Do it; what can go wrong is said in a sentence and becomes the exit code."""
    try:
        action()
    except PortTakenError as error:
        terminal.failure(
            Text(
                f"端口 {error.port} 已被占用，请换一个：--port",
                f"Port {error.port} is taken; choose another one: --port",
            )
        )
        raise typer.Exit(PORT_TAKEN) from None
    except (DataInUseError, NotDemoDataError, MixedDataError, HalfAProviderError) as error:
        terminal.failure(error.said)
        raise typer.Exit(1) from None
    except NotADemoDirectoryError as error:
        terminal.failure(
            Text(
                f"目录不是演示目录，不予清空：{error}",
                f"Not a demo's directory, so it is not emptied: {error}",
            )
        )
        raise typer.Exit(1) from None
    except BrokenError as error:
        terminal.failure(error.text, error.details)
        raise typer.Exit(1) from None
    except (EmbeddedPostgresError, KafkaUnavailableError, DBAPIError, OSError) as error:
        terminal.failure(Text(f"无法继续：{error}", "cannot go on"))
        raise typer.Exit(1) from None
    except (WrongFigureError, WaitedInVainError, UnexpectedAnswerError) as error:
        terminal.failure(Text(f"演示失败：{error}", "THE DEMO FAILED"))
        raise typer.Exit(1) from None
