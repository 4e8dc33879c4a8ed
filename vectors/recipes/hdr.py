# SPDX-License-Identifier: Apache-2.0
"""Headers that a reader must refuse: critical extensions, unencoded payloads out of place, members that stand twice."""

import json

from .corpus import given, vector
from .keys import pub
from .tokens import (HOUSE, Token, at, compact_json, detached, flattened, flattened_with, general, house, id_v2, rewritten, v1, v2)

JUNE = "2026-06-01"
KEY = pub("house-rsa")
CLAIMS = {"iss": HOUSE, "sub": "robin", "aud": "payroll", "iat": at(JUNE), "exp": at(JUNE) + 3600}


def message(payload=b"hello-world", head=None, **options):
    """Something signed that is no JWT."""
    return Token({"alg": "RS256", "kid": "house-2026", **(head or {})}, payload, "house-rsa", **options)


def header_text(text, **claims):
    """A company's token whose header ends in these members, as they are written here."""
    return rewritten(house("house-rsa", "RS256", **claims), "header", b'"kid":"house-2026"}', b'"kid":"house-2026",' + text.encode() + b"}")


def payload_text(text, **claims):
    return rewritten(house("house-rsa", "RS256", **claims), "payload", b'"scope":"read"}', b'"scope":"read",' + text.encode() + b"}")


# ---- crit

CRITICAL = (("", '"crit":["b65"],"b65":true', "An extension that nobody knows"),
            ("-bank", '"crit":["http://openbanking.org.uk/iat"],"http://openbanking.org.uk/iat":1780272000', "An extension of a community"),
            ("-claim", '"crit":["exp"],"exp":1780275600', "A claim in the header: an extension that nobody defined"),
            ("-empty", '"crit":[]', "An empty list, which must not be"),
            ("-twice", '"crit":["b64","b64"],"b64":true', "One name twice"),
            ("-standard", '"crit":["alg"]', "A member of the standard itself"),
            ("-standard-kid", '"crit":["b64","kid"],"b64":true', "An extension that is known, and a member of the standard"),
            ("-absent", '"crit":["b64"]', "An extension that is known, but is not in the header"),
            ("-one-of-two", '"crit":["b64","b65"],"b64":true,"b65":1', "One extension that is known, and one that is not"),
            ("-text", '"crit":"b64","b64":true', "A string in place of the list"),
            ("-object", '"crit":{"b64":true},"b64":true', "An object in place of the list"),
            ("-null", '"crit":null', "null in place of the list"),
            ("-true", '"crit":true', "true in place of the list"),
            ("-number-in-it", '"crit":[64]', "A number in the list"),
            ("-null-in-it", '"crit":["b64",null],"b64":true', "null in the list"),
            ("-case", '"crit":["B64"],"B64":true', "Names are compared exactly: B64 is not b64"),
            ("-no-name", '"crit":[""],"":1', "An empty name"))
for case, text, about in CRITICAL:
    given(f"hdr/hdr-crit{case}-found", about, header_text(text), "invalid", KEY, signature=None, found="HDR-CRIT", absent="HDR-DUP FMT-JSON-EXT",
          seed=case == "-twice")
vector("hdr/hdr-crit-no-key-found", "An extension that nobody knows, and no key at hand", header_text('"crit":["b65"],"b65":true'), "invalid",
       signature=None, found="HDR-CRIT", history=None)
vector("hdr/hdr-crit-microsoft-found", "The same in an enterprise token that its issuer's key signed",
       v2(JUNE, "ent-current", head={"crit": ["urn:example:channel"], "urn:example:channel": "bound"}), "invalid", signature=None, found="HDR-CRIT")
given("hdr/hdr-crit-unprotected-found", "crit outside the protected header, where anybody can take it away",
      message(compact_json(CLAIMS), wrap=flattened_with(crit=["b65"], b65=True)), "invalid", KEY, signature=None, found="HDR-CRIT")
vector("hdr/hdr-crit-clear", "An ordinary enterprise token", v1(JUNE, "ent-current"), "valid", absent="HDR-CRIT HDR-B64 HDR-DUP")
given("hdr/hdr-crit-near", "The one extension that is known, in a message whose payload is encoded all the same",
      message(head={"crit": ["b64"], "b64": True}), "valid", KEY, absent="HDR-CRIT HDR-B64")
given("hdr/hdr-crit-jwt-near", "The same in a JWT", header_text('"crit":["b64"],"b64":true'), "valid", KEY, absent="HDR-CRIT")
given("hdr/hdr-crit-claim-near", "A claim called crit", house("house-rsa", "RS256", crit=["b65"]), "valid", KEY, absent="HDR-CRIT")
given("hdr/hdr-crit-unlisted-near", "A private member of the header that no crit lists may be passed over (RFC 7515 section 4)",
      header_text('"urn:example:channel":"bound"'), "valid", KEY, absent="HDR-CRIT")

# ---- b64


def unencoded(head, payload=b"hello-world", **options):
    return message(payload, head, b64=False, **options)


given("hdr/hdr-b64-found", "An unencoded payload, and no crit that says so", unencoded({"b64": False}), "invalid", KEY, signature=None,
      found="HDR-B64", absent="HDR-CRIT", seed=True)
given("hdr/hdr-b64-encoded-found", "b64 says false, crit does not say so, and the payload is encoded as ever", message(head={"b64": False}),
      "invalid", KEY, signature=None, found="HDR-B64")
given("hdr/hdr-b64-detached-found", "A detached payload that is not encoded, and no crit that says so",
      unencoded({"b64": False}, b"hello-world", wrap=detached), "invalid", KEY, signature=None, payload="hello-world", found="HDR-B64")
given("hdr/hdr-b64-jwt-found", "An unencoded payload within a JWT, which must not be (RFC 7797 section 7)",
      unencoded({"typ": "JWT", "b64": False, "crit": ["b64"]}, compact_json({**CLAIMS, "iss": "house"})), "invalid", KEY, signature=None,
      found="HDR-B64", absent="HDR-CRIT")
for case, value, about in (("-text", '"false"', "A string in place of false"), ("-number", "0", "A number in place of false"),
                           ("-null", "null", "null in place of false")):
    given(f"hdr/hdr-b64{case}-found", about, rewritten(message(head={"crit": ["b64"], "b64": True}), "header", b'"b64":true',
                                                       b'"b64":' + value.encode()),
          "invalid", KEY, signature=None, found="HDR-B64", absent="FMT-JSON-EXT")
given("hdr/hdr-b64-unprotected-found", "b64 outside the protected header, where anybody can change it",
      message(wrap=flattened_with(b64=False)), "invalid", KEY, signature=None, found="HDR-B64")
given("hdr/hdr-b64-differs-found", "Two signatures of one message that differ in b64, which must not be (RFC 7797 section 3)",
      Token({"alg": "EdDSA", "kid": "house-ed25519"}, b"hello-world", "house-ed25519",
            wrap=general(Token({"alg": "RS256", "kid": "house-2026", "b64": False, "crit": ["b64"]}, b"hello-world", "house-rsa"))),
      "invalid", pub("house-ed25519"), KEY, signature=None, found="HDR-B64")
given("hdr/hdr-b64-clear", "A message with an encoded payload", Token({"alg": "PS256", "kid": "house-2026"}, b"hello-world", "house-rsa"),
      "valid", KEY, absent="HDR-B64 HDR-CRIT")
given("hdr/hdr-b64-near", "An unencoded payload in a message that is no JWT, and crit says so",
      unencoded({"b64": False, "crit": ["b64"]}, b"a+b/c==: it's no token"), "valid", KEY, absent="HDR-B64 HDR-CRIT FMT-B64 FMT-SEG")
given("hdr/hdr-b64-true-near", "true is what holds without it: without crit it is worth a word, no more", header_text('"b64":true'), "valid", KEY,
      found="HDR-B64", absent="HDR-CRIT")
given("hdr/hdr-b64-claim-near", "A claim called b64", payload_text('"b64":false'), "valid", KEY, absent="HDR-B64")
given("hdr/hdr-b64-flattened-near", "An unencoded payload in the flattened JSON form",
      unencoded({"b64": False, "crit": ["b64"]}, b"to: robin", wrap=flattened), "valid", KEY, absent="HDR-B64 HDR-CRIT FMT-B64")

# ---- members that stand twice

given("hdr/hdr-dup-found", "kid stands twice: readers differ in which they take", header_text('"kid":"1"'), "invalid", KEY, signature=None,
      found="HDR-DUP", absent="FMT-JSON-EXT", seed=True)
given("hdr/hdr-dup-alg-found", "alg stands twice: RS256 and none", header_text('"alg":"none"'), "invalid", KEY, signature=None, found="HDR-DUP")
given("hdr/hdr-dup-same-value-found", "typ stands twice with one value", header_text('"typ":"JWT"'), "invalid", KEY, signature=None,
      found="HDR-DUP")
given("hdr/hdr-dup-escaped-found", "alg stands twice, the second time behind a JSON escape", header_text('"\\u0061lg":"HS256"'), "invalid", KEY,
      signature=None, found="HDR-DUP")
given("hdr/hdr-dup-nested-found", "A name stands twice deep inside the header", header_text('"jwk_ref":{"n":[{"x":1,"x":2}]}'), "invalid", KEY,
      signature=None, found="HDR-DUP")
given("hdr/hdr-dup-private-found", "A member that nobody knows stands twice", header_text('"note":1,"other":2,"note":3'), "invalid", KEY,
      signature=None, found="HDR-DUP")
given("hdr/hdr-dup-claim-found", "sub stands twice: one reader checks Robin, another acts on admin", payload_text('"sub":"admin"'), "invalid", KEY,
      signature=None, found="HDR-DUP")
given("hdr/hdr-dup-claim-exp-found", "exp stands twice", payload_text('"exp":4102444800'), "invalid", KEY, signature=None, found="HDR-DUP")
given("hdr/hdr-dup-claim-nested-found", "A name stands twice inside a claim",
      payload_text('"realm_access":{"roles":["user"],"roles":["admin"]}'), "invalid", KEY, signature=None, found="HDR-DUP")
given("hdr/hdr-dup-claim-escaped-found", "iss stands twice, the second time behind a JSON escape",
      payload_text('"\\u0069ss":"https://id.other.example"'), "invalid", KEY, signature=None, found="HDR-DUP")
vector("hdr/hdr-dup-microsoft-found", "tid stands twice in an enterprise token that its issuer's key signed",
       rewritten(v2(JUNE, "ent-current"), "payload", b'"ver":"2.0"}', b'"ver":"2.0","tid":"c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94"}'), "invalid",
       signature=None, found="HDR-DUP")
given("hdr/hdr-dup-headers-found", "The protected and the unprotected header share a name (RFC 7515 section 7.2.1)",
      message(compact_json(CLAIMS), wrap=flattened_with(kid="1")), "invalid", KEY, signature=None, found="HDR-DUP")
given("hdr/hdr-dup-form-found", "The JSON form holds two payloads",
      house("house-rsa", "RS256", wrap=lambda text: flattened(text)[:-1] + ', "payload": "' + text.split(".")[1] + '"}'), "invalid", KEY,
      signature=None, found="HDR-DUP")
vector("hdr/hdr-dup-clear", "An ordinary ID token", id_v2(JUNE, "ent-current"), "valid", absent="HDR-DUP")
given("hdr/hdr-dup-near", "One name in two objects", payload_text('"act":{"sub":"robin","act":{"sub":"robin"}}'), "valid", KEY, absent="HDR-DUP")
given("hdr/hdr-dup-list-near", "One name in each object of a list", payload_text('"items":[{"id":1},{"id":1},{"id":1}]'), "valid", KEY,
      absent="HDR-DUP")
given("hdr/hdr-dup-value-near", "A value that reads like a name that is there",
      payload_text('"label":"\\"sub\\":\\"admin\\"","also":["sub","sub"]'), "valid", KEY, absent="HDR-DUP FMT-JSON-EXT")
given("hdr/hdr-dup-replicated-near", "iss and aud in the header too (RFC 7519 section 5.3)",
      header_text(f'"iss":"{HOUSE}","aud":"payroll"'), "valid", KEY, absent="HDR-DUP")
given("hdr/hdr-dup-many-near", "Three hundred claims, all different", payload_text(json.dumps({f"c{i}": i for i in range(300)})[1:-1]),
      "valid", KEY, absent="HDR-DUP FMT-JSON-EXT")
given("hdr/hdr-dup-many-found", "Three hundred claims, and the last is called as the first",
      payload_text(json.dumps({f"c{i}": i for i in range(300)})[1:-1]
                                                                                                    + ',"c0":1'), "invalid", KEY, signature=None,
      found="HDR-DUP")
given("hdr/hdr-dup-empty-name-found", "The empty name stands twice", payload_text('"":1,"":2'), "invalid", KEY, signature=None, found="HDR-DUP")
given("hdr/hdr-dup-unlike-near", "Names that look alike and are written otherwise: one with an accent, composed and not",
      payload_text('"name\\u00e9":1,"namee\\u0301":2'), "valid", KEY, absent="HDR-DUP")
