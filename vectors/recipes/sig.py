# SPDX-License-Identifier: Apache-2.0
"""Signatures that fail, hold under another key, are not there, have a wrong length, or would hold for anything."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import utils

from . import keys
from .corpus import given, vector
from .keys import b64url, pub
from .tokens import (HOUSE, Token, consumer, cut, detached, flattened, flipped, general, house, id_v2, idp, masked,
                     short_by, two_parts, v1, v2)

JUNE = "2026-06-01"
SECRET = b"made for this test and for nothing else"

# alg: role that signs, order of its curve, bytes of r and of s
CURVES = {
    "ES256": ("house-p256", 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551, 32),
    "ES384": ("house-p384", 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973, 48),
    "ES512": ("house-p521", ((1 << 261) - 1 << 260) + 0xa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409, 66),
    "ES256K": ("house-k256", 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141, 32),
}


def pair(alg, r, s):
    width = CURVES[alg][2]
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")


def numbers(alg, signature):
    width = CURVES[alg][2]
    return int.from_bytes(signature[:width], "big"), int.from_bytes(signature[width:], "big")


def private_power(role, block):
    """The block under the private exponent, as if it were a proper one."""
    key = keys.load(role)
    n, d = (int.from_bytes(keys.unb64url(key[name]), "big") for name in ("n", "d"))
    return pow(int.from_bytes(block, "big"), d, n).to_bytes((n.bit_length() + 7) // 8, "big")


def block_of(role, signature):
    """What a proper RS256 signature was made of: its last 32 bytes are the digest of the message."""
    key = keys.load(role)
    n, e = (int.from_bytes(keys.unb64url(key[name]), "big") for name in ("n", "e"))
    return pow(int.from_bytes(signature, "big"), e, n).to_bytes((n.bit_length() + 7) // 8, "big")


def reblocked(make, role="house-rsa"):
    """In place of a proper RS256 signature one over another block for the same digest."""
    def change(signature):
        block = block_of(role, signature)
        return private_power(role, make(block[-32:], len(block)))
    return change


SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
SHA256_INFO_WITHOUT_NULL = bytes.fromhex("302f300b0609608648016503040201" "0420")


def padded_block(info, digest, size):
    return b"\0\1" + b"\xff" * (size - 3 - len(info) - len(digest)) + b"\0" + info + digest


def followed_block(digest, size):
    head = b"\0\1" + b"\xff" * 8 + b"\0" + SHA256_INFO + digest
    return head + bytes(number * 31 % 256 for number in range(size - len(head)))


def salted_block(salt):
    """EMSA-PSS-ENCODE (RFC 8017 section 9.1.1), for a modulus of whole bytes."""
    def make(digest, size):
        seed = hashlib.sha256(bytes(8) + digest + salt).digest()
        plain = bytes(size - len(salt) - len(seed) - 2) + b"\1" + salt
        mask = b"".join(hashlib.sha256(seed + number.to_bytes(4, "big")).digest() for number in range(size // 32 + 1))
        masked_block = bytes(a ^ b for a, b in zip(plain, mask))
        return bytes([masked_block[0] & 0x7f]) + masked_block[1:] + seed + b"\xbc"
    return make


# ---- fails under the key that the token names

vector("sig/sig-bad-found", "An enterprise token whose scope was changed after it was signed",
       v2(JUNE, "ent-current", edited=v2(JUNE, "ent-current", scp="Payroll.ReadWrite.All").payload), "invalid", signature="failed", found="SIG-BAD",
       absent="SIG-OTHERKEY SIG-MISSING SIG-LEN KEY-UNKNOWN", seed=True)
vector("sig/sig-bad-one-bit-found", "One bit of the signature is another", v1(JUNE, "ent-current", signature=flipped), "invalid",
       signature="failed", found="SIG-BAD", absent="SIG-LEN SIG-MISSING")
vector("sig/sig-bad-tenant-found", "A token of one tenant, edited to another's, issuer and all",
       id_v2(JUNE, "ent-current", edited=id_v2(JUNE, "ent-current", tenant="c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94").payload), "invalid",
       signature="failed", found="SIG-BAD", absent="MS-TID-ISS")
vector("sig/sig-bad-provider-found", "Another provider's token, edited", idp(JUNE, edited=idp(JUNE, sub="1").payload), "invalid",
       signature="failed", found="SIG-BAD")
for alg, role in (("RS512", "house-rsa"), ("PS256", "house-rsa"), ("ES256", "house-p256"), ("ES512", "house-p521"), ("ES256K", "house-k256"),
                  ("EdDSA", "house-ed25519"), ("Ed448", "house-ed448"), ("HS384", "house-secret")):
    given(f"sig/sig-bad-{alg.lower()}-found", f"{alg}: the claims were changed after signing",
          house(role, alg, edited=house(role, alg, scope="read write").payload), "invalid", pub(role), signature="failed", found="SIG-BAD",
          absent="SIG-OTHERKEY SIG-LEN SIG-PSYCHIC")
given("sig/sig-bad-one-of-two-found", "A message with two signatures, of which the second was made over another payload",
      Token({"alg": "EdDSA", "kid": "house-ed25519"}, b"signed twice", "house-ed25519",
            wrap=general(Token({"alg": "RS256", "kid": "house-2026"}, b"signed once", "house-rsa"))),
      "invalid", pub("house-ed25519"), pub("house-rsa"), signature="failed", found="SIG-BAD")
given("sig/sig-bad-detached-found", "A detached signature, and the payload at hand is another",
      Token({"alg": "RS256", "kid": "house-2026"}, b"pay 10 to Robin", "house-rsa", wrap=detached), "invalid", pub("house-rsa"), signature="failed",
      payload="pay 99 to Robin", found="SIG-BAD")
given("sig/sig-bad-flattened-found", "An edited token in the flattened JSON form",
      house("house-rsa", "RS256", edited=house("house-rsa", "RS256", sub="admin").payload, wrap=flattened), "invalid", pub("house-rsa"),
      signature="failed", found="SIG-BAD")
vector("sig/sig-bad-clear", "A consumer token whose signature holds", consumer("2024-07-15", "msa-2024"), "valid", absent="SIG-BAD SIG-OTHERKEY")
given("sig/sig-bad-near", "The key is not at hand, only another one of the same company", house("house-rsa", "RS256"), "unverified",
      pub("house-p256"), signature="unverified", absent="SIG-BAD SIG-OTHERKEY", unknown="SIG-BAD")
vector("sig/sig-bad-other-issuer-near", "A company's own token under the kid of one of Microsoft's keys: a kid is text, and names nothing here",
       house("house-rsa", "RS256", head={"kid": keys.kid("ent-current")}), "unverified", signature="unverified",
       absent="SIG-BAD SIG-OTHERKEY KEY-UNKNOWN", unknown="SIG-BAD")
vector("sig/sig-bad-other-issuer-x5t-near", "The same with the thumbprint alone",
       house("house-rsa", "RS256", head={"kid": None, "x5t": keys.kid("ent-current")}), "unverified", signature="unverified",
       absent="SIG-BAD SIG-OTHERKEY", unknown="SIG-BAD")
given("sig/sig-bad-nameless-given-near", "An enterprise token whose key is not at hand, and a key without a name that was given for other tokens",
      v2("2026-07-15", "ent-unlisted"), "unverified", pub("house-rsa", kid=None), signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")
PUSH = {"head": {"kid": None}, "iss": None, "sub": "mailto:push@site.example", "aud": "https://push.example", "scope": None}
given("sig/sig-bad-no-issuer-near", "A token that names neither issuer nor key (RFC 8292), and a key that is said to be an issuer's", house("house-rsa", "RS256", **PUSH), "unverified", pub("idp", issuer="https://login.corp.example"),
      signature="unverified", absent="SIG-BAD")
given("sig/sig-bad-no-issuer-found", "The same, and the key was given without a word on whose it is", house("house-rsa", "RS256", **PUSH), "invalid", pub("idp"),
      signature="failed", found="SIG-BAD")
given("sig/sig-bad-no-issuer-kid-found", "It names the key that is said to be an issuer's, and was altered", house("house-rsa", "RS256", signature=flipped, iss=None),
      "invalid", pub("house-rsa", issuer=HOUSE), signature="failed", found="SIG-BAD")
given("sig/sig-bad-no-issuer-clear", "It names nothing, and the key that is said to be an issuer's verifies it", house("house-rsa", "RS256", **PUSH), "valid",
      pub("house-rsa", issuer=HOUSE), absent="SIG-BAD")
given("sig/sig-bad-digest-near", "A token that names its key by the SHA-256 of its certificate, and another key is at hand",
      house("house-rsa", "RS256", head={"kid": None, "x5t#S256": b64url(hashlib.sha256(keys.certificate("ent-current")).digest())}), "unverified",
      pub("idp"), signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")
given("sig/sig-bad-digest-found", "The same, and the key of that certificate is at hand, and did not sign it",
      house("house-rsa", "RS256", head={"kid": None, "x5t#S256": b64url(hashlib.sha256(keys.certificate("ent-current")).digest())}), "invalid",
      pub("ent-current", issuer=None), signature="failed", found="SIG-BAD")
given("sig/sig-bad-unusable-near", "The named key is at hand, but its modulus is even: it can verify nothing", house("house-rsa", "RS256"),
      "unverified", pub("house-rsa", n=pub("house-rsa")["n"][:-1] + "A"), signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")
given("sig/sig-bad-unusable-point-near", "The named key is at hand, but it is no point of its curve", house("house-p256", "ES256"), "unverified",
      pub("house-p256", y=pub("house-p256")["x"]), signature="unverified", absent="SIG-BAD ALG-CURVE", unknown="SIG-BAD")
given("sig/sig-bad-secret-near", "A shared secret that nobody has, and no kid", house(SECRET, "HS256"), "unverified", pub("house-rsa"),
      signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")

# ---- holds under another key than the named one

vector("sig/sig-otherkey-found", "The header names one enterprise key, and another one has signed",
       v2(JUNE, "ent-current", head={"kid": keys.kid("ent-2024")}),
       "suspicious", found="SIG-OTHERKEY", absent="SIG-BAD KEY-UNKNOWN KEY-WRONG-ISS", seed=True)
def spelled(role):
    """Certificate digests of a key as some software writes them."""
    sha1, sha256 = (hash(keys.certificate(role)).digest() for hash in (hashlib.sha1, hashlib.sha256))
    return (("padded", b64url(sha1) + "="), ("hex", sha1.hex().upper()), ("hex-lower", sha1.hex()), ("hex-encoded", b64url(sha1.hex().upper().encode())),
            ("sha256", b64url(sha256)), ("sha256-hex", sha256.hex()), ("sha256-hex-encoded", b64url(sha256.hex().encode())))


for case, text in spelled("ent-current"):
    vector(f"sig/sig-otherkey-x5t-{case}-near", "Another spelling of the thumbprint of the key that signed",
           v1(JUNE, "ent-current", head={"kid": None, "x5t": text}), "valid", absent="SIG-OTHERKEY SIG-BAD")
    vector(f"sig/sig-otherkey-kid-{case}-near", "The same as the kid", v1(JUNE, "ent-current", head={"kid": text, "x5t": None}), "valid",
           absent="SIG-OTHERKEY SIG-BAD")
for case, text in spelled("ent-early"):
    vector(f"sig/sig-otherkey-x5t-{case}-found", "Another spelling of the thumbprint of a key that did not sign",
           v1(JUNE, "ent-current", head={"kid": None, "x5t": text}), "suspicious", found="SIG-OTHERKEY", absent="SIG-BAD")
for case, text in spelled("ent-current"):
    given(f"sig/sig-bad-x5t-{case}-near", "It names its key by the thumbprint in another spelling, and another key is at hand",
          house("house-rsa", "RS256", head={"kid": None, "x5t": text}), "unverified", pub("idp"), signature="unverified", absent="SIG-BAD",
          unknown="SIG-BAD")
    given(f"sig/sig-bad-x5t-{case}-found", "The same, and the key of that certificate is at hand, and did not sign it",
          house("house-rsa", "RS256", head={"kid": None, "x5t": text}), "invalid", pub("ent-current", issuer=None), signature="failed", found="SIG-BAD")
vector("sig/sig-otherkey-x5t-found", "The same with the thumbprint alone",
       v1(JUNE, "ent-current", head={"kid": None, "x5t": keys.kid("ent-early")}), "suspicious", found="SIG-OTHERKEY", absent="SIG-BAD")
given("sig/sig-otherkey-given-found", "Two keys are given, and the other one has signed", house("house-rsa", "RS256", head={"kid": "1"}),
      "suspicious", pub("idp"), pub("house-rsa"), found="SIG-OTHERKEY", absent="SIG-BAD")
given("sig/sig-otherkey-unknown-name-found", "The header's kid is no key's that is given, and one that is called otherwise has signed",
      house("house-rsa", "RS256", head={"kid": "house-2025"}), "suspicious", pub("house-rsa"), found="SIG-OTHERKEY", absent="SIG-BAD")
given("sig/sig-otherkey-case-found", "The kid differs from the key's in case: names are compared exactly",
      house("house-rsa", "RS256", head={"kid": "HOUSE-2026"}), "suspicious", pub("house-rsa"), found="SIG-OTHERKEY", absent="SIG-BAD")
given("sig/sig-otherkey-es-found", "Two keys on one curve, and the other one has signed",
      house("house-p256", "ES256", head={"kid": "spare"}), "suspicious", pub("house-p256"), pub("house-p256", kid="spare", **{
          "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}),
      found="SIG-OTHERKEY", absent="SIG-BAD")
vector("sig/sig-otherkey-clear", "The named key has signed", id_v2(JUNE, "ent-current"), "valid", absent="SIG-OTHERKEY")
given("sig/sig-otherkey-near", "The key that verifies has no name, so that it contradicts none", house("house-ed25519", "EdDSA"), "valid",
      pub("house-ed25519", kid=None), absent="SIG-OTHERKEY SIG-BAD")
given("sig/sig-otherkey-two-names-near", "One key under two names, and the token uses the older",
      house("house-rsa", "RS256", head={"kid": "house-2025"}),
      "valid", pub("house-rsa"), pub("house-rsa", kid="house-2025"), absent="SIG-OTHERKEY SIG-BAD")
given("sig/sig-otherkey-one-name-near", "Two keys under one name, and the second has signed", house("house-rsa", "RS256"), "valid",
      pub("idp", kid="house-2026"), pub("house-rsa"), absent="SIG-OTHERKEY SIG-BAD")
given("sig/sig-otherkey-unnamed-near", "The header names no key", house("house-rsa", "PS384", head={"kid": None}), "valid", pub("idp"),
      pub("house-rsa"), absent="SIG-OTHERKEY SIG-BAD")

# ---- not in the evidence

vector("sig/sig-missing-found", "Two parts: somebody stripped the signature", v2(JUNE, "ent-current", wrap=two_parts), "unverified",
       signature="missing", found="SIG-MISSING", absent="FMT-SEG SIG-BAD SIG-LEN ALG-EMPTY-SIG KEY-UNKNOWN", seed=True)
vector("sig/sig-missing-redacted-found", "redacted stands in its place", v1(JUNE, "ent-current", wrap=masked("redacted")), "unverified",
       signature="missing", found="SIG-MISSING", absent="FMT-SEG FMT-B64 SIG-BAD SIG-LEN")
vector("sig/sig-missing-half-found", "A field ended in the middle of the signature", v2(JUNE, "ent-current", signature=short_by(128)), "unverified",
       signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN")
given("sig/sig-missing-edge-found", "HS256 with one byte too few: a field ended there", house("house-secret", "HS256", signature=short_by(1)),
      "unverified", pub("house-secret"), signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN")
given("sig/sig-missing-eddsa-edge-found", "EdDSA with one byte too few", house("house-ed25519", "EdDSA", signature=short_by(1)),
      "unverified", pub("house-ed25519"), signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN")
given("sig/sig-missing-es384-edge-found", "ES384 with one byte too few", house("house-p384", "ES384", signature=bytes(range(1, 96))),
      "unverified", pub("house-p384"), signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN SIG-PSYCHIC")
given("sig/sig-missing-half-hmac-found", "HS512 with the whole length of HS256: half of it may be cut off",
      house("house-secret", "HS512", signature=short_by(32)), "unverified", pub("house-secret"), signature="missing", found="SIG-MISSING",
      absent="SIG-BAD SIG-LEN")
given("sig/sig-missing-rsa-edge-found", "RS256 with three bytes less than the key's modulus",
      house("house-rsa", "RS256", signature=short_by(3)), "unverified",
      pub("house-rsa"), signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN")
given("sig/sig-missing-letter-found", "HS256 with one letter too few: bits are left over, so that nobody made it like that",
      house("house-secret", "HS256", wrap=cut(-1)), "unverified", pub("house-secret"), signature="missing", found="SIG-MISSING",
      absent="SIG-BAD SIG-LEN")
given("sig/sig-missing-rsa-letter-found", "RS256 with one letter too few", house("house-rsa", "RS256", wrap=cut(-1)), "unverified",
      pub("house-rsa"), signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN")
vector("sig/sig-missing-no-key-found", "Ten bytes of a signature whose key nobody has", house("house-p256", "ES256", signature=bytes(range(3, 13))),
       "unverified", signature="missing", found="SIG-MISSING", absent="SIG-BAD SIG-LEN SIG-PSYCHIC")
given("sig/sig-missing-clear", "A signature that is there", house("house-secret", "HS256"), "valid", pub("house-secret"),
      absent="SIG-MISSING SIG-LEN")
vector("sig/sig-missing-near", "An unsecured token needs no signature", id_v2(JUNE, None, head={"alg": "none"}), "invalid", signature="none",
       found="ALG-NONE", absent="SIG-MISSING ALG-EMPTY-SIG")
vector("sig/sig-missing-empty-near", "The last dot is there, and no sign of a sanitizer", v1(JUNE, "ent-current", signature=""), "invalid",
       signature="missing", found="ALG-EMPTY-SIG", absent="SIG-MISSING")
given("sig/sig-missing-zeros-near", "ES256 under nothing but zeros, which is an attack of its own and no mask",
      house("house-p256", "ES256", signature=bytes(64)), "invalid", pub("house-p256"), signature=None, found="SIG-PSYCHIC", absent="SIG-MISSING")

# ---- a length that its algorithm cannot have

EXTRA = b"\x2f"
given("sig/sig-len-rs256-short-edge-found", "RS256 with one whole byte too few", house("house-rsa", "RS256", signature=short_by(1)), "invalid",
      pub("house-rsa"), signature=None, found="SIG-LEN", absent="SIG-MISSING")
given("sig/sig-len-found", "ES256 with twice the length", house("house-p256", "ES256", signature=bytes(range(1, 129))), "invalid",
      pub("house-p256"), signature=None, found="SIG-LEN", absent="SIG-MISSING SIG-PSYCHIC")
given("sig/sig-len-hs256-edge-found", "HS256 with one byte more", house("house-secret", "HS256", signature=lambda it: it + EXTRA), "invalid",
      pub("house-secret"), signature=None, found="SIG-LEN", absent="SIG-MISSING")
given("sig/sig-len-hs512-edge-found", "HS512 with one byte more", house("house-secret", "HS512", signature=lambda it: it + EXTRA), "invalid",
      pub("house-secret"), signature=None, found="SIG-LEN")
given("sig/sig-len-es256-edge-found", "ES256 with one byte more",
      house("house-p256", "ES256", signature=lambda it: it + EXTRA, undo=short_by(1)), "invalid",
      pub("house-p256"), signature=None, found="SIG-LEN", absent="SIG-MISSING")
given("sig/sig-len-es512-edge-found", "ES512 with one byte more",
      house("house-p521", "ES512", signature=lambda it: it + EXTRA, undo=short_by(1)), "invalid",
      pub("house-p521"), signature=None, found="SIG-LEN")
given("sig/sig-len-eddsa-edge-found", "Ed25519 with one byte more", house("house-ed25519", "EdDSA", signature=lambda it: it + EXTRA), "invalid",
      pub("house-ed25519"), signature=None, found="SIG-LEN")
given("sig/sig-len-ed448-edge-found", "Ed448 with one byte more", house("house-ed448", "Ed448", signature=lambda it: it + EXTRA), "invalid",
      pub("house-ed448"), signature=None, found="SIG-LEN")
given("sig/sig-len-rs256-edge-found", "RS256 with one byte more than the key's modulus",
      house("house-rsa", "RS256", signature=lambda it: it + EXTRA),
      "invalid", pub("house-rsa"), signature=None, found="SIG-LEN", absent="SIG-MISSING")
given("sig/sig-len-leading-zero-found", "RS256 with a zero in front: the same number, another length",
      house("house-rsa", "RS256", signature=lambda it: b"\0" + it), "invalid", pub("house-rsa"), signature=None, found="SIG-LEN")
vector("sig/sig-len-no-key-found", "HS256 with the length of RS256, and nobody has the secret",
       house(SECRET, "HS256", signature=bytes(range(256))), "invalid", signature=None, found="SIG-LEN", absent="SIG-MISSING", history=None)
given("sig/sig-len-clear", "ES512 is made of twice sixty-six bytes", house("house-p521", "ES512"), "valid", pub("house-p521"),
      absent="SIG-LEN SIG-MISSING")
given("sig/sig-len-near", "EdDSA with Ed448 is longer than with Ed25519", house("house-ed448", "EdDSA"), "valid", pub("house-ed448"),
      absent="SIG-LEN SIG-MISSING")
vector("sig/sig-len-unknown-modulus-near", "RS256 of a key of 4096 bits that nobody has",
       house("house-rsa", "RS256", signature=bytes(range(256)) * 2),
       "unverified", signature="unverified", absent="SIG-LEN SIG-MISSING SIG-BAD", unknown="SIG-BAD")
given("sig/sig-len-short-near", "HS512 with a length that no signature has: a field ended there",
      house("house-secret", "HS512", signature=short_by(40)),
      "unverified", pub("house-secret"), signature="missing", found="SIG-MISSING", absent="SIG-LEN SIG-BAD")

# ---- holds for any message where a check is forgotten

for alg, (role, order, width) in CURVES.items():
    forms = (("", 0, 0, "r and s are zero"), ("-r", 0, 1, "r is zero"), ("-s", 1, 0, "s is zero"), ("-r-edge", order, 1, "r is the order"),
             ("-s-edge", 1, order, "s is the order"), ("-beyond", 256 ** width - 1, order + 1, "r and s are beyond the order"))
    for case, r, s, about in forms:
        name = f"sig/sig-psychic{'' if alg == 'ES256' else '-' + alg.lower()}{case}-found"
        given(name, f"{alg}: {about} of its curve" if "order" in about else f"{alg}: {about}", house(role, alg, signature=pair(alg, r, s)),
              "invalid",
              pub(role), signature=None, found="SIG-PSYCHIC", absent="SIG-LEN SIG-MISSING ALG-CURVE", seed=name == "sig/sig-psychic-found")
    given(f"sig/sig-psychic-{alg.lower()}-near", f"{alg}: r and s are one less than the order",
          house(role, alg, signature=pair(alg, order - 1, order - 1)),
          "invalid", pub(role), signature="failed", found="SIG-BAD", absent="SIG-PSYCHIC SIG-LEN")
vector("sig/sig-psychic-no-key-found", "ES256: r and s are zero, and nobody has the key", house("house-p256", "ES256", signature=bytes(64)),
       "invalid", signature=None, found="SIG-PSYCHIC", absent="SIG-MISSING SIG-LEN", history=None)
vector("sig/sig-psychic-flattened-found", "The same in the flattened JSON form", house("house-p256", "ES256", signature=bytes(64), wrap=flattened),
       "invalid", signature=None, found="SIG-PSYCHIC", history=None)
given("sig/sig-psychic-clear", "ES256K as it should be", house("house-k256", "ES256K"), "valid", pub("house-k256"), absent="SIG-PSYCHIC")
given("sig/sig-psychic-one-near", "ES256: r and s are one, which fails like any other", house("house-p256", "ES256", signature=pair("ES256", 1, 1)),
      "invalid", pub("house-p256"), signature="failed", found="SIG-BAD", absent="SIG-PSYCHIC")
ORDER = CURVES["ES256"][1]


def mirrored(signature):
    r, s = numbers("ES256", signature)
    return pair("ES256", r, ORDER - s)


given("sig/sig-psychic-mirrored-near", "ES256 with the order less s in the place of s: it holds as well",
      house("house-p256", "ES256", signature=mirrored, undo=mirrored, holds=True), "valid", pub("house-p256"), absent="SIG-PSYCHIC SIG-BAD SIG-LEN")
given("sig/sig-psychic-eddsa-near", "Zeros under EdDSA are a mask, not that attack", house("house-ed25519", "EdDSA", signature=bytes(64)),
      "unverified", pub("house-ed25519"), signature="missing", found="SIG-MISSING", absent="SIG-PSYCHIC SIG-LEN")

# ---- ECDSA in DER


def in_der(alg):
    return dict(signature=lambda it: utils.encode_dss_signature(*numbers(alg, it)), undo=lambda it: pair(alg, *utils.decode_dss_signature(it)))


for alg, (role, _, _) in CURVES.items():
    case = "" if alg == "ES256" else "-" + alg.lower()
    given(f"sig/sig-der{case}-found", f"{alg} as DER, and it holds once converted", house(role, alg, **in_der(alg)), "invalid", pub(role),
          found="SIG-DER", absent="SIG-LEN SIG-BAD SIG-MISSING", seed=alg == "ES256")
given("sig/sig-der-no-key-found", "DER, and no key is at hand", house("house-p256", "ES256", **in_der("ES256")), "invalid",
      signature="unverified", found="SIG-DER", absent="SIG-LEN SIG-MISSING")
given("sig/sig-der-clear", "r and s as they should be", house("house-p256", "ES256", "2026-06-05"), "valid", pub("house-p256"), absent="SIG-DER")
given("sig/sig-der-near", "DER of an edited token: converted, it fails", house("house-p256", "ES256", **in_der("ES256"),
      edited=house("house-p256", "ES256", sub="admin").payload), "invalid", pub("house-p256"), signature="failed", found="SIG-LEN", absent="SIG-DER")
given("sig/sig-der-trailing-near", "DER with a byte behind it is none", house("house-p256", "ES256", signature=lambda it: utils.encode_dss_signature(*numbers("ES256", it)) + b"\0",
      undo=lambda it: pair("ES256", *utils.decode_dss_signature(it[:-1]))),
      "invalid", pub("house-p256"), signature=None, found="SIG-LEN", absent="SIG-DER")

# ---- only a careless check passes

KEY = pub("house-rsa")


def careless(name, about, make, verdict="invalid", **expected):
    given("sig/" + name, about, house("house-rsa", "RS256", signature=reblocked(make)), verdict, KEY, signature="failed", **expected)


careless("sig-rsa-e3pad-found", "Bytes of anyone's choice behind the digest", followed_block, found="SIG-RSA-E3PAD", absent="SIG-BAD")
careless("sig-rsa-e3pad-zeros-found", "Zeros where the padding should be", lambda digest, size: bytes(size - 32) + digest, found="SIG-RSA-E3PAD", absent="SIG-BAD")
careless("sig-rsa-e3pad-null-found", "All is well but for the NULL behind the name of the hash",
         lambda digest, size: padded_block(SHA256_INFO_WITHOUT_NULL, digest, size), found="SIG-RSA-E3PAD", absent="SIG-BAD")
careless("sig-rsa-e3pad-near", "Padding as it should be around another message's digest", lambda digest, size: padded_block(SHA256_INFO, bytes(32), size),
         found="SIG-BAD", absent="SIG-RSA-E3PAD")
given("sig/sig-rsa-e3pad-clear", "A proper block", house("house-rsa", "RS256"), "valid", KEY, absent="SIG-RSA-E3PAD")


def salted(name, about, salt, verdict, signature, **expected):
    token = house("house-rsa", "PS256", made_with="RS256", signature=reblocked(salted_block(salt)))
    given("sig/sig-pss-salt-" + name, about, token, verdict, KEY, signature=signature, **expected)


salted("found", "PS256 with a salt of 20 bytes", bytes(range(20)), "invalid", "failed", found="SIG-PSS-SALT", absent="SIG-BAD")
salted("none-found", "PS256 with no salt at all", b"", "invalid", "failed", found="SIG-PSS-SALT", absent="SIG-BAD")
salted("edge-found", "One byte too many", bytes(range(33)), "invalid", "failed", found="SIG-PSS-SALT", absent="SIG-BAD")
salted("near", "The very length, of bytes that are not random", bytes(range(32)), "valid", "verified", absent="SIG-PSS-SALT SIG-BAD")
given("sig/sig-pss-salt-clear", "PS256", house("house-rsa", "PS256"), "valid", KEY, absent="SIG-PSS-SALT")
given("sig/sig-pss-salt-bad-near", "PS256, and one bit is another", house("house-rsa", "PS256", "2026-06-03", signature=flipped, undo=flipped), "invalid", KEY, signature="failed",
      found="SIG-BAD", absent="SIG-PSS-SALT")
