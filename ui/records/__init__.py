"""What every list of records shares: rows, delegate, models, forms, sentences.

A panel names its sections, its row and its actions; the list, what is new, forms and words come
from here.
"""

from ui.records.desk import RecordDesk
from ui.records.following import Following
from ui.records.form_fields import Choice
from ui.records.form_sheet import FormQuestion, FormSheet
from ui.records.found_group import FoundGroup
from ui.records.header import ColumnHeader, queue_header
from ui.records.model import RecordListModel
from ui.records.notes import NoteForm, note_draft, note_values
from ui.records.panel_header import PanelHeader
from ui.records.prepared import PreparedList, PreparedRows
from ui.records.rows import ROW_ROLE, GroupRow, QueueRow, TimeTone
from ui.records.saved_views import SavedView, SavedViews
from ui.records.sections import Section
from ui.records.sentences import Sentences, Spoken
from ui.records.take_back import UNDO_S, TakeBack
from ui.records.view import RecordListView

__all__ = [
    "ROW_ROLE",
    "UNDO_S",
    "Choice",
    "ColumnHeader",
    "Following",
    "FormQuestion",
    "FormSheet",
    "FoundGroup",
    "GroupRow",
    "NoteForm",
    "PanelHeader",
    "PreparedList",
    "PreparedRows",
    "QueueRow",
    "RecordDesk",
    "RecordListModel",
    "RecordListView",
    "SavedView",
    "SavedViews",
    "Section",
    "Sentences",
    "Spoken",
    "TakeBack",
    "TimeTone",
    "note_draft",
    "note_values",
    "queue_header",
]
