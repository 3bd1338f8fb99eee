"""The administration panel 管理."""
