/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "confine.h"

/*
 * Fetches one key set, or the metadata that leads to it, and writes it to standard output behind a line of JSON that says how
 * it came. The only program of the project that talks to a network: it runs as a child of "tokenscope keys snapshot", can write
 * no file, and trusts nothing of what it is sent. What is checked is the address that is connected to, not the one that a name
 * had when it was asked first.
 */

#define BODY_MAX (1u << 20)
#define HEAD_MAX (64u << 10)
#define TIME_MAX_MS 20000
#define REDIRECTS_MAX 5
#define VALUE_MAX 512

/* sysexits.h */
enum { STATUS_OK = 0, STATUS_USAGE = 64, STATUS_DATA = 65, STATUS_UNAVAILABLE = 69, STATUS_INTERNAL = 70, STATUS_IO = 74 };

struct request {
    const char *url, *ca_file, *if_none_match, *if_modified_since;
    bool allow_private;
};

struct answer {
    char *body;
    size_t body_len, head_len;
    char etag[VALUE_MAX], last_modified[VALUE_MAX], date[VALUE_MAX];
    bool is_large, is_private;
};

static int __attribute__((format(printf, 2, 3))) fail(int status, const char *format, ...)
{
    va_list arguments;
    char line[1024];

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    for (char *c = line; *c; c++) /* words of servers are among it */
        *c = (*c < ' ' || *c == 127) ? '?' : *c;
    fprintf(stderr, "tokenscope-fetch: %s\n", line);
    return status;
}

/* ---- addresses */

struct range {
    uint8_t bytes[16];
    unsigned bits;
};

/* Whatever is not of the whole internet (RFC 6890, and multicast): of this machine, of this network, of nobody. */
static const struct range ranges_4[] = {
    {{0}, 8},          {{10}, 8},        {{100, 64}, 10}, {{127}, 8},           {{169, 254}, 16},    {{172, 16}, 12}, {{192, 0, 0}, 24},
    {{192, 0, 2}, 24}, {{192, 168}, 16}, {{198, 18}, 15}, {{198, 51, 100}, 24}, {{203, 0, 113}, 24}, {{224}, 3},
};
static const struct range range_6_global = {{0x20}, 3};
static const struct range ranges_6[] = {
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x01}, 23},             /* special purposes, Teredo among them */
};
static const struct range range_6to4 = {{0x20, 0x02}, 16};

static bool
is_within(const uint8_t *address, const struct range *range)
{
    unsigned whole = range->bits / 8, rest = range->bits % 8;

    if (memcmp(address, range->bytes, whole) != 0)
        return false;
    return rest == 0 || ((address[whole] ^ range->bytes[whole]) >> (8 - rest)) == 0;
}

static bool
is_public_4(const uint8_t address[4])
{
    for (size_t i = 0; i < sizeof(ranges_4) / sizeof(ranges_4[0]); i++) {
        if (is_within(address, &ranges_4[i]))
            return false;
    }
    return true;
}

/* Of the global unicast space alone; 6to4 carries an address of the older kind. NAT64, mapped and local ones are outside of it. */
static bool
is_public_6(const uint8_t address[16])
{
    if (!is_within(address, &range_6_global))
        return false;
    for (size_t i = 0; i < sizeof(ranges_6) / sizeof(ranges_6[0]); i++) {
        if (is_within(address, &ranges_6[i]))
            return false;
    }
    return !is_within(address, &range_6to4) || is_public_4(address + 2);
}

static bool
is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return is_public_4((const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr);
    return address->sa_family == AF_INET6 && is_public_6((const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

/* Called with the very address that is about to be connected to, for each attempt and each redirect. */
struct opener {
    const struct request *request;
    struct answer *answer;
};

static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct opener *opener = context;

    (void)purpose;
    if (!opener->request->allow_private && !is_public(&address->addr)) {
        opener->answer->is_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- what comes back */

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    size_t len = size * count;

    if (len > BODY_MAX - answer->body_len) {
        answer->is_large = true;
        return 0;
    }
    memcpy(answer->body + answer->body_len, bytes, len);
    answer->body_len += len;
    return len;
}

/* Only what can go back in a request as it is. */
static void
keep_value(const char *line, size_t len, const char *name, char value[VALUE_MAX])
{
    size_t name_len = strlen(name);

    if (len < name_len || strncasecmp(line, name, name_len) != 0)
        return;
    line += name_len;
    len -= name_len;
    while (len > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    while (len > 0 && strchr("\r\n \t", line[len - 1]))
        len--;
    value[0] = '\0';
    if (len == 0 || len >= VALUE_MAX)
        return;
    for (size_t i = 0; i < len; i++) {
        if (line[i] < ' ' || line[i] > '~')
            return;
    }
    memcpy(value, line, len);
    value[len] = '\0';
}

static size_t
take_head(char *bytes, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    size_t len = size * count;

    if (len > HEAD_MAX - answer->head_len) {
        answer->is_large = true;
        return 0;
    }
    answer->head_len += len;
    keep_value(bytes, len, "etag:", answer->etag);
    keep_value(bytes, len, "last-modified:", answer->last_modified);
    keep_value(bytes, len, "date:", answer->date);
    return len;
}

/* ---- redirects */

static bool
part_equals(CURLU *a, CURLU *b, CURLUPart part)
{
    char *left = NULL, *right = NULL;
    bool equal = curl_url_get(a, part, &left, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                 curl_url_get(b, part, &right, CURLU_DEFAULT_PORT) == CURLUE_OK && strcasecmp(left, right) == 0;

    curl_free(left);
    curl_free(right);
    return equal;
}

/* Scheme, host and port (RFC 6454 section 4). */
static bool
has_origin_of(const char *url, const char *other)
{
    CURLU *a = curl_url(), *b = curl_url();
    bool same = a && b && curl_url_set(a, CURLUPART_URL, url, 0) == CURLUE_OK && curl_url_set(b, CURLUPART_URL, other, 0) == CURLUE_OK &&
                part_equals(a, b, CURLUPART_SCHEME) && part_equals(a, b, CURLUPART_HOST) && part_equals(a, b, CURLUPART_PORT);

    curl_url_cleanup(a);
    curl_url_cleanup(b);
    return same;
}

/* https, a host, and no name and password, which would stand in histories. */
static bool
is_fetchable(const char *text)
{
    char *scheme = NULL, *host = NULL, *user = NULL;
    CURLU *url = curl_url();
    bool fetchable = url && strlen(text) < 2048 && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                     curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && strcmp(scheme, "https") == 0 &&
                     curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK && host[0] &&
                     curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;

    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_url_cleanup(url);
    return fetchable;
}

/* ---- one exchange */

static bool
is_json_type(const char *type)
{
    static const char *const types[] = {"application/json", "application/jwk-set+json", "application/jwk+json", "text/json",
                                        "text/plain",       "application/octet-stream"};
    size_t len = type ? strcspn(type, "; ") : 0;

    if (!type) /* it says nothing: the bytes will */
        return true;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strlen(types[i]) == len && strncasecmp(type, types[i], len) == 0)
            return true;
    }
    return len > 5 && strncasecmp(type, "application/", 12) == 0 && strncasecmp(type + len - 5, "+json", 5) == 0;
}

static struct curl_slist *
add_header(struct curl_slist *headers, const char *name, const char *value)
{
    char line[VALUE_MAX + 64];

    if (!value || strlen(value) >= VALUE_MAX)
        return headers;
    snprintf(line, sizeof(line), "%s: %s", name, value);
    return curl_slist_append(headers, line);
}

static long
elapsed_ms(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)(now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

static bool
prepare(CURL *curl, const struct request *request, struct answer *answer, struct opener *opener, struct curl_slist *headers)
{
    bool ok = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK;

    ok = ok && curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    if (request->ca_file) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file) == CURLE_OK;
        ok = ok && curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK;
    }
    /* a proxy would resolve names where nobody sees to which address */
    ok = ok && curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 10000L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_USERAGENT, "tokenscope") == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK;
    return ok && curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, opener) == CURLE_OK;
}

static int
explain(const char *url, const struct answer *answer, CURLcode code)
{
    if (answer->is_large)
        return fail(STATUS_DATA, "%.200s: the answer is over %u bytes", url, BODY_MAX);
    if (answer->is_private)
        return fail(STATUS_UNAVAILABLE, "%.200s: its address is private or of this machine; --allow-private allows that", url);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(STATUS_UNAVAILABLE, "%.200s: no whole answer within %d s", url, TIME_MAX_MS / 1000);
    return fail(STATUS_UNAVAILABLE, "%.200s: %s", url, curl_easy_strerror(code));
}

/* One request; *ret_next is where it leads to, else NULL. */
static int
ask(CURL *curl, const char *origin, const char *url, long ms, struct answer *answer, char **ret_next, long *ret_code)
{
    char *type = NULL, *next = NULL;
    CURLcode code;

    *ret_next = NULL;
    answer->body_len = answer->head_len = 0;
    answer->etag[0] = answer->last_modified[0] = answer->date[0] = '\0';
    if (ms <= 0)
        return explain(url, answer, CURLE_OPERATION_TIMEDOUT);
    if (curl_easy_setopt(curl, CURLOPT_URL, url) != CURLE_OK || curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, ms) != CURLE_OK)
        return fail(STATUS_INTERNAL, "out of memory");
    code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        return explain(url, answer, code);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_code);
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    if (next) {
        if (!is_fetchable(next) || !has_origin_of(next, origin))
            return fail(STATUS_UNAVAILABLE, "%.200s: redirects to another origin: %.200s", url, next);
        *ret_next = strdup(next);
        return *ret_next ? STATUS_OK : fail(STATUS_INTERNAL, "out of memory");
    }
    if (*ret_code != 200 && *ret_code != 304)
        return fail(STATUS_UNAVAILABLE, "%.200s: answers with status %ld", url, *ret_code);
    if (*ret_code == 200 && !is_json_type(type))
        return fail(STATUS_DATA, "%.200s: is no JSON but %.100s", url, type);
    return STATUS_OK;
}

static void
put_member(const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    printf(",\"%s\":\"", name);
    for (; *value; value++)
        printf(*value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
    putchar('"');
}

static int
put_answer(const struct answer *answer, long code)
{
    printf("{\"status\":%ld,\"length\":%zu", code, code == 200 ? answer->body_len : 0);
    put_member("etag", answer->etag);
    put_member("last_modified", answer->last_modified);
    if (answer->date[0] && curl_getdate(answer->date, NULL) > 0)
        printf(",\"server_time\":%lld", (long long)curl_getdate(answer->date, NULL));
    puts("}");
    if (code == 200)
        fwrite(answer->body, 1, answer->body_len, stdout);
    return fflush(stdout) == 0 && !ferror(stdout) ? STATUS_OK : fail(STATUS_IO, "standard output: %s", strerror(errno));
}

static int
follow(CURL *curl, const struct request *request, struct answer *answer)
{
    char *url = strdup(request->url), *next = NULL;
    struct timespec start;
    int status = STATUS_OK;
    long code = 0;

    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int hop = 0; url && status == STATUS_OK; hop++) {
        status = ask(curl, request->url, url, TIME_MAX_MS - elapsed_ms(&start), answer, &next, &code);
        if (status != STATUS_OK || !next)
            break;
        if (hop == REDIRECTS_MAX)
            status = fail(STATUS_UNAVAILABLE, "%.200s: redirects more than %d times", request->url, REDIRECTS_MAX);
        free(url);
        url = next;
    }
    free(url);
    return status == STATUS_OK ? put_answer(answer, code) : status;
}

static int
fetch(const struct request *request)
{
    struct answer *answer = calloc(1, sizeof(*answer));
    struct opener opener = {request, answer};
    struct curl_slist *headers = add_header(NULL, "Accept", "application/json, application/jwk-set+json");
    CURL *curl = curl_easy_init();
    int status = STATUS_INTERNAL;

    headers = add_header(headers, "If-None-Match", request->if_none_match);
    headers = add_header(headers, "If-Modified-Since", request->if_modified_since);
    if (answer)
        answer->body = malloc(BODY_MAX);
    if (curl && headers && answer && answer->body && prepare(curl, request, answer, &opener, headers))
        status = follow(curl, request, answer);
    else
        fail(STATUS_INTERNAL, "out of memory");
    if (curl)
        curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    if (answer)
        free(answer->body);
    free(answer);
    return status;
}

/* ---- the command line */

static const char usage[] =
    "Usage: tokenscope-fetch [--ca-file FILE] [--allow-private] [--if-none-match TAG] [--if-modified-since DATE] URL\n";

static int
refuse_usage(const char *what)
{
    fprintf(stderr, "tokenscope-fetch: %s\n%s", what, usage);
    return STATUS_USAGE;
}

static bool
is_plain(const char *value)
{
    for (; *value; value++) {
        if (*value < ' ' || *value > '~')
            return false;
    }
    return true;
}

static int
read_arguments(int argc, char **argv, struct request *request)
{
    struct {
        const char *name;
        const char **target;
    } options[] = {{"--ca-file", &request->ca_file},
                   {"--if-none-match", &request->if_none_match},
                   {"--if-modified-since", &request->if_modified_since}};

    for (int i = 1; i < argc; i++) {
        size_t k = 0;

        if (strcmp(argv[i], "--allow-private") == 0) {
            request->allow_private = true;
            continue;
        }
        while (k < sizeof(options) / sizeof(options[0]) && strcmp(argv[i], options[k].name) != 0)
            k++;
        if (k < sizeof(options) / sizeof(options[0])) {
            if (i + 1 == argc || !is_plain(argv[i + 1]))
                return refuse_usage("an option lacks its value");
            *options[k].target = argv[++i];
            continue;
        }
        if (argv[i][0] == '-' || request->url)
            return refuse_usage("one URL is needed, and options that are known");
        request->url = argv[i];
    }
    return request->url ? STATUS_OK : refuse_usage("a URL is needed");
}

int
main(int argc, char **argv)
{
    struct request request = {0};
    int status;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) >= 0 && fflush(stdout) == 0 ? STATUS_OK : STATUS_IO;
    status = read_arguments(argc, argv, &request);
    if (status != STATUS_OK)
        return status;
    confine_memory();
    confine_fetcher();
    signal(SIGPIPE, SIG_DFL);
    setenv("OPENSSL_CONF", "", 1);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(STATUS_INTERNAL, "libcurl cannot be started");
    if (is_fetchable(request.url))
        status = fetch(&request);
    else
        status = fail(STATUS_USAGE, "only https is fetched, without a name and password in the URL");
    curl_global_cleanup();
    return status;
}
