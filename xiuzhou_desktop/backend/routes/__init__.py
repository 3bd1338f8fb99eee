"""The API by feature; each module gives its rows for `operation.Operation`."""
