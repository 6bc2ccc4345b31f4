/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad_profile.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"

#define MAX_DAYS 2190u
#define SEPARATORS ", \t"

const char *const bk_cad_profile_names[] = {"key-usage", "extended-key-usage", "policies",
                                            "identity",  "max-days",           NULL};

static const struct {
    const char *name;
    uint8_t bit;
} usages[] = {{"digitalSignature", 0x80},
              {"nonRepudiation", 0x40},
              {"keyEncipherment", 0x20},
              {"dataEncipherment", 0x10},
              {"keyAgreement", 0x08}};

static const struct {
    const char *name, *oid;
} purposes[] = {{"serverAuth", "1.3.6.1.5.5.7.3.1"},
                {"clientAuth", "1.3.6.1.5.5.7.3.2"},
                {"codeSigning", "1.3.6.1.5.5.7.3.3"},
                {"emailProtection", "1.3.6.1.5.5.7.3.4"},
                {"timeStamping", "1.3.6.1.5.5.7.3.8"}};

static enum bk_err take_usage(const char *word, struct bk_issue_more *more)
{
    for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
        if (strcmp(usages[i].name, word) == 0) {
            more->usage |= usages[i].bit;
            return BK_OK;
        }
    }
    return BK_EFORMAT;
}

static enum bk_err take_purpose(const char *word, struct bk_issue_more *more)
{
    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++)
        if (strcmp(purposes[i].name, word) == 0)
            word = purposes[i].oid;
    return more->eku_count < BK_ISSUE_OIDS ? bk_oid_parse(word, &more->ekus[more->eku_count++])
                                           : BK_ELIMIT;
}

static enum bk_err take_policy(const char *word, struct bk_issue_more *more)
{
    return more->policy_count < BK_ISSUE_OIDS
               ? bk_oid_parse(word, &more->policies[more->policy_count++])
               : BK_ELIMIT;
}

static enum bk_err take_identity(const char *word, struct bk_issue_more *more)
{
    char oid[128];
    size_t n = strcspn(word, "=");
    if (more->identity_count == BK_ISSUE_OIDS || n >= sizeof oid)
        return BK_ELIMIT;
    const char *before = word[n] ? word + n + 1 : "";
    size_t len = strlen(before), i = more->identity_count++;
    (void)snprintf(oid, sizeof oid, "%.*s", (int)n, word);
    if (len >= sizeof more->identities[i].before || !bk_text_is_plain(before, len))
        return BK_EFORMAT;
    memcpy(more->identities[i].before, before, len + 1);
    return bk_oid_parse(oid, &more->identities[i].oid);
}

static const struct {
    const char *name;
    enum bk_err (*take)(const char *word, struct bk_issue_more *more);
} lists[] = {{"key-usage", take_usage},
             {"extended-key-usage", take_purpose},
             {"policies", take_policy},
             {"identity", take_identity}};

static enum bk_err take_list(const char *text, size_t which, struct bk_issue_more *more)
{
    char copy[1024];
    char *rest = NULL;
    enum bk_err err = strlen(text) < sizeof copy ? BK_OK : BK_ELIMIT;
    if (err == BK_OK)
        memcpy(copy, text, strlen(text) + 1);
    for (char *word = err == BK_OK ? strtok_r(copy, SEPARATORS, &rest) : NULL; word && err == BK_OK;
         word = strtok_r(NULL, SEPARATORS, &rest))
        err = lists[which].take(word, more);
    return err;
}

enum bk_err bk_cad_profile_read(const struct bk_config *config, const char *section,
                                struct bk_cad_profile *profile, char *why, size_t size)
{
    unsigned long days = MAX_DAYS;
    memset(profile, 0, sizeof *profile);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        enum bk_err err =
            take_list(bk_config_get(config, section, lists[i].name, ""), i, &profile->more);
        if (err != BK_OK) {
            (void)snprintf(why, size, "configuration: [%s] %s can't be taken", section,
                           lists[i].name);
            return err;
        }
    }
    enum bk_err err = bk_config_uint(config, section, "max-days", 1, MAX_DAYS, MAX_DAYS, &days);
    if (err != BK_OK)
        (void)snprintf(why, size, "configuration: [%s] max-days is 1 to %u", section, MAX_DAYS);
    profile->max_days = (int64_t)days;
    return err;
}
