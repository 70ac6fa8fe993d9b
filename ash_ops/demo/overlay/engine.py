"""ministack's application, and how it is emptied."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app as ministack_app

from ash_ops.demo.overlay import backups, containers, extras, identity, load_balancers, stacks
from ash_ops.demo.overlay.machines import hosts
from ash_ops.demo.world import engine as world


async def app(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    """Answer one request as AWS would."""
    # What ministack's start-up would note; the rest of its start-up is about Docker.
    ministack_app._MAIN_LOOP = asyncio.get_running_loop()
    if scope["type"] == "http":
        await asyncio.to_thread(world.advance)
    await ministack_app.app(scope, receive, send)


async def reset() -> None:
    """Empty the account: stop every server and load balancer, forget every record."""
    async with ministack_app._get_reset_lock():
        world.end_waits()
        await stacks.end_changes()
        await asyncio.to_thread(_empty)


def _empty() -> None:
    load_balancers.close_doors()
    containers.stop_servers()
    stacks.forget_planned_failures()
    hosts.reset()
    world.reset()
    extras.reset()
    backups.reset()
    ministack_app._reset_all_state()
    identity.create_operator()
