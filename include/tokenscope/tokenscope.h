/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_TOKENSCOPE_H
#define TOKENSCOPE_TOKENSCOPE_H

/** @file All of libtokenscope. */

#include <tokenscope/batch.h>
#include <tokenscope/corpus.h>
#include <tokenscope/decrypt.h>
#include <tokenscope/hash.h>
#include <tokenscope/history.h>
#include <tokenscope/inspect.h>
#include <tokenscope/keys.h>
#include <tokenscope/lint.h>
#include <tokenscope/page.h>
#include <tokenscope/profile.h>
#include <tokenscope/recover.h>
#include <tokenscope/report.h>
#include <tokenscope/scan.h>
#include <tokenscope/score.h>
#include <tokenscope/status.h>
#include <tokenscope/time.h>
#include <tokenscope/token.h>
#include <tokenscope/version.h>

#endif
