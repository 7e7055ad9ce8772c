"""A database that cannot be started again: ready says so, and after some attempts all ends with the reason."""

from pathlib import Path

import pytest
from watching import health, kill

from fangxing_testing.waiting import eventually
from standalone.launch import launched

pytestmark = pytest.mark.timeout(300)


async def test_a_database_that_does_not_come_back_ends_all_with_the_reason(tmp_path: Path) -> None:
    with launched("run", tmp_path) as here:
        # nothing can be started from it any more
        (tmp_path / "postgres" / "cluster" / "global" / "pg_control").rename(tmp_path / "pg_control")
        kill(here, "postgres")

        async def says_what_is_missing() -> bool:
            status, body = await health(here, "shipping")
            return status == 503 and "database" in body["missing"]

        await eventually(says_what_is_missing)
        assert (await health(here, "shipping", "live"))[0] == 200
        assert here.process.wait(90) == 1
        said = here.output.read_text()
        assert "PostgreSQL was restarted 5 times in a row and does not stay up" in said
        assert "could not find the database system" in said
