# SPDX-License-Identifier: Apache-2.0
"""A suite of JSON texts, reached as tokens reach the JSON reader: as a header member, as a claim, and as a whole payload.

"valid" texts must be read, to the same value and without a finding about their form. "invalid" ones must never pass for JSON:
inside a header or claims set they are found, and as a payload they are not shown as if they had been read in full. Either is
right for "acceptable" ones, but an answer there must be.
"""

import json
import os

from program import base64url, base64url_decode

FORM_FINDINGS = {"FMT-JSON-EXT", "FMT-UTF8"}
CLOCK = ["--no-embedded", "--now", "2025-01-01"]


def unsecured(header, payload):
    return f"{base64url(header)}.{base64url(payload)}."


def first_members(pairs):
    """Of equal names the first, as the program shows them."""
    members = {}
    for name, value in pairs:
        members.setdefault(name, value)
    return members


def read(text):
    """A value in which numbers are as written."""
    return json.loads(text, object_pairs_hook=first_members, parse_int=str, parse_float=str, parse_constant=str)


def form_findings(program, token):
    report = program.inspect(token, *CLOCK)
    if report is None:
        return None
    return {finding["id"] for finding in report["findings"]} & FORM_FINDINGS


def check_inside(program, text, expect):
    """The text as a member of a header and of claims."""
    tokens = {
        "header": unsecured(b'{"alg":"none","typ":"JWT","x":' + text + b"}", b'{"iss":"joe","exp":1700000000}'),
        "claims": unsecured(b'{"alg":"none","typ":"JWT"}', b'{"iss":"joe","exp":1700000000,"x":' + text + b"}"),
    }
    problems = []
    for place, token in tokens.items():
        found = form_findings(program, token)
        if found is None:
            problems.append(f"inside the {place}: no report")
        elif expect == "valid" and found:
            problems.append(f"inside the {place}: {', '.join(sorted(found))}, but it is JSON")
        elif expect == "invalid" and not found:
            problems.append(f"inside the {place}: taken for JSON")
    return problems


def check_value(program, text):
    """The text as the whole payload: the same value comes back."""
    output = program.decode(unsecured(b'{"alg":"none"}', text))
    if output is None:
        return ["as payload: not decoded"]
    answer = read(output.decode("utf-8"))
    wanted = read(text.decode("utf-8"))
    name = "claims" if isinstance(wanted, dict) else "payload"
    if name not in answer or answer.get(name + "_complete") is False:
        return ["as payload: not read in full"]
    return [] if answer[name] == wanted else ["as payload: another value comes back"]


def check_payload(program, text):
    """A text that is no JSON, as a claims set: found, or not taken for one."""
    token = unsecured(b'{"alg":"none","typ":"JWT"}', text)
    output = program.decode(token)
    if output is None:
        return []
    answer = json.loads(output)
    if "claims" not in answer or answer.get("claims_complete") is False:
        return []
    return [] if form_findings(program, token) else ["as claims: taken for JSON"]


def check_key_file(program, folder, text, expect):
    """The text as a key file: JSON without a key, or no JSON, with file and place."""
    path = os.path.join(folder, "keys.json")
    with open(path, "wb") as file:
        file.write(text)
    status, _, error = program.run("keys", "lint", path)
    if status not in {"valid": [0], "invalid": [65], "acceptable": [0, 65]}[expect]:
        return [f"keys lint: exit status {status}: {error[:200]}"]
    return [] if status == 0 or "keys.json: " in error else [f"keys lint: does not say which file: {error[:200]}"]


def check(program, folder, case):
    text = base64url_decode(case["token_b64"].replace("+", "-").replace("/", "_").rstrip("="))
    problems = check_inside(program, text, case["expect"]) + check_key_file(program, folder, text, case["expect"])
    if case["expect"] == "valid":
        problems += check_value(program, text)
    elif case["expect"] == "invalid":
        problems += check_payload(program, text)
    elif program.decode(unsecured(b'{"alg":"none"}', text)) is None:
        problems.append("as payload: no answer")
    return problems
