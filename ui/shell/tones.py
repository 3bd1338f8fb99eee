"""The sounds as samples: harmonics added, 20 ms fades, no melody; written once as small WAV files.

p1  880-660-880 Hz      p2  660-660      p3  520
refused  520→390        link lost  390, long
"""

import math
import struct
import wave
from enum import StrEnum
from pathlib import Path

RATE_HZ = 22_050
FADE_S = 0.02
PULSE_S, LONG_S, GAP_S = 0.15, 0.6, 0.08
HARMONICS = (1.0, 0.4, 0.2, 0.1)
LOUDNESS = 0.3
FULL = 32_767


class Tone(StrEnum):
    """What a sound says; the order is who comes first."""

    URGENT = "p1"
    HIGH = "p2"
    MEDIUM = "p3"
    REFUSED = "refused"
    LINK_LOST = "link_lost"


PULSES: dict[Tone, tuple[tuple[float, float], ...]] = {
    Tone.URGENT: ((880, PULSE_S), (660, PULSE_S), (880, PULSE_S)),
    Tone.HIGH: ((660, PULSE_S), (660, PULSE_S)),
    Tone.MEDIUM: ((520, PULSE_S),),
    Tone.REFUSED: ((520, PULSE_S), (390, PULSE_S)),
    Tone.LINK_LOST: ((390, LONG_S),),
}


def tone_file(folder: Path, tone: Tone) -> Path:
    """The WAV of a tone, written where it is not there yet. For a worker thread."""
    path = folder / f"{tone.value}.wav"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with wave.open(str(part), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(samples(tone))
        part.replace(path)
    return path


def samples(tone: Tone) -> bytes:
    """16-bit samples of all pulses with their gaps."""
    values: list[int] = []
    for pitch_hz, length_s in PULSES[tone]:
        values += _pulse(pitch_hz, length_s)
        values += [0] * int(GAP_S * RATE_HZ)
    return struct.pack(f"<{len(values)}h", *values)


def _pulse(pitch_hz: float, length_s: float) -> list[int]:
    count = int(length_s * RATE_HZ)
    fade = int(FADE_S * RATE_HZ)
    total = sum(HARMONICS)
    values = []
    for at in range(count):
        turn = 2 * math.pi * pitch_hz * at / RATE_HZ
        wave_now = sum(part * math.sin(turn * (n + 1)) for n, part in enumerate(HARMONICS)) / total
        edge = min(1.0, at / fade, (count - at) / fade)
        values.append(int(FULL * LOUDNESS * edge * wave_now))
    return values
