"""The administrator enrols devices; whoever misses one has it switched off."""

from fangxing.history import add_history
from fangxing.running import devices
from fangxing.running.devices import DeviceRow
from fangxing.work import Work
from shipping_svc.loading.shapes import EnrolDevice, SwitchOff


async def enrol_device(work: Work, body: EnrolDevice) -> tuple[DeviceRow, str]:
    """The device, enrolled or enrolled anew, with its key."""
    add_history(work, f"device/{body.device}", "enrol")
    return await devices.enrol(
        work.tx, device=body.device, kind=body.kind, place=body.place, by=work.actor.id, now=work.system_now
    )


async def switch_device_off(work: Work, device: str, body: SwitchOff) -> DeviceRow:
    """Refuse the device from its next request on, until it is enrolled anew; raises `device-not-found`."""
    row = await devices.switch_off(work.tx, device, because=body.reason, by=work.actor.id, now=work.system_now)
    add_history(work, f"device/{device}", "switch_off")
    return row
