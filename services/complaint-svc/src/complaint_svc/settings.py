"""Settings of complaint-svc, from COMPLAINT_SVC_… in the environment."""

from pydantic_settings import SettingsConfigDict

from fangxing.running.settings import ServiceSettings


class Settings(ServiceSettings):
    """See `ServiceSettings`."""

    model_config = SettingsConfigDict(env_prefix="COMPLAINT_SVC_")
