# SPDX-License-Identifier: Apache-2.0
"""Selective disclosure: what is shown beside a token, and the proof of who shows it."""

import hashlib
import json

from .corpus import given
from .keys import b64url, pub
from .tokens import at, compact_json, flattened_with, house, sign

JUNE = "2026-06-01"
KEY = pub("house-rsa")
HOLDER = {"jwk": pub("house-ed25519", kid=None)}


def disclosure(*parts):
    return b64url(json.dumps(parts).encode())


def digest(text, name="sha256"):
    return b64url(hashlib.new(name, text.encode()).digest())


GIVEN = disclosure("c2FsdDE", "given_name", "Robin")
FAMILY = disclosure("c2FsdDI", "family_name", "Example")
INVENTED = disclosure("c2FsdDM", "role", "admin")
DECOY = digest("nothing has this digest")


def proof(shown, alg="EdDSA", key="house-ed25519", typ="kb+jwt", **claims):
    """What the holder signs over all that is in front of it."""
    body = {"aud": "https://shop.example", "nonce": "8214", "iat": at(JUNE), "sd_hash": digest(shown), **claims}
    data = b64url(compact_json({"alg": alg, **({"typ": typ} if typ else {})})) + "." + \
        b64url(compact_json({name: value for name, value in body.items() if value is not None}))
    return data + "." + ("" if alg == "none" else b64url(sign(alg, key, data.encode())))


def shown(*disclosures, made=None, **claims):
    """A company's SD-JWT with these disclosures, and what made() puts behind it."""
    def wrap(text):
        text = "~".join([text, *disclosures, ""])
        return text + (made(text) if made else "")
    members = {"vct": "https://corp.example/staff", "aud": None, "scope": None, "_sd_alg": "sha-256",
               "_sd": [digest(GIVEN), digest(FAMILY)], **claims}
    return house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, wrap=wrap, **members)


# ---- SD-DISCLOSURE

given("sd/sd-disclosure-found", "A disclosure that somebody invented", shown(GIVEN, INVENTED), "invalid", KEY, found="SD-DISCLOSURE", seed=True)
given("sd/sd-disclosure-plain-found", "A disclosure behind a token that discloses nothing", shown(INVENTED, _sd=None, _sd_alg=None), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-twice-found", "One disclosure is shown twice", shown(GIVEN, FAMILY, GIVEN), "invalid", KEY, found="SD-DISCLOSURE")
given("sd/sd-disclosure-places-found", "One digest stands in two places", shown(GIVEN, address={"_sd": [digest(GIVEN)]}), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-alg-found", "The digests are made with another algorithm than _sd_alg names", shown(GIVEN, _sd_alg="sha-512"), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-name-found", "The digest stands in a claim of another name", shown(INVENTED, sd=[digest(INVENTED)]), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-near", "The holder withholds one of two", shown(FAMILY), "valid", KEY, absent="SD-DISCLOSURE SD-BINDING")
given("sd/sd-disclosure-none-near", "The holder withholds all", shown(), "valid", KEY, absent="SD-DISCLOSURE SD-BINDING")
given("sd/sd-disclosure-decoy-near", "Digests that belong to nothing", shown(GIVEN, _sd=[DECOY, digest(GIVEN)]), "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-default-near", "Without _sd_alg it is SHA-256", shown(GIVEN, _sd_alg=None), "valid", KEY, absent="SD-DISCLOSURE")
for size in ("384", "512"):
    given(f"sd/sd-disclosure-sha{size}-near", f"Digests of SHA-{size}", shown(GIVEN, _sd_alg=f"sha-{size}", _sd=[digest(GIVEN, f"sha{size}")]), "valid", KEY,
          absent="SD-DISCLOSURE")
given("sd/sd-disclosure-element-near", "An element of a list is disclosed", shown(disclosure("c2FsdDQ", "DE"), nationalities=[
    {"...": digest(disclosure("c2FsdDQ", "DE"))}, {"...": DECOY}]), "valid", KEY, absent="SD-DISCLOSURE", seed=True)
STREET = disclosure("c2FsdDU", "street", "Hill Road 1")
ADDRESS = disclosure("c2FsdDY", "address", {"_sd": [digest(STREET), DECOY]})
given("sd/sd-disclosure-inside-near", "One disclosure holds the digest of another, deep down", shown(STREET, ADDRESS, person={"of": {"_sd": [digest(ADDRESS)]}}),
      "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-unhung-found", "The disclosure that another hangs on is not shown", shown(STREET, _sd=[digest(ADDRESS)]), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-unknown-near", "A digest that is not known here", shown(INVENTED, _sd_alg="sha3-256"), "valid", KEY, absent="SD-DISCLOSURE",
      unknown="SD-DISCLOSURE")
given("sd/sd-disclosure-cut-near", "The last disclosure is cut", shown(GIVEN, made=lambda text: FAMILY[:20]), "valid", KEY, absent="SD-DISCLOSURE",
      unknown="SD-DISCLOSURE")
given("sd/sd-disclosure-clear", "Both are shown", shown(GIVEN, FAMILY), "valid", KEY, absent="SD-DISCLOSURE SD-BINDING")

# ---- what a disclosure says, though its digest is signed (RFC 9901 section 7.1)


def raw(text):
    return b64url(text.encode())


def signed(*disclosures, near="_sd", **claims):
    """Disclosures whose digests the issuer signed: as claims, or as elements of an array."""
    digests = [digest(each) for each in disclosures]
    return shown(*disclosures, **({"_sd": digests} if near == "_sd" else {"_sd": None, near: [{"...": each} for each in digests]}), **claims)


CONTENTS = (("sub", "A claim that stands in the payload already", signed(disclosure("c2E", "sub", "admin"))),
            ("iss", "The issuer, once more and another one", signed(disclosure("c2E", "iss", "https://evil.example"))),
            ("escaped", "A claim that stands there already, its name behind a JSON escape", signed(raw('["c2E","\\u0073ub","admin"]'))),
            ("same-name", "Two disclosures of one name in one place", signed(disclosure("c2E", "role", "user"), disclosure("c2I", "role", "admin"))),
            ("sd-name", "A claim that is called _sd", signed(disclosure("c2E", "_sd", [digest(INVENTED)]))),
            ("dots-name", "A claim that is called ...", signed(disclosure("c2E", "...", digest(INVENTED)))),
            ("number-name", "A claim whose name is a number", signed(disclosure("c2E", 7, "admin"))),
            ("two", "A value without a name, in place of a claim", signed(disclosure("c2E", "admin"))),
            ("four", "Four elements", signed(disclosure("c2E", "role", "admin", "x"))),
            ("three", "A claim with its name, in an array", signed(disclosure("c2E", "role", "admin"), near="roles")),
            ("object", "An object", signed(raw('{"salt":"c2E","role":"admin"}'))),
            ("text", "Text that is no JSON", signed(raw("role=admin"))),
            ("comment", "JSON with a comment, which is none", signed(raw('["c2E","role",/*user*/"admin"]'))),
            ("trailing", "JSON with something behind it", signed(raw('["c2E","role","admin"]}'))))
for case, about, made in CONTENTS:
    given(f"sd/sd-disclosure-{case}-found", about, made, "invalid", KEY, found="SD-DISCLOSURE")
given("sd/sd-disclosure-deep-sub-found", "A claim inside another one that has it already",
      shown(disclosure("c2E", "country", "XX"), address={"country": "DE", "_sd": [digest(disclosure("c2E", "country", "XX"))]}), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-disclosed-name-found", "A claim inside a disclosure that has it already",
      shown(STREET, disclosure("c2E", "address", {"street": "Low Road 2", "_sd": [digest(STREET)]}),
            _sd=[digest(disclosure("c2E", "address", {"street": "Low Road 2", "_sd": [digest(STREET)]}))]), "invalid", KEY, found="SD-DISCLOSURE")
given("sd/sd-disclosure-root-found", "A payload that is no array, and looks like an element of one", shown(
    INVENTED, iss=None, vct=None, iat=None, exp=None, sub=None, jti=None, _sd=None, _sd_alg=None, **{"...": digest(INVENTED)}), "invalid", KEY,
      found="SD-DISCLOSURE")
given("sd/sd-disclosure-deep-near", "One name in two places", shown(
    disclosure("c2E", "country", "DE"), disclosure("c2I", "country", "FR"), _sd=[digest(disclosure("c2E", "country", "DE"))],
    address={"_sd": [digest(disclosure("c2I", "country", "FR"))]}), "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-beside-near", "A name that stands in another object", signed(disclosure("c2E", "country", "DE"), address={"country": "FR"}), "valid", KEY,
      absent="SD-DISCLOSURE")
given("sd/sd-disclosure-case-near", "A name in other letters is another one", signed(disclosure("c2E", "Sub", "x")), "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-white-space-near", "JSON with white space and escapes", signed(raw(' [ "c2E",\n"\\u0072ole" , {"a": []} ] ')), "valid", KEY,
      absent="SD-DISCLOSURE")
given("sd/sd-disclosure-empty-name-near", "A claim without a name, which JSON has", signed(disclosure("c2E", "", 1)), "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-two-elements-near", "Elements of an array that are arrays themselves", signed(disclosure("c2E", ["a", "b", "c"]), disclosure("c2I", None),
                                                                                             near="lists"), "valid", KEY, absent="SD-DISCLOSURE")
given("sd/sd-disclosure-inside-element-near", "An element holds the digest of a claim", shown(
    STREET, disclosure("c2E", {"_sd": [digest(STREET)]}), places=[{"...": digest(disclosure("c2E", {"_sd": [digest(STREET)]}))}]), "valid", KEY,
      absent="SD-DISCLOSURE")

# ---- the JSON forms (RFC 9901 section 8)


def in_json(form, **changed):
    """The compact form as the JSON form has it, with members of the unprotected header changed; None takes one away."""
    def wrap(text):
        token, *disclosures, holder = text.split("~")
        members = {"disclosures": disclosures, **({"kb_jwt": holder} if holder else {}), **changed}
        body = json.loads(flattened_with(**{name: value for name, value in members.items() if value is not None})(token))
        return json.dumps(form(body))
    return wrap


def alone(body):
    return body


def among(*more):
    """The general form with further signatures, each with an unprotected header of its own."""
    def wrap(body):
        signature = {name: body[name] for name in ("protected", "header", "signature")}
        others = [{"protected": head, "signature": sign_, **({"header": own} if own else {})} for head, sign_, own in (each(body["payload"]) for each in more)]
        return {"payload": body["payload"], "signatures": [signature, *others]}
    return wrap


def second(own=None):
    def make(payload):
        head = b64url(compact_json({"alg": "EdDSA", "kid": "house-ed25519", "typ": "dc+sd-jwt"}))
        return head, b64url(sign("EdDSA", "house-ed25519", f"{head}.{payload}".encode())), own
    return make


def json_shown(*disclosures, form=alone, changed=None, **claims):
    made = shown(*disclosures, **claims)
    inner = made.wrap
    made.wrap = lambda text: in_json(form, **(changed or {}))(inner(text))
    return made


TWO = (KEY, pub("house-ed25519"))
given("sd/sd-disclosure-json-clear", "Both are shown, in the flattened JSON form", json_shown(GIVEN, FAMILY), "valid", KEY,
      absent="SD-DISCLOSURE SD-BINDING FMT-JSON HDR-DUP", seed=True)
given("sd/sd-disclosure-json-general-clear", "In the general JSON form", json_shown(GIVEN, form=among()), "valid", KEY, absent="SD-DISCLOSURE FMT-JSON")
given("sd/sd-disclosure-json-two-clear", "In the general JSON form with a second signature", json_shown(GIVEN, form=among(second())), "valid", *TWO,
      absent="SD-DISCLOSURE FMT-MULTISIG")
given("sd/sd-disclosure-json-found", "A disclosure that somebody invented, in the flattened JSON form", json_shown(GIVEN, INVENTED), "invalid", KEY,
      found="SD-DISCLOSURE", seed=True)
given("sd/sd-disclosure-json-plain-found", "A disclosure beside a token that discloses nothing, in the JSON form",
      json_shown(INVENTED, _sd=None, _sd_alg=None), "invalid", KEY, found="SD-DISCLOSURE")
given("sd/sd-disclosure-json-twice-found", "One disclosure is shown twice, in the JSON form", json_shown(GIVEN, GIVEN), "invalid", KEY, found="SD-DISCLOSURE")
given("sd/sd-disclosure-json-second-found", "Disclosures in the header of a second signature, too",
      json_shown(GIVEN, form=among(second({"disclosures": [FAMILY]}))), "invalid", *TWO, found="SD-DISCLOSURE")
given("sd/sd-disclosure-json-number-near", "Something that is no disclosure stands among them", json_shown(GIVEN, changed={"disclosures": [GIVEN, 7]}), "valid", KEY,
      absent="SD-DISCLOSURE", unknown="SD-DISCLOSURE")
given("sd/sd-disclosure-json-text-near", "A string in place of their list", json_shown(GIVEN, changed={"disclosures": GIVEN}), "valid", KEY,
      absent="SD-DISCLOSURE", unknown="SD-DISCLOSURE")
given("sd/sd-binding-json-clear", "The holder's proof, in the JSON form", json_shown(GIVEN, FAMILY, cnf=HOLDER, made=proof), "valid", KEY,
      absent="SD-BINDING CLM-CNF SD-DISCLOSURE", seed=True)
given("sd/sd-binding-json-two-clear", "The holder's proof of the first of two signatures", json_shown(GIVEN, cnf=HOLDER, made=proof, form=among(second())), "valid", *TWO,
      absent="SD-BINDING CLM-CNF")
given("sd/sd-binding-json-other-near", "The holder's proof of the second of two signatures, which the RFC leaves open",
      json_shown(GIVEN, cnf=HOLDER, made=proof, form=lambda body: among(second())(body) | {"signatures": [
          {**among(second())(body)["signatures"][1], "header": body["header"]}, {name: body[name] for name in ("protected", "signature")}]}), "valid", *TWO,
      absent="SD-BINDING")
given("sd/sd-binding-json-none-found", "The proof is unsecured, in the JSON form", json_shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, alg="none")),
      "invalid", KEY, found="SD-BINDING")
given("sd/sd-binding-json-hash-found", "The proof is of a presentation with one disclosure less, in the JSON form",
      json_shown(GIVEN, FAMILY, cnf=HOLDER, made=lambda text: proof(text.replace(FAMILY + "~", ""))), "invalid", KEY, found="SD-BINDING")
given("sd/sd-binding-json-key-found", "Another key than the holder's made the proof, in the JSON form",
      json_shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, key="house-ed448")), "invalid", KEY, found="SD-BINDING", absent="CLM-CNF")
given("sd/sd-binding-json-object-near", "Something that is no proof stands in its place", json_shown(GIVEN, cnf=HOLDER, changed={"kb_jwt": {"alg": "none"}}),
      "valid", KEY, absent="SD-BINDING", unknown="SD-BINDING")

# ---- SD-BINDING

given("sd/sd-binding-found", "Another key than the holder's made the proof",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, key="house-ed448")), "invalid", KEY, found="SD-BINDING", absent="CLM-CNF", seed=True)
given("sd/sd-binding-hash-found", "The proof was made for another presentation", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text + "x")), "invalid", KEY,
      found="SD-BINDING")
given("sd/sd-binding-hash-missing-found", "The proof does not say what it was made for", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, sd_hash=None)),
      "invalid", KEY, found="SD-BINDING")
given("sd/sd-binding-none-found", "The proof is unsecured", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, alg="none")), "invalid", KEY,
      found="SD-BINDING")
given("sd/sd-binding-alg-found", "The proof is made with an algorithm that the holder's key is not for",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, alg="RS256", key="house-rsa")), "invalid", KEY, found="SD-BINDING")
given("sd/sd-binding-typ-found", "The holder's signature, and it does not say that it is a proof",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, typ=None)), "valid", KEY, found="SD-BINDING")
given("sd/sd-binding-draft-found", "A proof as early drafts had it, without type and digest",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, typ=None, sd_hash=None)), "valid", KEY, found="SD-BINDING")
given("sd/sd-binding-former-near", "The digest has the name that drafts gave it",
      shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text, sd_hash=None, _sd_hash=digest(text))), "valid", KEY, absent="SD-BINDING CLM-CNF")
given("sd/sd-binding-sha512-near", "_sd_alg holds for the proof too",
      shown(GIVEN, cnf=HOLDER, _sd_alg="sha-512", _sd=[digest(GIVEN, "sha512")], made=lambda text: proof(text, sd_hash=digest(text, "sha512"))), "valid", KEY,
      absent="SD-BINDING CLM-CNF")
given("sd/sd-binding-cnf-near", "The token names no holder", shown(GIVEN, made=proof), "valid", KEY, absent="SD-BINDING", unknown="SD-BINDING")
given("sd/sd-binding-kid-near", "The token names its holder's key by an id alone", shown(GIVEN, cnf={"kid": "k1"}, made=proof), "valid", KEY,
      found="CLM-CNF", absent="SD-BINDING", unknown="SD-BINDING")
given("sd/sd-binding-cut-near", "The end of the proof is lost", shown(GIVEN, cnf=HOLDER, made=lambda text: proof(text)[:-9]), "valid", KEY, absent="SD-BINDING",
      unknown="SD-BINDING")
given("sd/sd-binding-absent-near", "The holder's proof is not at hand: a note", shown(GIVEN, cnf=HOLDER), "valid", KEY, found="CLM-CNF", absent="SD-BINDING")
given("sd/sd-binding-same-type-clear", "Issuer and holder have keys of one type: the issuer's is not meant to verify the proof",
      shown(GIVEN, cnf={"jwk": pub("idp", kid=None)}, made=lambda text: proof(text, alg="RS256", key="idp")), "valid", KEY, absent="SD-BINDING CLM-CNF SD-DISCLOSURE")
given("sd/sd-binding-clear", "The holder's proof of this presentation", shown(GIVEN, FAMILY, cnf=HOLDER, made=proof), "valid", KEY,
      absent="SD-BINDING CLM-CNF SD-DISCLOSURE")
