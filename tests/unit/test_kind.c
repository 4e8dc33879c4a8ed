/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "token_building.h"

#include "core/alloc.h"
#include "token/kind.h"

#define TID "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"
#define APP "5b7e2a90-3c41-4d8f-a6b2-18f09c3d7e55"
#define CONSUMERS "9188040d-6c67-4c5b-b112-36a304b66dad"
#define V1 "\"iss\":\"https://sts.windows.net/" TID "/\""
#define V2 "\"iss\":\"https://login.microsoftonline.com/" TID "/v2.0\""
#define RS "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"k\"}"
#define SESSION "{\"alg\":\"HS256\",\"ctx\":\"kK3f4u1Yv0a9Rj2sW5xQm7Lp8Nc6Tb1Z\"}"
#define DPOP "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\"}}"
#define PROOF "\"jti\":\"j\",\"htm\":\"GET\",\"htu\":\"https://api.example/pay\",\"iat\":1"
#define NONE "{\"typ\":\"JWT\",\"alg\":\"none\"}"
#define INNER "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
#define SERVICE "\"iss\":\"" APP "@" TID "\""
#define SERVICE_AUD "\"aud\":\"00000002-0000-0ff1-ce00-000000000000/outlook.example@" TID "\""
#define OIDC "\"iss\":\"https://id.example\",\"sub\":\"s\",\"aud\":\"a\",\"exp\":2,\"iat\":1"

static const struct {
    const char *header, *payload;
    enum tscope_token_kind kind;
} jws[] = {
    /* Entra, FACTS 4.1 and 4.2 */
    {RS, "{" V1 ",\"appid\":\"a\",\"scp\":\"Mail.Read\"}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{" V2 ",\"azp\":\"a\",\"scp\":\"Mail.Read\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{" V2 ",\"azp\":\"a\",\"roles\":[\"x\"]}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{" V2 ",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{" V1 ",\"appid\":\"a\",\"idtyp\":\"app\"}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{" V1 ",\"appid\":\"a\",\"nonce\":\"n\"}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{" V2 ",\"nonce\":\"n\",\"roles\":[\"Reader\"]}", TSCOPE_KIND_ENTRA_ID_V2},
    {RS, "{" V2 "}", TSCOPE_KIND_ENTRA_ID_V2},
    {RS, "{" V1 ",\"at_hash\":\"h\"}", TSCOPE_KIND_ENTRA_ID_V1},
    {RS, "{\"iss\":\"https:\\/\\/login.microsoftonline.com\\/" TID "\\/v2.0\",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{\"iss\":\"https://login.microsoftonline.us/" TID "/v2.0\",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{\"iss\":\"https://login.partner.microsoftonline.cn/" TID "/v2.0\",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{\"iss\":\"https://sts.chinacloudapi.cn/" TID "/\",\"appid\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{\"iss\":\"https://login.windows-ppe.net/" TID "/v2.0\",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{\"iss\":\"https://sts.windows-ppe.net/" TID "/\",\"appid\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{\"iss\":\"https://login.microsoftonline.com/" TID "/v1.1\",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{\"iss\":\"https://login.microsoftonline.com/7D0C1F6A-93B5-4E02-8C4B-5A1E0D9B6F21/v2.0\",\"azp\":\"a\"}",
     TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{" V1 ",\"appid\":\"a\",\"xms_mirid\":\"/subscriptions/s\"}", TSCOPE_KIND_MANAGED_IDENTITY},
    {RS, "{" V1 ",\"appid\":\"a\",\"xms_mirid\":7}", TSCOPE_KIND_ENTRA_ACCESS_V1},
    {RS, "{" V1 ",\"xms_mirid\":\"/subscriptions/s\"}", TSCOPE_KIND_ENTRA_ID_V1},
    {RS, "{\"xms_mirid\":\"/subscriptions/s\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://login.microsoftonline.com/" CONSUMERS "/v2.0\",\"nonce\":\"n\"}", TSCOPE_KIND_MSA_ID},
    {RS, "{\"iss\":\"https://sts.windows.net/" CONSUMERS "/\"}", TSCOPE_KIND_MSA_ID},
    {RS, "{\"iss\":\"https://login.microsoftonline.com/" CONSUMERS "/v2.0\",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{" V2 ",\"idp\":\"live.com\"}", TSCOPE_KIND_ENTRA_ID_V2},
    /* what only looks like it */
    {RS, "{\"iss\":\"https://login.microsoftonline.com/" TID "/v2.0/\",\"scp\":\"a\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{\"iss\":\"https://login.microsoftonline.com/" TID "/v2.0 \",\"scp\":\"a\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{\"iss\":\"https://login.microsoftonline.com.evil.example/" TID "/v2.0\",\"scp\":\"a\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{\"iss\":\"https://evil.example/https://sts.windows.net/" TID "/\",\"scp\":\"a\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{\"iss\":\"https://evil.example#https://sts.windows.net/" TID "/\",\"scp\":\"a\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{\"iss\":\"https://sts.windows.net/" TID "\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"http://sts.windows.net/" TID "/\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://STS.windows.net/" TID "/\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://sts.windows.net/common/\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://sts.windows.net/" TID "\\u0000/\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":[\"https://sts.windows.net/" TID "/\"],\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"\",\"appid\":\"a\"}", TSCOPE_KIND_JWT},
    /* an Entra token under another type stays one */
    {"{\"typ\":\"at+jwt\",\"alg\":\"RS256\"}", "{" V2 ",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {"{\"typ\":\"logout+jwt\",\"alg\":\"RS256\"}", "{" V2 ",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    /* PRT cookies and session keys, FACTS 4.5 */
    {SESSION, "{\"refresh_token\":\"0.AExample\",\"is_primary\":\"true\",\"request_nonce\":\"n\"}", TSCOPE_KIND_PRT_COOKIE},
    {SESSION, "{\"refresh_token\":\"0.AExample\",\"iat\":\"1\"}", TSCOPE_KIND_PRT_COOKIE},
    {SESSION, "{\"iss\":\"aad:brokerplugin\",\"refresh_token\":\"r\",\"grant_type\":\"refresh_token\"}", TSCOPE_KIND_SESSION_KEY_JWT},
    {SESSION, "{\"request_nonce\":\"n\"}", TSCOPE_KIND_SESSION_KEY_JWT},
    {SESSION, "{\"refresh_token\":7}", TSCOPE_KIND_SESSION_KEY_JWT},
    {SESSION, "{" V2 ",\"azp\":\"a\",\"refresh_token\":\"r\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {SESSION, "{\"iss\":\"https://id.example\",\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {SESSION, "{\"iss\":7,\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"HS512\",\"ctx\":\"kK3f\"}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"RS256\",\"ctx\":\"kK3f\"}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"none\",\"ctx\":\"kK3f\"}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"HS256\",\"ctx\":\"\"}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"HS256\",\"ctx\":true}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"HS256\",\"ctx\":\"not base64!\"}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"HS256\"}", "{\"refresh_token\":\"r\"}", TSCOPE_KIND_JWT},
    /* actor tokens, FACTS 4.9 */
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"nameid\":\"n\",\"actortoken\":\"" INNER "\"}", TSCOPE_KIND_S2S_ACTOR},
    {NONE, "{" V2 ",\"azp\":\"a\",\"actortoken\":\"" INNER "\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {NONE, "{" SERVICE ",\"aud\":\"web\",\"actortoken\":\"" INNER "\"}", TSCOPE_KIND_JWT},
    {NONE, "{" SERVICE_AUD ",\"actortoken\":\"" INNER "\"}", TSCOPE_KIND_JWT},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"x\"}", TSCOPE_KIND_ACS_S2S},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"e30.e30.c2ln\"}", TSCOPE_KIND_ACS_S2S},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"eyJhbGciOiJSUzI1NiJ9.e30.\"}", TSCOPE_KIND_ACS_S2S},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"eyJhbGciOiJSUzI1NiJ9.e30\"}", TSCOPE_KIND_ACS_S2S},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"eyJhbGciOiJSUzI1NiJ9.e30.c2ln.c2ln\"}", TSCOPE_KIND_ACS_S2S},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":[\"" INNER "\"]}", TSCOPE_KIND_ACS_S2S},
    {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"..\"}", TSCOPE_KIND_ACS_S2S},
    {"{\"alg\":\"nOnE\"}", "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"" INNER "\"}", TSCOPE_KIND_ACS_S2S},
    {RS, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"" INNER "\"}", TSCOPE_KIND_ACS_S2S},
    {RS, "{" SERVICE "," SERVICE_AUD "}", TSCOPE_KIND_ACS_S2S},
    {RS, "{" SERVICE ",\"aud\":\"00000001-0000-0000-c000-000000000000/accounts.accesscontrol.windows.net@" TID "\"}",
     TSCOPE_KIND_CLIENT_ASSERTION},
    {RS, "{\"iss\":\"" APP "@" TID "x\"," SERVICE_AUD "}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"" APP "@\"," SERVICE_AUD "}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"joe@" TID "\"," SERVICE_AUD "}", TSCOPE_KIND_JWT},
    /* B2C, AD FS, Bot Framework, FACTS 4.7 and 4.8 */
    {RS, "{\"iss\":\"https://corp.b2clogin.com/" TID "/v2.0/\",\"scope\":\"a\"}", TSCOPE_KIND_B2C},
    {RS, "{\"iss\":\"https://corp.b2clogin.com/tfp/" TID "/b2c_1_signin/v2.0/\"}", TSCOPE_KIND_B2C},
    {RS, "{\"iss\":\"https://login.corp.example/" TID "/v2.0/\",\"tfp\":\"B2C_1A_signin\"}", TSCOPE_KIND_B2C},
    {RS, "{\"iss\":\"https://login.microsoftonline.com/" TID "/v2.0/\",\"acr\":\"b2c_1_signin\"}", TSCOPE_KIND_B2C},
    {RS, "{" V2 ",\"azp\":\"a\",\"tfp\":\"b2c_1_signin\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    {RS, "{\"iss\":\"https://corp.b2clogin.com.evil.example/" TID "/v2.0/\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://evil.example/corp.b2clogin.com/" TID "/v2.0/\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://.b2clogin.com/" TID "/v2.0/\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://corp.b2clogin.com/" TID "/v2.0\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://corp.b2clogin.com/tfp/" TID "//v2.0/\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://id.example\",\"tfp\":\"signin\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"http://fs.corp.example/adfs/services/trust\",\"appid\":\"a\"}", TSCOPE_KIND_ADFS},
    {RS, "{\"iss\":\"https://fs.corp.example:8443/adfs\"}", TSCOPE_KIND_ADFS},
    {RS, "{\"iss\":\"https://fs.corp.example/adfs/\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https:///adfs\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://fs.corp.example/x/adfs\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://evil@fs.corp.example/adfs\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://api.botframework.com\",\"serviceurl\":\"s\"}", TSCOPE_KIND_BOTFRAMEWORK},
    {RS, "{\"iss\":\"https://api.botframework.com/\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://api.botframework.com.evil.example\"}", TSCOPE_KIND_JWT},
    /* DPoP, RFC 9449 */
    {DPOP, "{" PROOF "}", TSCOPE_KIND_DPOP},
    {"{\"typ\":\"application/DPoP+JWT\",\"alg\":\"ES256\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_DPOP},
    {"{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":\"x\"}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"dpop+jwt\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"dpop+jwt\",\"alg\":\"HS256\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"dpop+jwt\",\"alg\":\"none\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"dpop+jwt\",\"alg\":\"NONE\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"dpop\",\"alg\":\"ES256\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"JWT\",\"alg\":\"ES256\",\"jwk\":{}}", "{" PROOF "}", TSCOPE_KIND_JWT},
    {DPOP, "{\"jti\":\"j\",\"htm\":\"GET\",\"iat\":1}", TSCOPE_KIND_JWT},
    {DPOP, "{" PROOF ",\"iss\":\"https://id.example\"}", TSCOPE_KIND_JWT},
    {DPOP, "{" PROOF ",\"aud\":\"web\"}", TSCOPE_KIND_JWT},
    {DPOP, "{" PROOF "," V2 ",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
    /* the rest */
    {"{\"typ\":\"at+jwt\",\"alg\":\"ES256\"}", "{" OIDC ",\"scope\":\"read\"}", TSCOPE_KIND_AT_JWT},
    {"{\"typ\":\"application/at+jwt\",\"alg\":\"ES256\"}", "{}", TSCOPE_KIND_AT_JWT},
    {"{\"typ\":\"AT+JWT\",\"alg\":\"ES256\"}", "{}", TSCOPE_KIND_AT_JWT},
    {"{\"typ\":\"at+jwt2\",\"alg\":\"ES256\"}", "{}", TSCOPE_KIND_JWT},
    {"{\"typ\":\"application/\",\"alg\":\"ES256\"}", "{}", TSCOPE_KIND_JWT},
    {"{\"typ\":[\"at+jwt\"],\"alg\":\"ES256\"}", "{}", TSCOPE_KIND_JWT},
    {RS, "{" OIDC ",\"scope\":\"read\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{" OIDC ",\"client_id\":\"c\",\"nonce\":\"n\"}", TSCOPE_KIND_OAUTH_ACCESS},
    {RS, "{" OIDC ",\"nonce\":\"n\"}", TSCOPE_KIND_OIDC_ID},
    {RS, "{" OIDC ",\"azp\":\"web\"}", TSCOPE_KIND_OIDC_ID},
    {RS, "{\"iss\":\"https://token.actions.githubusercontent.com\",\"sub\":\"repo:o/n\"}", TSCOPE_KIND_OIDC_ID},
    {RS, "{\"iss\":\"https://token.actions.githubusercontent.com.evil.example\",\"sub\":\"repo:o/n\"}", TSCOPE_KIND_JWT},
    {RS, "{" OIDC "}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"https://id.example\",\"sub\":\"s\",\"aud\":\"a\",\"exp\":2,\"nonce\":\"n\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"id.example\",\"sub\":\"s\",\"aud\":\"a\",\"exp\":2,\"iat\":1,\"nonce\":\"n\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"c\",\"sub\":\"c\",\"aud\":\"https://id.example/oauth2/token\",\"scope\":\"read\"}", TSCOPE_KIND_CLIENT_ASSERTION},
    {RS, "{\"iss\":\"c\",\"sub\":\"c\",\"aud\":[\"x\",\"https://id.example/token\"]}", TSCOPE_KIND_CLIENT_ASSERTION},
    {RS, "{\"iss\":\"c\",\"sub\":\"c\",\"aud\":\"https://login.microsoftonline.com/" TID "/v2.0\"}", TSCOPE_KIND_CLIENT_ASSERTION},
    {"{\"typ\":\"client-authentication+jwt\",\"alg\":\"RS256\"}", "{\"iss\":\"c\",\"sub\":\"c\",\"aud\":\"https://id.example\"}",
     TSCOPE_KIND_CLIENT_ASSERTION},
    {RS, "{\"iss\":\"c\",\"sub\":\"d\",\"aud\":\"https://id.example/token\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"\",\"sub\":\"\",\"aud\":\"https://id.example/token\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"c\",\"sub\":\"c\",\"aud\":\"https://id.example/tokens\"}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"c\",\"sub\":\"c\",\"aud\":[{},7,null]}", TSCOPE_KIND_JWT},
    {RS, "{\"iss\":\"c\",\"sub\":\"c\"}", TSCOPE_KIND_JWT},
    {RS, "{\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}},\"sid\":\"s\"}", TSCOPE_KIND_LOGOUT},
    {"{\"typ\":\"logout+jwt\",\"alg\":\"RS256\"}", "{\"sid\":\"s\"}", TSCOPE_KIND_LOGOUT},
    {RS, "{\"events\":{\"https://schemas.openid.net/secevent/risc/event-type/account-disabled\":{}}}", TSCOPE_KIND_JWT},
    {RS, "{\"events\":\"http://schemas.openid.net/event/backchannel-logout\"}", TSCOPE_KIND_JWT},
    {RS, "{\"_sd\":[\"x\"],\"_sd_alg\":\"sha-256\"}", TSCOPE_KIND_SD_JWT},
    {RS, "{}", TSCOPE_KIND_JWT},
    {"{}", "{}", TSCOPE_KIND_JWT},
    {"", "{\"iss\":\"joe\"}", TSCOPE_KIND_JWT},
    {"[]", "{\"iss\":\"joe\"}", TSCOPE_KIND_JWT},
    {RS, "[]", TSCOPE_KIND_JWS},
    {RS, "\"text\"", TSCOPE_KIND_JWS},
    {RS, "hello", TSCOPE_KIND_JWS},
    {RS, "", TSCOPE_KIND_JWS},
    {SESSION, "refresh_token", TSCOPE_KIND_JWS},
};

static const struct {
    const char *text;
    enum tscope_token_kind kind;
} opaque[] = {
    {"EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAA", TSCOPE_KIND_MSA_TICKET},
    {"EwAoA8l6BAAUAAAA+AAAAAAA/AAAAAAAAAAAAAAA==", TSCOPE_KIND_MSA_TICKET},
    {"EwCoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAA", TSCOPE_KIND_OPAQUE},
    {"ewBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAA", TSCOPE_KIND_OPAQUE},
    {"EwBoA8l6BAAUAAAAAAAA AAAAAAAAAAAAAAAA", TSCOPE_KIND_OPAQUE},
    {"EwBoA8l6BAAUAAAAAAAA=AAAAAAAAAAAAAAAA", TSCOPE_KIND_OPAQUE},
    {"EwBoA8l6", TSCOPE_KIND_OPAQUE},
    {"M.C507_BL2.0.U.-Example*Example!Example$", TSCOPE_KIND_MSA_REFRESH},
    {"M.R3_BAY.-ExampleExampleExampleExample*", TSCOPE_KIND_MSA_REFRESH},
    {"M.C_BL2.0.U.-ExampleExampleExampleExample", TSCOPE_KIND_OPAQUE},
    {"M.C507.BL2.0.U.-ExampleExampleExampleExam", TSCOPE_KIND_OPAQUE},
    {"M.C507_BL2.0.U.-Example Example Example Ex", TSCOPE_KIND_OPAQUE},
    {"M.X507_BL2.0.U.-ExampleExampleExampleExam", TSCOPE_KIND_OPAQUE},
    {"M.C507_BL2", TSCOPE_KIND_OPAQUE},
    {"0.ASoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA.AgABAAEAAAD-ExampleExampleExampleExample", TSCOPE_KIND_ENTRA_REFRESH},
    {"1.ASoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA.AgABAAEAAAD-ExampleExampleExample.Example", TSCOPE_KIND_ENTRA_REFRESH},
    {"2.ASoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA.AgABAAEAAAD-ExampleExampleExampleExample", TSCOPE_KIND_OPAQUE},
    {"0.BSoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA.AgABAAEAAAD-ExampleExampleExampleExample", TSCOPE_KIND_OPAQUE},
    {"0.ASoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA.", TSCOPE_KIND_OPAQUE},
    {"0.ASoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA", TSCOPE_KIND_OPAQUE},
    {"0.ASoA.AgABAAEAAAD-ExampleExampleExampleExampleExampleExampleExample", TSCOPE_KIND_OPAQUE},
    {"0.A", TSCOPE_KIND_OPAQUE},
    {"", TSCOPE_KIND_OPAQUE},
    {"gho_16C7e42F292c6912E7710c838347Ae178B4a", TSCOPE_KIND_OPAQUE},
};

START_TEST(jws_has_its_kind)
{
    struct tscope_token token;
    enum tscope_token_kind kind;

    build_jws(&token, jws[_i].header, jws[_i].payload);
    kind = tscope_token_kind_of(&token, token.arena);
    ck_assert_msg(kind == jws[_i].kind, "%s.%s: %s, not %s", jws[_i].header, jws[_i].payload, tscope_token_kind_id(kind),
                  tscope_token_kind_id(jws[_i].kind));
    tear_down(&token);
}
END_TEST

START_TEST(opaque_token_has_its_kind)
{
    struct tscope_token token;
    enum tscope_token_kind kind;

    build_opaque(&token, opaque[_i].text);
    kind = tscope_token_kind_of(&token, token.arena);
    ck_assert_msg(kind == opaque[_i].kind, "%s: %s, not %s", opaque[_i].text, tscope_token_kind_id(kind),
                  tscope_token_kind_id(opaque[_i].kind));
    tear_down(&token);
}
END_TEST

/* The same through the reader: what it makes of a token leads to the same kind. */
START_TEST(parsed_jws_has_its_kind)
{
    TSCOPE_AUTO(tscope_token) *token = NULL;
    struct tscope_buffer text = {0};

    if (jws[_i].header[0] != '{' || jws[_i].payload[0] == 0)
        return; /* without a header, or detached: tests of the reader */
    tscope_base64url_encode(&text, (const uint8_t *)jws[_i].header, strlen(jws[_i].header));
    tscope_buffer_append_byte(&text, '.');
    tscope_base64url_encode(&text, (const uint8_t *)jws[_i].payload, strlen(jws[_i].payload));
    tscope_buffer_append_text(&text, ".c2lnbmF0dXJl");
    ck_assert_int_eq(tscope_token_parse(text.data, text.len, &token, NULL), TSCOPE_OK);
    ck_assert_msg(tscope_token_kind(token) == jws[_i].kind, "%s.%s: %s, not %s", jws[_i].header, jws[_i].payload,
                  tscope_token_kind_id(tscope_token_kind(token)), tscope_token_kind_id(jws[_i].kind));
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(parsed_opaque_token_has_its_kind)
{
    const uint8_t *text = (const uint8_t *)opaque[_i].text;
    TSCOPE_AUTO(tscope_token) *token = NULL;

    if (opaque[_i].kind == TSCOPE_KIND_OPAQUE)
        return; /* may be no token at all */
    ck_assert_int_eq(tscope_token_parse(text, strlen(opaque[_i].text), &token, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_token_serialization(token), TSCOPE_SERIALIZATION_OPAQUE);
    ck_assert_int_eq(tscope_token_kind(token), opaque[_i].kind);
}
END_TEST

/* Kinds without claims are sent in compact form alone: one signature cannot lend its header to another's payload. */
START_TEST(json_serialization_is_never_a_kind_without_claims)
{
    static const char *const pairs[][2] = {
        {SESSION, "{\"refresh_token\":\"r\",\"iat\":\"1\"}"},
        {DPOP, "{" PROOF "}"},
        {NONE, "{" SERVICE "," SERVICE_AUD ",\"actortoken\":\"" INNER "\"}"},
    };
    static const enum tscope_token_kind kinds[] = {TSCOPE_KIND_JWT, TSCOPE_KIND_JWT, TSCOPE_KIND_ACS_S2S};
    struct tscope_token token;

    build_jws(&token, pairs[_i][0], pairs[_i][1]);
    token.serialization = TSCOPE_SERIALIZATION_JWS_FLATTENED;
    ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), kinds[_i]);
    token.serialization = TSCOPE_SERIALIZATION_JWS_GENERAL;
    ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), kinds[_i]);
    token.serialization = TSCOPE_SERIALIZATION_SD_JWT;
    ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), TSCOPE_KIND_SD_JWT);
    tear_down(&token);
}
END_TEST

static const struct {
    const char *header, *payload;
    enum tscope_token_kind kind;
} messages[] = {
    {"{\"alg\":\"ES256\",\"nonce\":\"n\",\"url\":\"https://ca.example/acme/new-account\"}", "{\"termsOfServiceAgreed\":true}",
     TSCOPE_KIND_JWS},
    {"{\"alg\":\"ES256\"}", "{}", TSCOPE_KIND_JWS},
    {"{\"alg\":\"ES256\",\"typ\":\"JWT\"}", "{}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"typ\":7}", "{}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"iss\":7}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"sub\":\"s\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"aud\":[]}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"exp\":1}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"nbf\":1}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"iat\":1}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"jti\":\"j\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{\"tid\":\"" TID "\"}", TSCOPE_KIND_JWT},
    {"{\"alg\":\"ES256\",\"url\":\"u\"}", "{" V2 ",\"azp\":\"a\"}", TSCOPE_KIND_ENTRA_ACCESS_V2},
};

START_TEST(message_in_json_form_is_no_jwt)
{
    struct tscope_token token;

    build_jws(&token, messages[_i].header, messages[_i].payload);
    if (messages[_i].kind == TSCOPE_KIND_JWS)
        ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), TSCOPE_KIND_JWT);
    token.serialization = TSCOPE_SERIALIZATION_JWS_FLATTENED;
    ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), messages[_i].kind);
    token.serialization = TSCOPE_SERIALIZATION_JWS_GENERAL;
    ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), messages[_i].kind);
    tear_down(&token);
}
END_TEST

START_TEST(encrypted_token_is_a_jwe)
{
    struct tscope_token token = {.serialization = TSCOPE_SERIALIZATION_JWE_COMPACT};
    struct tscope_arena arena = {0};

    ck_assert_int_eq(tscope_token_kind_of(&token, &arena), TSCOPE_KIND_JWE);
    token.serialization = TSCOPE_SERIALIZATION_JWE_FLATTENED;
    ck_assert_int_eq(tscope_token_kind_of(&token, &arena), TSCOPE_KIND_JWE);
    token.serialization = TSCOPE_SERIALIZATION_JWE_GENERAL;
    ck_assert_int_eq(tscope_token_kind_of(&token, &arena), TSCOPE_KIND_JWE);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(token_without_signature_has_a_kind)
{
    struct tscope_token token;

    build_jws(&token, SESSION, "{\"refresh_token\":\"r\"}");
    token.signatures_len = 0;
    ck_assert_int_eq(tscope_token_kind_of(&token, token.arena), TSCOPE_KIND_JWT);
    tear_down(&token);
}
END_TEST

START_TEST(every_kind_has_an_id_and_words)
{
    ck_assert_str_ne(tscope_token_kind_id((enum tscope_token_kind)_i), "?");
    ck_assert_str_ne(tscope_token_kind_text((enum tscope_token_kind)_i), "?");
    for (int other = 0; other < _i; other++)
        ck_assert_str_ne(tscope_token_kind_id((enum tscope_token_kind)_i), tscope_token_kind_id((enum tscope_token_kind)other));
}
END_TEST

START_TEST(number_out_of_range_has_no_id)
{
    for (int number = -1; number < 2; number++) {
        int far = number < 0 ? -1 : 1000 * (number + 1);

        ck_assert_str_eq(tscope_token_kind_id((enum tscope_token_kind)far), "?");
        ck_assert_str_eq(tscope_token_kind_text((enum tscope_token_kind)far), "?");
        ck_assert_str_eq(tscope_serialization_id((enum tscope_serialization)far), "?");
        ck_assert_str_eq(tscope_part_id_name((enum tscope_part_id)far), "?");
        ck_assert_str_eq(tscope_transport_id((enum tscope_transport)far), "?");
        ck_assert_str_eq(tscope_damage_id((enum tscope_damage_kind)far), "?");
        ck_assert_str_eq(tscope_damage_text((enum tscope_damage_kind)far), "?");
    }
    ck_assert_str_eq(tscope_token_kind_id((enum tscope_token_kind)(TSCOPE_KIND_LOGOUT + 1)), "?");
    ck_assert_str_eq(tscope_serialization_id((enum tscope_serialization)(TSCOPE_SERIALIZATION_SD_JWT + 1)), "?");
    ck_assert_str_eq(tscope_part_id_name((enum tscope_part_id)(TSCOPE_PART_DISCLOSURE + 1)), "?");
    ck_assert_str_eq(tscope_transport_id(TSCOPE_TRANSPORT_COUNT), "?");
    ck_assert_str_eq(tscope_damage_id((enum tscope_damage_kind)(TSCOPE_DAMAGE_LENGTH + 1)), "?");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("kind");
    TCase *tcase = tcase_create("kind");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tcase, jws_has_its_kind, 0, TSCOPE_COUNT(jws));
    tcase_add_loop_test(tcase, opaque_token_has_its_kind, 0, TSCOPE_COUNT(opaque));
    tcase_add_loop_test(tcase, parsed_jws_has_its_kind, 0, TSCOPE_COUNT(jws));
    tcase_add_loop_test(tcase, parsed_opaque_token_has_its_kind, 0, TSCOPE_COUNT(opaque));
    tcase_add_loop_test(tcase, json_serialization_is_never_a_kind_without_claims, 0, 3);
    tcase_add_loop_test(tcase, message_in_json_form_is_no_jwt, 0, TSCOPE_COUNT(messages));
    tcase_add_test(tcase, encrypted_token_is_a_jwe);
    tcase_add_test(tcase, token_without_signature_has_a_kind);
    tcase_add_loop_test(tcase, every_kind_has_an_id_and_words, 0, TSCOPE_KIND_LOGOUT + 1);
    tcase_add_test(tcase, number_out_of_range_has_no_id);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
