"""Settings of customer-svc, from CUSTOMER_SVC_… in the environment."""

from pydantic_settings import SettingsConfigDict

from fangxing.running.settings import ServiceSettings


class Settings(ServiceSettings):
    """See `ServiceSettings`."""

    model_config = SettingsConfigDict(env_prefix="CUSTOMER_SVC_")
