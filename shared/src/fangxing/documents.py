"""Documents 单据: rows that go through states, whose facts are counted, and that know through whose hands they went.

`hands` names, for each action so far on the document and on those it comes from, the persons who did it. It is written
with the row that is locked anyway, and copied to the child at birth and in the event that creates it, so that "whoever
had a hand in this chain" never takes a second look. Which actions no person does both of is policy data. The history is
the journal behind the timeline that clients show.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, String, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from fangxing.auth import SYSTEM, Principal
from fangxing.errors import DomainError, ErrorType, Kind
from fangxing.hands import PairsPolicy, pairs_of, pairs_policy
from fangxing.history import add_history
from fangxing.loosening import keep_use
from fangxing.moves import AUTHOR, EVENT, ROUTE, TIMER, WORKER, By, Move, Words, possible
from fangxing.outbox import Counted
from fangxing.policies import PolicyBook
from fangxing.roles import Role, spoken_roles
from fangxing.tasks import open_task
from fangxing.text import Text
from fangxing.work import Work

MACHINERY = "fangxing"
"""The package of the documents that every service has, as breaches."""
Hands = dict[str, list[str]]
"""The persons who did each action, `{"notice.file": ["wang"]}`; the action names its kind of document."""

WRONG_STATE = ErrorType(
    "wrong-state",
    Kind.CONFLICT,
    "{name}现为“{state}”，不能{action}。现在可以：{possible}",
    "The {name} is '{state}': not to {action} now. Possible: {possible}",
)
INCOMPATIBLE = ErrorType(
    "incompatible-hands",
    Kind.FORBIDDEN,
    "您已经手“{first}”，“{then}”须由另一人办理",
    "You had a hand in '{first}': '{then}' takes another person",
    clause="1-3",
)
OWN_CASE = ErrorType(
    "own-case",
    Kind.FORBIDDEN,
    "不能审批自己发起或经手的事项",
    "Nobody approves what he initiated or took part in himself",
    clause="1-3",
)

_BY_ITSELF = {
    ROUTE: Text("审批人", "the deciders"),
    AUTHOR: Text("经办人", "its author"),
    WORKER: Text("系统后台", "by itself, in the background"),
    TIMER: Text("到期自动", "by itself, in time"),
    EVENT: Text("随相关单据自动", "by itself, with another document"),
}
_EVERYBODY = Text("员工", "any employee")
_NOTHING = Text("无", "nothing")


class Documented(Counted):
    """Mixin of a row that is a document. A table that is one says its kind, its moves, its final states and its words.

    `author` is who made it. Its own `status` column takes the states of its moves; one about a customer has a
    `customer_id`. `number_in` and `amount_in` name its columns, where it has such, with the number people call it by
    and with the yuan it is about.
    """

    document_kind: ClassVar[str]
    moves: ClassVar[Mapping[Any, Move[Any]]]
    final: ClassVar[Collection[Any]]
    words: ClassVar[Words]
    number_in: ClassVar[str | None] = None
    amount_in: ClassVar[str | None] = None

    id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[Any]
    author: Mapped[str] = mapped_column(String(80))
    hands: Mapped[Hands] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))

    @classmethod
    def named(cls, id: UUID) -> str:
        """The name of the document with this id: "notice/<id>"."""
        return f"{cls.document_kind}/{id}"

    @property
    def document(self) -> str:
        """The document's name."""
        return self.named(self.id)

    @property
    def called(self) -> str | None:
        """The number people call it by."""
        return None if self.number_in is None else getattr(self, self.number_in)

    @property
    def worth(self) -> Decimal | None:
        """What it is about, in yuan."""
        return None if self.amount_in is None else getattr(self, self.amount_in)

    @property
    def authored_as(self) -> Role:
        """The role in which the author made it."""
        birth = next(move for move in self.moves.values() if not move.from_)
        return min(birth.roles, default=Role.ADMINISTRATOR)

    @classmethod
    def not_found_type(cls) -> ErrorType:
        """The error for such a document that is not there."""
        name = cls.words.name
        return ErrorType(
            f"{cls.document_kind}-not-found",
            Kind.NOT_FOUND,
            f"没有{name.zh} {{id}}",
            f"There is no {name.en} {{id}}",
        )

    @classmethod
    def not_found(cls, id: UUID) -> DomainError:
        """The error for a document that is not there, or not for the caller."""
        return cls.not_found_type()(id=id)


D = TypeVar("D", bound=Documented)


def kinds(package: str | None = None) -> Iterator[type[Documented]]:
    """Every kind of document there is in this process, or in one service's `package`."""

    def below(cls: type[Documented]) -> Iterator[type[Documented]]:
        for child in cls.__subclasses__():
            if hasattr(child, "document_kind") and package in (None, child.__module__.partition(".")[0]):
                yield child
            yield from below(child)

    return below(Documented)


async def lock_for(
    work: Work, kind: type[D], id: UUID, action: StrEnum, *where: ColumnElement[bool], key_share: bool = False
) -> D:
    """The document, its row locked for `action`, which is noted among its hands and in its history.

    `where` is the caller's scope; with `key_share` whoever only refers to the document does not wait. Raises
    `<kind>-not-found`, `wrong-state`, `incompatible-hands` or `own-case`.
    """
    document = await lock_to_judge(work, kind, id, action, *where, key_share=key_share)
    await _note(work, document, action)
    return document


async def lock_to_judge(
    work: Work, kind: type[D], id: UUID, action: StrEnum, *where: ColumnElement[bool], key_share: bool = False
) -> D:
    """`lock_for` where a rule may still refuse: nothing is noted until the caller's `act`. Raises the same."""
    statement = (
        select(kind)
        .where(kind.id == id, *where)
        .with_for_update(of=kind, key_share=key_share)
        # what the session read before it had the lock may be out of date
        .execution_options(populate_existing=True)
    )
    document = (await work.tx.scalars(statement)).first()
    if document is None:
        raise kind.not_found(id)
    await _check(work, document, action)
    return document


async def act(work: Work, document: Documented, action: StrEnum) -> None:
    """Note `action` on a locked document; raises `wrong-state`, `incompatible-hands` or `own-case`."""
    await _check(work, document, action)
    await _note(work, document, action)


async def _check(work: Work, document: Documented, action: StrEnum) -> None:
    move = document.moves[action]
    if document.status not in move.from_:
        raise _wrong_state(document, action)
    await _refuse_incompatible(work, document, action, move)


async def born(work: Work, document: Documented, action: StrEnum, *parents: Mapping[str, Collection[str]]) -> None:
    """Note the `action` by which a new document comes to be, with the hands of what it comes from.

    Raises `incompatible-hands`.
    """
    document.hands = {}
    for hands in parents:
        for name, persons in hands.items():
            document.hands[name] = sorted({*document.hands.get(name, ()), *persons})
    await _refuse_incompatible(work, document, action, document.moves[action])
    await _note(work, document, action)


async def _note(work: Work, document: Documented, action: StrEnum) -> None:
    if work.actor is not SYSTEM:
        await _list_loosened(work, document, f"{document.document_kind}.{action}")
        _add_hand(work, document, action)
    # a decision goes into the history as what it was
    if document.moves[action].by is not ROUTE:
        add_history(work, document.document, action)


def _add_hand(work: Work, document: Documented, action: StrEnum) -> None:
    name = f"{document.document_kind}.{action}"
    persons = work.actor.signing.union(document.hands.get(name, ()))
    document.hands = {**document.hands, name: sorted(persons)}


def decide_as(work: Work, document: Documented, role: Role) -> None:
    """The actor decides on a locked document in `role`; where it is lent to him, he and its holder have a hand in it.

    Which of his roles a route asks for is known only at its step, after the document was locked.
    """
    work.actor = replace(work.actor, on_behalf_of=work.actor.acting_as(frozenset({role})).on_behalf_of)
    for action, move in document.moves.items():
        if move.by is ROUTE and work.actor.id in document.hands.get(f"{document.document_kind}.{action}", ()):
            _add_hand(work, document, action)


def incompatible_actions(
    module: str, *pairs: tuple[str, str], elsewhere: Mapping[str, Text] | None = None
) -> PairsPolicy:
    """The policy of a service that names the pairs of actions no person does both of (1-3).

    `module` is the `__name__` of one of the service's modules. `elsewhere` says those actions of other services'
    documents whose hands it is told, as people say them: they, too, can stand in a pair.
    """
    package = module.partition(".")[0]
    return pairs_policy(pairs, own=lambda: actions_of(package), elsewhere=elsewhere or {})


def actions_of(package: str) -> dict[str, Text]:
    """Every action of the documents of a service's `package` and of the machinery's, which every service has.

    By its name `<kind>.<action>`, as people say it.
    """
    return {
        f"{kind.document_kind}.{action}": Text(f"{kind.words.name.zh}·{said.zh}", f"{kind.words.name.en}: {said.en}")
        for kind in (*kinds(package), *kinds(MACHINERY))
        for action, said in kind.words.actions.items()
    }


async def _refuse_incompatible(work: Work, document: Documented, action: StrEnum, move: Move[Any]) -> None:
    then, policy = f"{document.document_kind}.{action}", pairs_of(work.policy_registry)
    if policy is None or not _done_by(work.actor, document):
        return
    first = hindrance(document, then, work.actor, await work.policies())
    if first is not None:
        raise OWN_CASE() if move.by is ROUTE else INCOMPATIBLE(first=policy.spoken(first), then=policy.spoken(then))


async def clash(work: Work, document: Documented, other: Documented) -> bool:
    """Whether somebody did to one of two documents what does not go with what he did to the other (1-3)."""
    policy = pairs_of(work.policy_registry)
    return policy is not None and policy.clash(
        document.hands, other.hands, (await work.policies()).get(policy), work.today
    )


def _done_by(actor: Principal, document: Documented) -> set[str]:
    """The actions on the document's chain that the actor, or whom he stands in for, had a hand in."""
    return {name for name, persons in document.hands.items() if not actor.persons.isdisjoint(persons)}


def hindrance(document: Documented, then: str, actor: Principal, book: PolicyBook) -> str | None:
    """What the actor did on the document's chain that does not go with the action `then`, "<kind>.<action>"."""
    done, policy = _done_by(actor, document), pairs_of(book.registry)
    if not done or policy is None:
        return None
    return policy.conflict(done, then, book.get(policy), book.day)


async def _list_loosened(work: Work, document: Documented, then: str) -> None:
    done, policy = _done_by(work.actor, document), pairs_of(work.policy_registry)
    if done and policy is not None:
        await keep_use(work, document.document, policy, done, then)


def _wrong_state(document: Documented, action: StrEnum) -> DomainError:
    words = document.words
    now = possible(document.moves, document.status)
    said = [(words.actions[other], by_whom(move)) for other, move in now.items()]
    return WRONG_STATE(
        name=words.name,
        state=words.states[document.status],
        action=words.actions[action],
        possible=Text(
            "；".join(f"{what.zh}（{who.zh}）" for what, who in said) or _NOTHING.zh,
            "; ".join(f"{what.en} ({who.en})" for what, who in said) or _NOTHING.en,
        ),
    )


def by_whom(move: Move[Any]) -> Text:
    """Who makes a move, as people say it."""
    if isinstance(move.by, By):
        return _BY_ITSELF[move.by]
    return _EVERYBODY if set(move.by) == set(Role) else spoken_roles(move.by)


async def tell_author(work: Work, document: Documented, *, kind: str, clause: str, title: Text) -> None:
    """Give the document's author a task: what he made came back, or goes no further.

    What a rep made for a customer is told whoever looks after the customer by now.
    """
    role, customer = document.authored_as, getattr(document, "customer_id", None)
    of_rep = role is Role.SALES_REP and customer is not None
    await open_task(
        work,
        kind=kind,
        role=role,
        assignee=None if of_rep or document.author == SYSTEM.id else document.author,
        customer=customer,
        document=document.document,
        clause=clause,
        title=title,
        to_note=True,
    )
