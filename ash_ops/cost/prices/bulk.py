"""AWS's price list without credentials: the offer files that AWS gives to everybody.

One file a service and region, of some KB to some MB; EC2's has gigabytes and is not read, so that NAT
gateways, instances and EBS keep the table's price. Source: AWS, "Reading the service price list files".
"""

from __future__ import annotations

import http.client
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from ash_ops.aws.calls import Answer
from ash_ops.aws.pricing import Item, ListPrice, NoSinglePrice, one_of
from ash_ops.errors import ReadFailed

ENDPOINT = "https://pricing.us-east-1.amazonaws.com"
CALL = "GET offer file"
TOO_LARGE = frozenset({"AmazonEC2"})
MAX_BYTES = 64 * 1024**2
_TIMEOUT = 20.0

Fetch = Callable[[str], bytes]


def fetch(path: str) -> bytes:
    """The file of a path below the price list.

    Raises:
        OSError: it could not be read.
    """
    address = f"{ENDPOINT}{path}"
    with urllib.request.urlopen(address, timeout=_TIMEOUT) as answer:  # noqa: S310 - always https
        body: bytes = answer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise OSError(f"the offer file is larger than {MAX_BYTES} bytes")
    return body


class Offers:
    """The offer files of services, each read once.

    Args:
        get: reads a file by its path.
    """

    def __init__(self, get: Fetch = fetch) -> None:
        self._get = get
        self._read: dict[str, Answer] = {}
        self._lock = threading.Lock()

    def find(self, item: Item, region: str) -> ListPrice:
        """The price of an item in a region, as `pricing.find` gives it.

        Raises:
            NoSinglePrice: not exactly one product matches, or the service's file is too large.
            ReadFailed: the file could not be read.
        """
        if item.service in TOO_LARGE:
            raise NoSinglePrice(f"the offer file of {item.service} is too large to read")
        place = region if item.regional else "us-east-1"
        return one_of(products(self._offer(item.service, place)), item, region)

    def _offer(self, service: str, region: str) -> Answer:
        path = f"/offers/v1.0/aws/{service}/current/{region}/index.json"
        with self._lock:
            if path not in self._read:
                self._read[path] = self._decoded(path)
            return self._read[path]

    def _decoded(self, path: str) -> Answer:
        try:
            offer: Answer = json.loads(self._get(path))
            _ = offer["products"], offer["terms"]["OnDemand"]
        except (OSError, http.client.HTTPException) as error:
            raise ReadFailed(CALL, "failed", type(error).__name__, "it was not reached") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ReadFailed(CALL, "failed", "UnreadableAnswer", type(error).__name__) from error
        return offer


def products(offer: Answer) -> Iterator[Answer]:
    """The products of an offer file in the shape of the Query API's answers."""
    terms: dict[str, Any] = offer["terms"]["OnDemand"]
    for sku, product in offer["products"].items():
        if "usagetype" in product.get("attributes", {}):
            yield {
                "product": product,
                "terms": {"OnDemand": terms.get(sku, {})},
                "publicationDate": offer.get("publicationDate", ""),
            }
