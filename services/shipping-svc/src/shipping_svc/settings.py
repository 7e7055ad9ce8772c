"""Settings of shipping-svc, from SHIPPING_SVC_… in the environment."""

from pydantic_settings import SettingsConfigDict

from fangxing.running.settings import ServiceSettings


class Settings(ServiceSettings):
    """See `ServiceSettings`.

    The numbers of a scanner may jump by `scan_jump`; a scan may be `scan_late_hours` old when it comes, and
    `scan_ahead_minutes` ahead of our clock.
    """

    model_config = SettingsConfigDict(env_prefix="SHIPPING_SVC_")
    scan_jump: int = 1000
    scan_late_hours: int = 72
    scan_ahead_minutes: int = 15
