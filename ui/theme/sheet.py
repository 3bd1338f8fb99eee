"""The one style sheet, generated from the tokens and set once at a theme or scale change.

Only for what Fusion draws with gradients or bevels: buttons, inputs, tabs, dock titles, bars,
scroll bars, menus, tool tips, splitters. Rows, map, charts and tiles paint themselves. A bar is
any frame with the property `bar`: top, panel, key, status.
"""

from string import Template

import msgspec

from ui.theme.tokens import Tokens
from ui.theme.type import SMALLEST_TEXT_PX, scaled

TEMPLATE = Template("""
QToolTip { background: $bg3; color: $text1; border: 1px solid $edge; padding: 4px 8px; }

QFrame[bar="top"], QFrame[bar="panel"], QFrame[bar="key"], QFrame[bar="status"],
QFrame[bar="rail"] { background: $bg2; border: none; }
QFrame[bar="top"], QFrame[bar="panel"] { border-bottom: 1px solid $line; }
QFrame[bar="key"], QFrame[bar="status"] { border-top: 1px solid $line; }
QFrame[bar="rail"] { border-right: 1px solid $line; }
QFrame[surface="canvas"] { background: $bg0; border: none; }
QFrame[surface="panel"] { background: $bg1; border: none; }
QFrame[surface="card"] { background: $bg2; border: 1px solid $line; border-radius: 4px; }
QFrame[surface="float"] { background: $bg1; border: 1px solid $edge; border-radius: 4px; }
QFrame[past="true"] { border: 2px solid $accent; }

QPushButton { background: $bg2; color: $text1; border: 1px solid $edge; border-radius: 2px;
  padding: 0 ${p12}px; min-height: ${p28}px; }
QPushButton:hover, QPushButton:pressed { background: $bg3; }
QPushButton:disabled { color: $text3; border-color: $line; }
QPushButton:focus { border-color: $focus; }
QPushButton[kind="primary"]:active { background: $primary; color: $on_primary;
  border-color: $accent; font-weight: 700; }
QPushButton[kind="primary"]:disabled { background: $bg2; color: $text3; border-color: $line; }

QToolButton { background: transparent; color: $text2; border: 1px solid transparent;
  border-radius: 2px; padding: ${p4}px; min-width: ${p14}px; min-height: ${p14}px; }
QToolButton:hover { background: $bg3; color: $text1; }
QToolButton:checked { background: $bg3; color: $text1; border-color: $edge; }
QToolButton:disabled { color: $text3; }
QToolButton[popupMode="2"], QToolButton[kind="boxed"] { border-color: $edge; color: $text1;
  padding: ${p4}px ${p8}px; }
QToolButton::menu-indicator { image: none; width: 0; }

QAbstractScrollArea { border: none; }
QLineEdit, QPlainTextEdit, QTextEdit { background: $bg2; color: $text1; border: 1px solid $edge;
  border-radius: 2px; padding: 0 ${p8}px; selection-background-color: $primary;
  selection-color: $on_primary; }
QLineEdit { min-height: ${p28}px; }
QPlainTextEdit, QTextEdit { padding: ${p4}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; }
QLineEdit:focus { padding: 0 ${p7}px; }
QTextEdit[surface="sheet"] { background: $sheet; color: $ink; border: none; padding: 0;
  border-radius: 0; }
QTextEdit[surface="sheet"]:focus { border: 2px solid $focus; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled { color: $text3;
  border-color: $line; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: $bg2; border: none;
  min-height: 0; }
QComboBox QAbstractItemView { background: $bg2; border: 1px solid $edge; outline: none; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: $bg2; }
QTabBar::tab { background: transparent; color: $text2; border: none;
  border-bottom: 2px solid transparent; padding: 0 ${p12}px; min-height: ${p34}px; }
QTabBar::tab:disabled { color: $text3; }
QTabBar::tab:hover:enabled { color: $text1; background: $bg3; }
QTabBar::tab:selected { color: $text1; font-weight: 700; border-bottom-color: $accent; }

QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title, ads--CDockAreaTitleBar { background: $bg2; color: $text1;
  border-bottom: 1px solid $line; padding: ${p4}px ${p8}px; }
ads--CDockAreaWidget, ads--CDockContainerWidget, ads--CAutoHideDockContainer { background: $bg1;
  border: none; }
ads--CDockWidget { background: $bg1; border: none; }
ads--CDockWidgetTab { background: transparent; border: none; padding: 0 ${p8}px; }
ads--CDockWidgetTab QLabel { color: $text2; }
ads--CDockWidgetTab[activeTab="true"] { border-bottom: 2px solid $accent; }
ads--CDockWidgetTab[activeTab="true"] QLabel { color: $text1; font-weight: 700; }
ads--CTitleBarButton { padding: ${p2}px; }
QSplitter::handle, ads--CDockSplitter::handle { background: $line; }
QSplitter::handle:hover, ads--CDockSplitter::handle:hover { background: $accent; }
QSplitter::handle:horizontal, ads--CDockSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical, ads--CDockSplitter::handle:vertical { height: 1px; }

QScrollBar { background: $bg1; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $edge; border: 3px solid $bg1; border-radius: 5px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { border-width: 2px; }
QScrollBar::handle:disabled { background: $bg1; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenuBar { background: $bg2; color: $text1; }
QMenuBar::item { padding: ${p4}px ${p8}px; background: transparent; }
QMenuBar::item:selected { background: $bg3; }
QMenu { background: $bg2; color: $text1; border: 1px solid $edge; padding: 4px 0; }
QMenu::item { padding: ${p4}px ${p24}px ${p4}px ${p12}px; min-height: ${p20}px; }
QMenu::item:selected { background: $sel; }
QMenu::item:disabled { color: $text3; }
QMenu::separator { height: 1px; background: $line; margin: 4px 0; }

QHeaderView { background: $bg2; border: none; }
QHeaderView::section { background: $bg2; color: $text2; border: none; font-size: ${label}px;
  border-bottom: 1px solid $line; padding: 0 ${p8}px; min-height: ${p28}px; }
QTableView { gridline-color: $line; }

QProgressBar { background: $bg3; border: none; border-radius: 2px; min-height: ${p8}px;
  max-height: ${p8}px; qproperty-textVisible: false; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QStatusBar { background: $bg2; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
""")

LENGTHS = (2, 4, 7, 8, 12, 14, 20, 24, 28, 34)


def build_sheet(tokens: Tokens, scale: float) -> str:
    lengths = {f"p{length}": scaled(length, scale) for length in LENGTHS}
    label = max(SMALLEST_TEXT_PX, scaled(12, scale))
    return TEMPLATE.substitute(msgspec.structs.asdict(tokens), label=label, **lengths)
