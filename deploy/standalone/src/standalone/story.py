"""The main flow as a story, 3a to 3h: played over HTTP by the people whose job each step is.

It knows the services by address alone, so it plays the same against one process and against ten. Every figure is
written out, and the story stops with `WrongFigureError` where one is off by a cent.
"""

from standalone.client import Client
from standalone.scenes import goods, money, selling
from standalone.stage import Narrator, Stage

SCENES = (
    selling.credit,
    selling.prices,
    selling.contracts,
    goods.release,
    goods.loading,
    goods.gate,
    money.invoice,
    money.overdue,
    money.downgrade,
    money.complaint,
    money.audit,
)


async def play(client: Client, narrator: Narrator) -> Stage:
    """Play the whole story on demo data and return what it left behind; it may be played again on the same data.

    Raises `WrongFigureError`, `WaitedInVainError` or `UnexpectedAnswerError`.
    """
    stage = Stage(client, narrator)
    for scene in SCENES:
        await scene(stage)
    return stage
