/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_BYTES_H
#define TSCOPE_EVIDENCE_BYTES_H

#include <stdint.h>

/** @file Numbers as files have them, wherever they stand. */

static inline uint16_t
tscope_le16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t
tscope_le32(const uint8_t *bytes)
{
    return (uint32_t)tscope_le16(bytes) | (uint32_t)tscope_le16(bytes + 2) << 16;
}

static inline uint64_t
tscope_le64(const uint8_t *bytes)
{
    return (uint64_t)tscope_le32(bytes) | (uint64_t)tscope_le32(bytes + 4) << 32;
}

static inline uint16_t
tscope_be16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t
tscope_be32(const uint8_t *bytes)
{
    return (uint32_t)tscope_be16(bytes) << 16 | tscope_be16(bytes + 2);
}

static inline uint64_t
tscope_be64(const uint8_t *bytes)
{
    return (uint64_t)tscope_be32(bytes) << 32 | tscope_be32(bytes + 4);
}

#endif
