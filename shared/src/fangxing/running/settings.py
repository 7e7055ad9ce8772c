"""Settings every service has, from the environment with the service's own prefix (`CUSTOMER_SVC_DATABASE_URL`, …)."""

from pathlib import Path

from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    """Where the service finds what it needs. A subclass sets the prefix.

    `kafka` is the brokers' address; without it the local bus at `bus_url` carries the events. `demo` marks the
    database as one whose business time may be moved forward; the mark is kept in the database and cannot be taken off.
    `issuer` and `audience` are what tokens must say: the provider, and this deployment and no other. `jwks` is the
    address or the file of the provider's keys, `roles_claim` where its tokens carry the roles (`realm_access.roles` for
    one inside another). A token lives `token_max_seconds` at most; clocks may differ by `token_leeway_seconds`. Keys
    are read again after `jwks_refresh_seconds`, never twice within `jwks_pause_seconds`, and used
    `jwks_outage_seconds` longer while the provider does not answer.
    Published events are kept `outbox_days`, answers to repeat `idempotency_days`, and the ids of events taken in
    `inbox_days`, which must be longer than the transport keeps its messages.
    """

    database_url: str
    pool_size: int = 10
    kafka: str | None = None
    bus_url: str | None = None
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
    outbox_days: int = 14
    idempotency_days: int = 30
    inbox_days: int = 90
    log_level: str = "INFO"

    def environment(self) -> dict[str, str]:
        """The environment a process is given to find the same settings."""
        prefix = self.model_config["env_prefix"]
        values = self.model_dump(mode="json", exclude_none=True)
        return {prefix + name.upper(): str(value) for name, value in values.items()}
