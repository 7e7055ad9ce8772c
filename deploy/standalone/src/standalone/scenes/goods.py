"""Scenes d to f: a notice is released, the goods are loaded and signed for, and the truck leaves once."""

from datetime import UTC, datetime, timedelta

from fangxing.text import Text
from standalone.stage import Json, Stage

_VEHICLE = "浙F12345"
_DRIVER = "张师傅"
_GATE = "EAST"


async def release(stage: Stage) -> None:
    """3d: a notice three days ahead, the accountant's verdict, the manager's yes: 80,000.00 are released."""
    stage.narrator.chapter("d", Text("发货通知、额度核对与放行", "the notice, the credit check and the release"))
    notice = await file_notice(stage, "first", "10.000")
    stage.ids["notice"] = notice["id"]
    path = f"/notices/{notice['id']}"
    notice = await stage.post("accountant", "shipping", f"{path}/finance-review")
    stage.tell("accountant", "核对欠款额度：0.00 + 80,000.00 ≤ 500,000.00", "checks the exposure against the limit")
    await stage.show_verdict(notice, path)
    stage.expect("the road", notice["verdict"]["outcome"], "within")
    notice = await stage.decide("manager", "shipping", path, notice)
    stage.expect("the manager's verdict", notice["verdict"]["allowed"], True)
    stage.expect("the notice", notice["status"], "released")
    stage.tell("manager", "同意发货：放行 80,000.00", "says yes: 80,000.00 released")
    await stage.agree("80000.00", released="80000.00", shipped_total="0.00")


async def loading(stage: Stage) -> None:
    """3e: quality passes the lot, the scanner counts 9.998 t, keeper and carrier sign: 79,984.00 are shipped."""
    stage.narrator.chapter("e", Text("检验、装车扫描与签收", "inspection, loading scans and signatures"))
    await _inspect(stage)
    key = await _enrol_scanner(stage)
    loaded = await _begin_loading(stage)
    await _scan(stage, key, loaded)
    await _sign(stage, loaded)
    await stage.agree("79984.00", released="0.00", shipped_total="79984.00")


async def _inspect(stage: Stage) -> None:
    """Quality passes the lot."""
    stage.ids["lot"] = f"L{stage.tag}"
    await stage.post(
        "quality",
        "shipping",
        "/quality-reports",
        {
            "lot": stage.ids["lot"],
            "product_id": stage.ids["product"],
            "result": "passing",
            "findings": "断裂强度 4.1 cN/dtex，染色均匀，合格",
        },
    )
    stage.tell("quality", "批号检验合格", "the lot passes inspection")


async def _enrol_scanner(stage: Stage) -> str:
    """The key of a scanner that is new."""
    device = await stage.post(
        "admin", "shipping", "/devices", {"device": f"scanner-{stage.tag}", "kind": "scanner", "place": "WH-1"}
    )
    stage.tell("admin", "登记扫描枪，领取设备密钥", "enrols a scanner, which gets its key")
    key: str = device["key"]
    return key


async def _begin_loading(stage: Stage) -> str:
    """The loading's id; the keeper compares the truck with the transport notice."""
    truck = {"vehicle": _VEHICLE, "driver": _DRIVER}
    notice = f"/notices/{stage.ids['notice']}"
    await stage.post("rep1", "shipping", f"{notice}/transport-notice", {**truck, "carrier": "顺安物流"})
    standing = {"notice_id": stage.ids["notice"], "warehouse": "WH-1", **truck}
    loaded = await stage.post("keeper", "shipping", "/loadings", standing)
    stage.expect("the loading", loaded["allowed"], True)
    stage.tell(
        "keeper", f"核对运输通知单，车辆 {_VEHICLE} 开始装车", "compares truck and transport notice, loading begins"
    )
    loading_id: str = loaded["id"]
    return loading_id


async def _sign(stage: Stage, loaded: str) -> None:
    """Keeper and carrier sign: the delivery note and the pass for the gate."""
    signed = await stage.post(
        "keeper",
        "shipping",
        f"/loadings/{loaded}/signatures",
        {
            "carrier_name": _DRIVER,
            "carrier_signature": f"{_DRIVER} {_VEHICLE}",
            "freight_voucher": f"YF-{stage.tag}",
            "gate": _GATE,
        },
    )
    note, exit_pass = signed["delivery_note"], signed["exit_pass"]
    stage.ids |= {"note": note["id"], "note line": str(note["lines"][0]["line"]), "pass": exit_pass["short_number"]}
    seen = await stage.get("rep1", "shipping", f"/delivery-notes/{note['id']}")
    stage.expect("the goods' value, which the keeper does not see", (note["value"], seen["value"]), (None, "79984.00"))
    stage.tell(
        "keeper",
        f"仓管与承运人签字：送货单 {note['number']}，9.998 吨，79,984.00；未装的 16.00 退回额度",
        f"keeper and carrier sign: delivery note {note['number']}, 9.998 t, 79,984.00; 16.00 not loaded is given back",
    )


async def _scan(stage: Stage, key: str, loading: str) -> None:
    """Single scans, a repeat, a wrong lot, and a batch; each has its own answer."""

    def package(sequence: int, tons: str, lot: str) -> Json:
        return {
            "sequence": sequence,
            "loading_id": loading,
            "order_line_id": stage.ids["order line first"],
            "lot": lot,
            "package": f"P{stage.tag}-{sequence:03}",
            "tons": tons,
            "scanned_at": scanned_at,
        }

    # A repeat is the same bytes, the moment of scanning included.
    scanned_at = datetime.now(UTC).isoformat()
    lot = stage.ids["lot"]
    first = await stage.client.post_as_device(key, "shipping", "/scans", package(1, "4.000", lot))
    again = await stage.client.post_as_device(key, "shipping", "/scans", package(1, "4.000", lot))
    stage.expect("the scan", first["allowed"], True)
    stage.expect("the same scan sent twice", again, {**first, "repeated": True})
    stage.tell("scanner", "扫描 4.000 吨；同一序号重发，得到同一答复", "scans 4.000 t; sent again, the same answer")
    unknown = package(2, "1.000", f"X{stage.tag}")
    wrong = await stage.client.post_as_device(key, "shipping", "/scans", unknown)
    # Sent again for its English: a refusal is repeated like everything else.
    english = await stage.client.post_as_device(key, "shipping", "/scans", unknown, language="en")
    stage.expect("the scan of a wrong lot", (wrong["allowed"], english["allowed"]), (False, False))
    stage.tell("scanner", "扫到未检验的批号：拒绝", "scans a lot without a report: refused")
    stage.narrator.verdict(wrong["verdict"], english["verdict"])
    batch = await stage.client.post_as_device(
        key, "shipping", "/scans/batch", {"scans": [package(3, "4.000", lot), package(4, "1.998", lot)]}
    )
    stage.expect("each scan of the batch", [one["allowed"] for one in batch["results"]], [True, True])
    stage.tell("scanner", "成批补传两件：4.000 与 1.998 吨", "a batch of two: 4.000 t and 1.998 t")


async def gate(stage: Stage) -> None:
    """3f: the guard looks the pass up and lets the truck out once; a second use is refused."""
    stage.narrator.chapter("f", Text("出门", "the gate"))
    await stage.get("guard", "shipping", f"/gate/passes/{stage.ids['pass']}")
    stage.tell("guard", f"查出门证 {stage.ids['pass']}", f"looks up pass {stage.ids['pass']}")
    leaving = {"presented": stage.ids["pass"], "vehicle": _VEHICLE, "gate": _GATE}
    out = await stage.post("guard", "shipping", "/gate/exits", leaving)
    stage.expect("the exit", out["allowed"], True)
    stage.tell("guard", "放行出厂", "lets the truck out")
    again = await stage.post("guard", "shipping", "/gate/exits", leaving)
    stage.expect("the second use of the pass", again["allowed"], False)
    stage.tell("guard", "同一出门证再次使用：拒绝", "the same pass again: refused")
    stage.narrator.verdict(again["verdict"])
    await stage.agree("79984.00", released="0.00", shipped_total="79984.00")


async def file_notice(stage: Stage, order: str, tons: str) -> Json:
    """The rep files a notice three days ahead, as soon as shipping-svc has heard of the order."""
    notice = await stage.post_once_heard(
        "rep1",
        "shipping",
        "/notices",
        {
            "order_id": stage.ids[f"order {order}"],
            "kind": "regular",
            "ship_on": (stage.today + timedelta(days=3)).isoformat(),
            "lines": [{"order_line_id": stage.ids[f"order line {order}"], "tons": tons}],
        },
    )
    stage.tell("rep1", f"提前三天开发货通知单，{tons} 吨", f"files a notice three days ahead, {tons} t")
    return notice
