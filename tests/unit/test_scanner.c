/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_testing.h"

#include "scan_samples.h"

#include "token_testing.h"

/* What is found in a text, one line a find: encoding, a space, the decoded token. */
static void
note_text(void *user, const struct tscope_find *find)
{
    struct tscope_buffer *text = user;

    ck_assert_int_eq(find->kind, TSCOPE_FIND_TOKEN);
    ck_assert_ptr_null(find->key);
    if (text->len > 0)
        tscope_buffer_append_byte(text, '|');
    if (find->encoding != TSCOPE_FIND_ENCODING_ASCII)
        tscope_buffer_append_format(text, "%s:", tscope_find_encoding_name(find->encoding));
    tscope_buffer_append(text, find->bytes, find->bytes_len);
}

#define JWE "eyJlbmMiOiJBMTI4R0NNIiwiYWxnIjoiZGlyIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"
#define NAMELESS "eyJraWQiOiJ4In0." PAYLOAD "." SIGNATURE /* no algorithm */
#define UNSECURED "eyJhbGciOiJub25lIn0." PAYLOAD "."
#define SPACED "eyAiYWxnIjoiSFMyNTYifQ." PAYLOAD "." SIGNATURE
#define OTHER_ORDER "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9." PAYLOAD "." SIGNATURE
#define LINES "ewogICJhbGciOiAiSFMyNTYiCn0." PAYLOAD "." SIGNATURE
#define CARRIAGE "ew0KICAiYWxnIjogIkhTMjU2Ig0KfQ." PAYLOAD "." SIGNATURE
#define TAB "ewkiYWxnIjogIkhTMjU2In0." PAYLOAD "." SIGNATURE
#define STANDARD "AAECAwQFBgcICQoL+/0ODxAREhMUFRYXGBkaGxwdHh8" /* in the standard alphabet */
#define DAMAGED "eyJhbGciOiJIUzI1NiIsImtpZCI6InZ_In0g-w." PAYLOAD "." SIGNATURE
#define SD TOKEN "~WyJzIiwiYSIsMV0~WyJ0IiwiYiIsMl0~"
#define TICKET "EwAIA8l6BAAUkj1NuJYtTVha+Mogk+HEiPbQo04AAQAAEGb3Qw=="
#define REFRESH "0.AVYAXyCrJXv8SkmcOEHZMGLtGgcAAAAAAAAAwAAAAAAAAADkAAA.AgABAAEAAADnfolhJpSnRYB1SVj-Hgd8AgDs_wQA"
#define COOKIE "1.AVYAXyCrJXv8SkmcOEHZMGLtGgcAAAAAAAAAwAAAAAAAAADkAAA.AgABAAEAAADnfolhJpSnRYB1SVj-Hgd8AgDs_wQA"
#define ACCOUNT "M.C507_BL2.0.U.-CjPqRs!tUvWxYz0123456789*AbCdEfGhIjKlMnOpQrStUvWxYz$$"
#define ACCOUNT_OLD "M.R3_BAY.-CjPqRs!tUvWxYz0123456789*AbCdEfGhIjKlMnOpQrStUvWxYz"
#define UNMARKED "EwBwAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define FORTY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"
#define TWICE FORTY FORTY
#define ELLIPTIC "eyJhbGciOiJFUzI1NiJ9." PAYLOAD "."
#define RSA "eyJhbGciOiJSUzI1NiJ9." PAYLOAD "."
#define MODULUS TWICE TWICE TWICE TWICE "AAAAAAAAAAAAAAAAAAAAA" /* a letter less than 2048 bits have */
#define FLATTENED "{\"payload\":\"" PAYLOAD "\",\"protected\":\"" HEADER "\",\"signature\":\"" SIGNATURE "\"}"
#define GENERAL                                                                                                    \
    "{\"payload\":\"" PAYLOAD "\",\"signatures\":[{\"protected\":\"" HEADER "\",\"signature\":\"" SIGNATURE "\"}," \
    "{\"header\":{\"alg\":\"HS256\",\"kid\":\"k\"},\"signature\":\"" SIGNATURE "\"}]}"
#define ENCRYPTED                                                                                                           \
    "{ \"protected\" : \"eyJlbmMiOiJBMTI4R0NNIiwiYWxnIjoiZGlyIn0\", \"iv\":\"AAAAAAAAAAAAAAAA\", \"ciphertext\":\"AAAA\", " \
    "\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA\" }"

static const struct {
    const char *text, *finds;
} texts[] = {
    {"", ""},
    {"no token at all, nor here: eyJ, eyJh.", ""},
    {TOKEN, TOKEN},
    {TOKEN "\n" TOKEN "\n", TOKEN "|" TOKEN},
    {TOKEN "," TOKEN ";" TOKEN, TOKEN "|" TOKEN "|" TOKEN},
    {"a=" TOKEN "&b=" TOKEN "&c=d", TOKEN "|" TOKEN},
    /* members in any order, white space in front of the first */
    {OTHER_ORDER " " SPACED " " LINES " " CARRIAGE " " TAB, OTHER_ORDER "|" SPACED "|" LINES "|" CARRIAGE "|" TAB},
    {UNSECURED "\"", UNSECURED},
    {JWE "\"", JWE},
    {NAMELESS, NAMELESS},
    {"jwt." TOKEN " x" TOKEN " A_-" TOKEN, TOKEN "|" TOKEN "|" TOKEN},
    {"/download/" TOKEN "/file.pdf", TOKEN},
    {"It is " TOKEN ". And", TOKEN},
    {"at%3D%22" TOKEN "%22 line\\n" TOKEN "\\n", TOKEN "|" TOKEN},
    /* next to each other without anything between */
    {TOKEN TOKEN, TOKEN "|" TOKEN},
    {UNSECURED TOKEN TOKEN, UNSECURED "|" TOKEN "|" TOKEN},
    /* letters behind a signature, whose length the algorithm tells; where it does not, they stay with it */
    {"GET /verify/" TOKEN "-1 HTTP", TOKEN},
    {TOKEN "_suffix", TOKEN},
    {TOKEN "suffix", TOKEN "suffix"},
    {TOKEN "-" TOKEN "_end", TOKEN "|" TOKEN},
    {"x%2E" TOKEN "%2D1%20", TOKEN},
    {TOKEN "-1~WyJzIiwiYSIsMV0~ ", TOKEN "-1~WyJzIiwiYSIsMV0~"},
    {TOKEN "_AECAwQFBgcICQoLDA0OD ", TOKEN "_AECAwQFBgcICQoLDA0OD"}, /* as long as one of HS384 */
    {HEADER "." PAYLOAD "." FORTY "AA9_suffix", HEADER "." PAYLOAD "." FORTY "AA9_suffix"},
    {ELLIPTIC TWICE "AAAAAQ"
                    "suffix",
     ELLIPTIC TWICE "AAAAAQ"},
    {ELLIPTIC TWICE "AAAAAR"
                    "suffix",
     ELLIPTIC TWICE "AAAAAR"
                    "suffix"},
    {ELLIPTIC "MEUCIQ" TWICE "AAAAAAAA", ELLIPTIC "MEUCIQ" TWICE "AAAAAAAA"}, /* DER */
    {RSA MODULUS "g-1", RSA MODULUS "g"},
    {RSA MODULUS "gmemory", RSA MODULUS "g"},
    {RSA MODULUS "hmemory", RSA MODULUS "hmemory"},
    {RSA MODULUS "g-" FORTY "A ", RSA MODULUS "g-" FORTY "A"}, /* of 2304 bits */
    /* signatures that are not there */
    {"\"" HEADER "." PAYLOAD "\"", HEADER "." PAYLOAD},
    {"\"" HEADER "." PAYLOAD ".\"", HEADER "." PAYLOAD "."},
    {"\"" HEADER "." PAYLOAD ".redacted\"", HEADER "." PAYLOAD ".redacted"},
    {"\"" HEADER "." PAYLOAD ".***\"", HEADER "." PAYLOAD ".***"},
    {"\"" HEADER "." PAYLOAD ".AAEC\"", HEADER "." PAYLOAD ".AAEC"},
    {"\"" HEADER ".eyJpc3Mi\"", HEADER ".eyJpc3Mi"},
    /* a payload that is no object, and none */
    {HEADER ".aGVsbG8." SIGNATURE, HEADER ".aGVsbG8." SIGNATURE},
    {HEADER ".." SIGNATURE, HEADER ".." SIGNATURE},
    {HEADER ".com", ""},
    {"\"" HEADER ".***." SIGNATURE "\"", HEADER ".***." SIGNATURE},
    {"/" HEADER "." PAYLOAD "." STANDARD "\"x", HEADER "." PAYLOAD "." STANDARD},
    /* padding, damage */
    {"t=" HEADER "=." PAYLOAD "==." SIGNATURE "=&", HEADER "=." PAYLOAD "==." SIGNATURE "="},
    {DAMAGED, DAMAGED},
    {SD " " TOKEN, SD "|" TOKEN},
    {SD TOKEN " " TOKEN, SD TOKEN "|" TOKEN},
    /* no header: a payload, a cookie of another kind, an object without a key or an algorithm, parts alone */
    {PAYLOAD "." SIGNATURE " eyJhIjoxfQ." PAYLOAD "." SIGNATURE, ""},
    {"eyJfcGVybWFuZW50Ijp0cnVlfQ.ZabcDE.AAECAwQFBgcICQoLDA0ODxAREhM", ""},
    {PAYLOAD " " HEADER " " HEADER "\n.x " TOKEN, TOKEN},
    /* Microsoft's opaque ones */
    {"rt=" REFRESH "&t=" TICKET "&x=0.A1; ESTSAUTH=" COOKIE "; x", REFRESH "|" TICKET "|" COOKIE},
    {"\"refresh_token\":\"" ACCOUNT "\",\"t\":\"" ACCOUNT_OLD "\"", ACCOUNT "|" ACCOUNT_OLD},
    {"{\"access_token\":\"" UNMARKED "\"}", UNMARKED},
    {"{\"image\":\"" UNMARKED "\"} 10.AVYAXyCrJXv8SkmcOEHZMGLtGgcAAAAAAAAAwAAAAAAAAADkAAA.AgABAAEAAADnfolhJpSnRYB1SVj-Hgd8AgDs_wQA", ""},
    {"0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AgABAAEAAADnfolhJpSnRYB1SVj-Hgd8AgDs_wQA", ""},
    /* serialisations; what is in one is no token of its own */
    {"x " FLATTENED " y", FLATTENED},
    {"x " GENERAL " y " FLATTENED, GENERAL "|" FLATTENED},
    {"[" ENCRYPTED "]", ENCRYPTED},
    {"{\"payload\":\"e30\",\"protected\":\"ey3%69%4f%69%4a%49\",\"signature\":\"AAAA\"}", ""},
    {"{\"a\":[{\"b\":" FLATTENED ",\"c\":" GENERAL "}]}", FLATTENED "|" GENERAL},
    {"{\"payloadType\":\"x\",\"payload\":\"e30\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"AAAA\"}]}", ""},
    {"{\"signature\":\"AAAA\",\"payload\":\"e30\"} \"signature\":\"" SIGNATURE "\"", ""},
};

START_TEST(tokens_are_found)
{
    const char *text = texts[_i].text;
    size_t len = strlen(text);

    for (size_t step = 1; step <= len + 1; step++) {
        struct tscope_buffer found = {.data = NULL};
        TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_text, &found);

        scan_in_steps(scanner, (const uint8_t *)text, len, step);
        tscope_buffer_append_byte(&found, '\0');
        ck_assert_str_eq((const char *)found.data, texts[_i].finds);
        tscope_buffer_clear(&found);
    }
}
END_TEST

/* A reader of one find. */
struct one_find {
    unsigned len;
    struct tscope_find find;
    char text[32768];
};

static void
note_one(void *user, const struct tscope_find *find)
{
    struct one_find *one = user;

    one->len++;
    one->find = *find;
    ck_assert_uint_lt(find->bytes_len, sizeof(one->text));
    memcpy(one->text, find->bytes, find->bytes_len);
    one->text[find->bytes_len] = '\0';
}

static void
check_token(const struct scan_sample *sample, struct tscope_span token, struct tscope_span before, struct tscope_span behind)
{
    struct tscope_buffer text = {.data = NULL};
    struct one_find one = {.len = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_one, &one);
    size_t len;

    tscope_buffer_append(&text, before.data, before.len);
    sample->write(&text, token);
    len = text.len - before.len;
    tscope_buffer_append(&text, behind.data, behind.len);
    scan_in_steps(scanner, text.data, text.len, text.len);
    ck_assert_msg(one.len == 1, "%s behind %zu bytes: %u finds", sample->name, before.len, one.len);
    ck_assert_uint_eq(one.find.bytes_len, token.len);
    ck_assert_mem_eq(one.text, token.data, token.len);
    ck_assert_str_eq(tscope_find_encoding_name(one.find.encoding), tscope_find_encoding_name(sample->encoding));
    ck_assert_uint_eq(one.find.offset, before.len);
    ck_assert_uint_eq(one.find.length, len);
    tscope_buffer_clear(&text);
}

START_TEST(tokens_are_found_in_each_encoding)
{
    static const char *const around[][2] = {
        {"", ""},
        {"\xff\x01\x02", "\x81\x82\x83"},
        {"\x80\x90", "\x01\xff\xff"},
        {"\x80\x90\x01\x02\x03\x04\xff", "\x01\xff\xff"},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(around); i++)
        check_token(&scan_samples[_i], tscope_span_text(TOKEN), tscope_span_text(around[i][0]), tscope_span_text(around[i][1]));
}
END_TEST

#define RSA_TOKEN RSA MODULUS "g"

static const struct {
    const char *token;
    size_t width;
    const char *between, *behind;
} folds[] = {
    /* a mail's text, another header, a line of dashes, an indented line; by where the last line ends */
    {TOKEN, 23, "=\r\n", "\r\nNext line\r\n"},
    {TOKEN, 23, "=\r\n", "=\r\nNext line\r\n"},
    {TOKEN, 30, "\r\n ", "\r\nX-Y: z\r\n"},
    {TOKEN, 30, "\r\n ", "\r\nCookie: a=b\r\n"},
    {TOKEN, 17, "\n", "\n-- \nJoe\n"},
    {TOKEN, 31, "\n", "\n Next\n"},
    {TOKEN, 40, "\\\n", "\\\nNext\n"},
    {TOKEN, 17, "\n", "\nNext\nline\nafter\nline\n"},
    {TOKEN, 17, "\n", "\neyJub3QiOiJhIGp3dCJ9\n"},
    {RSA_TOKEN, 70, "\n", "\nNext"},
    {RSA_TOKEN, 76, "=\r\n", "\r\nword"},
    {JWE, 30, "\r\n ", "\r\nX-Y: z\r\n"},
    {JWE, 17, "\n", "\n-- \n"},
};

/* The first word behind a token over lines is none of it, wherever windows end. */
START_TEST(folded_tokens_end_at_lines)
{
    struct tscope_span token = tscope_span_text(folds[_i].token);
    struct tscope_buffer text = {.data = NULL};
    size_t len;

    write_lines(&text, token, folds[_i].width, folds[_i].between);
    len = text.len;
    tscope_buffer_append_text(&text, folds[_i].behind);
    for (size_t step = 1; step <= text.len + 1; step++) {
        struct one_find one = {.len = 0};
        TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_one, &one);

        scan_in_steps(scanner, text.data, text.len, step);
        ck_assert_uint_eq(one.len, 1);
        ck_assert_str_eq(one.text, folds[_i].token);
        ck_assert_int_eq(one.find.encoding, TSCOPE_FIND_ENCODING_FOLDED);
        ck_assert_uint_eq(one.find.offset + one.find.length, len);
    }
    tscope_buffer_clear(&text);
}
END_TEST

#define LONG_PAYLOAD "eyJpc3MiOiJqb2UiLCJzdWIiOiJhIGxvbmcgbmFtZSwgc28gdGhhdCBsaW5lcyBhcmUgZnVsbCIsImV4cCI6MX0"
#define MAIL_TEXT "In what follows is a token that is not whole: "

static const struct {
    const char *text, *find;
} soft_folds[] = {
    /* stripped, redacted and cut, over two and three lines of a mail */
    {HEADER "." LONG_PAYLOAD " and", HEADER "." LONG_PAYLOAD},
    {HEADER "." LONG_PAYLOAD ".redacted and", HEADER "." LONG_PAYLOAD ".redacted"},
    {MAIL_TEXT HEADER "." LONG_PAYLOAD ".AAEC, and", HEADER "." LONG_PAYLOAD ".AAEC"},
};

/* A line that quoted-printable cut goes on in the next one, whatever the token is. */
START_TEST(soft_line_ends_are_read_through)
{
    struct tscope_buffer text = {.data = NULL};

    tscope_buffer_append_text(&text, "Hello\r\n");
    write_lines(&text, tscope_span_text(soft_folds[_i].text), 75, "=\r\n");
    tscope_buffer_append_text(&text, "\r\nNext\r\n");
    for (size_t step = 1; step <= text.len + 1; step++) {
        struct one_find one = {.len = 0};
        TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_one, &one);

        scan_in_steps(scanner, text.data, text.len, step);
        ck_assert_uint_eq(one.len, 1);
        ck_assert_str_eq(one.text, soft_folds[_i].find);
    }
    tscope_buffer_clear(&text);
}
END_TEST

/* Of a line that is no whole token nothing goes on in the next one that does not make it whole there. */
START_TEST(words_are_not_joined)
{
    static const char *const tokens[] = {HEADER "." PAYLOAD ".AAEC", HEADER "." PAYLOAD ".redacted", HEADER "." PAYLOAD "." SIGNATURE "AB"};
    struct tscope_buffer text = {.data = NULL};
    struct one_find one = {.len = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_one, &one);

    tscope_buffer_append_format(&text, "%s%s\nNext line\n", tokens[_i % 3], _i < 3 ? "" : "=");
    scan_in_steps(scanner, text.data, text.len, text.len);
    ck_assert_uint_eq(one.len, 1);
    ck_assert_str_eq(one.text, tokens[_i % 3]);
    tscope_buffer_clear(&text);
}
END_TEST

/* In base64 of text, by where in a group of three the token begins and what the letters are written in. */
START_TEST(wrapped_tokens_are_found)
{
    static const char *const fronts[] = {"", "a", "ab", "client:", "{\"access_token\":\""};
    struct tscope_buffer plain = {.data = NULL}, text = {.data = NULL};
    struct one_find one = {.len = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_one, &one);
    size_t front = strlen(fronts[_i]), begin, end;

    tscope_buffer_append_text(&plain, fronts[_i]);
    tscope_buffer_append_text(&plain, TOKEN "\",\"x\":1}");
    tscope_buffer_append_text(&text, "Authorization: Basic ");
    begin = text.len + front * 8 / 6;
    end = text.len + ((front + strlen(TOKEN)) * 8 + 5) / 6;
    tscope_base64_encode(&text, plain.data, plain.len);
    tscope_buffer_append_text(&text, "\r\n");
    scan_in_steps(scanner, text.data, text.len, 7);
    ck_assert_uint_eq(one.len, 1);
    ck_assert_str_eq(one.text, TOKEN);
    ck_assert_int_eq(one.find.encoding, TSCOPE_FIND_ENCODING_BASE64);
    ck_assert_uint_eq(one.find.offset, begin);
    ck_assert_uint_eq(one.find.offset + one.find.length, end);
    tscope_buffer_clear(&plain);
    tscope_buffer_clear(&text);
}
END_TEST

/* White space in front of a header's brace, by what of a group of base64 it fills, and what follows the brace. */
static const char *const spaces[] = {"",
                                     " ",
                                     "\t",
                                     "\r",
                                     "\n",
                                     "  ",
                                     " \n",
                                     "\n ",
                                     "\r\n",
                                     "\t\t",
                                     "\n\t",
                                     "\r\r",
                                     "   ",
                                     "\r\n\t",
                                     "  \n   ",
                                     " \t \r\n ",
                                     "\n\n\n\n\n\n\n\n"};
static const char *const inside[] = {"", " ", "\n", "\r\n", "\t", "  ", "\n  "};

static void
write_spaced(struct tscope_buffer *token, const char *space, const char *in)
{
    struct tscope_buffer header = {.data = NULL};

    tscope_buffer_append_format(&header, "%s{%s\"alg\"%s:%s\"HS256\"%s}%s", space, in, in, in, in, in);
    tscope_base64url_encode(token, header.data, header.len);
    tscope_buffer_append_text(token, "." PAYLOAD "." SIGNATURE);
    tscope_buffer_clear(&header);
}

static bool
is_first_escaped(const struct scan_sample *sample)
{
    struct tscope_buffer text = {.data = NULL};
    bool is;

    sample->write(&text, tscope_span_text("e"));
    is = text.data[0] == '%';
    tscope_buffer_clear(&text);
    return is;
}

/* JSON may have white space anywhere between its marks: the token begins with the first of it. */
START_TEST(headers_behind_white_space_are_found)
{
    for (size_t i = 0; i < TSCOPE_COUNT(inside); i++) {
        struct tscope_buffer token = {.data = NULL};

        write_spaced(&token, spaces[_i], inside[i]);
        for (size_t sample = 0; sample < TSCOPE_COUNT(scan_samples); sample++) {
            /* a letter that is percent-encoded is looked for where it is an 'e' */
            if (is_first_escaped(&scan_samples[sample]) && token.data[0] != 'e')
                continue;
            /* and so is the name of the algorithm, in the first line, where the brace is not the first byte of a group */
            if (scan_samples[sample].encoding == TSCOPE_FIND_ENCODING_FOLDED && strlen(spaces[_i]) % 3 &&
                strlen(spaces[_i]) + strlen(inside[i]) > 6)
                continue;
            check_token(&scan_samples[sample], tscope_span_of(token.data, token.len), tscope_span_text("\x80\"\x01"),
                        tscope_span_text("\x01\xff\xff"));
        }
        tscope_buffer_clear(&token);
    }
}
END_TEST

static void
scan_text(const struct tscope_buffer *text, struct one_find *ret_one)
{
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_one, ret_one);

    scan_in_steps(scanner, text->data, text->len, 997);
}

/* 48 bytes of signature end with a group of base64, so that letters behind it would be taken for more of it. */
#define LONGER "eyJhbGciOiJIUzM4NCJ9." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"

/* The padding of a header's field ends what is wrapped, whatever the next line begins with. */
START_TEST(wrapped_tokens_end_at_padding)
{
    struct tscope_buffer plain = {.data = NULL};

    tscope_buffer_append(&plain, "user:", 5);
    while ((plain.len + strlen(LONGER)) % 3 != (size_t)_i)
        tscope_buffer_append_byte(&plain, ':');
    tscope_buffer_append_text(&plain, LONGER);
    for (const char *first = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"; *first; first++) {
        for (char second = 'a'; second <= 'z'; second++) {
            struct tscope_buffer text = {.data = NULL};
            struct one_find one = {.len = 0};

            tscope_buffer_append_text(&text, "Authorization: Basic ");
            tscope_base64_encode(&text, plain.data, plain.len);
            tscope_buffer_append_format(&text, "\r\n%c%cst: x\r\n", *first, second);
            scan_text(&text, &one);
            ck_assert_uint_eq(one.len, 1);
            ck_assert_str_eq(one.text, LONGER);
            tscope_buffer_clear(&text);
        }
    }
    tscope_buffer_clear(&plain);
}
END_TEST

START_TEST(wrapped_headers_behind_white_space_are_found)
{
    static const char *const groups[] = {"", "   ", "\r\n\t", "      ", "\n        "};
    const char *in = inside[(size_t)_i % TSCOPE_COUNT(inside)], *space = groups[(size_t)_i / TSCOPE_COUNT(inside)];

    for (size_t front = 0; front < 7; front++) {
        struct tscope_buffer token = {.data = NULL}, plain = {.data = NULL}, text = {.data = NULL};
        struct one_find one = {.len = 0};

        write_spaced(&token, space, in);
        tscope_buffer_append(&plain, "bearer:", front);
        tscope_buffer_append(&plain, token.data, token.len);
        tscope_buffer_append_text(&plain, "\"}");
        tscope_buffer_append_text(&text, "Basic ");
        tscope_base64_encode(&text, plain.data, plain.len);
        scan_text(&text, &one);
        ck_assert_uint_eq(one.len, 1);
        ck_assert_mem_eq(one.text, token.data, token.len);
        ck_assert_uint_eq(one.find.bytes_len, token.len);
        ck_assert_int_eq(one.find.encoding, TSCOPE_FIND_ENCODING_BASE64);
        ck_assert_uint_eq(one.find.offset, strlen("Basic ") + front * 8 / 6);
        tscope_buffer_clear(&token);
        tscope_buffer_clear(&plain);
        tscope_buffer_clear(&text);
    }
}
END_TEST

/* Of more white space than is looked at the begin is not told, and a token without its first letters is another one. */
START_TEST(white_space_is_bounded)
{
    struct tscope_buffer text = {.data = NULL};
    struct one_find one = {.len = 0};
    size_t groups = 1024 - 1 + (size_t)_i;

    for (size_t i = 0; i < groups; i++)
        tscope_buffer_append_text(&text, "ICAg");
    tscope_buffer_append_text(&text, TOKEN "\n");
    scan_text(&text, &one);
    ck_assert_uint_eq(one.len, groups <= 1024);
    if (one.len)
        ck_assert_uint_eq(one.find.offset, 0);
    tscope_buffer_clear(&text);
}
END_TEST

/* The same where the brace is the second byte of a group: its name has to be within 16 KiB of the begin. */
START_TEST(white_space_in_front_of_a_name_is_bounded)
{
    struct tscope_buffer token = {.data = NULL}, text = {.data = NULL};
    struct one_find one = {.len = 0};
    char space[12 * 1024 + 64];
    size_t name = 16384 - 4 + 4 * (size_t)_i; /* letters in front of it */
    size_t len = name / 4 * 3 - 8;

    memset(space, ' ', len);
    space[len] = '\0';
    write_spaced(&token, space, "     "); /* {, and five spaces: a group begins behind the first letter of the name */
    ck_assert_uint_eq(len % 3, 1);
    tscope_buffer_append_text(&text, "\"");
    tscope_buffer_append(&text, token.data, token.len);
    tscope_buffer_append_text(&text, "\"");
    scan_text(&text, &one);
    ck_assert_uint_eq(one.len, name <= 16384);
    if (one.len)
        ck_assert_uint_eq(one.find.offset, 1);
    tscope_buffer_clear(&token);
    tscope_buffer_clear(&text);
}
END_TEST

/* Next to each other, white space is the second one's. */
START_TEST(adjacent_headers_behind_white_space_are_parted)
{
    struct tscope_buffer text = {.data = NULL}, found = {.data = NULL};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_text, &found);

    tscope_buffer_append_text(&text, TOKEN "ICAgDQog" SPACED " " TOKEN);
    scan_in_steps(scanner, text.data, text.len, 7);
    tscope_buffer_append_byte(&found, '\0');
    ck_assert_str_eq((const char *)found.data, TOKEN "|ICAgDQog" SPACED "|" TOKEN);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&found);
}
END_TEST

/* The same numbers on every machine. */
static uint32_t
next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void
append_noise(struct tscope_buffer *text, uint32_t *state, size_t len)
{
    static const char letters[] = "eyJABCDEFGHIJKLMNOPQRSTUVWXYZabcdfghijklmnopqrstuvwxz0123456789-_.";
    static const char *const pieces[] = {
        "eyJ",       "eyJhbGci", "eyJhbGciOiJIUzI1NiJ9.", ".", "\n", "{", "}", "\"signature\":\"", "ZXlK", "0.A", "EwA", "%65", "\\u002e",
        "e\\u0079J", "\r\n ",    "\"protected\":\"eyJ"};
    uint32_t kind = next_random(state) % 6;

    for (size_t i = 0; i < len; i++) {
        if (kind == 0)
            tscope_buffer_append_byte(text, (uint8_t)next_random(state));
        else if (kind == 1)
            tscope_buffer_append_byte(text, 0);
        else if (kind < 4)
            tscope_buffer_append_byte(text, (uint8_t)letters[next_random(state) % (sizeof(letters) - 1)]);
        else
            tscope_buffer_append_text(text, pieces[next_random(state) % TSCOPE_COUNT(pieces)]);
    }
}

/* Tokens in all encodings among noise and look-alikes. */
static void
append_mixture(struct tscope_buffer *text, uint32_t *state, size_t len)
{
    static const char *const others[] = {JWE, UNSECURED, SD, TICKET, REFRESH, ACCOUNT, FLATTENED, GENERAL, TOKEN TOKEN};

    while (text->len < len) {
        uint32_t choice = next_random(state) % 40;

        append_noise(text, state, next_random(state) % 200);
        if (choice < TSCOPE_COUNT(scan_samples))
            scan_samples[choice].write(text, tscope_span_text(TOKEN));
        else if (choice - TSCOPE_COUNT(scan_samples) < TSCOPE_COUNT(others))
            tscope_buffer_append_text(text, others[choice - TSCOPE_COUNT(scan_samples)]);
        else
            tscope_base64_encode(text, (const uint8_t *)TOKEN "     ", strlen(TOKEN) + choice % 5);
    }
}

/* What looks like tokens and is none, as dumps have it. */
static void
append_look_alikes(struct tscope_buffer *text, uint32_t *state, size_t len)
{
    static const char *const pieces[] = {
        "eyJ",
        "eyJub3QiOiJhIGp3dCJ9",
        "eyJhbGci.eyJ",
        "ZXlKIg",
        "0.AVYAXyCrJXv8Skmc",
        "EwAIA8l6BAAU",
        "M.C507_BL2",
        "\"kty\":",
        "\"signature\":\"AAAA\"",
        "\"protected\"",
        "%65%79%4A",
        "%2565",
        "www.example.com",
        PAYLOAD,
        "{\"a\":1}",
        "\\u002e",
        "&#46;",
        "\r\n ",
        "e\\u0079J",
        " MIIE",
        HEADER,
    };
    uint32_t kind = next_random(state) % 5;

    for (size_t i = 0; i < len; i++) {
        if (kind == 0)
            tscope_buffer_append_byte(text, (uint8_t)next_random(state));
        else if (kind == 1)
            tscope_buffer_append_byte(text, 0);
        else if (kind == 2)
            write_utf16le(text, tscope_span_text(pieces[next_random(state) % TSCOPE_COUNT(pieces)]));
        else
            tscope_buffer_append_text(text, pieces[next_random(state) % TSCOPE_COUNT(pieces)]);
        if (kind > 1)
            tscope_buffer_append_byte(text, ' ');
    }
}

/* Tokens in each encoding at any offset, among look-alikes: everything once, nothing else. */
START_TEST(planted_tokens_are_found_once_and_nothing_else)
{
    const struct tscope_span guard = TSCOPE_SPAN("\xff\x01\xfe\xff");
    static const size_t steps[] = {1u << 20, 4096, 65537, 1000003};
    struct tscope_buffer image = {.data = NULL};
    struct finds expected = {.from = 0}, found = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &found);
    uint32_t state = 1000u + (uint32_t)_i;

    while (image.len < 2500000) {
        const struct scan_sample *sample = &scan_samples[next_random(&state) % TSCOPE_COUNT(scan_samples)];
        struct tscope_find find = {.kind = TSCOPE_FIND_TOKEN, .encoding = sample->encoding};

        append_look_alikes(&image, &state, next_random(&state) % 3000);
        tscope_buffer_append(&image, guard.data, guard.len);
        find.offset = image.len;
        sample->write(&image, tscope_span_text(TOKEN));
        find.length = image.len - find.offset;
        find.bytes = (const uint8_t *)TOKEN;
        find.bytes_len = strlen(TOKEN);
        note_find(&expected, &find);
        tscope_buffer_append(&image, guard.data, guard.len);
    }
    scan_in_steps(scanner, image.data, image.len, steps[_i]);
    tscope_buffer_append_byte(&expected.lines, '\0');
    tscope_buffer_append_byte(&found.lines, '\0');
    ck_assert_uint_gt(expected.len, 100);
    ck_assert_str_eq((const char *)found.lines.data, (const char *)expected.lines.data);
    tscope_buffer_clear(&image);
    tscope_buffer_clear(&expected.lines);
    tscope_buffer_clear(&found.lines);
}
END_TEST

START_TEST(windows_change_nothing)
{
    struct tscope_buffer text = {.data = NULL};
    struct finds whole = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &whole);
    uint32_t state = (uint32_t)_i;

    append_mixture(&text, &state, 6000);
    scan_in_steps(scanner, text.data, text.len, text.len);
    ck_assert_uint_gt(whole.len, 5);
    tscope_buffer_append_byte(&whole.lines, '\0');
    for (size_t step = 1; step <= 300; step += _i == 0 ? 1 : 23) {
        struct finds finds = {.from = 0};
        TSCOPE_AUTO(tscope_scanner) *each = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &finds);

        scan_in_steps(each, text.data, text.len, step);
        tscope_buffer_append_byte(&finds.lines, '\0');
        ck_assert_str_eq((const char *)finds.lines.data, (const char *)whole.lines.data);
        tscope_buffer_clear(&finds.lines);
    }
    tscope_buffer_clear(&whole.lines);
    tscope_buffer_clear(&text);
}
END_TEST

/* Whoever begins so far before a range finds in it what a scan of all finds there. */
START_TEST(ranges_change_nothing)
{
    struct tscope_buffer text = {.data = NULL};
    uint32_t state = 77u + (uint32_t)_i;

    append_mixture(&text, &state, 1800000);
    for (int i = 0; i < 6; i++) {
        size_t from = TSCOPE_SCAN_LEAD + next_random(&state) % 700000, to = from + next_random(&state) % 300000;
        struct finds in_all = {.from = from, .to = to}, in_range = {.from = from, .to = to};
        TSCOPE_AUTO(tscope_scanner) *all = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &in_all);
        TSCOPE_AUTO(tscope_scanner) *range = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &in_range);
        size_t begin = from - TSCOPE_SCAN_LEAD, end = to + TSCOPE_SCAN_LEAD < text.len ? to + TSCOPE_SCAN_LEAD : text.len, used;

        scan_in_steps(all, text.data, text.len, 100000);
        tscope_scanner_begin(range, begin);
        ck_assert_int_eq(tscope_scanner_scan(range, text.data + begin, end - begin, end == text.len, &used, NULL), TSCOPE_OK);
        tscope_buffer_append_byte(&in_all.lines, '\0');
        tscope_buffer_append_byte(&in_range.lines, '\0');
        ck_assert_str_eq((const char *)in_range.lines.data, (const char *)in_all.lines.data);
        tscope_buffer_clear(&in_all.lines);
        tscope_buffer_clear(&in_range.lines);
    }
    tscope_buffer_clear(&text);
}
END_TEST

/* Up to 64 KiB, and no letter more. */
/* What is looked for in vain is bounded by blocks of the stream, so that which keys are found among it depends on nothing else. */
START_TEST(windows_and_ranges_change_no_key)
{
    struct tscope_buffer text = {.data = NULL};
    struct finds all = {.len = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_KEYS, note_find, &all);

    for (unsigned i = 0; text.len < 3 * TSCOPE_SCAN_LEAD; i++) {
        tscope_buffer_append_text(&text, i / 500 % 3 ? "\"kty\":" : "some text that is none ");
        if (i % 300 == 0)
            tscope_buffer_append_text(&text, "{\"kty\":\"oct\",\"k\":\"c2VjcmV0LW9mLXRoaXMtdGVzdA\"}");
    }
    scan_in_steps(scanner, text.data, text.len, text.len);
    ck_assert_uint_gt(all.len, 20);
    for (size_t step = 40000; step < 900000; step = step * 3 + 1) {
        struct finds some = {.len = 0};
        TSCOPE_AUTO(tscope_scanner) *other = new_scanner(TSCOPE_SCAN_KEYS, note_find, &some);

        scan_in_steps(other, text.data, text.len, step);
        ck_assert_uint_eq(some.lines.len, all.lines.len);
        ck_assert_mem_eq(some.lines.data, all.lines.data, all.lines.len);
        tscope_buffer_clear(&some.lines);
    }
    for (size_t from = TSCOPE_SCAN_LEAD; from + 70001 < text.len; from += 70001) {
        struct finds part = {.from = from, .to = from + 70001}, whole = {.from = from, .to = from + 70001};
        TSCOPE_AUTO(tscope_scanner) *one = new_scanner(TSCOPE_SCAN_KEYS, note_find, &part);
        TSCOPE_AUTO(tscope_scanner) *other = new_scanner(TSCOPE_SCAN_KEYS, note_find, &whole);
        size_t used;

        tscope_scanner_begin(one, from - TSCOPE_SCAN_LEAD);
        ck_assert_int_eq(
            tscope_scanner_scan(one, text.data + from - TSCOPE_SCAN_LEAD, text.len - from + TSCOPE_SCAN_LEAD, true, &used, NULL),
            TSCOPE_OK);
        ck_assert_int_eq(tscope_scanner_scan(other, text.data, text.len, true, &used, NULL), TSCOPE_OK);
        ck_assert_uint_eq(part.lines.len, whole.lines.len);
        if (whole.lines.len)
            ck_assert_mem_eq(part.lines.data, whole.lines.data, whole.lines.len);
        tscope_buffer_clear(&part.lines);
        tscope_buffer_clear(&whole.lines);
    }
    tscope_buffer_clear(&all.lines);
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(long_tokens_are_found)
{
    size_t payload = TSCOPE_SCAN_TOKEN_MAX - strlen(HEADER "." PAYLOAD "." SIGNATURE) + (size_t)_i;
    struct tscope_buffer text = {.data = NULL};
    struct finds finds = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &finds);

    tscope_buffer_append_text(&text, " " HEADER "." PAYLOAD);
    for (size_t i = 0; i < payload; i++)
        tscope_buffer_append_byte(&text, 'A');
    tscope_buffer_append_text(&text, "." SIGNATURE " ");
    scan_in_steps(scanner, text.data, text.len, 50000);
    ck_assert_uint_eq(finds.len, _i <= 0);
    tscope_buffer_clear(&text);
    tscope_buffer_clear(&finds.lines);
}
END_TEST

START_TEST(every_failing_allocation_is_said)
{
    struct tscope_buffer text = {.data = NULL};
    uint32_t state = 5;
    bool failed = true;

    append_mixture(&text, &state, 6000);
    for (unsigned long n = 1; failed; n++) {
        struct finds finds = {.from = 0};
        struct tscope_scanner_options options = {.size = sizeof(options), .deliver = note_find, .user = &finds};
        TSCOPE_AUTO(tscope_scanner) *scanner = NULL;
        enum tscope_status status;
        size_t used;

        tscope_alloc_fail_from(n);
        status = tscope_scanner_new(&options, &scanner, NULL);
        if (status == TSCOPE_OK)
            status = tscope_scanner_scan(scanner, text.data, text.len, true, &used, NULL);
        tscope_alloc_fail_from(0);
        failed = status != TSCOPE_OK;
        ck_assert(!failed || status == TSCOPE_ERR_NO_MEMORY);
        if (failed && scanner)
            ck_assert_int_eq(tscope_scanner_scan(scanner, text.data, text.len, true, &used, NULL), TSCOPE_ERR_STATE);
        tscope_buffer_clear(&finds.lines);
    }
    tscope_buffer_clear(&text);
}
END_TEST

START_TEST(options_are_checked)
{
    struct tscope_scanner_options options = {.size = sizeof(options)};
    tscope_scanner *scanner = NULL;

    ck_assert_int_eq(tscope_scanner_new(&options, &scanner, NULL), TSCOPE_ERR_ARGUMENT);
    options.deliver = note_find;
    options.flags = 16;
    ck_assert_int_eq(tscope_scanner_new(&options, &scanner, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_ptr_null(scanner);
}
END_TEST

START_TEST(an_ended_stream_is_begun_anew)
{
    struct finds finds = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &finds);
    size_t used;

    ck_assert_int_eq(tscope_scanner_scan(scanner, (const uint8_t *)TOKEN, strlen(TOKEN), true, &used, NULL), TSCOPE_OK);
    ck_assert_uint_eq(used, strlen(TOKEN));
    ck_assert_uint_eq(finds.len, 1);
    ck_assert_int_eq(tscope_scanner_scan(scanner, NULL, 0, true, &used, NULL), TSCOPE_ERR_STATE);
    tscope_scanner_begin(scanner, 1000);
    ck_assert_int_eq(tscope_scanner_scan(scanner, (const uint8_t *)TOKEN, strlen(TOKEN), true, &used, NULL), TSCOPE_OK);
    ck_assert_uint_eq(finds.len, 2);
    ck_assert_uint_eq(finds.last, 1000);
    tscope_buffer_clear(&finds.lines);
}
END_TEST

START_TEST(what_was_left_has_to_come_again)
{
    struct finds finds = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &finds);
    size_t used;

    ck_assert_int_eq(tscope_scanner_scan(scanner, (const uint8_t *)"........" TOKEN, 20, false, &used, NULL), TSCOPE_OK);
    ck_assert_uint_lt(used, 20);
    ck_assert_int_eq(tscope_scanner_scan(scanner, NULL, 0, true, &used, NULL), TSCOPE_ERR_ARGUMENT);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("scanner");
    TCase *tcase = tcase_create("scanner");

    tcase_add_loop_test(tcase, tokens_are_found, 0, (int)TSCOPE_COUNT(texts));
    tcase_add_loop_test(tcase, tokens_are_found_in_each_encoding, 0, (int)TSCOPE_COUNT(scan_samples));
    tcase_add_loop_test(tcase, folded_tokens_end_at_lines, 0, (int)TSCOPE_COUNT(folds));
    tcase_add_loop_test(tcase, soft_line_ends_are_read_through, 0, (int)TSCOPE_COUNT(soft_folds));
    tcase_add_loop_test(tcase, words_are_not_joined, 0, 6);
    tcase_add_loop_test(tcase, wrapped_tokens_are_found, 0, 5);
    tcase_add_loop_test(tcase, headers_behind_white_space_are_found, 0, (int)TSCOPE_COUNT(spaces));
    tcase_add_loop_test(tcase, wrapped_tokens_end_at_padding, 1, 3);
    tcase_add_loop_test(tcase, wrapped_headers_behind_white_space_are_found, 0, 5 * (int)TSCOPE_COUNT(inside));
    tcase_add_loop_test(tcase, white_space_is_bounded, 0, 3);
    tcase_add_loop_test(tcase, white_space_in_front_of_a_name_is_bounded, 0, 3);
    tcase_add_test(tcase, adjacent_headers_behind_white_space_are_parted);
    tcase_add_loop_test(tcase, planted_tokens_are_found_once_and_nothing_else, 0, 4);
    tcase_add_loop_test(tcase, windows_change_nothing, 0, 8);
    tcase_add_loop_test(tcase, ranges_change_nothing, 0, 3);
    tcase_add_test(tcase, windows_and_ranges_change_no_key);
    tcase_add_loop_test(tcase, long_tokens_are_found, -1, 2);
    tcase_add_test(tcase, every_failing_allocation_is_said);
    tcase_set_timeout(tcase, 600); /* sanitizers are slow */
    tcase_add_test(tcase, options_are_checked);
    tcase_add_test(tcase, an_ended_stream_is_begun_anew);
    tcase_add_test(tcase, what_was_left_has_to_come_again);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
