/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/clm_runs.h"

#include "checks/holder.h"
#include "checks/sd_runs.h"
#include "core/text.h"
#include "profile/applications.h"

/* What the claims say of the bearer: whose token it is, what it may do, and which key it must show. */

#define ITEMS_LOOKED_AT 256
#define NAMED_MAX 4 /* rights that a detail names; more are counted */

/* ---- rights */

struct rights {
    const tscope_subject *subject;
    struct tscope_buffer words;
    size_t count;
    bool writes; /* one of them changes things for all of a tenant */
};

static void
note_right(struct rights *rights, const char *name, struct tscope_span text, bool writes)
{
    rights->writes |= writes;
    if (rights->count++ >= NAMED_MAX)
        return;
    if (rights->count > 1)
        tscope_buffer_append_text(&rights->words, ", ");
    if (name)
        tscope_buffer_append_text(&rights->words, name);
    else
        tscope_text_escape(&rights->words, text, 64);
}

/* An application permission of the Microsoft identity platform over everybody's data. */
static bool
is_wide_permission(struct tscope_span text, bool *ret_writes)
{
    static const char *const others[] = {"RoleManagement.ReadWrite.Directory",
                                         "full_access_as_app",
                                         "Exchange.ManageAsApp",
                                         "Mail.ReadWrite",
                                         "Mail.Read",
                                         "Mail.Send",
                                         "user_impersonation_all"};

    *ret_writes =
        tscope_text_find(text, TSCOPE_SPAN("Write")) != SIZE_MAX || tscope_text_find(text, TSCOPE_SPAN("FullControl")) != SIZE_MAX ||
        tscope_text_find(text, TSCOPE_SPAN("full_access")) != SIZE_MAX || tscope_text_find(text, TSCOPE_SPAN("Manage")) != SIZE_MAX;
    if (tscope_text_ends_with(text, TSCOPE_SPAN(".All")))
        return true;
    for (size_t i = 0; i < TSCOPE_COUNT(others); i++) {
        if (tscope_span_is(text, others[i]))
            return true;
    }
    return false;
}

/* What other platforms call the right to everything. */
static bool
is_master(struct tscope_span text)
{
    return tscope_span_is(text, "service_role") || tscope_span_is(text, "supabase_admin") || tscope_span_is(text, "system:masters");
}

typedef void read_right(struct rights *rights, struct tscope_span text);

static void
read_role_id(struct rights *rights, struct tscope_span text)
{
    const struct tscope_application *role = tscope_application_find(text);

    if (role && role->kind == TSCOPE_APPLICATION_ROLE)
        note_right(rights, role->name, text, true);
}

static void
read_permission(struct rights *rights, struct tscope_span text)
{
    bool writes;

    if (is_wide_permission(text, &writes))
        note_right(rights, NULL, text, writes);
    else if (is_master(text))
        note_right(rights, NULL, text, true);
}

static void
read_master(struct rights *rights, struct tscope_span text)
{
    if (is_master(text))
        note_right(rights, NULL, text, true);
}

/* A string, or the strings of an array. False: out of memory. */
static bool
read_rights(struct rights *rights, struct tscope_member member, read_right *read)
{
    const struct tscope_value *value = member.value;
    bool is_array = value && value->type == TSCOPE_JSON_ARRAY;

    if (is_array)
        value = tscope_json_first(member.json, value);
    for (int items = 0; value && items < ITEMS_LOOKED_AT; items++) {
        if (value->type == TSCOPE_JSON_STRING) {
            struct tscope_span text = tscope_json_string(member.json, value, rights->subject->arena);

            if (!text.data)
                return false;
            read(rights, text);
        }
        value = is_array ? tscope_json_next(member.json, value) : NULL;
    }
    return true;
}

static struct tscope_member
claim_named(const tscope_subject *subject, const char *name)
{
    const struct tscope_json *json = &subject->token->claims;

    return (struct tscope_member){json, tscope_json_member(json, subject->token->claims_root, name), TSCOPE_PART_PAYLOAD};
}

enum tscope_status
tscope_clm_run_privilege(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct rights rights = {.subject = subject, .words = {.arena = subject->arena}};
    static read_right *const readers[] = {read_role_id, read_permission, read_master, read_master};
    struct tscope_member members[TSCOPE_COUNT(readers)] = {{0}};
    struct tscope_evidence evidence[TSCOPE_COUNT(readers)];
    size_t evidence_len = 0;

    if (!subject->token->claims_root)
        return TSCOPE_OK;
    members[0] = tscope_subject_claim(subject, TSCOPE_CLAIM_WIDS);
    members[1] = tscope_subject_claim(subject, TSCOPE_CLAIM_ROLES);
    if (!subject->issuer.row || !subject->issuer.row->version) {
        members[2] = claim_named(subject, "role");
        members[3] = claim_named(subject, "groups");
    }
    for (size_t i = 0; i < TSCOPE_COUNT(members); i++) {
        size_t before = rights.count;

        if (!members[i].value)
            continue;
        if (!read_rights(&rights, members[i], readers[i]))
            return TSCOPE_ERR_NO_MEMORY;
        if (rights.count > before)
            evidence[evidence_len++] = tscope_evidence_member(subject, members[i]);
    }
    if (rights.words.failed)
        return TSCOPE_ERR_NO_MEMORY;
    if (rights.count == 0)
        return TSCOPE_OK;
    return tscope_findings_add_graded(findings, check, rights.writes ? TSCOPE_SEVERITY_LOW : TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE,
                                      evidence, evidence_len, "it gives wide rights: %.*s%s", (int)rights.words.len,
                                      (const char *)rights.words.data, rights.count > NAMED_MAX ? " and more" : "");
}

/* ---- subject */

static bool
names_person(const tscope_subject *subject)
{
    return tscope_subject_claim(subject, TSCOPE_CLAIM_EMAIL).value || tscope_subject_claim(subject, TSCOPE_CLAIM_UPN).value ||
           tscope_subject_claim(subject, TSCOPE_CLAIM_PREFERRED_USERNAME).value;
}

/* A thumbprint that is both issuer and subject: the token speaks for its own key (OpenID Connect, self-issued). */
static bool
is_self_issued(struct tscope_span iss)
{
    return iss.len == 43 || tscope_text_starts_with(iss, TSCOPE_SPAN("did:")) ||
           tscope_text_starts_with(iss, TSCOPE_SPAN("urn:ietf:params:oauth:jwk"));
}

enum tscope_status
tscope_clm_run_subject(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    enum tscope_token_kind kind = subject->token->kind;
    struct tscope_member sub;
    struct tscope_span text, client;

    if (kind != TSCOPE_KIND_AT_JWT && kind != TSCOPE_KIND_OIDC_ID && kind != TSCOPE_KIND_OAUTH_ACCESS)
        return TSCOPE_OK;
    sub = tscope_subject_claim(subject, TSCOPE_CLAIM_SUB);
    if (!sub.value)
        return kind == TSCOPE_KIND_OAUTH_ACCESS ? TSCOPE_OK
                                                : tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_PAYLOAD),
                                                                      "it says of nobody that it is about them");
    text = tscope_subject_text(subject, sub);
    if (!text.data)
        return TSCOPE_OK;
    if (text.len == 0)
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, sub), "the subject is empty");
    if (subject->iss.data && tscope_span_equal(text, subject->iss) && !is_self_issued(text))
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, sub),
                                   "issuer and subject are the same, as in no token that an "
                                   "issuer makes about somebody");
    client = tscope_subject_text(subject, tscope_subject_claim(subject, TSCOPE_CLAIM_CLIENT_ID));
    if (client.data && tscope_span_equal(text, client) && names_person(subject))
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, sub),
                                   "the subject is the client itself, and other claims name a person");
    return TSCOPE_OK;
}

/* ---- proof of possession */

enum tscope_status
tscope_clm_run_confirmation(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member cnf = tscope_subject_claim(subject, TSCOPE_CLAIM_CNF);
    const struct tscope_sd_binding *binding = NULL;
    struct tscope_evidence evidence;
    enum tscope_status status;

    if (!cnf.value || (cnf.value->flags & TSCOPE_VALUE_OPEN))
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, cnf);
    if (cnf.value->type != TSCOPE_JSON_OBJECT || !tscope_json_first(cnf.json, cnf.value))
        return tscope_findings_add(findings, check, evidence, "cnf names no key: the token is bound to nothing that anyone could prove");
    status = tscope_sd_judge(subject, findings, &binding);
    if (status != TSCOPE_OK || binding->proof == TSCOPE_SD_PROOF_RIGHT)
        return status;
    if (binding->proof != TSCOPE_SD_PROOF_NONE)
        return tscope_findings_add_graded(
            findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
            "it is bound to a key of its holder, and the proof behind it does not show that it is the holder's");
    return tscope_findings_add_graded(
        findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
        "it is bound to a key of its holder, and the holder's proof is not part of it: by itself it should open nothing");
}
