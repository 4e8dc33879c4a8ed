# SPDX-License-Identifier: Apache-2.0
"""Genuine tokens, long expired, that the maker's own tests and documentation published. They must never look bad, however
little the examiner's history knows; what was edited after signing must."""

import json

import histories
from program import base64url_decode, write_json
from jose import other_byte

DAY = 86400
GRAVE = {"high", "critical"}
JWK_MEMBERS = ["kty", "n", "e", "kid", "x5t"]
PUBLISHED_MEMBERS = ["issuer", "cloud_instance_name"]


def claims_of(token):
    return json.loads(base64url_decode(token.split(".")[1]))


def then_of(token):
    claims = claims_of(token)
    return claims.get("iat", claims.get("nbf"))


def judge(report, verdicts, how, entitlements=None):
    """What a report says that it should not."""
    if report is None:
        return [f"{how}: no report"]
    problems = []
    if report["verdict"] not in verdicts:
        problems.append(f"{how}: {report['verdict']} for {', '.join(report['reasons']) or 'no reason'}")
    grave = [finding["id"] for finding in report["findings"] if finding["severity"] in GRAVE]
    if grave:
        problems.append(f"{how}: {', '.join(grave)}")
    entitlement = report["signature"].get("key", {}).get("entitlement")
    if entitlements and entitlement not in entitlements:
        problems.append(f"{how}: entitlement {entitlement}")
    return problems


def key_files(folder, kid, observations):
    """The token's key as each source published it, with and without what it says of whose it is."""
    forms = {}
    for row in observations:
        if row["kid"] != kid and row.get("x5t") != kid:
            continue
        bare = {name: row[name] for name in JWK_MEMBERS if row.get(name)}
        published = dict(bare, **{name: row[name] for name in PUBLISHED_MEMBERS if row.get(name)})
        with_certificate = dict(published, x5c=[row["x5c0"]]) if row.get("x5c0") else published
        for form in (bare, published, with_certificate):
            forms[json.dumps(form, sort_keys=True)] = form
    for number, form in enumerate(forms.values()):
        yield f"given key {number}", write_json(folder, f"key-{number}.json", {"keys": [form]})


def poor_histories(history, then):
    for days in (0.5, 30, 365, 3650):
        yield f"history frozen {days:g} days before", histories.frozen(history, then - int(days * DAY))
    yield "history frozen a day after", histories.frozen(history, then + DAY)
    yield "history thinned", histories.thinned(history)
    yield "history thinned and frozen", histories.thinned(histories.frozen(history, then + 30 * DAY))
    yield "history without dates", histories.without_rows(history)


def check_genuine(program, folder, token, kid, history, observations):
    then = then_of(token)
    problems = judge(program.inspect(token), ["valid"], "built-in history", ["archived", "consistent"])
    problems += judge(program.inspect(token, "--seen", str(then + 600)), ["valid"], "seen at once", ["archived", "consistent"])
    for name, poor in poor_histories(history, then):
        path = write_json(folder, "history.json", poor)
        for seen in ([], ["--seen", str(then + 600)]):
            report = program.inspect(token, "--no-embedded", "--history", path, *seen)
            problems += judge(report, ["valid", "unverified"], name + (", seen" if seen else ""))
    problems += judge(program.inspect(token, "--no-embedded"), ["unverified"], "no history")
    given = list(key_files(folder, kid, observations))
    for name, path in given:
        problems += judge(program.inspect(token, "--no-embedded", "--keys", path), ["valid", "unverified"], name)
        problems += judge(program.inspect(token, "--keys", path), ["valid"], name + " beside the built-in history")
        answer, words = program.verify(token, "--keys", path)
        if answer != "accepted" and "nonce" not in json.loads(base64url_decode(token.split(".")[0])):
            problems.append(f"{name}: verify says {answer}: {words[:120]}")
    if not given:
        problems.append("its key is not among the observations")
    left, _, signature = token.rpartition(".")
    report = program.inspect(left + "." + other_byte(signature))
    if not report or report["verdict"] != "invalid" or "SIG-BAD" not in report["reasons"]:
        problems.append(f"with a bit of its signature changed: {report and report['verdict']}")
    return problems


def check_edited(program, token, kid):
    """Documentation whose claims were changed after signing: a kid is text, so nothing is forged."""
    problems = []
    then = then_of(token)
    for how, arguments in (("as it is", []), ("seen at once", ["--seen", str(then + 600)]), ("seen later", ["--seen", "2023-06-16"])):
        report = program.inspect(token, *arguments)
        if not report or report["verdict"] != "invalid":
            problems.append(f"{how}: {report and report['verdict']} instead of invalid")
        elif any(finding["proves"] == "forgery" for finding in report["findings"]):
            problems.append(f"{how}: a finding proves forgery on the word of kid {kid}")
    return problems


def check(program, folder, case, history, observations):
    token = case["token"]
    if case["verifies"]:
        return check_genuine(program, folder, token, case["kid"], history, observations)
    return check_edited(program, token, case["kid"])
