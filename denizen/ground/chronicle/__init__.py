"""Chronicle: what residents did, written once and never edited.

It keeps the resident's bare key with external references, and append-only entries. A *kind* is the typed, versioned
vocabulary of an entry (``kinds/``, one file per area). An entry has two times: ``occurred_at`` (when it happened) and
``recorded_at`` (when we learnt it). Its key ``(source, external_id)`` makes recording idempotent: the same payload
again answers *exists*, another payload answers *conflict*. Each recorded entry stands in ``undecided`` until the
pipeline has decided it, in the same transaction as the effect.

Flow: ``commands.record`` -> entry + key + undecided row -> (growth) ``pipeline.advance``.

May touch: kit. Nobody below it but kit; every room above may record entries through its doors.
"""
