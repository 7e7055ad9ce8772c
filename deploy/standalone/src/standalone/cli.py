"""The command `fangxing`: run everything here, play the main flow, or run ten processes on Kafka."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from fangxing.running import logs
from fangxing.text import Text
from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.wheel import EmbeddedPostgresError
from standalone.client import UnexpectedAnswerError, WaitedInVainError
from standalone.demo import NotADemoDirectoryError, demonstrate
from standalone.distributed import distributed
from standalone.kind import MixedDataError, NotDemoDataError
from standalone.login import HalfAProviderError
from standalone.run import BrokenError, service_pids, standalone
from standalone.services import write_ready_file
from standalone.serving import PortTakenError, listen, until_told
from standalone.stage import WrongFigureError
from standalone.summary import Terminal
from standalone.users_cli import Data, init, users_command

PORT_TAKEN = 3
"""Exit code when the port is taken; every other failure is 1."""

app = typer.Typer(
    name="fangxing",
    help="放行 fangxing: 从客户信用额度到货车出厂门 · from a customer's credit limit to the truck at the gate",
    no_args_is_help=True,
    add_completion=False,
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
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)
        async with standalone(data, listen(port), demo=demo, progress=terminal.progress) as here:
            terminal.serving(here.addresses, here.sign_in)
            if ready_file is not None:
                write_ready_file(ready_file, here.addresses, service_pids())
            await here.watch()

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
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)
        async with distributed(root, port, demo=demo, progress=terminal.progress) as here:
            terminal.serving(here.addresses, here.sign_in)
            if ready_file is not None:
                write_ready_file(ready_file, here.addresses, here.pids)
            await here.watch()

    _guarded(terminal, lambda: until_told(serve()))


@app.command()
def demo(data: Data = Path("data/demo")) -> None:
    """演示主流程，每次从空数据开始 · Play the main flow on data of its own, fresh each time."""
    logs.configure("WARNING")
    terminal = Terminal()
    _guarded(terminal, lambda: until_told(demonstrate(data, terminal)))


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
    except (NotDemoDataError, MixedDataError, HalfAProviderError) as error:
        terminal.failure(error.said)
        raise typer.Exit(1) from None
    except NotADemoDirectoryError as error:
        terminal.failure(
            Text(
                f"目录不是演示目录或正在使用，不予清空：{error}",
                f"Not a demo's directory, or in use, so it is not emptied: {error}",
            )
        )
        raise typer.Exit(1) from None
    except (EmbeddedPostgresError, KafkaUnavailableError, BrokenError) as error:
        terminal.failure(Text(f"无法继续：{error}", "cannot go on"))
        raise typer.Exit(1) from None
    except (WrongFigureError, WaitedInVainError, UnexpectedAnswerError) as error:
        terminal.failure(Text(f"演示失败：{error}", "THE DEMO FAILED"))
        raise typer.Exit(1) from None
