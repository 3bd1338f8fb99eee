"""The command centre of Xiuzhou without a screen: domain, wire, client engine, backend.

Importing it never imports Qt.
"""
