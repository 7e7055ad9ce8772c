"""What only the database knows of the rows: what is there already, and what is not there. One query for a column."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, String, any_, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from fangxing.database import Tx
from fangxing.imports.checking import Checked, columns_of
from fangxing.imports.declaring import Import
from fangxing.imports.errors import IN_DATABASE, NOT_IN_DATABASE
from fangxing.work import Work


async def look_up(work: Work, declared: Import, checked: Checked) -> None:
    """Add to `checked` what is wrong with its rows by the database and by the rules of the feature.

    `declared.judge` is asked about the rows that hold what they should.
    """
    for table, one in columns_of(checked.tables):
        for column, error, wanted in (
            (one.column.unique, IN_DATABASE, False),
            (one.column.known, NOT_IN_DATABASE, True),
        ):
            if column is None:
                continue
            rows = list(table.values(one.name))
            there = await _there(work.tx, column, (str(value) for _, value in rows))
            for row, value in rows:
                if (str(value).lower() in there) is not wanted:
                    checked.add(table, row.number, one.name, error(), value)
    if len(checked.tables) == len(declared.sheets):
        for finding in await declared.judge(work, checked.filled({})):
            checked.find(finding)


async def _there(tx: Tx, column: InstrumentedAttribute[Any], values: Iterable[str]) -> set[str]:
    """Those of the values that `column` has, all in lower case."""
    lower = sorted({value.lower() for value in values})
    found = select(func.lower(column)).where(func.lower(column) == any_(literal(lower, ARRAY(String))))
    return set(await tx.scalars(found))
