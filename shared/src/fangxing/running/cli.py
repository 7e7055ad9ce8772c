"""The command of a service: `customer-svc migrate`, `api`, `worker`, `verify-log`, `dead-letters`, `import`."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

import typer
from uvicorn.loops.auto import auto_loop_factory

from fangxing import decision_log
from fangxing.running import logs, processes
from fangxing.running.dead_letters import letters_command
from fangxing.running.imports import imports_command
from fangxing.running.service import Service, running


def command_for(service: Service) -> typer.Typer:
    """The command line of `service`; settings come from the environment."""
    app = typer.Typer(name=service.name, help=service.title, no_args_is_help=True, pretty_exceptions_enable=False)

    @app.callback()
    def before_any_command() -> None:
        logs.end_discreetly()

    app.add_typer(letters_command(service), name="dead-letters")
    if service.imports:
        app.add_typer(imports_command(service), name="import")

    @app.command()
    def migrate() -> None:
        """Bring the database to the newest schema."""
        asyncio.run(processes.prepare(service, service.settings()))

    @app.command()
    def api(
        host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    ) -> None:
        """Serve the API."""
        _run(processes.serve(service, service.settings(), host=host, port=port))

    @app.command()
    def worker(
        metrics_port: Annotated[int | None, typer.Option(help="port for Prometheus, on loopback")] = None,
    ) -> None:
        """Run the relay, the consumers, the timers and the sealer."""
        _run(processes.run_worker(service, service.settings(), metrics_port=metrics_port))

    @app.command()
    def verify_log() -> None:
        """Verify the decision log; ends with 1 and says what is wrong where it does not hold."""
        faults = asyncio.run(_verify(service))
        for line in [*faults, f"{len(faults)} faults" if faults else "the decision log holds"]:
            typer.echo(line)
        raise typer.Exit(1 if faults else 0)

    return app


def _run(process: Coroutine[Any, Any, None]) -> None:
    """Run `process` to its end on the fastest event loop there is: uvloop where it is installed."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(process)


async def _verify(service: Service) -> list[str]:
    async with running(service, service.settings()) as runtime, runtime.database.long_reader() as reader:
        return await decision_log.verify(reader, service.name, runtime.signing_key.public_key())
