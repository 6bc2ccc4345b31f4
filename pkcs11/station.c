/* SPDX-License-Identifier: Apache-2.0 */
/* What only a production station does (bjca.conf): C_InitToken, C_InitPIN, BJCA_Personalise. What
 * can be wrong with a call is found before the key is asked: no try is spent on a mistake. */
#include <stddef.h>
#include <string.h>

#include "base/codec.h"
#include "pkcs11/object.h"
#include "pkcs11/session.h"
#include "pkcs11/slot.h"
#include "pkcs11/vendor.h"
#include "token/station.h"

#define LABEL_FIELD 32
#define APPLICATION_MAX 32
#define TRIES_MAX 15

/* The key in this slot, with nobody at it. */
static CK_RV enter(struct bk_call *call, CK_SLOT_ID slot)
{
    CK_RV rv = bk_call_enter(call);
    if (rv == CKR_OK && !call->m->station)
        rv = CKR_FUNCTION_NOT_SUPPORTED;
    (void)bk_call_leave(call, rv);
    if (rv == CKR_OK)
        rv = bk_call_slot(call, slot, BK_NEEDS_TOKEN | BK_TAKES_EMPTY);
    if (rv != CKR_OK)
        return rv;
    (void)pthread_mutex_lock(&call->m->lock);
    bool used = call->port->sessions[0] + call->port->sessions[1] != 0;
    (void)pthread_mutex_unlock(&call->m->lock);
    return used ? CKR_SESSION_EXISTS : CKR_OK;
}

/* What was known of the key is old, and both slots say that something happened. */
static CK_RV leave_changed(struct bk_call *call, CK_RV rv)
{
    bk_objects_free(call->port);
    call->changed = true;
    return bk_call_leave(call, rv);
}

/* --- C_InitToken, C_InitPIN
 * ---------------------------------------------------------------------*/

/* Padded with blanks to 32 bytes, no NUL. */
static bool take_label(const unsigned char *field, char label[LABEL_FIELD + 1])
{
    size_t len = LABEL_FIELD;
    while (len && field[len - 1] == ' ')
        len--;
    if (!len || !bk_utf8_valid(field, len))
        return false;
    memcpy(label, field, len);
    label[len] = 0;
    return true;
}

CK_RV C_InitToken(CK_SLOT_ID slot, unsigned char *pin, unsigned long pin_len, unsigned char *label)
{
    struct bk_call call;
    char text[LABEL_FIELD + 1];
    CK_RV rv = enter(&call, slot);
    /* an empty key has no administrator yet: BJCA_Personalise */
    if (rv == CKR_OK && call.port->token->empty)
        rv = CKR_TOKEN_NOT_RECOGNIZED;
    if (rv == CKR_OK && (!pin || !label || !take_label(label, text)))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && bk_pin_check(pin, pin_len))
        rv = CKR_PIN_INCORRECT;
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    enum bk_err err = bk_erase(call.port->token, pin, pin_len, text);
    rv = err ? bk_call_fail(&call, err) : CKR_OK;
    if (err == BK_EUNSUPPORTED && call.port->token->later)
        rv = CKR_TOKEN_WRITE_PROTECTED;
    /* the token stays: it remembers that its user has no PIN, and what was refused */
    return leave_changed(&call, rv);
}

CK_RV C_InitPIN(CK_SESSION_HANDLE session, unsigned char *pin, unsigned long pin_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !call.m->station)
        rv = CKR_FUNCTION_NOT_SUPPORTED;
    if (rv == CKR_OK && !call.port->token->so)
        rv = CKR_USER_NOT_LOGGED_IN;
    if (rv == CKR_OK && !pin)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err = bk_so_init_pin(call.port->token, pin, pin_len);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
        if (err == BK_ELIMIT)
            rv = CKR_PIN_LEN_RANGE;
    }
    return bk_call_leave(&call, rv);
}

/* --- BJCA_Personalise
 * ---------------------------------------------------------------------------*/

static CK_RV check_pin(const CK_UTF8CHAR *pin, CK_ULONG len)
{
    enum bk_err err = bk_pin_check_new(pin, len);
    return !pin               ? CKR_ARGUMENTS_BAD
           : err == BK_ELIMIT ? CKR_PIN_LEN_RANGE
           : err              ? CKR_PIN_INVALID
                              : CKR_OK;
}

static bool text_good(const CK_UTF8CHAR *text, size_t max)
{
    if (!text)
        return true;
    size_t len = strnlen((const char *)text, max + 1);
    return len >= 1 && len <= max && bk_utf8_valid(text, len);
}

static CK_RV take_keys(const CK_BJCA_PERSONALISE *in, struct bk_personalise *out)
{
    if (!in->deviceKey || in->deviceKeyLen != BK_CARD_DEVICE_KEY ||
        (in->newDeviceKey && in->newDeviceKeyLen != BK_CARD_DEVICE_KEY))
        return CKR_ARGUMENTS_BAD;
    memcpy(out->device_key, in->deviceKey, BK_CARD_DEVICE_KEY);
    if (in->newDeviceKey)
        memcpy(out->new_device_key, in->newDeviceKey, BK_CARD_DEVICE_KEY);
    out->change_device_key = in->newDeviceKey != NULL;
    return CKR_OK;
}

static CK_RV take_params(const CK_BJCA_PERSONALISE *in, const struct bk_devinfo *key,
                         struct bk_personalise *out)
{
    if (in->flags & ~CKF_BJCA_ERASE || !text_good(in->label, BK_CARD_LABEL_MAX - 1) ||
        !text_good(in->application, APPLICATION_MAX) || in->adminTries > TRIES_MAX ||
        in->userTries > TRIES_MAX || in->containers > key->max_containers ||
        in->certificates > key->max_certs || in->files > key->max_files)
        return CKR_ARGUMENTS_BAD;
    CK_RV rv = take_keys(in, out);
    if (rv == CKR_OK)
        rv = check_pin(in->adminPin, in->adminPinLen);
    if (rv == CKR_OK)
        rv = check_pin(in->userPin, in->userPinLen);
    out->erase = (in->flags & CKF_BJCA_ERASE) != 0;
    out->label = (const char *)in->label;
    out->app = (struct bk_new_app){.name = (const char *)in->application,
                                   .admin_pin = in->adminPin,
                                   .admin_pin_len = in->adminPinLen,
                                   .user_pin = in->userPin,
                                   .user_pin_len = in->userPinLen,
                                   .admin_tries = (unsigned)in->adminTries,
                                   .user_tries = (unsigned)in->userTries,
                                   .containers = (unsigned)in->containers,
                                   .certs = (unsigned)in->certificates,
                                   .files = (unsigned)in->files};
    return rv;
}

CK_RV bk_v_personalise(CK_SLOT_ID slot, CK_VOID_PTR params)
{
    struct bk_call call;
    CK_BJCA_PERSONALISE in;
    struct bk_personalise p;
    CK_ULONG size = 0;
    CK_RV rv = enter(&call, slot);
    memset(&in, 0, sizeof in);
    memset(&p, 0, sizeof p);
    if (rv == CKR_OK && params)
        memcpy(&size, params, sizeof size);
    if (rv == CKR_OK && size < offsetof(CK_BJCA_PERSONALISE, adminTries))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        memcpy(&in, params, size < sizeof in ? size : sizeof in);
        rv = take_params(&in, &call.port->token->card->info, &p);
    }
    if (rv != CKR_OK) {
        bk_wipe(&p, sizeof p);
        return bk_call_leave(&call, rv);
    }
    enum bk_err err = bk_personalise(call.port->token, &p);
    rv = err ? bk_call_fail(&call, err) : CKR_OK;
    bk_wipe(&p, sizeof p);
    /* another application is there now; a device key that was refused is remembered by the token */
    if (err != BK_EPIN_WRONG && err != BK_EPIN_LOCKED && err != BK_EDENIED)
        bk_port_drop_locked(call.port);
    return leave_changed(&call, rv);
}
