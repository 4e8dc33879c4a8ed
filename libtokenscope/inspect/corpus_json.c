/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/corpus.h>

#include "core/error.h"
#include "core/json_writer.h"

static void
write_tokens(struct tscope_json_writer *writer, const tscope_corpus *corpus, size_t number)
{
    struct tscope_corpus_token_view token;

    tscope_json_write_name(writer, "tokens");
    tscope_json_write_array(writer);
    for (size_t i = 0; tscope_corpus_token(corpus, number, i, &token); i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "sha256", token.sha256);
        if (token.path)
            tscope_json_write_named_text(writer, "path", token.path);
        tscope_json_write_named_integer(writer, "offset", (int64_t)token.offset);
        tscope_json_write_name(writer, "evidence");
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "part", token.part);
        if (token.pointer)
            tscope_json_write_named_text(writer, "pointer", token.pointer);
        tscope_json_write_name(writer, "raw");
        tscope_json_write_array(writer);
        tscope_json_write_integer(writer, (int64_t)token.raw_offset);
        tscope_json_write_integer(writer, (int64_t)token.raw_len);
        tscope_json_write_array_end(writer);
        tscope_json_write_object_end(writer);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

enum tscope_status
tscope_corpus_json(const tscope_corpus *corpus, bool pretty, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    struct tscope_corpus_view finding;
    size_t not_kept, left_out = tscope_corpus_left_out(corpus, &not_kept);
    char *json;

    tscope_json_writer_init(&writer, &buffer, pretty);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.corpus/1");
    tscope_json_write_named_integer(&writer, "tokens", (int64_t)tscope_corpus_tokens(corpus));
    tscope_json_write_named_integer(&writer, "tokens_left_out", (int64_t)left_out);
    tscope_json_write_name(&writer, "findings");
    tscope_json_write_array(&writer);
    for (size_t i = 0; tscope_corpus_finding(corpus, i, &finding); i++) {
        tscope_json_write_object(&writer);
        tscope_json_write_named_text(&writer, "id", finding.id);
        tscope_json_write_named_text(&writer, "severity", tscope_severity_id(finding.severity));
        tscope_json_write_named_text(&writer, "proves", tscope_proves_id(finding.proves));
        tscope_json_write_named_text(&writer, "title", finding.title);
        tscope_json_write_named_text(&writer, "detail", finding.detail);
        write_tokens(&writer, corpus, i);
        tscope_json_write_named_integer(&writer, "more_tokens", (int64_t)finding.left_out);
        tscope_json_write_object_end(&writer);
    }
    tscope_json_write_array_end(&writer);
    tscope_json_write_named_integer(&writer, "findings_left_out", (int64_t)not_kept);
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, ret_len);
    tscope_buffer_clear(&buffer);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
