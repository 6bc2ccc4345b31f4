/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

static const char *const names[BK_ERR_COUNT] = {
    [BK_OK] = "ok",
    [BK_ENOMEM] = "no-memory",
    [BK_EINVAL] = "invalid-argument",
    [BK_EFORMAT] = "malformed",
    [BK_ELIMIT] = "limit",
    [BK_ENOTFOUND] = "not-found",
    [BK_EEXISTS] = "exists",
    [BK_EIO] = "io",
    [BK_ETIMEOUT] = "timeout",
    [BK_EREMOVED] = "removed",
    [BK_ERESET] = "reset",
    [BK_ENOKEY] = "no-key",
    [BK_EUNKNOWN_KEY] = "unknown-key",
    [BK_EBUSY] = "busy",
    [BK_EUNSUPPORTED] = "unsupported",
    [BK_EPIN_WRONG] = "pin-wrong",
    [BK_EPIN_LOCKED] = "pin-locked",
    [BK_EPIN_RULE] = "pin-rule",
    [BK_ELOGIN] = "login-required",
    [BK_EDENIED] = "denied",
    [BK_EREFUSED] = "refused",
    [BK_EFULL] = "full",
    [BK_ECRYPTO] = "crypto",
    [BK_EVERIFY] = "verify",
    [BK_ESTATE] = "state",
    [BK_ECORRUPT] = "corrupt",
    [BK_ECANCELLED] = "cancelled",
    [BK_ENET] = "network",
    [BK_ETLS] = "tls",
};

const char *bk_err_name(enum bk_err err)
{
    return (unsigned)err < BK_ERR_COUNT ? names[err] : "unknown";
}
