"""The delivery note on paper: three sheets, prices for those alone who see them (5-4.2.1-D)."""

from typing import TYPE_CHECKING

from fangxing.roles import Role
from fangxing_testing.paper import pages

if TYPE_CHECKING:
    from conftest import Yard


async def test_5_4_2_1_d_a_delivery_note_is_printed_for_office_customer_and_carrier(yard: "Yard") -> None:
    signed = await yard.shipped(await yard.released(await yard.order(await yard.customer())))
    path = f"/delivery-notes/{signed['delivery_note']['id']}/print"
    answer = await yard.svc.get(path, as_=yard.rep)
    assert answer.headers["content-type"] == "application/pdf"
    note = await yard.note(signed)
    office, customer, carrier = pages(answer.content)
    for sheet, name in ((office, "存根联"), (customer, "客户联"), (carrier, "承运人联")):
        for printed in (name, "送货单", note["number"], note["vehicle"], note["carrier_name"], note["tons"]):
            assert printed in sheet
    price = f"{float(note['lines'][0]['price_per_ton']):,.2f}"
    assert price in office
    assert price in customer
    assert price not in carrier
    for sheet in pages((await yard.svc.get(path, as_=yard.keeper)).content):
        assert price not in sheet


async def test_a_foreign_delivery_note_is_not_printed(yard: "Yard") -> None:
    signed = await yard.shipped(await yard.released(await yard.order(await yard.customer())))
    path = f"/delivery-notes/{signed['delivery_note']['id']}/print"
    answer = await yard.svc.get(path, as_=yard.as_("rep2", Role.SALES_REP))
    assert (answer.status_code, answer.json()["slug"]) == (404, "delivery-note-not-found")
