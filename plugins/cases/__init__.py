"""The case review panel 案件审核."""
