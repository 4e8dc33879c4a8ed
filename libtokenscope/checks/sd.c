/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/registry.h"
#include "checks/sd_runs.h"

static bool
is_sd_jwt(const tscope_subject *subject)
{
    return subject->signature && tscope_token_is_sd_jwt(subject->token);
}

static const struct tscope_check sd_checks[] = {
    {
        .id = "SD-DISCLOSURE",
        .title = "disclosure that must be refused",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .references = "RFC 9901 section 7.1; CWE-345",
        .meaning =
            "A disclosure is shown whose digest stands nowhere in what the issuer signed, or the same one twice, or one digest stands "
            "in two places, or a disclosure makes a claim that is there already. Nobody vouches for what such a disclosure says, and a "
            "reader that takes it gives its bearer any claim.",
        .false_alarm = "A program that writes a disclosure anew (other white space, another order) instead of keeping its text.",
        .run = tscope_sd_run_disclosure,
    },
    {
        .id = "SD-BINDING",
        .title = "proof is not that of the holder, or not for this token",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .specialises = "CLM-CNF",
        .references = "RFC 9901 section 7.3; RFC 7800 section 3; CWE-347",
        .meaning =
            "The proof behind the token is not signed by the key in \"cnf\", or its \"sd_hash\" is that of another presentation: who "
            "shows the token has not shown to be its holder, or has taken the proof from elsewhere.",
        .false_alarm = "A wallet of a draft before RFC 9901, whose proofs had no type or no digest; that is an anomaly alone.",
        .run = tscope_sd_run_binding,
    },
};

const struct tscope_check_family tscope_checks_sd = {"sd", is_sd_jwt, sd_checks, TSCOPE_COUNT(sd_checks)};
