"""The video wall 视频墙."""
