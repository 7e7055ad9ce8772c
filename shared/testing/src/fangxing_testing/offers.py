"""What answers offer, held against what is answered to whoever takes the offer up, and to whoever had no such offer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fangxing.roles import Role
from fangxing_testing.harness import ServiceUnderTest
from fangxing_testing.identity import Identities

Document = dict[str, Any]
Headers = dict[str, str]
Make = Callable[[], Awaitable[Document]]
"""Makes another document in one and the same state, and answers it as somebody sees it who sees all of it."""


@dataclass(frozen=True)
class Try:
    """How an action is tried: where, with names of the document's fields in braces, and with what body."""

    path: str
    body: Callable[[Document], Any] = lambda document: {}
    method: str = "POST"


def approval_of(document: Document) -> Document:
    """The body of a yes to what `document` shows."""
    return {"decision": "approve", "seen_hash": (document.get("approval") or {}).get("hash", "0" * 64)}


def one_of_each_role(identities: Identities) -> dict[str, Headers]:
    """One person for each role of the factory, who has nothing but that role."""
    return {role: identities.headers(f"the-{role}", role) for role in Role}


async def false_offers(
    service: ServiceUnderTest, detail: str, make: Make, tries: Mapping[str, Try], people: Mapping[str, Headers]
) -> list[str]:
    """What `people` are offered at `detail` and then answered by 403 or 404, or not offered and yet not refused."""
    found: list[str] = []
    shared = await make()
    for person, headers in people.items():
        answer = await service.get(detail.format(**shared), as_=headers)
        offered = answer.json()["actions"] if answer.status_code == 200 else []
        for action, attempt in tries.items():
            # what is offered changes the document; what is refused leaves it as it is
            document = await make() if action in offered else shared
            answer = await service.post(
                attempt.path.format(**document), attempt.body(document), as_=headers, method=attempt.method
            )
            refused = answer.status_code >= 400
            if answer.status_code in (403, 404) if action in offered else not refused:
                said = answer.json().get("slug", "")
                offer = "offered" if action in offered else "not offered"
                found.append(f"{person}: {action} of one {shared['status']} is {offer}: {answer.status_code} {said}")
        if unknown := set(offered) - tries.keys():
            found.append(f"{person}: nobody knows how to try {', '.join(sorted(unknown))}")
    return found
