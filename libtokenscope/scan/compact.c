/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/compact.h"

#include "core/alloc.h"
#include "core/text.h"
#include "scan/header.h"
#include "token/signature_presence.h"

#define RUN_LETTERS (TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD | TSCOPE_LETTER_DOT | TSCOPE_LETTER_TILDE | TSCOPE_LETTER_OPAQUE)
#define WORD_LETTERS (TSCOPE_LETTER_URL | TSCOPE_LETTER_DOT | TSCOPE_LETTER_TILDE) /* what goes on with a token without a gap */
#define MASK_MIN 3                                                                 /* asterisks in place of a signature */
#define JWE_DOTS 4
#define DAMAGED_LAST_MIN 16 /* letters of the third part behind a damaged header */

/* A token that is read: the number of letters in it, and whether nothing of it is missing. */
struct extent {
    size_t len;
    size_t reach; /* letters that go on with it without a gap, and are none of it */
    bool is_whole;
};

/* Bytes of so many letters; 0 for a number that none encode to. */
static size_t
bytes_of(size_t letters)
{
    return letters % 4 == 1 ? 0 : letters * 3 / 4;
}

/* Bytes of an authentication tag (RFC 7518 section 5.1). */
static bool
may_be_tag(size_t len)
{
    return len == 16 || len == 24 || len == 32;
}

/* White space in front of a header's brace is the header's. */
static size_t
begin_of_space(const struct tscope_run *run, size_t first, size_t at)
{
    while (at - first >= 4 && tscope_scan_is_space_group(run->text + at - 4))
        at -= 4;
    return at;
}

/* The letter with which a header of another token begins inside the last part, which then ends there; else the part's end. */
static size_t
next_header(struct tscope_run *run, size_t first, size_t end)
{
    struct tscope_scan_header header;

    if (tscope_run_letter(run, end) != '.')
        return end;
    for (size_t at = first; at < end; at++) {
        if (run->text[at] == 'e' && (run->text[at + 1] == 'y' || run->text[at + 1] == 'w') &&
            tscope_scan_header_read(run, at, &header) == TSCOPE_HEADER_WHOLE && at + header.letters == end)
            return begin_of_space(run, first, at);
    }
    return end;
}

/* Padding that makes the last part's letters fours. */
static size_t
padding_end(struct tscope_run *run, size_t first, size_t end)
{
    size_t padded = tscope_run_span(run, end, TSCOPE_LETTER_PAD);

    return padded > end && padded - end <= 2 && (padded - first) % 4 == 0 ? padded : end;
}

/* Asterisks in a signature's place, or in its midst. */
static size_t
mask_end(struct tscope_run *run, size_t end)
{
    size_t masked = end;

    while (tscope_run_letter(run, masked) == '*')
        masked++;
    return masked - end >= MASK_MIN ? tscope_run_span(run, masked, TSCOPE_LETTER_URL) : end;
}

/* Disclosures behind a token, and a proof of the holder's key (RFC 9901). */
static size_t
disclosures_end(struct tscope_run *run, size_t end)
{
    while (tscope_run_letter(run, end) == '~') {
        size_t next = tscope_run_span(run, end + 1, TSCOPE_LETTER_URL);

        if (tscope_run_letter(run, next) == '.' && tscope_scan_begins_object(run, end + 1))
            return tscope_run_span(run, end + 1, TSCOPE_LETTER_URL | TSCOPE_LETTER_DOT);
        end = next;
    }
    return end;
}

/* Letters that so many bytes encode to, without padding. */
static size_t
letters_of(size_t bytes)
{
    return (bytes * 4 + 2) / 3;
}

/* True when a line end was read through in front of a letter that is there. */
static bool
begins_line(const struct tscope_run *run, size_t at)
{
    int unit;

    if (run->is_plain)
        return false;
    unit = tscope_letters_unit(&run->letters, run->room->places[at]);
    if (unit == '=' || unit == '\\')
        unit = tscope_letters_unit(&run->letters, run->room->places[at] + run->letters.width);
    return unit == '\r' || unit == '\n';
}

/* The end of a tag, or of the last part, where that is the end of a line and the next one begins with a word. */
static size_t
tag_line_end(const struct tscope_run *run, size_t first, size_t end)
{
    static const size_t tags[] = {32, 24, 16};

    for (size_t i = 0; i < TSCOPE_COUNT(tags); i++) {
        if (first + letters_of(tags[i]) < end && begins_line(run, first + letters_of(tags[i])))
            return first + letters_of(tags[i]);
    }
    return end;
}

/* Five parts, of which a cut token has less. */
static bool
read_jwe(struct tscope_run *run, const struct tscope_scan_header *header, struct extent *ret_extent)
{
    size_t end = header->letters, first = end;
    unsigned dots = 0;

    while (dots < JWE_DOTS && tscope_run_letter(run, end) == '.') {
        dots++;
        first = end + 1;
        end = tscope_run_span(run, first, TSCOPE_LETTER_URL);
    }
    if (dots == JWE_DOTS)
        end = next_header(run, first, end);
    if (dots == JWE_DOTS && !may_be_tag(bytes_of(end - first)))
        end = tag_line_end(run, first, end);
    ret_extent->len = ret_extent->reach = end;
    ret_extent->is_whole = dots == JWE_DOTS && may_be_tag(bytes_of(end - first));
    return dots > 1 || (header->has_alg && end - first > DAMAGED_LAST_MIN);
}

static bool
may_be_signature(const struct tscope_scan_header *header, size_t letters)
{
    return tscope_signature_may_have_len(tscope_span_text(header->alg), bytes_of(letters));
}

/*
 * A slash may be of the path that a token stands in: letters of the standard alphabet are the signature's when others before were of it,
 * or when it is as long as its algorithm makes it with them alone.
 */
static size_t
signature_end(struct tscope_run *run, const struct tscope_scan_header *header, size_t first, bool is_standard)
{
    size_t url_end = tscope_run_span(run, first, TSCOPE_LETTER_URL), end = tscope_run_span(run, url_end, TSCOPE_LETTER_BASE64);

    if (is_standard || (!may_be_signature(header, url_end - first) && may_be_signature(header, end - first)))
        return end;
    return url_end;
}

/*
 * Where a signature ends with a line, and the next line's first word, a mail's text or another header's name, was taken for more of it.
 */
static size_t
signature_line_end(const struct tscope_run *run, const struct tscope_scan_header *header, size_t first, size_t end)
{
    struct tscope_span alg = tscope_span_text(header->alg);

    for (size_t len = tscope_signature_usual_below(alg, end - first); len > 0; len = tscope_signature_usual_below(alg, len)) {
        if (first + letters_of(len) < end && begins_line(run, first + letters_of(len)))
            return first + letters_of(len);
    }
    return end;
}

/* ASN.1 in place of two numbers is longer, and a fault of its own (RFC 7518 section 3.4). */
static bool
may_be_der(struct tscope_run *run, const struct tscope_scan_header *header, size_t first)
{
    return strncmp(header->alg, "ES", 2) == 0 && run->text[first] == 'M' && run->text[first + 1] < 'Q';
}

/*
 * Encoded, most signatures end with bits that are not used, and are zero: four of them leave little doubt. Where there are less, what
 * follows has to look like the separator in front of a name.
 */
static bool
may_end_at(const struct tscope_run *run, size_t end, unsigned unused_bits)
{
    unsigned last = (unsigned)tscope_letter_value(run->text[end - 1]);

    return (last & ((1u << unused_bits) - 1)) == 0 && (unused_bits == 4 || run->text[end] == '-' || run->text[end] == '_');
}

/*
 * Letters of a file's name, or of what lay in memory, that stand behind a signature without a gap: the algorithm tells how long that is.
 * What is as long as the signature of another algorithm or key is no such thing: that a header does not fit has to show.
 */
static size_t
end_before_suffix(struct tscope_run *run, const struct tscope_scan_header *header, size_t first, size_t end)
{
    struct tscope_span alg = tscope_span_text(header->alg);
    size_t len = tscope_signature_usual_below(alg, end - first);

    if (len == 0 || end > TSCOPE_SCAN_TOKEN_MAX || tscope_signature_is_any_len(bytes_of(end - first)) || may_be_der(run, header, first))
        return end;
    for (; len > 0; len = tscope_signature_usual_below(alg, len)) {
        size_t letters = letters_of(len);

        if (first + letters < end && may_end_at(run, first + letters, (unsigned)(letters * 6 - len * 8)))
            return first + letters;
    }
    return end;
}

/* A payload may be anything when the header names an algorithm and a signature's place is there; else it is an object. */
static bool
read_jws(struct tscope_run *run, const struct tscope_scan_header *header, bool is_damaged, struct extent *ret_extent)
{
    size_t payload = header->letters + 1, url_end = mask_end(run, tscope_run_span(run, payload, TSCOPE_LETTER_URL)), last;
    size_t end = tscope_run_span(run, url_end, TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD);
    bool is_object = tscope_scan_begins_object(run, payload), is_standard = header->is_standard;

    if (tscope_run_letter(run, end) != '.') {
        ret_extent->len = ret_extent->reach = is_standard ? end : url_end;
        ret_extent->is_whole = false;
        return is_object && !is_damaged;
    }
    if (!is_object && (is_damaged || !header->has_alg))
        return false;
    is_standard |= end > url_end;
    last = end + 1;
    end = next_header(run, last, signature_end(run, header, last, is_standard));
    if (is_damaged && end - last < DAMAGED_LAST_MIN)
        return false;
    if (!may_be_signature(header, end - last))
        end = signature_line_end(run, header, last, end);
    ret_extent->is_whole = may_be_signature(header, end - last);
    ret_extent->reach = disclosures_end(run, padding_end(run, last, mask_end(run, end)));
    ret_extent->len = ret_extent->reach;
    if (ret_extent->len == end && !ret_extent->is_whole && !is_standard)
        ret_extent->len = end_before_suffix(run, header, last, end);
    return true;
}

static enum tscope_probe
read_extent(struct tscope_run *run, struct extent *ret_extent)
{
    struct tscope_scan_header header;
    enum tscope_header_state state = tscope_scan_header_read(run, 0, &header);
    bool is_token;

    if (state == TSCOPE_HEADER_MORE)
        return TSCOPE_PROBE_MORE;
    if (state == TSCOPE_HEADER_NONE)
        return TSCOPE_PROBE_NOTHING;
    if (header.has_enc && !(state == TSCOPE_HEADER_DAMAGED && header.has_alg))
        is_token = read_jwe(run, &header, ret_extent);
    else
        is_token = read_jws(run, &header, state == TSCOPE_HEADER_DAMAGED, ret_extent);
    if (run->more)
        return TSCOPE_PROBE_MORE;
    return is_token && ret_extent->len <= TSCOPE_SCAN_TOKEN_MAX ? TSCOPE_PROBE_FOUND : TSCOPE_PROBE_NOTHING;
}

/* True when the run stopped where a line ends. */
static bool
stops_at_line_end(const struct tscope_run *run)
{
    const struct tscope_window *window = run->letters.window;
    size_t at = run->end + (run->letters.width == 2 && run->letters.big_endian);

    return at < window->len && (window->bytes[at] == '\r' || window->bytes[at] == '\n' || window->bytes[at] == '\\');
}

/* True when the line that the run stopped at the end of may go on in the next one by the rules of quoted-printable. */
static bool
stops_at_soft_line_end(const struct tscope_run *run)
{
    return run->end >= run->begin + run->letters.width && tscope_letters_unit(&run->letters, run->end - run->letters.width) == '=';
}

/*
 * As it stands, and over line ends only where that makes a whole token of what is none: two lines with a token each, or a token and
 * the next line's first word, are not joined. Those that a mail's encoding put there are no line ends, whatever comes of it.
 */
static enum tscope_probe
read_token(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at, struct tscope_run *run, struct extent *ret_extent)
{
    struct tscope_letters folding = *letters;
    struct tscope_run folded;
    struct extent extent = {.len = 0};
    enum tscope_probe probe;
    bool may_be_soft;

    tscope_run_begin(run, letters, room, at, RUN_LETTERS);
    probe = read_extent(run, ret_extent);
    if (probe == TSCOPE_PROBE_MORE || (probe == TSCOPE_PROBE_FOUND && ret_extent->is_whole) || !stops_at_line_end(run))
        return probe;
    may_be_soft = stops_at_soft_line_end(run);
    folding.folds = true;
    for (int soft = 0; soft < (may_be_soft ? 2 : 1); soft++) {
        folding.folds_soft = soft;
        tscope_run_begin(&folded, &folding, room, at, RUN_LETTERS);
        probe = read_extent(&folded, &extent);
        if (probe == TSCOPE_PROBE_MORE)
            return probe;
        if (probe == TSCOPE_PROBE_FOUND && (extent.is_whole || (soft && !folded.is_plain))) {
            *run = folded;
            *ret_extent = extent;
            return probe;
        }
    }
    tscope_run_begin(run, letters, room, at, RUN_LETTERS); /* the folded one was in its room */
    return read_extent(run, ret_extent);
}

enum gap { GAP, NO_GAP, NOT_TOLD };

/* Whether something stands between the latest header and a place that is no part of a token. */
static enum gap
gap_before(const struct tscope_letters *letters, size_t at, const struct tscope_header_place *latest)
{
    const struct tscope_window *window = letters->window;
    size_t place = at;

    while (window->offset + place > latest->begin) {
        int letter = tscope_letters_read_back(letters, place, &place);

        if (letter < 0 || !(tscope_letter_classes[letter] & WORD_LETTERS))
            return GAP;
        if (at - place > TSCOPE_WINDOW_BACK - TSCOPE_HEADER_BACK_MAX - 64) /* the brace, which was seen first, may be that far behind */
            return NOT_TOLD;
    }
    return latest->end > latest->begin ? NO_GAP : GAP;
}

/* Behind a dot and with a claim in front it is a payload, which costs less to say so than to read it. */
static bool
is_payload(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at)
{
    struct tscope_run run;
    size_t unused;

    if (tscope_letters_read_back(letters, at, &unused) != '.')
        return false;
    tscope_run_begin(&run, letters, room, at, TSCOPE_LETTER_BASE64);
    return tscope_scan_begins_claims(&run, 0);
}

static bool
begins_header(struct tscope_run *run, struct tscope_run_room *room, const struct tscope_letters *letters, size_t at)
{
    struct tscope_scan_header header;

    tscope_run_begin(run, letters, room, at, TSCOPE_LETTER_BASE64 | TSCOPE_LETTER_PAD | TSCOPE_LETTER_DOT);
    return tscope_scan_header_read(run, 0, &header) != TSCOPE_HEADER_NONE;
}

bool
tscope_compact_begins(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at)
{
    struct tscope_letters folding = *letters;
    struct tscope_run run;

    if (is_payload(room, letters, at))
        return false;
    if (begins_header(&run, room, letters, at))
        return true;
    folding.folds = true;
    return stops_at_line_end(&run) && begins_header(&run, room, &folding, at);
}

enum tscope_probe
tscope_compact_probe(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at, struct tscope_header_place *latest,
                     struct tscope_token_place *ret_place)
{
    const struct tscope_window *window = letters->window;
    struct tscope_run run;
    struct extent extent = {.len = 0};
    enum tscope_probe probe;
    enum gap gap;
    uint64_t ended = latest->end;

    if (is_payload(room, letters, at))
        return TSCOPE_PROBE_NOTHING;
    probe = read_token(room, letters, at, &run, &extent);
    if (probe != TSCOPE_PROBE_FOUND)
        return probe;
    gap = gap_before(letters, at, latest);
    *ret_place = (struct tscope_token_place){
        .begin = at,
        .end = tscope_run_place(&run, extent.len),
        .encoding = tscope_run_encoding(&run, extent.len),
        .text = tscope_span_of(run.text, extent.len),
    };
    *latest = (struct tscope_header_place){window->offset + at, window->offset + tscope_run_place(&run, extent.reach)};
    if (gap == GAP || (gap == NO_GAP && ended == window->offset + at))
        return TSCOPE_PROBE_FOUND;
    return TSCOPE_PROBE_NOTHING;
}
