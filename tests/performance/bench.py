"""`make bench`: five measurements as ratios to the bare thing, in one run of about four minutes.

`bench.py gate relay` takes only those; `bench.py rewrite` writes release.sql anew from what the endpoint sends.
Ends with 0 whether or not the aims are reached, and with something else only where a measurement broke.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import uvloop
from measurements import gate, hot, relay, release, rewrite, shop, visible
from stage import ROOT, stage
from table import Line, table

MEASUREMENTS = {"gate": gate, "release": release, "hot": hot, "relay": relay, "visible": visible}


async def measure(directory: Path, names: list[str]) -> list[Line]:
    """The lines of the table, all of them or those of the measurements named."""
    lines = []
    async with stage(directory) as here, shop(here) as prepared:
        if here.kafka.flavour == "mock":
            raise RuntimeError("a real Kafka is needed: see `make run-kafka`")
        for name in names:
            started = time.monotonic()
            lines.append(await MEASUREMENTS[name](prepared))
            said = f"{lines[-1].title}: {lines[-1].result}, {time.monotonic() - started:.0f} s"
            print(said, file=sys.stderr, flush=True)
    return lines


async def write_release_sql(directory: Path) -> None:
    """See `rewrite`."""
    async with stage(directory) as here, shop(here) as prepared:
        await rewrite(prepared)


def main() -> None:
    """Measure, and print the table."""
    # on the disk the data of `make run` are on: in memory a COMMIT costs nothing
    data = ROOT / "data"
    data.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=data, ignore_cleanup_errors=True) as directory:
        if sys.argv[1:] == ["rewrite"]:
            uvloop.run(write_release_sql(Path(directory)))
            return
        lines = uvloop.run(measure(Path(directory), sys.argv[1:] or list(MEASUREMENTS)))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{os.cpu_count()} 核 cores; 负载 load average at the end {load}\n")
    print(table(lines))


if __name__ == "__main__":
    main()
