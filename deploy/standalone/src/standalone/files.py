"""Files the standalone keeps beside its databases: keys only their owner can read, and files that appear whole.

And where the source tree is, for the commands that write into it.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

ROOT = Path(__file__).parents[4]
"""The top of the source tree this runs from; where it is installed from wheels there is none."""


def need_source_tree() -> None:
    """End the command, which writes into the source tree, where there is none."""
    if not (ROOT / "services").is_dir():
        raise SystemExit("this writes into the source tree, and here is none")


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file that is either absent (or what it was) or complete, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)


def private_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key kept at `path` as PEM, made there with mode 0600 the first time."""
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        write_whole(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key
