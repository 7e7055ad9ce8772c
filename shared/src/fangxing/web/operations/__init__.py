"""The routes every service has: who one is, tasks, attachments, policies, decisions, dead letters, time, health."""

from fastapi import APIRouter

from fangxing.web import attachments
from fangxing.web.operations import dead_letters, decisions, demo, hands, health, people, policies, tasks


def routers() -> list[APIRouter]:
    """The routers, in the order of the documentation."""
    parts = (people, tasks, attachments, policies, hands, decisions, dead_letters, demo, health)
    return [part.router for part in parts]
