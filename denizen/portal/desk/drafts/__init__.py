"""Drafts of the rule book at the desk: rules in sentences, amounts in decision tables, the text for reading."""
