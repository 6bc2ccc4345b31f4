/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the CA's certificates say, by sections of its configuration: [profile-signing] and
 * [profile-encryption]. Each has
 *   key-usage           of digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment,
 *                       keyAgreement; the default is what such a certificate has
 *   extended-key-usage  of clientAuth, emailProtection, codeSigning, timeStamping, serverAuth, OIDs
 *   policies            OIDs of certificate policies
 *   identity            OIDs of extensions that hold whose certificate it is, each with what stands
 *                       before that behind a `=`: 1.2.156.112562.2.1.1.24=1@5009
 *   max-days            longest life, 1 to 2190
 * Lists are separated by commas or blanks and have eight elements at most.
 */
#ifndef BK_SERVER_CAD_PROFILE_H
#define BK_SERVER_CAD_PROFILE_H

#include "base/config.h"
#include "crypto/issue.h"

struct bk_cad_profile {
    struct bk_issue_more more;
    int64_t max_days;
};

/* `why` gets a sentence on failure. */
enum bk_err bk_cad_profile_read(const struct bk_config *config, const char *section,
                                struct bk_cad_profile *profile, char *why,
                                size_t size) BK_MUST_CHECK;
/* The names of such a section, NULL behind them. */
extern const char *const bk_cad_profile_names[];

#endif
