"""The message as it will go out, while its template is being written."""

from PySide6.QtWidgets import QFrame, QVBoxLayout

from plugins.admin.words import Words
from ui.theme.textrun import Ink
from ui.theme.theme import px
from ui.theme.type import Face
from ui.widgets import Text as Label
from ui.widgets import wrapped
from xiuzhou_desktop.documents.sms_text import example_text, pieces
from xiuzhou_desktop.domain.setting_sound import TEMPLATE_FACTS, template_fault
from xiuzhou_desktop.plugin_api.context import PanelContext

SMALL = Ink("text2", Face.LABEL)


class TemplatePreview(QFrame):
    """With the particulars of nobody, its length, and what it may name."""

    def __init__(self, context: PanelContext, words: Words) -> None:
        super().__init__()
        self._context, self._words = context, words
        self._message = wrapped("", Ink("text1"))
        self._size = Label("", SMALL)
        self._fault = wrapped("", Ink("refused"))
        self._fault.hide()
        named = words.listed(["{" + name + "}" for name in TEMPLATE_FACTS])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), 0, 0)
        column.setSpacing(px(6))
        column.addWidget(Label(words.say("preview"), SMALL))
        column.addWidget(self._message)
        column.addWidget(self._size)
        column.addWidget(self._fault)
        column.addWidget(wrapped(words.say("preview.named", names=named), SMALL))
        column.addStretch(1)

    @property
    def message(self) -> str:
        """What stands there."""
        return self._message.text()

    def show_words(self, template: str) -> None:
        """Another template, or the same with another letter."""
        fault = template_fault(template)
        self._fault.setVisible(fault is not None)
        if fault is not None:
            self._fault.setText(self._words.say("preview.fault", detail=fault))
            return
        policy, now = self._context.engine.policy, self._context.clock.now()
        said = example_text(template, policy, now)
        self._message.setText(said)
        self._size.setText(self._words.say("preview.size", letters=len(said), pieces=pieces(said)))
