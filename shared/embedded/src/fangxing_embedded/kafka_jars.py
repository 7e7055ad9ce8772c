"""Apache Kafka's jars, downloaded once by Maven into the project's own folder."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from fangxing_embedded.kafka_ready import KafkaUnavailableError
from fangxing_embedded.processes import FileLock

_DOWNLOAD_SECONDS: Final = 600.0
_DOWNLOAD_ATTEMPTS: Final = 4


def kafka_libs(project_root: Path) -> Path:
    """Directory with Kafka's jars, downloaded by Maven the first time; safe in parallel processes.

    Raises KafkaUnavailableError if Java 17 or Maven is missing or the download fails.
    """
    _require_java()
    pom = project_root / "deploy" / "kafka" / "pom.xml"
    wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    cache = project_root / ".kafka"
    libs = cache / "libs"
    stamp = libs / ".stamp"
    cache.mkdir(exist_ok=True)
    lock = FileLock(cache / "lock")
    if not lock.acquire(_DOWNLOAD_SECONDS):
        raise KafkaUnavailableError(f"process {lock.holder()} is still downloading Kafka")
    try:
        if stamp.exists() and stamp.read_text() == wanted:
            return libs
        fresh = cache / "libs.new"
        _download(pom, fresh)
        (fresh / ".stamp").write_text(wanted)
        shutil.rmtree(libs, ignore_errors=True)
        fresh.rename(libs)
        return libs
    finally:
        lock.release()


def _require_java() -> None:
    try:
        said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True, timeout=30).stderr
    except (OSError, subprocess.SubprocessError) as error:
        raise KafkaUnavailableError(f"no Java: {error}") from None
    quoted = said.split('"')
    major = quoted[1].split(".")[0].split("-")[0] if len(quoted) > 1 else ""
    if not major.isdigit() or int(major) < 17:
        raise KafkaUnavailableError(f"Kafka needs Java 17 or newer, this is {said.splitlines()[:1]}")


def _download(pom: Path, target: Path) -> None:
    print("fangxing: downloading Apache Kafka once, by Maven", file=sys.stderr, flush=True)
    command = [
        *("mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"),
        f"-DoutputDirectory={target}",
    ]
    said = ""
    for attempt in range(_DOWNLOAD_ATTEMPTS):
        # Half a download must not be taken for a whole one, nor a failed look-up be remembered by Maven (-U).
        shutil.rmtree(target, ignore_errors=True)
        try:
            done = subprocess.run(
                command if attempt == 0 else [*command, "-U"],
                capture_output=True,
                text=True,
                check=False,
                timeout=_DOWNLOAD_SECONDS / _DOWNLOAD_ATTEMPTS,
            )
        except OSError as error:
            raise KafkaUnavailableError(f"no Maven: {error}") from None
        except subprocess.TimeoutExpired:
            said = "Maven hangs"
            continue
        if done.returncode == 0 and any(target.glob("kafka_*.jar")):
            return
        said = (done.stdout + done.stderr)[-2000:]
    raise KafkaUnavailableError(f"Maven cannot download Kafka:\n{said}")
