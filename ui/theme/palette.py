"""The full QPalette of a theme, so that what no style sheet touches is right as well."""

from PySide6.QtGui import QColor, QPalette

from ui.theme.tokens import Tokens

Role = QPalette.ColorRole
Group = QPalette.ColorGroup

# Role -> token, in every group unless the tables below say otherwise.
ROLES: dict[QPalette.ColorRole, str] = {
    Role.Window: "bg1",
    Role.WindowText: "text1",
    Role.Base: "bg1",
    Role.AlternateBase: "bg2",
    Role.Text: "text1",
    Role.PlaceholderText: "text3",
    Role.Button: "bg2",
    Role.ButtonText: "text1",
    Role.BrightText: "p1_edge",
    Role.ToolTipBase: "bg3",
    Role.ToolTipText: "text1",
    Role.Highlight: "sel",
    Role.HighlightedText: "text1",
    Role.Link: "accent",
    Role.LinkVisited: "accent",
    Role.Accent: "primary",
    Role.Light: "bg3",
    Role.Midlight: "bg3",
    Role.Mid: "line",
    Role.Dark: "edge",
    Role.Shadow: "bg0",
}
DISABLED: dict[QPalette.ColorRole, str] = {
    Role.WindowText: "text3",
    Role.Text: "text3",
    Role.ButtonText: "text3",
    Role.HighlightedText: "text2",
    Role.Link: "text3",
    Role.Accent: "bg2",
}
# Only the front window has a filled primary button.
INACTIVE: dict[QPalette.ColorRole, str] = {Role.Accent: "bg2"}


def build_palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    groups = ((Group.Active, {}), (Group.Inactive, INACTIVE), (Group.Disabled, DISABLED))
    for group, exceptions in groups:
        for role, token in {**ROLES, **exceptions}.items():
            palette.setColor(group, role, QColor(getattr(tokens, token)))
    return palette
