# SPDX-License-Identifier: Apache-2.0
"""Encrypted tokens: what they carry is judged when their key is at hand."""

from . import keys
from .corpus import given
from .keys import pub
from .sealed import Sealed, Spoilt, secret
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
    given(f"jwe/nested-{name}-clear", f"A signed token inside an encrypted one, {alg} and {enc}", Sealed(SIGNED, alg, enc, key, JWT), "valid",
          pub("house-rsa"), held, signature="unverified", absent="SIG-BAD ALG-FAMILY ALG-UNREG ALG-KEYALG", seed=name == "dir")

given("jwe/nested-zip-clear", "A signed token, deflated before it was encrypted", Sealed(SIGNED, "A128KW", "A128GCM", secret(5, 16), {"cty": "JWT", "zip": "DEF"}),
      "valid", pub("house-rsa"), secret(5, 16), signature="unverified", absent="SIG-BAD")
given("jwe/nested-no-cty-clear", "A signed token inside, and no cty that says so", Sealed(SIGNED, "dir", "A128GCM", secret(6, 16)), "valid",
      pub("house-rsa"), secret(6, 16), signature="unverified")
given("jwe/recipients-last-clear", "Three recipients, of whom the last one's key is at hand",
      Sealed(SIGNED, "A256KW", "A128GCM", secret(9, 32), others=[("A128KW", secret(10, 16)), ("RSA-OAEP", "idp")]), "valid", pub("house-rsa"), secret(9, 32),
      signature="unverified")

# ---- what is inside decides

given("jwe/nested-altered-found", "The token inside was altered before it was encrypted",
      Sealed(house("house-rsa", "RS256", signature=flipped), "dir", "A128GCM", secret(11, 16), JWT), "invalid", pub("house-rsa"), secret(11, 16),
      signature="unverified")
given("jwe/nested-unsecured-found", "The token inside is unsecured", Sealed(house(None, "none"), "dir", "A128GCM", secret(12, 16), JWT), "invalid", pub("house-rsa"),
      secret(12, 16), signature="unverified")
given("jwe/nested-unknown-near", "The key that opens it says nothing of who signed what is inside",
      Sealed(house("house-rsa", "RS256", head={"kid": None}), "RSA-OAEP", "A128GCM", "idp", JWT),
      "unverified", private("idp"), signature="unverified", absent="SIG-BAD ALG-FAMILY ALG-KEYALG")

# ---- encrypted, and not signed

given("jwe/claims-near", "Claims that are encrypted and not signed: nothing says who made them",
      Sealed(compact_json({"iss": "https://id.corp.example", "sub": "a", "aud": "api", "iat": 1780272000, "exp": 1780275600}), "dir", "A128GCM", secret(13, 16)),
      "unverified", secret(13, 16), signature="unverified")
given("jwe/text-near", "Some text", Sealed(b"Nothing that anyone signed.", "dir", "A128GCM", secret(14, 16)), "unverified", secret(14, 16),
      signature="unverified")

# ---- not opened

given("jwe/no-key-near", "No key at hand fits", Sealed(SIGNED, "A256KW", "A128GCM", secret(15, 32), JWT), "unverified", pub("house-rsa"), secret(15, 16),
      signature="unverified")
given("jwe/other-key-near", "Another key of the size", Sealed(SIGNED, "dir", "A128GCM", secret(16, 16), JWT), "unverified", pub("house-rsa"), secret(17, 16),
      signature="unverified")
given("jwe/tag-near", "One bit of its tag is another: altered, or for another key, nobody can tell", Spoilt(SIGNED, "dir", "A128GCM", secret(18, 16), JWT),
      "unverified", pub("house-rsa"), secret(18, 16), signature="unverified")
