"""PostgreSQL behind TLS and nothing else: a proxy in front of the embedded server, whose wheel is built without it."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url

from fangxing_embedded.postgres import PostgresServer

_HOST = "127.0.0.1"
_SSL_REQUEST = struct.pack("!II", 8, 80877103)
_REFUSAL = b"SFATAL\0VFATAL\0C28000\0Mno encryption\0\0"


class Authority:
    """A certificate authority of a test's own; `certificate` is the file that clients trust."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority {directory.name}")])
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self.certificate = directory / "ca.crt"
        self.certificate.write_bytes(self._signed(self._name, self._key.public_key(), basic))
        self._directory = directory

    def server(self, address: str) -> ssl.SSLContext:
        """What a server at `address` needs to prove that it is there."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        there = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        both = self._directory / "server.pem"
        both.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + self._signed(name, key.public_key(), there)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType) -> bytes:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self._name, name, key, x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        certificate = builder.add_extension(extension, critical=False).sign(self._key, hashes.SHA256())
        return certificate.public_bytes(Encoding.PEM)


@dataclass
class TlsProxy:
    """The proxy; how many connections it let through, and how many that came without TLS it refused."""

    port: int = 0
    let_through: int = 0
    refused: int = 0

    def url(self, database: str, sslmode: str, trusted: Authority) -> str:
        """The address of a database behind the proxy, for who asks for `sslmode` and trusts one authority."""
        root = quote(str(trusted.certificate), safe="")
        return f"postgresql://postgres@{_HOST}:{self.port}/{database}?sslmode={sslmode}&sslrootcert={root}"


@asynccontextmanager
async def tls_proxy(postgres: PostgresServer, authority: Authority) -> AsyncIterator[TlsProxy]:
    """A port that leads to `postgres` for those who begin with TLS, certified by `authority`."""
    proxy = TlsProxy()
    context = authority.server(_HOST)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(_SSL_REQUEST)) != _SSL_REQUEST:
                proxy.refused += 1
                writer.write(b"E" + struct.pack("!I", 4 + len(_REFUSAL)) + _REFUSAL)
            else:
                writer.write(b"S")
                await writer.start_tls(context)
                proxy.let_through += 1
                await _join(reader, writer, *await _connect(postgres))
        writer.close()

    server = await asyncio.start_server(serve, _HOST, 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


async def _connect(postgres: PostgresServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = make_url(postgres.dsn("postgres"))
    directory = url.query.get("host")
    if directory:
        return await asyncio.open_unix_connection(f"{directory}/.s.PGSQL.{url.query.get('port', '5432')}")
    return await asyncio.open_connection(url.host, url.port or 5432)


async def _join(
    client: asyncio.StreamReader,
    to_client: asyncio.StreamWriter,
    server: asyncio.StreamReader,
    to_server: asyncio.StreamWriter,
) -> None:
    """Carry bytes both ways until either side closes."""

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while block := await source.read(64 * 1024):
                target.write(block)
                await target.drain()

    ways = [asyncio.ensure_future(carry(client, to_server)), asyncio.ensure_future(carry(server, to_client))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        to_server.close()
