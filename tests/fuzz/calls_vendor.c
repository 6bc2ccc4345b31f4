/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "calls.h"
#include "crypto/issue.h"

/* What an unlock or a renewal of this run has come to. */
static CK_BJCA_UNLOCK unlock;
static struct bk_buf request, csr;

#define NAMED(name)                                                                                \
    static CK_RV do_##name(void)                                                                   \
    {                                                                                              \
        CK_SESSION_HANDLE s = fz_session();                                                        \
        return h.v->name(s, fz_name());                                                            \
    }

void fz_vendor_begin(void)
{
    unlock = 0;
    bk_buf_clear(&request);
    bk_buf_clear(&csr);
}

void fz_vendor_end(void)
{
    bk_buf_free(&request);
    bk_buf_free(&csr);
}

/* A right message with some bytes changed, taken out, put in, or cut off. */
static void twist(struct bk_buf *b)
{
    for (unsigned n = fz_u8() % 4u; n && b->len; n--) {
        uint8_t how = fz_u8();
        size_t at = fz_u16() % b->len;
        size_t len = fz_u8() % 32u, room = b->len - at;
        const uint8_t *bytes = fz_take(&len);
        len = len < room ? len : room;
        switch (how % 4) {
        case 0:
            b->data[at] ^= (uint8_t)(how >> 2 | 1);
            break;
        case 1:
            memcpy(b->data + at, bytes, len);
            break;
        case 2:
            memmove(b->data + at, b->data + at + len, room - len);
            b->len -= len;
            break;
        default:
            b->len = at;
        }
    }
}

static struct fz_data twisted(struct bk_buf *right)
{
    struct fz_data d = {NULL, 0};
    uint8_t form = fz_u8();
    if (form >= 240)
        return fz_data();
    if (form < 120)
        twist(right);
    d.len = right->len;
    d.data = fz_alloc(d.len);
    if (d.len)
        memcpy(d.data, right->data, d.len);
    return d;
}

/* The size is a caller's of another version now and then. */
static CK_ULONG drawn_size(CK_ULONG size)
{
    uint8_t form = fz_u8();
    return form < 240 ? size : form % size;
}

/* --- status, containers
 * -------------------------------------------------------------------------*/

static CK_RV do_BJCA_GetError(void)
{
    CK_BJCA_ERROR *e = fz_alloc(sizeof *e);
    e->ulSize = drawn_size(sizeof *e);
    return h.v->BJCA_GetError(e);
}

static CK_RV do_BJCA_GetStatus(void)
{
    CK_BJCA_STATUS *st = fz_alloc(sizeof *st);
    st->ulSize = drawn_size(sizeof *st);
    return h.v->BJCA_GetStatus(fz_slot(), st);
}

static CK_RV do_BJCA_GetContainers(void)
{
    CK_SLOT_ID slot = fz_slot();
    CK_ULONG n = fz_u8() % 17u;
    CK_BJCA_CONTAINER *list = fz_alloc(n * sizeof *list);
    if (n)
        list->ulSize = drawn_size(sizeof *list);
    return h.v->BJCA_GetContainers(slot, fz_u8() < 200 ? list : NULL, &n);
}

static CK_RV do_BJCA_GetCertificate(void)
{
    CK_SLOT_ID slot = fz_slot();
    CK_UTF8CHAR *name = fz_name();
    CK_ULONG generation = fz_u8() % 4u, which = fz_u8() % 3u;
    struct fz_out out;
    fz_out(&out);
    CK_RV rv = h.v->BJCA_GetCertificate(slot, name, generation, which, out.data, out.len_at);
    fz_out_check(&out, rv);
    return rv;
}

static CK_RV do_BJCA_CheckPIN(void)
{
    CK_SLOT_ID slot = fz_slot();
    struct fz_data pin = fz_pin();
    return h.v->BJCA_CheckPIN(slot, pin.data, pin.len);
}

/* --- unlock
 * -------------------------------------------------------------------------------------*/

/* The request is what the platform gets: kept, when there was room. */
static void keep_request(const struct fz_out *out, CK_RV rv)
{
    fz_out_check(out, rv);
    if (rv != CKR_OK || !out->data || !out->len_at)
        return;
    bk_buf_clear(&request);
    FZ_CHECK(bk_buf_put(&request, out->data, out->len) == BK_OK);
}

static CK_RV do_BJCA_UnlockBegin(void)
{
    CK_SLOT_ID slot = fz_slot();
    CK_BJCA_UNLOCK u = 0;
    struct fz_out out;
    fz_out(&out);
    CK_RV rv = h.v->BJCA_UnlockBegin(slot, &u, out.data, out.len_at);
    if (rv == CKR_OK)
        unlock = u;
    keep_request(&out, rv);
    return rv;
}

static CK_RV do_BJCA_UnlockStep(void)
{
    struct bk_buf right = BK_BUF_INIT;
    struct fz_out out;
    CK_BBOOL done = 0;
    if (request.len)
        (void)mh_answer(&h, request.data, request.len, &right);
    struct fz_data answer = twisted(&right), pin = fz_pin();
    bk_buf_free(&right);
    fz_out(&out);
    CK_RV rv = h.v->BJCA_UnlockStep(unlock, answer.data, answer.len, pin.data, pin.len, out.data,
                                    out.len_at, &done);
    keep_request(&out, rv);
    return rv;
}

static CK_RV do_BJCA_UnlockCancel(void)
{
    return h.v->BJCA_UnlockCancel(fz_u8() < 250 ? unlock : 0);
}

/* --- renewal
 * ------------------------------------------------------------------------------------*/

static CK_RV progress(void *context, CK_ULONG done, CK_ULONG total)
{
    (void)total;
    return done == *(CK_ULONG *)context ? CKR_FUNCTION_CANCELED : CKR_OK;
}

static CK_BJCA_RENEW_PARAMS *params(void)
{
    CK_BJCA_RENEW_PARAMS *p = fz_alloc(sizeof *p);
    uint8_t form = fz_u8();
    p->ulSize = drawn_size(sizeof *p);
    p->flags = form & CKF_BJCA_KEEP_KEY;
    p->keyType = form & 2 ? CKK_SM2 : CKK_RSA;
    if (form & 4) {
        struct fz_data subject = fz_data();
        p->subject = subject.data;
        p->subjectLen = subject.len;
    }
    return form < 250 ? p : NULL;
}

static CK_RV do_BJCA_RenewRoom(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_BJCA_RENEW_PARAMS *p = params();
    CK_BJCA_ROOM *room = fz_alloc(sizeof *room);
    room->ulSize = drawn_size(sizeof *room);
    return h.v->BJCA_RenewRoom(s, name, p, room);
}

static CK_RV do_BJCA_RenewState(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_BJCA_RENEW_STATE *state = fz_alloc(sizeof *state);
    state->ulSize = drawn_size(sizeof *state);
    return h.v->BJCA_RenewState(s, name, state);
}

static CK_RV do_BJCA_RenewBegin(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_BJCA_RENEW_PARAMS *p = params();
    CK_ULONG stop = fz_u8();
    return h.v->BJCA_RenewBegin(s, name, p, progress, &stop);
}

static CK_RV do_BJCA_RenewRequest(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_BJCA_RENEW_PARAMS *p = params();
    struct fz_out out;
    fz_out(&out);
    CK_RV rv = h.v->BJCA_RenewRequest(s, name, p, out.data, out.len_at);
    fz_out_check(&out, rv);
    bk_buf_clear(&csr);
    if (rv == CKR_OK && out.data && out.len_at)
        FZ_CHECK(bk_buf_put(&csr, out.data, out.len) == BK_OK);
    return rv;
}

/* What the CA sends for the last request; certificates of the key where there was none. */
static CK_RV do_BJCA_RenewLoad(void)
{
    struct mh_issued parts = {.sign = BK_BUF_INIT};
    struct bk_pkcs10 read;
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    uint8_t form = fz_u8();
    if (csr.len && bk_pkcs10_read(csr.data, csr.len, &read) == BK_OK)
        mh_issue(&csr, form & 1, &parts);
    struct fz_data sign = twisted(&parts.sign), enc = twisted(&parts.enc),
                   envelope = twisted(&parts.envelope), chain = twisted(&parts.chain);
    mh_issued_free(&parts);
    CK_BJCA_LOAD load = {drawn_size(sizeof load), sign.data,     sign.len,
                         enc.data,                enc.len,       envelope.data,
                         envelope.len,            chain.data,    chain.len};
    if (form & 2)
        load.chain = NULL;
    CK_ULONG stop = fz_u8();
    return h.v->BJCA_RenewLoad(s, name, &load, progress, &stop);
}

NAMED(BJCA_RenewProve)
NAMED(BJCA_RenewCommit)
NAMED(BJCA_RenewAbort)

static CK_RV do_BJCA_DeleteHistory(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    return h.v->BJCA_DeleteHistory(s, name, fz_u8() % 4u);
}

/* --- production, files, containers
 * --------------------------------------------------------------*/

static CK_RV do_BJCA_Personalise(void)
{
    CK_BJCA_PERSONALISE *p = fz_alloc(sizeof *p);
    CK_SLOT_ID slot = fz_slot();
    uint8_t form = fz_u8();
    struct fz_data admin = fz_pin(), user = fz_pin();
    *p = (CK_BJCA_PERSONALISE){.ulSize = drawn_size(sizeof *p),
                               .flags = form & CKF_BJCA_ERASE,
                               .deviceKey = form & 2 ? fz_alloc(16) : fz_device_key,
                               .deviceKeyLen = form & 4 ? 15 : 16,
                               .adminPin = admin.data,
                               .adminPinLen = admin.len,
                               .userPin = user.data,
                               .userPinLen = user.len};
    if (form & 8) {
        p->newDeviceKey = fz_device_key;
        p->newDeviceKeyLen = 16;
    }
    if (form & 16)
        p->label = fz_name();
    if (form & 32)
        p->application = fz_name();
    if (form & 64) {
        p->adminTries = fz_u8() % 17u;
        p->userTries = fz_u8() % 17u;
        p->containers = fz_u8();
        p->certificates = fz_u8();
        p->files = fz_u16();
    }
    return h.v->BJCA_Personalise(slot, form < 250 ? p : NULL);
}

static CK_RV do_BJCA_ListFiles(void)
{
    CK_SESSION_HANDLE s = fz_session();
    struct fz_out out;
    fz_out(&out);
    CK_RV rv = h.v->BJCA_ListFiles(s, out.data, out.len_at);
    fz_out_check(&out, rv);
    return rv;
}

static CK_RV do_BJCA_ReadFile(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_ULONG offset = fz_u8();
    struct fz_out out;
    fz_out(&out);
    CK_RV rv = h.v->BJCA_ReadFile(s, name, offset, out.data, out.len_at);
    fz_out_check(&out, rv);
    return rv;
}

static CK_RV do_BJCA_WriteFile(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_ULONG offset = fz_u8();
    struct fz_data d = fz_data();
    return h.v->BJCA_WriteFile(s, name, offset, d.data, d.len);
}

static CK_ULONG drawn_right(void)
{
    static const CK_ULONG rights[] = {CK_BJCA_RIGHT_ANYONE, CK_BJCA_RIGHT_USER, CK_BJCA_RIGHT_ADMIN,
                                      CK_BJCA_RIGHT_NEVER, 2};
    return rights[fz_u8() % 5u];
}

static CK_RV do_BJCA_CreateFile(void)
{
    CK_SESSION_HANDLE s = fz_session();
    CK_UTF8CHAR *name = fz_name();
    CK_ULONG size = fz_u16(), read = drawn_right();
    return h.v->BJCA_CreateFile(s, name, size, read, drawn_right());
}

NAMED(BJCA_DeleteFile)
NAMED(BJCA_CreateContainer)
NAMED(BJCA_DeleteContainer)

#define V(name) {#name, do_##name},
/* clang-format off */
const struct fz_call fz_vendor_calls[] = {
    V(BJCA_GetError) V(BJCA_GetStatus) V(BJCA_GetContainers) V(BJCA_GetCertificate)
    V(BJCA_CheckPIN) V(BJCA_UnlockBegin) V(BJCA_UnlockStep) V(BJCA_UnlockCancel)
    V(BJCA_RenewRoom) V(BJCA_RenewState) V(BJCA_RenewBegin) V(BJCA_RenewRequest)
    V(BJCA_RenewLoad) V(BJCA_RenewProve) V(BJCA_RenewCommit) V(BJCA_RenewAbort)
    V(BJCA_DeleteHistory) V(BJCA_Personalise) V(BJCA_ListFiles) V(BJCA_ReadFile)
    V(BJCA_WriteFile) V(BJCA_CreateFile) V(BJCA_DeleteFile) V(BJCA_CreateContainer)
    V(BJCA_DeleteContainer)
};
/* clang-format on */
const size_t fz_vendor_call_count = sizeof fz_vendor_calls / sizeof *fz_vendor_calls;
