"""Settings of shipping-svc, from SHIPPING_SVC_… in the environment."""

from pydantic_settings import SettingsConfigDict

from fangxing.running.settings import ServiceSettings


class Settings(ServiceSettings):
    """See `ServiceSettings`."""

    model_config = SettingsConfigDict(env_prefix="SHIPPING_SVC_")
