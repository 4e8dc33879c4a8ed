/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/key_forms.h"

#include "key_forms_made.h"
#include "keys_testing.h"

#define FINDS_MAX 32
#define ANY_STATE NULL

static const struct {
    uint8_t bytes[3];
    enum tscope_key_anchor anchor;
} anchors[] = {
#define ROW(name, first, second, third) {{first, second, third}, TSCOPE_KEY_ANCHOR_##name},
    TSCOPE_FOREACH_KEY_ANCHOR(ROW)
#undef ROW
};

struct seen {
    size_t begin, end;
    enum tscope_find_encoding encoding;
    char form[24], layout[24], state[16], component[24], thumbprint[48];
};

static tscope_key_finder *finder;

/* As in a stream of its own. */
static enum tscope_probe
probe_anew(const struct tscope_window *window, size_t at, enum tscope_key_anchor anchor, struct tscope_key_place *place)
{
    tscope_key_finder_begin(finder);
    return tscope_key_probe(finder, window, at, anchor, place);
}

/* As the scanner walks: anchors in order, and those inside a key that was found passed over. */
static size_t
find_keys(const uint8_t *bytes, size_t len, struct seen *seen)
{
    const struct tscope_window window = {.bytes = bytes, .len = len, .is_last = true};
    size_t count = 0, covered = 0;

    tscope_key_finder_begin(finder);
    for (size_t at = 0; at + 3 <= len; at++) {
        for (size_t i = 0; i < TSCOPE_COUNT(anchors); i++) {
            struct tscope_key_place place;
            enum tscope_probe probe;
            const char *thumbprint;

            if (at < covered || memcmp(bytes + at, anchors[i].bytes, 3) != 0)
                continue;
            probe = tscope_key_probe(finder, &window, at, anchors[i].anchor, &place);
            ck_assert(probe == TSCOPE_PROBE_NOTHING || probe == TSCOPE_PROBE_FOUND);
            if (probe == TSCOPE_PROBE_NOTHING)
                continue;
            ck_assert_uint_le(place.begin, at);
            ck_assert_uint_gt(place.end, at);
            ck_assert_uint_le(place.end, len);
            ck_assert_uint_lt(count, FINDS_MAX);
            thumbprint = tscope_found_key_thumbprint(place.key);
            seen[count] = (struct seen){.begin = place.begin, .end = place.end, .encoding = place.encoding};
            snprintf(seen[count].form, sizeof(seen->form), "%s", tscope_found_key_form(place.key));
            snprintf(seen[count].layout, sizeof(seen->layout), "%s", tscope_found_key_layout(place.key));
            snprintf(seen[count].state, sizeof(seen->state), "%s", tscope_found_key_state(place.key));
            snprintf(seen[count].component, sizeof(seen->component), "%s", tscope_found_key_component(place.key));
            snprintf(seen[count].thumbprint, sizeof(seen->thumbprint), "%s", thumbprint ? thumbprint : "");
            tscope_found_key_free(place.key);
            covered = place.end;
            count++;
        }
    }
    return count;
}

/* ---- the keys, made once */

enum { RSA_1024, RSA_2048, RSA_3072, EC_256, EC_384, EC_521, EC_K1, ED25519, ED448, X25519, KEYS };

static const struct {
    const char *curve;
    size_t width;
} kinds[KEYS] = {[EC_256] = {"P-256", 32},    [EC_384] = {"P-384", 48}, [EC_521] = {"P-521", 66}, [EC_K1] = {"secp256k1", 32},
                 [ED25519] = {"Ed25519", 32}, [ED448] = {"Ed448", 57},  [X25519] = {"X25519", 32}};

static EVP_PKEY *keys[KEYS];

static EVP_PKEY *
make_key(size_t kind)
{
    if (kind <= RSA_3072)
        return EVP_RSA_gen(kind == RSA_1024 ? 1024 : kind == RSA_2048 ? 2048 : 3072);
    return kind <= EC_K1 ? EVP_EC_gen(kinds[kind].curve) : EVP_PKEY_Q_keygen(NULL, NULL, kinds[kind].curve);
}

static void
thumbprint_of(size_t kind, char *out, size_t out_size)
{
    struct made *jwk = make_jwk(keys[kind], kinds[kind].curve, kinds[kind].width, false, false);
    tscope_keyring *keyring = new_keyring();

    ck_assert_int_eq(try_add(keyring, jwk->bytes, jwk->len, NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    snprintf(out, out_size, "%s", tscope_key_thumbprint(tscope_keyring_key(keyring, 0)));
    tscope_keyring_free(keyring);
    free(jwk);
}

/* ---- what is planted: a key in a form */

enum form {
    PKCS8,
    TRADITIONAL,
    PEM_PKCS8,
    PEM_TRADITIONAL,
    PEM_ONE_LINE,
    PEM_SPACES,
    PEM_TABS,
    PEM_CRLF,
    PEM_MAIL,
    PEM_STRINGS,
    PEM_SUM,
    PEM_LIST,
    OPENSSH,
    PEM_OPENSSH,
    JWK,
    JWK_LAST,
    CAPI,
    CNG,
    CNG_FULL,
    XML,
    BASE64_PKCS8,
    BASE64_TRADITIONAL,
    FORMS
};

static const char *const form_names[FORMS] = {"pkcs8", "traditional", "pem", "pem", "pem",     "pem",        "pem", "pem",
                                              "pem",   "pem",         "pem", "pem", "openssh", "pem",        "jwk", "jwk",
                                              "capi",  "cng",         "cng", "xml", "pkcs8",   "traditional"};

static bool
has_form(size_t kind, enum form form)
{
    bool is_rsa = kind <= RSA_3072, is_ec = kind >= EC_256 && kind <= EC_K1;

    switch (form) {
    case TRADITIONAL:
    case PEM_TRADITIONAL:
    case BASE64_TRADITIONAL:
        return is_rsa || is_ec;
    case OPENSSH:
    case PEM_OPENSSH:
        return is_rsa || (is_ec && kind != EC_K1) || kind == ED25519;
    case CAPI:
    case XML:
    case CNG_FULL:
        return is_rsa;
    case CNG:
        return is_rsa || is_ec;
    default:
        return true;
    }
}

static struct made *
armour(struct made *from, const char *label, size_t line, const char *end)
{
    struct made *made = make_armour(from, label, line, end);

    free(from);
    return made;
}

static struct made *
base64_of(struct made *from)
{
    struct made *made = make_base64(from);

    free(from);
    return made;
}

static struct made *
make_form(size_t kind, enum form form)
{
    EVP_PKEY *key = keys[kind];
    static const char *const magics[KEYS] = {[EC_256] = "ECS2", [EC_384] = "ECK4", [EC_521] = "ECS6", [EC_K1] = "ECDV"};

    switch (form) {
    case PKCS8:
        return make_pkcs8(key);
    case TRADITIONAL:
        return make_traditional(key);
    case PEM_PKCS8:
        return make_pem(key, false, NULL);
    case PEM_TRADITIONAL:
        return make_pem(key, true, NULL);
    case PEM_ONE_LINE:
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, " ");
    case PEM_SPACES:
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, "\n        ");
    case PEM_TABS:
        return armour(make_pkcs8(key), "PRIVATE KEY", 76, "\n\t\t");
    case PEM_CRLF:
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, "\r\n");
    case PEM_MAIL:
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, "\n> > ");
    case PEM_STRINGS: /* of C: the first and the last quote are none of it */
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, "\\n\"\n    \"");
    case PEM_SUM:
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, "\\n' +\r\n\t'");
    case PEM_LIST:
        return armour(make_pkcs8(key), "PRIVATE KEY", 64, "\", \"");
    case OPENSSH:
        return make_openssh(key, "none");
    case PEM_OPENSSH:
        return armour(make_openssh(key, "none"), "OPENSSH PRIVATE KEY", 70, "\n");
    case JWK:
    case JWK_LAST:
        return make_jwk(key, kinds[kind].curve, kinds[kind].width, form == JWK_LAST, true);
    case CAPI:
        return make_capi(key);
    case CNG:
    case CNG_FULL:
        return kind <= RSA_3072 ? make_cng_rsa(key, form == CNG_FULL) : make_cng_ec(key, magics[kind], kinds[kind].width);
    case XML:
        return make_xml(key, true);
    case BASE64_PKCS8:
        return base64_of(make_pkcs8(key));
    case BASE64_TRADITIONAL:
        return base64_of(make_traditional(key));
    case FORMS:
        break;
    }
    return NULL;
}

static bool
is_text(enum form form)
{
    return form >= PEM_PKCS8 && form != OPENSSH && form != CAPI && form != CNG && form != CNG_FULL;
}

/* ---- how text is wrapped */

enum wrap { PLAIN, UTF16LE, UTF16BE, JSON, JSON_JSON, PERCENT, FORM, HTML, BASE64, JSON_UTF16, WRAPS };

static struct made *
wrap_text(const struct made *from, enum wrap wrap)
{
    struct made *inner, *made;

    switch (wrap) {
    case UTF16LE:
    case UTF16BE:
        return make_utf16(from, wrap == UTF16BE);
    case JSON:
        return make_json_string(from);
    case JSON_JSON:
        inner = make_json_string(from);
        made = make_json_string(inner);
        free(inner);
        return made;
    case PERCENT:
    case FORM:
        return make_percent(from, wrap == FORM);
    case HTML:
        return make_html(from);
    case BASE64:
        return make_base64(from);
    case JSON_UTF16:
        inner = make_json_string(from);
        made = make_utf16(inner, false);
        free(inner);
        return made;
    case PLAIN:
    case WRAPS:
        break;
    }
    made = new_made();
    put(made, from->bytes, from->len);
    return made;
}

/* What is said of no form: XML in a URL, XML and bare base64 in base64. */
static bool
can_wrap(enum form form, enum wrap wrap)
{
    if (!is_text(form))
        return wrap == PLAIN;
    if (form >= PEM_STRINGS && form <= PEM_LIST) /* quotes are as they are */
        return wrap == PLAIN || wrap == UTF16LE || wrap == UTF16BE || wrap == BASE64;
    if (form == XML)
        return wrap != PERCENT && wrap != FORM && wrap != BASE64 && wrap != JSON_JSON;
    if (form == BASE64_PKCS8 || form == BASE64_TRADITIONAL)
        return wrap != BASE64;
    return true;
}

static void
fill_noise(uint8_t *bytes, size_t len, unsigned kind)
{
    uint32_t state = 7;

    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = kind == 0 ? 0 : kind == 1 ? (uint8_t)(state >> 24) : (uint8_t) " the quick, brown fox. "[i % 23];
    }
}

#define NOISE 256 /* in zeros the order of UTF-16 is told by the place alone */

/* Once, all of it, and as the key that it is, whatever stands around and wherever it begins. */
static void
check_planted(const struct made *planted, const char *form, const char *thumbprint, const char *state, unsigned noise, size_t shift)
{
    size_t len = planted->len + 2 * NOISE + shift;
    uint8_t *bytes = malloc(len);
    struct seen seen[FINDS_MAX];

    ck_assert_ptr_nonnull(bytes);
    fill_noise(bytes, len, noise);
    memcpy(bytes + NOISE + shift, planted->bytes, planted->len);
    ck_assert_uint_eq(find_keys(bytes, len, seen), 1);
    if (strcmp(form, "traditional") == 0)
        ck_assert(strcmp(seen->form, "pkcs1") == 0 || strcmp(seen->form, "sec1") == 0);
    else
        ck_assert_str_eq(seen->form, form);
    ck_assert_str_eq(seen->thumbprint, thumbprint);
    if (state != ANY_STATE)
        ck_assert_str_eq(seen->state, state);
    ck_assert_uint_ge(seen->begin, NOISE + shift);
    ck_assert_msg(seen->end <= NOISE + shift + planted->len, "enc %d noise %u: ends %zu late: %.8s / %.8s", seen->encoding, noise,
                  seen->end - (NOISE + shift + planted->len), bytes + NOISE + shift + planted->len - 8,
                  bytes + NOISE + shift + planted->len);
    free(bytes);
}

static void
check_form(size_t kind, enum form form)
{
    char thumbprint[64];
    struct made *made = make_form(kind, form);

    thumbprint_of(kind, thumbprint, sizeof(thumbprint));
    for (int wrap = PLAIN; wrap < WRAPS; wrap++) {
        struct made *planted;
        bool has_public = kind < ED25519 || form == JWK || form == JWK_LAST || form == OPENSSH || form == PEM_OPENSSH;

        if (!can_wrap(form, (enum wrap)wrap))
            continue;
        planted = wrap_text(made, (enum wrap)wrap);
        for (unsigned noise = 0; noise < 3; noise++)
            check_planted(planted, form_names[form], thumbprint, has_public ? "proven" : "read", noise, noise % 2);
        free(planted);
    }
    free(made);
}

START_TEST(every_form_is_found_once)
{
    for (size_t kind = 0; kind < KEYS; kind++) {
        if (has_form(kind, (enum form)_i))
            check_form(kind, (enum form)_i);
    }
}
END_TEST

/* A changed bit leaves the very key, where it changed nothing of it, or none: never another. */
START_TEST(damaged_key_is_none_or_the_same)
{
    enum form form = (enum form)_i;
    size_t kind = has_form(RSA_1024, form) ? RSA_1024 : EC_256;
    struct made *made = make_form(kind, form);
    char thumbprint[64];
    struct seen seen[FINDS_MAX];
    size_t lost = 0, tried = 0;

    thumbprint_of(kind, thumbprint, sizeof(thumbprint));
    for (size_t i = 0; i < made->len; i += 1 + made->len / 97) {
        size_t count;

        made->bytes[i] ^= (uint8_t)(1u << (i % 8));
        count = find_keys(made->bytes, made->len, seen);
        for (size_t j = 0; j < count; j++)
            ck_assert_msg(strcmp(seen[j].state, "proven") != 0 || strcmp(seen[j].thumbprint, thumbprint) == 0, "byte %zu", i);
        ck_assert_uint_le(count, 1);
        lost += count == 0;
        tried++;
        made->bytes[i] ^= (uint8_t)(1u << (i % 8));
    }
    ck_assert_uint_gt(lost, tried * 2 / 3);
    free(made);
}
END_TEST

/* Up to the last byte that is needed there is no key; of PEM the END line is not. */
START_TEST(cut_key_is_none)
{
    enum form form = (enum form)_i;
    size_t kind = has_form(RSA_1024, form) ? RSA_1024 : EC_256;
    struct made *made = make_form(kind, form);
    struct seen seen[FINDS_MAX];
    size_t needed = made->len;

    if (form >= PEM_PKCS8 && form <= PEM_OPENSSH && form != OPENSSH)
        needed = (size_t)((uint8_t *)memmem(made->bytes, made->len, "-----END", 8) - made->bytes) - 12;
    if (form == BASE64_PKCS8 || form == BASE64_TRADITIONAL)
        needed -= 3; /* the padding says nothing */
    ck_assert_uint_eq(find_keys(made->bytes, made->len, seen), 1);
    for (size_t len = 0; len < needed; len += len + 40 < needed ? 1 + needed / 50 : 1)
        ck_assert_uint_eq(find_keys(made->bytes, len, seen), 0);
    free(made);
}
END_TEST

static void
check_windows(enum form form, enum wrap wrap)
{
    size_t kind = has_form(RSA_1024, form) ? RSA_1024 : EC_256, count;
    struct made *made = make_form(kind, form), *planted;
    struct seen seen[FINDS_MAX];
    enum tscope_key_anchor anchor = TSCOPE_KEY_ANCHOR_PEM;
    struct tscope_key_place place;
    size_t at = SIZE_MAX;

    planted = wrap_text(made, wrap);
    put(planted, " . ", 3);
    count = find_keys(planted->bytes, planted->len, seen);
    ck_assert_uint_eq(count, 1);
    for (size_t i = 0; at == SIZE_MAX && i + 3 <= planted->len; i++) {
        const struct tscope_window window = {.bytes = planted->bytes, .len = planted->len, .is_last = true};

        for (size_t j = 0; j < TSCOPE_COUNT(anchors) && at == SIZE_MAX; j++) {
            if (memcmp(planted->bytes + i, anchors[j].bytes, 3) == 0 &&
                probe_anew(&window, i, anchors[j].anchor, &place) == TSCOPE_PROBE_FOUND) {
                tscope_found_key_free(place.key);
                anchor = anchors[j].anchor;
                at = i;
            }
        }
    }
    for (size_t len = at + 3; len <= planted->len; len += len + 30 < planted->len ? 1 + planted->len / 60 : 1) {
        uint8_t *copy = exact_copy(planted->bytes, len);
        const struct tscope_window window = {.bytes = copy, .len = len};
        enum tscope_probe probe = probe_anew(&window, at, anchor, &place);

        ck_assert_int_ne(probe, TSCOPE_PROBE_NOTHING);
        if (probe == TSCOPE_PROBE_FOUND) {
            ck_assert_uint_eq(place.begin, seen->begin);
            ck_assert_uint_eq(place.end, seen->end);
            ck_assert_int_eq(place.encoding, seen->encoding);
            tscope_found_key_free(place.key);
        }
        free(copy);
    }
    free(planted);
    free(made);
}

/* A window that ends inside, and is not the last, leaves the question open, whatever was seen. */
START_TEST(window_that_ends_inside_asks_for_more)
{
    for (int wrap = PLAIN; wrap < WRAPS; wrap++) {
        if (can_wrap((enum form)_i, (enum wrap)wrap))
            check_windows((enum form)_i, (enum wrap)wrap);
    }
}
END_TEST

/* What is escaped around base64 belongs to it: the lines of a header in front, the padding behind. */
START_TEST(escaped_surroundings_of_base64_are_read)
{
    struct made *closed = make_pem(keys[RSA_1024], false, "word"), *padded = make_form(EC_256, BASE64_TRADITIONAL);
    const enum wrap wraps[] = {PLAIN, PERCENT, FORM, HTML, JSON};

    ck_assert_uint_eq(padded->bytes[padded->len - 1], '=');
    for (size_t i = 0; i < TSCOPE_COUNT(wraps); i++) {
        struct made *planted = wrap_text(closed, wraps[i]), *alone = wrap_text(padded, wraps[i]);
        struct seen seen[FINDS_MAX];

        check_planted(planted, "pem", "", "recognised", (unsigned)i % 3, i % 2);
        ck_assert_uint_eq(find_keys(alone->bytes, alone->len, seen), 1);
        ck_assert_uint_eq(seen->end, alone->len);
        free(planted);
        free(alone);
    }
    free(closed);
    free(padded);
}
END_TEST

/* Of text in UTF-16 that goes on around a key its neighbours tell the order, wherever it stands. */
START_TEST(order_of_utf16_is_that_of_the_text_around)
{
    struct made *text = make_form(EC_256, PEM_PKCS8), *around = new_made();

    put(around, "key: ", 5);
    put(around, text->bytes, text->len);
    put(around, " end", 4);
    for (int big = 0; big < 2; big++) {
        struct made *wide = make_utf16(around, big);

        for (size_t shift = 8; shift < 10; shift++) { /* bytes that are no text stand in front */
            uint8_t *bytes = malloc(shift + wide->len);
            struct seen seen[FINDS_MAX];

            ck_assert_ptr_nonnull(bytes);
            memset(bytes, 0xfe, shift);
            memcpy(bytes + shift, wide->bytes, wide->len);
            ck_assert_uint_eq(find_keys(bytes, shift + wide->len, seen), 1);
            ck_assert_msg(seen->encoding == (big ? TSCOPE_FIND_ENCODING_UTF16BE : TSCOPE_FIND_ENCODING_UTF16LE), "%d %zu", big, shift);
            ck_assert_uint_eq(seen->begin, shift + 2 * strlen("key: "));
            free(bytes);
        }
        free(wide);
    }
    free(text);
    free(around);
}
END_TEST

START_TEST(closed_keys_are_recognised)
{
    struct made *made[] = {make_pem(keys[RSA_1024], false, "word"), make_pem(keys[EC_256], true, "word"),
                           make_encrypted_pkcs8(keys[EC_256]), make_pfx(keys[EC_256]), make_openssh(keys[ED25519], "aes256-ctr")};
    static const char *const forms[] = {"pem", "pem", "pkcs8-encrypted", "pfx", "openssh"};

    for (size_t i = 0; i < TSCOPE_COUNT(made); i++) {
        check_planted(made[i], forms[i], "", "recognised", (unsigned)i % 3, i % 2);
        free(made[i]);
    }
}
END_TEST

static void
put_dpapi_part(struct made *made, size_t len)
{
    uint8_t bytes[64] = {1};

    put_little(made, len);
    put(made, bytes, len);
}

START_TEST(dpapi_blob_is_recognised)
{
    struct made *made = new_made(), *text;
    struct seen seen[FINDS_MAX];

    put(made, "\1\0\0\0\xd0\x8c\x9d\xdf\x01\x15\xd1\x11\x8c\x7a\x00\xc0\x4f\xc2\x97\xeb\1\0\0\0", 24);
    put(made, "0123456789abcdef\0\0\0\0", 20);
    put_dpapi_part(made, 2);
    put_little(made, 0x6610);
    put_little(made, 256);
    put_dpapi_part(made, 32);
    put_dpapi_part(made, 0);
    put_little(made, 0x800e);
    put_little(made, 512);
    put_dpapi_part(made, 32);
    put_dpapi_part(made, 48);
    put_dpapi_part(made, 64);
    check_planted(made, "dpapi", "", "recognised", 1, 0);
    text = make_base64(made);
    check_planted(text, "dpapi", "", "recognised", 2, 1);
    ck_assert_uint_eq(find_keys(made->bytes, made->len - 1, seen), 0);
    free(text);
    free(made);
}
END_TEST

/* Public halves, certificates, requests and the like: nothing of them is a private key. */
START_TEST(public_material_is_no_key)
{
    struct made *made = new_made(), *wide;
    struct seen seen[FINDS_MAX];

    for (size_t kind = 0; kind < KEYS; kind++) {
        struct made *jwk = make_jwk(keys[kind], kinds[kind].curve, kinds[kind].width, kind % 2, false);
        uint8_t *der = NULL;
        int len = i2d_PUBKEY(keys[kind], &der);
        struct made *bytes = new_made(), *text;

        put(bytes, der, (size_t)len);
        text = make_armour(bytes, "PUBLIC KEY", 64, "\n");
        put(made, der, (size_t)len);
        put(made, text->bytes, text->len);
        put(made, jwk->bytes, jwk->len);
        OPENSSL_free(der);
        free(bytes);
        free(text);
        free(jwk);
    }
    for (size_t kind = RSA_1024; kind <= RSA_3072; kind++) {
        struct made *xml = make_xml(keys[kind], false), *blob = make_cng_rsa(keys[kind], false);

        put(made, xml->bytes, xml->len);
        blob->bytes[3] = '1';
        put(made, blob->bytes, blob->len);
        free(xml);
        free(blob);
    }
    ck_assert_uint_eq(find_keys(made->bytes, made->len, seen), 0);
    made->len /= 2;
    wide = make_utf16(made, false);
    ck_assert_uint_eq(find_keys(wide->bytes, wide->len, seen), 0);
    free(wide);
    free(made);
}
END_TEST

/* Whole in form, but of numbers that do not belong together. */
START_TEST(numbers_of_two_keys_are_none)
{
    EVP_PKEY *other = EVP_RSA_gen(1024);
    struct made *one = make_cng_rsa(keys[RSA_1024], _i == 1), *two = make_cng_rsa(other, _i == 1);
    struct seen seen[FINDS_MAX];

    ck_assert_uint_eq(find_keys(one->bytes, one->len, seen), 1);
    for (size_t at = 24; at + 64 <= one->len; at += 64) {
        uint8_t kept[64];

        memcpy(kept, one->bytes + at, 64);
        memcpy(one->bytes + at, two->bytes + at, 64);
        ck_assert_uint_eq(find_keys(one->bytes, one->len, seen), 0);
        memcpy(one->bytes + at, kept, 64);
    }
    EVP_PKEY_free(other);
    free(one);
    free(two);
}
END_TEST

/* n and e of one key, and members of it or of another. */
static struct made *
make_partial_jwk(EVP_PKEY *key, EVP_PKEY *other, const char *members)
{
    struct made *made = new_made();
    uint8_t bytes[2048];

    put_text(made, "{\"kty\":\"RSA\"");
    for (size_t i = 0; i < TSCOPE_COUNT(rsa_names); i++) {
        char name[8];

        snprintf(name, sizeof(name), " %s ", rsa_names[i].name);
        if (i < 2 || strstr(members, name))
            put_member(made, rsa_names[i].name, bytes, number_of(i < 2 ? key : other, rsa_names[i].parameter, 0, bytes));
    }
    put_text(made, "}");
    return made;
}

/* Whoever has a prime has the key, whether "d" is there or not: all of it follows, or it is none. */
START_TEST(jwk_without_exponent_is_found)
{
    static const struct {
        const char *members;
        bool is_key;
    } rows[] = {{" p q ", true}, {" p q dp dq qi ", true}, {" p ", true},
                {" q ", true},   {" p q qi ", true},       {" d ", true},
                {" ", false},    {" dp dq qi ", false},    {" d p q dp dq qi ", true}};
    EVP_PKEY *other = EVP_RSA_gen(1024);
    char thumbprint[64];

    thumbprint_of(RSA_1024, thumbprint, sizeof(thumbprint));
    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        struct made *made = make_partial_jwk(keys[RSA_1024], keys[RSA_1024], rows[i].members);
        struct made *mixed = make_partial_jwk(keys[RSA_1024], other, rows[i].members);
        struct seen seen[FINDS_MAX];

        ck_assert_msg(find_keys(made->bytes, made->len, seen) == rows[i].is_key, "%s", rows[i].members);
        if (rows[i].is_key) {
            ck_assert_str_eq(seen->state, "proven");
            ck_assert_str_eq(seen->form, "jwk");
            ck_assert_str_eq(seen->thumbprint, thumbprint);
            ck_assert_uint_eq(seen->begin, 0);
            ck_assert_uint_eq(seen->end, made->len);
        }
        ck_assert_uint_eq(find_keys(mixed->bytes, mixed->len, seen), 0);
        free(made);
        free(mixed);
    }
    EVP_PKEY_free(other);
}
END_TEST

START_TEST(secret_is_read_in_a_jwk_alone)
{
    static const struct {
        const char *text;
        size_t keys;
    } rows[] = {
        {"{\"kty\":\"oct\",\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\"}", 1},
        {"{\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\",\"alg\":\"HS256\",\"kty\":\"oct\"}", 1},
        {"{'kty': 'oct', 'k': 'c2VjcmV0LW9mLXRoaXMtdGVzdA'}", 1},
        {"{\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\"}", 0},
        {"{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}", 0}, /* six bytes */
        {"{\"kty\":\"RSA\",\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\"}", 0},
        {"{\"kty\":\"oct\",\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\"", 0},
        {"{\"kty\":\"oct\",\"k\":\"c2Vj*mV0LW9mLXRoaXMtdGVzdA\"}", 0},
        {"{\"jwk\":{\"kty\":\"oct\",\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\",\"ext\":{}},\"kty\":\"oct\"}", 1},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        struct seen seen[FINDS_MAX];

        ck_assert_msg(find_keys((const uint8_t *)rows[i].text, strlen(rows[i].text), seen) == rows[i].keys, "%s", rows[i].text);
        if (rows[i].keys) {
            ck_assert_str_eq(seen->state, "read");
            ck_assert_str_eq(seen->component, "secret");
            ck_assert_str_eq(seen->thumbprint, "");
        }
    }
}
END_TEST

/* One behind the other, without anything between: each of them, none swallowed. */
START_TEST(neighbours_are_all_found)
{
    struct made *made = new_made();
    struct seen seen[FINDS_MAX];
    size_t count = 0;

    for (int form = 0; form < FORMS; form++) {
        struct made *one;

        if (!has_form(EC_256, (enum form)form) || form == BASE64_PKCS8 || form == BASE64_TRADITIONAL)
            continue;
        one = make_form(EC_256, (enum form)form);
        put(made, one->bytes, one->len);
        free(one);
        count++;
    }
    ck_assert_uint_eq(find_keys(made->bytes, made->len, seen), count);
    free(made);
}
END_TEST

/* The bytes in front of a key, as programs hold them, and text, zeros or code behind. */
START_TEST(prefix_alone_is_no_key)
{
    static const char rests[][40] = {"N)\x0f\xda\tbytearrayr\x13\0\0\0\xe9\x10\0\0\0r\x07\0\0\0\xa9", "the private key is written here ",
                                     "\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0\7\0\0\0\10\0\0"};
    uint8_t bytes[48] = "\x30\x2e\2\1\0\x30\5\6\3\x2b\x65\x70\4\x22\4\x20";
    struct seen seen[FINDS_MAX];

    for (size_t i = 0; i < TSCOPE_COUNT(rests); i++) {
        memcpy(bytes + 16, rests[i], 32);
        ck_assert_uint_eq(find_keys(bytes, sizeof(bytes), seen), 0);
    }
}
END_TEST

/* A private number without its public half is proven by a published key that it belongs to. */
START_TEST(known_key_proves_a_number)
{
    struct made *jwk = make_jwk(keys[ED25519], "Ed25519", 32, false, false), *der = make_pkcs8(keys[ED25519]);
    tscope_keyring *keyring = new_keyring();
    tscope_key_finder *before = finder;
    struct seen seen[FINDS_MAX];

    ck_assert_int_eq(try_add(keyring, jwk->bytes, jwk->len, NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    ck_assert_int_eq(tscope_key_finder_new(keyring, &finder, NULL), TSCOPE_OK);
    ck_assert_uint_eq(find_keys(der->bytes, der->len, seen), 1);
    ck_assert_str_eq(seen->state, "proven");
    tscope_key_finder_free(finder);
    finder = before;
    ck_assert_uint_eq(find_keys(der->bytes, der->len, seen), 1);
    ck_assert_str_eq(seen->state, "read");
    tscope_keyring_free(keyring);
    free(jwk);
    free(der);
}
END_TEST

static tscope_found_key *
find_first(const struct made *made)
{
    const struct tscope_window window = {.bytes = made->bytes, .len = made->len, .is_last = true};
    struct tscope_key_place place;

    for (size_t at = 0; at + 3 <= made->len; at++) {
        for (size_t i = 0; i < TSCOPE_COUNT(anchors); i++) {
            if (memcmp(made->bytes + at, anchors[i].bytes, 3) == 0 &&
                probe_anew(&window, at, anchors[i].anchor, &place) == TSCOPE_PROBE_FOUND)
                return place.key;
        }
    }
    ck_abort_msg("no key");
    return NULL;
}

/* What is revealed is the key again, in either format. */
START_TEST(revealed_key_is_the_key)
{
    static const char *const formats[] = {"pem", "jwk"};
    struct made *made = make_form((size_t)_i, (size_t)_i <= RSA_3072 ? CNG : PKCS8);
    tscope_found_key *key = find_first(made);
    char thumbprint[64];

    thumbprint_of((size_t)_i, thumbprint, sizeof(thumbprint));
    for (size_t i = 0; i < TSCOPE_COUNT(formats); i++) {
        struct made *again = new_made();
        struct seen seen[FINDS_MAX];
        char *text = NULL;
        size_t len = 0;

        ck_assert_int_eq(tscope_found_key_reveal(key, formats[i], &text, &len, NULL), TSCOPE_OK);
        ck_assert_uint_eq(len, strlen(text));
        put(again, text, len);
        ck_assert_uint_eq(find_keys(again->bytes, again->len, seen), 1);
        ck_assert_str_eq(seen->form, formats[i]);
        ck_assert_str_eq(seen->thumbprint, thumbprint);
        tscope_free(text);
        free(again);
    }
    tscope_found_key_free(key);
    free(made);
}
END_TEST

START_TEST(what_is_not_at_hand_is_not_revealed)
{
    struct made *made = make_pfx(keys[EC_256]);
    tscope_found_key *key = find_first(made);
    struct tscope_error err = {0};
    char *text = NULL;
    size_t len = 0;

    ck_assert_int_eq(tscope_found_key_reveal(key, "pem", &text, &len, &err), TSCOPE_ERR_UNSUPPORTED);
    ck_assert_ptr_null(text);
    ck_assert_int_eq(tscope_found_key_reveal(key, "der", &text, &len, NULL), TSCOPE_ERR_ARGUMENT);
    tscope_found_key_free(key);
    free(made);
}
END_TEST

/* ---- text and bytes full of what begins like a key */

#define HOSTILE_LEN (2u * TSCOPE_KEY_EFFORT_BLOCK)
#define PASSED_MAX 40u /* characters a byte: what is read may come to nothing in 32, and the least that a place is looked at in */

static const struct {
    const char *text;
    size_t len;
} hostile[] = {
#define HOSTILE(text)          \
    {                          \
        text, sizeof(text) - 1 \
    }
    HOSTILE("-----BEGIN PRIVATE KEY-----"),
    HOSTILE("-----BEGIN PRIVATE KEY-----MIIE"),
    HOSTILE("-----BEGIN PRIVATE KEY-----\"+\""),
    HOSTILE("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"),
    HOSTILE("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: "),
    HOSTILE("-----BEGIN "),
    HOSTILE("\"kty\":"),
    HOSTILE("{\"kty\":\"oct\","),
    HOSTILE("{\"kty\":{\"d\":1,"),
    HOSTILE("{\"kty\":\"RSA\",\"d\":\"\"}"),
    HOSTILE("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"d\":\"AQAB\"}"),
    HOSTILE("{\\\"kty\\\":\\\"RSA\\\",\\\"d\\\":"),
    HOSTILE("%7B%22kty%22:%22RSA%22,%22d%22"),
    HOSTILE("{&quot;kty&quot;:&quot;RSA&quot;,&quot;d&quot;"),
    HOSTILE("{'kty':'RSA','d':"),
    HOSTILE("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"),
    HOSTILE("MIIEvwIBAD"),
    HOSTILE("MIGHAgEA"),
    HOSTILE("MC4CAQA"),
    HOSTILE("<RSAKeyValue>"),
    HOSTILE("<RSAKeyValue><Modulus>AQAB</Modulus><D>AQ"),
    HOSTILE("&lt;RSAKeyValue&gt;"),
    HOSTILE("b3BlbnNzaC1rZXktdjE"),
    HOSTILE("AQAAANCMnd8BFdERjHoAwE"),
    HOSTILE("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t"),
    HOSTILE("YS0tLS0tQkVHSU4gUFJJVkFURSBLRVktLS0t"),
    HOSTILE("a3R5"),
    HOSTILE("Imt0eSI6"),
    HOSTILE("eyJrdHkiOiJvY3QiLCJkIjoiQUFBIn0g"),
    HOSTILE("ECDV\x20\0\0\0\1"),
    HOSTILE("ECS2\x20\0\0\0\1\2\3"),
    HOSTILE("\x30\x77\x02\x01\x01\x04\x20"),
    HOSTILE("\x30\x82\x04\x00\x02\x01\x00\x02\x82\x01\x01"),
#undef HOSTILE
};

static uint8_t *
repeat(const char *text, size_t text_len, size_t stride)
{
    uint8_t *bytes = calloc(HOSTILE_LEN, 1);

    for (size_t i = 0; i * stride < HOSTILE_LEN; i++)
        bytes[i * stride] = (uint8_t)text[i % text_len];
    return bytes;
}

/* However dense false starts are, in bytes and in UTF-16, what is read and proven for them is bounded for each byte of input. */
START_TEST(hostile_text_costs_little)
{
    for (size_t stride = 1; stride <= 2; stride++) {
        uint8_t *bytes = repeat(hostile[_i].text, hostile[_i].len, stride);
        uint64_t passed = finder->text.passed + finder->inner.passed, proofs = finder->proofs;
        struct seen seen[FINDS_MAX];

        ck_assert_uint_eq(find_keys(bytes, HOSTILE_LEN, seen), 0);
        passed = finder->text.passed + finder->inner.passed - passed;
        ck_assert_msg(passed <= (uint64_t)PASSED_MAX * HOSTILE_LEN, "%s: %llu characters a byte", hostile[_i].text,
                      (unsigned long long)(passed / HOSTILE_LEN));
        proofs = finder->proofs - proofs;
        ck_assert_msg(proofs <= HOSTILE_LEN / 128, "%s: %llu proofs", hostile[_i].text, (unsigned long long)proofs);
        free(bytes);
    }
}
END_TEST

#define FALSE_BLOBS 102u /* of P-256: each proof counts as 20 * 32^2 of the work of a block */

/* A key behind false ones, in the same block of the stream: found for as long as there is room to prove it; in the next one, always. */
START_TEST(false_starts_hide_no_key_up_to_the_bound)
{
    struct made *made = make_cng_ec(keys[EC_256], "ECS2", 32);
    size_t blobs = FALSE_BLOBS - 2 + (size_t)_i, at = blobs * made->len;
    uint8_t *bytes = calloc(2 * TSCOPE_KEY_EFFORT_BLOCK, 1);
    struct seen seen[FINDS_MAX];
    uint64_t left_out = UINT64_MAX;

    for (size_t i = 0; i < blobs; i++) {
        memcpy(bytes + i * made->len, made->bytes, made->len);
        bytes[(i + 1) * made->len - 1] ^= 1;
    }
    memcpy(bytes + at, made->bytes, made->len);
    memcpy(bytes + TSCOPE_KEY_EFFORT_BLOCK, made->bytes, made->len);
    ck_assert_uint_eq(find_keys(bytes, 2 * TSCOPE_KEY_EFFORT_BLOCK, seen), blobs < FALSE_BLOBS ? 2 : 1);
    ck_assert_uint_eq(seen[0].begin, blobs < FALSE_BLOBS ? at : TSCOPE_KEY_EFFORT_BLOCK);
    ck_assert_int_eq(tscope_key_finder_left_out(finder, &left_out), blobs >= FALSE_BLOBS);
    ck_assert_uint_eq(left_out, blobs < FALSE_BLOBS ? UINT64_MAX : 0);
    free(bytes);
    free(made);
}
END_TEST

/* Whole keys cost nothing of it, however many there are. */
START_TEST(many_keys_are_all_found)
{
    struct made *made = make_form(has_form(EC_256, (enum form)_i) ? EC_256 : RSA_1024, (enum form)_i);
    const struct tscope_window window = {.bytes = made->bytes, .len = made->len, .is_last = true};
    struct tscope_key_place place;
    size_t found = 0;

    tscope_key_finder_begin(finder);
    for (size_t round = 0; round < 600; round++) {
        for (size_t at = 0, covered = 0; at + 3 <= made->len; at++) {
            for (size_t i = 0; i < TSCOPE_COUNT(anchors); i++) {
                if (at < covered || memcmp(made->bytes + at, anchors[i].bytes, 3) != 0 ||
                    tscope_key_probe(finder, &window, at, anchors[i].anchor, &place) != TSCOPE_PROBE_FOUND)
                    continue;
                covered = place.end;
                found++;
                tscope_found_key_free(place.key);
            }
        }
    }
    ck_assert_uint_eq(found, 600);
    free(made);
}
END_TEST

START_TEST(every_failed_allocation_is_said)
{
    struct made *made = make_form(RSA_1024, (enum form)_i);
    const struct tscope_window window = {.bytes = made->bytes, .len = made->len, .is_last = true};
    struct tscope_key_place place;

    for (size_t at = 0; at + 3 <= made->len; at++) {
        for (size_t i = 0; i < TSCOPE_COUNT(anchors); i++) {
            enum tscope_probe probe = TSCOPE_PROBE_NO_MEMORY;

            if (memcmp(made->bytes + at, anchors[i].bytes, 3) != 0 ||
                probe_anew(&window, at, anchors[i].anchor, &place) != TSCOPE_PROBE_FOUND)
                continue;
            tscope_found_key_free(place.key);
            for (unsigned long n = 1; probe == TSCOPE_PROBE_NO_MEMORY; n++) {
                tscope_alloc_fail_from(n);
                probe = probe_anew(&window, at, anchors[i].anchor, &place);
                tscope_alloc_fail_from(0);
                ck_assert_uint_lt(n, 100);
            }
            ck_assert_int_eq(probe, TSCOPE_PROBE_FOUND);
            tscope_found_key_free(place.key);
            free(made);
            return;
        }
    }
    ck_abort_msg("no key");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("key_probe");
    TCase *forms = tcase_create("forms"), *others = tcase_create("others");
    int failed;

    if (tscope_key_finder_new(NULL, &finder, NULL) != TSCOPE_OK)
        return EXIT_FAILURE;
    for (size_t kind = 0; kind < KEYS; kind++)
        keys[kind] = make_key(kind);
    tcase_set_timeout(forms, 600);  /* sanitizers are slow */
    tcase_set_timeout(others, 600); /* sanitizers are slow */
    tcase_add_loop_test(forms, every_form_is_found_once, 0, FORMS);
    tcase_add_loop_test(forms, damaged_key_is_none_or_the_same, 0, FORMS);
    tcase_add_loop_test(forms, cut_key_is_none, 0, FORMS);
    tcase_add_loop_test(forms, window_that_ends_inside_asks_for_more, 0, FORMS);
    tcase_add_test(others, escaped_surroundings_of_base64_are_read);
    tcase_add_test(others, order_of_utf16_is_that_of_the_text_around);
    tcase_add_test(others, closed_keys_are_recognised);
    tcase_add_test(others, dpapi_blob_is_recognised);
    tcase_add_test(others, public_material_is_no_key);
    tcase_add_loop_test(others, numbers_of_two_keys_are_none, 0, 2);
    tcase_add_test(others, jwk_without_exponent_is_found);
    tcase_add_test(others, secret_is_read_in_a_jwk_alone);
    tcase_add_test(others, neighbours_are_all_found);
    tcase_add_test(others, prefix_alone_is_no_key);
    tcase_add_test(others, known_key_proves_a_number);
    tcase_add_loop_test(others, revealed_key_is_the_key, 0, KEYS);
    tcase_add_test(others, what_is_not_at_hand_is_not_revealed);
    tcase_add_loop_test(others, hostile_text_costs_little, 0, (int)TSCOPE_COUNT(hostile));
    tcase_add_loop_test(others, false_starts_hide_no_key_up_to_the_bound, 0, 3);
    tcase_add_loop_test(others, many_keys_are_all_found, 0, FORMS);
    tcase_add_loop_test(others, every_failed_allocation_is_said, 0, FORMS);
    suite_add_tcase(suite, forms);
    suite_add_tcase(suite, others);
    failed = run_suite(suite);
    for (size_t kind = 0; kind < KEYS; kind++)
        EVP_PKEY_free(keys[kind]);
    tscope_key_finder_free(finder);
    return failed;
}
