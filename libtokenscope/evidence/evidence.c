/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/buffer.h"
#include "core/error.h"
#include "evidence/levels.h"
#include "evidence/lines.h"
#include "evidence/reader.h"

#define INFLATED_MAX (UINT64_C(16) << 30)
#define INFLATED_TIMES 100
#define RATIO_MAX 200
#define RATIO_FROM (UINT64_C(1) << 30)
#define DEPTH_MAX 4

const char *
tscope_evidence_format_id(enum tscope_evidence_format format)
{
    switch (format) {
#define FORMAT_ID(name, id, words) \
    case TSCOPE_EVIDENCE_##name:   \
        return id;
        TSCOPE_FOREACH_EVIDENCE_FORMAT(FORMAT_ID)
#undef FORMAT_ID
    }
    return "?";
}

const char *
tscope_evidence_format_text(enum tscope_evidence_format format)
{
    switch (format) {
#define FORMAT_TEXT(name, id, words) \
    case TSCOPE_EVIDENCE_##name:     \
        return words;
        TSCOPE_FOREACH_EVIDENCE_FORMAT(FORMAT_TEXT)
#undef FORMAT_TEXT
    }
    return "?";
}

static struct tscope_evidence_options
bounds_from(const struct tscope_evidence_options *options, uint64_t size)
{
    struct tscope_evidence_options bounds = {.size = sizeof(bounds)};

    if (options)
        memcpy(&bounds, options, options->size < sizeof(bounds) ? options->size : sizeof(bounds));
    if (!bounds.inflated_max)
        bounds.inflated_max =
            size / (INFLATED_MAX / INFLATED_TIMES) && size < UINT64_MAX / INFLATED_TIMES ? size * INFLATED_TIMES : INFLATED_MAX;
    if (!bounds.ratio_max)
        bounds.ratio_max = RATIO_MAX;
    if (!bounds.ratio_from)
        bounds.ratio_from = RATIO_FROM;
    if (!bounds.depth_max)
        bounds.depth_max = DEPTH_MAX;
    return bounds;
}

enum tscope_status
tscope_evidence_open(const struct tscope_evidence_source *source, const struct tscope_evidence_options *options,
                     tscope_evidence **ret_evidence, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_evidence) *evidence = NULL;
    enum tscope_status status;

    if (!source || !source->read || (options && options->size < sizeof(options->size)))
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "no source, or options without their size");
    evidence = tscope_alloc_zeroed(1, sizeof(*evidence));
    if (!evidence)
        return tscope_error_no_memory(err);
    evidence->source = *source;
    evidence->bounds = bounds_from(options, source->size);
    evidence->root = tscope_piece_new(evidence, NULL, TSCOPE_PIECE_SOURCE, TSCOPE_SPAN(""));
    if (!evidence->root)
        return tscope_error_no_memory(err);
    evidence->root->is_seekable = true;
    evidence->root->size = source->size;
    status = tscope_piece_tell_format(evidence->root, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_evidence = TSCOPE_STEAL(evidence);
    return TSCOPE_OK;
}

void
tscope_evidence_free(tscope_evidence *evidence)
{
    if (!evidence)
        return;
    for (size_t i = 0; i < evidence->warnings_len; i++) {
        tscope_free((void *)(uintptr_t)evidence->warnings[i].text); /* ours, and const for callers alone */
        tscope_free((void *)(uintptr_t)evidence->warnings[i].member);
    }
    tscope_free(evidence->warnings);
    tscope_levels_free(evidence);
    tscope_lines_pass_free(evidence->lines);
    tscope_free(evidence->point);
    tscope_piece_free(evidence->root);
    tscope_free(evidence);
}

enum tscope_evidence_format
tscope_evidence_format(const tscope_evidence *evidence)
{
    return evidence->root->format;
}

size_t
tscope_evidence_warnings(const tscope_evidence *evidence)
{
    return evidence->warnings_len;
}

const struct tscope_evidence_warning *
tscope_evidence_warning(const tscope_evidence *evidence, size_t number)
{
    return number < evidence->warnings_len ? &evidence->warnings[number] : NULL;
}

static bool
is_known(const struct tscope_evidence *evidence, const char *id, const char *member)
{
    for (size_t i = 0; i < evidence->warnings_len; i++) {
        if (strcmp(evidence->warnings[i].id, id) == 0 && strcmp(evidence->warnings[i].member, member) == 0)
            return true;
    }
    return false;
}

static char *
copy_text(const char *text)
{
    struct tscope_buffer copy = {0};

    tscope_buffer_append_text(&copy, text);
    return tscope_buffer_steal(&copy, NULL);
}

static enum tscope_status
add_warning(struct tscope_evidence *evidence, const char *id, const char *member, const char *text, struct tscope_error *err)
{
    size_t count = evidence->warnings_len;
    struct tscope_evidence_warning *more, warning = {.id = id};

    more = tscope_realloc(evidence->warnings, (count + 1) * sizeof(*more));
    if (!more)
        return tscope_error_no_memory(err);
    evidence->warnings = more;
    warning.text = copy_text(text);
    warning.member = copy_text(member);
    if (!warning.text || !warning.member) {
        tscope_free((void *)(uintptr_t)warning.text);
        tscope_free((void *)(uintptr_t)warning.member);
        return tscope_error_no_memory(err);
    }
    more[count] = warning;
    evidence->warnings_len++;
    return TSCOPE_OK;
}

enum tscope_status
tscope_evidence_warn(struct tscope_evidence *evidence, const char *id, const char *member, struct tscope_error *err, const char *format,
                     ...)
{
    char text[512];
    va_list arguments;

    if (is_known(evidence, id, member) || evidence->warnings_len > TSCOPE_EVIDENCE_WARNINGS_MAX)
        return TSCOPE_OK;
    if (evidence->warnings_len == TSCOPE_EVIDENCE_WARNINGS_MAX)
        return add_warning(evidence, "more-warnings", "", "there are more warnings, which are not listed", err);
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return add_warning(evidence, id, member, text, err);
}
