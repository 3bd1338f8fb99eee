"""The publication panel 公示状态: what was decided and is not yet, or no longer, on the portal."""
