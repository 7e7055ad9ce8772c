"""The routes every service has: health and metrics, tasks, policies, dead letters, the decision log, demo time."""

from fastapi import APIRouter

from fangxing.web.operations import dead_letters, decisions, demo, health, policies, tasks


def routers() -> list[APIRouter]:
    """The routers, in the order of the documentation."""
    return [tasks.router, policies.router, decisions.router, dead_letters.router, demo.router, health.router]
