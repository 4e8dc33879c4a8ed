/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_KEY_BUCKETS_H
#define TSCOPE_SCAN_KEY_BUCKETS_H

#include "scan/anchors.h"
#include "scan/key_anchors.h"

/**
 * @file The buckets of the rows that keys want (scan/anchors.h). A row that is not listed is in the first ones: nothing is missed for
 * it, but more places are looked at.
 */

static const uint8_t tscope_key_buckets[][TSCOPE_ANCHOR_FAMILIES] = {
    [TSCOPE_KEY_ANCHOR_DER_VERSION_0] = {3, 5},
    [TSCOPE_KEY_ANCHOR_DER_VERSION_1] = {2, 5},
    [TSCOPE_KEY_ANCHOR_DER_VERSION_3] = {2, 5},
    [TSCOPE_KEY_ANCHOR_DER_ENCRYPTED] = {2, 6},
    [TSCOPE_KEY_ANCHOR_OPENSSH] = {2, 0},
    [TSCOPE_KEY_ANCHOR_RSA_PRIVATE] = {5, 7},
    [TSCOPE_KEY_ANCHOR_RSA_FULL] = {5, 5},
    [TSCOPE_KEY_ANCHOR_EC_SIGN] = {5, 4},
    [TSCOPE_KEY_ANCHOR_EC_AGREE] = {5, 4},
    [TSCOPE_KEY_ANCHOR_EC_GENERIC] = {5, 1},
    [TSCOPE_KEY_ANCHOR_DPAPI] = {7, 4},
    [TSCOPE_KEY_ANCHOR_PEM] = {5, 3},
    [TSCOPE_KEY_ANCHOR_PEM_WIDE] = {5, 6},
    [TSCOPE_KEY_ANCHOR_JWK] = {0, 1},
    [TSCOPE_KEY_ANCHOR_JWK_WIDE] = {7, 6},
    [TSCOPE_KEY_ANCHOR_XML] = {5, 2},
    [TSCOPE_KEY_ANCHOR_XML_WIDE] = {5, 2},
    [TSCOPE_KEY_ANCHOR_BASE64_LONG] = {5, 1},
    [TSCOPE_KEY_ANCHOR_BASE64_LONG_WIDE] = {5, 6},
    [TSCOPE_KEY_ANCHOR_BASE64_MEDIUM] = {1, 4},
    [TSCOPE_KEY_ANCHOR_BASE64_MEDIUM_WIDE] = {4, 0},
    [TSCOPE_KEY_ANCHOR_BASE64_SHORT] = {5, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_SHORT_WIDE] = {5, 2},
    [TSCOPE_KEY_ANCHOR_BASE64_ENCRYPTED] = {3, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_OPENSSH] = {2, 3},
    [TSCOPE_KEY_ANCHOR_BASE64_DPAPI] = {6, 3},
    [TSCOPE_KEY_ANCHOR_BASE64_PEM_0] = {4, 1},
    [TSCOPE_KEY_ANCHOR_BASE64_PEM_1] = {7, 7},
    [TSCOPE_KEY_ANCHOR_BASE64_PEM_2] = {7, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_JWK_0] = {2, 3},
    [TSCOPE_KEY_ANCHOR_BASE64_JWK_1] = {1, 7},
    [TSCOPE_KEY_ANCHOR_BASE64_JWK_2] = {1, 1},
};

#endif
