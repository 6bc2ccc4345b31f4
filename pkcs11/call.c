/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/call.h"

#include <stdio.h>
#include <string.h>

#include "base/gate.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/ctx.h"
#include "pkcs11/rv.h"
#include "pkcs11/session.h"
#include "pkcs11/slot.h"
#include "token/unlock.h"

struct last_error {
    CK_RV rv;
    CK_ULONG status_word, tries;
    char text[256];
};

static _Thread_local struct last_error last;

void bk_call_forget_error(void)
{
    memset(&last, 0, sizeof last);
}

CK_RV bk_call_enter(struct bk_call *call)
{
    memset(call, 0, sizeof *call);
    if (bk_gate_is_in()) /* called back by a function of the program's, which holds a reader */
        return bk_call_refuse(CKR_FUNCTION_FAILED);
    /* a thread that ends in here would leave locks and its place inside behind */
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &call->cancel);
    call->inside = true;
    call->m = bk_module_enter();
    if (!call->m)
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    bk_crypto_errors_mark();
    return CKR_OK;
}

static CK_RV check_token(struct bk_call *call, unsigned needs)
{
    struct bk_token *t = call->port->token;
    if (!t)
        return CKR_DEVICE_REMOVED;
    if (!(needs & BK_NEEDS_UNHELD) && bk_unlock_holds(t))
        return bk_call_fail(call, BK_EBUSY);
    if (t->empty && !(needs & BK_TAKES_EMPTY)) {
        enum bk_err err = bk_token_appear(t);
        if (err)
            return bk_call_fail(call, err);
    }
    if ((needs & BK_NEEDS_LOGIN) && !t->logged_in)
        return CKR_USER_NOT_LOGGED_IN;
    return CKR_OK;
}

/* A log-in ends in many places, some of them outside of any call: a key that is unlocked, reset and
 * has another PIN by then, a change whose answer is lost. It is noticed here, before anybody sees
 * the port again. */
static void notice_login(struct bk_module *m, struct bk_port *port)
{
    bool in = port->token && port->token->logged_in;
    if (port->logged_in && !in)
        bk_login_ended(m, port);
    port->logged_in = in;
}

static void lock_port(struct bk_call *call, struct bk_port *port)
{
    bk_port_lock(port);
    call->port = port;
    notice_login(call->m, port);
}

CK_RV bk_call_slot(struct bk_call *call, CK_SLOT_ID slot, unsigned needs)
{
    CK_RV rv = bk_call_enter(call);
    if (rv != CKR_OK)
        return rv;
    bool needs_key = needs & (BK_NEEDS_TOKEN | BK_NEEDS_UNHELD);
    struct bk_port *port = bk_port_find(call->m, slot, &call->which);
    if (!port || needs_key) { /* nobody has listed them yet; it may have come or gone */
        rv = bk_ports_refresh(call->m);
        port = bk_port_find(call->m, slot, &call->which);
    }
    if (rv != CKR_OK || !port)
        return rv == CKR_OK ? CKR_SLOT_ID_INVALID : rv;
    lock_port(call, port);
    if (!bk_port_is(call->m, port, slot))
        return CKR_SLOT_ID_INVALID;
    if (!needs_key)
        return CKR_OK;
    enum bk_err err = bk_port_attach(call->m, port);
    if (!err && !port->can[call->which])
        err = BK_ENOKEY;
    if (err)
        return bk_call_fail(call, err);
    return check_token(call, needs);
}

CK_RV bk_call_session(struct bk_call *call, CK_SESSION_HANDLE handle, unsigned needs)
{
    CK_RV rv = bk_call_enter(call);
    if (rv != CKR_OK)
        return rv;
    struct bk_session *s = bk_session_pin(call->m, handle);
    if (!s)
        return CKR_SESSION_HANDLE_INVALID;
    call->s = s;
    lock_port(call, s->port);
    call->which = s->which;
    if (s->closed)
        return CKR_SESSION_HANDLE_INVALID;
    if ((needs & BK_NEEDS_RW) && !s->rw)
        return CKR_SESSION_READ_ONLY;
    return needs & (BK_NEEDS_TOKEN | BK_NEEDS_LOGIN) ? check_token(call, needs) : CKR_OK;
}

CK_RV bk_call_fail(struct bk_call *call, enum bk_err err)
{
    call->err = err;
    /* a call without a session has nobody who could be logged in */
    return err == BK_ELOGIN && !call->s ? CKR_DEVICE_ERROR : bk_rv(err);
}

static bool asked_the_key(enum bk_err err)
{
    return err != BK_OK && err != BK_ELIMIT && err != BK_EPIN_RULE && err != BK_EBUSY &&
           err != BK_ENOKEY;
}

static void keep_error(const struct bk_call *call, CK_RV rv)
{
    const struct bk_token *t = call->port ? call->port->token : NULL;
    const struct bk_card *card = t && asked_the_key(call->err) ? t->card : NULL;
    bool pin = call->err == BK_EPIN_WRONG || call->err == BK_EPIN_LOCKED;
    last.rv = rv;
    last.status_word = card && card->sw != 0x9000 ? card->sw : 0;
    last.tries =
        card && pin && card->tries >= 0 ? (CK_ULONG)card->tries : CK_UNAVAILABLE_INFORMATION;
    const char *text = call->err == BK_EBUSY
                           ? N_("The key is busy: an unlock or another program holds it.")
                           : bk_rv_text(rv);
    (void)snprintf(last.text, sizeof last.text, "%s", text);
    /* C_Finalize closes the log when nobody is in any more: from outside a line could get into
     * whatever has its number by then */
    if (bk_gate_is_in())
        bk_log(BK_LOG_INFO, "call: 0x%lx (%s), status word %04lx: %s", rv, bk_err_name(call->err),
               last.status_word, text);
}

CK_RV bk_call_refuse(CK_RV rv)
{
    const struct bk_call outside = {0};
    keep_error(&outside, rv);
    return rv;
}

CK_RV bk_call_leave(struct bk_call *call, CK_RV rv)
{
    if (!call->inside)
        return rv;
    if (rv != CKR_OK)
        keep_error(call, rv);
    struct bk_port *port = call->port;
    if (port) {
        if (call->err == BK_EREMOVED && port->token) {
            bk_port_drop_locked(port);
            bk_port_removed(call->m, port);
        } else if (call->changed) {
            bk_port_changed(call->m, port);
        }
        notice_login(call->m, port);
        (void)pthread_mutex_unlock(&port->lock);
    }
    if (call->s)
        bk_session_unpin(call->m, call->s);
    if (call->m) {
        bk_crypto_leave_thread();
        bk_crypto_errors_restore();
        bk_module_leave();
    }
    call->inside = false;
    (void)pthread_setcancelstate(call->cancel, &call->cancel);
    return rv;
}

void bk_call_text(unsigned char *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size);
    memset(out, ' ', size);
    memcpy(out, text, len);
}

CK_RV bk_call_last_error(CK_BJCA_ERROR *error)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e,
                       .rv = last.rv,
                       .statusWord = last.status_word,
                       .triesLeft = last.rv ? last.tries : CK_UNAVAILABLE_INFORMATION};
    if (!error || error->ulSize < sizeof error->ulSize)
        return CKR_ARGUMENTS_BAD;
    memcpy(e.text, last.text, sizeof e.text);
    CK_ULONG size = error->ulSize < sizeof e ? error->ulSize : sizeof e;
    e.ulSize = size;
    memcpy(error, &e, size);
    return CKR_OK;
}
