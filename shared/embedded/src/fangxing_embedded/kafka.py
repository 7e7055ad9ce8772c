"""Kafka for tests and `make run-kafka`: an address, Docker, Apache Kafka by Maven, or librdkafka's mock."""

import atexit
import importlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Protocol, Self

from fangxing_embedded.kafka_jars import kafka_libs
from fangxing_embedded.kafka_ready import KafkaUnavailableError, wait_for_kafka
from fangxing_embedded.processes import FileLock, Leash, Stopped, end_leftover_process, why_it_ended

ADDRESS_VARIABLE: Final = "FANGXING_KAFKA"
DEFAULT_PARTITIONS: Final = 6
_DOCKER_IMAGE: Final = "confluentinc/cp-kafka:7.9.0"
_READY_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 15.0
_OWNER_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.05

Flavour = Literal["address", "docker", "apache", "mock"]


class KafkaBroker(Protocol):
    """A broker to talk to."""

    @property
    def bootstrap(self) -> str:
        """host:port, as clients want it."""
        ...

    @property
    def flavour(self) -> Flavour:
        """Where it comes from. A mock keeps nothing and does not know all requests."""
        ...

    def stop(self) -> None:
        """End the broker if it is ours; nothing happens the second time."""
        ...


@dataclass
class RunningKafka:
    """A broker whose life is somebody else's business, or a function's."""

    bootstrap: str
    flavour: Flavour
    on_stop: Callable[[], object] = field(default=lambda: None, repr=False)

    def stop(self) -> None:
        """See KafkaBroker."""
        on_stop, self.on_stop = self.on_stop, lambda: None
        on_stop()


class ApacheKafka(Stopped):
    """One Apache Kafka node in KRaft mode, broker and controller in one Java process, on loopback only.

    Its messages survive `halt` (kill -9) and are there again after `resume` or a new start on the directory, which
    is this process's alone while the broker runs. A broker left over by a killed run is ended first.
    """

    def __init__(self, data_dir: Path, port: int, libs: Path) -> None:
        """Use `start`; this neither formats nor starts anything."""
        self.data_dir: Final = data_dir
        self.port: Final = port
        self.log: Final = data_dir / "broker.log"
        self._libs = libs
        self._lock = FileLock(data_dir / "owner.lock")
        self._pid_file = data_dir / "broker.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self._leash: Leash | None = None
        self._owner = os.getpid()

    @classmethod
    def start(cls, data_dir: Path, *, port: int | None = None) -> Self:
        """Start a broker and wait until it answers; a directory used before comes back with its data.

        Downloads Kafka once into the project. Raises KafkaUnavailableError if Java, Maven or the download is
        missing, or if the broker does not come up.
        """
        libs = kafka_libs(_project_root())
        data_dir = data_dir.resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        attempts = 3 if port is None else 1
        while True:
            attempts -= 1
            broker = cls(data_dir, port or free_port(), libs)
            try:
                broker.resume()
            except KafkaUnavailableError as error:
                # Somebody may have taken the port between our look and the broker's.
                if attempts == 0 or "Address already in use" not in str(error):
                    raise
            else:
                return broker

    @property
    def bootstrap(self) -> str:
        """See KafkaBroker."""
        return f"127.0.0.1:{self.port}"

    @property
    def flavour(self) -> Flavour:
        """See KafkaBroker."""
        return "apache"

    def halt(self) -> None:
        """Kill the broker process as a power cut would; `resume` brings it back."""
        self._end(signal.SIGKILL)

    @property
    def pid(self) -> int | None:
        """Process id of the broker; None while there is none."""
        return self._process.pid if self._process is not None else None

    @property
    def alive(self) -> bool:
        """Whether the broker's process runs."""
        return self._process is not None and self._process.poll() is None

    def resume(self) -> None:
        """Start on the same port and data and wait until it answers; nothing happens if it runs.

        Raises KafkaUnavailableError, also where another living process owns the directory.
        """
        if self.alive:
            return
        self._end(signal.SIGKILL)
        # A little patience: the owner may be shutting down after Ctrl-C.
        if not self._lock.acquire(_OWNER_SECONDS):
            raise KafkaUnavailableError(f"{self.data_dir} is in use by process {self._lock.holder()}")
        try:
            self._start_process()
            wait_for_kafka(self.bootstrap, _READY_SECONDS, alive=lambda: self.alive)
        except KafkaUnavailableError as error:
            self.halt()
            raise KafkaUnavailableError(f"{error}\n{why_it_ended(self.log)}") from None
        except BaseException:
            self.halt()
            raise

    def stop(self) -> None:
        """End the broker in an orderly way; nothing happens if it does not run."""
        # A forked child inherits the atexit hook but not the broker.
        if os.getpid() == self._owner:
            self._end(signal.SIGTERM)

    def _start_process(self) -> None:
        configuration = self.data_dir / "server.properties"
        self._end_leftover(configuration)
        self._configure(configuration)
        if not (self.data_dir / "log" / "meta.properties").exists():
            self._format(configuration)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._java("-Xms256m"), "kafka.Kafka", str(configuration)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.data_dir,
                # Ctrl-C in the terminal is for us; we end the broker afterwards.
                start_new_session=True,
            )
        self._leash = Leash(self._process.pid, "KILL")
        atexit.register(self.stop)
        self._pid_file.write_text(f"{self._process.pid}\n")

    def _end_leftover(self, configuration: Path) -> None:
        """End the broker a killed run left on this directory, so that there are never two on one log."""
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return
        if not end_leftover_process(pid, configuration, [(signal.SIGKILL, _STOP_SECONDS)]):
            raise KafkaUnavailableError(f"process {pid}, a leftover broker on {self.data_dir}, cannot be ended")

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        leash, self._leash = self._leash, None
        if leash is not None:
            leash.release()
        if process is not None:
            atexit.unregister(self.stop)
            process.send_signal(number)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._lock.release()

    def _java(self, *options: str) -> list[str]:
        return [
            *("java", "-Xmx512m", *options, "-XX:+UseSerialGC", "-Djava.awt.headless=true"),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            *("-cp", f"{self._libs}/*"),
        ]

    def _configure(self, path: Path) -> None:
        controller = free_port()
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.data_dir / "log"),
            **_SINGLE_NODE,
        }
        path.write_text("".join(f"{name}={_escaped(value)}\n" for name, value in settings.items()))

    def _format(self, configuration: Path) -> None:
        # What a format that was cut short left behind would make the next one refuse.
        shutil.rmtree(self.data_dir / "log", ignore_errors=True)
        cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [
            *(*self._java("-XX:TieredStopAtLevel=1"), "kafka.tools.StorageTool", "format"),
            f"--cluster-id={cluster_id}",
            f"--config={configuration}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.data_dir)
        if done.returncode != 0:
            said = (done.stdout + done.stderr)[-2000:]
            raise KafkaUnavailableError(f"Kafka's storage cannot be formatted in {self.data_dir}:\n{said}")


_SINGLE_NODE: Final = {
    "num.partitions": str(DEFAULT_PARTITIONS),
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "6",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # A broker that was killed is let in again only when its old session has run out; 9 s by default.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "1000",
    # Tests do not wait for more members.
    "group.initial.rebalance.delay.ms": "0",
}


def obtain_kafka(data_dir: Path) -> KafkaBroker:
    """The first that fits: address in FANGXING_KAFKA, Docker, Apache Kafka by Maven, librdkafka's mock.

    An address that does not answer is an error, not a reason to go on. A mock is said aloud on stderr with
    the reasons, and refused with CI=true. Raises KafkaUnavailableError.
    """
    address = os.environ.get(ADDRESS_VARIABLE, "").strip()
    if address:
        wait_for_kafka(address, 30.0)
        return RunningKafka(address, "address")
    reasons: list[str] = []
    ways: tuple[tuple[str, Callable[[], KafkaBroker]], ...] = (
        ("Docker", _docker_kafka),
        ("Apache Kafka by Maven", lambda: ApacheKafka.start(data_dir)),
    )
    for name, way in ways:
        try:
            return way()
        except KafkaUnavailableError as error:
            reasons.append(f"{name}: {error}")
    if os.environ.get("CI", "").strip().lower() in ("true", "1"):
        raise KafkaUnavailableError("no real Kafka, and CI=true accepts no mock.\n" + "\n".join(reasons))
    broker = _mock_kafka()
    why = "\n".join(reasons)
    print(
        f"fangxing: NO REAL KAFKA, using librdkafka's mock cluster at {broker.bootstrap}.\n{why}",
        file=sys.stderr,
        flush=True,
    )
    return broker


def _project_root() -> Path:
    """The project's top directory, looked for from this file and the working directory upwards."""
    here: Iterable[Path] = (*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents)
    for directory in here:
        if (directory / "deploy" / "kafka" / "pom.xml").exists():
            return directory
    raise KafkaUnavailableError("deploy/kafka/pom.xml is not to be found from here")


def free_port() -> int:
    """A loopback port nobody listens on, outside the range the system hands out for outgoing connections.

    So it is still free when a broker comes back to it after an outage.
    """
    for _ in range(200):
        port = random.randint(15000, 31999)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise KafkaUnavailableError("no free port between 15000 and 31999")


def _docker_kafka() -> KafkaBroker:
    """Kafka in a container; only if the engine answers within seconds."""
    try:
        docker = importlib.import_module("docker")
        from testcontainers.kafka import KafkaContainer
    except ImportError as error:
        raise KafkaUnavailableError(str(error)) from None
    try:
        engine = docker.from_env(timeout=3)
        try:
            engine.ping()
        finally:
            engine.close()
    except Exception as error:
        raise KafkaUnavailableError(f"no engine answers ({type(error).__name__})") from None
    container = KafkaContainer(_DOCKER_IMAGE).with_kraft()
    for name, value in _SINGLE_NODE.items():
        container.with_env("KAFKA_" + name.upper().replace(".", "_"), value)
    try:
        container.start(timeout=int(_READY_SECONDS))
        bootstrap = str(container.get_bootstrap_server())
        wait_for_kafka(bootstrap, _READY_SECONDS)
    except Exception as error:
        with suppress(Exception):
            container.stop()
        raise KafkaUnavailableError(f"the container does not start: {error}") from None
    return RunningKafka(bootstrap, "docker", container.stop)


def _mock_kafka() -> KafkaBroker:
    """librdkafka's cluster in memory: produce, fetch and groups, but topics only by themselves."""
    try:
        from confluent_kafka import Producer
    except ImportError as error:
        raise KafkaUnavailableError(f"no mock either: {error}") from None
    owner = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "unused"})
    brokers = list(owner.list_topics(timeout=10).brokers.values())
    # The cluster lives as long as its producer, which the closure keeps.
    alive = [owner]
    return RunningKafka(f"{brokers[0].host}:{brokers[0].port}", "mock", alive.clear)


def _escaped(value: str) -> str:
    """A value as a Java properties file wants it."""
    return value.replace("\\", "\\\\")
