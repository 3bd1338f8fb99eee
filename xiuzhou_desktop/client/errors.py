"""Everything that can go wrong between this computer and the district, as one tree (style.md rules
24 and 25).

    ClientError
    ├── Unavailable     weather: no network, a timeout, a busy server   → it is retried by itself
    │   └── ServerFailed    500 on this very request                    → another may pass
    ├── WrongServer     it answers, but not as a district backend       → check the address
    ├── SignedOut       the session is no longer good                   → sign in again
    ├── UpgradeNeeded   client and server speak different schemas       → install the other version
    ├── ResyncNeeded    the cursor or the epoch is gone                 → the cache is loaded anew
    ├── TooLarge        one request was too big                         → the engine halves it
    ├── Rejected        the server says no, with a problem              → show its sentence
    ├── ProfileInUse    another process holds the profile               → use that window
    ├── NoProfile       nobody has signed in here yet                   → sign in
    ├── DamagedFileError (sealed_db)  a file is malformed
    │   ├── DamagedCacheError         the disposable one                → it is rebuilt
    │   └── DamagedJournalError       the precious one                  → ask the administrator
    └── Defect          this program is wrong                           → report it; see the log

`slug` chooses the sentence on the screen (text key `problem.<slug>`), `facts` are its named
arguments.
"""

from collections.abc import Mapping

from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json


class ClientError(Exception):
    """Root of the tree."""

    slug = "defect"

    def __init__(self, slug: str | None = None, **facts: Json) -> None:
        self.slug = slug or type(self).slug
        self.facts: Mapping[str, Json] = facts
        super().__init__(self.slug, facts)

    def problem(self) -> Problem:
        """The same as a problem, for a link state or an outbox entry."""
        return Problem(slug=self.slug, retryable=isinstance(self, Unavailable), facts=self.facts)


class Unavailable(ClientError):
    """No answer this time. `retry_after_s` is the server's own wish."""

    slug = "unreachable"

    def __init__(
        self, slug: str | None = None, *, retry_after_s: int | None = None, **facts: Json
    ) -> None:
        super().__init__(slug, **facts)
        self.retry_after_s = retry_after_s


class ServerFailed(Unavailable):
    """The server broke on this very request (500): another request may pass."""

    slug = "server-failed"


class WrongServer(ClientError):
    """HTML, a redirect, or JSON that is not ours."""

    slug = "wrong-server"


class SignedOut(ClientError):
    """The password was wrong, or the session has ended."""

    slug = "signed-out"


class UpgradeNeeded(ClientError):
    """Another `Sync-Schema`."""

    slug = "schema"


class ResyncNeeded(ClientError):
    """409 `epoch-mismatch`, 410 `cursor-expired` or `epoch-changed`."""

    slug = "resync"


class TooLarge(ClientError):
    """413, or an answer above this client's own limit."""

    slug = "too-large"


class Rejected(ClientError):
    """Any other problem; `told` is the server's."""

    slug = "rejected"

    def __init__(self, told: Problem) -> None:
        super().__init__(told.slug, **told.facts)
        self.told = told

    def problem(self) -> Problem:
        """The server's own words."""
        return self.told


class ProfileInUse(ClientError):
    """Somebody else's window holds the profile; `facts` say who, since when and which process."""

    slug = "profile-in-use"


class NoProfile(ClientError):
    """There is no last login below this root."""

    slug = "no-profile"


class Defect(ClientError):
    """A state that this program must never reach."""

    slug = "defect"
