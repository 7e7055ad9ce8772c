"""An import over HTTP: sent, checked, confirmed by a second person, stored by the worker, all of it or nothing."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from fangxing.auth import Principal
from fangxing.imports import working
from fangxing.imports.declaring import Filled, Import
from fangxing.imports.filing import fits
from fangxing.imports.rules import Action
from fangxing.imports.store import ImportJob
from fangxing.roles import Role
from fangxing.running.cli import command_for
from fangxing.running.worker import work
from fangxing.work import Work
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.sent import pdf
from fangxing_testing.toy import WRITER
from fangxing_testing.toy.desk import ORDERS, Desk, shop, yes
from fangxing_testing.toy.imports import SHOP
from fangxing_testing.toy.tables import CustomerRow
from fangxing_testing.waiting import eventually


@pytest.fixture
def desk(writer: ServiceUnderTest) -> Desk:
    """The toy writer's."""
    return Desk(writer)


async def test_two_people_store_a_workbook_and_the_second_sees_counts_sums_and_the_files_hash(desk: Desk) -> None:
    content = shop()
    job = await desk.checked(content)
    assert (job["status"], job["errors"], job["actions"]) == ("checked", 0, ["submit", "withdraw"])
    assert job["rows"] == {"客户": 2, "订单": 2}
    assert job["sums"] == {"订单 吨": "3.500", "订单 金额（元）": "80000.10"}
    assert await desk.stored() == (0, 0)
    assert (await desk.act(job["id"], "submission", "boss"))[0] == 403
    _, job = await desk.act(job["id"], "submission")
    assert (job["status"], job["actions"]) == ("in_approval", ["withdraw"])
    seen = await desk.read(job["id"], "boss")
    assert seen["actions"] == ["decide"]
    assert seen["approval"]["content"]["sha256"] == hashlib.sha256(content).hexdigest() == job["sha256"]
    assert (seen["approval"]["content"]["rows"], seen["approval"]["content"]["sums"]) == (job["rows"], job["sums"])
    (task,) = (await desk.svc.get("/tasks", as_=desk.as_("boss"))).json()["items"]
    assert (task["kind"], task["title"]) == ("approve.import.shop", "导入客户与订单：客户.xlsx，4 行")
    assert await desk.stored() == (0, 0)
    _, job = await desk.act(job["id"], "decisions", "boss", yes(seen))
    await desk.worked()
    job = await desk.read(job["id"])
    assert (job["status"], job["stored"], job["actions"]) == ("done", 4, [])
    assert await desk.stored() == (2, 2)


async def test_nobody_confirms_what_he_sent_whatever_else_he_is(desk: Desk) -> None:
    job = await desk.checked(shop(), "both")
    _, job = await desk.act(job["id"], "submission", "both")
    assert job["actions"] == ["withdraw"]
    status, problem = await desk.act(job["id"], "decisions", "both", yes(job))
    assert (status, problem["slug"]) == (403, "own-case")
    for decision, after in (("return", "checked"), ("reject", "rejected")):
        _, job = await desk.act(job["id"], "decisions", "boss", yes(job, decision))
        assert job["status"] == after
        if decision == "return":
            _, job = await desk.act(job["id"], "submission", "both")
    await desk.worked()
    assert await desk.stored() == (0, 0)


def test_a_deputy_and_whom_he_stands_in_for_are_one_person() -> None:
    job = ImportJob(hands={"import.upload": ["boss", "deputy"]})
    for person, may in (("boss", False), ("deputy", False), ("other", True)):
        actor = Principal(person, person, frozenset({Role.FINANCE_MANAGER}))
        assert fits(job, actor, Action.DECIDE) is may
        assert fits(job, actor, Action.SUBMIT) is not may
    stands_in = Principal("third", "third", frozenset({Role.FINANCE_MANAGER}), on_behalf_of="boss")
    assert not fits(job, stands_in, Action.DECIDE)


async def test_the_same_file_again_is_the_same_import_and_nothing_is_stored_twice(desk: Desk) -> None:
    content = shop()
    job = await desk.confirmed(content)
    await desk.worked()
    again = await desk.send(content, name="另存.xlsx")
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (201, job["id"], "done")
    other = await desk.send(content, "colleague")
    assert (other.status_code, other.json()["slug"]) == (409, "import-sent-by-another")
    await desk.worked()
    assert await desk.stored() == (2, 2)
    # the same rows in another file are known by their keys
    changed = await desk.checked(shop(("A-1", "001", "open", 1, 1, None)))
    assert changed["status"] == "refused"


async def test_one_person_sends_the_same_file_five_times_at_once(desk: Desk) -> None:
    # written once: a workbook knows the second in which it was
    content = shop()
    answers = await asyncio.gather(*(desk.send(content) for _ in range(5)))
    made = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert len(set(made)) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}


async def test_every_error_is_listed_by_sheet_row_and_column_in_the_readers_language(desk: Desk) -> None:
    job = await desk.checked(shop((12345, "003", "未完成", 1, 1, None)))
    assert (job["status"], job["errors"], job["actions"]) == ("refused", 2, ["check_again", "withdraw"])
    (first, second) = (await desk.read(job["id"], part="/errors"))["items"]
    assert (first["sheet"], first["row"], first["column"], first["heading"]) == ("orders", 2, "A", "订单编号")
    assert (first["slug"], first["value"]) == ("cell-number-for-identifier", "12345")
    assert (second["column"], second["slug"], second["text"]) == ("B", "cell-not-in-sheet", "工作表“客户”中没有")
    english = {**desk.as_("rep"), "Accept-Language": "en"}
    answer = await desk.svc.get(f"/imports/shop/{job['id']}/errors", as_=english, limit="1")
    assert answer.json()["items"][0]["text"].startswith("An identifier must be a cell of text")
    assert answer.json()["next"]
    file = await desk.svc.get(f"/imports/shop/{job['id']}/errors", as_=desk.as_("rep"), format="csv")
    assert "工作表“客户”中没有" in file.text
    (task,) = (await desk.svc.get("/tasks", as_=desk.as_("rep"))).json()["items"]
    assert (task["title"], task["to_note"]) == ("导入 客户.xlsx：有 2 处错误", True)


async def test_the_annotated_workbook_is_mended_and_sent_back(desk: Desk) -> None:
    job = await desk.checked(
        shop(("A-1", "001", "未完成", "1", 1, date(2026, 4, 1)), ("A-2", "001", "open", 1, 1, None))
    )
    answer = await desk.svc.get(f"/imports/shop/{job['id']}/workbook", as_=desk.as_("rep"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["客户", "orders"]
    sheet = book["orders"]
    assert [cell.value for cell in sheet[1]] == [*ORDERS, "错误"]
    assert sheet["G2"].value == "吨：须为数字，不能是文本、日期或逻辑值"
    assert sheet["D2"].comment.text == "须为数字，不能是文本、日期或逻辑值"
    assert (sheet["G3"].value, sheet["B2"].value, sheet["B2"].number_format) == (None, "001", "@")
    sheet["D2"] = 1
    mended = io.BytesIO()
    book.save(mended)
    assert (await desk.checked(mended.getvalue()))["status"] == "checked"


async def test_the_template_is_in_the_readers_language_and_what_it_asks_for_passes(desk: Desk) -> None:
    for language, title, heading in (("zh-CN", "客户", "客户编号"), ("en", "customers", "number")):
        headers = {**desk.as_("rep"), "Accept-Language": language}
        answer = await desk.svc.get("/imports/shop/template", as_=headers)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        sheet = book[title]
        assert sheet["A1"].value == heading
        assert sheet.column_dimensions["A"].width > 10
        for row, cells in enumerate((("001", "华纶", "wang"), ("002", "百宏", "li")), 2):
            for place, cell in enumerate(cells, 1):
                sheet.cell(row, place, cell)
        orders = book.worksheets[1]
        rule = orders.data_validations.dataValidation[0]
        assert (rule.formula1, "C2" in rule.sqref) == ('"未完成,done"' if language == "zh-CN" else '"open,done"', True)
        for place, value in enumerate((f"{language}-1", "001", "open", 1, 1), 1):
            orders.cell(2, place, value)
        content = io.BytesIO()
        book.save(content)
        job = await desk.checked(content.getvalue())
        assert (job["status"], job["errors"]) == ("checked", 0), await desk.read(job["id"], part="/errors")


async def test_what_changed_since_it_was_checked_is_found_before_anything_is_stored(desk: Desk) -> None:
    job = await desk.confirmed(shop())
    async with desk.svc.database.transaction() as tx:
        tx.add(CustomerRow(id=uuid4(), number="002", name="早到", rep="li"))
    await desk.worked()
    job = await desk.read(job["id"])
    assert (job["status"], job["errors"]) == ("refused", 1)
    assert await desk.stored() == (1, 0)
    async with desk.svc.database.transaction() as tx:
        await tx.execute(text("DELETE FROM customers"))
    _, job = await desk.act(job["id"], "check")
    assert (job["status"], job["errors"]) == ("uploaded", 0)
    await desk.worked()
    assert (await desk.read(job["id"]))["status"] == "checked"


async def test_a_foreign_import_is_not_there_and_each_route_asks_for_its_role(desk: Desk) -> None:
    job = await desk.checked(shop())
    parts = ("", "/errors", "/workbook")
    for person, status, slug in (("colleague", 404, "import-not-found"), ("guard", 403, "role-required")):
        for part in parts:
            answer = await desk.svc.get(f"/imports/shop/{job['id']}{part}", as_=desk.as_(person))
            assert (answer.status_code, answer.json()["slug"]) == (status, slug), (person, part)
    for part in parts:
        assert (await desk.svc.get(f"/imports/shop/{job['id']}{part}", as_=desk.as_("boss"))).status_code == 200
    for what in ("submission", "check", "withdrawal"):
        status, problem = await desk.act(job["id"], what, "colleague")
        assert (status, problem["slug"]) in {(403, "import-not-yours"), (409, "wrong-state")}
        assert (await desk.act(job["id"], what, "guard"))[0] == 403
        assert (await desk.act(str(uuid4()), what))[1]["slug"] == "import-not-found"
    assert (await desk.svc.get("/imports/shop", as_=desk.as_("colleague"))).json()["items"] == []
    (row,) = (await desk.svc.get("/imports/shop", as_=desk.as_("boss"))).json()["items"]
    assert row["id"] == job["id"]
    assert (await desk.svc.get("/imports/shop/template", as_=desk.as_("boss"))).status_code == 403


async def test_what_is_no_workbook_or_harms_is_refused_at_once(desk: Desk) -> None:
    for content, slug in ((pdf(), "import-not-a-workbook"), (b"a,b", "attachment-type-not-taken")):
        answer = await desk.send(content)
        assert (answer.status_code, answer.json()["slug"]) == (400, slug)
    large = await desk.send(bytes(20 * 1024 * 1024 + 1))
    assert large.status_code == 413


async def test_withdrawn_it_may_be_sent_again(desk: Desk) -> None:
    job = await desk.checked(shop())
    _, withdrawn = await desk.act(job["id"], "withdrawal")
    assert (withdrawn["status"], withdrawn["actions"]) == ("withdrawn", [])
    again = await desk.checked(shop())
    assert again["id"] != job["id"]
    assert again["status"] == "checked"


class Killed(BaseException):
    """The process is gone."""


def breaking(error: BaseException) -> dict[str, Import]:
    """The import, whose storing breaks off after the customers."""

    async def store(work: Work, filled: Filled) -> AsyncIterator[int]:
        async for stored in SHOP.store(work, filled):
            yield stored
            raise error

    return {"shop": Import(**{**vars(SHOP), "store": store})}


async def test_killed_in_the_middle_it_shows_how_far_it_came_and_the_next_worker_stores_it_once(desk: Desk) -> None:
    job = await desk.confirmed(shop())
    with pytest.raises(Killed):
        await desk.worked(breaking(Killed()))
    seen = await desk.read(job["id"])
    assert (seen["status"], seen["stored"]) == ("storing", 2)
    assert await desk.stored() == (0, 0)
    await desk.worked()
    assert (await desk.read(job["id"]))["status"] == "done"
    assert await desk.stored() == (2, 2)


async def test_a_store_that_is_away_is_waited_for(desk: Desk) -> None:
    job = await desk.confirmed(shop())
    with pytest.raises(OSError, match="away"):
        await desk.worked(breaking(OSError("away")))
    assert (await desk.read(job["id"]))["status"] == "storing"


async def test_what_breaks_stores_nothing_is_told_and_can_be_checked_again(desk: Desk) -> None:
    job = await desk.confirmed(shop())
    await desk.worked(breaking(ValueError("a secret")))
    job = await desk.read(job["id"])
    assert (job["status"], job["actions"]) == ("failed", ["check_again", "withdraw"])
    assert job["failure"] == "处理出错，未入库任何行；原因见日志，可重新检查"
    assert await desk.stored() == (0, 0)
    _, job = await desk.act(job["id"], "check")
    assert (job["status"], job["failure"]) == ("uploaded", None)


async def test_one_that_no_worker_survives_is_given_up_and_the_next_one_has_its_turn(desk: Desk) -> None:
    job = await desk.confirmed(shop())
    for _ in range(working.MOST_BEGINNINGS):
        with pytest.raises(Killed):
            await desk.worked(breaking(Killed()))
    await desk.worked()
    job = await desk.read(job["id"])
    assert (job["status"], job["failure"][:7]) == ("failed", "处理已中断 5")


async def test_a_file_that_is_not_the_one_that_was_sent_is_not_stored(desk: Desk) -> None:
    job = await desk.confirmed(shop())
    async with desk.svc.database.reader() as reader:
        attachment = (await reader.execute(text("SELECT attachment_id FROM imports"))).scalar_one()
    await desk.svc.runtime.files.put(attachment, shop(("X-1", "001", "open", 1, 1, None)))
    await desk.worked()
    assert (await desk.read(job["id"]))["failure"] == "文件与上传时不一致"


async def test_the_leading_worker_does_it_all_and_a_duty_that_waits_for_nothing_is_quiet(desk: Desk) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(desk.svc.runtime, stop))
        job = (await desk.send(shop())).json()

        async def is_in(status: str) -> bool:
            return bool((await desk.read(job["id"]))["status"] == status)

        await eventually(lambda: is_in("checked"))
        _, job = await desk.act(job["id"], "submission")
        await desk.act(job["id"], "decisions", "boss", yes(job))
        await eventually(lambda: is_in("done"))
        stop.set()
    assert await desk.stored() == (2, 2)


async def test_a_workbook_is_checked_sent_and_submitted_on_the_command_line(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in desk.svc.runtime.settings.environment().items():
        monkeypatch.setenv(name, value)
    command = command_for(WRITER)

    async def run(*arguments: object) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, command, ["import", *map(str, arguments)])
        return result.exit_code, result.output

    wrong, good, marked = (tmp_path / name for name in ("wrong.xlsx", "good.xlsx", "marked.xlsx"))
    wrong.write_bytes(shop((7, "001", "open", 1, 1, None)))
    good.write_bytes(shop())
    assert await run("template", "shop", marked, "--english") == (0, "")
    assert openpyxl.load_workbook(marked).sheetnames == ["customers", "orders", "notes"]
    code, said = await run("check", "shop", wrong, "--marked", marked, "--english")
    assert code == 1
    assert said.startswith("    orders!A2  order: An identifier must be a cell of text")
    assert openpyxl.load_workbook(marked)["orders"]["A2"].comment is not None
    assert await run("check", "shop", good) == (0, "")
    assert (await run("upload", "nothing", good))[0] == 2
    code, said = await run("upload", "shop", good)
    assert (code, said.split()[1:3]) == (0, ["shop", "uploaded"])
    import_id = said.split()[0]
    code, refused = await run("submit", "shop", import_id)
    assert (code, "not to submit now" in refused) == (1, True)
    await desk.worked()
    assert (await run("submit", "shop", import_id))[1].split()[2] == "in_approval"
    assert import_id in (await run("list"))[1]
    # who confirms has signed in
    seen = await desk.read(import_id, "boss")
    assert (seen["author"], seen["actions"]) == ("cli", ["decide"])
    assert (await run("withdraw", "shop", import_id))[1].split()[2] == "withdrawn"
    assert await run("list") == (0, "")
