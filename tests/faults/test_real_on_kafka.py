"""Real data stay real as ten processes, whatever the settings of these say: nobody of the demo, no movable clock."""

from pathlib import Path

import httpx
import pytest

from fangxing_embedded.kafka import ADDRESS_VARIABLE, KafkaBroker
from standalone.launch import launched
from standalone.managing import begin_real
from standalone.services import SERVICES

OWN = "correct horse battery staple"


async def test_ten_processes_on_real_data_know_nobody_of_the_demo(tmp_path: Path, kafka: KafkaBroker) -> None:
    if kafka.flavour == "mock":
        pytest.skip("no real Kafka here")
    given = await begin_real(tmp_path, "admin")
    demo = {f"{service.settings.model_config['env_prefix']}DEMO": "true" for service in SERVICES.values()}
    environment = {ADDRESS_VARIABLE: kafka.bootstrap, **demo}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        with launched("run-kafka", tmp_path, environment=environment, seconds=300) as here:
            assert "REAL DATA" in here.output.read_text()
            demo_admin = {"username": "gm", "password": "fangxing"}
            assert (await http.post(f"{here.identity}/token", json=demo_admin)).status_code == 401
            change = {"username": "admin", "old_password": given, "new_password": OWN}
            assert (await http.post(f"{here.identity}/password", json=change)).status_code == 204
            token = await http.post(f"{here.identity}/token", json={"username": "admin", "password": OWN})
            headers = {"Authorization": f"Bearer {token.json()['access_token']}", "Idempotency-Key": "once"}
            for address in here.services.values():
                moved = await http.post(f"{address}/business-time/advance", json={"days": 1}, headers=headers)
                assert moved.json()["slug"] == "not-a-demo"
            assert here.stop() == 0
