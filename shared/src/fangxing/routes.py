"""Routes 审批路线: policy data that says through whose hands a matter goes, band by band (1-3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator

from fangxing.policies import Policy
from fangxing.roles import ROLE_NAMES, Role, spoken_roles
from fangxing.text import Text
from fangxing.validation import invalid


@dataclass(frozen=True)
class RoutePolicy(Policy[dict[str, list[Role]]]):
    """A policy of routes; `decider` is, for each band, whose decision the manual makes it."""

    decider: Mapping[str, Role] = field(default_factory=dict)

    def rows(self, value: dict[str, list[Role]] | None) -> list[Text]:
        """Each band with its steps in order, as people say them."""
        names = {band: [ROLE_NAMES[role] for role in roles] for band, roles in (value or {}).items()}
        return [
            Text(f"{band}：{' → '.join(zh for zh, _ in said)}", f"{band}: {' → '.join(en for _, en in said)}")
            for band, said in names.items()
        ]


def route_policy(
    key: str,
    *,
    clause: str,
    text: Text,
    deciders: Collection[Role],
    routes: Mapping[str, Sequence[Role]],
    decider: Mapping[str, Role] | None = None,
    needed: Mapping[str, Collection[Role]] | None = None,
    ends: Mapping[str, Collection[Role]] | None = None,
) -> RoutePolicy:
    """The policy of the approval routes of one matter, by band; `routes` at first start.

    Of a new value each band is there, keeps whom the manual calls for (`needed`, by default all of `routes`), names
    roles of `deciders` alone, each once, and ends as the manual says: with one of `ends`, by default with the last of
    `routes`. `decider` of a band, by default its last, is never dropped from it. So the GM alone can make a route
    longer, and nobody can make it shorter than the manual's.
    """
    kept = {band: (needed or {}).get(band, roles) for band, roles in routes.items()}
    last = {band: (ends or {}).get(band, {roles[-1]}) for band, roles in routes.items()}

    def check(value: dict[str, list[Role]]) -> dict[str, list[Role]]:
        _check_routes(value, kept, deciders, last)
        return value

    return RoutePolicy(
        key=key,
        type=Annotated[dict[str, list[Role]], AfterValidator(check)],
        owner=Role.GENERAL_MANAGER,
        clause=clause,
        text=text,
        initial={band: list(roles) for band, roles in routes.items()},
        widens=True,
        decider={**{band: roles[-1] for band, roles in routes.items()}, **(decider or {})},
    )


_BANDS = Text("各栏须为 {bands}", "the bands are {bands}")
_LACKS = Text("{band} 缺少 {missing}", "{band} lacks {missing}")
_ROLES = Text("{band}：岗位限于 {deciders}，不得重复", "{band}: only {deciders}, each once")
_ENDS = Text("{band}：最后一步须为 {last}", "{band}: the last step must be {last}")


def _check_routes(
    value: Mapping[str, Sequence[Role]],
    needed: Mapping[str, Collection[Role]],
    deciders: Collection[Role],
    last: Mapping[str, Collection[Role]],
) -> None:
    if value.keys() != last.keys():
        raise invalid("route-bands", _BANDS, bands=", ".join(last))
    for band, roles in value.items():
        if missing := set(needed[band]) - set(roles):
            raise invalid("route-lacks", _LACKS, band=band, missing=spoken_roles(missing))
        if len(roles) != len(set(roles)) or not set(roles) <= set(deciders):
            raise invalid("route-roles", _ROLES, band=band, deciders=spoken_roles(deciders))
        if not roles or roles[-1] not in last[band]:
            raise invalid("route-end", _ENDS, band=band, last=spoken_roles(last[band]))
