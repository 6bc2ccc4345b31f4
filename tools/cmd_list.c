/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crypto/x509.h"
#include "tools/cmd.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define WARN_DAYS 60

struct row {
    CK_BJCA_CONTAINER container;
    CK_ULONG which;
    char subject[256];
    int64_t from, to; /* ms */
    long days;        /* left; negative when over */
};

static const char *role_text(CK_ULONG role)
{
    return role == CK_BJCA_CURRENT ? N_("current") : role == CK_BJCA_HISTORY ? N_("old") : N_("staged");
}
