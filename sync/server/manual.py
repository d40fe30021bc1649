"""The office's manual: what OpenAPI cannot guess about msgpack, and a page that shows it.

The page is plain HTML made here: nothing is fetched from anywhere, and no script runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import cast

from sync.server.replies import STATUS
from sync.wire import MEDIA_TYPE, Call
from sync.wire_errors import CODES

_REFUSAL = {
    "type": "object",
    "required": ["code", "sentence"],
    "properties": {
        "code": {"enum": sorted(CODES)},
        "sentence": {"type": "string"},
        "reason": {"type": "string", "description": "of a refused invite"},
    },
}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code { font-family: ui-monospace, monospace } h2 { margin-top: 2.5rem }
table { border-collapse: collapse } td, th { text-align: left; padding: .2rem .8rem .2rem 0;
vertical-align: top }
"""


def described(call: Call) -> dict[str, object]:
    """What the OpenAPI page says about one call beyond its address."""
    body = {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(call.request.keys() - call.optional),
        "properties": {name: form.schema for name, form in call.request.items()},
    }
    about: dict[str, object] = {
        "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": body}}},
        "responses": {
            "200": {
                "description": "Carried out.",
                "content": {MEDIA_TYPE: {"schema": call.answer.schema}},
            },
            **{
                str(status): {
                    "description": ", ".join(c for c, s in STATUS.items() if s == status),
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Refusal"}}},
                }
                for status in sorted({*STATUS.values(), 413})
            },
        },
    }
    if call.token:
        about["security"] = [{"token": []}]
    return about


def components() -> dict[str, object]:
    """Parts that every call's description refers to."""
    return {
        "schemas": {"Refusal": _REFUSAL},
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "What `login` gave, as 64 hexadecimal digits; good for 15 minutes.",
            }
        },
    }


def page(openapi: Mapping[str, object]) -> str:
    """The manual as one HTML page."""
    paths = cast(Mapping[str, Mapping[str, Mapping[str, object]]], openapi["paths"])
    info = cast(Mapping[str, str], openapi["info"])
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'>",
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style>",
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        f"<p>{escape(info['description'])}</p>",
        "<p>The same for machines: <a href=/openapi.json>openapi.json</a>.</p>",
        "<h2>Refusals</h2><table><tr><th>Status<th>Code<th>Meaning",
        *(
            f"<tr><td>{STATUS[code]}<td><code>{escape(code)}</code><td>{escape(_meaning(kind))}"
            for code, kind in CODES.items()
        ),
        "</table>",
    ]
    for path, methods in paths.items():
        for method, about in methods.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2>")
            parts.append(f"<p>{escape(str(about.get('summary', '')))}</p>")
            parts += _tables(about)
    return "\n".join(parts)


def _meaning(kind: type[Exception]) -> str:
    return (kind.__doc__ or "").split("\n")[0]


def _tables(about: Mapping[str, object]) -> list[str]:
    request = cast(Mapping[str, Mapping[str, Mapping[str, object]]], about.get("requestBody") or {})
    if not request:
        return []
    schema = cast(Mapping[str, object], request["content"][MEDIA_TYPE]["schema"])
    needs = "Needs a login." if "security" in about else "Needs no login."
    fields = cast(Mapping[str, Mapping[str, object]], schema["properties"])
    responses = cast(Mapping[str, Mapping[str, Mapping[str, object]]], about["responses"])
    answer = cast(Mapping[str, object], responses["200"]["content"][MEDIA_TYPE])
    return [
        f"<p>{needs}</p><table><tr><th>Field<th>Form",
        *(
            f"<tr><td><code>{escape(name)}</code><td>{escape(_form(form))}"
            for name, form in fields.items()
        ),
        f"<tr><td><em>gives</em><td>{escape(_form(cast(Mapping[str, object], answer['schema'])))}",
        "</table>",
    ]


def _form(schema: Mapping[str, object]) -> str:
    """One form in words."""
    if "anyOf" in schema:
        return " or ".join(_form(s) for s in cast(list[Mapping[str, object]], schema["anyOf"]))
    if "items" in schema:
        return f"list of: {_form(cast(Mapping[str, object], schema['items']))}"
    if "prefixItems" in schema:
        parts = cast(list[Mapping[str, object]], schema["prefixItems"])
        inside = ", ".join(
            f"{part['title']}: {_form(part)}"
            if "prefixItems" not in part and "title" in part
            else _form(part)
            for part in parts
        )
        return f"{schema.get('title', '')}[{inside}]"
    if "enum" in schema:
        words = " | ".join(map(str, cast(list[object], schema["enum"])))
        return f"{words}: {schema.get('description', '')}"
    kind = "bytes" if schema.get("format") == "binary" else str(schema.get("type", ""))
    meaning = schema.get("description")
    return f"{kind}: {meaning}" if meaning else kind
