"""The five measurements. Each takes its turns ours, bare, ours, bare … so that a busy machine is busy for both."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import statements
from aiokafka import AIOKafkaProducer
from loadgen import Plan, Report, generate, request
from seed import ID_FUNCTION, Prepared, Yard, bench_id, copy_notices, copy_rows
from sqlalchemy import event, select, text, update
from stage import CLIENTS, CUSTOMER, SHIPPING, Stage
from statements import Caught
from table import Line, ratio

from fangxing.bus.envelope import to_message
from fangxing.bus.kafka import KafkaBus, ensure_topics
from fangxing.bus.relay import Relay
from fangxing.database import Database
from fangxing.outbox import OutboxRow
from fangxing.roles import Role
from fangxing_testing.waiting import eventually

ROUNDS = 5
_LOOK_UPS = 4000
_RELEASES_EACH = 20
_PGBENCH_EACH = 60
_HOT_EACH = 60
_MESSAGES = 6000
_VISIBLE_RATE = 20
_VISIBLE_SECONDS = 20
_VISIBLE_LIMIT = 0.5
_POLL_SECONDS = 0.005
_HOT_SCRIPT = "UPDATE bench_hot SET released = released + 60.00, version = version + 1 WHERE id = 1;\n"


def _latency(report: Report) -> str:
    return f"p50 {report.percentile(50) * 1e3:.1f} ms, p99 {report.percentile(99) * 1e3:.1f} ms at {CLIENTS} clients"


class Copies:
    """Prepared notices, numbered; each is released once."""

    def __init__(self) -> None:
        self._next = 1

    @property
    def last(self) -> int:
        """The number taken last."""
        return self._next - 1

    def take(self, count: int) -> int:
        """The first of `count` numbers nobody has."""
        first, self._next = self._next, self._next + count
        return first


class Shop:
    """shipping-svc with one prepared notice to copy, and a manager who releases."""

    def __init__(self, here: Stage, yard: Yard, prepared: Prepared) -> None:
        self.here = here
        self.prepared = prepared
        self.copies = Copies()
        self.headers = yard.headers("manager")
        self.guard = yard.headers("guard")
        self.body = json.dumps({"decision": "approve", "seen_hash": prepared.seen_hash})

    def release(self, number: int) -> str:
        """The request that releases copy `number`."""
        headers = {**self.headers, "Idempotency-Key": f"http-{number}"}
        return request("POST", f"/notices/{bench_id('b', number)}/decisions", headers, self.body)

    async def released(self, port: int, first: int, count: int) -> Report:
        """Release `count` copies over HTTP."""
        requests = [self.release(number) for number in range(first, first + count)]
        return await generate(Plan(port, requests, connections=CLIENTS))

    async def count_releases(self) -> int:
        """How many releases there are."""
        async with self.here.within(SHIPPING) as service, service.database.reader() as reader:
            return int((await reader.execute(text("SELECT count(*) FROM releases"))).scalar_one())


@asynccontextmanager
async def shop(here: Stage) -> AsyncIterator[Shop]:
    """Prepare shipping-svc."""
    async with here.within(SHIPPING) as service:
        yard = Yard(service)
        yield Shop(here, yard, await yard.prepared(await yard.customer()))


async def _copy(shop: Shop, count: int, account: UUID | None = None) -> int:
    """Make `count` copies, of one `account` or each with its own; the number of the first."""
    first = shop.copies.take(count)
    async with shop.here.within(SHIPPING) as service:
        own = f"CAST('{account}' AS uuid)" if account else "bench_id('a', n)"
        await copy_notices(service.database, shop.prepared, first, count, account=own)
        async with service.database.engine.connect() as connection:
            await connection.execute(text("ANALYZE"))
            await connection.commit()
    return first


async def gate(shop: Shop) -> Line:
    """Look-ups of one pass at the gate against a bare one-row select of the same row."""
    async with shop.here.within(SHIPPING) as service:
        yard = Yard(service)
        number = await yard.exit_pass(await yard.prepared(await yard.customer()))
    rounds, trivial = [], []
    async with shop.here.api(SHIPPING) as ours, shop.here.bare() as bare:
        look_up = request("GET", f"/gate/passes/{number}", shop.guard)
        for port in (ours, bare):
            await generate(Plan(port, [look_up], repeat=_LOOK_UPS // 4, connections=CLIENTS))
        for _ in range(ROUNDS):
            reports = [await generate(Plan(port, [look_up], _LOOK_UPS, CLIENTS)) for port in (ours, bare)]
            rounds.append((reports[0].rate, reports[1].rate))
            report = await generate(Plan(bare, [request("GET", "/trivial", {})], _LOOK_UPS, CLIENTS))
            trivial.append(report.rate)
    notes = [
        _latency(reports[0]),
        f"the load generator alone, on a route that does nothing: {median(trivial):,.0f}/s",
    ]
    return ratio("门卫查证 gate look-up", rounds, 0.75, notes=notes)


async def release(shop: Shop) -> Line:
    """Releases of many customers over HTTP against pgbench sending the same statements."""
    script, variables = await _script(shop)
    count = CLIENTS * _RELEASES_EACH
    bare_count = CLIENTS * _PGBENCH_EACH
    first = await _copy(shop, count + ROUNDS * (count + bare_count))
    before = await shop.count_releases()
    rounds = []
    async with shop.here.api(SHIPPING) as port:
        await shop.released(port, first, count // 4)
        first += count
        for _ in range(ROUNDS):
            report = await shop.released(port, first, count)
            given = {**variables, "first": str(first + count)}
            rounds.append((report.rate, await _pgbench(shop, script, _PGBENCH_EACH, given)))
            first += count + bare_count
    done, expected = await shop.count_releases() - before, ROUNDS * (count + bare_count) + count // 4
    if done != expected:
        raise RuntimeError(f"{done} releases were stored, {expected} were asked for")
    notes = [_latency(report), f"{len(statements.written())} round trips each, BEGIN and COMMIT among them"]
    return ratio("放行 release", rounds, 0.25, notes=notes)


async def rewrite(shop: Shop) -> None:
    """Write release.sql anew from what the endpoint sends now."""
    caught = await _caught(shop)
    number = shop.copies.last
    notice, account, case = (bench_id(kind, number) for kind in "bad")
    names = {
        str(notice): "notice",
        str(account): "account",
        str(case): "case",
        f"notice/{notice}": "document",
        f"POST /notices/{notice}/decisions": "route",
        f"caught-{number}": "key",
        f"idempotency:manager:POST /notices/{notice}/decisions:caught-{number}": "lock",
    }
    statements.write(caught, names)
    statements.check(caught)


async def _caught(shop: Shop) -> list[Caught]:
    """What the endpoint sends for one release."""
    number = await _copy(shop, 1)
    async with shop.here.within(SHIPPING) as service:
        with statements.catching(service.database.engine) as caught:
            path = f"/notices/{bench_id('b', number)}/decisions"
            body = json.loads(shop.body)
            answer = await service.post(path, body, as_=shop.headers, key=f"caught-{number}")
    if not answer.is_success or answer.json()["status"] != "released":
        raise RuntimeError(answer.text)
    return caught


async def _script(shop: Shop) -> tuple[Path, dict[str, str]]:
    """The script for pgbench; raises `DriftError` where release.sql is not what the endpoint sends."""
    caught = await _caught(shop)
    statements.check(caught)
    content, variables = statements.render(caught)
    script = shop.here.directory / "release.pgbench"
    script.write_text(content)
    return script, variables


async def _pgbench(shop: Shop, script: Path, each: int, variables: dict[str, str]) -> float:
    dsn = shop.here.postgres.dsn(SHIPPING.name)
    return await asyncio.to_thread(statements.pgbench, dsn, script, clients=CLIENTS, each=each, variables=variables)


async def hot(shop: Shop) -> Line:
    """Releases of one customer at once against pgbench updating one row."""
    count = CLIENTS * _RELEASES_EACH
    account = shop.prepared.account
    first = await _copy(shop, (ROUNDS + 1) * count, account)
    script = shop.here.directory / "hot.pgbench"
    script.write_text(_HOT_SCRIPT)
    async with shop.here.within(SHIPPING) as service, service.database.transaction() as tx:
        await tx.execute(
            text(
                "CREATE TABLE bench_hot (id int PRIMARY KEY, released numeric(14, 2), version int)"
                " WITH (fillfactor = 50)"
            )
        )
        await tx.execute(text("INSERT INTO bench_hot VALUES (1, 0, 0)"))
    rounds = []
    async with shop.here.api(SHIPPING) as port:
        await shop.released(port, first, count // 4)
        for _ in range(ROUNDS):
            first += count
            report = await shop.released(port, first, count)
            rounds.append((report.rate, await _pgbench(shop, script, _HOT_EACH, {})))
    held, committing = await _lock_held(shop, account)
    notes = [
        f"one at a time the row's lock is held {held * 1e3:.1f} ms, {committing * 1e3:.1f} ms of it COMMIT (medians)",
        _latency(report),
    ]
    return ratio("一个热点客户 one hot customer", rounds, 0.70, notes=notes)


async def _lock_held(shop: Shop, account: UUID, count: int = 60) -> tuple[float, float]:
    """Medians of how long a release holds the account's row, and of its COMMIT, in seconds, nobody else around."""
    first = await _copy(shop, count, account)
    locked: list[float] = []
    committing: list[float] = []
    freed: list[float] = []

    def sent(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE credit_accounts"):
            locked.append(time.perf_counter())

    async with shop.here.within(SHIPPING) as service:
        engine = service.database.engine.sync_engine
        event.listen(engine, "after_cursor_execute", sent)
        event.listen(engine, "commit", lambda connection: committing.append(time.perf_counter()))
        # the connection goes back to the pool right after COMMIT
        event.listen(engine, "checkin", lambda *_: freed.append(time.perf_counter()))
        for number in range(first, first + count):
            path = f"/notices/{bench_id('b', number)}/decisions"
            answer = await service.post(path, json.loads(shop.body), as_=shop.headers)
            answer.raise_for_status()
    if not len(locked) == len(committing) == len(freed) == count:
        raise RuntimeError("a release did not lock, commit and free once each")
    held = median(end - start for start, end in zip(locked, freed, strict=True))
    return held, median(end - start for start, end in zip(committing, freed, strict=True))


async def relay(shop: Shop) -> Line:
    """The relay draining the outbox to Kafka against a bare loop sending the same messages."""
    topic = "bench"
    await ensure_topics(shop.here.kafka.bootstrap, [f"{shop.here.directory.name}-{topic}"])
    await _caught(shop)
    rounds = []
    async with shop.here.within(SHIPPING) as service:
        bus = KafkaBus(shop.here.kafka.bootstrap, prefix=f"{shop.here.directory.name}-")
        drain = Relay(service.database, bus, service=SHIPPING.name, topic=topic)
        async with service.database.transaction() as tx:
            await tx.execute(update(OutboxRow).values(published_at=OutboxRow.recorded_at))
            source = (await tx.scalars(select(OutboxRow).where(OutboxRow.type.contains("Released")).limit(1))).one()
        async with _producer(shop) as producer:
            for number in range(ROUNDS + 1):
                first = 10_000_000 + number * _MESSAGES
                async with service.database.transaction() as tx:
                    changes = {"id": "gen_random_uuid()", "key": "bench_id('a', n)::text", "published_at": "NULL"}
                    await copy_rows(tx, "outbox", "seq", source.seq, changes, first, _MESSAGES)
                    waiting = select(OutboxRow).where(OutboxRow.published_at.is_(None)).order_by(OutboxRow.seq)
                    messages = [to_message(row, SHIPPING.name) for row in await tx.scalars(waiting)]
                started = time.perf_counter()
                sent = 0
                while sent < _MESSAGES:
                    if not (pumped := await drain.pump()):
                        raise RuntimeError("the relay does not get on")
                    sent += pumped
                between = time.perf_counter()
                futures = [
                    await producer.send(
                        f"{shop.here.directory.name}-{topic}", m.value, key=m.key.encode(), headers=list(m.headers)
                    )
                    for m in messages
                ]
                await asyncio.gather(*futures)
                ended = time.perf_counter()
                if number:
                    rounds.append((_MESSAGES / (between - started), _MESSAGES / (ended - between)))
        await bus.close()
    return ratio("发件箱到 Kafka relay", rounds, 0.40)


@asynccontextmanager
async def _producer(shop: Shop) -> AsyncIterator[AIOKafkaProducer]:
    """A producer with the settings of `KafkaBus`."""
    producer = AIOKafkaProducer(
        bootstrap_servers=shop.here.kafka.bootstrap,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        request_timeout_ms=10_000,
        max_batch_size=262_144,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def visible(shop: Shop) -> Line:
    """From the answer of a release to its position being readable in customer-svc's database."""
    count = _VISIBLE_RATE * _VISIBLE_SECONDS
    warm = _VISIBLE_RATE
    first = await _copy(shop, warm + count)
    await _accounts(shop, first, warm + count)
    here = shop.here
    answered: dict[UUID, float] = {}
    delays: dict[UUID, float] = {}
    async with here.api(SHIPPING) as port, here.within(CUSTOMER) as customer:
        with here.worker(SHIPPING), here.worker(CUSTOMER):
            watching = asyncio.create_task(_watch(customer.database, answered, delays, warm + count))
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as client:
                await _release_steadily(shop, client, first, warm, answered)
                await eventually(lambda: _all_there(delays, warm), seconds=60)
                await _release_steadily(shop, client, first + warm, count, answered)
            await asyncio.wait_for(watching, 60)
    taken = sorted(delays[bench_id("a", number)] for number in range(first + warm, first + warm + count))
    p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    result = f"p50 {p50 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms"
    notes = [f"{count} releases at {_VISIBLE_RATE}/s, slowest {taken[-1] * 1e3:.0f} ms, looked at every 5 ms"]
    title = "提交到对方可见 commit to visible"
    return Line(title, result, "", f"p99 {p99 * 1e3:.0f} ms", "p99 < 500 ms", p99 < _VISIBLE_LIMIT, notes)


async def _all_there(delays: dict[UUID, float], count: int) -> bool:
    return len(delays) >= count


async def _accounts(shop: Shop, first: int, count: int) -> None:
    """Give customer-svc the accounts of the copies."""
    async with shop.here.within(CUSTOMER) as customer:
        body = {
            "number": "K-BENCH",
            "name": "华纶纺织",
            "address": "义乌",
            "contact": "王工",
            "terms": {"kind": "credit", "days": 30},
        }
        answer = await customer.post("/customers", body, as_=shop.here.identities.headers("rep1", Role.SALES_REP))
        answer.raise_for_status()
        async with customer.database.transaction() as tx:
            await tx.execute(text(ID_FUNCTION))
            account = UUID(answer.json()["account_id"])
            await copy_rows(tx, "credit_accounts", "id", account, {"id": "bench_id('a', n)"}, first, count)


async def _release_steadily(
    shop: Shop, client: httpx.AsyncClient, first: int, count: int, answered: dict[UUID, float]
) -> None:
    """Release `count` copies at the steady rate, and note when each was answered."""

    async def one(number: int) -> None:
        headers = {**shop.headers, "Idempotency-Key": f"http-{number}", "Content-Type": "application/json"}
        path = f"/notices/{bench_id('b', number)}/decisions"
        answer = await client.post(path, content=shop.body, headers=headers)
        while answer.status_code == 503:
            # busy, as on a crowded machine: the same key again, as any client does
            await asyncio.sleep(float(answer.headers["retry-after"]))
            answer = await client.post(path, content=shop.body, headers=headers)
        answered[bench_id("a", number)] = time.perf_counter()
        answer.raise_for_status()

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for place in range(count):
            await asyncio.sleep(max(0.0, started + place / _VISIBLE_RATE - time.perf_counter()))
            group.create_task(one(first + place))


async def _watch(database: Database, answered: dict[UUID, float], delays: dict[UUID, float], count: int) -> None:
    """Look into customer-svc's database until the positions of `count` accounts have come."""
    arrived: dict[UUID, float] = {}
    statement = text("SELECT id FROM credit_accounts WHERE shipping_version > 0 AND NOT id = ANY(:known)")
    async with database.reader() as reader:
        while len(delays) < count:
            for (account,) in await reader.execute(statement, {"known": list(arrived)}):
                arrived[account] = time.perf_counter()
            for account in arrived.keys() & answered.keys() - delays.keys():
                # what is there before its own answer counts as no delay
                delays[account] = max(0.0, arrived[account] - answered[account])
            await asyncio.sleep(_POLL_SECONDS)
