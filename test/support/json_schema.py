# SPDX-License-Identifier: MIT
"""Does a JSON document follow a schema of doc/schema?   json_schema.py SCHEMA DOCUMENT

The part of JSON Schema 2020-12 that those schemas use; an unknown keyword is an error, not ignored.
"""
import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
SILENT = {"$schema", "$id", "$defs", "title", "description"}


def is_type(value, name):
    if name in ("number", "integer"):
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        return good and (name == "number" or value == int(value))
    return isinstance(value, TYPES[name])


def check(value, schema, root, at, faults):
    def wrong(text):
        faults.append("%s: %s" % (at or "/", text))

    for key, rule in schema.items():
        if key == "$ref":
            target = root
            for part in rule.lstrip("#/").split("/"):
                target = target[part]
            check(value, target, root, at, faults)
        elif key == "type":
            names = rule if isinstance(rule, list) else [rule]
            if not any(is_type(value, n) for n in names):
                wrong("is no %s" % " or ".join(names))
        elif key == "const" and value != rule:
            wrong("is not %r" % rule)
        elif key == "enum" and value not in rule:
            wrong("%r is none of %r" % (value, rule))
        elif key == "anyOf":
            if not any(not trial(value, s, root) for s in rule):
                wrong("fits none of the alternatives")
        elif key == "allOf":
            for s in rule:
                check(value, s, root, at, faults)
        elif key == "if":
            branch = schema.get("then" if not trial(value, rule, root) else "else")
            if branch:
                check(value, branch, root, at, faults)
        elif key == "minLength" and isinstance(value, str) and len(value) < rule:
            wrong("is shorter than %d" % rule)
        elif key == "required" and isinstance(value, dict):
            for name in rule:
                if name not in value:
                    wrong("lacks %r" % name)
        elif key == "properties" and isinstance(value, dict):
            for name, s in rule.items():
                if name in value:
                    check(value[name], s, root, "%s/%s" % (at, name), faults)
        elif key == "additionalProperties" and isinstance(value, dict):
            for name in value:
                if name in schema.get("properties", {}):
                    continue
                if rule is False:
                    wrong("has an unknown %r" % name)
                elif isinstance(rule, dict):
                    check(value[name], rule, root, "%s/%s" % (at, name), faults)
        elif key == "items" and isinstance(value, list):
            for i, x in enumerate(value):
                check(x, rule, root, "%s/%d" % (at, i), faults)
        elif key == "minItems" and isinstance(value, list) and len(value) < rule:
            wrong("has fewer than %d" % rule)
        elif key == "maxItems" and isinstance(value, list) and len(value) > rule:
            wrong("has more than %d" % rule)
        elif key == "minimum" and is_type(value, "number") and value < rule:
            wrong("is below %r" % rule)
        elif key == "maximum" and is_type(value, "number") and value > rule:
            wrong("is above %r" % rule)
        elif key == "pattern" and isinstance(value, str) and not re.search(rule, value):
            wrong("%r does not match %s" % (value, rule))
        elif key not in SILENT and key not in KNOWN:
            wrong("the schema says %r, which is not understood here" % key)


KNOWN = {"allOf", "if", "then", "else", "minLength", "$ref", "type", "const", "enum", "anyOf", "required", "properties", "additionalProperties", "items",
         "minItems", "maxItems", "minimum", "maximum", "pattern"}


def trial(value, schema, root):
    faults = []
    check(value, schema, root, "", faults)
    return faults


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        schema = json.load(f)
    with open(sys.argv[2], encoding="utf-8") as f:
        document = json.load(f)
    faults = trial(document, schema, schema)
    for fault in faults[:20]:
        print("%s: %s" % (sys.argv[2], fault))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
