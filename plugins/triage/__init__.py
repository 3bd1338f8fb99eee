"""The triage panel 违法研判: a queue, the item, and one question at a time."""
