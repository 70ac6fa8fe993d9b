"""Failures of products that have no part in a deployment of Ash, and of those that do, in the same words."""

from __future__ import annotations

import pytest

from ash_ops.causes.speech.products import PRODUCTS
from tests.ash_ops.causes.remembered import answers

ALARMS = ("error", "warning")

OTHERS = {
    "the Serverless Framework": "TypeError: Plugin is not a constructor\n  at PluginManager.addPlugin (/usr/local/lib/node_modules/serverless/lib/classes/PluginManager.js:150:28)",
    "Windows": "winvnc4.exe -start\nunable to start the service: Access is denied. (5)",
    "a mail server": 'After "rcpt to:" the server answers 554 5.7.1 Recipient address rejected: Relay access denied',
    "a private network": "OpenVPN: TLS Error: TLS key negotiation failed to occur within 60 seconds\nTLS Error: TLS handshake failed",
    "home automation": "ESPHome: Connection timed out while connecting to the node",
    "a computation on a GPU": "Check failed: error == cudaSuccess (2 vs. 0) out of memory\nAborted (core dumped)",
    "the firmware of a device": "opkg: Only have 0kb available, no space left on device",
    "a robot": "[turtlesim-2] process has died [pid 20, exit code -11, cmd turtlesim]: Segmentation fault",
    "a node of a chain of blocks": "geth: dial tcp 10.0.0.5:8551: connect: connection refused (execution engine)",
    "a game": "[Server thread/ERROR]: java.lang.OutOfMemoryError: Java heap space (Minecraft)",
    "a host of virtual machines": "virsh: cannot start the domain vm-102: connection timed out",
    "macOS": "Error: Permission denied @ dir_s_mkdir - /usr/local/Caskroom/wget",
    "a server of films and music": "Jellyfin: error writing /config/transcodes/a.ts: Permission denied",
    "a resolver of names": "unbound[246:2] debug: the request has exceeded the maximum number of sends",
    "a program with windows": "obs-studio: QMetaObject::connectSlotsByName: No matching signal\nSegmentation fault (core dumped)",
    "Oracle's database": "Failed to start Oracle Net Listener using /u01/app/bin/tnslsnr: connection refused",
    "a store on many machines": "osd.1 3294 heartbeat_check: no reply from osd.0, connection timed out",
    "a printer of things": "Klipper: Lost communication with MCU 'mcu', connection reset by peer",
    "a directory of users": "kinit: Cannot contact any KDC for realm: connection timed out",
    "R and Julia": "sh: line 1: 1719819 Segmentation fault (core dumped) R_TESTS= '/usr/lib64/R/bin/R' --no-save",
    "a recorder of cameras": "netcam_rtsp: unable to open input(rtsp://192.168.1.2:554/VideoMain)\ncurl: (7) Failed to connect to 127.0.0.1 port 8765: Connection refused",
    "a switch of telephones": "[sip] sip_send_recv failed\n[sip] no response from registrar: connection reset by peer",
    "OpenStack": "neutron.agent.dhcp_agent: Unable to sync network state: connection timed out",
    "a fetcher of films and music": "Sonarr: unable to communicate with qBittorrent: Connection refused (localhost:8080)",
    "a cluster of batch jobs": "slurmstepd: error: Detected 1 oom-kill event(s) in step 123.batch, some of your processes may have been killed",
    "a build of an app for phones": "fastlane: codesign error: Access denied",
}
"""A failure of each, in words that a signature knows."""

OURS = {
    "entrypoint-missing": "exec /app/start.sh: no such file or directory",
    "container-oom": "OutOfMemoryError: Container killed due to memory usage",
    "conn-refused": "connect ECONNREFUSED 127.0.0.1:4100",
    "aws-access-denied": "aws.exe: An error occurred (AccessDeniedException) when calling the DescribeServices operation: User: arn:aws:iam::123456789012:user/a is not authorized to perform: ecs:DescribeServices",
    "efs-mount-failed": "mount.nfs4: Connection timed out (fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com:/)",
    "cfn-access-denied": "Serverless Error: CREATE_FAILED: ApiService (AWS::ECS::Service) - User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:CreateService",
}
"""Failures of ours that a mark of another product, or its words, may stand beside."""


@pytest.mark.parametrize("product", [product.name for product in PRODUCTS])
def test_no_product_of_others_alarms(product: str) -> None:
    assert not [slug for slug, severity in answers(OTHERS[product]) if severity in ALARMS]


@pytest.mark.parametrize("slug", OURS)
def test_what_is_ours_is_told(slug: str) -> None:
    assert answers(OURS[slug])[0][0] == slug


_RELAY = 'When I send the "rcpt to" command the server answers with a sentence about relaying: recipient address rejected, access denied. What is it that I have to change?'
_CALL = "When I call UpdateService the answer of AWS is a sentence about permissions: access denied, not authorized to perform: ecs:UpdateService. What is it that I have to change?"


def test_words_decide_where_a_signature_knows_two_of_them() -> None:
    assert answers(_RELAY)[0][0] == "unknown"
    assert answers(_CALL)[0][0] in ("aws-access-denied", "cfn-access-denied")


def test_a_reference_of_settings_reports_nothing() -> None:
    for sentence in (
        "The number of times to retry a failed health check before the container is considered unhealthy.",
        "Specifies how often the health check of a target should fail before it is marked as unhealthy.",
        "The time period in seconds to wait for a health check to succeed before it is considered a failure.",
    ):
        assert not [slug for slug, severity in answers(sentence) if severity in ALARMS]
    told = answers("The container failed its health check 3 times and is considered unhealthy now.")
    assert told[0][0] == "container-healthcheck-failed"


def test_a_tag_of_xml_is_no_placeholder() -> None:
    told = answers(
        '{:http_error, 403, %{body: "<InvalidSignatureException> <Message>The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key'
    )
    assert told[0][0] == "aws-credentials-invalid"
