"""The ledger's only writers. All of them need an open transaction: the caller decides what commits together."""
