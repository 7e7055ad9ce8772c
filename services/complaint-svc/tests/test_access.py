"""Who may do what: every role on every route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from conftest import Scene

EVERYBODY = [
    "rep1",
    "manager",
    "gm",
    "finance",
    "accountant",
    "production",
    "quality",
    "audit",
    "committee",
    "keeper",
    "supervisor",
    "qsupervisor",
    "guard",
    "dept",
    "admin",
]
LISTS = set(EVERYBODY) - {"committee", "guard"}
POSTS = {
    "/complaints/{id}/routing": {"rep1"},
    "/complaints/{id}/handling": {"quality", "production", "manager", "rep1"},
    "/complaints/{id}/decisions": {"manager", "production", "quality", "dept", "gm"},
    "/complaints/{id}/closing": {"rep1"},
    "/returns/{id}/receipt": {"keeper"},
    "/returns/{id}/inspection": {"quality"},
    "/returns/{id}/cancellation": {"rep1", "manager"},
}


def _posts() -> Iterator[tuple[str, str, bool]]:
    for path, allowed in POSTS.items():
        for who in EVERYBODY:
            yield path.replace("{id}", str(uuid4())), who, who in allowed


async def test_1_3_every_role_on_every_route(scene: Scene) -> None:
    for path, who, allowed in _posts():
        # An empty body is refused as input where the role may call, and by the role before that.
        status, slug = await scene.refused(who, path, {})
        assert (status, slug) == ((400, "input-invalid") if allowed else (403, "role-required")), (path, who)
    for path in ("/complaints", "/returns", f"/returns/{uuid4()}"):
        for who in EVERYBODY:
            status = (await scene.service.get(path, as_=scene.as_(who))).status_code
            expected = 403 if who not in LISTS else 404 if path.count("/") > 1 else 200
            assert status == expected, (path, who)
    assert (await scene.service.get("/complaints")).status_code == 401


async def test_6_5_1_1_everybody_may_take_a_complaint_in_and_read_his_own(scene: Scene) -> None:
    for who in EVERYBODY:
        taken = await scene.register(who)
        assert (await scene.read(who, f"/complaints/{taken['id']}"))["author"] == who
    seen = await scene.service.get(f"/complaints/{taken['id']}", as_=scene.as_("guard"))
    assert seen.status_code == 404
