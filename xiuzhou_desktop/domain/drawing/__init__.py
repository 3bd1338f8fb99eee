"""A transition table as a picture: `python -m xiuzhou_desktop.domain draw KIND [--out FILE.svg]`.

table ──chart──► Chart (arrows, notes) ──arrange──► Plan (boxes, lines) ──svg──► text
"""

from .chart import chart_of
from .plan import arrange
from .svg import svg_of

__all__ = ["arrange", "chart_of", "svg_of"]
