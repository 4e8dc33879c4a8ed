/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_duplicates.h"
#include "core/json_reader.h"

static const struct {
    const char *id, *words;
    enum tscope_json_grade grade;
} flaws[] = {
#define FLAW_ROW(name, id, grade, words) [TSCOPE_JSON_FLAW_##name] = {id, words, TSCOPE_JSON_##grade},
    TSCOPE_FOREACH_JSON_FLAW(FLAW_ROW)
#undef FLAW_ROW
};

enum tscope_json_grade
tscope_json_flaw_grade(enum tscope_json_flaw_kind kind)
{
    return flaws[kind].grade;
}

const char *
tscope_json_flaw_id(enum tscope_json_flaw_kind kind)
{
    return flaws[kind].id;
}

const char *
tscope_json_flaw_text(enum tscope_json_flaw_kind kind)
{
    return flaws[kind].words;
}

void
tscope_json_reader_fail(struct tscope_json_reader *reader)
{
    reader->no_memory = reader->stopped = true;
}

void
tscope_json_reader_note(struct tscope_json_reader *reader, enum tscope_json_flaw_kind kind, size_t offset, size_t len, uint32_t value)
{
    struct tscope_json *json = reader->json;
    enum tscope_json_grade grade = tscope_json_flaw_grade(kind);

    if (grade != TSCOPE_JSON_NOTE)
        json->strict = false;
    if (grade == TSCOPE_JSON_FATAL)
        reader->stopped = true;
    json->flaws_total++;
    if (!json->flaws) {
        /* the index must stay the arena's latest allocation to grow in place, so this costs one move at most */
        json->flaws = tscope_arena_alloc(reader->arena, TSCOPE_JSON_FLAWS_MAX * sizeof(*json->flaws));
        if (!json->flaws) {
            tscope_json_reader_fail(reader);
            return;
        }
    }
    if (json->flaws_len == TSCOPE_JSON_FLAWS_MAX) {
        /* a fatal flaw says why reading stopped: it takes the last place */
        if (grade != TSCOPE_JSON_FATAL)
            return;
        json->flaws_len--;
    }
    json->flaws[json->flaws_len++] = (struct tscope_json_flaw){kind, (uint32_t)offset, (uint32_t)len, value};
}

void
tscope_json_reader_stop(struct tscope_json_reader *reader, size_t offset)
{
    uint32_t container = tscope_json_reader_container(reader);

    if (offset >= reader->len)
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_TRUNCATED, reader->len, 0, container);
    else
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_SYNTAX, offset, 1, container);
}

void
tscope_json_reader_check_names(struct tscope_json_reader *reader, uint32_t object)
{
    struct tscope_json *json = reader->json;
    uint32_t marked = 0;

    if (!tscope_json_mark_duplicates(json, object, &marked)) {
        tscope_json_reader_fail(reader);
        return;
    }
    for (uint32_t child = object + 1; child && marked; child = json->values[child].next) {
        const struct tscope_value *value = &json->values[child];

        if (!(value->flags & TSCOPE_VALUE_DUPLICATE))
            continue;
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_DUPLICATE, value->name, value->name_len, child);
        marked--;
    }
}

void
tscope_json_reader_sort_flaws(struct tscope_json_reader *reader)
{
    struct tscope_json_flaw *list = reader->json->flaws;

    /* by insertion: a duplicate is seen when its object ends, everything else in order, and there are few */
    for (uint32_t i = 1; i < reader->json->flaws_len; i++) {
        struct tscope_json_flaw flaw = list[i];
        uint32_t at = i;

        for (; at > 0 && list[at - 1].offset > flaw.offset; at--)
            list[at] = list[at - 1];
        list[at] = flaw;
    }
}
