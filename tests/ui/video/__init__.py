"""The video tile, stills and the picture loader, in real windows."""
