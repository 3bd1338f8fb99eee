"""Small widgets that panels share. All text is passed in; all colour comes from the theme."""

from ui.widgets.bars import KeyBar, KeyItem, StatusField, StatusText, StatusTone
from ui.widgets.buttons import Button, ButtonKind, KeyButton, RowButton
from ui.widgets.labels import (
    ChipLabel,
    ElidedText,
    IconLabel,
    KeyCap,
    MarkLabel,
    PlateLabel,
    Rule,
    RuledTitle,
    SectionTitle,
    Text,
    wrapped,
)
from ui.widgets.notices import Banner, BannerTone, Card, EmptyState, UndoBar
from ui.widgets.painted import Painted
from ui.widgets.pictures import CropView, Frame, FrameStrip
from ui.widgets.question import Answer, QuestionSheet
from ui.widgets.ratio import RatioBar, Share
from ui.widgets.stepper import Step, Stepper, StepState
from ui.widgets.thread import ThreadEntry, ThreadList

__all__ = [
    "Answer",
    "Banner",
    "BannerTone",
    "Button",
    "ButtonKind",
    "Card",
    "ChipLabel",
    "CropView",
    "ElidedText",
    "EmptyState",
    "Frame",
    "FrameStrip",
    "IconLabel",
    "KeyBar",
    "KeyButton",
    "KeyCap",
    "KeyItem",
    "MarkLabel",
    "Painted",
    "PlateLabel",
    "QuestionSheet",
    "RatioBar",
    "RowButton",
    "Rule",
    "RuledTitle",
    "SectionTitle",
    "Share",
    "StatusField",
    "StatusText",
    "StatusTone",
    "Step",
    "StepState",
    "Stepper",
    "Text",
    "ThreadEntry",
    "ThreadList",
    "UndoBar",
    "wrapped",
]
