"""Config: the master key. Settings, addresses, wiring, processes and the command line; no domain."""
