"""Writes resources/sounds: the alarms of the command centre, as small mono WAVs.

    python packaging/make_sounds.py

Pulses rise with priority, in the manner of IEC 60601-1-8: three for 紧急, two for 高, one for
中, none for 低. Each pulse is a tone with its harmonics (a bare sine is hard to locate in a room)
and fades of 20 ms (no clicks); there is no melody.
"""

import math
import sys
import wave
from array import array
from pathlib import Path

RATE_HZ = 16_000
PEAK = 0.6
FADE_S = 0.020
GAP_S = 0.10
HARMONICS = (1.0, 0.5, 0.33, 0.2)  # strength of the tone and of its 2nd, 3rd, 4th multiple
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"

# name -> pulses of (start Hz, end Hz, seconds)
Pulse = tuple[float, float, float]
SOUNDS: dict[str, tuple[Pulse, ...]] = {
    "p1": ((880, 880, 0.15), (660, 660, 0.15), (880, 880, 0.15)),
    "p2": ((660, 660, 0.15), (660, 660, 0.15)),
    "p3": ((520, 520, 0.20),),
    "refused": ((520, 520, 0.18), (390, 390, 0.24)),
    "link_lost": ((390, 390, 0.60),),
}


def pulse_samples(pulse: Pulse) -> array:
    """One faded pulse that glides from its first frequency to its second."""
    start_hz, end_hz, length_s = pulse
    count = round(length_s * RATE_HZ)
    loudest = sum(HARMONICS)
    samples, phase = array("h"), 0.0
    for n in range(count):
        phase += math.tau * (start_hz + (end_hz - start_hz) * n / count) / RATE_HZ
        tone = sum(a * math.sin(phase * k) for k, a in enumerate(HARMONICS, start=1)) / loudest
        edge_s = min(n, count - 1 - n) / RATE_HZ
        samples.append(round(32_767 * PEAK * tone * min(1.0, edge_s / FADE_S)))
    return samples


def sound_samples(pulses: tuple[Pulse, ...]) -> array:
    silence = array("h", bytes(2 * round(GAP_S * RATE_HZ)))
    samples = array("h")
    for number, pulse in enumerate(pulses):
        if number:
            samples.extend(silence)
        samples.extend(pulse_samples(pulse))
    return samples


def write_wave(path: Path, samples: array) -> None:
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, pulses in SOUNDS.items():
        path = FOLDER / f"{name}.wav"
        write_wave(path, sound_samples(pulses))
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
