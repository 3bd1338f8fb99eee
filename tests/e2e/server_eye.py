"""What the server has, asked over HTTP as another person: not what the window believes."""

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

from xiuzhou_desktop.contract.demo import DemoAccount

TIMEOUT_S = 180


class ServerEye:
    """One signed-in reader of a running backend."""

    def __init__(self, server: str, account: DemoAccount) -> None:
        self._server, self._account = server, account
        self._token: str | None = None

    async def record(self, kind: str, record: str) -> dict[str, Any] | None:
        """The record as the server has it; None where it has none."""
        return await asyncio.to_thread(self._record, kind, record)

    async def state(self, kind: str, record: str) -> str | None:
        """The record's state on the server."""
        found = await self.record(kind, record)
        return found["state"] if found else None

    async def acts(self, kind: str, record: str) -> list[str]:
        """Names of the transitions that the server has applied to a record, in order."""
        found = await self.record(kind, record)
        return [entry["name"] for entry in found["log"]] if found else []

    async def result(self, command: str) -> dict[str, Any] | None:
        """What became of one command; None while the server has never seen it."""
        return await asyncio.to_thread(self._get, f"/v1/commands/{command}")

    def _record(self, kind: str, record: str) -> dict[str, Any] | None:
        return self._get(f"/v1/records/{kind}/{record}")

    def _get(self, path: str) -> dict[str, Any] | None:
        is_new = self._token is None
        if self._token is None:
            self._token = self._sign_in()
        request = urllib.request.Request(
            self._server + path, headers={"Authorization": f"Bearer {self._token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            self._token = None
            if error.code == 401 and not is_new:  # it has run out
                return self._get(path)
            raise

    def _sign_in(self) -> str:
        body = {
            "user": self._account.user,
            "password": self._account.password,
            "workstation": "the-eye",
        }
        request = urllib.request.Request(
            self._server + "/v1/session",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer)["access"]
