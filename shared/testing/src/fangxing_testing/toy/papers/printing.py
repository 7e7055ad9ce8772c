"""How a paper is printed."""

from pathlib import Path

from fangxing.printing import Copy, Paper
from fangxing.text import Text
from fangxing_testing.toy.papers.shapes import PaperOut

PAPER = Paper(
    PaperOut,
    Path(__file__).with_name("paper.typ"),
    Text("文件", "Paper"),
    copies=(Copy(Text("存根联", "office copy")), Copy(Text("客户联", "customer's copy"))),
)
