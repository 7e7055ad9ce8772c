"""Channels 通知渠道: the robots of WeCom 企业微信 and DingTalk 钉钉, and mail, by role, as a file of secrets says.

::

    language = "zh-CN"
    base_url = "https://fangxing.factory.cn"

    [roles.finance_manager]
    wecom = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"

    [roles.sales_manager]
    dingtalk = "https://oapi.dingtalk.com/robot/send?access_token=…"
    dingtalk_secret = "SEC…"
    mail = ["sales@factory.cn"]

    [smtp]
    host = "mail.factory.cn"
    sender = "fangxing@factory.cn"
"""

import asyncio
import base64
import hmac
import smtplib
import ssl
import tomllib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from fangxing.roles import Role
from fangxing.telling.messages import Message
from fangxing.text import Language

MOST_BYTES = 4000
"""The most of one message; a WeCom robot takes 4096 bytes."""
_SECONDS = 10.0
_ANSWER_BYTES = 64 * 1024


class NotTold(Exception):
    """A channel did not take a message; says why without saying where the channel is."""


def _of_a_robot(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("a robot is reached over https")
    return url


_Url = Annotated[SecretStr, AfterValidator(_of_a_robot)]
_Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", max_length=200)]


class _Part(BaseModel):
    # what cannot be read is named, and not shown: it may be a secret
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Smtp(_Part):
    """The server that mail leaves by; `security` is how the connection is made safe."""

    host: str
    port: Annotated[int, Field(gt=0, lt=65536)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str | None = None
    password: SecretStr | None = None
    sender: _Mail


class RoleChannels(_Part):
    """Where those of a role are told: any of the three, or several."""

    wecom: _Url | None = None
    dingtalk: _Url | None = None
    dingtalk_secret: SecretStr | None = None
    mail: list[_Mail] = []


class TellingSettings(_Part):
    """Who is told where. A channel gets a message in `pause_seconds` at most, since five services may share a robot."""

    language: Language = "zh-CN"
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s()]+$")] | None = None
    pause_seconds: Annotated[float, Field(gt=0)] = 15.0
    smtp: Smtp | None = None
    roles: dict[Role, RoleChannels] = {}

    @model_validator(mode="after")
    def _mail_has_a_server(self) -> Self:
        if self.smtp is None and any(channels.mail for channels in self.roles.values()):
            raise ValueError("mail needs [smtp]")
        return self


class Channel(ABC):
    """One way to tell those of one role."""

    @abstractmethod
    async def send(self, message: Message, now: datetime) -> None:
        """Send the message; raises `NotTold`."""


class _Robot(Channel):
    """A robot in a group takes JSON at a secret address and answers `errcode` 0."""

    def __init__(self, url: SecretStr) -> None:
        self._url = url

    async def send(self, message: Message, now: datetime) -> None:
        try:
            async with httpx.AsyncClient(timeout=_SECONDS) as client, asyncio.timeout(_SECONDS):
                url = httpx.URL(self._url.get_secret_value()).copy_merge_params(self._signed(now))
                answer = await client.post(url, json=self._body(message))
                said = answer.json() if answer.status_code == 200 else {}
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise NotTold(type(error).__name__) from None
        if answer.status_code != 200 or said.get("errcode") != 0:
            code = said.get("errcode")
            raise NotTold(f"HTTP {answer.status_code}" + ("" if code is None else f", errcode {code}"))

    def _signed(self, now: datetime) -> dict[str, str]:
        return {}

    @abstractmethod
    def _body(self, message: Message) -> dict[str, object]: ...


class WeCom(_Robot):
    """A robot in a group of WeCom; it takes twenty messages a minute, of 4096 bytes each."""

    def _body(self, message: Message) -> dict[str, object]:
        return {"msgtype": "markdown", "markdown": {"content": message.markdown("\n")}}


class DingTalk(_Robot):
    """A robot in a group of DingTalk, with its signature where it has a secret; it takes twenty messages a minute."""

    def __init__(self, url: SecretStr, secret: SecretStr | None) -> None:
        super().__init__(url)
        self._secret = secret

    def _signed(self, now: datetime) -> dict[str, str]:
        if self._secret is None:
            return {}
        secret, timestamp = self._secret.get_secret_value(), str(round(now.timestamp() * 1000))
        digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
        return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}

    def _body(self, message: Message) -> dict[str, object]:
        text = message.markdown("\n\n")
        return {"msgtype": "markdown", "markdown": {"title": message.heading, "text": text}}


@dataclass(frozen=True, slots=True)
class Mail(Channel):
    """Mail to a few addresses."""

    server: Smtp
    to: tuple[str, ...]

    async def send(self, message: Message, now: datetime) -> None:
        """Send the message; raises `NotTold`."""
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.heading, self.server.sender, ", ".join(self.to)
        mail["Date"] = now
        mail.set_content(message.text())
        try:
            await asyncio.to_thread(self._deliver, mail)
        except (smtplib.SMTPException, OSError) as error:
            code = getattr(error, "smtp_code", None)
            raise NotTold(type(error).__name__ if code is None else f"SMTP {code}") from None

    def _deliver(self, mail: EmailMessage) -> None:
        server, safe = self.server, ssl.create_default_context()
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=safe)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        with connection:
            if server.security == "starttls":
                connection.starttls(context=safe)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password.get_secret_value())
            connection.send_message(mail)


class Channels:
    """The channels of every role, as `settings` say; none where there are no settings."""

    def __init__(self, settings: TellingSettings | None = None) -> None:
        self.settings = settings or TellingSettings()
        self.by_name: dict[str, tuple[Role, Channel]] = {}
        for role, given in self.settings.roles.items():
            if given.wecom:
                self.by_name[f"{role}/wecom"] = role, WeCom(given.wecom)
            if given.dingtalk:
                self.by_name[f"{role}/dingtalk"] = role, DingTalk(given.dingtalk, given.dingtalk_secret)
            if given.mail and self.settings.smtp:
                self.by_name[f"{role}/mail"] = role, Mail(self.settings.smtp, tuple(given.mail))

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """The channels of the file at `path`; raises ValueError where it cannot be read, without its secrets."""
        if path is None:
            return cls()
        with path.open("rb") as file:
            return cls(TellingSettings.model_validate(tomllib.load(file)))

    def of(self, role: Role) -> list[str]:
        """The names of the channels on which `role` is told."""
        return [name for name, (told, _) in self.by_name.items() if told is role]
