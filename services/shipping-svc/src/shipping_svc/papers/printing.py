"""How the papers are printed."""

from pathlib import Path

from fangxing.printing import Copy, Paper
from fangxing.roles import Role
from fangxing.text import Text
from shipping_svc.papers.shapes import DeliveryNoteOut

DELIVERY_NOTE = Paper(
    DeliveryNoteOut,
    Path(__file__).with_name("delivery_note.typ"),
    Text("送货单", "Delivery note"),
    copies=(
        Copy(Text("存根联", "office copy")),
        Copy(Text("客户联", "customer's copy")),
        # the carrier reads what the guard reads: no prices
        Copy(Text("承运人联", "carrier's copy"), reader=Role.GATE_GUARD),
    ),
    capitals=("value",),
    code="number",
)
"""The delivery note 送货单 that goes with the goods (5-4.2.1-D)."""
