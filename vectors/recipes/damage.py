# SPDX-License-Identifier: Apache-2.0
"""
Tokens as logs, mails, terminals and captures leave them. What is wrapped around a token is no finding; what was done to it
inside is one, and the mended form is judged; what is lost cannot be told, and makes nothing invalid.
"""

import json
import urllib.parse

from .corpus import given, vector
from .keys import pub
from .tokens import Text, Token, compact_json, consumer, cut, folded, graph, house, id_v2, masked, short_by, two_parts, v1, v2

JUNE = "2026-06-01"
NOTHING = "FMT-B64 FMT-SEG FMT-JSON-EXT FMT-UTF8 SIG-BAD SIG-LEN SIG-MISSING ALG-UNREG HDR-DUP"
INSIDE = "FMT-SEG FMT-JSON-EXT FMT-UTF8 SIG-BAD SIG-LEN SIG-MISSING ALG-EMPTY-SIG"
LOST = "SIG-BAD SIG-LEN FMT-SEG ALG-EMPTY-SIG ALG-UNREG KEY-WRONG-ISS"


def around(before, after=""):
    return lambda text: before + text + after


# ---- wrapped around: taken off, no finding

WRAPPED = (
    ("spaces", around("   ", "  "), "Spaces on both sides"),
    ("line-end", around("", "\n"), "A line end behind it"),
    ("crlf", around("\r\n", "\r\n\r\n"), "Line ends of two bytes on both sides"),
    ("tabs", around("\t", "\t\n"), "Tabs on both sides"),
    ("double-quotes", around('"', '"'), "Double quotes"),
    ("single-quotes", around("'", "'"), "Single quotes"),
    ("byte-order-mark", around("\ufeff"), "A byte order mark, as editors leave it"),
    ("bearer", around("Bearer "), "The scheme of the header field"),
    ("bearer-lower-case", around("bearer "), "The scheme in lower case: schemes have no case (RFC 9110 section 11.1)"),
    ("header-field", around("Authorization: Bearer "), "A whole header field"),
    ("header-field-lower-case", around("authorization: bearer ", "\r\n"), "A whole header field, as HTTP/2 writes it"),
    ("header-field-quoted", around('"Authorization: Bearer ', '"'), "A whole header field in quotes, as a command line has it"),
    ("header-field-own", around("X-MS-TOKEN-AAD-ACCESS-TOKEN: "), "A header field of App Service"),
    ("cookie", around("Cookie: session=", "; theme=dark"), "A cookie among others"),
    ("cookie-behind", around("Cookie: theme=dark; session="), "A cookie behind another"),
    ("set-cookie", around("Set-Cookie: session=", "; Path=/; Secure; HttpOnly; SameSite=Lax"), "A cookie as it is set, attributes and all"),
    ("parameter", around("access_token="), "A parameter"),
    ("parameters", around("access_token=", "&token_type=Bearer&expires_in=4364&state=xyz"), "A parameter in front of others"),
    ("parameters-behind", around("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="), "A parameter behind another"),
    ("path", around("/download/", "/file.pdf"), "A segment of a path"),
    ("path-end", around("https://files.corp.example/t/"), "The last segment of an address"),
    ("path-query", around("https://files.corp.example/t/", "?x=1#top"), "The last segment of a path in front of a query"),
    ("fragment", around("#id_token=", "&state=xyz"), "The fragment of a redirect"),
    ("response", lambda text: json.dumps({"token_type": "Bearer", "expires_in": 4364, "access_token": text}), "The answer of a token endpoint"),
    ("response-pretty", lambda text: json.dumps({"access_token": text, "token_type": "Bearer"}, indent=2) + "\n",
     "The answer of a token endpoint, over several lines"),
)
for case, wrap, about in WRAPPED:
    vector(f"damage/around-{case}", about, v2(JUNE, "ent-current", wrap=wrap), "valid", absent=NOTHING, seed=case in ("response", "set-cookie"))
for encoding, about in (("utf-16le", "UTF-16 with the low byte first, as Windows writes files"), ("utf-16be", "UTF-16 with the high byte first")):
    vector(f"damage/around-{encoding}", about, v1(JUNE, "ent-current"), "valid", absent=NOTHING, encoding=encoding)
    vector(f"damage/around-{encoding}-header-field", about + ", a whole header field",
           v1(JUNE, "ent-current", wrap=around("Authorization: Bearer ", "\r\n")), "valid", absent=NOTHING, encoding=encoding)
vector("damage/around-forged", "A forged token is as forged within a header field",
       v2("2023-06-15", "msa-stolen", wrap=around("Authorization: Bearer ", "\r\n")),
       "forged", found="MS-MSA-ON-ENT", absent=NOTHING)
vector("damage/around-edited", "An edited token is as invalid within quotes",
       v2(JUNE, "ent-current", edited=v2(JUNE, "ent-current", scp="Mail.Read").payload, wrap=around('"', '"')), "invalid", signature="failed",
       found="SIG-BAD", absent="FMT-B64 FMT-SEG")

# ---- damaged inside: read past, said, and the mended form judged

DAMAGED = (
    ("lines", folded(76, "\n"), "Broken into lines of 76 letters"),
    ("lines-crlf", folded(76, "\r\n"), "Broken into lines as in a mail"),
    ("folded", folded(72), "Folded as a header field: each further line begins with a space (RFC 5322 section 2.2.3)"),
    ("folded-tab", folded(72, "\r\n\t"), "Folded with tabs"),
    ("spaces", folded(64, " "), "Copied from a table: spaces where the lines ended"),
    ("indented", folded(64, "\n        "), "Copied from an indented listing"),
    ("quoted", folded(70, "\n> "), "Quoted in an answer to a mail"),
    ("quoted-twice", folded(70, "\r\n> > "), "Quoted in an answer to an answer"),
    ("backslash", folded(80, "\\\n"), "Broken into lines as a shell takes them, behind a backslash"),
    ("backslash-indented", folded(80, " \\\r\n    "), "The same, indented"),
    ("zero-width", folded(80, "\u200b"), "Zero-width spaces, where a chat lets a long word break"),
    ("soft-hyphen", folded(60, "\u00ad"), "Soft hyphens, as a page sets them"),
    ("invisible", lambda text: text[:20] + "\u200c" + text[20:90] + "\u200d\u2060" + text[90:] + "\ufeff", "Other letters that nobody sees"),
    ("dots-apart", lambda text: text.replace(".", " . "), "Spaces around the dots"),
    ("dots-percent", lambda text: text.replace(".", "%2E"), "Percent-encoded dots, as an eager client writes them"),
    ("dots-percent-lower", lambda text: text.replace(".", "%2e"), "The same in lower case"),
    ("lines-percent", folded(76, "%0D%0A"), "Line ends behind percent-encoding"),
    ("padded", lambda text: ".".join(part + "=" * (-len(part) % 4) for part in text.split(".")), "Every part padded to a multiple of four"),
    ("padded-percent", lambda text: urllib.parse.quote(".".join(part + "=" * (-len(part) % 4) for part in text.split("."))),
     "Every part padded, and the padding behind percent-encoding"),
    ("alphabet", lambda text: text.replace("-", "+").replace("_", "/"), "Encoded anew with the letters of the other alphabet"),
    ("alphabet-percent", lambda text: urllib.parse.quote(text.replace("-", "+").replace("_", "/"), safe=""), "The same behind percent-encoding"),
)
for case, wrap, about in DAMAGED:
    vector(f"damage/inside-{case}", about, v1(JUNE, "ent-current", wrap=wrap), "valid", found="SIG-MALL" if case == "padded" else "FMT-B64", absent=INSIDE, seed=case == "folded")
vector("damage/inside-header-field-folded", "A header field that was folded",
       v2(JUNE, "ent-current", wrap=lambda text: "Authorization: Bearer\r\n " + folded(70)(text)), "valid", found="FMT-B64", absent=INSIDE)
vector("damage/inside-forged", "A forged token is as forged when it is folded", v1("2023-06-15", "msa-stolen", wrap=folded(76)), "forged",
       found="MS-MSA-ON-ENT FMT-B64", absent="SIG-BAD")
vector("damage/inside-edited", "An edited token is as invalid when it is folded",
       v1(JUNE, "ent-current", edited=v1(JUNE, "ent-current", scp="Mail.Read").payload, wrap=folded(76)), "invalid", signature="failed",
       found="SIG-BAD FMT-B64")
vector("damage/inside-no-key", "Folded, and nobody has the key", v2(JUNE, "ent-unlisted", wrap=folded(76)), "unverified", signature="unverified",
       found="FMT-B64", absent="SIG-BAD FMT-SEG", history="empty")
vector("damage/inside-nonce", "Folded, and a nonce in the header besides", graph(JUNE, "ent-current", wrap=folded(76)), "valid",
       found="FMT-B64 MS-NONCE", absent="SIG-BAD")

# ---- masked: the signature was taken away on purpose

MASKS = (("asterisks", "***"), ("asterisks-long", "*" * 342), ("x", "xxxx"), ("x-long", "x" * 342), ("x-capital", "XXXXXXXX"),
         ("redacted", "redacted"),
         ("redacted-capital", "REDACTED"), ("redacted-brackets", "[REDACTED]"), ("redacted-angles", "<redacted>"), ("ellipsis", "..."),
         ("ellipsis-letter", "…"), ("letter-a", "A" * 342), ("zeros", "0" * 64), ("dashes", "-" * 20), ("signature-begins", None))
for case, mask in MASKS:
    wrap = (lambda text: text[:-300] + "...") if mask is None else masked(mask)
    about = "The first letters of the signature, and an ellipsis" if mask is None else f"In place of the signature: {mask if len(mask) < 21 else mask[:4] + ' and so on'}"
    vector(f"damage/masked-{case}", about, v2(JUNE, "ent-current", wrap=wrap), "unverified", signature="missing", found="SIG-MISSING",
           absent=LOST + " FMT-B64")
vector("damage/masked-hs256", "A mask in place of an HMAC", house(b"nobody's secret", "HS256", wrap=masked("x" * 43)), "unverified",
       signature="missing", found="SIG-MISSING", absent=LOST, history=None)
vector("damage/masked-es256", "A mask in place of an ES256 signature", house("house-p256", "ES256", wrap=masked("x" * 86)), "unverified",
       signature="missing", found="SIG-MISSING", absent=LOST + " SIG-PSYCHIC", history=None)
vector("damage/masked-consumer", "A mask on a personal account's token", consumer("2024-07-15", "msa-2024", wrap=masked("[redacted]")),
       "unverified", signature="missing", found="SIG-MISSING", absent=LOST + " MS-ENT-ON-MSA")
vector("damage/masked-header-field", "A header field whose signature a proxy masked",
       v2(JUNE, "ent-current", wrap=lambda text: "Authorization: Bearer " + masked("***")(text)),
       "unverified", signature="missing", found="SIG-MISSING", absent=LOST)
for case, inner in (("asterisks", lambda claims: "***"), ("redacted", lambda claims: "[REDACTED]"), ("middle", lambda claims: claims[:20] + "***" + claims[-10:]),
                    ("ellipsis", lambda claims: claims[:20] + "…" + claims[-10:])):
    def payload_masked(text, inner=inner):
        header, claims, signature = text.split(".")
        return ".".join((header, inner(claims), signature))
    given(f"damage/masked-payload-{case}", "The claims are masked, and the signature and its key are at hand: it cannot hold",
          house("house-rsa", "RS256", wrap=payload_masked), "unverified", pub("house-rsa"), signature="unverified",
          absent="FMT-B64 FMT-JSON-EXT " + LOST, unknown="SIG-BAD")
given("damage/masked-payload-not-near", "Claims that were changed, in letters that no mask is made of",
      house("house-rsa", "RS256", wrap=lambda text: text.replace(".eyJ", ".eyI!", 1)), "invalid", pub("house-rsa"), signature="failed",
      found="SIG-BAD FMT-B64")
vector("damage/stripped", "Two parts, as validators log them", v2(JUNE, "ent-current", wrap=two_parts), "unverified", signature="missing",
       found="SIG-MISSING", absent=LOST + " KEY-UNKNOWN FMT-B64")
vector("damage/stripped-retired-key", "Two parts, and the key they name had left every set: without a signature that says nothing",
       v2("2025-11-20", "ent-retired", wrap=two_parts), "unverified", signature="missing", found="SIG-MISSING", absent=LOST + " KEY-RETIRED")
vector("damage/stripped-several", "Two tokens of one capture, both stripped",
       [v2(JUNE, "ent-current", wrap=two_parts), v1(JUNE, "ent-current", wrap=two_parts)],
       "unverified", signature="missing", found="SIG-MISSING", absent=LOST)
vector("damage/emptied-and-masked", "A capture that a sanitizer went through: an empty third part, and asterisks in the claims",
       id_v2(JUNE, "ent-current", signature="", edited=id_v2(JUNE, "ent-current", name="********", preferred_username="********").payload),
       "unverified", signature="missing", found="SIG-MISSING", absent="ALG-EMPTY-SIG SIG-LEN SIG-BAD FMT-SEG")

# ---- cut: a field ended there

WHOLE = v2(JUNE, "ent-current").make(None)[0]
HEADER, CLAIMS, SIGNATURE = (len(part) for part in WHOLE.split("."))
for case, length, about in (("header", HEADER - 20, "In the middle of the header"), ("header-end", HEADER, "Behind the header"),
                            ("first-dot", HEADER + 1, "Behind the first dot"),
                            ("claims-begin", HEADER + 9, "Behind the first letters of the claims"),
                            ("claims", HEADER + 1 + CLAIMS // 2, "In the middle of the claims"),
                            ("claims-one-letter", HEADER + CLAIMS, "One letter before the end of the claims")):
    vector(f"damage/cut-{case}", about, v2(JUNE, "ent-current", wrap=cut(length)), "unverified", signature=None,
           absent=LOST + " HDR-DUP KEY-UNKNOWN", seed=case == "claims")
for case, length, about in (("second-dot", HEADER + 1 + CLAIMS, "Behind the claims, dot and all"),
                            ("signature-begin", HEADER + CLAIMS + 6, "Behind four letters of the signature"),
                            ("signature-half", HEADER + CLAIMS + 2 + SIGNATURE // 2, "In the middle of the signature"),
                            ("signature-255", HEADER + CLAIMS + 2 + 255, "Where a field of 255 letters for the signature ends"),
                            ("signature-odd", HEADER + CLAIMS + 2 + 101, "At a length that no bytes encode to")):
    vector(f"damage/cut-{case}", about, v2(JUNE, "ent-current", wrap=cut(length)), "unverified", signature="missing", found="SIG-MISSING",
           absent=LOST + " KEY-UNKNOWN", seed=case == "signature-half")
for length in (1, 2, 3, 4, 5, 17, 18, 30, 31, 32, HEADER - 9, HEADER - 2, HEADER - 1, HEADER, HEADER + 1):
    vector(f"damage/cut-front-{length}", f"The first {length} letters are lost", v2(JUNE, "ent-current", wrap=lambda text, at=length: text[at:]),
           "unverified", signature=None, absent="SIG-BAD SIG-LEN FMT-SEG ALG-UNREG ALG-EMPTY-SIG HDR-DUP KEY-UNKNOWN", seed=length == 18)
vector("damage/cut-front-not-near", "All of the header is there, and a comment in front of its brace",
       Token(b"/* */" + compact_json(v2(JUNE, "ent-current").header), v2(JUNE, "ent-current").payload, "ent-current", alg="RS256"), "invalid",
       signature=None, found="FMT-JSON-EXT")
vector("damage/cut-and-folded", "Folded, and cut in the middle of the signature",
       v2(JUNE, "ent-current", wrap=lambda text: folded(76)(cut(len(WHOLE) - 200)(text))),
       "unverified", signature="missing", found="SIG-MISSING", absent=LOST)
vector("damage/cut-ellipsis", "The middle of the claims, and three dots",
       v2(JUNE, "ent-current", wrap=lambda text: text[:HEADER + 1 + CLAIMS // 2] + "..."),
       "unverified", signature=None, absent="SIG-BAD SIG-LEN ALG-EMPTY-SIG ALG-UNREG")
given("damage/cut-eddsa", "EdDSA, cut in the middle of the signature", house("house-ed25519", "EdDSA", signature=short_by(30)), "unverified",
      pub("house-ed25519"), signature="missing", found="SIG-MISSING", absent=LOST)
vector("damage/cut-forged", "A forged token that was cut: what is lost cannot be told",
       v2("2024-07-15", "msa-2024", wrap=cut(len(WHOLE) - 200)), "unverified",
       signature="missing", found="SIG-MISSING", absent="MS-MSA-ON-ENT KEY-WRONG-ISS SIG-BAD SIG-LEN")
vector("damage/claims-alone", "The claims without header and signature", Text(WHOLE.split(".")[1]), "unverified", signature=None,
       absent="SIG-BAD ALG-UNREG FMT-SEG")
