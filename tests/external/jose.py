# SPDX-License-Identifier: Apache-2.0
"""Suites of signed and encrypted messages and of keys: no false accept, no false reject, nothing unsupported."""

import hashlib
import json
import os

from program import base64url, base64url_decode, write_json

# RFC 7638 section 3.2 and RFC 8037 section 2: the members a thumbprint is made over
THUMBPRINT_MEMBERS = {"RSA": ["e", "kty", "n"], "EC": ["crv", "kty", "x", "y"], "OKP": ["crv", "kty", "x"], "oct": ["k", "kty"]}

# Another message than the one signed, or another key, must never be taken for the right one.
OTHER_KEYS = {"keys": [{"kty": "oct", "k": base64url(bytes(range(64)))}]}


def other_byte(text):
    """Base64url of the same length whose middle byte is another one."""
    data = bytearray(base64url_decode(text))
    data[len(data) // 2] ^= 1
    return base64url(bytes(data))


def with_bad_signatures(token):
    """The token with every signature changed by a bit."""
    if not token.lstrip().startswith("{"):
        left, _, signature = token.rpartition(".")
        return left + "." + other_byte(signature)
    value = json.loads(token)
    for holder in value.get("signatures", [value]):
        holder["signature"] = other_byte(holder["signature"])
    return json.dumps(value)


def check_jws(program, folder, case):
    keys = write_json(folder, "keys.json", case["jwks"])
    arguments = ["--keys", keys]
    if case.get("detached_payload_b64u") is not None:
        payload = os.path.join(folder, "payload")
        with open(payload, "wb") as file:
            file.write(base64url_decode(case["detached_payload_b64u"]))
        arguments += ["--payload", payload]
    answer, words = program.verify(case["token"], *arguments)
    wanted = {"valid": ["accepted"], "invalid": ["refused"], "acceptable": ["accepted", "refused"]}[case["expect"]]
    problems = [] if answer in wanted else [f"{answer} instead of {' or '.join(wanted)}: {words[:200]}"]
    if case["expect"] != "valid":
        return problems
    answer, _ = program.verify(with_bad_signatures(case["token"]), *arguments)
    if answer != "refused":
        problems.append(f"with a bit of its signature changed: {answer}")
    others = write_json(folder, "others.json", OTHER_KEYS)
    answer, _ = program.verify(case["token"], "--keys", others, *arguments[2:])
    if answer == "accepted" or answer not in ("refused", "no key"):
        problems.append(f"under a key that is not its own: {answer}")
    return problems


def thumbprint_of(jwk):
    members = {name: jwk[name] for name in THUMBPRINT_MEMBERS[jwk["kty"]]}
    return base64url(hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest())


def check_jwk(program, folder, case):
    jwk = json.loads(case["token"])
    path = write_json(folder, "key.json", jwk)
    wanted = thumbprint_of(jwk)
    if case.get("thumbprint_sha256", wanted) != wanted:
        return [f"the case says {case['thumbprint_sha256']}, its members give {wanted}"]
    problems = []
    for verb in (["list"], ["show", wanted]):
        status, output, error = program.run("keys", *verb, "--keys", path, "--no-embedded", "--format", "json")
        if status != 0:
            problems.append(f"keys {verb[0]}: exit status {status}: {error[:200]}")
            continue
        answer = json.loads(output)
        keys = answer["keys"] if isinstance(answer, dict) and "keys" in answer else answer if isinstance(answer, list) else [answer]
        if [key.get("thumbprint") for key in keys] != [wanted]:
            problems.append(f"keys {verb[0]}: thumbprints {[key.get('thumbprint') for key in keys]} instead of {wanted}")
        if any(jwk.get(secret, "\0") in output.decode() for secret in ("d", "p", "q", "k")):
            problems.append(f"keys {verb[0]}: shows a private value")
        problems += [f"keys {verb[0]}: unusable, {key.get('unusable')}" for key in keys if not key.get("usable")]
    status, output, error = program.run("keys", "lint", path)
    published = jwk["kty"] != "oct" and "x5c" not in jwk  # whose private half the standards print
    if status != 0 or b"1 key," not in output or (b"KEY-SAMPLE" in output) != published:
        problems.append(f"keys lint: exit status {status}: {error[:200]}")
    return problems


def jwe_parts(token):
    """The members of a JSON form, or those that a compact form stands for."""
    if token.lstrip().startswith("{"):
        return json.loads(token)
    return dict(zip(["protected", "encrypted_key", "iv", "ciphertext", "tag"], token.split(".")))


def check_jwe_decoding(program, case):
    """That its parts are told apart."""
    output = program.decode(case["token"])
    if output is None:
        return ["not decoded"]
    answer = json.loads(output)
    parts = jwe_parts(case["token"])
    protected = parts.get("protected", "")
    if not case["token"].lstrip().startswith("{"):
        serialization = "jwe-compact"
    else:
        serialization = "jwe-general" if "recipients" in parts else "jwe-flattened"
    problems = []
    if answer["serialization"] != serialization:
        problems.append(f"serialization {answer['serialization']} instead of {serialization}")
    if protected and answer.get("header") != json.loads(base64url_decode(protected)):
        problems.append("the protected header is not what it says")
    for name in ("iv", "ciphertext", "tag"):
        if answer.get("lengths", {}).get(name) != len(base64url_decode(parts[name])):
            problems.append(f"length of {name}: {answer.get('lengths', {}).get(name)}")
    return problems


def with_other_tag(token):
    parts = jwe_parts(token)
    changed = other_byte(parts["tag"])
    if token.lstrip().startswith("{"):
        return json.dumps(dict(parts, tag=changed))
    return token.rpartition(".")[0] + "." + changed


def check_jwe_decryption(program, folder, case):
    arguments = ["--keys", write_json(folder, "keys.json", case["jwks"])]
    if case.get("password"):
        path = os.path.join(folder, "password")
        with open(path, "w", encoding="utf-8") as file:
            file.write(case["password"])
        arguments = ["--password-file", path]
    status, output, error = program.run("decrypt", *arguments, "-", data=case["token"].encode())
    problems = []
    if case["expect"] == "valid" and status != 0:
        problems.append(f"not decrypted, exit status {status}: {error[:200]}")
    elif case["expect"] == "valid" and case.get("plaintext_hex") is not None and output.hex() != case["plaintext_hex"]:
        problems.append("another plaintext comes out")
    elif case["expect"] == "invalid" and status == 0:
        problems.append("decrypted")
    status, output, _ = program.run("decrypt", *arguments, "-", data=with_other_tag(case["token"]).encode())
    if status != 1 or output:
        problems.append(f"with a bit of its tag changed: exit status {status}, {len(output)} bytes come out")
    return problems


def check_jwe(program, folder, case):
    return check_jwe_decoding(program, case) + check_jwe_decryption(program, folder, case)
