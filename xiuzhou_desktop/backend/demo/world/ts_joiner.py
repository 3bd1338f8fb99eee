"""Segments of MPEG-TS into one endless stream.

Every segment counts its packets from zero; a player takes the jump for lost data. The joiner
goes on counting where the last segment ended. One joiner for each viewer.
"""

PACKET = 188
SYNC = 0x47
HAS_PAYLOAD = 0x10


class TsJoiner:
    """Keeps the continuity counter of each packet id across segments."""

    def __init__(self) -> None:
        self._counters: dict[int, int] = {}

    def join(self, segment: bytes) -> bytes:
        """The segment with counters that follow those of the one before."""
        stream = bytearray(segment)
        for start in range(0, len(stream), PACKET):
            if stream[start] != SYNC:
                raise ValueError("not a whole number of transport packets")
            packet_id = (stream[start + 1] & 0x1F) << 8 | stream[start + 2]
            flags = stream[start + 3]
            counter = self._counters.get(packet_id, 15)
            if flags & HAS_PAYLOAD:
                counter = (counter + 1) % 16
                self._counters[packet_id] = counter
            stream[start + 3] = (flags & 0xF0) | counter
        return bytes(stream)
