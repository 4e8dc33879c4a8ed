/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/registry.h"

/* Rows about tokens and logs together. What finds them is audit/correlate.c, over records; no token's report holds them. */
static const struct tscope_check log_checks[] = {
    {
        .id = "MS-UTI-NOISSUE",
        .title = "token id stands in no sign-in log although these are complete",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .on = TSCOPE_ON_LOG,
        .needs = TSCOPE_NEEDS_LOG,
        .references = "DET0148; T1606",
        .meaning =
            "Something was done with a token whose uti no sign-in has, although sign-ins of all four kinds of its tenant are here for the "
            "time of its issue, without gap or cut, and of at least 20 other tokens of such applications 95 % join. 'audit correlate' says "
            "it.",
        .false_alarm =
            "Tokens that Microsoft's services obtain from one another, and sign-ins that arrive late or stand in another tenant.",
    },
    {
        .id = "MS-UTI-CTX",
        .title = "token was used by another than it was issued to",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .on = TSCOPE_ON_LOG,
        .needs = TSCOPE_NEEDS_LOG,
        .references = "T1550.001",
        .meaning =
            "The sign-in and the use of one token id name different users, tenants or applications, or times that cannot both be true. "
            "'audit correlate' says it as a contradiction, with both records.",
        .false_alarm =
            "Guests, partners and applications of one family are told apart from it; what is left is a log that was altered, or masked.",
    },
    {
        .id = "CLM-REPLAY",
        .title = "one token was used from two networks in turn",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .on = TSCOPE_ON_LOG,
        .needs = TSCOPE_NEEDS_LOG,
        .references = "T1550.001; CWE-294",
        .meaning = "Records of one token id come from two networks by turns, of which one is not known for its user; Microsoft's relays "
                   "and client "
                   "families are left aside. 'audit correlate' lists it as a lead.",
        .false_alarm = "A laptop that changes networks, split tunnels, mobile carriers.",
    },
    {
        .id = "MS-APP-RARE",
        .title = "application was not used on this mailbox before",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .on = TSCOPE_ON_LOG,
        .needs = TSCOPE_NEEDS_LOG,
        .references = "CISA AA23-193A",
        .meaning =
            "An application id that nobody used on a mailbox in all the days before stands in its records. So the victims of 2023 found "
            "the intrusion. 'audit correlate' lists it as a lead.",
        .false_alarm = "A new mail client, a migration, an archiver.",
    },
};

const struct tscope_check_family tscope_checks_log = {"log", NULL, log_checks, TSCOPE_COUNT(log_checks)};
