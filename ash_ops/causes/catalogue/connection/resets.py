"""Connections that end in the middle."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.from_elsewhere import (
    AWS_SILENT,
    NOTHING_BEHIND_IT,
    READ_ITS_LISTENERS,
    READ_THE_TARGETS_LOG,
)
from ash_ops.causes.catalogue.connection.repairs import (
    CLOSED,
)
from ash_ops.causes.catalogue.connection.words import (
    CLIENT,
    NOT_OTHERS,
    NPMS_OWN,
    access_log,
)

NLB_TROUBLE: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html"

CAUSES: Final = (
    Cause(
        slug="conn-reset",
        title="Connection accepted, then closed or reset without an answer",
        category="connection",
        severity="error",
        meaning="The task crashed or is being replaced, or the load balancer dropped a connection that was silent for 350 seconds.",
        proof=(
            Step("Compare the time with stopped tasks and deployments", "ash-ops logs --previous"),
            *READ_THE_TARGETS_LOG,
            *READ_ITS_LISTENERS,
        ),
        repair=(*CLOSED, *NOTHING_BEHIND_IT, *AWS_SILENT),
        signatures=(
            # The target was reached, and closed the connection before it answered.
            says("app/", access_log("502 -"), rank=Rank.CLEAR),
            # The SDK's own error of a stream that did not come to its end.
            says(
                "streaminterrupted|the stream fell silent", rank=Rank.PRECISE, kinds="http log_line"
            ),
            says(
                "connection",
                "server|load balancer|nlb|peer",
                "~\\bconnection\\b(?:[^.|]|\\.(?=\\S)){0,50}\\b(?:is|was|gets|got|been|being) (?:reset|closed|dropped|cut|aborted)\\b",
                rank=Rank.LIKELY,
                kinds="http log_line",
                unless=(
                    "database|postgres|rds|:5432",
                    "anthropic|claude",
                    "redis|mysql|mongo",
                    "idle",
                ),
            ),
            says(
                "sse stream|event stream",
                "disconnected",
                "terminated|closed|reset|aborted",
                rank=Rank.LIKELY,
                kinds="http log_line",
            ),
            # What a balancer's access log has of it, told by the names of its fields.
            says(
                "elb_status_code",
                "~\\belb_status_code (?:was |is |of )?\\W{0,3}502\\b|\\belb_status_code\\W{1,4}502\\b",
                rank=Rank.LIKELY,
            ),
            # How people tell of a keep-alive that is shorter than the balancer's.
            says(
                "keep alive|keep-alive|keepalive",
                "~\\b(?:i|we) (?:(?:am|are|keep|still|also|often|sometimes|occasionally) ){0,2}(?:get|getting|see|seeing|receive|receiving)\\b[^.]{0,60}\\b502s?\\b",
                "alb|elb|load balancer",
                rank=Rank.LIKELY,
            ),
            says("not closed cleanly", "stream|http/2", rank=Rank.LIKELY, kinds="http log_line"),
            says(
                "socket hang up",
                rank=Rank.LIKELY,
                kinds="http log_line",
                unless=("anthropic|:5432", NPMS_OWN),
            ),
            says(
                "terminated|network error|aborted",
                "error|exception|fetch|request|response|stream|connection|socket|uncaught|cause",
                rank=Rank.LIKELY,
                kinds="http",
                unless=(
                    "timeout|timed out",
                    # It was answered.
                    "~\\b(?:api error:?|aborted) \\(?4\\d\\d\\b",
                    "aborted by the user|core dumped|rake aborted|cap aborted|compilation terminated|permissionerror(13",
                    "sandbox",
                    "claude",
                    "session terminated|extension host",
                ),
            ),
            says(
                "stream|sse|connection|websocket",
                "~\\b350 ?(?:s|sec|seconds)\\b|\\bidle time-?out of the (?:nlb|alb|(?:application |network )?load balancer|listener)\\b",
                "drop|close|cut|disconnect|reconnect|end|reset|die",
                rank=Rank.LIKELY,
                unless="database|postgres",
            ),
            says(
                "econnreset|connection reset|err_connection_reset|err_connection_closed|socket hang up|other side closed|und_err_socket|empty reply|err_empty_response|connection aborted|connectionabortederror|remotedisconnected|remote end closed|server disconnected|closed connection without|prematurely closed|socket disconnected|connection closed|closed the connection|connection was closed|was forcibly closed|winerror 10054|errno 104|errno 54|premature close|premature end|incompleteread|connection broken: |err_http2_protocol_error|reset reason: connection termination|reset reason: remote reset|incomplete read|incomplete chunked|chunked_encoding|err_incomplete_chunked|transfer closed with|curl: (52)|curl: (56)|curl: (18)|recv failure|broken pipe|epipe|unexpected eof|unexpected end of file|peer closed connection|remoteprotocolerror|didn't send any data|did not send any data|stream closed|: eof|econnaborted|connection was reset|connection lost|connection interrupted|client write timeout|no close frame received or sent|websocket is not open|(code: 1006",
                rank=Rank.LIKELY,
                kinds=CLIENT,
                unless=(
                    *NOT_OTHERS,
                    "timeout of|sandbox|core dumped|ssl|tls|[telemetry]|graceful",
                    NPMS_OWN,
                    "request aborted|aborted by the user|operation was aborted due to timeout",
                    # A parser's end of its text; a server of tools that ended within the agent.
                    "eof while parsing|mcp error|mcperror|cloudfront attempted",
                    "oci runtime|from pipe: eof|error waiting for container|username: eof|permissionerror(13|[src/flb_",
                ),
            ),
        ),
        confused_with=(
            ("tls-to-plain-http", "https:// to a plain port is closed too, with a TLS error."),
            ("stream-idle-timeout", "There the stream was silent for minutes before it was cut."),
            ("conn-refused", "There the connection was never accepted."),
        ),
        docs_url=NLB_TROUBLE,
    ),
)
