# SPDX-License-Identifier: Apache-2.0
"""Encrypted tokens: what they carry is judged when their key is at hand."""

from . import keys
from .corpus import given
from .keys import pub
from .sealed import Handmade, Sealed, Spoilt, secret
from .tokens import compact_json, flipped, house

SIGNED = house("house-rsa", "RS256")
JWT = {"cty": "JWT"}


def private(role):
    """The whole key, as its owner holds it; it serves for nothing else here."""
    return {**{name: value for name, value in keys.load(role).items() if name not in ("x5c", "x5t", "use", "alg")}, "kid": "inbox"}


# ---- a signed token inside, by every kind of key management

for name, alg, enc, key in (
        ("rsa-oaep", "RSA-OAEP", "A128CBC-HS256", "idp"), ("rsa-oaep-256", "RSA-OAEP-256", "A256GCM", "idp"), ("rsa15", "RSA1_5", "A128GCM", "idp"),
        ("ecdh", "ECDH-ES", "A128GCM", "house-p256"), ("ecdh-p384", "ECDH-ES+A192KW", "A192CBC-HS384", "house-p384"),
        ("ecdh-p521", "ECDH-ES+A256KW", "A256CBC-HS512", "house-p521"), ("kw", "A256KW", "A192GCM", secret(1, 32)),
        ("gcmkw", "A192GCMKW", "A128CBC-HS256", secret(2, 24)), ("dir", "dir", "A256CBC-HS512", secret(3, 64)),
        ("pbes2", "PBES2-HS512+A256KW", "A128GCM", secret(4, 11))):
    held = private(key) if isinstance(key, str) else key
    given(f"sealed/nested-{name}-clear", f"A signed token inside an encrypted one, {alg} and {enc}", Sealed(SIGNED, alg, enc, key, JWT), "valid",
          pub("house-rsa"), held, signature="unverified", absent="SIG-BAD ALG-FAMILY ALG-UNREG ALG-KEYALG", seed=name == "dir")

given("sealed/nested-zip-clear", "A signed token, deflated before it was encrypted", Sealed(SIGNED, "A128KW", "A128GCM", secret(5, 16), {"cty": "JWT", "zip": "DEF"}),
      "valid", pub("house-rsa"), secret(5, 16), signature="unverified", absent="SIG-BAD")
given("sealed/nested-no-cty-clear", "A signed token inside, and no cty that says so", Sealed(SIGNED, "dir", "A128GCM", secret(6, 16)), "valid",
      pub("house-rsa"), secret(6, 16), signature="unverified")
given("sealed/recipients-last-clear", "Three recipients, of whom the last one's key is at hand",
      Sealed(SIGNED, "A256KW", "A128GCM", secret(9, 32), others=[("A128KW", secret(10, 16)), ("RSA-OAEP", "idp")]), "valid", pub("house-rsa"), secret(9, 32),
      signature="unverified")

# ---- what is inside decides

given("sealed/nested-altered-found", "The token inside was altered before it was encrypted",
      Sealed(house("house-rsa", "RS256", signature=flipped), "dir", "A128GCM", secret(11, 16), JWT), "invalid", pub("house-rsa"), secret(11, 16),
      signature="unverified")
given("sealed/nested-unsecured-found", "The token inside is unsecured", Sealed(house(None, "none"), "dir", "A128GCM", secret(12, 16), JWT), "invalid", pub("house-rsa"),
      secret(12, 16), signature="unverified")
given("sealed/nested-unknown-near", "The key that opens it says nothing of who signed what is inside",
      Sealed(house("house-rsa", "RS256", head={"kid": None}), "RSA-OAEP", "A128GCM", "idp", JWT),
      "unverified", private("idp"), signature="unverified", absent="SIG-BAD ALG-FAMILY ALG-KEYALG")

# ---- encrypted, and not signed

given("sealed/claims-near", "Claims that are encrypted and not signed: nothing says who made them",
      Sealed(compact_json({"iss": "https://id.corp.example", "sub": "a", "aud": "api", "iat": 1780272000, "exp": 1780275600}), "dir", "A128GCM", secret(13, 16)),
      "unverified", secret(13, 16), signature="unverified")
given("sealed/text-near", "Some text", Sealed(b"Nothing that anyone signed.", "dir", "A128GCM", secret(14, 16)), "unverified", secret(14, 16),
      signature="unverified")

# ---- not opened

given("sealed/no-key-near", "No key at hand fits", Sealed(SIGNED, "A256KW", "A128GCM", secret(15, 32), JWT), "unverified", pub("house-rsa"), secret(15, 16),
      signature="unverified")
given("sealed/other-key-near", "Another key of the size", Sealed(SIGNED, "dir", "A128GCM", secret(16, 16), JWT), "unverified", pub("house-rsa"), secret(17, 16),
      signature="unverified")
given("sealed/tag-near", "One bit of its tag is another: altered, or for another key, nobody can tell", Spoilt(SIGNED, "dir", "A128GCM", secret(18, 16), JWT),
      "unverified", pub("house-rsa"), secret(18, 16), signature="unverified")

# ---- JWE-AS-JWS

CLAIMS = {"iss": "https://id.corp.example", "sub": "a", "aud": "api", "iat": 1780272000, "exp": 1780275600}
ENTRA = {**CLAIMS, "iss": "https://login.microsoftonline.com/7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21/v2.0",
         "tid": "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21", "ver": "2.0"}

given("jwe/jwe-as-jws-found", "Bare claims in the name of an issuer that signs, encrypted for a public key", Sealed(compact_json(ENTRA), "RSA-OAEP", "A128GCM", "idp"),
      "invalid", private("idp"), found="JWE-AS-JWS", signature="unverified")
given("jwe/jwe-as-jws-clear", "The claims are signed inside", Sealed(SIGNED, "RSA-OAEP", "A128GCM", "idp", JWT), "valid", pub("house-rsa"), private("idp"),
      absent="JWE-AS-JWS", signature="unverified")
given("jwe/jwe-as-jws-near", "Bare claims of a house of one's own under a shared key", Sealed(compact_json(CLAIMS), "dir", "A128GCM", secret(20, 16)), "unverified",
      secret(20, 16), absent="JWE-AS-JWS", signature="unverified")
given("jwe/jwe-as-jws-public-near", "Bare claims of a house of one's own that anyone could have encrypted", Sealed(compact_json(CLAIMS), "RSA-OAEP", "A128GCM", "idp"),
      "unverified", private("idp"), found="JWE-AS-JWS", signature="unverified")
given("jwe/jwe-as-jws-shut-near", "Nobody here can open it: what is inside is not known", Sealed(compact_json(ENTRA), "RSA-OAEP", "A128GCM", "idp"), "unverified",
      pub("house-rsa"), absent="JWE-AS-JWS", signature="unverified")

# ---- JWE-P2C

for name, rounds, salt, ending, verdict in (
        ("few", 999, 16, "found", "suspicious"), ("enough", 1000, 16, "near", "unverified"), ("most", 1200000, 16, "edge-near", "unverified"),
        ("many", 1200001, 16, "edge-found", "suspicious"), ("flood", 2 ** 31, 16, "found", "suspicious"), ("salt", 4096, 7, "salt-found", "suspicious"),
        ("salt-enough", 4096, 8, "salt-near", "unverified")):
    given(f"jwe/jwe-p2c-{name}-{ending}", f"{rounds} rounds over a salt of {salt} bytes",
          Handmade(b"x", {"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": rounds, "p2s": keys.b64url(bytes(range(salt)))}, bytes(range(16)), bytes(24)),
          verdict, pub("house-rsa"), **{"found" if verdict == "suspicious" else "absent": "JWE-P2C"}, signature="unverified")
given("jwe/jwe-p2c-clear", "As many rounds as are usual", Sealed(SIGNED, "PBES2-HS256+A128KW", "A128GCM", secret(21, 12), JWT), "valid", pub("house-rsa"), secret(21, 12),
      absent="JWE-P2C", signature="unverified")

# ---- JWE-ZIP

LONG = compact_json({**CLAIMS, "groups": [f"{number:x}-{number * 7919 % 65536:x}" for number in range(2000)]})
given("jwe/jwe-zip-found", "Zeros that unpack to a thousand times their length", Sealed(b"0" * 200000, "dir", "A128GCM", secret(22, 16), {"zip": "DEF"}), "suspicious",
      secret(22, 16), found="JWE-ZIP", signature="unverified")
given("jwe/jwe-zip-bomb-found", "More than is unpacked at all", Sealed(b"0" * 3000000, "dir", "A128GCM", secret(22, 16), {"zip": "DEF"}), "suspicious", secret(22, 16),
      found="JWE-ZIP", signature="unverified")
given("jwe/jwe-zip-near", "Many groups, packed", Sealed(LONG, "dir", "A128GCM", secret(22, 16), {"zip": "DEF"}), "unverified", secret(22, 16), found="JWE-ZIP",
      signature="unverified")
given("jwe/jwe-zip-clear", "Many groups, not packed", Sealed(LONG, "dir", "A128GCM", secret(22, 16)), "unverified", secret(22, 16), absent="JWE-ZIP", signature="unverified")

# ---- JWE-RSA15

given("jwe/jwe-rsa15-found", "The old padding", Sealed(SIGNED, "RSA1_5", "A128GCM", "idp", JWT), "valid", pub("house-rsa"), private("idp"), found="JWE-RSA15",
      signature="unverified")
given("jwe/jwe-rsa15-clear", "OAEP", Sealed(SIGNED, "RSA-OAEP-256", "A128GCM", "idp", JWT), "valid", pub("house-rsa"), private("idp"), absent="JWE-RSA15",
      signature="unverified")
given("jwe/jwe-rsa15-near", "RS256 inside has that padding too, and there it is sound", Sealed(SIGNED, "RSA-OAEP", "A128GCM", "idp", JWT), "valid", pub("house-rsa"),
      private("idp"), absent="JWE-RSA15", signature="unverified")

# ---- JWE-EPK

POINT = {name: pub("house-p256")[name] for name in ("kty", "crv", "x", "y")}


def agreed(epk):
    return Handmade(b"x", {"alg": "ECDH-ES", "enc": "A128GCM", **({"epk": epk} if epk else {})}, bytes(range(16)))


given("jwe/jwe-epk-found", "The ephemeral point lies on no curve", agreed({**POINT, "y": POINT["x"]}), "invalid", pub("house-rsa"), found="JWE-EPK",
      signature="unverified")
given("jwe/jwe-epk-private-found", "The private part of the ephemeral key stands beside it", agreed({**POINT, "d": keys.b64url(bytes(31) + b"\7")}), "invalid",
      pub("house-rsa"), found="JWE-EPK", signature="unverified")
given("jwe/jwe-epk-missing-found", "There is no ephemeral key", agreed(None), "invalid", pub("house-rsa"), found="JWE-EPK", signature="unverified")
given("jwe/jwe-epk-order-found", "A point of X25519 whose order is small", agreed({"kty": "OKP", "crv": "X25519", "x": keys.b64url(bytes(32))}), "invalid",
      pub("house-rsa"), found="JWE-EPK", signature="unverified")
given("jwe/jwe-epk-near", "An honest point, and a key that is not at hand", agreed(POINT), "unverified", pub("house-rsa"), absent="JWE-EPK", signature="unverified")
given("jwe/jwe-epk-clear", "Agreed and opened", Sealed(SIGNED, "ECDH-ES", "A128GCM", "house-p256", JWT), "valid", pub("house-rsa"), private("house-p256"),
      absent="JWE-EPK", signature="unverified")

# ---- JWE-TAG

DIR = {"alg": "dir", "enc": "A128GCM"}
CEK = bytes([23]) * 16
given("jwe/jwe-tag-found", "A tag of four bytes", Handmade(b"x", DIR, CEK, tag_len=4), "invalid", secret(23, 16), found="JWE-TAG", signature="unverified")
given("jwe/jwe-tag-long-found", "A tag with a byte too many", Handmade(b"x", DIR, CEK, spare=b"\0"), "invalid", secret(23, 16), found="JWE-TAG", signature="unverified")
given("jwe/jwe-tag-iv-found", "A vector of 16 bytes where GCM has 12", Handmade(b"x", DIR, CEK, iv=bytes(range(16))), "invalid", secret(23, 16), found="JWE-TAG",
      signature="unverified")
given("jwe/jwe-tag-near", "Nothing is left of the tag: cut off", Handmade(b"x", DIR, CEK, tag_len=0), "unverified", secret(23, 16), absent="JWE-TAG",
      unknown="JWE-TAG", signature="unverified")
given("jwe/jwe-tag-clear", "Tag and vector as they should be", Handmade(b"x", DIR, CEK), "unverified", secret(23, 16), absent="JWE-TAG", signature="unverified")

# ---- JWE-ZEROCEK

given("jwe/jwe-zerocek-found", "Wrapped for nobody, and encrypted with zeros",
      Handmade(compact_json(CLAIMS), {"alg": "RSA-OAEP", "enc": "A128CBC-HS256"}, bytes(32), bytes(range(256))), "forged", pub("house-rsa"), found="JWE-ZEROCEK",
      signature="unverified")
given("jwe/jwe-zerocek-gcm-found", "The same with GCM", Handmade(compact_json(CLAIMS), {"alg": "A128KW", "enc": "A256GCM"}, bytes(32), bytes(range(40))), "forged",
      pub("house-rsa"), found="JWE-ZEROCEK", signature="unverified")
given("jwe/jwe-zerocek-near", "Zeros are the shared key that was given: test data, and no secret", Handmade(b"x", DIR, bytes(16)), "suspicious", secret(0, 16),
      found="JWE-ZEROCEK", signature="unverified")
given("jwe/jwe-zerocek-clear", "Another key", Handmade(b"x", DIR, bytes([1]) * 16), "unverified", pub("house-rsa"), absent="JWE-ZEROCEK", signature="unverified")

# ---- JWE-WRAPLEN

WRAPPED = {"alg": "A128KW", "enc": "A128GCM"}
given("jwe/jwe-wraplen-found", "A wrapped key of 32 bytes where 24 are due", Handmade(b"x", WRAPPED, CEK, bytes(range(32))), "invalid", pub("house-rsa"),
      found="JWE-WRAPLEN", signature="unverified")
given("jwe/jwe-wraplen-dir-found", "A wrapped key where there is none", Handmade(b"x", DIR, CEK, bytes(range(24))), "invalid", pub("house-rsa"), found="JWE-WRAPLEN",
      signature="unverified")
given("jwe/jwe-wraplen-edge-found", "One byte too many", Handmade(b"x", WRAPPED, CEK, bytes(range(25))), "invalid", pub("house-rsa"), found="JWE-WRAPLEN",
      signature="unverified")
given("jwe/jwe-wraplen-near", "Of the very length", Handmade(b"x", WRAPPED, CEK, bytes(range(24))), "unverified", pub("house-rsa"), absent="JWE-WRAPLEN",
      signature="unverified")
given("jwe/jwe-wraplen-rsa-near", "RSA encrypts to the length of its modulus, whatever that is", Handmade(b"x", {"alg": "RSA-OAEP", "enc": "A128GCM"}, CEK, bytes(range(1, 255)) * 2),
      "unverified", pub("house-rsa"), absent="JWE-WRAPLEN", signature="unverified")
given("jwe/jwe-wraplen-clear", "Wrapped and opened", Sealed(SIGNED, "A128KW", "A128GCM", secret(24, 16), JWT), "valid", pub("house-rsa"), secret(24, 16),
      absent="JWE-WRAPLEN", signature="unverified")

# ---- JWE-NESTED

given("jwe/jwe-nested-found", "The header names another audience than the claims inside", Sealed(SIGNED, "dir", "A128GCM", secret(25, 16), {**JWT, "aud": "other"}),
      "suspicious", pub("house-rsa"), secret(25, 16), found="JWE-NESTED", signature="unverified")
given("jwe/jwe-nested-none-found", "The token inside is unsecured", Sealed(house(None, "none"), "dir", "A128GCM", secret(25, 16), JWT), "invalid", pub("house-rsa"),
      secret(25, 16), found="JWE-NESTED", signature="unverified")
given("jwe/jwe-nested-near", "The header repeats the issuer as it stands inside",
      Sealed(SIGNED, "dir", "A128GCM", secret(25, 16), {**JWT, "iss": "https://id.corp.example"}), "valid", pub("house-rsa"), secret(25, 16),
      absent="JWE-NESTED", signature="unverified")
given("jwe/jwe-nested-clear", "The header repeats nothing", Sealed(SIGNED, "dir", "A128GCM", secret(25, 16), JWT), "valid", pub("house-rsa"), secret(25, 16),
      absent="JWE-NESTED", signature="unverified")
