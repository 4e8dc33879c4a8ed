# SPDX-License-Identifier: Apache-2.0
"""What the header says of the algorithm: none at all, one that nobody registered, one that goes with no key at hand."""

from . import keys
from .corpus import given, vector
from .keys import pub
from .tokens import (HOUSE, Token, at, compact_json, consumer, flattened, general, graph, house, id_v2, idp, rewritten, two_parts, v1, v2)

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
vector("alg/alg-family-public-key-as-secret-found", "HS256 keyed with the very text of the issuer's public key",
       v1(JUNE, keys.public_pem("ent-current"), head={"alg": "HS256", "kid": CURRENT, "x5t": CURRENT}), "invalid", signature=None,
       found="ALG-FAMILY")
vector("alg/alg-family-es-found", "ES256 on a provider whose sets hold RSA keys only", idp(JUNE, "house-p256", head={"alg": "ES256", "kid": "1"}),
       "invalid", signature=None, found="ALG-FAMILY", absent="ALG-CURVE")
vector("alg/alg-family-eddsa-found", "EdDSA on the same", idp(JUNE, "house-ed25519", head={"alg": "EdDSA", "kid": "1"}), "invalid", signature=None,
       found="ALG-FAMILY", absent="ALG-CURVE")
given("alg/alg-family-given-found", "ES256 on an issuer whose only key is given, and is an RSA key",
      house("house-p256", "ES256", head={"kid": "house-2026"}), "invalid", pub("house-rsa", issuer=HOUSE), signature=None, found="ALG-FAMILY",
      absent="ALG-CURVE")
vector("alg/alg-family-clear", "RS256 on a provider whose sets hold RSA keys", idp(JUNE), "valid", absent="ALG-FAMILY")
vector("alg/alg-family-near", "PS256 needs an RSA key as RS256 does", idp(JUNE, head={"alg": "PS256"}), "valid", absent="ALG-FAMILY ALG-KEYALG")
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
              ("-misread", "ES512", "house-p521", dict(alg="ES521"), "A key for ES521, which is no algorithm: the curve has 521 bits, the hash 512"))
for case, alg, role, members, about in OTHER_USES:
    given(f"alg/alg-keyalg{case}-found", about, house(role, alg), "invalid", pub(role, **members), signature=None, found="ALG-KEYALG",
          absent="ALG-UNREG ALG-CURVE")
given("alg/alg-keyalg-clear", "A key that says it is for this very algorithm", house("house-rsa", "RS256"), "valid",
      pub("house-rsa", alg="RS256", use="sig", key_ops=["verify"]), absent="ALG-KEYALG")
given("alg/alg-keyalg-near", "A key that says nothing of its use", house("house-rsa", "RS384"), "valid", pub("house-rsa"), absent="ALG-KEYALG")
given("alg/alg-keyalg-type-near", "A key whose alg is a key type: a word that is no algorithm forbids none", house("house-rsa", "RS256"), "valid",
      pub("house-rsa", alg="RSA"), absent="ALG-KEYALG")
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
