# SPDX-License-Identifier: Apache-2.0
"""Form: base64url, the number of parts, strict JSON, strict UTF-8."""

import json

from .corpus import given, vector
from .keys import b64url, pub
from .sealed import Handmade, secret
from .tokens import (Token, compact_json, consumer, flattened, flipped, general, graph, house, id_v2, idp, padded, rewritten, spare_bits, standard,
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
vector("sig/sig-mall-found", "The signature ends in padding; without it the token holds", PADDED, "valid", found="SIG-MALL",
       absent="SIG-BAD SIG-LEN SIG-MISSING FMT-B64", seed=True)
given("sig/sig-mall-space-found", "A space inside the signature", token(wrap=in_part(2, broken_by(" "))), "valid", KEY, found="SIG-MALL",
      absent="SIG-BAD SIG-LEN FMT-SEG FMT-B64")
given("sig/sig-mall-letters-found", "Letters inside the signature that no base64 has", token(wrap=in_part(2, broken_by("!!"))), "valid", KEY, found="SIG-MALL",
      absent="SIG-BAD SIG-LEN FMT-SEG FMT-B64")
given("sig/sig-mall-near", "Mail folded the signature: it is the text on its way that was changed", token(wrap=in_part(2, broken_by("\r\n"))), "valid", KEY,
      absent="SIG-MALL SIG-BAD SIG-LEN")
vector("sig/sig-mall-clear", "A signature as it was made", v2(JUNE, "ent-current"), "valid", absent="SIG-MALL")
for case, change, about in (
        ("-alphabet", dict(signature=standard, holds=True), "A signature in the letters of the other alphabet"),
        ("-line", dict(wrap=in_part(1, broken_by("\n"))), "A line end inside the claims"),
        ("-crlf", dict(wrap=in_part(2, broken_by("\r\n"))), "A line end of two bytes inside the signature"),
        ("", dict(wrap=in_part(1, broken_by(" "))), "A space inside the claims"),
        ("-tab", dict(wrap=in_part(0, broken_by("\t", 8))), "A tab inside the header"),
        ("-header-padding", dict(wrap=in_part(0, ended_by("="))), "A header that ends in padding, which was not signed"),
        ("-payload-padding", dict(wrap=in_part(1, ended_by("=="))), "Claims that end in padding, which was not signed"),
        ("-percent", dict(wrap=in_part(2, ended_by("%3D%3D"))), "Padding behind percent-encoding")):
    given(f"fmt/fmt-b64{case}-found", about, token(**change), "valid", KEY, found="FMT-B64", absent="SIG-BAD SIG-LEN FMT-SEG FMT-JSON-EXT")
given("fmt/fmt-b64-several-found", "Line ends and padding in all parts",
      token(wrap=lambda text: "=.\n".join("\n".join(part[i:i + 64] for i in range(0, len(part), 64)) for part in text.split("."))), "valid", KEY,
      found="FMT-B64", absent="SIG-BAD SIG-LEN")
given("sig/sig-mall-flattened-found", "Padding in the flattened JSON form",
      house("house-rsa", "RS256", signature=padded, holds=True, wrap=flattened), "valid", KEY, found="SIG-MALL",
      absent="SIG-BAD SIG-LEN FMT-JSON-EXT")
vector("sig/sig-mall-no-key-found", "Padding, and no key at hand", token(signature=padded, holds=True), "unverified", signature="unverified",
       found="SIG-MALL", absent="SIG-BAD", unknown="SIG-BAD", history=None)
given("sig/sig-mall-edited-found", "Padding, and claims that were edited: reading past the one does not mend the other",
      token(signature=padded, edited=token(sub="admin").payload), "invalid", KEY, signature="failed", found="SIG-MALL SIG-BAD")
vector("fmt/fmt-b64-clear", "A token without a letter that needs care", v2(JUNE, "ent-current"), "valid", absent="FMT-B64")
given("fmt/fmt-b64-near", "Claims that hold the very letters", token(note="a+b/c== \r\n", scope="read\twrite"), "valid", KEY,
      absent="FMT-B64 FMT-JSON-EXT")
vector("fmt/fmt-b64-around-near", "White space around the token is no part of it",
       v1(JUNE, "ent-current", wrap=lambda text: "  " + text + " \r\n"), "valid", absent="FMT-B64")
given("fmt/fmt-b64-form-near", "White space between the members of the JSON form",
      token(wrap=lambda text: flattened(text).replace(", ", ",\n    ").replace("{", "{\n    ").replace("}", "\n}\n")), "valid", KEY,
      absent="FMT-B64 FMT-JSON-EXT")
given("sig/sig-mall-spare-bits-found", "Spare bits that are not zero: no byte changes, and the signature holds",
      token(signature=spare_bits, holds=True), "valid", KEY, found="SIG-MALL", absent="SIG-BAD SIG-LEN SIG-MISSING")

# ---- other text around a whole token

given("fmt/fmt-trail-found", "Words behind the token", token(wrap=lambda text: text + " is what the log shows"), "valid", KEY, found="FMT-TRAIL",
      absent="SIG-BAD SIG-LEN FMT-B64 SIG-MALL")
given("fmt/fmt-trail-both-found", "A sentence around the token", token(wrap=lambda text: f"He sent ({text}), and it was taken."), "valid", KEY, found="FMT-TRAIL",
      absent="SIG-BAD SIG-LEN FMT-B64 SIG-MALL FMT-SEG")
given("fmt/fmt-trail-line-found", "Another line, of letters alone", token(wrap=lambda text: text + "\nnextline"), "valid", KEY, found="FMT-TRAIL",
      absent="SIG-BAD SIG-LEN FMT-B64 SIG-MALL")
given("fmt/fmt-trail-sealed-found", "Words behind an encrypted token",
      Handmade(token(), {"alg": "dir", "enc": "A128GCM", "cty": "JWT"}, bytes([40]) * 16, wrap=lambda text: text + " and more"), "valid", KEY, secret(40, 16), signature="unverified",
      found="FMT-TRAIL", absent="JWE-TAG FMT-B64")
given("fmt/fmt-trail-near", "A signature that white space breaks is not at its end yet", token(wrap=in_part(2, broken_by(" "))), "valid", KEY,
      absent="FMT-TRAIL SIG-BAD")
given("fmt/fmt-trail-quotes-near", "Quotes and a comma are how the token was carried", token(wrap=lambda text: f'"{text}",'), "valid", KEY,
      absent="FMT-TRAIL SIG-BAD")
vector("fmt/fmt-trail-clear", "Nothing but the token", v2(JUNE, "ent-current"), "valid", absent="FMT-TRAIL")

# ---- several signatures

given("fmt/fmt-multisig-found", "Two signatures over one payload, of which one fails", token(wrap=general(token(signature=flipped))), "invalid", KEY, signature="failed",
      found="FMT-MULTISIG SIG-BAD")
given("fmt/fmt-multisig-first-found", "The first fails, and the second holds", token(signature=flipped, wrap=general(token())), "invalid", KEY, signature="failed",
      found="FMT-MULTISIG SIG-BAD")
given("fmt/fmt-multisig-near", "Nobody here has the other signer's key", token(wrap=general(house("idp", "RS256"))), "valid", KEY, absent="FMT-MULTISIG SIG-BAD")
given("fmt/fmt-multisig-both-near", "Both fail: no reader accepts it", token(signature=flipped, wrap=general(token(signature=flipped))), "invalid", KEY, signature="failed",
      found="SIG-BAD", absent="FMT-MULTISIG")
given("fmt/fmt-multisig-clear", "Two signers, and both hold", token(wrap=general(house("idp", "RS256"))), "valid", KEY, pub("idp"), absent="FMT-MULTISIG SIG-BAD")

# ---- parts

EXTRA = b64url(b"one part more")
found("fmt/fmt-seg-found", "A part more than there should be, behind a token that holds", token(wrap=lambda text: text + "." + EXTRA), "FMT-SEG",
      absent="ALG-EMPTY-SIG", seed=True)
found("fmt/fmt-seg-front-found", "A part more in front", token(wrap=lambda text: EXTRA + "." + text), "FMT-SEG")
given("fmt/fmt-seg-dot-near", "A dot behind the token, and nothing behind it: the end of a sentence", token(wrap=lambda text: text + "."), "valid", KEY,
      found="FMT-TRAIL", absent="FMT-SEG")
found("fmt/fmt-seg-dots-found", "Two dots behind the token", token(wrap=lambda text: text + ".."), "FMT-SEG")
found("fmt/fmt-seg-six-found", "Two tokens with a dot between", token(wrap=lambda text: text + "." + text), "FMT-SEG")
found("fmt/fmt-seg-many-found", "A hundred empty parts more", token(wrap=lambda text: text + "." * 100), "FMT-SEG")
JWE = [b64url(compact_json({"alg": "dir", "enc": "A256GCM"})), "", b64url(b"twelve bytes"), b64url(b"some ciphertext"), b64url(b"sixteen bytes ..")]
vector("fmt/fmt-seg-encrypted-found", "An encrypted token with six parts",
       Token({"alg": "dir", "enc": "A256GCM"}, b"", None, wrap=lambda text: ".".join(JWE + [EXTRA])),
       "invalid", signature=None, found="FMT-SEG", history=None)
vector("fmt/fmt-seg-encrypted-three-found", "Three parts under the header of an encrypted token, though its enc is a number",
       Token({"alg": "dir", "enc": 8}, b"", None, wrap=lambda text: ".".join([b64url(compact_json({"alg": "dir", "enc": 8})), "", JWE[4]])),
       "unverified", signature="unverified", found="FMT-SEG", history=None)
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

# ---- which form


def polyglot(text, claims=b'{"sub":"admin"}'):
    """A JSON form whose first name is, for those who split at dots and pass over foreign bytes, another token's beginning."""
    header, payload, signature = text.split(".")
    return f'{{"  {header}.{b64url(claims)}.": "", "protected": "{header}", "payload": "{payload}", "signature": "{signature}"}}'


found("fmt/fmt-poly-found", "CVE-2022-39227: a JSON form that is signed, and for others a compact token with claims that are not",
      token(wrap=polyglot), "FMT-POLY", seed=True)
found("fmt/fmt-poly-spaces-found", "The same with white space around what is taken for the header",
      token(wrap=lambda text: polyglot(text).replace('{"  ', '{\n"   ')), "FMT-POLY")
given("fmt/fmt-poly-compact-found", "Braces and quotes inside the claims of a compact token, which lenient decoders pass over",
      token(wrap=in_part(1, broken_by('{"x":"'))), "invalid", KEY, signature="failed", found="FMT-POLY")
given("fmt/fmt-poly-compact-near", "Braces and quotes around a token are how it was carried", token(wrap=lambda text: '{"access_token":"' + text + '"}'), "valid", KEY,
      absent="FMT-POLY")


def with_members(**members):
    """The flattened JSON form with members of another."""
    return lambda text: json.dumps({**json.loads(flattened(text)), **members})


def beside(inner, **members):
    """The general JSON form with members of the flattened one."""
    def wrap(text):
        form = json.loads(general()(text))
        header, _, signature = inner(text).split(".")
        return json.dumps({**form, "protected": header, "signature": signature, **members})
    return wrap


def unsecured(text):
    return b64url(b'{"alg":"none"}') + "." + text.split(".")[1] + "."


found("fmt/fmt-poly-both-found", "The same signature in the flattened and in the general form, where it must stand once", token(wrap=beside(str)), "FMT-POLY")
found("fmt/fmt-poly-both-none-found", "A good signature for readers of one form, and for those of the other none", token(wrap=beside(unsecured)), "FMT-POLY")
found("fmt/fmt-poly-both-bad-found", "A good signature for readers of one form, and for those of the other one that fails",
      token(wrap=beside(lambda text: text[:-8] + "AAAAAAAA")), "FMT-POLY")
vector("fmt/fmt-poly-empty-found", "A good signature for readers of one form, and for those of the other an empty list",
       token(wrap=with_members(signatures=[])), "invalid", signature=None, found="FMT-POLY", history=None)
found("fmt/fmt-poly-ciphertext-found", "A signed token with what only an encrypted one has", token(wrap=with_members(ciphertext="AAAA", iv="AAAA", tag="AAAA")),
      "FMT-POLY")
given("fmt/fmt-poly-null-near", "Members of the other form that are null, as some programs write what is not there",
      token(wrap=with_members(signatures=None, recipients=None, ciphertext=None, encrypted_key=None)), "valid", KEY, absent="FMT-POLY")
given("fmt/fmt-poly-members-near", "Members that nobody knows are passed over (RFC 7515 section 7.2.1)",
      token(wrap=with_members(recipient="payroll", signatory="hr")), "valid", KEY, absent="FMT-POLY")
given("fmt/fmt-poly-clear", "A token in the flattened JSON form", token(wrap=flattened), "valid", KEY, absent="FMT-POLY")
given("fmt/fmt-poly-near", "A JSON form that carries a whole token in its unprotected header",
      token(wrap=lambda text: flattened(text)[:-1] + ', "header": {"assertion": "' + text + '"}}'), "valid", KEY, absent="FMT-POLY")
given("fmt/fmt-poly-dots-near", "A JSON form with dots in its unprotected header",
      token(wrap=lambda text: '{"header": {"version": "1.2.3"}, ' + flattened(text)[1:]), "valid", KEY, absent="FMT-POLY")
given("fmt/fmt-json-found", "A JWT in the flattened JSON form", token(wrap=flattened), "valid", KEY, found="FMT-JSON")
given("fmt/fmt-json-clear", "A JWT in the compact form", token(), "valid", KEY, absent="FMT-JSON FMT-NUL FMT-CASE FMT-CONFUSABLE")
given("fmt/fmt-json-near", "A signed message in the flattened JSON form",
      Token({"alg": "RS256", "kid": "house-2026"}, b"hello-world", "house-rsa", wrap=flattened), "valid", KEY, absent="FMT-JSON")

# ---- names that are two


def suspected(name, about, made, ids, **members):
    given(name, about, made, "suspicious", KEY, found=ids, **members)


suspected("fmt/fmt-nul-found", "A NUL in sub: admin for readers in C", token(sub="admin\0@corp.example"), "FMT-NUL", absent="FMT-UTF8 FMT-JSON-EXT",
          seed=True)
suspected("fmt/fmt-nul-name-found", "A NUL in a name: exp for readers in C", payload_bytes(b',"exp\\u0000x":4102444800'), "FMT-NUL")
suspected("fmt/fmt-nul-aud-found", "A NUL in one audience of several", token(aud=["payroll", "other\0"]), "FMT-NUL")
suspected("fmt/fmt-nul-header-found", "A NUL in a member of the header", header_bytes(b',"note":"a\\u0000b"}'), "FMT-NUL")
given("fmt/fmt-nul-clear", "A token without one", token(), "valid", KEY, absent="FMT-NUL")
given("fmt/fmt-nul-near", "The six characters of the escape, themselves escaped", payload_bytes(b',"note":"\\\\u0000"'), "valid", KEY,
      absent="FMT-NUL")
given("fmt/fmt-nul-binary-near", "A binary value in a claim that decides nothing: medium", token(objectguid="\x16\0\u00e9\0"), "valid", KEY,
      found="FMT-NUL")
given("fmt/fmt-nul-message-near", "A message that is no JWT may hold anything",
      Token({"alg": "RS256", "kid": "house-2026"}, b'["\\u0000"]', "house-rsa"), "valid", KEY, absent="FMT-NUL")
CASES = (("", "tid and Tid: one reader checks the first, another takes the second",
          payload_bytes(b',"tid":"7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21","Tid":"c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94"')),
         ("-sub", "SUB besides sub", payload_bytes(b',"SUB":"admin"')), ("-exp", "Exp besides exp", payload_bytes(b',"Exp":4102444800')),
         ("-header", "Alg besides alg", header_bytes(b',"Alg":"none"}')))
for case, about, made in CASES:
    given(f"fmt/fmt-case{case}-found", about, made, "suspicious", signature="unverified", found="FMT-CASE", absent="HDR-DUP", seed=not case)
    given(f"fmt/fmt-case{case}-signed-near", f"{about}; who signs for the issuer wrote both: medium", made, "valid", KEY, found="FMT-CASE")
given("fmt/fmt-case-clear", "A token whose names all differ", token(), "valid", KEY, absent="FMT-CASE")
given("fmt/fmt-case-near", "A name in capitals that stands alone", payload_bytes(b',"EMAIL":"robin@corp.example","Role":"clerk"'), "valid", KEY,
      absent="FMT-CASE")
given("fmt/fmt-case-same-near", "A mapping that writes one attribute twice: low", payload_bytes(b',"Sub":"robin"'), "valid", KEY, found="FMT-CASE")
given("fmt/fmt-case-private-near", "Members that decide nothing: medium", payload_bytes(b',"role":"clerk","Role":"lead"'), "valid", KEY,
      found="FMT-CASE")
given("fmt/fmt-case-inside-near", "Names that differ in case in two objects", payload_bytes(b',"act":{"Sub":"kim"}'), "valid", KEY, absent="FMT-CASE")
for case, claims, about in (("", {"upn": "r\u043ebin@corp.example"}, "A Cyrillic o among Latin letters"),
                            ("-iss", {"iss": "https://id.c\u043erp.example"}, "The same in the issuer's host"),
                            ("-aud", {"aud": "p\u03b1yroll"}, "A Greek alpha in the audience"),
                            ("-wide", {"preferred_username": "\uff41dmin@corp.example"}, "A full-width letter"),
                            ("-mathematical", {"sub": "\U0001d41admin"}, "A bold letter of mathematics"),
                            ("-invisible", {"email": "robin\u200b@corp.example"}, "A space of no width"),
                            ("-direction", {"email": "robin\u202e@corp.example"}, "A mark that turns the direction round")):
    given(f"fmt/fmt-confusable{case}-found", about, token(**claims), "valid", KEY, found="FMT-CONFUSABLE", seed=not case)
given("fmt/fmt-confusable-clear", "Names in ASCII", token(upn="robin@corp.example"), "valid", KEY, absent="FMT-CONFUSABLE")
for case, claims, about in (("", {"upn": "\u0440\u043e\u0431\u0438\u043d@corp.example"}, "A user's name in Cyrillic, his company's in Latin"),
                            ("-greek", {"email": "\u03c1\u03cc\u03bc\u03c0\u03b9\u03bd@corp.example"}, "A user's name in Greek"),
                            ("-accents", {"preferred_username": "zo\u00eb.\u0161\u0165astn\u00e1@corp.example"}, "Latin letters with accents"),
                            ("-name", {"name": "Robin \u0420\u043ebinson \uff08HQ\uff09"}, "A name that is shown and decides nothing"),
                            ("-cjk", {"upn": "\u5c71\u7530taro@corp.example"}, "A name in two scripts of which none looks like the other")):
    given(f"fmt/fmt-confusable{case}-near", about, token(**claims), "valid", KEY, absent="FMT-CONFUSABLE")
