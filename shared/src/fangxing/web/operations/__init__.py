"""The routes every service has: who one is, tasks, attachments, policies, decisions, dead letters, time, health."""

from fastapi import APIRouter

from fangxing.web import attachments
from fangxing.web.operations import dead_letters, decisions, demo, hands, health, people, policies, tasks


def first() -> list[APIRouter]:
    """The routers that are tried before the service's own, whose `/staff/{id}` would take `/staff/conflicts`."""
    return [hands.router]


def routers() -> list[APIRouter]:
    """The routers, in the order of the documentation."""
    parts = (people, tasks, attachments, policies, decisions, dead_letters, demo, health)
    return [part.router for part in parts]
