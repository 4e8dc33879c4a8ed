# SPDX-License-Identifier: Apache-2.0
"""Honest traffic that looks odd: none of it may be called forged, invalid or suspicious."""

import hashlib
import json

from .corpus import given, vector
from .keys import b64url, pub
from .tokens import (CLIENT, HOUSE, OTHER_TENANT, TENANT, Text, Token, app, at, bot, compact_json, consumer, detached, flattened, flattened_with,
                     general, graph, house, id_v2, idp, rh, sign, uti, v1, v2)

JUNE = "2026-06-01"
QUIET = "SIG-BAD KEY-UNKNOWN KEY-WRONG-ISS"

# ---- Microsoft

vector("honest/entra-access-v2", "An enterprise access token of version 2, signed while its key was published", v2(JUNE, "ent-current"), "valid",
       absent=QUIET + " KEY-RETIRED KEY-EARLY KEY-CERT-EXP MS-CLOUD MS-LIFE FMT-B64", seed=True)
vector("honest/entra-access-v1", "An enterprise access token of version 1", v1(JUNE, "ent-current"), "valid", absent=QUIET)
vector("honest/entra-access-for-graph", "A token for Microsoft Graph, with the nonce in its header", graph(JUNE, "ent-current"), "valid",
       absent=QUIET)
vector("honest/entra-id-v2", "An enterprise ID token of version 2", id_v2(JUNE, "ent-current"), "valid", absent=QUIET + " CLM-AUD")
vector("honest/entra-id-v1", "An enterprise ID token of version 1",
       v1(JUNE, "ent-current", aud=CLIENT, life=3900, appid=None, appidacr=None, scp=None, nonce="678910"), "valid", absent=QUIET)
vector("honest/entra-app-only-v2", "A service's own token: roles, and no user",
       v2(JUNE, "ent-current", scp=None, name=None, preferred_username=None, idtyp="app", roles=["Payroll.Read.All"]), "valid", absent=QUIET)
vector("honest/entra-managed-identity", "A managed identity's token, which lives for a day", app(JUNE, "ent-current"), "valid",
       absent=QUIET + " MS-LIFE")
vector("honest/entra-long-lived", "A client with continuous evaluation: a token for twenty-eight hours",
       v1(JUNE, "ent-current", life=28 * 3600, xms_cc=["cp1"]), "valid", absent="MS-LIFE")
vector("honest/entra-guest-live-com", "A personal account as a guest", v1(JUNE, "ent-current", idp="live.com", email="kim@outlook.example", acct=1),
       "valid", absent="MS-MSA-ON-ENT MS-TID-ISS KEY-WRONG-ISS")
vector("honest/entra-guest-other-tenant", "A guest from another tenant",
       v1(JUNE, "ent-current", idp=f"https://sts.windows.net/{OTHER_TENANT}/", acct=1), "valid", absent="MS-TID-ISS")
vector("honest/entra-x5t-only", "A header that names its key by thumbprint alone", v1(JUNE, "ent-current", head={"kid": None}), "valid",
       absent=QUIET + " SIG-OTHERKEY")
vector("honest/entra-no-kid", "A header that names no key", v1(JUNE, "ent-current", head={"kid": None, "x5t": None}), "valid",
       absent="SIG-BAD SIG-OTHERKEY")
vector("honest/entra-no-iat", "No iat: the time is taken from nbf", v1(JUNE, "ent-current", iat=None), "valid", absent="KEY-RETIRED CLM-ORDER")
vector("honest/entra-expired", "A token of months ago, looked at today: age proves nothing", v2("2025-10-20", "ent-retired"), "valid",
       absent="CLM-EXP KEY-RETIRED KEY-STALE-USE")
vector("honest/gov-v1-issuer", "A tenant of the US government cloud, whose version 1 issuer is the one of all clouds", v1(JUNE, "gov"), "valid",
       absent="MS-CLOUD KEY-WRONG-ISS KEY-TEST")
vector("honest/gov-v2-issuer", "A tenant of the US government cloud", v2(JUNE, "gov", host="login.microsoftonline.us"), "valid", absent="MS-CLOUD")
vector("honest/china", "A tenant of the cloud in China", v2(JUNE, "china", host="login.partner.microsoftonline.cn"), "valid",
       absent="MS-CLOUD KEY-WRONG-ISS")
vector("honest/msa-id-token", "A personal account's ID token", consumer("2024-07-15", "msa-2024"), "valid",
       absent="MS-ENT-ON-MSA MS-LIFE KEY-WRONG-ISS")
vector("honest/msa-2016-seen-then", "A personal account's token of 2016, captured the same day, under the key that was stolen years later",
       consumer("2016-07-27", "msa-stolen"), "valid", absent="MS-MSA-ON-ENT KEY-EARLY KEY-CERT-EXP MS-STORM0558", seen="2016-07-27T00:10:00Z")
vector("honest/common-key-of-another-tenant", "A common key that the history knows only with another tenant's issuer",
       v1("2024-07-01", "ent-tenant"), "valid", absent="KEY-WRONG-ISS MS-TID-ISS SIG-OTHERKEY")
vector("honest/key-restored", "Dated to the half day in which its key was missing before it came back", v1("2026-01-05T06:00:00Z", "ent-restored"),
       "valid", absent="KEY-RETIRED KEY-EARLY KEY-STALE-USE", seen="2026-01-05T06:05:00Z")
vector("honest/custom-domain", "A tenant's own sign-in domain: an issuer nobody knows, and a key of the tenant's provider",
       v2(JUNE, "ent-current", host="login.corp.example"), "unverified", absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS")
vector("honest/application-key", "An application with a signing key of its own, for an audience that allows it", v2("2026-06-08", "ent-unlisted"),
       "unverified", signature="unverified", absent="SIG-BAD", unknown="SIG-BAD")
vector("honest/bot-no-iat", "The Bot Framework's tokens have no iat", bot(JUNE, "bot"), "valid",
       absent="KEY-WRONG-ISS MS-TID-ISS KEY-UNKNOWN CLM-ORDER")
vector("honest/azure-ad-b2c", "An Azure AD B2C token: no tid, a slash at the end of the issuer, keys of its own",
       house("house-rsa", "RS256", iss=f"https://corp.b2clogin.com/{TENANT}/v2.0/", tfp="B2C_1_signin", ver="1.0"), "valid",
       absent="MS-TID-ISS CLM-ISS-PART KEY-UNKNOWN", keys=[pub("house-rsa")])
vector("honest/adfs", "A company's own AD FS", house("house-rsa", "RS256", iss="http://fs.corp.example/adfs/services/trust", apptype="Public",
                                                    appid=CLIENT, authmethod="urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
                                                    ver="1.0"), "valid", absent="CLM-ISS-PART MS-TID-ISS", keys=[pub("house-rsa")])

# ---- histories that cannot speak

vector("honest/history-frozen", "The history ends years before the token", v1(JUNE, "ent-current"), "unverified", signature="unverified",
       absent=QUIET, unknown="SIG-BAD KEY-UNKNOWN", history="frozen-2024")
vector("honest/history-frozen-key-given", "The history ends years before the token; the examiner has the key", v1(JUNE, "ent-current"), "valid",
       absent=QUIET + " KEY-EARLY", history="frozen-2024", keys=[pub("ent-current")])
vector("honest/history-frozen-while-listed", "The history ends while the key was listed", v2("2025-11-10", "ent-retired"), "valid",
       absent="KEY-RETIRED KEY-STALE-USE", history="frozen-2025-10", seen="2025-11-10T00:30:00Z")
vector("honest/history-thinned", "One set a month", v2("2025-10-20", "ent-retired"), "valid", absent="KEY-RETIRED KEY-EARLY KEY-UNKNOWN",
       history="thinned", seen="2025-10-20T00:30:00Z")
vector("honest/history-thinned-before-first-set", "One set a month, and the token is older than the first that lists its key",
       v2("2026-05-20", "ent-current"), "valid", absent="KEY-EARLY KEY-RETIRED", history="thinned")
vector("honest/history-thinned-consumer", "One set a month, and a consumer token", consumer("2024-07-15", "msa-2024"), "valid",
       absent="KEY-RETIRED KEY-EARLY MS-ENT-ON-MSA", history="thinned")
vector("honest/history-empty", "A history that knows nothing", v2(JUNE, "ent-current"), "unverified", signature="unverified", absent=QUIET,
       unknown="SIG-BAD KEY-UNKNOWN", history="empty")
vector("honest/history-empty-key-given", "A history that knows nothing; the examiner has the key", v2(JUNE, "ent-current"), "valid", absent=QUIET,
       history="empty", keys=[pub("ent-current")])
given("honest/no-history-key-given", "No history at all; the examiner has the key", v1(JUNE, "ent-current"), "valid", pub("ent-current"),
      absent=QUIET)
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
given("honest/several-keys-none-named", "Three keys are given and none is named: the second verifies",
      house("house-p256", "ES256", head={"kid": None}),
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


given("honest/sd-jwt", "A selective disclosure JWT, split at its tildes",
      house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, wrap=disclosed, **SD_CLAIMS),
      "valid", pub("house-rsa"), absent="FMT-SEG FMT-B64 SIG-BAD CLM-NOEXP CLM-AUD", seed=True)
given("honest/sd-jwt-key-binding", "A selective disclosure JWT with its holder's proof",
      house("house-rsa", "RS256", head={"typ": "dc+sd-jwt"}, wrap=key_bound, cnf={"jwk": pub("house-ed25519", kid=None)}, **SD_CLAIMS), "valid",
      pub("house-rsa"), absent="FMT-SEG FMT-B64 SIG-BAD SD-DISCLOSURE SD-BINDING CLM-CNF")
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
given("honest/detached", "A detached signature, and the payload is at hand",
      Token({"alg": "RS256", "kid": "house-2026"}, b"pay 10 to Robin", "house-rsa",
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
      Token({"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "house-2026"}, b"hello-world", "house-rsa", b64=False), "valid",
      pub("house-rsa"), absent="HDR-CRIT HDR-B64 SIG-BAD FMT-B64", seed=True)
ACTOR = v1(JUNE, "ent-current", head={"kid": None}, aud=f"00000002-0000-0ff1-ce00-000000000000/outlook.example@{TENANT}",
           iss=f"00000001-0000-0000-c000-000000000000@{TENANT}", tid=None, scp=None, name=None, upn=None, unique_name=None,
           trustedfordelegation="true")
vector("honest/server-to-server-wrapper", "A service acts for a user: the wrapper is unsigned by design, and holds the service's signed token",
       Token({"typ": "JWT", "alg": "none"}, {"nameid": "10032000A1B2C3D4", "nii": "urn:federation:microsoftonline", "iss": f"{CLIENT}@{TENANT}",
                                             "aud": f"00000002-0000-0ff1-ce00-000000000000/outlook.example@{TENANT}", "nbf": at(JUNE),
                                             "exp": at(JUNE) + 3600, "actortoken": ACTOR.make(None)[0]}, None),
       "unverified", signature="none", absent="ALG-NONE CLM-NOEXP ALG-EMPTY-SIG", seed=True)
vector("honest/prt-cookie", "A primary refresh token cookie: its HMAC key is known to nobody but the device",
       Token({"alg": "HS256", "ctx": "kK3f4u1Yv0a9Rj2sW5xQm7Lp8Nc6Tb1Z"},
             {"refresh_token": "0.AExample", "is_primary": "true", "request_nonce": "AwABEg"},
             b"a key derived on the device"), "unverified", signature="unverified", absent="SIG-BAD ALG-FAMILY CLM-NOEXP CLM-AUD",
             unknown="SIG-BAD")
vector("honest/msa-ticket", "A personal account's access token is no JWT",
       Text("EwBoA8l6BAAU" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" * 3 + "h/bQ+s2/AAE="),
       "unverified", signature=None, absent="FMT-SEG FMT-B64 ALG-UNREG CLM-NOEXP")
JWE_PARTS = [b64url(compact_json({"alg": "dir", "enc": "A256GCM", "cty": "JWT"})), "", *(b64url(hashlib.sha256(each).digest()[:size])
             for each, size in ((b"iv", 12), (b"ciphertext", 32), (b"tag", 16)))]
vector("honest/jwe", "An encrypted token has five parts", Text(".".join(JWE_PARTS)), "unverified", signature="unverified",
       absent="FMT-SEG ALG-UNREG SIG-BAD SIG-LEN SIG-MISSING CLM-NOEXP", seed=True)

# ---- keys in the forms in which an examiner gets hold of them

for role, alg, files in (("house-rsa", "RS256", ("house-rsa.pem", "house-rsa-crlf.pem", "house-rsa-pkcs1.pem", "house-rsa.der",
                                                 "house-rsa-pkcs1.der",
                                                 "several.pem", "metadata.json", "one-broken.json")),
                         ("house-p256", "ES256", ("house-p256.pem", "several.pem", "one-key.json")), ("house-p384", "ES384", ("house-p384.pem",)),
                         ("house-p521", "ES512", ("house-p521.der",)), ("house-k256", "ES256K", ("house-k256.pem",)),
                         ("house-ed25519", "EdDSA", ("house-ed25519.pem",)), ("house-ed448", "EdDSA", ("house-ed448.der",))):
    for name in files:
        case = f"{name.replace('.', '-')}-es256" if (role, name) == ("house-p256", "several.pem") else name.replace(".", "-")
        vector(f"honest/given-{case}", f"{alg}, and the key is given as {name}", house(role, alg), "valid", history=None,
               keys_file="../given/" + name,
               absent="SIG-BAD SIG-OTHERKEY SIG-LEN ALG-CURVE ALG-FAMILY")
for name in ("ent-current-certificate.pem", "ent-current-certificate.der", "ent-current-chain.json"):
    vector(f"honest/given-{name.replace('.', '-')}", f"An enterprise token, no history, and its key is given as {name}",
           v1(JUNE, "ent-current"), "valid", history=None, keys_file="../given/" + name, absent=QUIET + " SIG-OTHERKEY KEY-EARLY KEY-CERT-EXP")
given("honest/given-among-others", "The key lies among keys for encryption and keys of unknown kinds", house("house-rsa", "RS256"), "valid",
      {"kty": "LWE", "kid": "later", "alg": "ML-DSA-99"}, pub("house-p384", use="enc"), pub("idp", use="enc", kid="house-encryption"),
      pub("house-rsa", use="sig"), absent="SIG-BAD ALG-KEYALG SIG-OTHERKEY")

# ---- what other services make

FOREIGN = QUIET + " ALG-FAMILY CLM-ISS-PART CLM-ORDER CLM-IAT-FUT CLM-NBF FMT-SEG FMT-B64"


def service(name, about, alg, role, claims, absent="", **head):
    """A token with these claims and nothing else; its key is given. Members of the header to None: none."""
    token = house(role, alg, head=head)
    token.payload = claims
    given(f"honest/{name}", about, token, "valid", pub(role), absent=FOREIGN + " " + absent)


START = at(JUNE)
HOUR = {"iat": START, "exp": START + 3600}
service("identity-server", "An access token with nbf zero, a type in its claims, and a map of roles", "RS256", "house-rsa",
        {"exp": START + 300, "nbf": 0, "iat": START, "jti": uti("realm"), "iss": HOUSE + "/realms/corp", "aud": "account", "sub": "robin",
         "typ": "Bearer",
         "azp": "web", "session_state": uti("session"), "realm_access": {"roles": ["offline_access"]}, "scope": "openid email"},
         "CLM-NOEXP CLM-AUD")
service("user-pool", "An access token that has a client in the place of an audience", "RS256", "house-rsa",
        {"sub": "robin", "iss": "https://pool.example/eu-west-1_Example", "client_id": "web", "token_use": "access", "scope": "openid",
         "auth_time": START,
         "jti": uti("pool"), **HOUR}, "CLM-NOEXP")
service("tenant-with-slash", "An access token whose issuer ends in a slash, for two audiences", "RS256", "house-rsa",
        {"iss": "https://corp.auth.example/", "sub": "oauth2|robin",
         "aud": ["https://api.corp.example", "https://corp.auth.example/userinfo"], "azp": "web",
         "scope": "openid profile", **HOUR}, "CLM-AUD")
service("version-as-number", "An access token whose version is a number", "RS256", "house-rsa",
        {"ver": 1, "jti": "AT.example", "iss": HOUSE + "/oauth2/default", "aud": "api://default", "cid": "web", "uid": "00u1",
         "scp": ["openid"], "sub": "robin",
         **HOUR}, "MS-TID-ISS CLM-AUD")
service("workload", "A pipeline's identity, valid ten minutes before it was made", "RS256", "house-rsa",
        {"jti": uti("run"), "sub": "repo:corp/payroll:ref:refs/heads/main", "aud": "https://github.example/corp",
         "iss": "https://token.actions.example",
         "nbf": START - 600, "exp": START + 900, "iat": START + 600}, "CLM-AUD", x5t="eBZ_cn3sXYAd0ch4THBKHIgOwOE")
service("cluster-account", "A pod's identity in a cluster", "RS256", "house-rsa",
        {"aud": ["https://kubernetes.default.svc"], "exp": START + 31536000, "iat": START, "nbf": START,
         "iss": "https://kubernetes.default.svc.cluster.local",
         "kubernetes.io": {"namespace": "pay", "pod": {"name": "batch-0"}, "serviceaccount": {"name": "batch"}},
         "sub": "system:serviceaccount:pay:batch"},
        "CLM-AUD CLM-NOEXP", typ=None)
service("cluster-account-old", "The same as it was made for years: no time, no audience", "RS256", "house-rsa",
        {"iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": "pay", "sub": "system:serviceaccount:pay:batch"}, typ=None)
service("push-provider", "What an app's server shows to a push service: a team and a time", "ES256", "house-p256",
        {"iss": "TEAM123456", "iat": START}, typ=None)
service("push-voluntary", "What a web server shows to a push service (RFC 8292)", "ES256", "house-p256",
        {"aud": "https://push.example", "exp": START + 43200, "sub": "mailto:push@corp.example"}, "CLM-AUD CLM-NOEXP", kid=None)
service("service-account", "A service account asks for a token with a signature of its own", "RS256", "house-rsa",
        {"iss": "batch@corp.iam.example", "sub": "batch@corp.iam.example", "aud": "https://oauth2.idp.example/token", **HOUR}, "CLM-AUD")
service("half-year-secret", "A client secret that is a token, and lives for half a year", "ES256", "house-p256",
        {"iss": "TEAM123456", "iat": START, "exp": START + 15777000, "aud": "https://appleid.example", "sub": "com.corp.web"}, "CLM-AUD", typ=None)
service("client-secret-jwt", "A client proves itself with an HMAC of its secret", "HS256", "house-secret",
        {"iss": "web", "sub": "web", "aud": "https://idp.corp.example/token", "jti": uti("assertion"), **HOUR}, "CLM-AUD", kid=None)
service("request-object", "A request object, signed with PS256", "PS256", "house-rsa",
        {"iss": "web", "aud": "https://idp.corp.example", "response_type": "code", "client_id": "web",
         "redirect_uri": "https://web.corp.example/back",
         "scope": "openid", "state": "af0ifjsldkj", "nonce": "n-0S6", "nbf": START, **HOUR}, "CLM-AUD ALG-KEYALG", typ="oauth-authz-req+jwt")
service("authorization-response", "An authorisation response that is signed", "RS256", "house-rsa",
        {"iss": HOUSE, "aud": "web", "exp": START + 600, "code": "PyyFaux2o7Q0YfXBU32jhw", "state": "S8NJ7uqk5fY4EjNvP"}, "CLM-AUD")
service("logout-token", "A logout token", "RS256", "house-rsa",
        {"iss": HOUSE, "sub": "robin", "aud": "web", "jti": uti("logout"), "sid": "08a5019c", "iat": START, "exp": START + 120,
         "events": {"http://schemas.openid.net/event/backchannel-logout": {}}}, "CLM-AUD CLM-NOEXP", typ="logout+jwt")
service("security-event", "A security event, which should have no exp (RFC 8417 section 2.2)", "RS256", "house-rsa",
        {"iss": HOUSE, "iat": START, "jti": uti("event"), "aud": ["https://receiver.example"],
         "events": {"https://schemas.openid.net/secevent/risc/event-type/account-disabled": {"reason": "hijacking"}}}, "CLM-AUD",
         typ="secevent+jwt")
service("token-introspection", "The answer of an introspection (RFC 9701)", "RS256", "house-rsa",
        {"iss": HOUSE, "aud": "https://api.corp.example", "iat": START,
         "token_introspection": {"active": True, "iss": HOUSE, "aud": "payroll", "exp": START + 60}},
        "CLM-AUD", typ="token-introspection+jwt")
service("bound-to-certificate", "A token that is bound to a client's certificate (RFC 8705)", "PS256", "house-rsa",
        {"iss": HOUSE, "sub": "web", "aud": "payroll", "cnf": {"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}, **HOUR}, "CLM-AUD")
service("bound-to-key", "A token that is bound to a key (RFC 9449)", "ES256", "house-p256",
        {"iss": HOUSE, "sub": "robin", "aud": "payroll", "client_id": "web", "jti": uti("bound"),
         "cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}, **HOUR},
        "CLM-AUD", typ="application/at+jwt")
service("delegated", "A token that says who acts for whom (RFC 8693)", "RS256", "house-rsa",
        {"iss": HOUSE, "sub": "robin", "aud": "payroll", "act": {"sub": "https://service.corp.example",
                                                                 "act": {"sub": "https://gateway.corp.example"}}, **HOUR},
        "HDR-DUP CLM-AUD")
service("credential", "A verifiable credential, valid from a day on and without an end", "EdDSA", "house-ed25519",
        {"iss": "did:web:corp.example", "sub": "did:example:robin", "nbf": START, "jti": "urn:uuid:" + OTHER_TENANT,
         "vc": {"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"],
                "credentialSubject": {"degree": "Bachelor"}}})
service("many-groups", "A token of twenty thousand bytes: its bearer is in five hundred groups", "RS256", "house-rsa",
        {"iss": HOUSE, "sub": "robin", "aud": "payroll", "groups": [hashlib.sha256(b"%d" % i).hexdigest()[:36] for i in range(500)], **HOUR},
        "FMT-JSON-EXT HDR-DUP CLM-AUD")
service("names-of-the-world", "Names in several scripts", "RS256", "house-rsa",
        {"iss": HOUSE, "sub": "robin", "aud": "payroll", "name": "Зоя Šťastná 山田 é e\u0301 🦉", "نام": "رابین", **HOUR},
        "FMT-UTF8 FMT-JSON-EXT HDR-DUP CLM-AUD")
service("bare-header", "A header with alg and nothing else", "RS256", "house-rsa", {"iss": HOUSE, "sub": "robin", "aud": "payroll", **HOUR},
        typ=None, kid=None)
service("private-members", "Members of the header that only this issuer knows", "RS256", "house-rsa",
        {"iss": HOUSE, "sub": "robin", "aud": "payroll", **HOUR},
        "HDR-CRIT HDR-DUP", ver="1", pi=[1, {"a": None}])

# ---- tokens in tokens, and things that are none

given("honest/flattened-unprotected-too", "The flattened JSON form with a header that is not protected too",
      house("house-rsa", "RS256", wrap=flattened_with(region="eu")), "valid", pub("house-rsa"), absent="SIG-BAD HDR-DUP FMT-JSON-EXT ALG-UNREG")
given("honest/account-order", "A request to a certificate authority carries its key by design (RFC 8555 section 6.2)",
      Token({"alg": "ES256", "nonce": "6S8IqOGY7eL2lsGoTZYifg", "url": "https://ca.example/acme/new-account", "jwk": pub("house-p256", kid=None)},
            b'{"termsOfServiceAgreed":true}', "house-p256", wrap=flattened), "unverified", signature="unverified",
            absent="SIG-BAD CLM-NOEXP CLM-AUD",
      unknown="SIG-BAD")
given("honest/nested-signed", "A token around a signed token", Token({"alg": "RS256", "cty": "JWT", "kid": "house-2026"},
                                                                   house("house-ed25519", "EdDSA").make(None)[0].encode(), "house-rsa"),
      "valid", pub("house-rsa"), pub("house-ed25519"), absent="SIG-BAD FMT-JSON-EXT FMT-SEG")
given("honest/signed-picture", "A signed message of bytes that are no text",
      Token({"alg": "EdDSA", "kid": "house-ed25519"}, bytes(range(256)), "house-ed25519"),
      "valid", pub("house-ed25519"), absent="SIG-BAD FMT-JSON-EXT FMT-UTF8 CLM-NOEXP CLM-AUD")
for case, text, about in (
        ("entra-refresh", rh(TENANT, CLIENT) + "AgABAwEAAAB" + b64url(hashlib.sha512(b"refresh").digest()) * 3, "An enterprise refresh token"),
        ("msa-refresh", "M.C505_BAY.0.U.-" + "Cm2xQ!t7Hn*R4vKp$" * 6, "A personal account's refresh token"),
        ("hexadecimal", hashlib.sha256(b"session").hexdigest(), "A session's id in hexadecimal"),
        ("reference", "DF5C1F1DA6E2B0D1A0F9E0E3B6C7A8D9-1", "A reference token"), ("guid", OTHER_TENANT, "A GUID")):
    vector(f"honest/opaque-{case}", about + " is no JWT", Text(text), "unverified", signature=None,
           absent="FMT-SEG FMT-B64 FMT-JSON-EXT FMT-UTF8 ALG-UNREG ALG-EMPTY-SIG CLM-NOEXP CLM-AUD SIG-BAD")
