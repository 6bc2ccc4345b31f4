/* SPDX-License-Identifier: Apache-2.0 */
#include "server/settings.h"

#include <stdio.h>
#include <string.h>

#include "crypto/sm2.h"
#include "server/app.h"
#include "server/cad_profile.h"

static const char *const server[] = {"listen",
                                     "origin",
                                     "name",
                                     "threads",
                                     "trusted-proxy",
                                     "forwarded-header",
                                     "connections-per-address",
                                     "metrics-for",
                                     NULL};
static const char *const est[] = {"listen", NULL};
static const char *const store[] = {"database", "uploads", NULL};
static const char *const tls[] = {"certificate", "key", "names", "plain", NULL};
static const char *const ca[] = {
    "socket",          "crl-base", "name",    "org",         "sm2-id", "pkcs11-module",
    "pkcs11-pin-file", "rsa-key",  "sm2-key", "client-user", NULL};
static const char *const secrets[] = {
    "key", "pkcs11-module", "pkcs11-pin-file", "former-pkcs11-module", "former-pkcs11-pin-file",
    NULL};
static const char *const sms[] = {"url", "key-id", "secret-file", "sign-name", "ca-file", NULL};
static const char *const identity[] = {"url", "key-id", "secret-file", "ca-file", NULL};
static const char *const mail[] = {"url",           "from",    "name",  "user",
                                   "password-file", "ca-file", "plain", NULL};
static const char *const invoice[] = {"url",      "key-id",   "secret-file", "ca-file",
                                      "tax-code", "tax-rate", "notify-url",  NULL};
static const char *const review[] = {"calendar", NULL};
static const char *const pay[] = {"url",        "app-id",  "key", "provider-key",
                                  "notify-url", "ca-file", NULL};

enum bk_err bk_settings_check(const struct bk_config *config, char *why, size_t size)
{
    const char *policy[BK_POLICY_NAMES + 1];
    bk_policy_names(policy);
    const struct bk_config_names known[] = {{"server", server},
                                            {"est", est},
                                            {"store", store},
                                            {"tls", tls},
                                            {"ca", ca},
                                            {"secrets", secrets},
                                            {"sms", sms},
                                            {"pay", pay},
                                            {"identity", identity},
                                            {"mail", mail},
                                            {"review", review},
                                            {"invoice", invoice},
                                            {"policy", policy},
                                            {"profile-signing", bk_cad_profile_names},
                                            {"profile-encryption", bk_cad_profile_names}};
    struct bk_config_at at = {0};
    if (bk_config_unknown(config, known, sizeof known / sizeof *known, &at)) {
        (void)snprintf(why, size, "configuration: %s, line %u: [%s] has no \"%s\"", at.file,
                       at.line, at.section, at.name);
        return BK_EFORMAT;
    }
    if (!bk_config_get(config, "tls", "certificate", NULL) !=
        !bk_config_get(config, "tls", "key", NULL)) {
        (void)snprintf(why, size,
                       "configuration: [tls] certificate and key belong together: one is missing");
        return BK_EFORMAT;
    }
    const char *database = bk_config_get(config, "store", "database", NULL);
    if (database && !bk_store_is_url(database)) {
        (void)snprintf(why, size,
                       "configuration: [store] database is a URL that begins with postgresql://");
        return BK_EFORMAT;
    }
    const char *id = bk_config_get(config, "ca", "sm2-id", BK_SM2_ID);
    if (!bk_sm2_id_fits(id, strlen(id))) {
        (void)snprintf(why, size, "configuration: [ca] sm2-id has 1 to %u visible ASCII characters",
                       BK_SM2_ID_MAX);
        return BK_EFORMAT;
    }
    return BK_OK;
}
