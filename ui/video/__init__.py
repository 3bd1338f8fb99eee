"""Pictures on screen: video tile, still with its box, pair of a second look, loader."""

from ui.video.address import engine_source
from ui.video.loader import PictureFault, PictureLoader, blob_path, decode
from ui.video.marks import BoxMark, Marks, ZoneMark, box_from_e4, zone_from_e4
from ui.video.still import ComparePicture, CompareView, StillView
from ui.video.tile import VideoTile
from ui.video.tile_paint import TileCaption
from ui.video.watermark import watermark_of

__all__ = [
    "BoxMark",
    "ComparePicture",
    "CompareView",
    "Marks",
    "PictureFault",
    "PictureLoader",
    "StillView",
    "TileCaption",
    "VideoTile",
    "ZoneMark",
    "blob_path",
    "box_from_e4",
    "decode",
    "engine_source",
    "watermark_of",
    "zone_from_e4",
]
