/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "pkcs11/object.h"
#include "pkcs11/slot.h"
#include "pkcs11/call.h"
#include "pkcs11/vendor.h"
#include "pkcs11/watch.h"
#include "token/unlock.h"

static CK_RV unlock_rv(struct bk_call *call, enum bk_err err)
{
    CK_RV rv = bk_call_fail(call, err);
    switch (err) {
    case BK_ELIMIT:
        return CKR_PIN_LEN_RANGE;
    case BK_EDENIED:
        return CKR_BJCA_ADMIN_LOW;
    case BK_ERESET:
    case BK_EREMOVED:
        return CKR_BJCA_KEY_CHANGED;
    default:
        return rv;
    }
}

static CK_RV give(const struct bk_buf *message, CK_BYTE *out, CK_ULONG *out_len)
{
    if (message->len > *out_len)
        return CKR_BUFFER_TOO_SMALL;
    memcpy(out, message->data, message->len);
    *out_len = message->len;
    return CKR_OK;
}

CK_RV bk_v_unlock_begin(CK_SLOT_ID slot, CK_BJCA_UNLOCK *unlock, CK_BYTE *request,
                        CK_ULONG *request_len)
{
    struct bk_call call;
    struct bk_buf message = BK_BUF_INIT;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && (!unlock || !request || !request_len))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && *request_len < CK_BJCA_MESSAGE_MAX)
        rv = CKR_BUFFER_TOO_SMALL;
    if (rv == CKR_OK) {
        enum bk_err err = bk_unlock_begin(call.port->token, &message);
        rv = err ? unlock_rv(&call, err) : give(&message, request, request_len);
        /* for an administrator PIN that is locked the text of a user's would mislead */
        if (err == BK_EPIN_LOCKED)
            rv = CKR_BJCA_ADMIN_LOW;
    }
    if (rv == CKR_OK) {
        *unlock = bk_next_handle();
        call.port->unlock = *unlock;
        bk_watch(call.m, call.port);
    }
    bk_buf_free(&message);
    return bk_call_leave(&call, rv);
}

/* The port whose key this unlock holds; its lock is taken. */
static CK_RV enter_unlock(struct bk_call *call, CK_BJCA_UNLOCK unlock)
{
    CK_RV rv = bk_call_enter(call);
    if (rv != CKR_OK)
        return rv;
    struct bk_port *port = NULL;
    (void)pthread_mutex_lock(&call->m->lock);
    for (size_t i = 0; unlock && i < call->m->port_count; i++)
        if (call->m->ports[i]->unlock == unlock)
            port = call->m->ports[i];
    (void)pthread_mutex_unlock(&call->m->lock);
    /* the others may be at work for long: their locks aren't waited for */
    if (!port)
        return CKR_BJCA_KEY_CHANGED;
    bk_port_lock(port);
    if (port->unlock == unlock && port->token) {
        call->port = port;
        return CKR_OK;
    }
    (void)pthread_mutex_unlock(&port->lock);
    return CKR_BJCA_KEY_CHANGED;
}

CK_RV bk_v_unlock_step(CK_BJCA_UNLOCK unlock, const CK_BYTE *answer, CK_ULONG answer_len,
                       const CK_UTF8CHAR *new_pin, CK_ULONG new_pin_len, CK_BYTE *request,
                       CK_ULONG *request_len, CK_BBOOL *done)
{
    struct bk_call call;
    struct bk_buf message = BK_BUF_INIT;
    bool over = false;
    CK_RV rv = enter_unlock(&call, unlock);
    if (rv == CKR_OK && (!answer || !new_pin || !request || !request_len || !done))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && *request_len < CK_BJCA_MESSAGE_MAX)
        rv = CKR_BUFFER_TOO_SMALL;
    if (rv == CKR_OK) {
        struct bk_token *t = call.port->token;
        enum bk_err err =
            bk_unlock_step(t, answer, answer_len, new_pin, new_pin_len, &message, &over);
        /* one that was let go because its time was over is known by nothing else */
        if (err == BK_ESTATE && !t->unlock && message.len == 0)
            err = BK_ERESET;
        rv = err ? unlock_rv(&call, err) : give(&message, request, request_len);
        /* the key's word on what it was sent isn't about the caller's arguments */
        if (!t->unlock && (err == BK_EINVAL || err == BK_ELIMIT || err == BK_EPIN_RULE))
            rv = CKR_DEVICE_ERROR;
        if (!t->unlock) {
            call.port->unlock = 0;
            bk_watch(call.m, call.port);
        }
    }
    if (rv == CKR_OK)
        *done = over ? 1 : 0;
    bk_buf_free(&message);
    return bk_call_leave(&call, rv);
}

CK_RV bk_v_unlock_cancel(CK_BJCA_UNLOCK unlock)
{
    struct bk_call call;
    CK_RV rv = enter_unlock(&call, unlock);
    if (rv == CKR_OK) {
        bk_unlock_drop(call.port->token);
        call.port->unlock = 0;
        bk_watch(call.m, call.port);
    }
    return bk_call_leave(&call, rv);
}
