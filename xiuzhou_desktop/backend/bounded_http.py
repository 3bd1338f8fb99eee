"""HTTP as uvicorn reads it in C, with the bound that the C parser lacks: a head without end is
answered 431 before anybody knows who sends it.

    bytes come ──► the parser ──► a head, a piece of a body, an end: counted anew
                        └─ none of them for HEAD_BYTES: 431, closed
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024  # of a request line with headers, of trailers, of what parts two chunks
TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class BoundedHttp(HttpToolsProtocol):
    """One connection. What one read brings whole, at most 256 KiB, may be more than the bound."""

    _unread = 0  # bytes since the parser last made something of them

    def data_received(self, data: bytes) -> None:
        """Some bytes."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > HEAD_BYTES and not self.transport.is_closing():
            self.logger.warning("a head without end")
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """A head."""
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """An end."""
        self._unread = 0
        super().on_message_complete()
