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
    [TSCOPE_KEY_ANCHOR_DER_VERSION_0] = {6, 1},
    [TSCOPE_KEY_ANCHOR_DER_VERSION_1] = {6, 1},
    [TSCOPE_KEY_ANCHOR_DER_VERSION_3] = {6, 3},
    [TSCOPE_KEY_ANCHOR_DER_ENCRYPTED] = {7, 1},
    [TSCOPE_KEY_ANCHOR_OPENSSH] = {3, 4},
    [TSCOPE_KEY_ANCHOR_RSA_PRIVATE] = {1, 0},
    [TSCOPE_KEY_ANCHOR_RSA_FULL] = {1, 0},
    [TSCOPE_KEY_ANCHOR_EC_SIGN] = {6, 0},
    [TSCOPE_KEY_ANCHOR_EC_AGREE] = {6, 0},
    [TSCOPE_KEY_ANCHOR_EC_GENERIC] = {2, 0},
    [TSCOPE_KEY_ANCHOR_DPAPI] = {0, 7},
    [TSCOPE_KEY_ANCHOR_PEM] = {2, 2},
    [TSCOPE_KEY_ANCHOR_PEM_WIDE] = {2, 7},
    [TSCOPE_KEY_ANCHOR_JWK] = {3, 2},
    [TSCOPE_KEY_ANCHOR_JWK_WIDE] = {0, 2},
    [TSCOPE_KEY_ANCHOR_XML] = {2, 0},
    [TSCOPE_KEY_ANCHOR_XML_WIDE] = {2, 6},
    [TSCOPE_KEY_ANCHOR_BASE64_LONG] = {2, 4},
    [TSCOPE_KEY_ANCHOR_BASE64_LONG_WIDE] = {2, 7},
    [TSCOPE_KEY_ANCHOR_BASE64_MEDIUM] = {2, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_MEDIUM_WIDE] = {5, 1},
    [TSCOPE_KEY_ANCHOR_BASE64_SHORT] = {2, 0},
    [TSCOPE_KEY_ANCHOR_BASE64_SHORT_WIDE] = {2, 6},
    [TSCOPE_KEY_ANCHOR_BASE64_ENCRYPTED] = {6, 1},
    [TSCOPE_KEY_ANCHOR_BASE64_OPENSSH] = {7, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_DPAPI] = {4, 7},
    [TSCOPE_KEY_ANCHOR_BASE64_PEM_0] = {2, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_PEM_1] = {0, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_PEM_2] = {0, 4},
    [TSCOPE_KEY_ANCHOR_BASE64_JWK_0] = {7, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_JWK_1] = {1, 5},
    [TSCOPE_KEY_ANCHOR_BASE64_JWK_2] = {5, 4},
};

#endif
