"""Every colour of the product, for both themes; no other file may hold a colour value.

A token names a use, not a hue: ``text2`` is "a label", ``p1_fill`` is "inside the most urgent
mark". The contrast of each against the surfaces it may lie on is measured by `ui.theme.contrast`,
which `make lint` runs.
"""

from enum import StrEnum

import msgspec


class ThemeName(StrEnum):
    DARK = "dark"
    LIGHT = "light"


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The colours of one theme, as #rrggbb."""

    # Surfaces: canvas · panel · bar, input, card · hover, pressed, chip · selected row
    bg0: str
    bg1: str
    bg2: str
    bg3: str
    sel: str
    # Text: content · labels · hints and what is disabled but must be read
    text1: str
    text2: str
    text3: str
    # Lines: separators without meaning · borders of controls
    line: str
    edge: str
    accent: str
    primary: str
    on_primary: str
    focus: str
    ok: str
    # Priorities: inside of the mark · its outline and its colour as text · the digit
    p1_fill: str
    p1_edge: str
    p1_digit: str
    p2_fill: str
    p2_edge: str
    p2_digit: str
    p3_fill: str
    p3_edge: str
    p3_digit: str
    p4_fill: str
    p4_edge: str
    p4_digit: str
    # States that are not normal
    pending: str
    refused: str
    frozen: str
    frozen_band: str
    frozen_text: str
    stale: str
    offline: str
    # A document as it prints, and the masks on it
    sheet: str
    ink: str
    mask_text: str
    # Speed of a track, slow to fast, and the casing that parts it from the map
    ramp: tuple[str, str, str, str, str]
    ramp_casing: str


SPEED_RAMP = ("#5B6FB8", "#4E97C4", "#58B8A8", "#A9CF74", "#F4E89A")

DARK = Tokens(
    bg0="#121416", bg1="#1A1D20", bg2="#22262A", bg3="#2C3136", sel="#1D3247",
    text1="#E3E6E9", text2="#B4BBC2", text3="#979FA7",
    line="#343A40", edge="#7E8791",
    accent="#78B0E6", primary="#3978BA", on_primary="#FFFFFF", focus="#A6D0F7", ok="#86BE92",
    p1_fill="#FF625C", p1_edge="#FF6F69", p1_digit="#1F0405",
    p2_fill="#FFA53A", p2_edge="#FFAE4A", p2_digit="#1A1206",
    p3_fill="#1A1D20", p3_edge="#F8EFA8", p3_digit="#F8EFA8",
    p4_fill="#1A1D20", p4_edge="#9DB2C6", p4_digit="#9DB2C6",
    pending="#86E0DA", refused="#F07CCB",
    frozen="#BBA8FF", frozen_band="#191430", frozen_text="#D6CBFF",
    stale="#B4BBC2", offline="#9AA2AA",
    sheet="#C9CCCF", ink="#16191C", mask_text="#F2F3F4",
    ramp=SPEED_RAMP, ramp_casing="#121416",
)  # fmt: skip

LIGHT = Tokens(
    bg0="#DEE1E4", bg1="#EEF0F2", bg2="#F9FAFB", bg3="#D3D8DC", sel="#C9DDF2",
    text1="#181C20", text2="#434B53", text3="#555D65",
    line="#C2C8CE", edge="#6D757E",
    accent="#195DA5", primary="#195DA5", on_primary="#FFFFFF", focus="#0B4F9E", ok="#23693A",
    p1_fill="#C4191F", p1_edge="#B0141B", p1_digit="#FFFFFF",
    p2_fill="#F0913A", p2_edge="#8F4300", p2_digit="#1F1300",
    p3_fill="#F6E27A", p3_edge="#675600", p3_digit="#675600",
    p4_fill="#EEF0F2", p4_edge="#475C70", p4_digit="#475C70",
    pending="#00645F", refused="#9A1F7C",
    frozen="#5A2FB0", frozen_band="#191430", frozen_text="#D6CBFF",
    stale="#434B53", offline="#535C65",
    sheet="#FBFBF9", ink="#16191C", mask_text="#F2F3F4",
    ramp=SPEED_RAMP, ramp_casing="#181C20",
)  # fmt: skip

TOKENS = {ThemeName.DARK: DARK, ThemeName.LIGHT: LIGHT}
