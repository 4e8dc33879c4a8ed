# SPDX-License-Identifier: Apache-2.0
"""Tokens of other providers: what each makes, and what another tenant's or another family's key makes of it."""

from . import keys
from .corpus import given, vector
from .histories import B2C_A, CLUSTER, POOL
from .keys import pub
from .tokens import CLIENT, GRAPH, TENANT, Token, at, header_for, masked, merged, sort_options, times, uti, v1

JUNE = "2026-06-01"
QUIET = ("KEY-WRONG-ISS KEY-UNKNOWN KEY-TEST SIG-BAD SIG-OTHERKEY ALG-FAMILY CLM-ISS-PART CLM-LIFE CLM-ORDER MS-TID-ISS MS-LIFE MS-CLOUD "
         "HDR-KID-FMT  KEY-RETIRED KEY-EARLY")


def token(key, alg="RS256", head=None, life=3600, moment=JUNE, **claims):
    options, claims = sort_options(claims)
    header = header_for(key, {"alg": alg, "typ": "JWT"}, head)
    return Token(header, merged(times(moment, life), claims), key, **options)


def google(key="google", **claims):
    return token(key, **{**dict(iss="https://accounts.google.com", azp="web", aud="web", sub="110169484474386276334", nbf=None,
                                email="robin@corp.example", email_verified=True), **claims})


def firebase(key="google-firebase", **claims):
    return token(key, **{**dict(iss="https://securetoken.google.com/corp-app", aud="corp-app", auth_time=at(JUNE) - 900, user_id="u1", sub="u1",
                                nbf=None, firebase={"identities": {}, "sign_in_provider": "password"}), **claims})


def iap(key="google-iap", **claims):
    return token(key, **{**dict(alg="ES256", iss="https://cloud.google.com/iap", aud="/projects/12345/apps/corp", life=600, nbf=None,
                                sub="accounts.google.com:1101", email="robin@corp.example"), **claims})


def apple(key="apple", **claims):
    return token(key, **{**dict(iss="https://appleid.apple.com", aud="com.corp.web", sub="001393.6d62.1517", nbf=None, life=600,
                                auth_time=at(JUNE), email_verified="true", nonce_supported=True), **claims})


def github(key="github", **claims):
    return token(key, **{**dict(iss="https://token.actions.githubusercontent.com", sub="repo:corp/payroll:ref:refs/heads/main",
                                aud="https://github.com/corp", repository="corp/payroll", ref="refs/heads/main", nbf=at(JUNE) - 600, life=300,
                                jti="6f4762ed-0758-4ccb-808d-ee3af5d723a8"), **claims})


def gitlab(key="gitlab", **claims):
    return token(key, **{**dict(iss="https://gitlab.com", sub="project_path:corp/payroll:ref_type:branch:ref:main", aud="https://vault.corp.example",
                                project_path="corp/payroll", ref="main", ref_type="branch", nbf=at(JUNE) - 5), **claims})


def pool(key="cognito-a", name="AbCdEf123", **claims):
    return token(key, **{**dict(iss=POOL + name, sub="robin", client_id="web", token_use="access", scope="openid", auth_time=at(JUNE), nbf=None,
                                jti=uti("pool")), **claims})


def okta(key="okta-a", host="corp.okta.com", **claims):
    return token(key, **{**dict(iss=f"https://{host}/oauth2/default", ver=1, jti="AT.example", aud="api://default", cid="web", uid="00u1",
                                scp=["openid"], sub="robin", nbf=None), **claims})


def auth0(key="auth0-a", host="corp.eu.auth0.com", **claims):
    return token(key, **{**dict(iss=f"https://{host}/", sub="auth0|robin", aud=["https://api.corp.example", f"https://{host}/userinfo"], azp="web",
                                scope="openid profile", nbf=None, life=86400), **claims})


def realm(key="keycloak-a", name="staff", **claims):
    return token(key, **{**dict(iss=f"https://sso.corp.example/realms/{name}", jti=uti("realm"), aud="account", sub="robin", azp="web", typ="Bearer",
                                session_state=uti("session"), scope="openid email", nbf=None, life=300), **claims})


def pod(key="cluster-a", name="0123456789ABCDEF", **claims):
    return token(key, **{**dict(head={"typ": None}, iss=CLUSTER + name, aud=["sts.amazonaws.com"], sub="system:serviceaccount:pay:batch",
                                life=86400, **{"kubernetes.io": {"namespace": "pay", "serviceaccount": {"name": "batch"}}}), **claims})


def b2c(key="b2c-a", tenant="corp", guid=B2C_A, **claims):
    return token(key, **{**dict(iss=f"https://{tenant}.b2clogin.com/{guid}/v2.0/", aud=CLIENT, sub="robin", ver="1.0", tfp="B2C_1_signin", nonce="n-1"),
                         **claims})


def farm(key="farm-a", iss="https://fs.corp.example/adfs", **claims):
    return token(key, **{**dict(iss=iss, aud=CLIENT, sub="cm9iaW4=", upn="robin@corp.example", unique_name="CORP\\robin", sid="S-1-5-21-1"), **claims})


# ---- what each provider makes is what it is

HONEST = {
    "google": (google, "An ID token of a Google account"),
    "google-no-scheme": (lambda: google(iss="accounts.google.com"), "The same with the issuer of old, without https"),
    "firebase": (firebase, "A Firebase ID token"),
    "iap": (iap, "What Identity-Aware Proxy puts in front of an application"),
    "apple": (apple, "An identity token of Sign in with Apple"),
    "github": (github, "A job's identity on github.com"),
    "github-server": (lambda: github("github-server", iss="https://github.corp.example/_services/token"), "A job's identity on an enterprise server"),
    "gitlab": (gitlab, "A CI job's ID token"),
    "cognito": (pool, "A user pool's access token"),
    "cognito-unnamed": (lambda: pool("cognito-b", "GhIjKl456"), "Another pool's, whose set was taken by somebody who named no family"),
    "okta": (okta, "An access token of an Okta authorization server"),
    "auth0": (auth0, "An access token of an Auth0 tenant"),
    "keycloak": (realm, "An access token of a realm"),
    "cluster": (pod, "A pod's identity"),
    "b2c": (b2c, "A token of a B2C policy"),
    "b2c-policy": (lambda: b2c(iss=f"https://corp.b2clogin.com/tfp/{B2C_A}/B2C_1_edit/v2.0/"),
                   "Another policy of the tenant, with its own issuer, signs with the tenant's key"),
    "farm": (farm, "An ID token of an AD FS farm"),
    "farm-access": (lambda: farm(iss="http://FS.corp.example/adfs/services/trust"), "Its access token names the farm's other issuer"),
}
for name, (make, about) in HONEST.items():
    vector(f"profiles/{name}-honest", about, make(), "valid", absent=QUIET, history="providers")
    role = make().key
    given(f"profiles/{name}-given", about + ", and all that is at hand is its key", make(), "valid", pub(role), absent=QUIET)
    vector(f"profiles/{name}-no-keys", about + ", and nothing is at hand", make(), "unverified", signature="unverified", history=None,
           absent=QUIET)

# ---- one family's key under another family's issuer

WRONG = {
    "google-firebase-key": (google("google-firebase"), "Firebase's key signs for Google accounts"),
    "firebase-google-key": (firebase("google"), "The key of Google accounts signs for a Firebase project"),
    "google-iap-key": (google("google-iap", alg="ES256"), "Identity-Aware Proxy's key signs for Google accounts"),
    "apple-google-key": (apple("google"), "Google's key signs for Apple"),
    "github-server-key": (github("github-server"), "An enterprise server's key signs for github.com"),
    "server-github-key": (github("github", iss="https://github.corp.example/_services/token"), "github.com's key signs for an enterprise server"),
    "gitlab-github-key": (gitlab("github"), "GitHub's key signs for GitLab"),
    "b2c-pool-key": (b2c("cognito-a"), "A Cognito pool's key signs for a B2C tenant"),
    "cluster-okta-key": (pod("okta-a"), "An Okta key signs for a cluster"),
}
for name, (made, about) in WRONG.items():
    vector(f"profiles/{name}-wrong", about, made, "forged", found="KEY-WRONG-ISS", absent="SIG-BAD KEY-UNKNOWN", history="providers")

# ---- each form of an issuer is known: whose key signs for it is said, or that nobody can say

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
FORMS = {
    "msa-v1": lambda key, alg: v1(JUNE, key, head={"alg": alg, "x5t": None}, iss=f"https://sts.windows.net/{CONSUMERS}/", tid=CONSUMERS),
    "entra-v11": lambda key, alg: v1(JUNE, key, head={"alg": alg, "x5t": None}, iss=f"https://login.microsoftonline.com/{TENANT}/v1.1"),
    "china-v1": lambda key, alg: v1(JUNE, key, head={"alg": alg, "x5t": None}, iss=f"https://sts.chinacloudapi.cn/{TENANT}/"),
    "ppe-v1": lambda key, alg: v1(JUNE, key, head={"alg": alg, "x5t": None}, iss=f"https://sts.windows-ppe.net/{TENANT}/"),
    "farm-https": lambda key, alg: farm(key, alg=alg, iss="https://fs.corp.example/adfs/services/trust"),
    "firebase-session": lambda key, alg: firebase(key, alg=alg, iss="https://session.firebase.google.com/corp-app", life=432000),
    "cognito-identity": lambda key, alg: pool(key, alg=alg, iss="https://cognito-identity.amazonaws.com", aud="us-east-1:pool"),
    "auth0-us": lambda key, alg: auth0(key, "corp.auth0.com", alg=alg),
    "keycloak-auth": lambda key, alg: realm(key, alg=alg, iss="https://sso.corp.example/auth/realms/staff"),
    "keycloak-http": lambda key, alg: realm(key, alg=alg, iss="http://sso.corp.example:8080/realms/staff"),
    "keycloak-http-auth": lambda key, alg: realm(key, alg=alg, iss="http://sso.corp.example:8080/auth/realms/staff"),
    "okta-org": lambda key, alg: okta(key, alg=alg, iss="https://corp.okta.com"),
    "okta-preview": lambda key, alg: okta(key, alg=alg, iss="https://corp.oktapreview.com"),
    "okta-preview-server": lambda key, alg: okta(key, "corp.oktapreview.com", alg=alg),
    "okta-emea": lambda key, alg: okta(key, alg=alg, iss="https://corp.okta-emea.com"),
    "okta-emea-server": lambda key, alg: okta(key, "corp.okta-emea.com", alg=alg),
}
UNKNOWN_FORMS = {
    "acs": lambda key, alg: token(key, alg, iss=f"00000001-0000-0000-c000-000000000000@{TENANT}", life=43200, nameid="s@t", identityprovider="acs",
                                  aud=f"00000003-0000-0ff1-ce00-000000000000/corp.sharepoint.com@{TENANT}"),
    "cluster-short": lambda key, alg: pod(key, alg=alg, iss="https://kubernetes.default.svc"),
}
for name, make in (FORMS | UNKNOWN_FORMS).items():
    given(f"profiles/{name}-form", "The issuer in this form, and its key is given", make("house-rsa", "RS256"), "valid", pub("house-rsa"),
          absent="KEY-WRONG-ISS CLM-ISS-PART ALG-FAMILY SIG-BAD")
    known = name in FORMS
    vector(f"profiles/{name}-apple-key", "Apple's key signs for it", make("apple", "RS256"), "forged" if known else "unverified",
           absent="SIG-BAD CLM-ISS-PART" + ("" if known else " KEY-WRONG-ISS"), history="providers",
           **{"found" if known else "unknown": "KEY-WRONG-ISS"})

# ---- one tenant's key under another's issuer

OTHERS = {
    "cognito": (pool("cognito-b"), "Another user pool's key"),
    "cognito-from-unnamed": (pool("cognito-a", "GhIjKl456"), "A pool's key for a pool of which the history knows no family"),
    "okta": (okta("okta-b"), "Another organisation's key"),
    "auth0": (auth0("auth0-b"), "Another tenant's key"),
    "keycloak": (realm("keycloak-b"), "Another realm's key, on the same host"),
    "cluster": (pod("cluster-b"), "Another cluster's key"),
    "b2c": (b2c("b2c-b"), "Another B2C tenant's key"),
    "farm": (farm("farm-b"), "Another farm's key"),
}
for name, (made, about) in OTHERS.items():
    vector(f"profiles/{name}-other-tenant", about, made, "forged", found="KEY-WRONG-ISS", absent="SIG-BAD KEY-UNKNOWN", history="providers")
vector("profiles/cognito-other-tenant-kid", "Another user pool's key under the kid of this one's: no key with that name verifies",
       pool("cognito-b", head={"kid": keys.kid("cognito-a")}), "forged", found="KEY-WRONG-ISS SIG-OTHERKEY", history="providers")

# ---- a history of sets that were taken without metadata: the address says whose they are

for name in ("google", "google-no-scheme", "apple", "github", "gitlab", "cognito", "okta", "auth0", "keycloak", "farm", "farm-access"):
    make, about = HONEST[name]
    vector(f"profiles/{name}-address-honest", about + ", and the history knows its set by the address alone", make(), "valid", absent=QUIET,
           history="addresses")
for name in ("cognito", "okta", "auth0", "keycloak", "farm"):
    made, about = OTHERS[name]
    vector(f"profiles/{name}-address-found", about + ", and the history knows sets by their addresses alone", made, "forged", found="KEY-WRONG-ISS",
           absent="SIG-BAD KEY-UNKNOWN", history="addresses")
vector("profiles/apple-google-address-found", "Google's key signs for Apple, and the history knows sets by their addresses alone", apple("google"),
       "forged", found="KEY-WRONG-ISS", history="addresses")
vector("profiles/okta-other-server-address-near", "Another authorization server of the same organisation, whose set nobody has kept",
       okta(iss="https://corp.okta.com/oauth2/aus1"), "valid", absent="KEY-WRONG-ISS", history="addresses")
vector("profiles/okta-unkept-server-address-near", "Another organisation's key for a server whose set nobody has kept",
       okta("okta-b", iss="https://corp.okta.com/oauth2/aus1"), "unverified", absent="KEY-WRONG-ISS", unknown="KEY-WRONG-ISS", history="addresses")
vector("profiles/b2c-address-near", "An address that does not say which tenant's issuer its set is for", b2c("b2c-b"), "unverified", absent="KEY-WRONG-ISS",
       unknown="KEY-WRONG-ISS", history="addresses")

# ---- sets that somebody archived, stating the issuer and no family

vector("profiles/keycloak-archive-clear", "The realm's key", realm(), "valid", absent="KEY-UNKNOWN KEY-WRONG-ISS", history="archived")
vector("profiles/keycloak-archive-found", "A name that the realm's sets, a week apart, do not list", realm("ent-unlisted"), "unverified", absent="KEY-WRONG-ISS",
       signature="unverified", found="KEY-UNKNOWN", unknown="SIG-BAD", history="archived")
for history in ("archived", "providers"):
    vector(f"profiles/b2c-{history}-policy-near", "Each policy has a set of its own, and another policy's was kept", b2c("ent-unlisted", tfp="B2C_1_edit"),
           "unverified", signature="unverified", absent="KEY-UNKNOWN SIG-BAD", unknown="KEY-UNKNOWN SIG-BAD", history=history)

# ---- where nobody can tell, nobody is accused

vector("profiles/okta-domain-near", "Another address of the organisation, which lists the very key", okta(host="id.corp.example"), "valid",
       absent=QUIET, history="providers")
vector("profiles/okta-domain-unknown-near", "An address that nobody knows, as custom domains are", okta(host="login.corp.example"), "unverified",
       absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS", history="providers")
vector("profiles/auth0-domain-near", "A custom domain of the tenant that no history knows", auth0(host="login.corp.example"), "unverified",
       absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS", history="providers")
vector("profiles/keycloak-uncovered-near", "Another realm's key at a time of which no set of this realm is kept: realms are copied with their keys",
       realm("keycloak-b", moment="2025-01-01"), "unverified", absent="KEY-WRONG-ISS", unknown="KEY-WRONG-ISS", history="providers")
vector("profiles/cognito-uncovered-found", "Another pool's key at a time of which no set is kept: pools never share", pool("cognito-b", moment="2025-01-01"),
       "forged", found="KEY-WRONG-ISS", history="providers")
vector("profiles/okta-other-server-near", "Another authorization server of the same organisation, whose set nobody has kept",
       okta(iss="https://corp.okta.com/oauth2/aus1"), "valid", absent="KEY-WRONG-ISS", history="providers")
vector("profiles/github-former-near", "A job's identity under the issuer that github.com had until October 2021: nobody says with which keys",
       github(iss="https://vstoken.actions.githubusercontent.com"), "unverified", absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS",
       history="providers")
vector("profiles/github-enterprise-near", "An enterprise's own issuer at github.com: nobody says whose keys sign for it",
       github(iss="https://token.actions.githubusercontent.com/corp"), "unverified", absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS",
       history="providers")
vector("profiles/cluster-default-near", "The name that every cluster has by default: nobody knows which", pod(iss="https://kubernetes.default.svc.cluster.local"),
       "unverified", absent="KEY-WRONG-ISS CLM-ISS-PART", unknown="KEY-WRONG-ISS", history="providers")
vector("profiles/cluster-domain-near", "A cluster with a domain of its own", pod(iss="https://kubernetes.default.svc.corp.internal"), "unverified",
       absent="KEY-WRONG-ISS CLM-ISS-PART", history="providers")
given("profiles/external-id-given", "A token of an external tenant, and its key is given",
      token("house-rsa", iss=f"https://corp.ciamlogin.com/{TENANT}/v2.0", aud=CLIENT, sub="robin", tid=TENANT, ver="2.0"), "valid", pub("house-rsa"),
      absent=QUIET)
given("profiles/gitlab-own-instance", "An instance of one's own is no look-alike of gitlab.com", gitlab("house-rsa", iss="https://gitlab.company.example"),
      "valid", pub("house-rsa"), absent=QUIET)
given("profiles/auth0-secret", "A tenant that signs with the client's secret, which the examiner has", auth0("house-secret", alg="HS256", head={"kid": None}),
      "valid", pub("house-secret") | {"k": keys.load("house-secret")["k"]}, absent=QUIET)
vector("profiles/auth0-secret-near", "The same, and only the tenant's public key is at hand", auth0("house-secret", alg="HS256", head={"kid": None}),
       "unverified", signature="unverified", absent="ALG-FAMILY SIG-BAD", history="providers")
vector("profiles/cognito-secret-found", "A user pool never signs with a secret", pool(b"a secret of somebody", alg="HS256", head={"kid": None}), "invalid",
       signature="unverified", found="ALG-FAMILY", history="providers")

# ---- keys given with the issuers that they are published for

AUTH0_KEYS = [pub("auth0-a", issuer="https://corp.eu.auth0.com/"), pub("auth0-b", issuer="https://other.us.auth0.com/")]
vector("profiles/auth0-sets-honest", "Keys of two tenants are given, and the tenant's own key signs", auth0(), "valid", absent=QUIET, history=None,
       keys=AUTH0_KEYS)
vector("profiles/auth0-sets-found", "Keys of two tenants are given, and the other one's key signs: no date says that the two are not one",
       auth0("auth0-b"), "suspicious", found="KEY-WRONG-ISS", absent="SIG-BAD", history=None, keys=AUTH0_KEYS)
vector("profiles/cognito-sets-found", "Keys of two pools are given, and the other one's key signs: pools never share", pool("cognito-b"), "forged",
       found="KEY-WRONG-ISS", absent="SIG-BAD", history=None,
       keys=[pub("cognito-a", issuer=POOL + "AbCdEf123"), pub("cognito-b", issuer=POOL + "GhIjKl456")])
vector("profiles/cognito-set-found", "Only the other pool's set is given", pool("cognito-b"), "forged", found="KEY-WRONG-ISS", absent="SIG-BAD",
       history=None, keys_file="../given/cognito-pool.json")
vector("profiles/auth0-set-near", "Only the other tenant's set is given: it may be this one's under another name", auth0("auth0-b"), "unverified",
       absent="KEY-WRONG-ISS", unknown="KEY-WRONG-ISS", history=None, keys_file="../given/auth0-tenant.json")

# ---- a profile of one's own says whose custom domain it is

vector("profiles/auth0-domain-named-honest", "A custom domain that a profile names, and the tenant's key", auth0(host="login.corp.example"), "valid",
       absent=QUIET, history="providers", profile="../given/profile-domain.json")
vector("profiles/auth0-domain-named-found", "The same domain, and another tenant's key", auth0("auth0-b", host="login.corp.example"), "forged",
       found="KEY-WRONG-ISS", history="providers", profile="../given/profile-domain.json")
vector("profiles/auth0-named-alone-found", "Only what is known of Auth0 is asked for", auth0("auth0-b"), "forged",
       found="KEY-WRONG-ISS", history="providers", profile="auth0")

# ---- lives

vector("profiles/cognito-life-found", "It lives for two days, and a pool makes none that live for more than one", pool(life=172800, wrap=masked("REDACTED")),
       "unverified", signature="missing", found="CLM-LIFE", history="providers")
vector("profiles/cognito-life-own-found", "The same under the pool's own key: the pool's way, and a note", pool(life=172800), "valid", found="CLM-LIFE",
       history="providers")
vector("profiles/cognito-life-near", "It lives for a day and ten minutes", pool(life=87000), "valid", absent="CLM-LIFE", history="providers")

# ---- what the address of a key says

CERTS = "https://www.googleapis.com/oauth2/v3/certs"
vector("profiles/google-jku-near", "jku is where Google says its keys are", google(head={"jku": CERTS}, wrap=masked("REDACTED")), "unverified", signature="missing", absent="HDR-JKU", history="providers")
vector("profiles/google-jku-found", "jku is an address beside that", google(head={"jku": CERTS + "/../../upload"}, wrap=masked("REDACTED")),
       "suspicious", signature="missing", found="HDR-JKU", history="providers")

# ---- how kids are written

ODD = "9f3c"
cut = masked("REDACTED")
vector("profiles/hdr-kid-fmt-found", "A Google token whose kid is no forty digits, and whose signature is not in the evidence", google(head={"kid": ODD}, wrap=cut),
       "unverified", signature="missing", found="HDR-KID-FMT", history="providers")
vector("profiles/hdr-kid-fmt-clear", "A Google token with a kid of the set", google(wrap=cut), "unverified", signature="missing", absent="HDR-KID-FMT",
       history="providers")
vector("profiles/hdr-kid-fmt-near", "A kid that no set lists, written as Google writes them", google(head={"kid": "0" * 40}, wrap=cut), "unverified",
       signature="missing", absent="HDR-KID-FMT", history="providers")
vector("profiles/hdr-kid-fmt-letters-found", "Forty digits in capitals", google(head={"kid": "0A" * 20}, wrap=cut), "unverified", signature="missing",
       found="HDR-KID-FMT", history="providers")
vector("profiles/hdr-kid-fmt-verified-near", "An odd kid, and the issuer's key verifies", google(head={"kid": ODD}), "suspicious", found="SIG-OTHERKEY",
       absent="HDR-KID-FMT", history="providers")
vector("profiles/hdr-kid-fmt-first-party-found", "A token for Microsoft Graph whose kid is no thumbprint",
       v1(JUNE, "ent-unlisted", head={"kid": ODD, "x5t": None}, aud="https://graph.microsoft.com", resource=GRAPH, wrap=cut), "suspicious",
       signature="missing", found="HDR-KID-FMT KEY-UNKNOWN")
vector("profiles/hdr-kid-fmt-application-near", "The same for an application, which may have a key of its own",
       v1(JUNE, "ent-unlisted", head={"kid": ODD, "x5t": None}, wrap=cut), "unverified", signature="missing", absent="HDR-KID-FMT")
vector("profiles/hdr-kid-fmt-injection-near", "A kid that is an attack has the attack's finding", google(head={"kid": "../../etc/passwd"}, wrap=cut),
       "suspicious", signature="missing", found="HDR-KID-TRAV", absent="HDR-KID-FMT", history="providers")
vector("profiles/hdr-kid-fmt-foreign-near", "The kid is the foreign key's own: whose key it is says it", google("apple"), "forged",
       found="KEY-WRONG-ISS HDR-KID-FMT", history="providers")
LIKE = ("Rk3xQ8vTm2Zc7LpW", "Bn6wEz4TqK9Xv1Yd", "Hs0Gf5LjUe8Ia2Ot", "Vq7Nc3KrPx6Zm9Wb")


def settled(*kids):
    """Keys of one organisation by these names."""
    return [pub(role, kid=kid, issuer="https://corp.okta.com") for role, kid in zip(("okta-a", "cluster-a", "cluster-b", "farm-a"), kids)]


SETTLED = settled(*LIKE[:3])
for case, kids, ending in (("two", LIKE[:2], "near"), ("four", LIKE, "found"), ("nine", [kid[:9] for kid in LIKE], "near"),
                           ("ten", [kid[:10] for kid in LIKE], "found"), ("fifteen-digits", ["%015x" % (10 ** 17 + i) for i in range(3)], "near"),
                           ("sixteen-digits", ["%016x" % (10 ** 18 + i) for i in range(3)], "found")):
    vector(f"profiles/hdr-kid-fmt-{case}-{ending}", f"{len(kids)} keys with names of {len(kids[0])} letters, and the token's has four",
           okta("house-rsa", head={"kid": ODD}, wrap=cut), "unverified", signature="missing", history=None, keys=settled(*kids),
           **{"found" if ending == "found" else "absent": "HDR-KID-FMT"})
vector("profiles/hdr-kid-fmt-alike-found", "Three keys of the organisation have names of sixteen letters, and the token's is none",
       okta("house-rsa", head={"kid": ODD}, wrap=cut), "unverified", signature="missing", found="HDR-KID-FMT", history=None, keys=SETTLED)
vector("profiles/hdr-kid-fmt-alike-near", "The same, with a name of sixteen letters", okta("house-rsa", head={"kid": LIKE[3]}, wrap=cut), "unverified",
       signature="missing", absent="HDR-KID-FMT", history=None, keys=SETTLED)
vector("profiles/hdr-kid-fmt-person-near", "Names that a person made up go on as they like", okta("house-rsa", head={"kid": "signing-2026b"}, wrap=cut),
       "unverified", signature="missing", absent="HDR-KID-FMT", history=None,
       keys=settled("signing-2023", "signing-2024", "signing-2025"))
