"""Who may call a route. Deny unless allowed: a route that declares nothing keeps the application from starting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fangxing.auth import Principal, role_required
from fangxing.moves import Move
from fangxing.roles import Role

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration of one route.

    `roles` may call it with a token; `device` names the kind of device that may call it with its key; `idempotent` is
    False where the call moves nothing, or where something other than the header makes a repeat harmless; `throttled` is
    True where who guesses too often is not heard for a while; `whoever` is True where it is all the same whether the
    caller holds a role.
    """

    roles: frozenset[Role] = frozenset()
    public: bool = False
    device: str | None = None
    idempotent: bool = True
    throttled: bool = False
    whoever: bool = False

    @property
    def urgent(self) -> bool:
        """Whether a truck waits for the answer: the route of a device, or of gate guards alone.

        Such a route gets connections that nothing else uses, so it may lock no row that the desk holds for long.
        """
        return self.device is not None or self.roles == {Role.GATE_GUARD}

    def check(self, principal: Principal) -> None:
        """Raise `role-required` unless the principal holds one of the roles."""
        if not self.whoever and not principal.has(*self.roles):
            raise role_required(*self.roles)


def _declare(access: Access) -> Callable[[_F], _F]:
    def mark(endpoint: _F) -> _F:
        endpoint.__access__ = access  # type: ignore[attr-defined]
        return endpoint

    return mark


def allow(*by: Role | Move[Any], idempotent: bool = True, throttled: bool = False) -> Callable[[_F], _F]:
    """The route is for people who hold one of these roles, or one that a document's `Move` gives to its action."""
    roles = {role for item in by for role in (item.roles if isinstance(item, Move) else (item,))}
    return _declare(Access(frozenset(roles), idempotent=idempotent, throttled=throttled))


def employees(*, idempotent: bool = True) -> Callable[[_F], _F]:
    """The route is for everybody who holds a role."""
    return _declare(Access(frozenset(Role), idempotent=idempotent))


def signed_in() -> Callable[[_F], _F]:
    """The route is for everybody who is signed in, whether he holds a role or not; it only reads."""
    return _declare(Access(frozenset(Role), idempotent=False, whoever=True))


def devices(kind: str) -> Callable[[_F], _F]:
    """The route is for enrolled devices of `kind`, by their key; sequence numbers make repeats harmless."""
    return _declare(Access(device=kind, idempotent=False, throttled=True))


def public() -> Callable[[_F], _F]:
    """The route is for everybody."""
    return _declare(Access(public=True, idempotent=False))


def access_of(endpoint: Callable[..., Any]) -> Access:
    """The declaration of `endpoint`; raises LookupError where there is none."""
    access: Access | None = getattr(endpoint, "__access__", None)
    if access is None:
        raise LookupError(f"{endpoint.__module__}.{endpoint.__qualname__} declares no access")
    return access
