"""Settings every service has, from the environment with the service's own prefix (`CUSTOMER_SVC_DATABASE_URL`, …)."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from fangxing.database.connecting import PATIENCE, Patience

Seconds = Annotated[float, Field(gt=0)]


class ServerSettings(BaseSettings):
    """What an HTTP server takes from whoever connects to it.

    A client has `head_seconds` for the head of a request, of at most `head_bytes`, and `body_seconds` for its body. A
    connection that asks nothing ends after `idle_seconds`. Of `connections` one address has at most half, unless a
    proxy is in front of us. `allowed_hosts` are the names in `Host` that are ours, "*.factory.cn" for all below one and
    "*" for any; `trusted_proxies` are the addresses and networks whose X-Forwarded-For is believed. Both are separated
    by commas.
    """

    connections: int = 512
    head_bytes: int = 32 * 1024
    head_seconds: float = 10
    body_seconds: float = 30
    idle_seconds: float = 30
    allowed_hosts: str = "localhost,127.0.0.1,::1"
    trusted_proxies: str = ""


class ServiceSettings(ServerSettings):
    """Where the service finds what it needs. A subclass sets the prefix.

    `database_url` and `bus_url` are libpq addresses; TLS is said there, by sslmode and sslrootcert. The `…_seconds`
    bound what a connection to PostgreSQL waits for, see `Patience`; `frozen_seconds` is the silence after which a
    worker has lost the leadership, or its turn on the local bus.

    `kafka` is the brokers' address; without it the local bus at `bus_url` carries the events. `demo` marks the
    database as one whose business time may be moved forward; the mark is kept in the database and cannot be taken off.
    `issuer` and `audience` are what tokens must say: the provider, and this deployment and no other. `jwks` is the
    address or the file of the provider's keys, `roles_claim` where its tokens carry the roles (`realm_access.roles` for
    one inside another). A token lives `token_max_seconds` at most; clocks may differ by `token_leeway_seconds`. Keys
    are read again after `jwks_refresh_seconds`, never twice within `jwks_pause_seconds`, and used
    `jwks_outage_seconds` longer while the provider does not answer.
    `staff_required`: whoever has no staff record holds no role; by default so outside a demo. What is on record about
    a person is asked again after `staff_seconds`, so that whoever has left is out within a minute.
    Published events are kept `outbox_days`, answers to repeat `idempotency_days`, and the ids of events taken in
    `inbox_days`, which must be longer than the transport keeps its messages. `attachments_url` is where
    attachments lie, `file:///var/lib/…` or `s3://bucket/folder` (keys from the environment, as the AWS tools read
    them); without it none are taken. `telling` is the file, a secret one, that says where those of a role are told of
    their tasks (docs/tasks.md); without it nobody is.
    In `guess_seconds` one caller at one address may be wrong `guesses` times: about a device's key, or an exit pass.
    The service is not ready while an event waits longer than `ready_outbox_seconds` to be sent, or more than
    `ready_consumer_lag` messages wait to be taken in.
    """

    # what cannot be read is named, and not shown: it may be a password
    model_config = SettingsConfigDict(hide_input_in_errors=True)

    database_url: SecretStr
    pool_size: int = 10
    connect_seconds: Seconds = PATIENCE.connect
    pool_seconds: Seconds = PATIENCE.pool
    lock_seconds: Seconds = PATIENCE.lock
    crowded_lock_seconds: Seconds = PATIENCE.crowded_lock
    statement_seconds: Seconds = PATIENCE.statement
    long_statement_seconds: Seconds = PATIENCE.long_statement
    idle_in_transaction_seconds: Seconds = PATIENCE.idle_in_transaction
    frozen_seconds: Seconds = 15.0
    kafka: str | None = None
    bus_url: SecretStr | None = None
    topic_prefix: str = ""
    jwks: str
    issuer: str
    audience: str
    roles_claim: str = "roles"
    token_max_seconds: int = 12 * 3600
    token_leeway_seconds: int = 30
    jwks_refresh_seconds: float = 300.0
    jwks_pause_seconds: float = 10.0
    jwks_outage_seconds: float = 12 * 3600.0
    signing_key: Path
    demo: bool = False
    staff_required: bool | None = None
    staff_seconds: Annotated[float, Field(ge=0, le=30)] = 15.0
    outbox_days: int = 14
    idempotency_days: int = 30
    inbox_days: int = 90
    attachments_url: str | None = None
    telling: Path | None = None
    guesses: int = 10
    guess_seconds: int = 600
    ready_outbox_seconds: float = 60.0
    ready_consumer_lag: int = 10_000
    log_level: str = "INFO"

    @property
    def patience(self) -> Patience:
        """How long a connection to PostgreSQL waits for what."""
        return Patience(
            connect=self.connect_seconds,
            pool=self.pool_seconds,
            lock=self.lock_seconds,
            crowded_lock=self.crowded_lock_seconds,
            statement=self.statement_seconds,
            long_statement=self.long_statement_seconds,
            idle_in_transaction=self.idle_in_transaction_seconds,
        )

    def environment(self) -> dict[str, str]:
        """The environment a process is given to find the same settings, secrets and all."""
        prefix = self.model_config["env_prefix"]
        values = self.model_dump(exclude_none=True)
        return {prefix + name.upper(): _plain(value) for name, value in values.items()}


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
