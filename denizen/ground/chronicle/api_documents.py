"""How the entrance for services is described in OpenAPI; derived from the vocabulary where it can be."""

from __future__ import annotations

from typing import Any

from denizen.ground.chronicle.constants import ENTRIES_PER_CALL_MAX, EXTERNAL_ID_LENGTH_MAX, REFERENCE_LENGTH_MAX
from denizen.ground.chronicle.kinds import KINDS, Kind
from denizen.kit.schema import Field

DESCRIPTION = (
    'Report one entry, a list, `{"entries": [...]}`, or one entry per line (`application/x-ndjson`), up to '
    f"{ENTRIES_PER_CALL_MAX} in a call. Every entry is answered in order: `accepted`, `exists` (the same content was "
    "recorded under this external id before), `conflict` (other content was), or `invalid` with the fields and "
    "reasons. An invalid entry never blocks the others, and repeating a call is harmless."
)

REFERENCE = {"type": "string", "minLength": 1, "maxLength": REFERENCE_LENGTH_MAX}
TOKEN = {"type": "string", "pattern": "^[A-Za-z0-9._:/@+=#~-]{1,120}$"}
MOMENT = {"type": "string", "format": "date-time", "description": "With an offset."}
EXTERNAL_ID = {
    "type": "string",
    "minLength": 1,
    "maxLength": EXTERNAL_ID_LENGTH_MAX,
    "description": "The source's own name of this entry; the same name is recorded once.",
}


def _entry_schema(kind: Kind) -> dict[str, Any]:
    """An entry of one kind, with the fields of its payload."""
    fields = kind.shape.fields
    required = [field.name for field in fields if field.required]
    payload: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _field_schema(kind, field) for field in fields},
    }
    return {
        "type": "object",
        "title": kind.title_en,
        "required": ["kind", "resident", "occurred_at", "external_id"] + (["payload"] if required else []),
        "additionalProperties": False,
        "properties": {
            "kind": {"type": "string", "const": kind.code},
            "resident": REFERENCE | {"description": "How the key's source calls the resident."},
            "occurred_at": MOMENT,
            "external_id": EXTERNAL_ID,
            "payload": payload | ({"required": required} if required else {}),
        },
    }


def _field_schema(kind: Kind, field: Field) -> dict[str, Any]:
    schemas: dict[str, dict[str, Any]] = {
        "int": {"type": "integer", "minimum": field.minimum, "maximum": field.maximum},
        "bool": {"type": "boolean"},
        "token": {"type": "string", "enum": list(field.choices)} if field.choices else TOKEN,
        "resident": REFERENCE,
        "moment": MOMENT,
        "day": {"type": "string", "format": "date"},
    }
    schema = EXTERNAL_ID if kind.reverses and field.name == "original" else schemas[field.type]
    return schema | {"description": f"{field.title_en}, {field.unit}" if field.unit else field.title_en}


COMPONENTS: dict[str, Any] = {
    "Entry": {"oneOf": [{"$ref": f"#/components/schemas/{code}"} for code in KINDS]},
    **{code: _entry_schema(kind) for code, kind in KINDS.items()},
}
"""Schemas the API publishes: one for each kind of the vocabulary, and the entry that is any of them."""

ENTRY: dict[str, Any] = {"$ref": "#/components/schemas/Entry"}
PROBLEM_OF_ENTRY = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}},
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["status", "external_id"],
    "properties": {
        "status": {"type": "string", "enum": ["accepted", "exists", "conflict", "invalid"]},
        "external_id": {"type": ["string", "null"]},
        "entry": {"type": "string", "description": "The recorded entry."},
        "late": {"type": "boolean", "description": "Later than the source allows: it waits for review."},
        "differs": {"type": "array", "items": {"type": "string"}},
        "problems": {"type": "array", "items": PROBLEM_OF_ENTRY},
    },
}
ANSWERS: dict[str, Any] = {
    "type": "object",
    "required": ["entries"],
    "properties": {"entries": {"type": "array", "items": ANSWER}},
}
PROBLEM_DETAILS: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}


def _answered(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _refused(description: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": PROBLEM_DETAILS}}
    return {"description": description, "content": content} | ({"headers": headers} if headers else {})


ENTRY_LIST = {"type": "array", "minItems": 1, "maxItems": ENTRIES_PER_CALL_MAX, "items": ENTRY}
ENTRIES_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        ENTRY,
                        ENTRY_LIST,
                        {
                            "type": "object",
                            "required": ["entries"],
                            "additionalProperties": False,
                            "properties": {"entries": ENTRY_LIST},
                        },
                    ]
                }
            },
            "application/x-ndjson": {"schema": {"type": "string", "description": "One entry per line."}},
        },
    },
    "responses": {
        200: _answered("A list was answered, or the single entry exists.", {"oneOf": [ANSWERS, ANSWER]}),
        201: _answered("The single entry was accepted.", ANSWER),
        400: _refused("The body could not be read."),
        401: _refused("No valid key."),
        409: _answered("The single entry conflicts with a recorded one.", ANSWER),
        413: _refused("The body is too large, or holds too many entries."),
        415: _refused("The body is neither JSON nor NDJSON."),
        422: _answered("The single entry is invalid.", ANSWER),
        429: _refused("Too many calls.", {"Retry-After": {"schema": {"type": "integer"}}}),
    },
}
