"""`make bench`: five measurements as ratios to the bare thing, in one run of about four minutes.

Ends with 0 whether or not the aims are reached, and with something else only where a measurement broke.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import uvloop
from measurements import gate, hot, relay, release, shop, visible
from stage import ROOT, stage
from table import Line, table


async def measure(directory: Path) -> list[Line]:
    """All lines of the table."""
    lines = []
    async with stage(directory) as here, shop(here) as prepared:
        if here.kafka.flavour == "mock":
            raise RuntimeError("a real Kafka is needed: see `make run-kafka`")
        for measurement in (gate, release, hot, relay, visible):
            started = time.monotonic()
            lines.append(await measurement(prepared))
            print(f"{lines[-1].title}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return lines


def main() -> None:
    """Measure, and print the table."""
    # on the disk the data of `make run` are on: in memory a COMMIT costs nothing
    data = ROOT / "data"
    data.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=data, ignore_cleanup_errors=True) as directory:
        lines = uvloop.run(measure(Path(directory)))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{os.cpu_count()} 核 cores; 负载 load average at the end {load}\n")
    print(table(lines))


if __name__ == "__main__":
    main()
