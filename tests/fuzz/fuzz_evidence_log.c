/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says what the others are taken for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum tscope_evidence_format formats[] = {TSCOPE_EVIDENCE_JSON, TSCOPE_EVIDENCE_JSONL, TSCOPE_EVIDENCE_CSV,
                                                          TSCOPE_EVIDENCE_LOG,  TSCOPE_EVIDENCE_ZEEK,  TSCOPE_EVIDENCE_W3C,
                                                          TSCOPE_EVIDENCE_RAW};

    if (size)
        fuzz_evidence(data + 1, size - 1, formats[data[0] % TSCOPE_COUNT(formats)]);
    return 0;
}
