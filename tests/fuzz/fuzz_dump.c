/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says what the others are taken for. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum tscope_evidence_format formats[] = {TSCOPE_EVIDENCE_MINIDUMP, TSCOPE_EVIDENCE_KERNEL_DUMP,
                                                          TSCOPE_EVIDENCE_KERNEL_BITMAP, TSCOPE_EVIDENCE_ELF_CORE, TSCOPE_EVIDENCE_LIME};

    if (size)
        fuzz_evidence(data + 1, size - 1, formats[data[0] % TSCOPE_COUNT(formats)]);
    return 0;
}
