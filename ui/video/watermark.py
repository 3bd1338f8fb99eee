"""What stands across every picture: who looks at it, where, and on which day."""

from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.plugin_api.context import PanelContext


def watermark_of(context: PanelContext) -> str:
    """For `set_watermark` of a picture."""
    signed, day = context.engine.signed, context.clock.now().astimezone(LOCAL)
    return f"{signed.account.name} {signed.workstation} {day:%Y-%m-%d}"
