"""A page of a PDF as a picture in plain memory, for a screen that draws no PDF itself."""

import msgspec
import pypdfium2


class PagePicture(msgspec.Struct, frozen=True, kw_only=True):
    """One page; `stride` is the number of bytes a row, `pages` how many the file has."""

    width: int
    height: int
    stride: int
    pixels: bytes
    pages: int


def picture_of(pdf: bytes, width: int, page: int = 0) -> PagePicture:
    """The page at that width in pixels. Raises pypdfium2.PdfiumError for what is no PDF."""
    file = pypdfium2.PdfDocument(pdf)
    try:
        sheet = file[page]
        scale = width / sheet.get_width()
        drawn = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        return PagePicture(
            width=drawn.width, height=drawn.height, stride=drawn.stride,
            pixels=bytes(drawn.buffer), pages=len(file),
        )  # fmt: skip
    finally:
        file.close()
