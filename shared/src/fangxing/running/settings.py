"""Settings every service has, from the environment with the service's own prefix (`CUSTOMER_SVC_DATABASE_URL`, …)."""

from pathlib import Path

from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    """Where the service finds what it needs. A subclass sets the prefix.

    `kafka` is the brokers' address; without it the local bus at `bus_url` carries the events. `demo` marks the
    database as one whose business time may be moved forward; the mark is kept in the database and cannot be taken off.
    Published events are kept `outbox_days`, answers to repeat `idempotency_days`, and the ids of events taken in
    `inbox_days`, which must be longer than the transport keeps its messages. The service is not ready while an event
    waits longer than `ready_outbox_seconds` to be sent, or more than `ready_consumer_lag` messages wait to be taken in.
    """

    database_url: str
    pool_size: int = 10
    kafka: str | None = None
    bus_url: str | None = None
    topic_prefix: str = ""
    jwks: str
    issuer: str = "fangxing"
    audience: str = "fangxing"
    signing_key: Path
    demo: bool = False
    outbox_days: int = 14
    idempotency_days: int = 30
    inbox_days: int = 90
    ready_outbox_seconds: float = 60.0
    ready_consumer_lag: int = 10_000
    log_level: str = "INFO"

    def environment(self) -> dict[str, str]:
        """The environment a process is given to find the same settings."""
        prefix = self.model_config["env_prefix"]
        values = self.model_dump(mode="json", exclude_none=True)
        return {prefix + name.upper(): str(value) for name, value in values.items()}
