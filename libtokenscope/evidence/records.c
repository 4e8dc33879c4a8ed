/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/records.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/json.h"
#include "core/text.h"
#include "evidence/evidence.h"
#include "evidence/har.h"
#include "evidence/shown.h"

#define WAITING_MAX 65536 /* places of one record; with more, the first ones go without what stands behind them */
#define PAIRS_MAX 12      /* containers, whose "name" is told to the places in their "value" */
#define TIME_TEXT_MAX 64
#define WRAPPED_RANK 1000 /* a time within an envelope's inner object counts less than any of the record itself */
#define ARENA_KEPT (64u << 10)
#define DURATION_MAX 86400000 /* milliseconds of an entry that are believed */

/* The best time so far of what is open. */
struct dating {
    size_t rank; /* SIZE_MAX: none */
    size_t len;
    char text[TIME_TEXT_MAX + 1];
};

/* {"name": …, "value": …} and its like: what an object says of its places, before or behind them. */
struct pair {
    size_t first; /* of the places that came since it was opened */
    bool is_base64;
    bool has_name;
    size_t type_len;
    char type[16];
    const char *name; /* in the arena */
    struct dating dating;
};

struct place {
    uint64_t offset;
    uint64_t line;
    const char *field;
    const char *where_name;
    const char *before; /* the name right before it */
    enum tscope_har_where where;
    size_t depth; /* of the container that its value is in */
    struct dating dating;
};

/* Where the record began that the latest place is in: places further on need no walk from the beginning. */
struct tscope_records_point {
    size_t piece; /* its number */
    bool is_set;
    struct tscope_walk_point walk;
    struct dating outer;
};

struct record {
    bool is_open;
    size_t depth;
    uint64_t number;
    struct dating dating;
    const char *url, *method; /* in the arena */
    unsigned status;
    int64_t duration; /* seconds */
};

struct records {
    struct tscope_locating *locating;
    struct tscope_json_walk *walk;
    uint64_t line;                      /* the number of the line that is all of the text; 0: the text has many */
    struct tscope_records_point *point; /* NULL: none is kept */
    unsigned unit;
    struct tscope_arena arena;
    struct place *places; /* that wait */
    size_t places_len, places_capacity;
    size_t inside; /* of these stand in the value that is being read: from here on */
    size_t marked; /* places that the walk has come to */
    bool failed;
    struct record record;
    struct dating outer; /* of what is around the records */
    struct pair pairs[PAIRS_MAX];
};

static struct tscope_span
member_name(const struct tscope_json_walk *walk, size_t depth)
{
    const struct tscope_walk_level *level;

    if (depth == 0 || depth > walk->depth || depth > TSCOPE_WALK_LEVELS_MAX)
        return (struct tscope_span){NULL, 0};
    level = &walk->levels[depth - 1];
    if (level->is_array || !level->has_member)
        return (struct tscope_span){NULL, 0};
    return tscope_span_of(level->name, level->name_len);
}

/* What the next mark is. */
static void
set_mark(struct records *records)
{
    const struct tscope_locating *locating = records->locating;

    records->walk->mark = records->marked < locating->count ? locating->offsets[records->marked] : UINT64_MAX;
}

/* ---- delivering */

static void
tell_time(struct tscope_context *context, const struct dating *dating, struct tscope_arena *arena)
{
    const struct tscope_when_field *field = tscope_when_field_at(dating->rank % WRAPPED_RANK);
    struct tscope_buffer plain = {.arena = arena};
    int64_t time = 0;
    enum tscope_when when;

    if (dating->rank == SIZE_MAX || !field)
        return;
    tscope_json_unescape(tscope_span_of(dating->text, dating->len), &plain);
    when = tscope_when_read(tscope_span_of(plain.data, plain.len), field->is_utc, &time);
    if (when == TSCOPE_WHEN_NONE)
        return;
    context->time_text = tscope_shown_name(arena, tscope_span_of(plain.data, plain.len));
    context->time_field = field->name;
    if (when == TSCOPE_WHEN_KNOWN)
        context->time = time;
    else
        context->time_unsure = "no time zone is given";
}

static void
deliver_place(struct records *records, const struct place *place)
{
    const struct record *record = &records->record;
    struct tscope_context context = tscope_locating_context(records->locating);

    context.line = place->line;
    context.field = place->field;
    context.where = tscope_har_where_text(place->where);
    context.where_name = place->where_name;
    context.record = record->is_open ? record->number : 0;
    context.url = record->url;
    context.method = record->method;
    context.http_status = record->status;
    tell_time(&context, &place->dating, &records->arena);
    if (!context.time_text && record->is_open)
        tell_time(&context, &record->dating, &records->arena);
    if (!context.time_text && context.format != TSCOPE_EVIDENCE_HAR)
        tell_time(&context, &records->outer, &records->arena);
    if (context.time != TSCOPE_CONTEXT_NO_TIME && tscope_har_is_response(place->where))
        context.time += record->duration;
    tscope_locating_deliver(records->locating, &context);
}

/* Delivers the places that wait, with what is known of their record by now. */
static void
flush(struct records *records)
{
    for (size_t i = 0; i < records->places_len; i++)
        deliver_place(records, &records->places[i]);
    for (size_t i = 0; i < PAIRS_MAX; i++)
        records->pairs[i].first = 0;
    records->places_len = records->inside = 0;
}

static void
forget_record(struct records *records)
{
    records->record = (struct record){.dating.rank = SIZE_MAX};
    for (size_t i = 0; i < PAIRS_MAX; i++)
        records->pairs[i] = (struct pair){.dating.rank = SIZE_MAX};
    tscope_arena_reset(&records->arena, ARENA_KEPT);
}

/* ---- what the walk tells */

static struct place *
add_place(struct records *records)
{
    struct place *more;

    if (records->places_len == WAITING_MAX)
        flush(records);
    if (records->places_len == records->places_capacity) {
        size_t capacity = records->places_capacity ? 2 * records->places_capacity : 16;

        more = tscope_realloc(records->places, capacity * sizeof(*more));
        if (!more)
            return NULL;
        records->places = more;
        records->places_capacity = capacity;
    }
    records->places[records->places_len] = (struct place){.dating.rank = SIZE_MAX};
    return &records->places[records->places_len++];
}

/* A place of which its value is known now. */
static void
settle(struct records *records, struct place *place, const char *field)
{
    const struct tscope_json_walk *walk = records->walk;

    place->field = field;
    place->depth = walk->depth;
    if (records->locating->piece->format == TSCOPE_EVIDENCE_HAR)
        place->where = tscope_har_where(walk);
}

static void
on_mark(void *user, struct tscope_json_walk *walk, const uint8_t *chars, size_t at, size_t behind, bool is_inside)
{
    struct records *records = user;
    struct place *place = add_place(records);
    size_t before = behind < TSCOPE_TEXT_BEHIND ? behind : TSCOPE_TEXT_BEHIND;
    uint64_t within; /* characters of the value that stand before */

    if (!place) {
        records->failed = true;
        return;
    }
    place->offset = records->locating->offsets[records->marked];
    place->line = records->line ? records->line : walk->line;
    records->marked++;
    within = place->offset > walk->value_start ? (place->offset - walk->value_start) / records->unit - 1 : 0;
    if (within < before)
        before = (size_t)within;
    if (is_inside) {
        struct tscope_span name = tscope_shown_name_before(tscope_span_of(chars + at - before, before));

        place->before = name.len ? tscope_shown_name(&records->arena, name) : NULL;
        records->failed = records->failed || (name.len && !place->before);
    } else {
        const char *field = tscope_shown_pointer(&records->arena, walk);

        records->failed = records->failed || !field;
        settle(records, place, field);
        records->inside = records->places_len;
    }
    set_mark(records);
}

/* Of an address the part before the place, as far as it was kept. */
static void
settle_address(struct records *records, struct place *place, struct tscope_span value)
{
    uint64_t at = (place->offset - records->walk->value_start) / records->unit;
    struct tscope_buffer before = {.arena = &records->arena};

    if (at > 0) /* the quote */
        at--;
    tscope_json_unescape(tscope_span_of(value.data, at < value.len ? (size_t)at : value.len), &before);
    place->where = tscope_har_url_part(place->where, tscope_span_of(before.data, before.len));
    if (place->where != TSCOPE_HAR_URL && place->where != TSCOPE_HAR_REDIRECT)
        place->where_name = place->before;
    records->failed = records->failed || before.failed;
}

/* The places in the value or name that ended. */
static void
settle_inside(struct records *records, struct tscope_span value)
{
    const char *field;

    if (records->inside == records->places_len)
        return;
    field = tscope_shown_pointer(&records->arena, records->walk);
    records->failed = records->failed || !field;
    for (size_t i = records->inside; i < records->places_len; i++) {
        struct place *place = &records->places[i];

        settle(records, place, field);
        if (place->where == TSCOPE_HAR_URL || place->where == TSCOPE_HAR_REDIRECT)
            settle_address(records, place, value);
        else if (place->where == TSCOPE_HAR_ELSEWHERE)
            place->where_name = place->before;
    }
    records->inside = records->places_len;
}

static void
note_time(struct dating *dating, size_t rank, struct tscope_span value)
{
    if (rank >= dating->rank || value.len == 0 || value.len > TIME_TEXT_MAX)
        return;
    dating->rank = rank;
    dating->len = value.len;
    memcpy(dating->text, value.data, value.len);
}

/* The objects that envelopes (Azure diagnostics, Elastic, Sentinel) put the record's own fields into. */
static bool
is_wrapper(struct tscope_span name)
{
    static const char *const names[] = {"properties",   "_source",   "fields",    "event",
                                        "RawEventData", "auditData", "AuditData", "protoPayload"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_span_is(name, names[i]))
            return true;
    }
    return false;
}

/* base: depth of the container whose members may be times of it. */
static void
note_time_of(struct dating *dating, const struct tscope_json_walk *walk, size_t base, struct tscope_span value)
{
    size_t rank;

    if (walk->depth < base || walk->depth > base + 1 || base == 0)
        return;
    rank = tscope_when_field_rank(member_name(walk, walk->depth));
    if (rank == SIZE_MAX)
        return;
    if (walk->depth == base)
        note_time(dating, rank, value);
    else if (is_wrapper(member_name(walk, base)))
        note_time(dating, rank + WRAPPED_RANK, value);
}

static void
note_pair(struct records *records, struct pair *pair, struct tscope_span value)
{
    struct tscope_span name = member_name(records->walk, records->walk->depth);

    if (tscope_span_is(name, "name") && !pair->has_name) {
        struct tscope_buffer plain = {.arena = &records->arena};

        tscope_json_unescape(value.len < 2 * TSCOPE_SHOWN_NAME_MAX ? value : tscope_span_of(value.data, 2 * TSCOPE_SHOWN_NAME_MAX), &plain);
        pair->name = tscope_shown_name(&records->arena, tscope_span_of(plain.data, plain.len));
        pair->has_name = true;
        records->failed = records->failed || plain.failed || !pair->name;
    } else if (tscope_span_is(name, "encoding")) {
        pair->is_base64 = tscope_text_equal_fold(value, TSCOPE_SPAN("base64"));
    } else if (tscope_span_is(name, "type") && value.len < sizeof(pair->type)) {
        memcpy(pair->type, value.data, value.len);
        pair->type_len = value.len;
    } else if (tscope_span_is(name, "time")) {
        note_time(&pair->dating, tscope_when_field_rank(TSCOPE_SPAN("time")), value);
    }
}

/* A number of the entry, in decimal; what follows its digits is dropped. */
static int64_t
read_whole(struct tscope_span value, int64_t max)
{
    int64_t number = 0;

    for (size_t i = 0; i < value.len && value.data[i] >= '0' && value.data[i] <= '9' && number <= max; i++)
        number = number * 10 + (value.data[i] - '0');
    return number <= max ? number : 0;
}

/* Letters, as all methods that are registered; not a value that slipped here in a broken text. */
static bool
is_method(struct tscope_span value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!((value.data[i] | 0x20) >= 'a' && (value.data[i] | 0x20) <= 'z') && value.data[i] != '-')
            return false;
    }
    return value.len > 0 && value.len <= 20;
}

static void
note_member(struct records *records, struct tscope_span value, bool is_string)
{
    struct record *record = &records->record;
    struct tscope_buffer plain = {.arena = &records->arena};

    switch (tscope_har_member(records->walk)) {
    case TSCOPE_HAR_NO_MEMBER:
        return;
    case TSCOPE_HAR_TIME:
        record->duration = read_whole(value, DURATION_MAX) / 1000;
        return;
    case TSCOPE_HAR_STATUS:
        record->status = (unsigned)read_whole(value, 999);
        return;
    case TSCOPE_HAR_METHOD:
        if (!is_string || !is_method(value))
            return;
        record->method = tscope_shown_name(&records->arena, value);
        records->failed = records->failed || !record->method;
        return;
    case TSCOPE_HAR_ADDRESS:
        tscope_json_unescape(value, &plain);
        record->url = tscope_shown_url(&records->arena, tscope_span_of(plain.data, plain.len));
        records->failed = records->failed || plain.failed || !record->url;
        return;
    }
}

static void
on_value(void *user, const struct tscope_json_walk *walk, struct tscope_span value, bool is_string)
{
    struct records *records = user;

    settle_inside(records, value);
    if (records->record.is_open)
        note_time_of(&records->record.dating, walk, records->record.depth, value);
    else
        note_time_of(&records->outer, walk, 1, value);
    if (records->locating->piece->format != TSCOPE_EVIDENCE_HAR)
        return;
    note_member(records, value, is_string);
    if (walk->depth > 0 && walk->depth <= PAIRS_MAX)
        note_pair(records, &records->pairs[walk->depth - 1], value);
}

static void
on_name(void *user, const struct tscope_json_walk *walk)
{
    struct records *records = user;

    (void)walk;
    settle_inside(records, tscope_span_of("", 0));
}

/* An object in an array is a record, if it is in none; of lines the outermost container is. */
static bool
begins_record(const struct records *records, const struct tscope_json_walk *walk)
{
    if (records->record.is_open)
        return false;
    if (records->line)
        return walk->depth == 1;
    return !tscope_json_walk_is_array(walk, walk->depth) && tscope_json_walk_is_array(walk, walk->depth - 1);
}

static void
keep_point(struct records *records)
{
    struct tscope_records_point *point = records->point;

    point->is_set = tscope_json_walk_point(records->walk, &point->walk);
    point->outer = records->outer;
}

static void
on_open(void *user, const struct tscope_json_walk *walk)
{
    struct records *records = user;

    if (begins_record(records, walk)) {
        flush(records);
        forget_record(records);
        if (records->point && records->marked < records->locating->count)
            keep_point(records);
        records->record.is_open = true;
        records->record.depth = walk->depth;
        if (records->line)
            records->record.number = records->line;
        else if (walk->depth <= TSCOPE_WALK_LEVELS_MAX && walk->depth > 1)
            records->record.number = walk->levels[walk->depth - 2].index + 1;
    }
    if (walk->depth <= PAIRS_MAX)
        records->pairs[walk->depth - 1] = (struct pair){.first = records->places_len, .dating.rank = SIZE_MAX};
}

static bool
is_cookie_field(const char *name)
{
    struct tscope_span text = tscope_span_text(name);

    return tscope_text_equal_fold(text, TSCOPE_SPAN("cookie")) || tscope_text_equal_fold(text, TSCOPE_SPAN("set-cookie"));
}

/* What an object says of a place in it, now that all of it was read. */
static void
finish_place(struct records *records, struct place *place, const struct pair *pair)
{
    switch (place->where) {
    case TSCOPE_HAR_REQUEST_HEADER:
    case TSCOPE_HAR_RESPONSE_HEADER:
        place->where_name = pair->name;
        if (pair->name && is_cookie_field(pair->name)) {
            place->where = place->where == TSCOPE_HAR_REQUEST_HEADER ? TSCOPE_HAR_REQUEST_COOKIE : TSCOPE_HAR_RESPONSE_COOKIE;
            place->where_name = place->before ? place->before : pair->name;
        }
        return;
    case TSCOPE_HAR_QUERY:
        if (pair->name) /* of queryString; in an address it is known already */
            place->where_name = pair->name;
        return;
    case TSCOPE_HAR_REQUEST_COOKIE:
    case TSCOPE_HAR_RESPONSE_COOKIE:
    case TSCOPE_HAR_FORM_FIELD:
        place->where_name = pair->name;
        return;
    case TSCOPE_HAR_REQUEST_BODY:
    case TSCOPE_HAR_RESPONSE_BODY:
        place->where_name = pair->is_base64 ? NULL : place->before;
        if (pair->is_base64)
            place->where = place->where == TSCOPE_HAR_REQUEST_BODY ? TSCOPE_HAR_REQUEST_BODY_BASE64 : TSCOPE_HAR_RESPONSE_BODY_BASE64;
        return;
    case TSCOPE_HAR_WEB_SOCKET:
        place->where_name = pair->type_len ? tscope_shown_name(&records->arena, tscope_span_of(pair->type, pair->type_len)) : NULL;
        place->dating = pair->dating;
        return;
    case TSCOPE_HAR_ELSEWHERE:
    case TSCOPE_HAR_URL:
    case TSCOPE_HAR_FRAGMENT:
    case TSCOPE_HAR_REQUEST_BODY_BASE64:
    case TSCOPE_HAR_RESPONSE_BODY_BASE64:
    case TSCOPE_HAR_REDIRECT:
    case TSCOPE_HAR_REDIRECT_QUERY:
    case TSCOPE_HAR_REDIRECT_FRAGMENT:
    case TSCOPE_HAR_INITIATOR:
    case TSCOPE_HAR_PAGE:
        return;
    }
}

static void
on_close(void *user, const struct tscope_json_walk *walk)
{
    struct records *records = user;

    if (walk->depth <= PAIRS_MAX) {
        const struct pair *pair = &records->pairs[walk->depth - 1];

        for (size_t i = pair->first; i < records->places_len; i++) {
            if (records->places[i].depth == walk->depth)
                finish_place(records, &records->places[i], pair);
        }
    }
    if (records->record.is_open && walk->depth == records->record.depth) {
        flush(records);
        forget_record(records);
    }
}

/* ---- reading */

static const struct tscope_walk_listener listener = {
    .open = on_open, .close = on_close, .value = on_value, .mark = on_mark, .name = on_name};

static enum tscope_status
begin(struct records *records, struct tscope_locating *locating, struct tscope_error *err)
{
    *records = (struct records){.locating = locating, .outer.rank = SIZE_MAX, .marked = locating->delivered};
    records->unit = locating->piece->text == TSCOPE_PIECE_BYTES ? 1 : 2;
    forget_record(records);
    records->walk = tscope_alloc(sizeof(*records->walk));
    if (!records->walk)
        return tscope_error_no_memory(err);
    tscope_json_walk_init(records->walk, &listener, records);
    set_mark(records);
    return TSCOPE_OK;
}

static void
end(struct records *records)
{
    tscope_free(records->walk);
    tscope_free(records->places);
    tscope_arena_clear(&records->arena);
}

/* The text ends, or the walk does not go on: what waits goes with what is known. */
static void
end_walk(struct records *records)
{
    tscope_json_walk_end(records->walk);
    flush(records);
    forget_record(records);
}

static bool
is_done(const struct records *records)
{
    return records->marked == records->locating->count && records->places_len == 0;
}

/* Begins where the latest walk through the same piece came to, when no place is before that. What is compressed is read from its
 * beginning either way, and walked through as well. */
static enum tscope_status
take_up(struct records *records, struct tscope_text_reader *text, struct tscope_error *err)
{
    const tscope_piece *piece = records->locating->piece;
    struct tscope_evidence *evidence = piece->evidence;

    if (!piece->is_seekable)
        return TSCOPE_OK;
    if (!evidence->point)
        evidence->point = tscope_alloc_zeroed(1, sizeof(*evidence->point));
    if (!evidence->point)
        return tscope_error_no_memory(err);
    records->point = evidence->point;
    if (!records->point->is_set || records->point->piece != piece->number || records->locating->offsets[0] < records->point->walk.offset) {
        records->point->piece = piece->number;
        records->point->is_set = false;
        return TSCOPE_OK;
    }
    tscope_json_walk_resume(records->walk, &records->point->walk);
    records->outer = records->point->outer;
    return tscope_text_reader_seek(text, records->point->walk.offset, err);
}

static enum tscope_status
read_whole_text(struct records *records, struct tscope_text_reader *text, struct tscope_error *err)
{
    enum tscope_status status = take_up(records, text, err);

    while (status == TSCOPE_OK && !is_done(records) && !records->walk->is_too_deep) {
        status = tscope_text_reader_next(text, err);
        if (status != TSCOPE_OK || text->chars_len == 0)
            break;
        tscope_json_walk_feed(records->walk, text, 0, text->chars_len);
        if (records->failed)
            return tscope_error_no_memory(err);
    }
    return status;
}

enum tscope_status
tscope_records_locate(struct tscope_locating *locating, struct tscope_error *err)
{
    struct tscope_text_reader text = {0};
    struct records records;
    enum tscope_status status = begin(&records, locating, err);

    if (status == TSCOPE_OK)
        status = tscope_text_reader_init(&text, locating->piece, err);
    if (status == TSCOPE_OK)
        status = read_whole_text(&records, &text, err);
    if (status == TSCOPE_OK) {
        records.point = NULL; /* what is opened from here on is none */
        end_walk(&records);
        status = records.failed ? tscope_error_no_memory(err) : TSCOPE_OK;
    }
    if (status == TSCOPE_OK)
        tscope_locating_deliver_rest(locating);
    tscope_text_reader_clear(&text);
    end(&records);
    return status;
}

/* A line is a text of its own, of one record. */
static enum tscope_status
take_line(void *user, struct tscope_locating *locating, const struct tscope_line *line, size_t count, struct tscope_error *err)
{
    struct records *records = user;
    struct tscope_text_reader text = {.unit = line->unit, .chars = line->text.data, .chars_len = line->text.len, .offset = line->start};
    size_t last = locating->delivered + count;

    records->line = line->number;
    records->marked = locating->delivered;
    records->outer.rank = SIZE_MAX;
    tscope_json_walk_restart(records->walk);
    set_mark(records);
    tscope_json_walk_feed(records->walk, &text, 0, text.chars_len);
    end_walk(records);
    if (records->failed)
        return tscope_error_no_memory(err);
    /* behind what is kept of the line, or nested too deep: they go with their line alone */
    while (locating->delivered < last) {
        struct tscope_context context = tscope_locating_context(locating);

        context.line = context.record = line->number;
        tscope_locating_deliver(locating, &context);
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_records_locate_lines(struct tscope_locating *locating, struct tscope_error *err)
{
    struct records records;
    enum tscope_status status = begin(&records, locating, err);

    if (status == TSCOPE_OK)
        status = tscope_lines_take(locating, false, TSCOPE_RECORDS_LINE_MAX, take_line, &records, err);
    end(&records);
    return status;
}
