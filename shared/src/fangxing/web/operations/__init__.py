"""The routes every service has: health, metrics, tasks, attachments, policies, dead letters, decisions, demo time."""

from fastapi import APIRouter

from fangxing.web import attachments
from fangxing.web.operations import dead_letters, decisions, demo, health, policies, tasks


def routers() -> list[APIRouter]:
    """The routers, in the order of the documentation."""
    parts = (tasks, attachments, policies, decisions, dead_letters, demo, health)
    return [part.router for part in parts]
