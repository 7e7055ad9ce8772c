"""Tokens and the keys they are checked with: what a provider may say, and what a stranger may send."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa

from fangxing.auth import Principal, TokenRules, TokenVerifier
from fangxing.errors import DomainError
from fangxing.jwks import KeySet
from fangxing.roles import Role
from fangxing_testing.identity import AUDIENCE, ISSUER
from fangxing_testing.provider import PrivateKey, Provider, Signer, provider
from fangxing_testing.waiting import eventually

YEAR = 365 * 24 * 3600
RSA_2048 = rsa.generate_private_key(public_exponent=65537, key_size=2048)
P_256 = ec.generate_private_key(ec.SECP256R1())


def verifier_of(
    served: Provider | Path, *, leeway_seconds: int = 30, roles_claim: str = "roles", **reading: float
) -> TokenVerifier:
    """A verifier of its own; `reading` is how it reads the keys."""
    source = served.url if isinstance(served, Provider) else str(served)
    rules = TokenRules(ISSUER, AUDIENCE, roles_claim=roles_claim, leeway_seconds=leeway_seconds)
    return TokenVerifier(KeySet(source, **reading), rules)


async def signed_in(verifier: TokenVerifier, token: str) -> Principal:
    return await verifier.principal(f"Bearer {token}")


async def refused(verifier: TokenVerifier, token: str) -> str | None:
    """The slug a token is refused with; None where it signs in."""
    try:
        await signed_in(verifier, token)
    except DomainError as error:
        return error.type.slug
    return None


@pytest.mark.parametrize(
    ("private", "algorithm"), [(None, "EdDSA"), (RSA_2048, "RS256"), (P_256, "ES256")], ids=["EdDSA", "RS256", "ES256"]
)
@pytest.mark.parametrize("said", [{}, {"use": None, "alg": None}, {"key_ops": ["verify"], "use": None}])
async def test_a_key_a_provider_may_publish_signs_in(
    private: PrivateKey | None, algorithm: str, said: dict[str, Any]
) -> None:
    signer = Signer("k", algorithm, private=private, **said)
    async with provider(signer) as served:
        principal = await signed_in(verifier_of(served), signer.token())
        assert (principal.id, principal.roles) == ("wang", frozenset({Role.SALES_REP}))


async def test_a_token_lives_no_longer_than_the_maximum_whatever_it_says() -> None:
    signer, now = Signer("k"), int(time.time())
    async with provider(signer) as served:
        verifier = verifier_of(served)
        for what, token in {
            "for fifty years": signer.token(exp=now + 50 * YEAR),
            "a second too long": signer.token(exp=now + 12 * 3600 + 1),
            "signed last year, good until tomorrow": signer.token(iat=now - YEAR, exp=now + 3600),
            "that does not say since when": signer.token(iat=None),
            "since never": signer.token(iat=float("-inf")),
            "for ever": signer.token(exp=float("inf")),
            "since tomorrow": signer.token(iat=now + 24 * 3600, exp=now + 25 * 3600),
            "not before tomorrow": signer.token(nbf=now + 24 * 3600),
        }.items():
            assert await refused(verifier, token) == "token-invalid", what
        assert await refused(verifier, signer.token(exp=now + 12 * 3600)) is None


async def test_clocks_may_differ_by_the_leeway_and_no_more() -> None:
    signer, now = Signer("k"), int(time.time())
    async with provider(signer) as served:
        verifier = verifier_of(served, leeway_seconds=60)
        near, far = 30, 90
        assert await refused(verifier, signer.token(iat=now + near)) is None
        assert await refused(verifier, signer.token(nbf=now + near)) is None
        assert await refused(verifier, signer.token(iat=now - 3600, exp=now - near)) is None
        assert await refused(verifier, signer.token(iat=now + far)) == "token-invalid"
        assert await refused(verifier, signer.token(nbf=now + far)) == "token-invalid"
        assert await refused(verifier, signer.token(iat=now - 3600, exp=now - far)) == "token-invalid"


@pytest.mark.parametrize("typ", ["logout+jwt", "secevent+jwt", "dpop+jwt", "JWE", "", None, 5, ["JWT"]])
async def test_a_token_of_another_type_signs_nobody_in(typ: object) -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served)
        assert await refused(verifier, signer.token(header={"typ": typ})) == "token-invalid"
        for allowed in ("JWT", "jwt", "at+jwt", "application/at+jwt"):
            assert await refused(verifier, signer.token(header={"typ": allowed})) is None


@pytest.mark.parametrize(
    "subject",
    [
        *("system", "System", "ｓｙｓｔｅｍ", "cli", "device:s-1", "Device:s-1", "service:shipping-svc", "device:"),
        *(" wang", "wang ", "sys\u200btem", "wang\u202e", "\u00a0", "wang\u3164", "sy stem"),
    ],
)
async def test_a_name_of_the_machinery_or_one_that_looks_like_another_is_nobodys(subject: str) -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served)
        assert await refused(verifier, signer.token(sub=subject)) == "token-invalid"
        for free in ("systems", "wang", "王小明", "li wei", "auth0|5f7c", "a.b@c.cn"):
            assert (await signed_in(verifier, signer.token(sub=free))).id == free


@pytest.mark.parametrize(
    "signer",
    [
        Signer("k", use="enc"),
        Signer("k", use=None, key_ops=["encrypt"]),
        Signer("k", use=None, key_ops="verify"),
        Signer("k", "RS256", private=rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        Signer("k", "RS256", private=RSA_2048, alg="RS512"),
        Signer("k", "RS256", private=RSA_2048, alg="RSA-OAEP"),
        Signer("k", "RS512", private=RSA_2048),
        Signer("k", "HS256", private=b"a shared secret of more than thirty-two bytes"),
        Signer("k", "HS256", private=b"short", alg=None),
        Signer("k", "ES384", private=ec.generate_private_key(ec.SECP384R1())),
        Signer("k", "ES256K", private=ec.generate_private_key(ec.SECP256K1())),
        Signer("k", "EdDSA", private=ed448.Ed448PrivateKey.generate()),
        Signer("k", d="AAAA"),
    ],
    ids=lambda signer: f"{signer.algorithm} {signer.published['kty']} {signer.published.get('use')}",
)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_a_key_for_something_else_or_too_weak_is_no_key(signer: Signer) -> None:
    good = Signer("good")
    async with provider(signer, good) as served:
        verifier = verifier_of(served)
        assert await refused(verifier, signer.token()) == "token-invalid"
        # it spoils no other key of the set
        assert await refused(verifier, good.token()) is None


async def test_a_token_is_checked_with_the_algorithm_of_its_key_alone() -> None:
    one, other = Signer("k", "RS256", private=RSA_2048), Signer("k", "ES256", private=P_256)
    async with provider(one, other) as served:
        # the same id for two kinds of key is what RFC 7517 allows
        assert await refused(verifier_of(served), one.token()) is None
        assert await refused(verifier_of(served), other.token()) is None


async def test_a_key_withdrawn_from_the_set_ends_also_for_tokens_seen_before() -> None:
    old, new = Signer("old"), Signer("new")
    async with provider(old) as served:
        verifier = verifier_of(served, refresh_seconds=0, pause_seconds=0)
        token = old.token()
        assert await refused(verifier, token) is None
        served.publish(new)
        assert await refused(verifier, token) == "token-invalid"
        assert await refused(verifier, new.token()) is None


async def test_another_key_under_the_same_id_ends_the_tokens_of_the_first() -> None:
    first, second = Signer("k"), Signer("k")
    async with provider(first) as served:
        verifier = verifier_of(served, refresh_seconds=0, pause_seconds=0)
        token = first.token()
        assert await refused(verifier, token) is None
        served.publish(second)
        assert await refused(verifier, token) == "token-invalid"


async def test_a_set_without_any_key_ends_all() -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served, refresh_seconds=0, pause_seconds=0)
        assert await refused(verifier, signer.token()) is None
        served.publish()
        assert await refused(verifier, signer.token()) == "token-invalid"


async def test_a_hundred_bogus_tokens_fetch_the_keys_once() -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served)
        bogus = [Signer(f"bogus-{number}").token() for number in range(100)]
        assert set(await asyncio.gather(*(refused(verifier, token) for token in bogus))) == {"token-invalid"}
        for token in bogus:
            await refused(verifier, token)
        assert served.fetches == 1
        assert await refused(verifier, signer.token()) is None
        assert served.fetches == 1


async def test_a_hundred_bogus_tokens_ask_a_broken_provider_once() -> None:
    async with provider() as served:
        served.status = 500
        verifier = verifier_of(served)
        bogus = [Signer(f"bogus-{number}").token() for number in range(100)]
        for token in bogus:
            assert await refused(verifier, token) == "sign-in-unavailable"
        assert served.fetches == 1


async def test_a_new_key_is_found_once_the_pause_is_over() -> None:
    old, new = Signer("old"), Signer("new")
    async with provider(old) as served:
        verifier = verifier_of(served, pause_seconds=0.2)
        assert await refused(verifier, old.token()) is None
        served.publish(old, new)
        token = new.token()

        async def found() -> bool:
            return await refused(verifier, token) is None

        await eventually(found)
        assert served.fetches == 2


async def test_whoever_is_known_waits_for_no_provider_that_is_down_and_goes_on_for_a_bounded_time() -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served, refresh_seconds=0, pause_seconds=0.05, outage_seconds=1.5)
        assert await refused(verifier, signer.token()) is None
        served.status = 503
        assert await refused(verifier, signer.token(sub="li")) is None
        served.answers.clear()
        async with asyncio.timeout(1):
            for subject in ("zhao", "qian", "sun"):
                assert await refused(verifier, signer.token(sub=subject)) is None

        async def over() -> bool:
            return await refused(verifier, signer.token()) == "sign-in-unavailable"

        served.answers.set()
        await eventually(over)
        served.status = 200

        async def back() -> bool:
            return await refused(verifier, signer.token()) is None

        await eventually(back)


@pytest.mark.parametrize("body", [b"not json", b"[]", b"{}", b'{"keys": {}}', b'{"keys": ["k"]}', b" " * 300_000])
async def test_what_is_no_key_set_or_too_large_changes_nothing(body: bytes) -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served, refresh_seconds=0, pause_seconds=0)
        assert await refused(verifier, signer.token()) is None
        served.body = body + served.body if body.isspace() else body
        assert await refused(verifier, signer.token()) is None
        assert await refused(verifier_of(served), signer.token()) == "sign-in-unavailable"


async def test_a_provider_that_never_answers_is_waited_for_a_bounded_time() -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        served.answers.clear()
        verifier = verifier_of(served, fetch_seconds=0.3)
        async with asyncio.timeout(3):
            assert await refused(verifier, signer.token()) == "sign-in-unavailable"


async def test_whoever_stops_waiting_stops_the_fetch_for_nobody_else() -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        served.answers.clear()
        verifier = verifier_of(served)
        impatient = asyncio.create_task(signed_in(verifier, signer.token()))
        patient = asyncio.create_task(signed_in(verifier, signer.token()))

        async def asked() -> bool:
            return served.fetches == 1

        await eventually(asked)
        impatient.cancel()
        served.answers.set()
        assert (await patient).id == "wang"
        assert served.fetches == 1


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("roles", {"roles": ["gate_guard"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["gate_guard", "offline_access"]}}),
        ("https://factory.example/roles", {"https://factory.example/roles": ["gate_guard"]}),
    ],
)
async def test_roles_are_read_where_the_provider_puts_them(claim: str, claims: dict[str, Any]) -> None:
    signer = Signer("k")
    async with provider(signer) as served:
        verifier = verifier_of(served, roles_claim=claim)
        there: dict[str, Any] = {"roles": None, **claims}
        assert (await signed_in(verifier, signer.token(**there))).roles == {Role.GATE_GUARD}
        for said in ({"realm_access": "gate_guard"}, {"realm_access": {"roles": {"gate_guard": 1}}}, {"roles": 5}):
            elsewhere: dict[str, Any] = {"roles": None, **said}
            assert (await signed_in(verifier, signer.token(**elsewhere))).roles == frozenset()


async def test_a_key_set_in_a_file_is_read_again_too(tmp_path: Path) -> None:
    old, new, path = Signer("old"), Signer("new"), tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [old.published]}))
    verifier = verifier_of(path, refresh_seconds=0, pause_seconds=0)
    assert await refused(verifier, old.token()) is None
    path.write_text(json.dumps({"keys": [new.published]}))
    assert await refused(verifier, old.token()) == "token-invalid"
    path.unlink()
    assert await refused(verifier, new.token()) is None


async def test_the_provider_of_the_tests_is_a_real_server() -> None:
    async with provider(Signer("k")) as served, httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(served.url)).json()["keys"][0]["kid"] == "k"
        assert served.fetches == 1
