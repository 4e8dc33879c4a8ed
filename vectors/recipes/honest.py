# SPDX-License-Identifier: Apache-2.0
"""Honest traffic that looks odd: none of it may be called forged, invalid or suspicious."""

import hashlib
import json

from .corpus import given, vector
from .keys import b64url, pub
from .tokens import (CLIENT, OTHER_TENANT, TENANT, Text, Token, app, at, bot, compact_json, consumer, detached, flattened, general, graph,
                     house, id_v2, idp, sign, uti, v1, v2)

JUNE = "2026-06-01"
QUIET = "SIG-BAD KEY-UNKNOWN KEY-WRONG-ISS"

# ---- Microsoft

vector("honest/entra-access-v2", "An enterprise access token of version 2, signed while its key was published", v2(JUNE, "ent-current"), "valid",
       absent=QUIET + " KEY-RETIRED KEY-EARLY KEY-CERT-EXP MS-CLOUD MS-LIFE FMT-B64", seed=True)
vector("honest/entra-access-v1", "An enterprise access token of version 1", v1(JUNE, "ent-current"), "valid", absent=QUIET)
vector("honest/entra-access-for-graph", "A token for Microsoft Graph, with the nonce in its header", graph(JUNE, "ent-current"), "valid", absent=QUIET)
vector("honest/entra-id-v2", "An enterprise ID token of version 2", id_v2(JUNE, "ent-current"), "valid", absent=QUIET + " CLM-AUD")
vector("honest/entra-id-v1", "An enterprise ID token of version 1",
       v1(JUNE, "ent-current", aud=CLIENT, life=3900, appid=None, appidacr=None, scp=None, nonce="678910"), "valid", absent=QUIET)
vector("honest/entra-app-only-v2", "A service's own token: roles, and no user",
       v2(JUNE, "ent-current", scp=None, name=None, preferred_username=None, idtyp="app", roles=["Payroll.Read.All"]), "valid", absent=QUIET)
vector("honest/entra-managed-identity", "A managed identity's token, which lives for a day", app(JUNE, "ent-current"), "valid", absent=QUIET + " MS-LIFE")
vector("honest/entra-long-lived", "A client with continuous evaluation: a token for twenty-eight hours",
       v1(JUNE, "ent-current", life=28 * 3600, xms_cc=["cp1"]), "valid", absent="MS-LIFE")
vector("honest/entra-guest-live-com", "A personal account as a guest", v1(JUNE, "ent-current", idp="live.com", email="kim@outlook.example", acct=1),
       "valid", absent="MS-MSA-ON-ENT MS-TID-ISS KEY-WRONG-ISS")
vector("honest/entra-guest-other-tenant", "A guest from another tenant",
       v1(JUNE, "ent-current", idp=f"https://sts.windows.net/{OTHER_TENANT}/", acct=1), "valid", absent="MS-TID-ISS")
vector("honest/entra-x5t-only", "A header that names its key by thumbprint alone", v1(JUNE, "ent-current", head={"kid": None}), "valid",
       absent=QUIET + " SIG-OTHERKEY")
vector("honest/entra-no-kid", "A header that names no key", v1(JUNE, "ent-current", head={"kid": None, "x5t": None}), "valid", absent="SIG-BAD SIG-OTHERKEY")
vector("honest/entra-no-iat", "No iat: the time is taken from nbf", v1(JUNE, "ent-current", iat=None), "valid", absent="KEY-RETIRED CLM-ORDER")
vector("honest/entra-expired", "A token of months ago, looked at today: age proves nothing", v2("2025-10-20", "ent-retired"), "valid",
       absent="CLM-EXP KEY-RETIRED KEY-STALE-USE")
vector("honest/gov-v1-issuer", "A tenant of the US government cloud, whose version 1 issuer is the one of all clouds", v1(JUNE, "gov"), "valid",
       absent="MS-CLOUD KEY-WRONG-ISS KEY-TEST")
vector("honest/gov-v2-issuer", "A tenant of the US government cloud", v2(JUNE, "gov", host="login.microsoftonline.us"), "valid", absent="MS-CLOUD")
vector("honest/china", "A tenant of the cloud in China", v2(JUNE, "china", host="login.partner.microsoftonline.cn"), "valid",
       absent="MS-CLOUD KEY-WRONG-ISS")
vector("honest/msa-id-token", "A personal account's ID token", consumer("2024-07-15", "msa-2024"), "valid", absent="MS-ENT-ON-MSA MS-LIFE KEY-WRONG-ISS")
vector("honest/msa-2016-seen-then", "A personal account's token of 2016, captured the same day, under the key that was stolen years later",
       consumer("2016-07-27", "msa-stolen"), "valid", absent="MS-MSA-ON-ENT KEY-EARLY KEY-CERT-EXP MS-STORM0558", seen="2016-07-27T00:10:00Z")
vector("honest/common-key-of-another-tenant", "A common key that the history knows only with another tenant's issuer", v1("2024-07-01", "ent-tenant"),
       "valid", absent="KEY-WRONG-ISS MS-TID-ISS SIG-OTHERKEY")
vector("honest/key-restored", "Dated to the half day in which its key was missing before it came back", v1("2026-01-05T06:00:00Z", "ent-restored"),
       "valid", absent="KEY-RETIRED KEY-EARLY KEY-STALE-USE", seen="2026-01-05T06:05:00Z")
vector("honest/custom-domain", "A tenant's own sign-in domain: an issuer nobody knows, and a key of the tenant's provider",
       v2(JUNE, "ent-current", host="login.corp.example"), "unverified", absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS")
vector("honest/application-key", "An application with a signing key of its own, for an audience that allows it", v2("2026-06-08", "ent-unlisted"),
       "unverified", signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")
vector("honest/bot-no-iat", "The Bot Framework's tokens have no iat", bot(JUNE, "bot"), "valid", absent="KEY-WRONG-ISS MS-TID-ISS KEY-UNKNOWN CLM-ORDER")
vector("honest/azure-ad-b2c", "An Azure AD B2C token: no tid, a slash at the end of the issuer, keys of its own",
       house("house-rsa", "RS256", iss=f"https://corp.b2clogin.com/{TENANT}/v2.0/", tfp="B2C_1_signin", ver="1.0"), "valid",
       absent="MS-TID-ISS CLM-ISS-PART KEY-UNKNOWN", keys=[pub("house-rsa")])
vector("honest/adfs", "A company's own AD FS", house("house-rsa", "RS256", iss="http://fs.corp.example/adfs/services/trust", apptype="Public",
                                                    appid=CLIENT, authmethod="urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
                                                    ver="1.0"), "valid", absent="CLM-ISS-PART MS-TID-ISS", keys=[pub("house-rsa")])

# ---- histories that cannot speak

vector("honest/history-frozen", "The history ends years before the token", v1(JUNE, "ent-current"), "unverified", signature="unverified", absent=QUIET,
       unknown="SIG-BAD KEY-UNKNOWN", history="frozen-2024")
vector("honest/history-frozen-key-given", "The history ends years before the token; the examiner has the key", v1(JUNE, "ent-current"), "valid",
       absent=QUIET + " KEY-EARLY", history="frozen-2024", keys=[pub("ent-current")])
vector("honest/history-frozen-while-listed", "The history ends while the key was listed", v2("2025-11-10", "ent-retired"), "valid",
       absent="KEY-RETIRED KEY-STALE-USE", history="frozen-2025-10", seen="2025-11-10T00:30:00Z")
vector("honest/history-thinned", "One set a month", v2("2025-10-20", "ent-retired"), "valid", absent="KEY-RETIRED KEY-EARLY KEY-UNKNOWN",
       history="thinned", seen="2025-10-20T00:30:00Z")
vector("honest/history-thinned-before-first-set", "One set a month, and the token is older than the first that lists its key", v2("2026-05-20", "ent-current"),
       "valid", absent="KEY-EARLY KEY-RETIRED", history="thinned")
vector("honest/history-thinned-consumer", "One set a month, and a consumer token", consumer("2024-07-15", "msa-2024"), "valid",
       absent="KEY-RETIRED KEY-EARLY MS-ENT-ON-MSA", history="thinned")
vector("honest/history-empty", "A history that knows nothing", v2(JUNE, "ent-current"), "unverified", signature="unverified", absent=QUIET,
       unknown="SIG-BAD KEY-UNKNOWN", history="empty")
vector("honest/history-empty-key-given", "A history that knows nothing; the examiner has the key", v2(JUNE, "ent-current"), "valid", absent=QUIET,
       history="empty", keys=[pub("ent-current")])
given("honest/no-history-key-given", "No history at all; the examiner has the key", v1(JUNE, "ent-current"), "valid", pub("ent-current"), absent=QUIET)
given("honest/no-history-consumer-key-given", "No history at all; the examiner has the consumer key, its issuer member and all",
      consumer("2024-07-15", "msa-2024"), "valid", pub("msa-2024", issuer=consumer("2024-07-15", "msa-2024").payload["iss"]),
      absent="MS-ENT-ON-MSA KEY-WRONG-ISS")

# ---- other issuers

vector("honest/other-provider", "An ID token of another provider, whose sets the history holds", idp(JUNE), "valid", absent=QUIET)
vector("honest/other-provider-unknown", "A provider that no history knows",
       idp(JUNE, "house-rsa", iss="https://token.actions.example", sub="repo:corp/payroll:ref:refs/heads/main"), "unverified",
       signature="unverified", absent=QUIET, unknown="SIG-BAD")
vector("honest/kid-1-in-house", "A company's token with kid 1: a key of that name at another provider is another key",
       house("house-rsa", "RS256", head={"kid": "1"}), "unverified", signature="unverified", absent=QUIET + " SIG-OTHERKEY", unknown="SIG-BAD")
vector("honest/kid-0-in-house", "A company's token with kid 0, whose key is given", house("house-rsa", "RS256", head={"kid": "0"}), "valid",
       absent=QUIET, keys=[pub("house-rsa", kid="0")])
vector("honest/in-house-hs256-unknown", "A company's token with a shared secret nobody has", house("house-secret", "HS256", head={"kid": None}),
       "unverified", signature="unverified", absent=QUIET + " ALG-FAMILY", unknown="SIG-BAD")
vector("honest/in-house-hs256-key", "A company's token with a shared secret, given as a key", house("house-secret", "HS256"), "valid",
       absent="ALG-FAMILY", keys=[pub("house-secret")])
given("honest/in-house-hs256-secret", "A company's token with a shared secret, given as text",
      house(b"made for this test and for nothing else", "HS256"), "valid", absent="ALG-FAMILY SIG-BAD",
      secrets=["made for this test and for nothing else"])
given("honest/key-without-kid", "The given key has no kid: it cannot contradict the token's", house("house-rsa", "RS256"), "valid",
      pub("house-rsa", kid=None), absent="SIG-OTHERKEY SIG-BAD")
given("honest/several-keys-none-named", "Three keys are given and none is named: the second verifies", house("house-p256", "ES256", head={"kid": None}),
      "valid", pub("house-p384"), pub("house-p256"), pub("house-rsa"), absent="SIG-BAD SIG-OTHERKEY ALG-CURVE")
vector("honest/keys-from-file", "The key comes from a file", house("house-rsa", "RS256"), "valid", history=None, keys_file="../keys/house-rsa.json",
       absent="SIG-BAD KEY-UNKNOWN")
given("honest/several-tokens", "Two tokens of one issuer", [house("house-rsa", "RS256"), house("house-rsa", "RS256", "2026-06-02")], "valid",
      pub("house-rsa"), absent="SIG-BAD")
given("honest/at-jwt", "An access token as RFC 9068 has it", house("house-p256", "ES256", head={"typ": "at+jwt"}, client_id="web"), "valid",
      pub("house-p256"), absent="SIG-BAD CLM-AUD")
given("honest/load-balancer", "A load balancer of AWS pads its parts with '=' and signs them so",
      Token({"typ": "JWT", "kid": "house-p256", "alg": "ES256", "iss": "https://idp.corp.example", "client": "web",
             "signer": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188", "exp": at(JUNE) + 120},
            {"sub": "robin", "email": "robin@corp.example", "username": "robin", "exp": at(JUNE) + 120, "iss": "https://idp.corp.example"},
            "house-p256", pad=True), "valid", pub("house-p256"), found="FMT-B64", absent="SIG-BAD SIG-LEN", seed=True)
vector("honest/client-assertion", "A client proves itself to the token endpoint with its own key",
       house("house-rsa", "RS256", iss=CLIENT, sub=CLIENT, aud=f"https://login.microsoftonline.com/{TENANT}/v2.0"), "unverified",
       signature="unverified", absent=QUIET + " CLM-ISS-PART ALG-FAMILY", unknown="SIG-BAD")

# ---- every algorithm

for alg, role in (("RS256", "house-rsa"), ("RS384", "house-rsa"), ("RS512", "house-rsa"), ("PS256", "house-rsa"), ("PS384", "house-rsa"),
                  ("PS512", "house-rsa"), ("ES256", "house-p256"), ("ES384", "house-p384"), ("ES512", "house-p521"), ("ES256K", "house-k256"),
                  ("EdDSA", "house-ed25519"), ("Ed25519", "house-ed25519"), ("Ed448", "house-ed448"), ("HS256", "house-secret"),
                  ("HS384", "house-secret"), ("HS512", "house-secret")):
    given(f"honest/alg-{alg.lower()}", f"{alg} with a given key", house(role, alg), "valid", pub(role),
          absent="SIG-BAD SIG-LEN ALG-UNREG ALG-FAMILY ALG-CURVE ALG-KEYALG", seed=alg in ("EdDSA", "HS512"))
given("honest/alg-eddsa-ed448", "EdDSA with a key of Ed448", house("house-ed448", "EdDSA"), "valid", pub("house-ed448"), absent="ALG-CURVE SIG-LEN")

# ---- other forms and kinds

DISCLOSURES = [b64url(json.dumps(each).encode()) for each in (["c2FsdDE", "given_name", "Robin"], ["c2FsdDI", "family_name", "Example"])]
SD_CLAIMS = dict(vct="https://corp.example/staff", aud=None, scope=None, _sd_alg="sha-256",
                 _sd=[b64url(hashlib.sha256(each.encode()).digest()) for each in DISCLOSURES])


def disclosed(text):
    return "~".join([text, *DISCLOSURES, ""])


def key_bound(text):
    body = {"aud": "https://shop.example", "nonce": "8214", "iat": at(JUNE), "sd_hash": b64url(hashlib.sha256(disclosed(text).encode()).digest())}
    data = b64url(compact_json({"alg": "EdDSA", "typ": "kb+jwt"})) + "." + b64url(compact_json(body))
    return disclosed(text) + data + "." + b64url(sign("EdDSA", "house-ed25519", data.encode()))


given("honest/sd-jwt", "A selective disclosure JWT, split at its tildes", house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, wrap=disclosed, **SD_CLAIMS),
      "valid", pub("house-rsa"), absent="FMT-SEG FMT-B64 SIG-BAD CLM-NOEXP CLM-AUD", seed=True)
given("honest/sd-jwt-key-binding", "A selective disclosure JWT with its holder's proof",
      house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, wrap=key_bound, **SD_CLAIMS), "valid", pub("house-rsa"), absent="FMT-SEG FMT-B64 SIG-BAD")
given("honest/dpop-proof", "A DPoP proof carries its key, and no exp",
      Token({"typ": "dpop+jwt", "alg": "ES256", "jwk": pub("house-p256", kid=None)},
            {"jti": uti("dpop"), "htm": "GET", "htu": "https://api.corp.example/pay", "iat": at(JUNE)}, "house-p256"),
      "unverified", signature="unverified", absent="CLM-NOEXP SIG-BAD CLM-AUD", unknown="SIG-BAD")
given("honest/flattened", "A JWT in the flattened JSON form", house("house-rsa", "RS256", wrap=flattened), "valid", pub("house-rsa"),
      absent="SIG-BAD FMT-SEG FMT-JSON-EXT", seed=True)
given("honest/general", "A message with one signature in the general JSON form",
      Token({"alg": "EdDSA", "kid": "house-ed25519"}, b"It is a dangerous business, going out your door.", "house-ed25519", wrap=general()),
      "valid", pub("house-ed25519"), absent="SIG-BAD CLM-NOEXP FMT-JSON-EXT")
given("honest/general-two-signatures", "A message with two signatures, and both keys are given",
      Token({"alg": "EdDSA", "kid": "house-ed25519"}, b"signed twice", "house-ed25519",
            wrap=general(Token({"alg": "RS256", "kid": "house-2026"}, b"signed twice", "house-rsa"))),
      "valid", pub("house-ed25519"), pub("house-rsa"), absent="SIG-BAD", seed=True)
given("honest/detached", "A detached signature, and the payload is at hand", Token({"alg": "RS256", "kid": "house-2026"}, b"pay 10 to Robin", "house-rsa",
                                                                                 wrap=detached),
      "valid", pub("house-rsa"), payload="pay 10 to Robin", absent="SIG-BAD FMT-SEG ALG-EMPTY-SIG")
given("honest/detached-without-payload", "A detached signature, and the payload is not at hand",
      Token({"alg": "RS256", "kid": "house-2026"}, b"pay 10 to Robin", "house-rsa", wrap=detached), "unverified", pub("house-rsa"),
      signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")
given("honest/b64-false-detached", "An unencoded, detached payload (RFC 7797)",
      Token({"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "house-2026"}, b"$.02", "house-rsa", b64=False, wrap=lambda text: ".".join(
          [text.split(".")[0], "", text.split(".")[-1]])),
      "valid", pub("house-rsa"), payload="$.02", absent="HDR-CRIT HDR-B64 SIG-BAD")
given("honest/b64-false-inline", "An unencoded payload within the token (RFC 7797)",
      Token({"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "house-2026"}, b"hello-world", "house-rsa", b64=False), "valid", pub("house-rsa"),
      absent="HDR-CRIT HDR-B64 SIG-BAD FMT-B64", seed=True)
ACTOR = v1(JUNE, "ent-current", head={"kid": None}, aud=f"00000002-0000-0ff1-ce00-000000000000/outlook.example@{TENANT}",
           iss=f"00000001-0000-0000-c000-000000000000@{TENANT}", tid=None, scp=None, name=None, upn=None, unique_name=None, trustedfordelegation="true")
vector("honest/server-to-server-wrapper", "A service acts for a user: the wrapper is unsigned by design, and holds the service's signed token",
       Token({"typ": "JWT", "alg": "none"}, {"nameid": "10032000A1B2C3D4", "nii": "urn:federation:microsoftonline", "iss": f"{CLIENT}@{TENANT}",
                                             "aud": f"00000002-0000-0ff1-ce00-000000000000/outlook.example@{TENANT}", "nbf": at(JUNE),
                                             "exp": at(JUNE) + 3600, "actortoken": ACTOR.make(None)[0]}, None),
       "unverified", signature="none", absent="ALG-NONE CLM-NOEXP ALG-EMPTY-SIG", seed=True)
vector("honest/prt-cookie", "A primary refresh token cookie: its HMAC key is known to nobody but the device",
       Token({"alg": "HS256", "ctx": "kK3f4u1Yv0a9Rj2sW5xQm7Lp8Nc6Tb1Z"}, {"refresh_token": "0.AExample", "is_primary": "true", "request_nonce": "AwABEg"},
             b"a key derived on the device"), "unverified", signature="unverified", absent="SIG-BAD ALG-FAMILY CLM-NOEXP CLM-AUD", unknown="SIG-BAD")
vector("honest/msa-ticket", "A personal account's access token is no JWT", Text("EwBoA8l6BAAU" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" * 3 + "h/bQ+s2/AAE="),
       "unverified", signature=None, absent="FMT-SEG FMT-B64 ALG-UNREG CLM-NOEXP")
JWE_PARTS = [b64url(compact_json({"alg": "dir", "enc": "A256GCM", "cty": "JWT"})), "", *(b64url(hashlib.sha256(each).digest()[:size])
             for each, size in ((b"iv", 12), (b"ciphertext", 32), (b"tag", 16)))]
vector("honest/jwe", "An encrypted token has five parts", Text(".".join(JWE_PARTS)), "unverified", signature="unverified",
       absent="FMT-SEG ALG-UNREG SIG-BAD SIG-LEN SIG-MISSING CLM-NOEXP", seed=True)
