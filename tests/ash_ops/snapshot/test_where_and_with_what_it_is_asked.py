"""Under which address the server is asked, with which key, and what a certificate of another name is."""

from __future__ import annotations

import ssl
from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.facts.load_balancing import Listener, LoadBalancer
from ash_ops.secret import Secret
from ash_ops.settings import Options, load
from ash_ops.snapshot import probe
from ash_ops.snapshot.probe import Ladder
from ash_ops.snapshot.readings import server
from tests.ash_ops.snapshot.test_small_readings import Context

NAMED = LoadBalancer(dns_name="lb.example.com")
OWN = "ash-0a1b.elb.us-east-1.amazonaws.com"
PLAIN, SECURE = Listener(port=8080, protocol="TCP"), Listener(port=443, protocol="TLS")


@pytest.mark.parametrize(
    ("found", "url"),
    [
        ({}, None), ({"load_balancers": ()}, None), ({"load_balancers": (LoadBalancer(),)}, None), ({"listeners": (PLAIN,)}, None),
        ({"load_balancers": (LoadBalancer(), NAMED)}, "http://lb.example.com:4100"),
        ({"load_balancers": (NAMED,), "listeners": (PLAIN,)}, "http://lb.example.com:8080"),
        ({"load_balancers": (NAMED,), "listeners": (SECURE,)}, "https://lb.example.com:443"),
        ({"load_balancers": (NAMED,), "listeners": (SECURE,), "stack": "https://ash.example.com"}, "https://ash.example.com:443"),
        ({"load_balancers": (NAMED,), "listeners": (PLAIN,), "stack": "https://ash.example.com"}, "http://lb.example.com:8080"),
        ({"load_balancers": (NAMED,), "listeners": (SECURE,), "stack": "http://ash.example.com"}, "https://lb.example.com:443"),
    ],
)  # fmt: skip
def test_clients_reach_the_server_where_its_balancer_listens_and_by_the_name_of_its_certificate(
    found: dict[str, Any], url: str | None
) -> None:
    stack = found.pop("stack", None)
    if stack is not None:
        found["_stack"] = SimpleNamespace(outputs={"Url": stack})
    context: Any = Context(**found)
    assert server.url(context) == url


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("http://h:4100/path?x=1", "http://h:4100"), ("https://user:pw@h", "https://h"), ("h:4100", None), ("", None), (None, None),
        ("http://h:many", None), ("http://[::1", None),
    ],
)  # fmt: skip
def test_of_a_client_s_address_scheme_host_and_port_are_told(
    given: str | None, told: str | None
) -> None:
    environ = {} if given is None else {"ASH_SERVER_URL": given}
    assert server.local_url(load(Options(env_file=None), environ)) == told


def test_the_deployed_key_is_that_of_the_secret_else_that_of_the_environment() -> None:
    key, other = Secret("of-the-secret"), Secret("of-another")
    with_key = SimpleNamespace(variables=("ASH_API_KEY", "ASH_MODE"))
    without = SimpleNamespace(variables=("ANTHROPIC_API_KEY",))
    revision = SimpleNamespace(environment={"ASH_API_KEY": Secret("of-the-environment")})

    def deployed(**values: Any) -> str | None:
        context: Any = SimpleNamespace(run=SimpleNamespace(value_of=values.get))
        found = server.deployed_key(context)
        return found.reveal() if found else None

    secrets = [(without, other), (with_key, key)]
    assert deployed(_secrets=secrets, _revision=revision) == "of-the-secret"
    assert deployed(_secrets=[(with_key, None)], _revision=revision) == "of-the-environment"
    assert deployed(_secrets=[(without, other)], _revision=revision) == "of-the-environment"
    assert deployed(_secrets=[(without, other)]) is None
    assert deployed() is None


def test_what_a_client_sends_is_its_key_without_what_surrounds_it() -> None:
    settings = load(Options(env_file=None), {"ASH_API_KEY": " a-key\n", "ASH_SERVER_URL": "http://h"})  # fmt: skip
    facts = server.key_facts(settings, Secret("a-key"))
    assert facts.fingerprint == facts.deployed_fingerprint == Secret("a-key").fingerprint()
    assert (facts.flaws, facts.server_url) == (("line-end", "spaces"), "http://h")
    nobody = server.key_facts(load(Options(env_file=None), {"HOME": "/nowhere"}), None)
    assert (nobody.fingerprint, nobody.deployed_fingerprint, nobody.flaws) == (None, None, ())


@pytest.mark.parametrize(
    ("host", "code", "known_as", "outcome"),
    [
        (OWN, 62, None, "skipped"), (OWN, 64, None, "skipped"), (OWN, 10, None, "failed"), (OWN, 63, None, "failed"),
        (OWN, 62, "ash.example.com", "failed"), ("ash.example.com", 62, None, "failed"),
    ],
)  # fmt: skip
def test_a_certificate_of_another_name_is_no_fault_where_clients_may_know_that_name(
    monkeypatch: pytest.MonkeyPatch, host: str, code: int, known_as: str | None, outcome: str
) -> None:
    """OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH and _IP_ADDRESS_MISMATCH; 10 is an expired one."""
    refused = ssl.SSLCertVerificationError("no")
    refused.verify_code, refused.verify_message = code, "it is for others"

    def connect(*_: Any) -> Any:
        raise refused

    climber = probe._Climber(Ladder(known_as=known_as, balancer=host), f"https://{host}")
    monkeypatch.setattr(type(climber), "_connect", connect)
    climber._tls()
    (rung,) = [rung for rung in climber.rungs if rung["name"] == "tls"]
    assert rung["outcome"] == outcome
    assert "certificate: it is for others" in rung["detail"]


@pytest.mark.parametrize(
    ("balancer", "addresses"),
    [(OWN, ("192.0.2.7", "192.0.2.9")), (None, None), ("ash.example.com", None), ("gone.example.com", None)],
)  # fmt: skip
def test_where_the_balancer_is_is_looked_up_beside_the_name_that_clients_call(
    balancer: str | None, addresses: tuple[str, ...] | None
) -> None:
    places = {"ash.example.com": ("127.0.0.1",), OWN: ("192.0.2.7", "192.0.2.9", "192.0.2.7")}

    def resolve(host: str, port: int, **_: Any) -> Any:
        if host not in places:
            raise OSError("no such host")
        return [(2, 1, 6, "", (place, port)) for place in places[host]]

    ladder = Ladder(balancer=balancer, resolve=resolve, timeout=1.0)
    row = ladder.climb("http://ash.example.com:1", None)
    assert row.get("balancer_addresses") == addresses
    assert [rung["name"] for rung in row["rungs"]] == ["dns", "tcp"]
    lost = Ladder(balancer=OWN, resolve=resolve, timeout=1.0).climb("http://no.example.com:1", None)
    assert "balancer_addresses" not in lost


@pytest.mark.parametrize(
    ("url", "place"),
    [("http://h", ("h", 80, False)), ("https://h/x", ("h", 443, True)), ("http://h:443", ("h", 443, False)), ("https://h:80", ("h", 80, True)), ("http:///x", ("", 80, False))],
)  # fmt: skip
def test_an_address_without_a_port_means_that_of_its_scheme(url: str, place: Any) -> None:
    climber = probe._Climber(Ladder(), url)
    assert (climber.host, climber.port, climber.secure) == place
