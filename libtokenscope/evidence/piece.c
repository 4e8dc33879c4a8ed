/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/piece.h"

#include "core/text.h"

#define NAME_MAX_SHOWN 1024 /* bytes of a member's name */
#define RUN_MAX_SHOWN 48    /* that begin like a token's */
#define RUN_BEGIN_SHOWN 8
#define TOKEN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

static size_t
run_of_token(struct tscope_span text)
{
    size_t len = 0;

    while (len < text.len && text.data[len] && strchr(TOKEN_LETTERS, text.data[len]))
        len++;
    return len;
}

/* A token may stand in a name: it is cut behind its first letters. Names are for finding the member, and for no more. */
static void
append_name(struct tscope_buffer *path, struct tscope_span name)
{
    name.len = name.len < NAME_MAX_SHOWN ? name.len : NAME_MAX_SHOWN;
    while (name.len > 0) {
        size_t at = tscope_text_find(name, TSCOPE_SPAN("eyJ")), run;

        at = at == SIZE_MAX ? name.len : at;
        tscope_text_escape(path, tscope_span_of(name.data, at), NAME_MAX_SHOWN);
        name = tscope_span_of(name.data + at, name.len - at);
        run = run_of_token(name);
        tscope_text_escape(path, tscope_span_of(name.data, run > RUN_MAX_SHOWN ? RUN_BEGIN_SHOWN : run), NAME_MAX_SHOWN);
        if (run > RUN_MAX_SHOWN)
            tscope_buffer_append_text(path, "\xe2\x80\xa6");
        name = tscope_span_of(name.data + run, name.len - run);
    }
}

/* "logs/x.json" in "a.zip" in the source: "a.zip!/logs/x.json". */
static char *
make_path(const tscope_piece *parent, struct tscope_span name)
{
    struct tscope_buffer path = {0};

    if (parent && parent->path[0]) {
        tscope_buffer_append_text(&path, parent->path);
        tscope_buffer_append_text(&path, "!/");
    }
    append_name(&path, name);
    return tscope_buffer_steal(&path, NULL);
}

tscope_piece *
tscope_piece_new(struct tscope_evidence *evidence, tscope_piece *parent, enum tscope_piece_kind kind, struct tscope_span name)
{
    tscope_piece *piece = tscope_alloc_zeroed(1, sizeof(*piece));

    if (!piece)
        return NULL;
    piece->path = make_path(parent, name);
    if (!piece->path) {
        tscope_free(piece);
        return NULL;
    }
    piece->evidence = evidence;
    piece->parent = parent ? tscope_piece_ref(parent) : NULL;
    piece->references = 1;
    piece->kind = kind;
    piece->depth = parent ? parent->depth + 1 : 0;
    piece->size = UINT64_MAX;
    return piece;
}

tscope_piece *
tscope_piece_ref(tscope_piece *piece)
{
    piece->references++;
    return piece;
}

void
tscope_piece_free(tscope_piece *piece)
{
    while (piece && --piece->references == 0) {
        tscope_piece *parent = piece->parent;

        tscope_free(piece->kept);
        tscope_free(piece->path);
        tscope_free(piece);
        piece = parent;
    }
}
