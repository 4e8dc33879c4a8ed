/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "keys/history_append.h"

/* Rows go behind those that stand there, into the text as it is: what else a file holds is nobody's business here. */

static const char *const parts[TSCOPE_APPEND_PARTS] = {"keys", "endpoints", "snapshots"};

/* Where the rows of a part go: behind the last one there, or into the empty list, or as a member of its own at the end. */
struct seam {
    size_t offset;
    const char *before, *after;
    enum tscope_append_part part;
};

static struct seam
find_seam(const struct tscope_appender *appender, enum tscope_append_part part)
{
    const struct tscope_json *json = &appender->json;
    const struct tscope_value *root = tscope_json_root(json), *list = tscope_json_member(json, root, parts[part]), *last = NULL, *row;
    struct seam seam = {.part = part, .before = "", .after = ""};

    for (row = tscope_json_first(json, list ? list : root); row; row = tscope_json_next(json, row))
        last = row;
    seam.offset = last ? last->start + last->len : (list ? list->start + 1 : root->start + 1);
    if (list && last)
        seam.before = ",";
    else if (list)
        seam.after = "\n  ";
    return seam;
}

static void
put_rows(const struct tscope_appender *appender, const struct seam *seam, struct tscope_buffer *out)
{
    const struct tscope_buffer *rows = &appender->rows[seam->part];
    bool is_member = tscope_json_member(&appender->json, tscope_json_root(&appender->json), parts[seam->part]) != NULL;

    if (appender->rows_len[seam->part] == 0)
        return;
    if (!is_member)
        tscope_buffer_append_format(out, ",\n  \"%s\": [", parts[seam->part]);
    tscope_buffer_append_text(out, seam->before);
    tscope_buffer_append(out, rows->data, rows->len);
    tscope_buffer_append_text(out, is_member ? seam->after : "\n  ]");
}

enum tscope_status
tscope_append_splice(struct tscope_appender *appender, struct tscope_buffer *out)
{
    struct seam seams[TSCOPE_APPEND_PARTS] = {{0}};
    size_t at = 0;

    for (size_t i = 0; i < TSCOPE_APPEND_PARTS; i++) {
        struct seam seam = find_seam(appender, (enum tscope_append_part)i);
        size_t place = i;

        for (; place > 0 && seams[place - 1].offset > seam.offset; place--)
            seams[place] = seams[place - 1];
        seams[place] = seam;
    }
    for (size_t i = 0; i < TSCOPE_APPEND_PARTS; i++) {
        out->failed |= appender->rows[i].failed;
        tscope_buffer_append(out, appender->text.data + at, seams[i].offset - at);
        at = seams[i].offset;
        put_rows(appender, &seams[i], out);
    }
    tscope_buffer_append(out, appender->text.data + at, appender->text.len - at);
    if (out->failed)
        return tscope_error_no_memory(appender->err);
    if (out->len > TSCOPE_KEYS_INPUT_MAX)
        return tscope_error_set(appender->err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the history would be over %u bytes",
                                TSCOPE_KEYS_INPUT_MAX);
    return TSCOPE_OK;
}
