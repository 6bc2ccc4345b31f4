/* SPDX-License-Identifier: Apache-2.0 */
/* What the module and a token say of themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11/session.h"
#include "pkcs11/call.h"

/* Printable ASCII; no colon, at which NSS would split. */
static void plain(char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7e || *text == ':')
            *text = '.';
}

CK_RV C_GetInfo(CK_INFO *info)
{
    struct bk_call call;
    CK_RV rv = bk_call_enter(&call);
    if (rv == CKR_OK && !info)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        char *end = NULL;
        unsigned long major = strtoul(PACKAGE_VERSION, &end, 10);
        unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
        memset(info, 0, sizeof *info);
        info->cryptokiVersion.major = 3;
        info->libraryVersion.major = (unsigned char)major;
        info->libraryVersion.minor = (unsigned char)minor;
        bk_call_text(info->manufacturerID, sizeof info->manufacturerID, "bjca-pkcs11");
        bk_call_text(info->libraryDescription, sizeof info->libraryDescription, "Beijing CA keys");
    }
    return bk_call_leave(&call, rv);
}

/* The key's label cut to fit, the last six of its serial, and the second slot's mark. */
static void put_label(const struct bk_devinfo *d, unsigned which, unsigned char out[32])
{
    char text[64];
    size_t len = strlen(d->serial);
    const char *six = d->serial + (len > 6 ? len - 6 : 0);
    int room = which == BK_SLOT_SM2 ? 21 : 25;
    (void)snprintf(text, sizeof text, "%.*s %s%s", room, d->label[0] ? d->label : "BJCA", six,
                   which == BK_SLOT_SM2 ? " SM2" : "");
    plain(text);
    bk_call_text(out, 32, text);
}

static CK_FLAGS pin_flags(const struct bk_token_status *s)
{
    CK_FLAGS flags = 0;
    if (s->user.left == 0)
        flags |= CKF_USER_PIN_LOCKED;
    else if (s->user.left < s->user.max)
        flags |= CKF_USER_PIN_COUNT_LOW;
    if (s->user.left == 1)
        flags |= CKF_USER_PIN_FINAL_TRY;
    if (s->user.factory)
        flags |= CKF_USER_PIN_TO_BE_CHANGED;
    if (s->admin.left == 0)
        flags |= CKF_SO_PIN_LOCKED;
    else if (s->admin.left < s->admin.max)
        flags |= CKF_SO_PIN_COUNT_LOW;
    if (s->admin.left == 1)
        flags |= CKF_SO_PIN_FINAL_TRY;
    if (s->admin.factory)
        flags |= CKF_SO_PIN_TO_BE_CHANGED;
    return flags;
}

static void fill(const struct bk_call *call, const struct bk_token_status *status,
                 CK_TOKEN_INFO *info)
{
    const struct bk_devinfo *d = &call->port->token->card->info;
    char text[80];
    size_t len = strlen(d->serial);
    memset(info, 0, sizeof *info);
    put_label(d, call->which, info->label);
    (void)snprintf(text, sizeof text, "%s", d->manufacturer);
    plain(text);
    bk_call_text(info->manufacturerID, sizeof info->manufacturerID, text);
    bk_call_text(info->model, sizeof info->model,
                 call->which == BK_SLOT_SM2 ? "BJCA SM2" : "BJCA RSA");
    (void)snprintf(text, sizeof text, "%s", d->serial + (len > 16 ? len - 16 : 0));
    plain(text);
    bk_call_text(info->serialNumber, sizeof info->serialNumber, text);
    info->flags = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_DUAL_CRYPTO_OPERATIONS;
    if (!call->port->token->empty)
        info->flags |= CKF_TOKEN_INITIALIZED | pin_flags(status) |
                       (call->port->token->pin_unset ? 0 : CKF_USER_PIN_INITIALIZED) |
                       (call->port->token->later ? CKF_WRITE_PROTECTED : 0);
    info->ulMaxSessionCount = BK_SESSIONS;
    info->ulMaxRwSessionCount = BK_SESSIONS;
    info->ulMaxPinLen = BK_PIN_LEN_MAX;
    info->ulMinPinLen = BK_PIN_LEN_MIN;
    info->ulTotalPublicMemory = info->ulTotalPrivateMemory = d->total_space;
    info->ulFreePublicMemory = info->ulFreePrivateMemory = d->free_space;
    info->hardwareVersion.major = d->hardware[0];
    info->hardwareVersion.minor = d->hardware[1];
    info->firmwareVersion.major = d->firmware[0];
    info->firmwareVersion.minor = d->firmware[1];
    memset(info->utcTime, ' ', sizeof info->utcTime);
    (void)pthread_mutex_lock(&call->m->lock);
    info->ulSessionCount = call->port->sessions[call->which];
    info->ulRwSessionCount = call->port->rw_sessions[call->which];
    (void)pthread_mutex_unlock(&call->m->lock);
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    struct bk_call call;
    struct bk_token_status status;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN | BK_TAKES_EMPTY);
    if (rv == CKR_OK && !info)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && call.port->token->empty && bk_token_appear(call.port->token) == BK_EREMOVED)
        rv = bk_call_fail(&call, BK_EREMOVED);
    if (rv == CKR_OK && !call.port->token->empty) {
        enum bk_err err = bk_token_status(call.port->token, &status);
        if (!err)
            err = bk_token_read_info(call.port->token);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK)
        fill(&call, &status, info);
    return bk_call_leave(&call, rv);
}
