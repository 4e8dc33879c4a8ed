/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence_fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_evidence(data, size, TSCOPE_EVIDENCE_HAR);
    return 0;
}
