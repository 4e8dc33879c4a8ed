/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/when.h"

#include "core/alloc.h"
#include "core/text.h"
#include "core/time.h"

#define EPOCH_FIRST UINT64_C(946684800) /* the year 2000 */
#define CALENDAR_MAX 48                 /* characters of a date with a time of day */
#define EPOCH_LAST UINT64_C(4102444800) /* the year 2100 */

static bool
take_digits(struct tscope_span *text, size_t min, size_t max, int *ret_number)
{
    size_t digits = 0;
    int number = 0;

    while (digits < max && digits < text->len && text->data[digits] >= '0' && text->data[digits] <= '9')
        number = number * 10 + (text->data[digits++] - '0');
    if (digits < min)
        return false;
    *text = tscope_span_of(text->data + digits, text->len - digits);
    *ret_number = number;
    return true;
}

static bool
take(struct tscope_span *text, const char *word)
{
    if (!tscope_text_starts_with(*text, tscope_span_text(word)))
        return false;
    *text = tscope_span_of(text->data + strlen(word), text->len - strlen(word));
    return true;
}

static bool
take_month(struct tscope_span *text, int *ret_month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (text->len < 3)
        return false;
    for (int month = 0; month < 12; month++) {
        if (memcmp(text->data, names + 3 * month, 3) == 0) {
            *text = tscope_span_of(text->data + 3, text->len - 3);
            *ret_month = month + 1;
            return true;
        }
    }
    return false;
}

static bool
take_clock(struct tscope_span *text, int64_t *ret_seconds)
{
    int hour, minute, second;

    if (!take_digits(text, 2, 2, &hour) || !take(text, ":") || !take_digits(text, 2, 2, &minute) || !take(text, ":") ||
        !take_digits(text, 2, 2, &second) || hour > 23 || minute > 59 || second > 60)
        return false;
    *ret_seconds = hour * 3600 + minute * 60 + second;
    return true;
}

static bool
take_offset(struct tscope_span *text, int64_t *ret_seconds)
{
    bool is_behind = text->len && text->data[0] == '-';
    int hours, minutes;

    if ((!take(text, "+") && !take(text, "-")) || !take_digits(text, 2, 2, &hours))
        return false;
    take(text, ":");
    if (!take_digits(text, 2, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (is_behind ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
    return true;
}

/* 10/Oct/2000:13:55:36 +0000: the time of Apache's and nginx's logs always has its zone. */
static bool
read_common(struct tscope_span text, int64_t *ret_time)
{
    int64_t days, clock, zone;
    int day, month, year;

    if (!take_digits(&text, 2, 2, &day) || !take(&text, "/") || !take_month(&text, &month) || !take(&text, "/") ||
        !take_digits(&text, 4, 4, &year) || !take(&text, ":") || !take_clock(&text, &clock) || !take(&text, " ") ||
        !take_offset(&text, &zone) || text.len || !tscope_time_from_civil(year, month, day, &days))
        return false;
    *ret_time = days * 86400 + clock - zone;
    return true;
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static bool
read_http(struct tscope_span text, int64_t *ret_time)
{
    int64_t days, clock, zone = 0;
    int day, month, year;

    if (text.len < 5 || text.data[3] != ',')
        return false;
    text = tscope_span_of(text.data + 4, text.len - 4);
    if (!take(&text, " ") || !take_digits(&text, 1, 2, &day) || !take(&text, " ") || !take_month(&text, &month) || !take(&text, " ") ||
        !take_digits(&text, 4, 4, &year) || !take(&text, " ") || !take_clock(&text, &clock) || !take(&text, " "))
        return false;
    if (!take(&text, "GMT") && !take(&text, "UTC") && !take_offset(&text, &zone))
        return false;
    if (text.len || !tscope_time_from_civil(year, month, day, &days))
        return false;
    *ret_time = days * 86400 + clock - zone;
    return true;
}

/* Digits, perhaps with a fraction: of which unit, the year tells. */
static bool
read_epoch(struct tscope_span text, int64_t *ret_time)
{
    uint64_t number = 0;
    size_t digits = 0;

    while (digits < text.len && digits < 19 && /* of any 19 digits the number fits */ text.data[digits] >= '0' && text.data[digits] <= '9')
        number = number * 10 + (uint64_t)(text.data[digits++] - '0');
    if (digits < 9)
        return false;
    text = tscope_span_of(text.data + digits, text.len - digits);
    if (take(&text, ".")) {
        while (text.len && text.data[0] >= '0' && text.data[0] <= '9')
            text = tscope_span_of(text.data + 1, text.len - 1);
    }
    if (text.len)
        return false;
    for (int thousands = 0; thousands < 3 && number > EPOCH_LAST; thousands++)
        number /= 1000;
    if (number < EPOCH_FIRST || number > EPOCH_LAST)
        return false;
    *ret_time = (int64_t)number;
    return true;
}

/* "12:00:00,123 +0200" without the space. False: there is none to take out. */
static bool
join_zone(struct tscope_span text, char joined[CALENDAR_MAX], size_t *ret_len)
{
    size_t at = text.len > 6 ? text.len - 6 : 0;

    if (text.len >= CALENDAR_MAX || at < 16)
        return false;
    if (text.data[at] != ' ')
        at--; /* +02:00 */
    if (text.data[at] != ' ' || (text.data[at + 1] != '+' && text.data[at + 1] != '-'))
        return false;
    memcpy(joined, text.data, at);
    memcpy(joined + at, text.data + at + 1, text.len - at - 1);
    *ret_len = text.len - 1;
    return true;
}

/* RFC 3339, and what differs from it in the zone alone. */
static enum tscope_when
read_calendar(struct tscope_span text, bool is_utc, int64_t *ret_time)
{
    char joined[CALENDAR_MAX];
    struct tscope_span clock;
    size_t len;
    bool has_zone;

    if (text.len < 16 || text.data[4] != '-' || text.data[7] != '-')
        return TSCOPE_WHEN_NONE;
    if (tscope_text_ends_with(text, TSCOPE_SPAN(" UTC")) || tscope_text_ends_with(text, TSCOPE_SPAN(" GMT"))) {
        text.len -= 4;
        is_utc = true;
    }
    if (join_zone(text, joined, &len))
        text = tscope_span_of(joined, len);
    if (!tscope_time_parse(text, ret_time))
        return TSCOPE_WHEN_NONE;
    clock = tscope_span_of(text.data + 11, text.len - 11);
    has_zone = clock.len && (memchr(clock.data, 'Z', clock.len) || memchr(clock.data, 'z', clock.len) ||
                             memchr(clock.data, '+', clock.len) || memchr(clock.data, '-', clock.len));
    return has_zone || is_utc ? TSCOPE_WHEN_KNOWN : TSCOPE_WHEN_ZONELESS;
}

/* 5/18/2021 9:13:33 PM, 18.05.2021 21:13, 2021/05/18 21:13:33: some place's way of writing, and no zone. */
static bool
is_local(struct tscope_span text)
{
    int number;

    if (!take_digits(&text, 1, 4, &number) || text.len == 0 || !strchr(number > 31 ? "/" : "/.-", text.data[0]))
        return false;
    text = tscope_span_of(text.data + 1, text.len - 1);
    if (!take_digits(&text, 1, 2, &number) || text.len == 0 || !strchr("/.-", text.data[0]))
        return false;
    text = tscope_span_of(text.data + 1, text.len - 1);
    return take_digits(&text, 1, 4, &number) && (take(&text, " ") || take(&text, ", ") || take(&text, "T")) &&
           take_digits(&text, 1, 2, &number) && take(&text, ":");
}

/* "0001-01-01T00:00:00Z", 1970 and "9999-12-31" stand for no time: no token was seen then. */
static bool
is_in_epoch(int64_t time)
{
    return time >= (int64_t)EPOCH_FIRST && time <= (int64_t)EPOCH_LAST;
}

enum tscope_when
tscope_when_read(struct tscope_span text, bool is_utc, int64_t *ret_time)
{
    enum tscope_when when;
    int64_t time = 0;

    text = tscope_text_trim(text);
    when = read_calendar(text, is_utc, &time);
    if (when == TSCOPE_WHEN_NONE && (read_common(text, &time) || read_http(text, &time) || read_epoch(text, &time)))
        when = TSCOPE_WHEN_KNOWN;
    if (when == TSCOPE_WHEN_NONE)
        return is_local(text) ? TSCOPE_WHEN_ZONELESS : TSCOPE_WHEN_NONE;
    if (!is_in_epoch(time))
        return TSCOPE_WHEN_NONE;
    *ret_time = time;
    return when;
}

/*
 * The best first: names that one format gives to the time of the event, then those that many give to some time. UTC by documentation:
 * CreationTime of the unified audit log and TimeGenerated of Log Analytics; Zeek's ts is an epoch.
 */
static const struct tscope_when_field fields[] = {
    {"startedDateTime", false},
    {"CreationTime", true},
    {"eventTime", true},
    {"createdDateTime", true},
    {"activityDateTime", true},
    {"TimeGenerated", true},
    {"TimeGenerated [UTC]", true},
    {"TimeGeneratedUtc", true},
    {"@timestamp", true},
    {"published", true},
    {"requestReceivedTimestamp", true},
    {"start_time", true},
    {"timestamp", false},
    {"Timestamp", false},
    {"time", false},
    {"Time", false},
    {"ts", false},
    {"_time", false},
    {"time_iso8601", false},
    {"time_local", false},
    {"msec", false},
    {"datetime", false},
    {"dateTime", false},
    {"DateTime", false},
    {"date", false},
    {"Date", false},
    {"Date (UTC)", true},
    {"CreationDate", false},
};

size_t
tscope_when_field_rank(struct tscope_span name)
{
    if (name.len < 2 || name.len > 24)
        return SIZE_MAX;
    for (size_t i = 0; i < TSCOPE_COUNT(fields); i++) {
        if (tscope_span_is(name, fields[i].name))
            return i;
    }
    return SIZE_MAX;
}

const struct tscope_when_field *
tscope_when_field_at(size_t rank)
{
    return rank < TSCOPE_COUNT(fields) ? &fields[rank] : NULL;
}
