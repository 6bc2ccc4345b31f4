/* SPDX-License-Identifier: Apache-2.0 */
/* The vendor interface: status, containers, certificates. */
#include "pkcs11/vendor.h"

#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "pkcs11/rv.h"
#include "pkcs11/call.h"
#include "token/key.h"

CK_RV bk_v_copy_out(void *to, void *from, size_t size)
{
    CK_ULONG room;
    if (!to)
        return CKR_ARGUMENTS_BAD;
    memcpy(&room, to, sizeof room);
    if (room < sizeof room)
        return CKR_ARGUMENTS_BAD;
    room = room < size ? room : size;
    memcpy(from, &room, sizeof room);
    memcpy(to, from, room);
    return CKR_OK;
}

static void copy_text(CK_UTF8CHAR *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size - 1);
    memcpy(out, text, len);
    out[len] = 0;
}

/* --- status
 * -------------------------------------------------------------------------------------*/

static bool renewal_pending(const struct bk_token *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->containers[i]->role == BK_ROLE_STAGED)
            return true;
    return t->pending != NULL;
}

static void fill_status(const struct bk_token *t, const struct bk_token_status *s,
                        CK_BJCA_STATUS *out)
{
    const struct bk_devinfo *d = &t->card->info;
    memset(out, 0, sizeof *out);
    out->flags = (s->user.factory ? CKF_BJCA_USER_PIN_DEFAULT : 0) |
                 (s->admin.factory ? CKF_BJCA_ADMIN_PIN_DEFAULT : 0) |
                 (s->user.left ? 0 : CKF_BJCA_USER_LOCKED) |
                 (s->admin.left ? 0 : CKF_BJCA_ADMIN_LOCKED) |
                 (t->logged_in ? CKF_BJCA_LOGGED_IN : 0) |
                 (renewal_pending(t) ? CKF_BJCA_RENEWAL_PENDING : 0);
    out->userTriesLeft = s->user.left;
    out->userTriesMax = s->user.max;
    out->adminTriesLeft = s->admin.left;
    out->adminTriesMax = s->admin.max;
    out->pinMin = BK_PIN_LEN_MIN;
    out->pinMax = BK_PIN_LEN_MAX;
    copy_text(out->serial, sizeof out->serial, d->serial);
    copy_text(out->label, sizeof out->label, d->label);
    copy_text(out->manufacturer, sizeof out->manufacturer, d->manufacturer);
    copy_text(out->dialect, sizeof out->dialect, t->card->dialect->name);
    copy_text(out->application, sizeof out->application, t->card->app.name);
    bk_text_make_plain((char *)out->application);
    out->freeSpace = d->free_space;
}

/* Who produces keys is told of an empty one; for anybody else it is none. */
static enum bk_err read_status(const struct bk_call *call, struct bk_token_status *s, bool *empty)
{
    struct bk_token *t = call->port->token;
    enum bk_err err = t->empty ? bk_token_appear(t) : BK_OK;
    *empty = err == BK_EUNKNOWN_KEY && call->m->station;
    if (*empty)
        return bk_token_read_info(t);
    if (!err)
        err = bk_token_refresh(t);
    if (!err)
        err = bk_token_status(t, s);
    return err ? err : bk_token_read_info(t);
}

static CK_RV get_status(CK_SLOT_ID slot, CK_BJCA_STATUS *status)
{
    struct bk_call call;
    struct bk_token_status s = {0};
    CK_BJCA_STATUS out;
    bool empty = false;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN | BK_TAKES_EMPTY);
    if (rv == CKR_OK) {
        enum bk_err err = read_status(&call, &s, &empty);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        fill_status(call.port->token, &s, &out);
        if (empty) {
            out.flags = CKF_BJCA_EMPTY;
            out.application[0] = 0;
        }
        rv = bk_v_copy_out(status, &out, sizeof out);
    }
    return bk_call_leave(&call, rv);
}

/* --- containers
 * ---------------------------------------------------------------------------------*/

static void put_time(int64_t seconds, CK_UTF8CHAR out[16])
{
    time_t t = (time_t)seconds;
    struct tm tm;
    if (gmtime_r(&t, &tm) && tm.tm_year >= 1000 - 1900)
        (void)strftime((char *)out, 16, "%Y%m%d%H%M%SZ", &tm);
}

static void put_validity(const struct bk_x509 *cert, CK_UTF8CHAR from[16], CK_UTF8CHAR to[16])
{
    if (!cert)
        return;
    put_time(cert->not_before, from);
    put_time(cert->not_after, to);
}

static enum bk_err fill_container(const struct bk_call *call, const struct bk_container *c,
                                  CK_BJCA_CONTAINER *out)
{
    bool sm2 = c->info.type == BK_CONTAINER_SM2;
    size_t id_len = 0;
    memset(out, 0, sizeof *out);
    copy_text(out->name, sizeof out->name, c->name);
    out->generation = c->generation;
    out->role = c->role == BK_ROLE_CURRENT   ? CK_BJCA_CURRENT
                : c->role == BK_ROLE_HISTORY ? CK_BJCA_HISTORY
                                             : CK_BJCA_STAGED;
    out->keyType = c->info.type == BK_CONTAINER_RSA ? CKK_RSA
                   : sm2                            ? CKK_SM2
                                                    : CK_UNAVAILABLE_INFORMATION;
    out->keyBits = c->info.sign_bits ? c->info.sign_bits : c->info.enc_bits;
    out->hasSigningKey = c->info.sign_bits != 0;
    out->hasEncryptionKey = c->info.enc_bits != 0;
    out->hasSigningCert = c->info.sign_cert || c->cert[BK_KEY_SIGNING];
    out->hasEncryptionCert = c->info.enc_cert || c->cert[BK_KEY_ENCRYPTION];
    put_validity(c->cert[BK_KEY_SIGNING], out->signNotBefore, out->signNotAfter);
    put_validity(c->cert[BK_KEY_ENCRYPTION], out->encNotBefore, out->encNotAfter);
    out->slotID = sm2 && !call->m->sm2_slots ? CK_UNAVAILABLE_INFORMATION
                                             : call->port->slot + (sm2 ? BK_SLOT_SM2 : BK_SLOT_RSA);
    enum bk_err err = bk_token_id(call->port->token, c->name, BK_KEY_SIGNING,
                                  c->role == BK_ROLE_HISTORY, c->generation, out->id, &id_len);
    out->idLen = id_len;
    return err;
}

static enum bk_err copy_containers(const struct bk_call *call, CK_BJCA_CONTAINER *list,
                                   CK_ULONG element)
{
    const struct bk_token *t = call->port->token;
    enum bk_err err = BK_OK;
    for (size_t i = 0; !err && i < t->count; i++) {
        CK_BJCA_CONTAINER one;
        err = fill_container(call, t->containers[i], &one);
        one.ulSize = element < sizeof one ? element : sizeof one;
        if (!err)
            memcpy((uint8_t *)list + i * element, &one, one.ulSize);
    }
    return err;
}

static CK_RV get_containers(CK_SLOT_ID slot, CK_BJCA_CONTAINER *list, CK_ULONG *count)
{
    struct bk_call call;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && (!count || (list && *count && list->ulSize < sizeof list->ulSize)))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err = bk_token_refresh(call.port->token);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        CK_ULONG n = call.port->token->count;
        if (list && *count < n) {
            rv = CKR_BUFFER_TOO_SMALL;
        } else if (list && n) {
            enum bk_err err = copy_containers(&call, list, list->ulSize);
            rv = err ? bk_call_fail(&call, err) : CKR_OK;
        }
        *count = n;
    }
    return bk_call_leave(&call, rv);
}

/* A staged container's certificates aren't read with the rest. */
static enum bk_err find_cert(struct bk_token *t, struct bk_container *c, enum bk_key_use use,
                             struct bk_buf *der)
{
    bool has = use == BK_KEY_SIGNING ? c->info.sign_cert : c->info.enc_cert;
    if (c->cert[use])
        return bk_buf_put(der, c->cert[use]->der.data, c->cert[use]->der.len);
    if (!has)
        return BK_ENOTFOUND;
    enum bk_err err = BK_OK;
    unsigned round = 0;
    do {
        err = bk_card_begin(t->card);
        if (err)
            continue;
        c->open = false; /* its number from before the sequence may be another container's by now */
        err = bk_container_open(t, c);
        if (!err)
            err = bk_card_before_certificates(t->card);
        if (!err)
            err = bk_card_export_certificate(t->card, c->id, use, der);
        bk_card_end(t->card);
    } while (bk_token_again(t, &err, &round));
    return err;
}

static CK_RV get_certificate(CK_SLOT_ID slot, const CK_UTF8CHAR *name, CK_ULONG generation,
                             CK_ULONG which, CK_BYTE *cert, CK_ULONG *cert_len)
{
    struct bk_call call;
    struct bk_buf der = BK_BUF_INIT;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && (!name || !cert_len || which > CK_BJCA_SIGNING || generation > UINT16_MAX))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err = bk_token_refresh(call.port->token);
        struct bk_container *c =
            err ? NULL : bk_token_find(call.port->token, (const char *)name, (unsigned)generation);
        if (!err && !c)
            err = BK_ENOTFOUND;
        if (!err)
            err = find_cert(call.port->token, c, (enum bk_key_use)which, &der);
        if (err)
            rv = bk_call_fail(&call, err);
        if (err == BK_ENOTFOUND)
            rv = CKR_BJCA_UNKNOWN_NAME;
    }
    if (rv == CKR_OK) {
        if (cert && *cert_len < der.len)
            rv = CKR_BUFFER_TOO_SMALL;
        else if (cert && der.len)
            memcpy(cert, der.data, der.len);
        *cert_len = der.len;
    }
    bk_buf_free(&der);
    return bk_call_leave(&call, rv);
}

static CK_RV check_pin(CK_SLOT_ID slot, const CK_UTF8CHAR *pin, CK_ULONG pin_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_UNHELD);
    if (rv == CKR_OK && !pin)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err = bk_pin_check_new(pin, pin_len);
        if (err)
            rv = bk_call_fail(&call, err);
        if (err == BK_ELIMIT)
            rv = CKR_PIN_LEN_RANGE;
    }
    return bk_call_leave(&call, rv);
}

CK_BJCA_FUNCTION_LIST bk_vendor_list = {
    .version = {CK_BJCA_VERSION_MAJOR, CK_BJCA_VERSION_MINOR},
    .BJCA_GetError = bk_call_last_error,
    .BJCA_GetStatus = get_status,
    .BJCA_GetContainers = get_containers,
    .BJCA_GetCertificate = get_certificate,
    .BJCA_CheckPIN = check_pin,
    .BJCA_UnlockBegin = bk_v_unlock_begin,
    .BJCA_UnlockStep = bk_v_unlock_step,
    .BJCA_UnlockCancel = bk_v_unlock_cancel,
    .BJCA_RenewRoom = bk_v_renew_room,
    .BJCA_RenewState = bk_v_renew_state,
    .BJCA_RenewBegin = bk_v_renew_begin,
    .BJCA_RenewRequest = bk_v_renew_request,
    .BJCA_RenewLoad = bk_v_renew_load,
    .BJCA_RenewProve = bk_v_renew_prove,
    .BJCA_RenewCommit = bk_v_renew_commit,
    .BJCA_RenewAbort = bk_v_renew_abort,
    .BJCA_DeleteHistory = bk_v_delete_history,
    .BJCA_Personalise = bk_v_personalise,
    .BJCA_ListFiles = bk_v_list_files,
    .BJCA_ReadFile = bk_v_read_file,
    .BJCA_WriteFile = bk_v_write_file,
    .BJCA_CreateFile = bk_v_create_file,
    .BJCA_DeleteFile = bk_v_delete_file,
    .BJCA_CreateContainer = bk_v_create_container,
    .BJCA_DeleteContainer = bk_v_delete_container,
};
