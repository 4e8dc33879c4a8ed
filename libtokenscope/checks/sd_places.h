/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_SD_PLACES_H
#define TSCOPE_CHECKS_SD_PLACES_H

#include "checks/subject.h"

/** @file Where an SD-JWT holds digests: in the payload and in what is disclosed, however deep (RFC 9901 section 4.2.4). */

/** A digest, and where what has it belongs. */
struct tscope_sd_place {
    struct tscope_span digest;
    const struct tscope_json *json;
    const struct tscope_value *object; /* it is to be a member of this; NULL: an element of an array */
};

/** Starts as {0}. */
struct tscope_sd_places {
    struct tscope_sd_place *at; /* in the subject's arena, by digest */
    size_t len;
};

/**
 * Collects those of the payload and of so many disclosures.
 *
 * @param jsons  of the disclosures; what is no JSON holds none
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_sd_places_collect(const tscope_subject *subject, const struct tscope_json *jsons,
                                                            uint32_t jsons_len, struct tscope_sd_places *places);

/** A place that holds this digest; NULL: none. */
const struct tscope_sd_place *tscope_sd_places_find(const struct tscope_sd_places *places, struct tscope_span digest);

/** True when one digest stands in two places. */
bool tscope_sd_places_repeat(const struct tscope_sd_places *places);

/** Order of texts: by length, then by bytes. */
int tscope_sd_compare_texts(struct tscope_span a, struct tscope_span b);

#endif
