"""Scenes a to c: a customer gets credit, a product its price, and two contracts their signatures."""

from datetime import timedelta

from fangxing.text import Text
from standalone.client import eventually
from standalone.stage import Json, Stage

_ROLES = {"manager": "sales_manager", "gm": "general_manager"}


async def credit(stage: Stage) -> None:
    """3a: a customer is opened, grade B with 500,000.00 is applied for, approved and entered in the master."""
    stage.narrator.chapter("a", Text("客户与信用额度", "a customer and its credit limit"))
    await stage.read_clock()
    customer = await stage.post(
        "rep1",
        "customer",
        "/customers",
        {
            "number": f"C-{stage.tag}",
            "name": f"嘉兴织造厂 {stage.tag}",
            "address": "浙江省嘉兴市经济开发区 8 号",
            "contact": "沈先生 0573-8888 1234",
            "terms": {"kind": "credit", "days": 30},
        },
    )
    stage.ids |= {"customer": customer["id"], "account": customer["account_id"]}
    stage.tell("rep1", "开立客户，未评级，额度 0", "opens the customer: ungraded, limit 0")
    application = await stage.post(
        "rep1",
        "customer",
        "/credit-applications",
        {
            "customer_id": customer["id"],
            "grade": "B",
            "limit": "500000.00",
            "reasons": "月用量约 60 吨，三家供应商均反映付款及时；与客户议定额度 50 万元",
        },
    )
    stage.tell("rep1", "申请 B 级，额度 500,000.00", "applies for grade B with a limit of 500,000.00")
    path = f"/credit-applications/{application['id']}"
    for who in ("manager", "gm"):
        application = await stage.decide(who, "customer", path, application)
        stage.tell(who, "批准", "approves")
    application = await stage.post("accountant", "customer", f"{path}/entry")
    stage.expect("the application", application["status"], "in_force")
    stage.tell("accountant", "录入客户信用额度总表，额度生效", "enters it in the credit master: the limit takes effect")
    await stage.agree("0.00", grade="B", limit="500000.00")


async def prices(stage: Stage) -> None:
    """3b: a product, its base price, and the float authority of the reps and the manager."""
    stage.narrator.chapter("b", Text("产品、基准价与价格权限", "a product, its base price and the price authority"))
    family = f"DTY-{stage.tag}"
    await _register_product(stage, family)
    await _set_base_price(stage)
    await _set_authority(stage, family)


async def _register_product(stage: Stage, family: str) -> None:
    product = await stage.post(
        "production",
        "pricing",
        "/products",
        {
            "code": f"DTY75-{stage.tag}",
            "name": "涤纶低弹丝 75D/36F",
            "family": family,
            "mass_produced_since": (stage.today - timedelta(days=400)).isoformat(),
        },
    )
    stage.ids |= {"product": product["id"]}
    stage.tell("production", "登记产品（已批量生产）", "registers the product, in mass production")


async def _set_base_price(stage: Stage) -> None:
    proposal = await stage.post(
        "rep1",
        "pricing",
        "/price-proposals",
        {
            "product_id": stage.ids["product"],
            "base_price": "8000.00",
            "reason": "off_market",
            "evidence": "首次定基准价：同类产品市场成交价 7,950 至 8,050 元/吨",
        },
    )
    stage.tell("rep1", "提出基准价 8,000.00 元/吨", "proposes a base price of 8,000.00 yuan per ton")
    await _through(stage, "pricing", f"/price-proposals/{proposal['id']}", proposal, ("manager", "committee", "gm"))


async def _set_authority(stage: Stage, family: str) -> None:
    table = await stage.post(
        "manager",
        "pricing",
        "/authority-tables",
        {
            "family": family,
            "bands": [
                {"role": "sales_rep", "percent_below": "3.00", "percent_above": "3.00"},
                {"role": "sales_manager", "percent_below": "8.00", "percent_above": "8.00"},
            ],
        },
    )
    stage.tell("manager", "拟定价格权限：销售员 3%，经理 8%", "drafts the authority: reps 3 %, the manager 8 %")
    await _through(stage, "pricing", f"/authority-tables/{table['id']}", table, ("committee", "gm"))


async def contracts(stage: Stage) -> None:
    """3c: 80,000.00 within authority is the manager's, 120,000.00 goes on to the GM; both are called off."""
    stage.narrator.chapter("c", Text("合同与订单", "contracts and orders"))
    await _contract(stage, "first", "10.000", ("manager",))
    await _contract(stage, "second", "15.000", ("manager", "gm"))
    await _order(stage, "first", "10.000")
    await _order(stage, "second", "15.000")


async def _contract(stage: Stage, name: str, tons: str, signers: tuple[str, ...]) -> None:
    totals = {"10.000": "80000.00", "15.000": "120000.00"}
    product = stage.ids["product"]
    contract = await stage.post_once_heard(
        "rep1",
        "contract",
        "/contracts",
        {
            "number": f"HT-{stage.tag}-{name}",
            "customer_id": stage.ids["customer"],
            "starts_on": stage.today.isoformat(),
            "ends_on": (stage.today + timedelta(days=150)).isoformat(),
            "terms": {"kind": "credit", "days": 30},
            "lines": [{"product_id": product, "tons": tons, "price_per_ton": "8000.00"}],
        },
    )
    path = f"/contracts/{contract['id']}"
    contract = await _with_route(stage, path, [_ROLES[who] for who in signers])
    stage.ids[f"contract {name}"] = contract["id"]
    stage.expect("the contract's total", contract["total"], totals[tons])
    stage.tell(
        "rep1", f"起草合同 {tons} 吨，合计 {totals[tons]}", f"drafts a contract of {tons} t, {totals[tons]} in total"
    )
    contract = (await stage.post("rep1", "contract", f"{path}/submission"))["contract"]
    contract = await _through(stage, "contract", path, contract, signers)
    stage.expect("the contract", contract["status"], "approved")


async def _with_route(stage: Stage, path: str, roles: list[str]) -> Json:
    """The draft once its foreseen route is this one: contract-svc may not have heard of price and limit at first."""

    async def probe() -> Json | None:
        contract: Json = await stage.get("rep1", "contract", path)
        foreseen = [step["role"] for step in contract["route"]["steps"]]
        return contract if contract["route"]["may_be_submitted"] and foreseen == roles else None

    return await eventually(probe, f"a contract whose route is {', '.join(roles)}")


async def _order(stage: Stage, name: str, tons: str) -> None:
    contract = await stage.get("rep1", "contract", f"/contracts/{stage.ids[f'contract {name}']}")
    called_off = await stage.post(
        "rep1",
        "contract",
        "/orders",
        {
            "contract_id": contract["id"],
            "deliver_on": (stage.today + timedelta(days=3)).isoformat(),
            "lines": [{"contract_line_id": contract["lines"][0]["contract_line_id"], "tons": tons}],
        },
    )
    stage.expect("the call-off", called_off["allowed"], True)
    order = called_off["order"]
    stage.ids[f"order {name}"] = order["id"]
    stage.ids[f"order line {name}"] = order["lines"][0]["order_line_id"]
    stage.tell("rep1", f"下订单 {tons} 吨", f"calls off {tons} t")


async def _through(stage: Stage, service: str, path: str, document: Json, deciders: tuple[str, ...]) -> Json:
    """Everybody on the route approves what he is shown, the last one to the end."""
    for who in deciders:
        document = await stage.decide(who, service, path, document)
        stage.tell(who, "批准", "approves")
    stage.expect("nobody is left on the route", document["approval"]["waiting_for"], None)
    return document
