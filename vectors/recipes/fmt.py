# SPDX-License-Identifier: Apache-2.0
"""Form: base64url, the number of parts, strict JSON, strict UTF-8."""

import json

from .corpus import given, vector
from .keys import b64url, pub
from .tokens import (Token, compact_json, consumer, flattened, graph, house, id_v2, idp, padded, rewritten, spare_bits, standard,
                     two_parts, v1, v2)

JUNE = "2026-06-01"
KEY = pub("house-rsa")


def token(**claims):
    return house("house-rsa", "RS256", **claims)


def found(name, about, made, ids, verdict="invalid", **members):
    """A vector of what must not be; whether the signature holds besides is not what it is about."""
    given(name, about, made, verdict, KEY, signature=None, found=ids, **members)


def header_bytes(data):
    """The header's object ends in these bytes."""
    return rewritten(token(), "header", b'"kid":"house-2026"}', b'"kid":"house-2026"' + data)


def payload_bytes(data, close=b"}"):
    """The claims' object ends in these bytes."""
    return rewritten(token(), "payload", b'"scope":"read"}', b'"scope":"read"' + data + close)


def whole_payload(data):
    made = token()
    made.payload = data
    return made


def in_part(number, change):
    """Wraps the token in what changes one of its parts."""
    def wrap(text):
        parts = text.split(".")
        parts[number] = change(parts[number])
        return ".".join(parts)
    return wrap


def broken_by(text, at_letter=40):
    return lambda part: part[:at_letter] + text + part[at_letter:]


def ended_by(text):
    return lambda part: part + text


# ---- base64url

PADDED = id_v2(JUNE, "ent-current", signature=padded, holds=True)
vector("fmt/fmt-b64-found", "The signature ends in padding; without it the token holds", PADDED, "valid", found="FMT-B64",
       absent="SIG-BAD SIG-LEN SIG-MISSING", seed=True)
for case, change, about in (
        ("-alphabet", dict(signature=standard, holds=True), "A signature in the letters of the other alphabet"),
        ("-line", dict(wrap=in_part(1, broken_by("\n"))), "A line end inside the claims"),
        ("-crlf", dict(wrap=in_part(2, broken_by("\r\n"))), "A line end of two bytes inside the signature"),
        ("-space", dict(wrap=in_part(2, broken_by(" "))), "A space inside the signature"),
        ("-tab", dict(wrap=in_part(0, broken_by("\t", 8))), "A tab inside the header"),
        ("-header-padding", dict(wrap=in_part(0, ended_by("="))), "A header that ends in padding, which was not signed"),
        ("-payload-padding", dict(wrap=in_part(1, ended_by("=="))), "Claims that end in padding, which was not signed"),
        ("-percent", dict(wrap=in_part(2, ended_by("%3D%3D"))), "Padding behind percent-encoding")):
    given(f"fmt/fmt-b64{case}-found", about, token(**change), "valid", KEY, found="FMT-B64", absent="SIG-BAD SIG-LEN FMT-SEG FMT-JSON-EXT")
given("fmt/fmt-b64-several-found", "Line ends and padding in all parts",
      token(wrap=lambda text: "=.\n".join("\n".join(part[i:i + 64] for i in range(0, len(part), 64)) for part in text.split("."))), "valid", KEY,
      found="FMT-B64", absent="SIG-BAD SIG-LEN")
given("fmt/fmt-b64-flattened-found", "Padding in the flattened JSON form",
      house("house-rsa", "RS256", signature=padded, holds=True, wrap=flattened), "valid", KEY, found="FMT-B64",
      absent="SIG-BAD SIG-LEN FMT-JSON-EXT")
vector("fmt/fmt-b64-no-key-found", "Padding, and no key at hand", token(signature=padded, holds=True), "unverified", signature="unverified",
       found="FMT-B64", absent="SIG-BAD", unknown="SIG-BAD", history=None)
given("fmt/fmt-b64-edited-found", "Padding, and claims that were edited: reading past the one does not mend the other",
      token(signature=padded, edited=token(sub="admin").payload), "invalid", KEY, signature="failed", found="FMT-B64 SIG-BAD")
vector("fmt/fmt-b64-clear", "A token without a letter that needs care", v2(JUNE, "ent-current"), "valid", absent="FMT-B64")
given("fmt/fmt-b64-near", "Claims that hold the very letters", token(note="a+b/c== \r\n", scope="read\twrite"), "valid", KEY,
      absent="FMT-B64 FMT-JSON-EXT")
vector("fmt/fmt-b64-around-near", "White space around the token is no part of it",
       v1(JUNE, "ent-current", wrap=lambda text: "  " + text + " \r\n"), "valid", absent="FMT-B64")
given("fmt/fmt-b64-form-near", "White space between the members of the JSON form",
      token(wrap=lambda text: flattened(text).replace(", ", ",\n    ").replace("{", "{\n    ").replace("}", "\n}\n")), "valid", KEY,
      absent="FMT-B64 FMT-JSON-EXT")
given("fmt/fmt-b64-spare-bits-found", "Spare bits that are not zero: no byte changes, and the signature holds",
      token(signature=spare_bits, holds=True), "valid", KEY, found="FMT-B64", absent="SIG-BAD SIG-LEN SIG-MISSING")

# ---- parts

EXTRA = b64url(b"one part more")
found("fmt/fmt-seg-found", "A part more than there should be, behind a token that holds", token(wrap=lambda text: text + "." + EXTRA), "FMT-SEG",
      absent="ALG-EMPTY-SIG", seed=True)
found("fmt/fmt-seg-front-found", "A part more in front", token(wrap=lambda text: EXTRA + "." + text), "FMT-SEG")
found("fmt/fmt-seg-dot-found", "A dot behind the token, and nothing behind it", token(wrap=lambda text: text + "."), "FMT-SEG")
found("fmt/fmt-seg-six-found", "Two tokens with a dot between", token(wrap=lambda text: text + "." + text), "FMT-SEG")
found("fmt/fmt-seg-many-found", "A hundred empty parts more", token(wrap=lambda text: text + "." * 100), "FMT-SEG")
JWE = [b64url(compact_json({"alg": "dir", "enc": "A256GCM"})), "", b64url(b"twelve bytes"), b64url(b"some ciphertext"), b64url(b"sixteen bytes ..")]
vector("fmt/fmt-seg-encrypted-found", "An encrypted token with six parts",
       Token({"alg": "dir", "enc": "A256GCM"}, b"", None, wrap=lambda text: ".".join(JWE + [EXTRA])),
       "invalid", signature=None, found="FMT-SEG", history=None)
vector("fmt/fmt-seg-clear", "Three parts", idp(JUNE), "valid", absent="FMT-SEG")
vector("fmt/fmt-seg-near", "Two parts: the signature was taken away, and that is another thing",
       consumer("2024-07-15", "msa-2024", wrap=two_parts), "unverified",
       signature="missing", found="SIG-MISSING", absent="FMT-SEG")
vector("fmt/fmt-seg-encrypted-near", "Five parts: an encrypted token",
       Token({"alg": "dir", "enc": "A256GCM"}, b"", None, wrap=lambda text: ".".join(JWE)),
       "unverified", signature="unverified", absent="FMT-SEG SIG-MISSING ALG-UNREG", history=None)
given("fmt/fmt-seg-disclosures-near", "Tildes, as in a selective disclosure JWT, and dots only in the token itself",
      house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, _sd_alg="sha-256", wrap=lambda text: text + "~"), "valid", KEY,
      absent="FMT-SEG FMT-B64")
found("fmt/fmt-seg-disclosures-found", "A part too many in front of a tilde",
      house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, _sd_alg="sha-256", wrap=lambda text: text + "." + EXTRA + "~"), "FMT-SEG")

# ---- JSON

BEYOND = (("-comment", b"/* read */", "A comment"), ("-line-comment", b"// read\n", "A comment to the end of its line"),
          ("-nan", b',"n":NaN', "NaN"), ("-infinity", b',"n":-Infinity', "Infinity"), ("-comma", b",", "A comma with nothing behind it"),
          ("-single-quotes", b",'n':1", "Single quotes"), ("-bare-name", b",n:1", "A name without quotes"),
          ("-hex", b',"n":0x10', "A number of base sixteen"),
          ("-leading-zero", b',"n":01', "A number that begins with a zero"), ("-plus", b',"n":+1', "A number with a plus"),
          ("-dot", b',"n":1.', "A number that ends in a dot"), ("-control", b',"n":"a\x01b"', "A control character inside a string"),
          ("-newline", b',"n":"a\nb"', "A line end inside a string"), ("-escape", b',"n":"\\x41"', "An escape that JSON does not have"),
          ("-true", b',"n":True', "True, as Python writes it"), ("-undefined", b',"n":undefined', "undefined, as JavaScript writes it"))
for case, data, about in BEYOND:
    found(f"fmt/fmt-json-ext-claims{case}-found", about + " in the claims", payload_bytes(data), "FMT-JSON-EXT", absent="HDR-DUP FMT-UTF8")
for case, data, about in (("", b"/* read */}", "A comment in the header"), ("-header-comma", b",}", "A comma with nothing behind it in the header"),
                          ("-header-nan", b',"n":NaN}', "NaN in the header"), ("-header-trailing", b"} ;", "Bytes behind the header's object"),
                          ("-header-second", b'}{"alg":"none"}', "A second object behind the header's")):
    found(f"fmt/fmt-json-ext{case}-found", about, header_bytes(data), "FMT-JSON-EXT", absent="HDR-DUP ALG-NONE", seed=not case)
found("fmt/fmt-json-ext-trailing-found", "Bytes behind the claims", payload_bytes(b"}", b'{"sub":"admin"}'), "FMT-JSON-EXT")
found("fmt/fmt-json-ext-nul-behind-found", "A NUL behind the claims, where readers in C end", payload_bytes(b"}", b'\0{"sub":"admin"}'),
      "FMT-JSON-EXT")
found("fmt/fmt-json-ext-unfinished-found", "Claims that were signed without their last brace", payload_bytes(b"", b""), "FMT-JSON-EXT")
found("fmt/fmt-json-ext-colon-found", "A name without a value", payload_bytes(b',"n"'), "FMT-JSON-EXT")


def nested(levels, opened=b"[", closed=b"]"):
    return payload_bytes(b',"n":' + opened * levels + b"1" * (opened != b"[") + closed * levels)


found("fmt/fmt-json-ext-deep-found", "Ten thousand lists one in another", nested(10000), "FMT-JSON-EXT")
found("fmt/fmt-json-ext-deep-objects-found", "Two thousand objects one in another", nested(2000, b'{"a":', b"}"), "FMT-JSON-EXT")
found("fmt/fmt-json-ext-deep-edge-found", "One list more than are read", nested(65), "FMT-JSON-EXT")
given("fmt/fmt-json-ext-deep-near", "As many lists one in another as are read", nested(64), "valid", KEY, absent="FMT-JSON-EXT")
given("fmt/fmt-json-ext-wide-near", "Ten thousand lists side by side", payload_bytes(b',"n":[' + b"[]," * 9999 + b"[]]"), "valid", KEY,
      absent="FMT-JSON-EXT")
found("fmt/fmt-json-ext-form-found", "A comma with nothing behind it in the JSON form",
      token(wrap=lambda text: flattened(text)[:-1] + ",}"), "FMT-JSON-EXT")
vector("fmt/fmt-json-ext-clear", "An ordinary token for Microsoft Graph", graph(JUNE, "ent-current"), "valid", absent="FMT-JSON-EXT FMT-UTF8")
given("fmt/fmt-json-ext-near", "White space wherever JSON has room for it",
      whole_payload(json.dumps(token().payload, indent=4).replace("\n", "\r\n\t").encode() + b" \n"),
      "valid", KEY, absent="FMT-JSON-EXT FMT-B64")
given("fmt/fmt-json-ext-numbers-near", "Numbers that readers round differently are JSON: worth a word, no more",
      payload_bytes(b',"n":[18446744073709551617,1e400,-0.0,1E+2,0.1e-7]'), "valid", KEY, found="FMT-JSON-EXT")
given("fmt/fmt-json-ext-text-near", "Strings that read like what is not JSON", token(note="/* no comment */ // NaN, ,} \\x41"), "valid", KEY,
      absent="FMT-JSON-EXT")
given("fmt/fmt-json-ext-escapes-near", "All the escapes there are", payload_bytes(b',"n":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"'), "valid", KEY,
      absent="FMT-JSON-EXT FMT-UTF8")
given("fmt/fmt-json-ext-message-near", "A message that is no JWT may hold anything",
      Token({"alg": "RS256", "kid": "house-2026"}, b"no json: {at, // all", "house-rsa"),
      "valid", KEY, absent="FMT-JSON-EXT")

# ---- UTF-8

BAD_BYTES = (("", b"\xff", "A byte that UTF-8 never has"), ("-overlong", b"\xc0\xaf", "A slash in two bytes, which must be one"),
             ("-overlong-edge", b"\xe0\x9f\xbf", "U+07FF in three bytes, which must be two"),
             ("-surrogate-low-edge", b"\xed\xa0\x80", "U+D800, the first surrogate, in bytes"),
             ("-surrogate-high-edge", b"\xed\xbf\xbf", "U+DFFF, the last surrogate, in bytes"),
             ("-pair", b"\xed\xa0\xbd\xed\xb8\x80", "A pair of surrogates in bytes"),
             ("-beyond-edge", b"\xf4\x90\x80\x80", "U+110000, the first that does not exist"),
             ("-cut", b"\xe2\x82", "A letter of three bytes that ends after two"),
             ("-continuation", b"\x80", "A byte that continues nothing"), ("-latin1", "é".encode("latin-1"), "An accent in Latin-1"))
for case, data, about in BAD_BYTES:
    found(f"fmt/fmt-utf8{case}-found", about, payload_bytes(b',"n":"a' + data + b'b"'), "FMT-UTF8", absent="FMT-JSON-EXT HDR-DUP",
          seed=case == "-overlong")
for case, data, about in (("-escape-high", b"\\ud83d", "The first half of a pair of surrogates, escaped"),
                          ("-escape-low", b"\\ude00", "The second half of a pair of surrogates, escaped"),
                          ("-escape-reversed", b"\\ude00\\ud83d", "Both halves in the wrong order, escaped")):
    found(f"fmt/fmt-utf8{case}-found", about, payload_bytes(b',"n":"a' + data + b'b"'), "FMT-UTF8", absent="FMT-JSON-EXT")
found("fmt/fmt-utf8-header-found", "A byte that UTF-8 never has, in the header", header_bytes(b',"n":"\xfe"}'), "FMT-UTF8", absent="FMT-JSON-EXT")
found("fmt/fmt-utf8-name-found", "A byte that UTF-8 never has, in a name", payload_bytes(b',"n\xfe":1'), "FMT-UTF8", absent="FMT-JSON-EXT")
found("fmt/fmt-utf8-mark-found", "A byte order mark in front of the claims", whole_payload(b"\xef\xbb\xbf" + compact_json(token().payload)),
      "FMT-UTF8")
found("fmt/fmt-utf8-header-mark-found", "A byte order mark in front of the header",
      Token(b"\xef\xbb\xbf" + compact_json(token().header), token().payload, "house-rsa", alg="RS256"), "FMT-UTF8")
found("fmt/fmt-utf8-utf16-found", "Claims in UTF-16, with a byte order mark",
      whole_payload(compact_json(token().payload).decode().encode("utf-16")), "FMT-UTF8")
found("fmt/fmt-utf8-utf16-no-mark-found", "Claims in UTF-16, without one",
      whole_payload(compact_json(token().payload).decode().encode("utf-16-le")), "FMT-UTF8")
vector("fmt/fmt-utf8-clear", "Names in ASCII", v1(JUNE, "ent-current"), "valid", absent="FMT-UTF8")
given("fmt/fmt-utf8-near", "Letters of two, three and four bytes", token(name="Zoë Šťastná 山田 🦉"), "valid", KEY, absent="FMT-UTF8 FMT-JSON-EXT")
given("fmt/fmt-utf8-edges-near", "The last code points before and the first behind what must not be",
      token(note="\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\uffff\U00010000\U0010ffff"), "valid", KEY, absent="FMT-UTF8")
given("fmt/fmt-utf8-pair-near", "A pair of surrogates, escaped: one letter", payload_bytes(b',"n":"\\ud83e\\udd89"'), "valid", KEY,
      absent="FMT-UTF8")
given("fmt/fmt-utf8-message-near", "A message that is no JWT may be in Latin-1",
      Token({"alg": "RS256", "kid": "house-2026"}, "Zoë zahlt".encode("latin-1"), "house-rsa"), "valid", KEY, absent="FMT-UTF8 FMT-JSON-EXT")
given("fmt/fmt-utf8-inner-mark-near", "U+FEFF inside a name is a letter like any other", token(name="Ro\ufeffbin"), "valid", KEY, absent="FMT-UTF8")
