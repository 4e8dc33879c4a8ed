/* SPDX-License-Identifier: Apache-2.0 */
#include "core/time.h"

#include <stdio.h>

static bool
is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
tscope_time_from_civil(int year, int month, int day, int64_t *ret_days)
{
    static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t years;

    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    if (day > month_days[month - 1] + (month == 2 && is_leap(year)))
        return false;
    /* leap days of the years gone: year 0 is itself a leap year */
    years = year > 0 ? (int64_t)(year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 : 0;
    *ret_days = (int64_t)year * 365 + years + before[month - 1] + (month > 2 && is_leap(year)) + day - 1 - 719528;
    return true;
}

static bool
take_number(struct tscope_span *text, size_t digits, int *ret_number)
{
    int number = 0;

    if (text->len < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
        number = number * 10 + (text->data[i] - '0');
    }
    text->data += digits;
    text->len -= digits;
    *ret_number = number;
    return true;
}

static bool
take_byte(struct tscope_span *text, const char *any_of)
{
    if (text->len == 0 || text->data[0] == '\0' || !strchr(any_of, text->data[0]))
        return false;
    text->data++;
    text->len--;
    return true;
}

static bool
skip_fraction(struct tscope_span *text)
{
    size_t digits = 0;

    if (!take_byte(text, ".,"))
        return true;
    while (take_byte(text, "0123456789"))
        digits++;
    return digits > 0;
}

static bool
take_zone(struct tscope_span *text, int64_t *ret_offset)
{
    int hours, minutes;
    bool behind;

    *ret_offset = 0;
    if (text->len == 0 || take_byte(text, "Zz"))
        return true;
    behind = text->data[0] == '-';
    if (!take_byte(text, "+-") || !take_number(text, 2, &hours))
        return false;
    take_byte(text, ":");
    if (!take_number(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_offset = (behind ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
    return true;
}

static bool
parse_epoch(struct tscope_span text, int64_t *ret_time)
{
    bool negative = take_byte(&text, "-");
    int64_t seconds = 0;
    size_t digits = 0;

    while (digits < 15 && text.len && text.data[0] >= '0' && text.data[0] <= '9') {
        seconds = seconds * 10 + (text.data[0] - '0');
        text.data++;
        text.len--;
        digits++;
    }
    if (digits == 0 || !skip_fraction(&text) || text.len)
        return false;
    *ret_time = negative ? -seconds : seconds;
    return true;
}

static bool
parse_calendar(struct tscope_span text, int64_t *ret_time)
{
    int year, month, day, hour = 0, minute = 0, second = 0;
    int64_t days, zone = 0;

    if (!take_number(&text, 4, &year) || !take_byte(&text, "-") || !take_number(&text, 2, &month) || !take_byte(&text, "-") ||
        !take_number(&text, 2, &day) || !tscope_time_from_civil(year, month, day, &days))
        return false;
    if (text.len) {
        if (!take_byte(&text, "Tt ") || !take_number(&text, 2, &hour) || !take_byte(&text, ":") || !take_number(&text, 2, &minute))
            return false;
        if (take_byte(&text, ":") && (!take_number(&text, 2, &second) || !skip_fraction(&text)))
            return false;
        if (!take_zone(&text, &zone) || text.len)
            return false;
    }
    if (hour > 23 || minute > 59 || second > 60) /* 60: a leap second (RFC 3339 section 5.7) */
        return false;
    *ret_time = days * 86400 + hour * 3600 + minute * 60 + second - zone;
    return true;
}

bool
tscope_time_parse(struct tscope_span text, int64_t *ret_time)
{
    return parse_calendar(text, ret_time) || parse_epoch(text, ret_time);
}

/* The last two digits of a number. */
static void
put_digits(char *text, unsigned number)
{
    text[0] = (char)('0' + number / 10 % 10);
    text[1] = (char)('0' + number % 10);
}

void
tscope_time_format(int64_t time, char text[TSCOPE_TIME_TEXT_MAX])
{
    int64_t days = time / 86400, seconds = time % 86400, era, year;
    unsigned day_of_era, year_of_era, day_of_year, shifted;

    if (time == TSCOPE_TIME_NONE) {
        snprintf(text, TSCOPE_TIME_TEXT_MAX, "-");
        return;
    }
    if (time < INT64_C(-62167219200) || time > INT64_C(253402300799)) {
        snprintf(text, TSCOPE_TIME_TEXT_MAX, "%lld", (long long)time);
        return;
    }
    if (seconds < 0) {
        seconds += 86400;
        days--;
    }
    /* the civil calendar counted from 1 March of year 0, where the leap day is the last of its year */
    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    day_of_era = (unsigned)(days - era * 146097);
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    shifted = (5 * day_of_year + 2) / 153;
    year = (int64_t)year_of_era + era * 400 + (shifted >= 10);
    memcpy(text, "0000-00-00T00:00:00Z", sizeof("0000-00-00T00:00:00Z"));
    put_digits(text, (unsigned)year / 100);
    put_digits(text + 2, (unsigned)year);
    put_digits(text + 5, shifted < 10 ? shifted + 3 : shifted - 9);
    put_digits(text + 8, day_of_year - (153 * shifted + 2) / 5 + 1);
    put_digits(text + 11, (unsigned)(seconds / 3600));
    put_digits(text + 14, (unsigned)(seconds / 60 % 60));
    put_digits(text + 17, (unsigned)(seconds % 60));
}

void
tscope_time_format_span(int64_t seconds, char text[TSCOPE_TIME_TEXT_MAX])
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"y", 31557600}, {"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        /* no int64_t has so many years: said for the compiler, which counts digits */
        int64_t count = seconds / units[i].seconds % INT64_C(1000000000000);
        int rest;

        if (count == 0 && i + 1 < sizeof(units) / sizeof(units[0]))
            continue;
        rest = i + 1 < sizeof(units) / sizeof(units[0]) ? (int)(seconds % units[i].seconds / units[i + 1].seconds) % 1000000 : 0;
        if (rest)
            snprintf(text, TSCOPE_TIME_TEXT_MAX, "%lld %s %d %s", (long long)count, units[i].unit, rest, units[i + 1].unit);
        else
            snprintf(text, TSCOPE_TIME_TEXT_MAX, "%lld %s", (long long)count, units[i].unit);
        return;
    }
}
