# SPDX-License-Identifier: Apache-2.0
"""What the header says of the algorithm: none at all, one that nobody registered, one that goes with no key at hand."""

import base64
import json

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import keys
from .corpus import given, vector
from .keys import pub
from .tokens import (HOUSE, Token, at, compact_json, consumer, flattened, flattened_with, general, graph, house, id_v2, idp, rewritten, two_parts, v1, v2)

JUNE = "2026-06-01"
SECRET = b"made for this test and for nothing else"


def unsecured(alg="none", **changes):
    """Claims of an enterprise tenant that nothing protects."""
    return v2(JUNE, None, head={"alg": alg}, **changes)


# ---- none

vector("alg/alg-none-found", "The oldest attack: no signature, and a header that says so", unsecured(), "invalid", signature="none",
       found="ALG-NONE", absent="ALG-NONE-CASE ALG-EMPTY-SIG ALG-UNREG ALG-FAMILY SIG-MISSING SIG-BAD", seed=True)
given("alg/alg-none-house-found", "The same from a company's own issuer, whose key is at hand",
      house(None, "none", head={"kid": "house-2026"}), "invalid",
      pub("house-rsa"), signature="none", found="ALG-NONE", absent="SIG-BAD SIG-MISSING")
vector("alg/alg-none-signature-left-found", "alg says none, and the signature of the token it was made of is still there",
       unsecured(signature=b"left over from another token" * 9), "invalid", signature="none", found="ALG-NONE", absent="SIG-MISSING")
vector("alg/alg-none-two-parts-found", "alg says none, and the last dot is gone with the signature", unsecured(wrap=two_parts), "invalid",
       signature="none", found="ALG-NONE", absent="SIG-MISSING")
vector("alg/alg-none-flattened-found", "An unsecured token in the flattened JSON form", unsecured(wrap=flattened), "invalid", signature="none",
       found="ALG-NONE", absent="SIG-MISSING ALG-EMPTY-SIG")
vector("alg/alg-none-escaped-found", "The word none behind a JSON escape: readers see it as it is",
       rewritten(unsecured(), "header", b'"none"', b'"\\u006eone"'), "invalid", signature="none", found="ALG-NONE", absent="ALG-NONE-CASE")
vector("alg/alg-none-consumer-found", "An unsecured token of the consumer tenant", consumer(JUNE, None, head={"alg": "none"}), "invalid",
       signature="none", found="ALG-NONE")
vector("alg/alg-none-clear", "An ordinary enterprise token", v2(JUNE, "ent-current"), "valid", absent="ALG-NONE ALG-NONE-CASE")
vector("alg/alg-none-near", "An algorithm whose name only begins with none", unsecured("nonesuch"), "invalid", signature=None, found="ALG-UNREG",
       absent="ALG-NONE ALG-NONE-CASE")
vector("alg/alg-none-claim-near", "Claims that say none", v2(JUNE, "ent-current", amr=["none"], enc="none"), "valid",
       absent="ALG-NONE")
given("alg/alg-none-kid-near", "A key that is called none", house("house-rsa", "RS256", head={"kid": "none"}), "valid",
      pub("house-rsa", kid="none"), absent="ALG-NONE ALG-NONE-CASE")

# ---- none in disguise

for case, alg, about in (("", "nOnE", "Mixed case: a filter for the word lets it pass"),
                         ("-capital", "None", "With a capital, as some languages print it"),
                         ("-upper", "NONE", "In capitals"), ("-space-before", " none", "A space before it"),
                         ("-space-behind", "none ", "A space behind it"),
                         ("-tab", "none\t", "A tab behind it"), ("-line", "none\n", "A line end behind it"),
                         ("-fullwidth", "ｎｏｎｅ", "In full-width letters, which NFKC folds to ASCII"),
                         ("-cyrillic", "nоne", "With a Cyrillic letter that looks like an o")):
    vector(f"alg/alg-none-case{case}-found", about, unsecured(alg), "invalid", signature=None, found="ALG-NONE-CASE",
           absent="ALG-NONE ALG-UNREG ALG-EMPTY-SIG SIG-BAD", seed=case == "-cyrillic")
vector("alg/alg-none-case-clear", "An ordinary token of version 1", v1(JUNE, "ent-current"), "valid", absent="ALG-NONE-CASE")
vector("alg/alg-none-case-near", "The very word, which is another finding", v1(JUNE, None, head={"alg": "none"}), "invalid", signature="none",
       found="ALG-NONE", absent="ALG-NONE-CASE")
vector("alg/alg-none-case-one-letter-near", "One letter differs", unsecured("nome"), "invalid", signature=None, found="ALG-UNREG",
       absent="ALG-NONE ALG-NONE-CASE")

# ---- an empty signature under an algorithm that signs

vector("alg/alg-empty-sig-found", "An enterprise token, and behind its last dot nothing", v2(JUNE, "ent-current", signature=""), "invalid",
       signature="missing", found="ALG-EMPTY-SIG", absent="SIG-MISSING SIG-LEN SIG-BAD FMT-SEG ALG-NONE", seed=True)
vector("alg/alg-empty-sig-hs-found", "HS256, nothing behind the last dot, and no key at hand", house(SECRET, "HS256", signature=""), "invalid",
       signature="missing", found="ALG-EMPTY-SIG", absent="SIG-MISSING SIG-LEN", history=None)
given("alg/alg-empty-sig-es-found", "ES256, nothing behind the last dot", house("house-p256", "ES256", signature=""), "invalid", pub("house-p256"),
      signature="missing", found="ALG-EMPTY-SIG", absent="SIG-MISSING SIG-LEN SIG-PSYCHIC")
given("alg/alg-empty-sig-eddsa-found", "EdDSA, nothing behind the last dot", house("house-ed25519", "EdDSA", signature=""), "invalid",
      pub("house-ed25519"), signature="missing", found="ALG-EMPTY-SIG", absent="SIG-MISSING SIG-LEN")
given("alg/alg-empty-sig-flattened-found", "The same in the flattened JSON form", house("house-rsa", "RS256", signature="", wrap=flattened),
      "invalid", pub("house-rsa"), signature="missing", found="ALG-EMPTY-SIG", absent="SIG-LEN SIG-BAD")
vector("alg/alg-empty-sig-clear", "A token for Microsoft Graph with its signature", graph(JUNE, "ent-current"), "valid",
       absent="ALG-EMPTY-SIG SIG-MISSING")
vector("alg/alg-empty-sig-near", "Nothing behind the last dot, and asterisks elsewhere: a sanitizer was at work",
       v2(JUNE, "ent-current", signature="", edited=v2(JUNE, "ent-current", name="***", preferred_username="***").payload), "unverified",
       signature="missing", found="SIG-MISSING", absent="ALG-EMPTY-SIG SIG-LEN SIG-BAD FMT-SEG")
vector("alg/alg-empty-sig-redacted-near", "Nothing behind the last dot, and a name that says redacted",
       v1(JUNE, "ent-current", signature="", edited=v1(JUNE, "ent-current", name="[REDACTED]", upn="[REDACTED]").payload), "unverified",
       signature="missing", found="SIG-MISSING", absent="ALG-EMPTY-SIG SIG-LEN SIG-BAD FMT-SEG")
vector("alg/alg-empty-sig-one-byte-near", "One byte is left of the signature: it was cut", v2(JUNE, "ent-current", signature=b"\x5a"), "unverified",
       signature="missing", found="SIG-MISSING", absent="ALG-EMPTY-SIG SIG-LEN SIG-BAD")
vector("alg/alg-empty-sig-two-parts-near", "The dot is gone too: stripped before it became evidence", id_v2(JUNE, "ent-current", wrap=two_parts),
       "unverified", signature="missing", found="SIG-MISSING", absent="ALG-EMPTY-SIG FMT-SEG")

# ---- an algorithm that goes with none of the issuer's keys

CURRENT = keys.kid("ent-current")
vector("alg/alg-family-found", "HS256 on an issuer that has published RSA keys only",
       v2(JUNE, SECRET, head={"alg": "HS256", "kid": CURRENT}), "invalid",
       signature=None, found="ALG-FAMILY", absent="ALG-UNREG ALG-CURVE", seed=True)
vector("alg/alg-family-es-found", "ES256 on a provider whose sets hold RSA keys only", idp(JUNE, "house-p256", head={"alg": "ES256", "kid": "1"}),
       "invalid", signature=None, found="ALG-FAMILY", absent="ALG-CURVE")
vector("alg/alg-family-eddsa-found", "EdDSA on the same", idp(JUNE, "house-ed25519", head={"alg": "EdDSA", "kid": "1"}), "invalid", signature=None,
       found="ALG-FAMILY", absent="ALG-CURVE")
given("alg/alg-family-given-found", "ES256 on an issuer whose only key is given, and is an RSA key",
      house("house-p256", "ES256", head={"kid": "house-2026"}), "invalid", pub("house-rsa", issuer=HOUSE), signature=None, found="ALG-FAMILY",
      absent="ALG-CURVE")
vector("alg/alg-family-clear", "RS256 on a provider whose sets hold RSA keys", idp(JUNE), "valid", absent="ALG-FAMILY")
vector("alg/alg-family-near", "PS256 needs an RSA key as RS256 does", idp(JUNE, head={"alg": "PS256"}), "valid", absent="ALG-FAMILY ALG-KEYALG")
given("alg/alg-family-other-time-near", "A token of years ago under another kid and type of key than its issuer has today",
      house("house-p256", "ES256", moment="2023-01-15", head={"kid": "house-2023"}), "unverified", pub("house-rsa", issuer=HOUSE),
      signature="unverified", absent="ALG-FAMILY SIG-BAD", unknown="ALG-FAMILY")
given("alg/alg-family-in-house-near", "A company's own HS256, and an RSA key that is at hand too", house(SECRET, "HS256"), "unverified",
      pub("house-rsa"), signature="unverified", absent="ALG-FAMILY SIG-BAD", unknown="SIG-BAD")
vector("alg/alg-family-unknown-issuer-near", "ES256 from an issuer that nobody knows", house("house-p256", "ES256"), "unverified",
       signature="unverified", absent="ALG-FAMILY SIG-BAD ALG-CURVE", unknown="SIG-BAD")
vector("alg/alg-family-empty-history-near", "HS256 on a Microsoft issuer, and a history that knows none of its keys",
       v2(JUNE, SECRET, head={"alg": "HS256"}), "unverified", signature="unverified", absent="ALG-FAMILY SIG-BAD", unknown="ALG-FAMILY",
       history="empty")
given("alg/alg-family-mixed-near", "An issuer with keys of two types, and the token goes with one of them", house("house-p256", "ES256"), "valid",
      pub("house-rsa", issuer=HOUSE), pub("house-p256", issuer=HOUSE), absent="ALG-FAMILY ALG-CURVE")

# ---- a key that says it is not for this

OTHER_USES = (("", "RS256", "house-rsa", dict(alg="RS512"), "A key for RS512 has made an RS256 signature"),
              ("-ps", "PS256", "house-rsa", dict(alg="RS256"), "A key for RS256 has made a PS256 signature"),
              ("-encryption", "RS256", "house-rsa", dict(alg="RSA-OAEP"), "A key for encryption, by its alg"),
              ("-use", "RS256", "house-rsa", dict(use="enc"), "A key for encryption, by its use"),
              ("-ops", "RS256", "house-rsa", dict(key_ops=["encrypt", "wrapKey"]), "A key for encryption, by its operations"),
              ("-derive", "ES256", "house-p256", dict(key_ops=["deriveKey"]), "A key for key agreement, by its operations"),
              ("-hs", "HS256", "house-secret", dict(alg="HS512"), "A secret for HS512 has made an HS256 signature"),
              ("-content", "HS256", "house-secret", dict(alg="A256GCM"), "A secret for encryption, by its alg"),
              ("-unregistered-hash", "ES256", "house-p256", dict(alg="ES224"), "A key for an algorithm that nobody registered"),
              ("-misread", "ES256", "house-p256", dict(alg="ES521"), "A key of P-256 for ES521: at most ES512 is meant by it"))
for case, alg, role, members, about in OTHER_USES:
    given(f"alg/alg-keyalg{case}-found", about, house(role, alg), "invalid", pub(role, **members), signature=None, found="ALG-KEYALG",
          absent="ALG-UNREG ALG-CURVE")
given("alg/alg-keyalg-clear", "A key that says it is for this very algorithm", house("house-rsa", "RS256"), "valid",
      pub("house-rsa", alg="RS256", use="sig", key_ops=["verify"]), absent="ALG-KEYALG")
given("alg/alg-keyalg-near", "A key that says nothing of its use", house("house-rsa", "RS384"), "valid", pub("house-rsa"), absent="ALG-KEYALG")
given("alg/alg-keyalg-type-near", "A key whose alg is a key type: a word that is no algorithm forbids none", house("house-rsa", "RS256"), "valid",
      pub("house-rsa", alg="RSA"), absent="ALG-KEYALG")
given("alg/alg-keyalg-misread-near", "A key of P-521 for ES521, a slip for ES512: the curve has 521 bits, the hash 512",
      house("house-p521", "ES512"), "valid", pub("house-p521", alg="ES521"), absent="ALG-KEYALG")
given("alg/alg-keyalg-joined-operations-near", "A key whose two operations are written as one", house("house-p256", "ES256"), "valid",
      pub("house-p256", key_ops=["sign, verify"]), absent="ALG-KEYALG")
given("alg/alg-keyalg-both-operations-near", "A key for signing and verifying", house("house-p256", "ES256"), "valid",
      pub("house-p256", key_ops=["sign", "verify"]), absent="ALG-KEYALG")
given("alg/alg-keyalg-two-names-near", "A key for EdDSA, and a token that calls the same thing Ed25519 (RFC 9864)",
      house("house-ed25519", "Ed25519"), "valid", pub("house-ed25519", alg="EdDSA"), absent="ALG-KEYALG ALG-UNREG")
given("alg/alg-keyalg-two-names-reverse-near", "A key for Ed25519, and a token that calls the same thing EdDSA",
      house("house-ed25519", "EdDSA"), "valid", pub("house-ed25519", alg="Ed25519"), absent="ALG-KEYALG")
given("alg/alg-keyalg-other-key-near", "A key for encryption lies beside the one that verifies", house("house-rsa", "RS256"), "valid",
      pub("idp", kid="house-encryption", use="enc", alg="RSA-OAEP"), pub("house-rsa", use="sig"), absent="ALG-KEYALG SIG-OTHERKEY")

# ---- a key on another curve

OTHER_CURVES = (("", "ES256", "house-p256", "ES256", "house-p384", "ES256, and the key it names is on P-384"),
                ("-es384", "ES384", "house-p384", "ES384", "house-p256", "ES384, and the key it names is on P-256"),
                ("-es512", "ES512", "house-p521", "ES512", "house-p384", "ES512, and the key it names is on P-384"),
                ("-es256k", "ES256K", "house-k256", "ES256K", "house-p256", "ES256K, and the key it names is on P-256: signatures of one length"),
                ("-k256", "ES256", "house-p256", "ES256", "house-k256", "ES256, and the key it names is on secp256k1: signatures of one length"),
                ("-signed", "ES256", "house-p384", "ES384", "house-p384", "A key on P-384 has signed, and the header says ES256"),
                ("-signed-k256", "ES256", "house-k256", "ES256K", "house-k256", "A key on secp256k1 has signed, and the header says ES256"),
                ("-ed25519", "Ed25519", "house-ed448", "EdDSA", "house-ed448", "A key on Ed448 has signed, and the header says Ed25519"),
                ("-ed448", "Ed448", "house-ed25519", "EdDSA", "house-ed25519", "A key on Ed25519 has signed, and the header says Ed448"))
for case, alg, signer, made_with, named, about in OTHER_CURVES:
    given(f"alg/alg-curve{case}-found", about, house(signer, alg, head={"kid": keys.kid(named)}, made_with=made_with), "invalid", pub(named),
          signature=None, found="ALG-CURVE", absent="ALG-UNREG ALG-FAMILY SIG-PSYCHIC")
given("alg/alg-curve-clear", "ES384 and a key on P-384", house("house-p384", "ES384"), "valid", pub("house-p384"), absent="ALG-CURVE")
given("alg/alg-curve-near", "Keys on other curves lie beside the one that is named", house("house-p256", "ES256"), "valid", pub("house-p384"),
      pub("house-k256"), pub("house-p256"), absent="ALG-CURVE SIG-OTHERKEY")
given("alg/alg-curve-one-name-near", "Two keys of one name on two curves: one of them verifies",
      house("house-p256", "ES256", head={"kid": "house-ec"}),
      "valid", pub("house-p384", kid="house-ec"), pub("house-p256", kid="house-ec"), absent="ALG-CURVE SIG-OTHERKEY SIG-BAD")
given("alg/alg-curve-eddsa-near", "EdDSA leaves the curve to the key", house("house-ed448", "EdDSA"), "valid", pub("house-ed448"),
      pub("house-ed25519"), absent="ALG-CURVE")

# ---- an algorithm that nobody registered

UNREGISTERED = (("", "rs256", "Names of algorithms are case-sensitive"), ("-size", "RS255", "A size that does not exist"),
                ("-empty", "", "An empty name"), ("-space", "RS256 ", "A space behind the name"),
                ("-cose", "ESP256", "A name that is registered for COSE, not for JOSE (RFC 9864 section 2)"),
                ("-library", "HMACSHA256", "What a library calls it"),
                ("-uri", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "What XML signatures call it"),
                ("-array", ["RS256"], "An array in place of a name"), ("-number", 256, "A number in place of a name"),
                ("-object", {"name": "RS256"}, "An object in place of a name"), ("-true", True, "true in place of a name"))
for case, alg, about in UNREGISTERED:
    given(f"alg/alg-unreg{case}-found", about, house("house-rsa", alg, made_with="RS256"), "invalid", pub("house-rsa"), signature=None,
          found="ALG-UNREG", absent="ALG-NONE ALG-NONE-CASE ALG-EMPTY-SIG ALG-CURVE", seed=case == "-array")
given("alg/alg-unreg-null-found", "null in place of a name", rewritten(house("house-rsa", "RS256"), "header", b'"RS256"', b"null"), "invalid",
      pub("house-rsa"), signature=None, found="ALG-UNREG", absent="ALG-NONE ALG-NONE-CASE")
given("alg/alg-unreg-missing-found", "No alg at all, which every header must have (RFC 7515 section 4.1.1)",
      house("house-rsa", None, made_with="RS256"), "invalid", pub("house-rsa"), signature=None, found="ALG-UNREG", absent="ALG-NONE")
given("alg/alg-unreg-jwe-found", "An algorithm for encryption, which signs nothing", house("house-rsa", "RSA-OAEP", made_with="RS256"), "invalid",
      pub("house-rsa"), signature=None, found="ALG-UNREG")
given("alg/alg-unreg-clear", "RS256", house("house-rsa", "RS256", "2026-06-03"), "valid", pub("house-rsa"), absent="ALG-UNREG")
given("alg/alg-unreg-near", "A name of 2025: Ed25519 (RFC 9864)", house("house-ed25519", "Ed25519", "2026-06-03"), "valid", pub("house-ed25519"),
      absent="ALG-UNREG")
given("alg/alg-unreg-blockchain-near", "A name from outside RFC 7518: ES256K (RFC 8812)", house("house-k256", "ES256K", "2026-06-03"), "valid",
      pub("house-k256"), absent="ALG-UNREG")
given("alg/alg-unreg-escaped-near", "RS256 behind a JSON escape: the same name",
      rewritten(house("house-rsa", "RS256"), "header", b'"RS256"', b'"RS25\\u0036"'),
      "valid", pub("house-rsa"), absent="ALG-UNREG SIG-BAD")
given("alg/alg-unreg-one-of-two-found", "Of two signatures one has an algorithm that nobody registered",
      Token({"alg": "EdDSA", "kid": "house-ed25519"}, compact_json({"iss": HOUSE, "exp": at(JUNE)}), "house-ed25519",
            wrap=general(Token({"alg": "EdDSB", "kid": "house-2026"}, compact_json({"iss": HOUSE, "exp": at(JUNE)}), "house-rsa", alg="RS256"))),
      "invalid", pub("house-ed25519"), pub("house-rsa"), signature=None, found="ALG-UNREG")

# ---- a public key taken for a shared secret


def written(role, encoding, form):
    return keys.private(role).public_key().public_bytes(encoding, form)


def modulus(role):
    return keys.unb64url(keys.load(role)["n"])


def certificate_pem(role):
    text = base64.b64encode(keys.certificate(role)).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()


def jwk_text(role, names, separators=(",", ":")):
    return json.dumps({name: keys.load(role)[name] for name in names.split()}, separators=separators).encode()


SPKI, PKCS1 = PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1
PEM = keys.public_pem("ent-current")
FORMS = (("", PEM, "Its PEM as every tool writes it"), ("-no-end", PEM.rstrip(b"\n"), "Its PEM without the final line end"),
         ("-crlf", PEM.replace(b"\n", b"\r\n"), "Its PEM with CRLF"),
         ("-crlf-no-end", PEM.replace(b"\n", b"\r\n").rstrip(), "Its PEM with CRLF, without the last one"),
         ("-space", b" " + PEM, "Its PEM behind a space"), ("-line", b"\n" + PEM, "Its PEM behind an empty line"),
         ("-escaped", PEM.replace(b"\n", b"\\n"), "Its PEM as an environment variable has it, line ends escaped"),
         ("-pkcs1", written("ent-current", Encoding.PEM, PKCS1), "The PEM of PKCS #1"),
         ("-pkcs1-no-end", written("ent-current", Encoding.PEM, PKCS1).rstrip(b"\n"), "The PEM of PKCS #1 without the final line end"),
         ("-der", written("ent-current", Encoding.DER, SPKI), "Its DER"),
         ("-pkcs1-der", written("ent-current", Encoding.DER, PKCS1), "The DER of PKCS #1"),
         ("-base64", base64.b64encode(written("ent-current", Encoding.DER, SPKI)), "Its DER as base64"),
         ("-certificate", certificate_pem("ent-current"), "Its certificate as PEM"),
         ("-certificate-no-end", certificate_pem("ent-current").rstrip(b"\n"), "Its certificate as PEM without the final line end"),
         ("-certificate-der", keys.certificate("ent-current"), "Its certificate as DER"),
         ("-x5c", keys.load("ent-current")["x5c"][0].encode(), "The text of x5c in its set"),
         ("-modulus", modulus("ent-current"), "Its modulus"), ("-n", keys.load("ent-current")["n"].encode(), "The text of n in its set"),
         ("-jwk", jwk_text("ent-current", "kty n e"), "The JWK as text"),
         ("-jwk-spaces", jwk_text("ent-current", "kty n e", (", ", ": ")), "The JWK as text with spaces"),
         ("-jwk-kid", jwk_text("ent-current", "kty n e kid", (", ", ": ")), "The JWK as text with its name behind"),
         ("-openssh", written("ent-current", Encoding.OpenSSH, PublicFormat.OpenSSH), "Its line for OpenSSH (CVE-2022-29217)"),
         ("-folded", b"\n".join(PEM.split(b"\n")[1:-2]), "The base64 of its PEM, without the lines around it"),
         ("-jwk-thumbprint", jwk_text("ent-current", "e kty n"), "The JWK as RFC 7638 writes it"))
for case, secret, about in FORMS:
    vector(f"alg/alg-hs-pubkey{case}-found", f"HS256, and the secret is the issuer's public key. {about}",
           v2(JUNE, secret, head={"alg": "HS256", "kid": CURRENT}), "forged", found="ALG-HS-PUBKEY", absent="ALG-FAMILY SIG-BAD SIG-OTHERKEY",
           seed=case == "")
for alg in ("HS384", "HS512"):
    vector(f"alg/alg-hs-pubkey-{alg.lower()}-found", f"The same with {alg}", v1(JUNE, PEM, head={"alg": alg, "kid": CURRENT}), "forged",
           found="ALG-HS-PUBKEY", absent="ALG-FAMILY")
vector("alg/alg-hs-pubkey-no-kid-found", "The same, and the token names no key", v2(JUNE, PEM, head={"alg": "HS256", "kid": None}), "forged",
       found="ALG-HS-PUBKEY", absent="ALG-FAMILY")
vector("alg/alg-hs-pubkey-other-key-found", "The same with another key than it names", v2(JUNE, keys.public_pem("ent-2024"), head={"alg": "HS256", "kid": CURRENT}),
       "forged", found="ALG-HS-PUBKEY")
vector("alg/alg-hs-pubkey-other-issuer-found", "A company's issuer, and the secret is a public key of another one in the history", house(PEM, "HS256"), "forged",
       found="ALG-HS-PUBKEY")
given("alg/alg-hs-pubkey-house-found", "A company's issuer, and its RSA key that is given", house(keys.public_pem("house-rsa"), "HS256"), "forged",
      pub("house-rsa"), found="ALG-HS-PUBKEY")
given("alg/alg-hs-pubkey-ec-found", "A company's issuer, and its EC key", house(keys.public_pem("house-p256"), "HS256", head={"kid": "house-p256"}),
      "forged", pub("house-p256"), found="ALG-HS-PUBKEY")
given("alg/alg-hs-pubkey-ec-jwk-found", "The same, as JWK text", house(jwk_text("house-p256", "kty crv x y"), "HS256"), "forged", pub("house-p256"),
      found="ALG-HS-PUBKEY")
given("alg/alg-hs-pubkey-okp-found", "A company's issuer, and its Ed25519 key", house(keys.public_pem("house-ed25519"), "HS256"), "forged",
      pub("house-ed25519"), found="ALG-HS-PUBKEY")
for role in ("house-p256", "house-p384", "house-p521", "house-ed25519"):
    given(f"alg/alg-hs-pubkey-openssh-{role[6:]}-found", "A company's issuer, and its key as a line for OpenSSH",
          house(written(role, Encoding.OpenSSH, PublicFormat.OpenSSH) + b"\n", "HS256"), "forged", pub(role), found="ALG-HS-PUBKEY")
given("alg/alg-hs-pubkey-okp-raw-found", "The same, the raw bytes", house(keys.unb64url(keys.load("house-ed25519")["x"]), "HS256"), "forged",
      pub("house-ed25519"), found="ALG-HS-PUBKEY")
given("alg/alg-hs-pubkey-clear", "A company's own secret, which is given", house("house-secret", "HS256"), "valid", pub("house-secret"), pub("house-rsa"),
      absent="ALG-HS-PUBKEY ALG-HS-EMPTY ALG-HS-KNOWN")
given("alg/alg-hs-pubkey-near", "A secret that nobody has, with public keys at hand", house(SECRET, "HS256"), "unverified", pub("house-rsa"),
      pub("house-p256"), signature="unverified", absent="ALG-HS-PUBKEY ALG-HS-EMPTY ALG-HS-KNOWN ALG-FAMILY", unknown="SIG-BAD")
vector("alg/alg-hs-pubkey-one-letter-near", "A public key in which one letter is another: it is nobody's form of it",
       v2(JUNE, PEM.replace(b"A", b"B", 1), head={"alg": "HS256", "kid": CURRENT}), "invalid", signature=None, found="ALG-FAMILY",
       absent="ALG-HS-PUBKEY")

# ---- no secret at all

vector("alg/alg-hs-empty-found", "HS256 with a secret of no bytes, from an issuer that has public keys", v2(JUNE, b"", head={"alg": "HS256", "kid": CURRENT}),
       "forged", found="ALG-HS-EMPTY", absent="ALG-FAMILY SIG-BAD")
vector("alg/alg-hs-empty-hs512-found", "The same with HS512", v1(JUNE, b"", head={"alg": "HS512"}), "forged", found="ALG-HS-EMPTY")
given("alg/alg-hs-empty-given-found", "A company's issuer whose key is given with its name", house(b"", "HS256"), "forged",
      pub("house-rsa", issuer=HOUSE), found="ALG-HS-EMPTY", absent="ALG-FAMILY")
given("alg/alg-hs-empty-house-found", "A company's issuer of which nothing is known", house(b"", "HS256"), "suspicious", found="ALG-HS-EMPTY")
given("alg/alg-hs-empty-used-found", "The same, and it was in use", house(b"", "HS256"), "suspicious", found="ALG-HS-EMPTY", seen="2026-06-01T00:10:00Z")
SAMPLE = {"sub": "1234567890", "name": "John Doe", "iat": 1516239022}
given("alg/alg-hs-empty-sample-found", "A documented sample that was signed with nothing", Token({"alg": "HS256", "typ": "JWT"}, SAMPLE, b""), "unverified",
      found="ALG-HS-EMPTY")
given("alg/alg-hs-empty-clear", "A company's own secret, which is given", house("house-secret", "HS384"), "valid", pub("house-secret"),
      absent="ALG-HS-EMPTY")
given("alg/alg-hs-empty-near", "A secret of one byte, which nobody has: short is not empty", house(b"\xa7", "HS256"), "unverified", signature="unverified",
      absent="ALG-HS-EMPTY ALG-HS-KNOWN")

# ---- a secret that others know

vector("alg/alg-hs-known-found", "HS256 with a secret of documentation, from an issuer that has public keys",
       v2(JUNE, b"your-256-bit-secret", head={"alg": "HS256", "kid": CURRENT}), "forged", found="ALG-HS-KNOWN", absent="ALG-FAMILY SIG-BAD", seed=True)
vector("alg/alg-hs-known-given-found", "HS256 with a secret of the examiner's list, from an issuer that has public keys",
       v2(JUNE, SECRET, head={"alg": "HS256"}), "forged", found="ALG-HS-KNOWN", secrets=["another one", SECRET.decode()])
given("alg/alg-hs-known-house-found", "A company's token under the first secret of every tutorial", house(b"secret", "HS256"), "suspicious",
      found="ALG-HS-KNOWN", absent="ALG-FAMILY")
given("alg/alg-hs-known-decoded-found", "A company's token under the secret of RFC 7515, decoded",
      house(keys.unb64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"), "HS256"), "suspicious",
      found="ALG-HS-KNOWN")
given("alg/alg-hs-known-short-found", "A company's token under a short secret of the examiner's list", house(b"spring2026", "HS256"), "suspicious",
      found="ALG-HS-KNOWN", secrets=["summer2025", "spring2026"])
given("alg/alg-hs-known-word-found", "A company's token under a word that stands first in every list of secrets", house(b"changeme", "HS256"), "suspicious",
      found="ALG-HS-KNOWN")
given("alg/alg-hs-known-sample-found", "The sample that documentation shows", Token({"alg": "HS256", "typ": "JWT"}, SAMPLE, b"your-256-bit-secret"),
      "unverified", found="ALG-HS-KNOWN")
given("alg/alg-hs-known-other-key-found", "The secret of every tutorial, and the examiner's key is another",
      house(b"secret", "HS256", head={"kid": "house-secret"}), "invalid", pub("house-secret"), signature="failed", found="ALG-HS-KNOWN SIG-BAD")
given("alg/alg-hs-known-clear", "A company's own secret, given as a key", house("house-secret", "HS512"), "valid", pub("house-secret"),
      absent="ALG-HS-KNOWN")
given("alg/alg-hs-known-near", "A long secret of a company, in the examiner's list: that is how companies sign", house(SECRET, "HS256"), "valid",
      absent="ALG-HS-KNOWN ALG-FAMILY SIG-BAD", secrets=["summer2025", SECRET.decode()])
given("alg/alg-hs-known-capital-near", "A word of the list but for its case", house(b"Secret", "HS256"), "unverified", signature="unverified",
      absent="ALG-HS-KNOWN", unknown="SIG-BAD", secrets=["summer2025"])

# ---- a name that leaves the curve open

given("alg/alg-poly-found", "EdDSA with a key on Ed25519", house("house-ed25519", "EdDSA", "2026-06-04"), "valid", pub("house-ed25519"), found="ALG-POLY")
given("alg/alg-poly-ed448-found", "EdDSA with a key on Ed448", house("house-ed448", "EdDSA", "2026-06-04"), "valid", pub("house-ed448"), found="ALG-POLY")
given("alg/alg-poly-clear", "The name of RFC 9864", house("house-ed25519", "Ed25519", "2026-06-04"), "valid", pub("house-ed25519"), absent="ALG-POLY")
given("alg/alg-poly-near", "The name in another case, which is no name", house("house-ed25519", "EDDSA", made_with="EdDSA"), "invalid", pub("house-ed25519"),
      signature=None, found="ALG-UNREG", absent="ALG-POLY")

# ---- an algorithm that nothing protects

given("alg/alg-unprot-found", "Claims whose algorithm stands in the unprotected header",
      house("house-rsa", None, made_with="RS256", wrap=flattened_with(alg="RS256")), "invalid", pub("house-rsa"), found="ALG-UNPROT",
      absent="ALG-UNREG SIG-BAD", seed=True)
given("alg/alg-unprot-ec-found", "The same with ES256", house("house-p256", None, made_with="ES256", wrap=flattened_with(alg="ES256")), "invalid",
      pub("house-p256"), found="ALG-UNPROT")
given("alg/alg-unprot-clear", "The algorithm is protected", house("house-rsa", "RS256", "2026-06-05", wrap=flattened), "valid", pub("house-rsa"),
      absent="ALG-UNPROT")
given("alg/alg-unprot-near", "The algorithm is protected, and other members are not", house("house-rsa", "RS256", wrap=flattened_with(note="1")), "valid",
      pub("house-rsa"), absent="ALG-UNPROT")
given("alg/alg-unprot-message-near", "A signed message that is no JWT, as in RFC 7520 section 4.7",
      Token({"kid": "house-2026"}, b"It is a dangerous business.", "house-rsa", alg="RS256", wrap=flattened_with(alg="RS256")), "valid", pub("house-rsa"),
      absent="ALG-UNPROT")
