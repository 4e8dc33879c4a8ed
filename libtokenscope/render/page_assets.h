/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_PAGE_ASSETS_H
#define TSCOPE_RENDER_PAGE_ASSETS_H

#include "core/span.h"

/** @file What is the same on every page: render/page/, put into C by scripts/embed-page at build time. */

extern const struct tscope_span tscope_page_style, tscope_page_script;

/** "sha256-…" of each, as a Content-Security-Policy names it. */
extern const char tscope_page_style_digest[], tscope_page_script_digest[];

#endif
