"""How the journal is sealed: the bytes of a leaf, trees of hashes, the lines of the roots file, rows as leaves.

``tools/verify_journal.py`` says the same again without this code; ``docs/how-to/prove.md`` says it in words.
"""
