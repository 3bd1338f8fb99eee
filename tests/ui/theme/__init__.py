"""The look: tokens, marks, icons, rows and small widgets."""
