"""The manual: chapters of docs/manual as pages, and the window that shows them."""
