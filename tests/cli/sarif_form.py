# SPDX-License-Identifier: Apache-2.0
"""
Whether a file is a SARIF 2.1.0 log: sarif_form.py FILE [SCHEMA]

By the members that the standard's schema requires, allows and limits, for the objects that the program writes; and by the schema
itself where one is named and python3-jsonschema is there.
"""

import json
import re
import sys

# object: members that must be there, members that may. A member that is an object or a list of them is named after its kind.
FORM = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "columnKind"}),
    "tool": ({"driver"}, set()),
    "driver": ({"name"}, {"version", "rules"}),
    "rule": ({"id"}, {"shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"}),
    "text": ({"text"}, set()),
    "configuration": (set(), {"level"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations", "relatedLocations", "partialFingerprints", "properties"}),
    "location": (set(), {"physicalLocation"}),
    "physicalLocation": ({"artifactLocation"}, {"region"}),
    "artifactLocation": (set(), {"uri"}),
    "region": (set(), {"startLine", "startColumn", "endLine", "endColumn", "byteOffset", "byteLength"}),
}
KINDS = {"tool": "tool", "driver": "driver", "message": "text", "shortDescription": "text", "fullDescription": "text", "help": "text",
         "defaultConfiguration": "configuration", "physicalLocation": "physicalLocation", "artifactLocation": "artifactLocation",
         "region": "region"}
LISTS = {"runs": "run", "rules": "rule", "results": "result", "locations": "location", "relatedLocations": "location"}
LEAST = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1, "byteOffset": 0, "byteLength": 0, "ruleIndex": 0}
TEXTS = {"name", "id", "ruleId", "text", "uri"}


def check(kind, value, place):
    required, allowed = FORM[kind]
    assert isinstance(value, dict), place
    assert required <= set(value) <= required | allowed, (place, set(value) - required - allowed, required - set(value))
    for name, member in value.items():
        where = f"{place}/{name}"
        if name in KINDS:
            check(KINDS[name], member, where)
        elif name in LISTS:
            assert isinstance(member, list), where
            for number, each in enumerate(member):
                check(LISTS[name], each, f"{where}/{number}")
        elif name in LEAST:
            assert type(member) is int and member >= LEAST[name], (where, member)
        elif name in TEXTS:
            assert isinstance(member, str) and member, where
    assert value.get("level", "none") in ("none", "note", "warning", "error"), place
    assert value.get("columnKind", "utf16CodeUnits") in ("utf16CodeUnits", "unicodeCodePoints"), place
    assert all(isinstance(each, str) for each in value.get("partialFingerprints", {}).values()), place
    assert re.fullmatch(r"[A-Za-z0-9._~:/%-]*", value.get("uri", "")), (place, value.get("uri"))
    if kind == "region":
        assert "startLine" in value or not {"startColumn", "endLine", "endColumn"} & set(value), place


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        log = json.load(file)
    assert log["version"] == "2.1.0"
    check("log", log, "")
    for run in log["runs"]:
        rules = run["tool"]["driver"].get("rules", [])
        ids = [rule["id"] for rule in rules]
        assert len(set(ids)) == len(ids)
        assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    if len(sys.argv) > 2:
        try:
            import jsonschema
        except ImportError:
            return
        with open(sys.argv[2], encoding="utf-8") as file:
            jsonschema.Draft4Validator(json.load(file), format_checker=jsonschema.FormatChecker()).validate(log)


if __name__ == "__main__":
    main()
