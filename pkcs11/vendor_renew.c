/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "crypto/csr.h"
#include "pkcs11/object.h"
#include "pkcs11/vendor.h"
#include "token/put.h"
#include "token/renew.h"

#define NEEDS (BK_NEEDS_TOKEN | BK_NEEDS_LOGIN)
#define WRITES (NEEDS | BK_NEEDS_RW)
#define SM2_SIGNATURE_MAX 72 /* in DER */
#define CSR_MAX 2048         /* more than any we make, subject apart */

static CK_RV renew_rv(struct bk_call *call, enum bk_err err)
{
    CK_RV rv = bk_call_fail(call, err);
    switch (err) {
    case BK_EVERIFY:
        return CKR_BJCA_PROOF;
    case BK_EFULL:
        return CKR_BJCA_NO_ROOM;
    case BK_ENOTFOUND:
        return CKR_BJCA_UNKNOWN_NAME;
    default:
        return rv;
    }
}

static CK_RV enter(struct bk_call *call, CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                   unsigned needs)
{
    CK_RV rv = bk_call_session(call, session, needs);
    if (rv != CKR_OK)
        return rv;
    return name && name[0] && strnlen((const char *)name, CK_BJCA_NAME_MAX + 1) <= CK_BJCA_NAME_MAX
               ? CKR_OK
               : CKR_ARGUMENTS_BAD;
}

/* Everything that changed something tells both slots. */
static CK_RV leave(struct bk_call *call, CK_RV rv, bool changed)
{
    if (rv == CKR_OK && changed) {
        enum bk_err err = bk_objects_sync(call->port);
        rv = err ? bk_call_fail(call, err) : CKR_OK;
    }
    call->changed = rv == CKR_OK && changed;
    return bk_call_leave(call, rv);
}

static CK_RV take_params(const CK_BJCA_RENEW_PARAMS *in, struct bk_renew_params *out)
{
    CK_BJCA_RENEW_PARAMS p;
    memset(&p, 0, sizeof p);
    memset(out, 0, sizeof *out);
    if (!in || in->ulSize < offsetof(CK_BJCA_RENEW_PARAMS, subject))
        return CKR_ARGUMENTS_BAD;
    memcpy(&p, in, in->ulSize < sizeof p ? in->ulSize : sizeof p);
    if (p.flags & ~CKF_BJCA_KEEP_KEY || (p.keyType != CKK_RSA && p.keyType != CKK_SM2))
        return CKR_ARGUMENTS_BAD;
    if (p.subject && (p.subjectLen > BK_CERT_MAX || !bk_csr_name_good(p.subject, p.subjectLen)))
        return CKR_ARGUMENTS_BAD;
    out->keep_key = (p.flags & CKF_BJCA_KEEP_KEY) != 0;
    out->alg = p.keyType == CKK_SM2 ? BK_ALG_SM2 : BK_ALG_RSA;
    out->subject = p.subject;
    out->subject_len = p.subjectLen;
    return CKR_OK;
}

CK_RV bk_v_renew_room(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                      CK_BJCA_RENEW_PARAMS *params, CK_BJCA_ROOM *room)
{
    struct bk_call call;
    struct bk_renew_params p;
    struct bk_renew_room found;
    CK_RV rv = enter(&call, session, name, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = take_params(params, &p);
    if (rv == CKR_OK) {
        enum bk_err err = bk_renew_room(call.port->token, (const char *)name, &p, &found);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        CK_BJCA_ROOM out = {
            .fits = found.fits,
            .fitsKeepingKey = found.fits_keeping_key,
            .oldestHistory = found.oldest_history < 0 ? CK_UNAVAILABLE_INFORMATION
                                                      : (CK_ULONG)found.oldest_history,
            .containersLeft = found.containers_left,
            .filesLeft = found.files_left,
            .bytesLeft = found.bytes_left,
        };
        rv = bk_v_copy_out(room, &out, sizeof out);
    }
    return bk_call_leave(&call, rv);
}

CK_RV bk_v_renew_state(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                       CK_BJCA_RENEW_STATE *state)
{
    static const CK_ULONG stages[] = {
        [BK_RENEW_NONE] = CK_BJCA_RENEW_NONE,     [BK_RENEW_STARTED] = CK_BJCA_RENEW_STARTED,
        [BK_RENEW_KEY] = CK_BJCA_RENEW_KEY,       [BK_RENEW_PARTIAL] = CK_BJCA_RENEW_PARTIAL,
        [BK_RENEW_LOADED] = CK_BJCA_RENEW_LOADED,
    };
    struct bk_call call;
    struct bk_renew_state found;
    CK_RV rv = enter(&call, session, name, BK_NEEDS_TOKEN);
    if (rv == CKR_OK) {
        enum bk_err err = bk_renew_state(call.port->token, (const char *)name, &found);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        CK_BJCA_RENEW_STATE out = {
            .state = stages[found.stage],
            .flags = found.keep_key ? CKF_BJCA_KEEP_KEY : 0,
            .currentGeneration = found.is_new ? CK_UNAVAILABLE_INFORMATION : found.current,
            .stagedGeneration = found.staged,
            .keyType = found.alg == BK_ALG_RSA   ? CKK_RSA
                       : found.alg == BK_ALG_SM2 ? CKK_SM2
                                                 : CK_UNAVAILABLE_INFORMATION,
        };
        rv = bk_v_copy_out(state, &out, sizeof out);
    }
    return bk_call_leave(&call, rv);
}

/* The caller's function behind the token's. */
struct told {
    CK_BJCA_PROGRESS progress;
    CK_VOID_PTR context;
};

static enum bk_err tell(void *context, unsigned done, unsigned total)
{
    const struct told *told = context;
    if (!told->progress || told->progress(told->context, done, total) == CKR_OK)
        return BK_OK;
    return BK_ECANCELLED;
}

CK_RV bk_v_renew_begin(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                       CK_BJCA_RENEW_PARAMS *params, CK_BJCA_PROGRESS progress, CK_VOID_PTR context)
{
    struct bk_call call;
    struct bk_renew_params p;
    struct told told = {progress, context};
    struct bk_progress step = {tell, &told};
    CK_RV rv = enter(&call, session, name, WRITES);
    if (rv == CKR_OK)
        rv = take_params(params, &p);
    if (rv == CKR_OK) {
        enum bk_err err = bk_renew_begin(call.port->token, (const char *)name, &p, &step);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    return bk_call_leave(&call, rv);
}

CK_RV bk_v_renew_request(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                         CK_BJCA_RENEW_PARAMS *params, CK_BYTE *request, CK_ULONG *request_len)
{
    struct bk_call call;
    struct bk_renew_params p;
    struct bk_buf csr = BK_BUF_INIT;
    CK_RV rv = enter(&call, session, name, NEEDS);
    if (rv == CKR_OK && !request_len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = take_params(params, &p);
    if (rv == CKR_OK && !request) {
        *request_len = CSR_MAX + BK_CERT_MAX; /* a subject is at most as long as a certificate */
        return bk_call_leave(&call, CKR_OK);
    }
    if (rv == CKR_OK) {
        enum bk_err err = bk_renew_request(call.port->token, (const char *)name, &p, &csr);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        CK_ULONG room = *request_len;
        *request_len = csr.len;
        if (room >= csr.len) {
            memcpy(request, csr.data, csr.len);
        } else {
            rv = CKR_BUFFER_TOO_SMALL;
            /* the next SM2 signature may be longer */
            *request_len += p.alg == BK_ALG_SM2 ? SM2_SIGNATURE_MAX : 0;
        }
    }
    bk_buf_free(&csr);
    return bk_call_leave(&call, rv);
}

CK_RV bk_v_renew_load(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_BJCA_LOAD *load,
                      CK_BJCA_PROGRESS progress, CK_VOID_PTR context)
{
    struct bk_call call;
    struct told told = {progress, context};
    struct bk_progress step = {tell, &told};
    CK_BJCA_LOAD l;
    char id[BK_SM2_ID_MAX + 1] = "";
    CK_RV rv = enter(&call, session, name, WRITES);
    memset(&l, 0, sizeof l);
    if (rv == CKR_OK && (!load || load->ulSize < offsetof(CK_BJCA_LOAD, chain)))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        memcpy(&l, load, load->ulSize < sizeof l ? load->ulSize : sizeof l);
    if (rv == CKR_OK &&
        (!l.signCert || (l.sm2Id && !bk_sm2_id_fits((const char *)l.sm2Id, l.sm2IdLen))))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && l.sm2Id)
        memcpy(id, l.sm2Id, l.sm2IdLen);
    if (rv == CKR_OK) {
        struct bk_renew_load in = {
            .sm2_id = l.sm2Id ? id : NULL,
            .sign_cert = l.signCert,
            .sign_cert_len = l.signCertLen,
            .enc_cert = l.encCert,
            .enc_cert_len = l.encCertLen,
            .envelope = l.envelope,
            .envelope_len = l.envelopeLen,
            .chain = l.chain,
            .chain_len = l.chainLen,
        };
        enum bk_err err = bk_renew_load(call.port->token, (const char *)name, &in, &step);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    return bk_call_leave(&call, rv);
}

static CK_RV run(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                 enum bk_err (*op)(struct bk_token *, const char *), bool changes)
{
    struct bk_call call;
    CK_RV rv = enter(&call, session, name, changes ? WRITES : NEEDS);
    if (rv == CKR_OK) {
        enum bk_err err = op(call.port->token, (const char *)name);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    return leave(&call, rv, changes);
}

CK_RV bk_v_renew_prove(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name)
{
    return run(session, name, bk_renew_prove, false);
}

CK_RV bk_v_renew_commit(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name)
{
    return run(session, name, bk_renew_commit, true);
}

CK_RV bk_v_renew_abort(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name)
{
    return run(session, name, bk_renew_abort, true);
}

CK_RV bk_v_delete_history(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG generation)
{
    struct bk_call call;
    CK_RV rv = enter(&call, session, name, WRITES);
    if (rv == CKR_OK && generation > UINT16_MAX)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err =
            bk_history_delete(call.port->token, (const char *)name, (unsigned)generation);
        rv = err ? renew_rv(&call, err) : CKR_OK;
    }
    return leave(&call, rv, true);
}

/* --- containers
 * ---------------------------------------------------------------------------------*/

static CK_RV run_container(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                           enum bk_err (*op)(struct bk_token *, const char *))
{
    struct bk_call call;
    CK_RV rv = enter(&call, session, name, WRITES);
    if (rv == CKR_OK) {
        enum bk_err err = op(call.port->token, (const char *)name);
        rv = err == BK_EFULL ? bk_call_fail(&call, err) : err ? renew_rv(&call, err) : CKR_OK;
        if (err == BK_ENOTFOUND && op == bk_container_create)
            rv = CKR_DEVICE_ERROR; /* it is what is to be made that can't be missing */
    }
    return leave(&call, rv, true);
}

CK_RV bk_v_create_container(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name)
{
    return run_container(session, name, bk_container_create);
}

CK_RV bk_v_delete_container(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name)
{
    return run_container(session, name, bk_container_delete);
}
