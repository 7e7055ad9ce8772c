"""The database we started is watched: killed, it is started again, and figures flow."""

from pathlib import Path

import pytest
from watching import all_ready, figures_flow, kill, replaced

from standalone.launch import launched

pytestmark = pytest.mark.timeout(300)


async def test_a_killed_database_is_started_again_and_figures_flow(tmp_path: Path) -> None:
    with launched("run", tmp_path) as here:

        async def outage() -> None:
            gone = kill(here, "postgres")
            await replaced(here, "postgres", gone)
            await all_ready(here)

        await figures_flow(here, outage)
        assert "PostgreSQL has ended" in here.output.read_text()
        assert here.stop() == 0
