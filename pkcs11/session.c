/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pkcs11/object.h"
#include "pkcs11/call.h"
#include "pkcs11/slot.h"
#include "token/station.h"

void bk_op_end(struct bk_op *op)
{
    bk_digester_free(&op->digester);
    bk_buf_free(&op->data);
    bk_buf_free(&op->label);
    memset(op, 0, sizeof *op);
}

static void session_free(struct bk_session *s)
{
    for (int i = 0; i < BK_OPS; i++)
        bk_op_end(&s->ops[i]);
    free(s->found);
    free(s);
}

static struct bk_session *find_locked(struct bk_module *m, CK_SESSION_HANDLE handle, size_t *at)
{
    for (size_t i = 0; handle != CK_INVALID_HANDLE && i < BK_SESSIONS; i++) {
        if (m->sessions[i] && m->sessions[i]->handle == handle) {
            *at = i;
            return m->sessions[i];
        }
    }
    return NULL;
}

struct bk_session *bk_session_pin(struct bk_module *m, CK_SESSION_HANDLE handle)
{
    size_t at = 0;
    (void)pthread_mutex_lock(&m->lock);
    struct bk_session *s = find_locked(m, handle, &at);
    if (s)
        s->pins++;
    (void)pthread_mutex_unlock(&m->lock);
    return s;
}

void bk_session_unpin(struct bk_module *m, struct bk_session *s)
{
    (void)pthread_mutex_lock(&m->lock);
    bool last = --s->pins == 0 && atomic_load(&s->closed);
    (void)pthread_mutex_unlock(&m->lock);
    if (last)
        session_free(s);
}

/* Out of the table; whoever is inside frees it on the way out. */
static void close_locked(struct bk_module *m, size_t at)
{
    struct bk_session *s = m->sessions[at];
    m->sessions[at] = NULL;
    s->port->sessions[s->which]--;
    if (s->rw)
        s->port->rw_sessions[s->which]--;
    atomic_store(&s->closed, true);
    if (s->pins == 0)
        session_free(s);
}

void bk_sessions_close_locked(struct bk_module *m, struct bk_port *port, unsigned which)
{
    for (size_t i = 0; i < BK_SESSIONS; i++)
        if (m->sessions[i] && m->sessions[i]->port == port && m->sessions[i]->which == which)
            close_locked(m, i);
}

static void end_private(struct bk_session *s)
{
    size_t n = s->found_at;
    for (int i = 0; i < BK_OPS; i++)
        if (s->ops[i].mech && bk_object_is_private(s->port, s->ops[i].key))
            bk_op_end(&s->ops[i]);
    for (size_t i = s->found_at; i < s->found_count; i++)
        if (!bk_object_is_private(s->port, s->found[i]))
            s->found[n++] = s->found[i];
    s->found_count = n;
}

void bk_login_ended(struct bk_module *m, struct bk_port *port)
{
    (void)pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < BK_SESSIONS; i++)
        if (m->sessions[i] && m->sessions[i]->port == port)
            end_private(m->sessions[i]);
    (void)pthread_mutex_unlock(&m->lock);
    bk_objects_end_login(port);
}

/* With the last session of both slots goes the log-in. The port's lock is held. */
static void end_login_when_unused(struct bk_module *m, struct bk_port *port)
{
    (void)pthread_mutex_lock(&m->lock);
    bool unused = port->sessions[0] + port->sessions[1] == 0;
    (void)pthread_mutex_unlock(&m->lock);
    if (!unused || !port->token)
        return;
    bk_so_logout(port->token);
    enum bk_err err = port->token->logged_in ? bk_token_end_login(port->token) : BK_OK;
    if (err)
        bk_log(BK_LOG_WARN, "log-out with the last session: %s", bk_err_name(err));
    if (err == BK_EBUSY) /* with the connection it is done as soon as it can be */
        bk_port_give_up(m, port);
}

void bk_sessions_free(struct bk_module *m)
{
    for (size_t i = 0; i < BK_SESSIONS; i++)
        if (m->sessions[i])
            close_locked(m, i);
    for (size_t i = 0; i < m->port_count; i++) {
        bk_port_lock(m->ports[i]); /* one that watches an unlock may be at it */
        end_login_when_unused(m, m->ports[i]);
        (void)pthread_mutex_unlock(&m->ports[i]->lock);
    }
}

static CK_RV add_session(struct bk_call *call, CK_FLAGS flags, CK_SESSION_HANDLE *handle)
{
    struct bk_session *s = calloc(1, sizeof *s);
    CK_RV rv = CKR_SESSION_COUNT;
    if (!s)
        return CKR_HOST_MEMORY;
    s->handle = bk_next_handle();
    s->port = call->port;
    s->which = call->which;
    s->rw = (flags & CKF_RW_SESSION) != 0;
    CK_SESSION_HANDLE number = s->handle;
    (void)pthread_mutex_lock(&call->m->lock);
    for (size_t i = 0; rv != CKR_OK && i < BK_SESSIONS; i++) {
        if (call->m->sessions[i])
            continue;
        call->m->sessions[i] = s;
        call->port->sessions[s->which]++;
        call->port->rw_sessions[s->which] += s->rw;
        rv = CKR_OK;
    }
    (void)pthread_mutex_unlock(&call->m->lock);
    if (rv == CKR_OK)
        *handle = number;
    else
        session_free(s);
    return rv;
}

CK_RV C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                    CK_SESSION_HANDLE *session)
{
    struct bk_call call;
    (void)application;
    (void)notify;
    CK_RV rv = bk_call_enter(&call);
    if (rv == CKR_OK && !session)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && !(flags & CKF_SERIAL_SESSION))
        rv = CKR_SESSION_PARALLEL_NOT_SUPPORTED;
    (void)bk_call_leave(&call, rv);
    if (rv != CKR_OK)
        return rv;
    rv = bk_call_slot(&call, slot, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && call.port->token->so && !(flags & CKF_RW_SESSION))
        rv = CKR_SESSION_READ_WRITE_SO_EXISTS;
    if (rv == CKR_OK)
        rv = add_session(&call, flags, session);
    return bk_call_leave(&call, rv);
}

CK_RV C_CloseSession(CK_SESSION_HANDLE session)
{
    struct bk_call call;
    size_t at = 0;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    (void)pthread_mutex_lock(&call.m->lock);
    if (find_locked(call.m, session, &at))
        close_locked(call.m, at);
    (void)pthread_mutex_unlock(&call.m->lock);
    bk_objects_end_session(call.port, session);
    end_login_when_unused(call.m, call.port);
    return bk_call_leave(&call, CKR_OK);
}

CK_RV C_CloseAllSessions(CK_SLOT_ID slot)
{
    struct bk_call call;
    CK_RV rv = bk_call_slot(&call, slot, BK_NEEDS_NOTHING);
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    (void)pthread_mutex_lock(&call.m->lock);
    bk_sessions_close_locked(call.m, call.port, call.which);
    (void)pthread_mutex_unlock(&call.m->lock);
    bk_objects_end_slot(call.port, call.which);
    end_login_when_unused(call.m, call.port);
    return bk_call_leave(&call, CKR_OK);
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK && !info)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        bool in = call.port->token && call.port->token->logged_in;
        bool so = call.port->token && call.port->token->so;
        memset(info, 0, sizeof *info);
        info->slotID = call.port->slot + call.which;
        info->flags = CKF_SERIAL_SESSION | (call.s->rw ? CKF_RW_SESSION : 0);
        info->state = call.s->rw ? (in ? CKS_RW_USER_FUNCTIONS : CKS_RW_PUBLIC_SESSION)
                                 : (in ? CKS_RO_USER_FUNCTIONS : CKS_RO_PUBLIC_SESSION);
        if (so)
            info->state = CKS_RW_SO_FUNCTIONS;
    }
    return bk_call_leave(&call, rv);
}

CK_RV C_SessionCancel(CK_SESSION_HANDLE session, CK_FLAGS flags)
{
    static const CK_FLAGS kinds[BK_OPS] = {
        [BK_OP_SIGN] = CKF_SIGN,
        [BK_OP_VERIFY] = CKF_VERIFY,
        [BK_OP_ENCRYPT] = CKF_ENCRYPT,
        [BK_OP_DECRYPT] = CKF_DECRYPT,
        [BK_OP_DIGEST] = CKF_DIGEST,
        [BK_OP_SIGN_RECOVER] = CKF_SIGN_RECOVER,
        [BK_OP_VERIFY_RECOVER] = CKF_VERIFY_RECOVER,
    };
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    for (int i = 0; rv == CKR_OK && i < BK_OPS; i++)
        if (flags & kinds[i])
            bk_op_end(&call.s->ops[i]);
    if (rv == CKR_OK && (flags & CKF_FIND_OBJECTS))
        call.s->finding = false;
    return bk_call_leave(&call, rv);
}

/* --- PINs
 * ---------------------------------------------------------------------------------------*/

static CK_RV pin_failure(struct bk_call *call, enum bk_err err)
{
    CK_RV rv = bk_call_fail(call, err);
    /* who is logging in can't be told to log in first */
    return err == BK_ELIMIT ? CKR_PIN_LEN_RANGE : err == BK_ELOGIN ? CKR_DEVICE_ERROR : rv;
}

/* What stands against this log-in, before the key is asked. Both slots are one key's. */
static CK_RV may_log_in(const struct bk_call *call, CK_USER_TYPE user)
{
    const struct bk_token *t = call->port->token;
    bool so = user == CKU_SO;
    if (user == CKU_CONTEXT_SPECIFIC)
        return CKR_OPERATION_NOT_INITIALIZED;
    /* an administrator try is precious: elsewhere there is no such user */
    if (user != CKU_USER && !(so && call->m->station))
        return CKR_USER_TYPE_INVALID;
    if (so ? t->so : t->logged_in)
        return CKR_USER_ALREADY_LOGGED_IN;
    if (so ? t->logged_in : t->so)
        return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    if (!so)
        return CKR_OK;
    (void)pthread_mutex_lock(&call->m->lock);
    const struct bk_port *port = call->port;
    bool read_only =
        port->sessions[0] + port->sessions[1] != port->rw_sessions[0] + port->rw_sessions[1];
    (void)pthread_mutex_unlock(&call->m->lock);
    return read_only ? CKR_SESSION_READ_ONLY_EXISTS : CKR_OK;
}

CK_RV C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
              unsigned long pin_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = may_log_in(&call, user);
    if (rv == CKR_OK) {
        struct bk_token *t = call.port->token;
        enum bk_err err =
            user == CKU_SO ? bk_so_login(t, pin, pin_len) : bk_token_login(t, pin, pin_len);
        if (err)
            rv = pin_failure(&call, err);
        /* on the way in an empty or overlong PIN is a wrong one, and no try is spent on it */
        if (err == BK_ELIMIT || err == BK_EPIN_RULE)
            rv = pin ? CKR_PIN_INCORRECT : CKR_ARGUMENTS_BAD;
    }
    return bk_call_leave(&call, rv);
}

/* A key knows one user, who has no name. */
CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin,
                  unsigned long pin_len, unsigned char *username, unsigned long username_len)
{
    struct bk_call call;
    if (!username_len)
        return C_Login(session, user, pin, pin_len);
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = username ? CKR_USER_TYPE_INVALID : CKR_ARGUMENTS_BAD;
    return bk_call_leave(&call, rv);
}

CK_RV C_Logout(CK_SESSION_HANDLE session)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && call.port->token->so) {
        bk_so_logout(call.port->token);
        return bk_call_leave(&call, CKR_OK);
    }
    if (rv == CKR_OK && !call.port->token->logged_in)
        rv = CKR_USER_NOT_LOGGED_IN;
    if (rv == CKR_OK) {
        enum bk_err err = bk_token_logout(call.port->token);
        if (err)
            rv = bk_call_fail(&call, err);
    }
    return bk_call_leave(&call, rv);
}

CK_RV C_SetPIN(CK_SESSION_HANDLE session, unsigned char *old_pin, unsigned long old_len,
               unsigned char *new_pin, unsigned long new_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN | BK_NEEDS_RW);
    if (rv == CKR_OK && (!old_pin || !new_pin))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && bk_pin_check(old_pin, old_len))
        rv = CKR_PIN_INCORRECT;
    if (rv == CKR_OK) {
        struct bk_token *t = call.port->token;
        /* of who is logged in, else the user's */
        enum bk_err err = t->so ? bk_so_change_pin(t, old_pin, old_len, new_pin, new_len)
                                : bk_token_set_pin(t, old_pin, old_len, new_pin, new_len);
        if (err)
            rv = pin_failure(&call, err);
    }
    return bk_call_leave(&call, rv);
}
