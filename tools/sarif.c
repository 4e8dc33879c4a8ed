/* SPDX-License-Identifier: Apache-2.0 */
#include "sarif.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "memory.h"
#include "message.h"
#include "output.h"

static const char head[] = "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":";
static const char results_head[] = ",\"columnKind\":\"unicodeCodePoints\",\"results\":[";

enum exit_status
sarif_begin(void)
{
    AUTO(handed_text) *tool = NULL;
    struct tscope_error err = {0};
    size_t tool_len = 0;

    if (tscope_sarif_tool(&tool, &tool_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    output_write(head, strlen(head));
    output_write(tool, tool_len);
    output_write(results_head, strlen(results_head));
    return EXIT_STATUS_OK;
}

/* Out of their array into that of the run. */
static void
write_results(struct sarif *sarif, const char *results, size_t results_len)
{
    if (results_len <= strlen("[]"))
        return;
    output_write(sarif->has_results ? ",\n" : "\n", sarif->has_results ? 2 : 1);
    output_write(results + 1, results_len - strlen("[]"));
    sarif->has_results = true;
}

enum exit_status
sarif_report(struct sarif *sarif, const tscope_report *report, const char *name, uint64_t line)
{
    AUTO(handed_text) *results = NULL;
    struct tscope_error err = {0};
    size_t results_len = 0;

    if (tscope_report_sarif(report, line, &results, &results_len, &err) != TSCOPE_OK)
        return message_error(name, &err);
    write_results(sarif, results, results_len);
    return EXIT_STATUS_OK;
}

enum exit_status
sarif_together(struct sarif *sarif, const tscope_corpus *corpus)
{
    AUTO(handed_text) *results = NULL;
    struct tscope_error err = {0};
    size_t results_len = 0;

    if (tscope_corpus_sarif(corpus, &results, &results_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    write_results(sarif, results, results_len);
    return EXIT_STATUS_OK;
}

static const struct {
    const char *id, *title, *meaning;
} vector_rules[] = {
    {"VECTOR-DIFFERS", "a vector does not give what it expects",
     "The token of the vector was judged with the keys, the history and the clocks that stand beside it, and the report is another than "
     "the one that is expected. Either the program or the evidence has changed, or the expectation was wrong."},
    {"VECTOR-UNUSABLE", "a vector cannot be judged",
     "The file is no whole vector, or the keys or the history that it names cannot be read, so nothing is known of its token."},
};
enum { RULE_DIFFERS, RULE_UNUSABLE, RULES_LEN };

/* Memory is all that can be wrong with JSON of ours. */
static enum exit_status
write_json(json_t *json)
{
    AUTO(heap_text) *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

    json_decref(json);
    if (!text) {
        message_print("cannot write SARIF");
        return EXIT_STATUS_INTERNAL;
    }
    output_write(text, strlen(text));
    return EXIT_STATUS_OK;
}

enum exit_status
sarif_begin_vectors(void)
{
    json_t *rules = json_array();
    enum exit_status status;

    for (size_t i = 0; i < RULES_LEN; i++)
        json_array_append_new(rules, json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}", "id", vector_rules[i].id, "shortDescription",
                                               "text", vector_rules[i].title, "fullDescription", "text", vector_rules[i].meaning, "help",
                                               "text", vector_rules[i].meaning, "defaultConfiguration", "level", "error"));
    output_write(head, strlen(head));
    status = write_json(json_pack("{s:{s:s, s:s, s:o}}", "driver", "name", "tokenscope", "version", tscope_version(), "rules", rules));
    output_write(results_head, strlen(results_head));
    return status;
}

/* A path as a URI reference (RFC 3986): relative as it stands, absolute with the scheme file. */
static char *
uri_of(const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    const char *scheme = path[0] == '/' ? "file://" : "";
    char *uri = memory_grow(NULL, strlen(scheme) + 3 * strlen(path) + 1, 1), *write = uri + strlen(scheme);

    memcpy(uri, scheme, strlen(scheme) + 1);
    for (; *path; path++) {
        if (strchr(plain, *path))
            *write++ = *path;
        else
            write += sprintf(write, "%%%02X", (unsigned)(unsigned char)*path);
    }
    *write = '\0';
    return uri;
}

static json_t *
region_of(const struct vector_place *place)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "startLine", (json_int_t)place->line, "startColumn", (json_int_t)place->column,
                     "endColumn", (json_int_t)place->end_column, "byteOffset", (json_int_t)place->offset, "byteLength",
                     (json_int_t)place->len);
}

enum exit_status
sarif_vector(struct sarif *sarif, const char *path, const struct vector_place *place, const char *differences)
{
    AUTO(heap_text) *uri = uri_of(path);
    size_t rule = place ? RULE_DIFFERS : RULE_UNUSABLE, len = strlen(differences);

    output_write(sarif->has_results ? ",\n" : "\n", sarif->has_results ? 2 : 1);
    sarif->has_results = true;
    return write_json(json_pack("{s:s, s:i, s:s, s:{s:s%}, s:[{s:{s:{s:s}, s:o*}}]}", "ruleId", vector_rules[rule].id, "ruleIndex",
                                (int)rule, "level", "error", "message", "text", differences, len > 0 ? len - 1 : 0, "locations",
                                "physicalLocation", "artifactLocation", "uri", uri, "region", place ? region_of(place) : NULL));
}

void
sarif_end(void)
{
    output_write("]}]}\n", strlen("]}]}\n"));
}
