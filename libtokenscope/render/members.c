/* SPDX-License-Identifier: Apache-2.0 */
#include "render/members.h"

#include "core/json_writer.h"
#include "core/text.h"
#include "core/time.h"
#include "profile/applications.h"
#include "render/columns.h"
#include "render/words.h"
#include "token/secrets.h"

#define NAME_COLUMNS_MAX 20
#define NAME_MAX 64      /* bytes of a name that are shown */
#define LIST_MAX 24      /* elements of a list that are shown */
#define MEMBERS_MAX 1000 /* lines; nobody reads so many, and what each costs may grow with their number */

/* As JSON, secrets cut: for objects, and for strings that are secrets. */
static void
put_json(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
         const struct tscope_members_view *view)
{
    struct tscope_buffer text = {0};
    struct tscope_json_writer writer;
    size_t len;

    tscope_json_writer_init(&writer, &text, false);
    writer.veil = view->reveal ? NULL : &tscope_secret_veils;
    tscope_json_write_value(&writer, json, value);
    if (text.failed)
        layout->out.failed = true;
    for (len = text.len < view->max ? text.len : view->max; len > 0 && len < text.len && (text.data[len] & 0xc0) == 0x80;)
        len--;
    tscope_layout_span(layout, TSCOPE_STYLE_PLAIN, tscope_span_of(text.data, len));
    if (len < text.len)
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, "…");
    tscope_buffer_clear(&text);
}

static bool
is_veiled(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
          const struct tscope_members_view *view)
{
    struct tscope_buffer ignored = {0};
    struct tscope_json_writer writer;
    bool veiled;

    if (view->reveal)
        return false;
    tscope_json_writer_init(&writer, &ignored, false);
    veiled = tscope_secret_veil(&writer, json, value);
    if (ignored.failed)
        layout->out.failed = true;
    tscope_buffer_clear(&ignored);
    return veiled;
}

static void
put_string(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
           const struct tscope_members_view *view)
{
    struct tscope_arena arena = {0};
    struct tscope_span text;

    if (is_veiled(layout, json, value, view)) {
        put_json(layout, json, value, view);
        return;
    }
    text = tscope_json_string(json, value, &arena);
    if (text.data)
        tscope_layout_value(layout, TSCOPE_STYLE_PLAIN, text, view->max);
    else
        layout->out.failed = true;
    tscope_arena_clear(&arena);
}

static bool
is_list_of_scalars(const struct tscope_json *json, const struct tscope_value *value)
{
    const struct tscope_value *each = value->type == TSCOPE_JSON_ARRAY ? tscope_json_first(json, value) : NULL;

    if (!each)
        return false;
    for (; each; each = tscope_json_next(json, each)) {
        if (each->type == TSCOPE_JSON_ARRAY || each->type == TSCOPE_JSON_OBJECT)
            return false;
    }
    return true;
}

static void
put_list(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *list,
         const struct tscope_members_view *view)
{
    size_t number = 0;

    for (const struct tscope_value *each = tscope_json_first(json, list); each && number < LIST_MAX; each = tscope_json_next(json, each)) {
        if (number++ > 0)
            tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, ", ");
        tscope_members_put_value(layout, json, each, view);
        tscope_members_put_known_name(layout, json, each);
    }
    if (list->count > LIST_MAX)
        tscope_layout_format(layout, TSCOPE_STYLE_QUIET, " and %u more", list->count - LIST_MAX);
}

static bool
is_nested_token(const struct tscope_value *value, const struct tscope_members_view *view)
{
    for (size_t i = 0; view->token && i < view->token->nested_len; i++) {
        if (view->token->nested[i].value == value)
            return true;
    }
    return false;
}

void
tscope_members_put_value(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
                         const struct tscope_members_view *view)
{
    if (is_nested_token(value, view))
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, "a token, see below");
    else if (value->type == TSCOPE_JSON_STRING)
        put_string(layout, json, value, view);
    else if (is_list_of_scalars(json, value))
        put_list(layout, json, value, view);
    else
        put_json(layout, json, value, view);
}

void
tscope_members_put_known_name(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_arena arena = {0};
    struct tscope_span text = value->type == TSCOPE_JSON_STRING ? tscope_json_string(json, value, &arena) : TSCOPE_SPAN("");
    const struct tscope_application *application = text.data && text.len > 0 ? tscope_application_find(text) : NULL;

    if (application) {
        tscope_layout_text(layout, TSCOPE_STYLE_NAME, " (");
        tscope_layout_text(layout, TSCOPE_STYLE_NAME, application->name);
        tscope_layout_text(layout, TSCOPE_STYLE_NAME, ")");
    }
    tscope_arena_clear(&arena);
}

static bool
is_time(const struct tscope_json *json, const struct tscope_value *value)
{
    static const char *const names[] = {"exp", "iat", "nbf", "auth_time", "updated_at", "xms_tcdt", "pwd_exp", "toe"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_json_name_is(json, value, names[i]))
            return true;
    }
    return false;
}

void
tscope_members_put_meaning(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *value,
                           const struct tscope_members_view *view)
{
    int64_t time;

    if (value->type == TSCOPE_JSON_NUMBER && value->name_len && is_time(json, value) && tscope_json_integer(json, value, &time)) {
        tscope_layout_text(layout, TSCOPE_STYLE_PLAIN, "  ");
        tscope_words_put_time(layout, time, view->now);
    } else {
        tscope_members_put_known_name(layout, json, value);
    }
}

/* Names come from the token too: the layout writes what is unsafe in them as escapes. */
static void
put_name(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *member)
{
    struct tscope_buffer name = {0};

    tscope_json_unescape(tscope_json_name(json, member), &name);
    if (name.failed)
        layout->out.failed = true;
    tscope_layout_value(layout, TSCOPE_STYLE_QUIET, tscope_span_of(name.data, name.len), NAME_MAX);
    tscope_buffer_clear(&name);
}

static unsigned
value_column(const struct tscope_json *json, const struct tscope_value *object)
{
    size_t longest = 0;

    for (const struct tscope_value *each = tscope_json_first(json, object); each; each = tscope_json_next(json, each)) {
        size_t columns = tscope_columns_of_text(tscope_json_name(json, each));

        if (columns > longest && columns <= NAME_COLUMNS_MAX)
            longest = columns;
    }
    longest += TSCOPE_LAYOUT_LABEL + 2;
    return longest > TSCOPE_LAYOUT_VALUE ? (unsigned)longest : TSCOPE_LAYOUT_VALUE;
}

void
tscope_members_list(struct tscope_layout *layout, const struct tscope_json *json, const struct tscope_value *object,
                    const struct tscope_members_view *view)
{
    unsigned column = value_column(json, object);
    size_t shown = 0;

    for (const struct tscope_value *each = tscope_json_first(json, object); each && shown < MEMBERS_MAX; shown++) {
        tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, column);
        put_name(layout, json, each);
        tscope_layout_tab(layout, column);
        tscope_members_put_value(layout, json, each, view);
        tscope_members_put_meaning(layout, json, each, view);
        if (each->flags & TSCOPE_VALUE_DUPLICATE)
            tscope_layout_text(layout, TSCOPE_STYLE_WARN, "  (this name stands here again)");
        tscope_layout_end(layout);
        each = tscope_json_next(json, each);
    }
    if (object->count <= shown)
        return;
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_LABEL);
    tscope_layout_format(layout, TSCOPE_STYLE_QUIET, "and %zu more", object->count - shown);
    tscope_layout_end(layout);
}
