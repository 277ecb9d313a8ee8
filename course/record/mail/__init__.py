"""Outgoing mail: queued in the transaction that causes it, sent later."""
