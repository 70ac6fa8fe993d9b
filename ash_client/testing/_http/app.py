"""A request's way through the server, in the real one's order.

Key, rate limit, body, parameters, handler: so a 401 carries no rate-limit headers and counts
against no limit, and a 413 comes before the body is read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Final, NoReturn

from ash_client.testing._http import auth, bodies
from ash_client.testing._http.connection import (
    Connection,
    ConnectionEndedError,
    MalformedRequestError,
)
from ash_client.testing._http.errors import RefusalError, route_not_found
from ash_client.testing._http.exchange import JSON_TYPE, RequestHead, Response
from ash_client.testing._http.limits import RateLimiter, too_many_requests
from ash_client.testing._model.fault_parts import End, Reply
from ash_client.testing.faults import Fault
from ash_client.testing.record import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_client.testing._http.call import Call, Stream
    from ash_client.testing._http.router import Route, Router

_CORS: Final = {"vary": "Origin", "access-control-allow-credentials": "true"}


@dataclass
class App:
    """Answers requests.

    Attributes:
        router: The operations.
        limiter: Counts requests.
        call: What every call has in common.
        take_fault: The fault for a request, if one is due.
        keys: The API keys accepted at this moment.
        record: Told of every request, its body included.
    """

    router: Router
    limiter: RateLimiter
    call: Call
    take_fault: Callable[[RequestHead], Fault | None]
    keys: Callable[[], set[str]]
    record: Callable[[ReceivedRequest], None]

    def __post_init__(self) -> None:
        self._ids = count(1)

    def serve(self, connection: Connection) -> None:
        """Answer one connection's requests until it ends."""
        try:
            while not connection.ended and (head := connection.read_head()) is not None:
                self._exchange(connection, head)
        except MalformedRequestError:
            connection.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        except ConnectionEndedError:
            return

    def _exchange(self, connection: Connection, head: RequestHead) -> None:
        request_id, began = f"req-{next(self._ids)}", time.perf_counter()
        self.call.log.incoming(request_id, head)
        fault = self.take_fault(head) or Fault()
        if fault.header_delay_s:
            self.call.settings.pause(fault.header_delay_s)
        answer = self._answer(connection, head, fault)
        if isinstance(answer, Response):
            connection.send(answer, head)
        else:
            answer.run(connection)
        status = answer.status if isinstance(answer, Response) else 200
        self.call.log.completed(request_id, status, time.perf_counter() - began)

    def _answer(self, connection: Connection, head: RequestHead, fault: Fault) -> Response | Stream:
        found = self.router.find(head.method, head.path)
        route, params = found or (None, {})
        raw = bodies.read(connection, head, route)
        self.record(ReceivedRequest(head.method, head.target, head.headers, raw or b""))
        if fault.drop is not None:
            _end(connection, fault.drop)
        headers = dict(_CORS)
        try:
            if fault.reply is not None:
                return _instead(fault.reply)
            keys = self.keys()
            auth.check(head.target, head.headers, keys, any_key=bool(keys))
            if route is None:
                raise route_not_found(head.method, head.target)
            headers |= self._counted(route, head)
            answer = self._handled(head, route, params, raw, fault)
        except RefusalError as refusal:
            answer = refusal.response()
        if isinstance(answer, Response):
            answer.headers = headers | answer.headers
            # What was not read cannot be skipped: the connection is of no more use.
            answer.close = answer.close or raw is None
        return answer

    def _counted(self, route: Route, head: RequestHead) -> dict[str, str]:
        quota = self.limiter.take(route.bucket, head.client[0])
        if quota.exceeded:
            raise too_many_requests(quota)
        return quota.headers()

    def _handled(
        self,
        head: RequestHead,
        route: Route,
        params: dict[str, str],
        raw: bytes | None,
        fault: Fault,
    ) -> Response | Stream:
        try:
            call = replace(
                self.call,
                head=head,
                fault=fault,
                body=bodies.checked(bodies.decoded(raw, head), route.body, "body"),
                params=bodies.checked(params, route.params, "params"),
                query=bodies.checked(head.query, route.query, "querystring"),
            )
            with self.call.state.lock:
                self.call.pool.refresh()
                return route.handler(call)
        except RefusalError as refusal:
            raise bodies.shortened(refusal, route) from None


def _end(connection: Connection, how: End) -> NoReturn:
    if how is End.RESET:
        connection.reset()
    else:
        connection.close()
    raise ConnectionEndedError


def _instead(reply: Reply) -> Response:
    return Response(reply.status, reply.body, {"content-type": JSON_TYPE} | dict(reply.headers))
