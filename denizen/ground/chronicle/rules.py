"""Pure decisions of the chronicle."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from math import ceil
from threading import Lock

KEYS_KEPT_MAX = 10_000


def secret_hash(secret: str) -> bytes:
    """32 bytes. SHA-256 suffices for 32 random bytes: there is nothing to guess from."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


class CallBudget:
    """How many calls each key may make: a bucket of ``burst`` calls that refills at ``per_minute``.

    It lives in one process, so a city of several web processes allows that many times the rate.
    """

    def __init__(self, per_minute: int, burst: int) -> None:
        self.per_second = per_minute / 60
        self.burst = float(burst)
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait_seconds(self, key: int, moment: float) -> int:
        """0 when the call may go on (it is then counted), else the whole seconds until the next one may.

        ``moment``: seconds of a clock that never goes back.
        """
        with self._lock:
            left, since = self._buckets.pop(key, (self.burst, moment))
            left = min(self.burst, left + (moment - since) * self.per_second)
            granted = left >= 1
            self._buckets[key] = (left - 1 if granted else left, moment)
            if len(self._buckets) > KEYS_KEPT_MAX:
                self._buckets.popitem(last=False)
        return 0 if granted else max(1, ceil((1 - left) / self.per_second))
