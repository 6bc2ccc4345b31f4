/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saved states of operations, under a sum that is right: the input says which operation is begun
 * and how much it is given, and then what becomes of its state before it is put back. What is taken
 * comes out again the same, and the operation goes on to its end.
 *
 *     dialect  1  the top bit: of longmai
 *     which    1  a row of the table
 *     data        as fz_data, to begin with
 *     edits    1  modulo 8; each a field's number and its value
 *     more        as fz_data, and fz_out for what comes
 */
#include <string.h>

#include "calls.h"
#include "crypto/digest.h"
#include "pkcs11/p11.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HEAD 64 /* up to the label's length */
#define SUM 8
#define SIZE_MOST 30000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As they stand in a state. */
enum kind { SIGN, VERIFY, ENCRYPT, DECRYPT, DIGEST, SIGN_RECOVER, VERIFY_RECOVER };
static CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
static CK_BYTE name[] = "label";
static CK_RSA_PKCS_OAEP_PARAMS oaep = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, name, 5};
static CK_BYTE iv[16];
static const struct {
    CK_SLOT_ID slot;
    enum kind kind;
    CK_MECHANISM mech;
} rows[] = {
    {0, SIGN, {CKM_RSA_PKCS, NULL, 0}},
    {0, SIGN, {CKM_RSA_X_509, NULL, 0}},
    {0, SIGN, {CKM_RSA_PKCS_PSS, &pss, sizeof pss}},
    {0, VERIFY, {CKM_RSA_PKCS, NULL, 0}},
    {0, VERIFY, {CKM_RSA_X_509, NULL, 0}},
    {0, VERIFY, {CKM_RSA_PKCS_PSS, &pss, sizeof pss}},
    {0, ENCRYPT, {CKM_RSA_PKCS, NULL, 0}},
    {0, ENCRYPT, {CKM_RSA_X_509, NULL, 0}},
    {0, ENCRYPT, {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep}},
    {0, DECRYPT, {CKM_RSA_PKCS, NULL, 0}},
    {0, DECRYPT, {CKM_RSA_X_509, NULL, 0}},
    {0, DECRYPT, {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep}},
    {0, SIGN_RECOVER, {CKM_RSA_PKCS, NULL, 0}},
    {0, VERIFY_RECOVER, {CKM_RSA_PKCS, NULL, 0}},
    {0, SIGN_RECOVER, {CKM_RSA_X_509, NULL, 0}},
    {0, VERIFY_RECOVER, {CKM_RSA_X_509, NULL, 0}},
    {1, SIGN, {CKM_SM2_SIGN, NULL, 0}},
    {1, VERIFY, {CKM_SM2_SIGN, NULL, 0}},
    {1, ENCRYPT, {CKM_SM2_ENCRYPT, NULL, 0}},
    {1, DECRYPT, {CKM_SM2_ENCRYPT, NULL, 0}},
    {1, ENCRYPT, {CKM_SM2_ENCRYPT_DER, NULL, 0}},
    {1, DECRYPT, {CKM_SM2_ENCRYPT_DER, NULL, 0}},
    {0, ENCRYPT, {CKM_SM4_ECB, NULL, 0}},
    {0, DECRYPT, {CKM_SM4_ECB, NULL, 0}},
    {1, ENCRYPT, {CKM_SM4_CBC, iv, sizeof iv}},
    {1, DECRYPT, {CKM_SM4_CBC, iv, sizeof iv}},
};

static CK_OBJECT_HANDLE key_of(CK_SESSION_HANDLE s, enum kind kind, CK_MECHANISM_TYPE type)
{
    static const CK_ATTRIBUTE_TYPE rights[] = {
        [SIGN] = CKA_SIGN,       [VERIFY] = CKA_VERIFY,     [ENCRYPT] = CKA_ENCRYPT,
        [DECRYPT] = CKA_DECRYPT, [SIGN_RECOVER] = CKA_SIGN, [VERIFY_RECOVER] = CKA_VERIFY};
    bool own = kind == SIGN || kind == DECRYPT || kind == SIGN_RECOVER;
    CK_MECHANISM generate = {CKM_SM4_KEY_GEN, NULL, 0};
    CK_OBJECT_HANDLE o = 0;
    if (type == CKM_SM4_ECB || type == CKM_SM4_CBC) {
        FZ_CHECK(C_GenerateKey(s, &generate, NULL, 0, &o) == CKR_OK);
        return o;
    }
    return mh_find(&h, s, own ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY, rights[kind]);
}

static CK_RV begin(CK_SESSION_HANDLE s, enum kind kind, const CK_MECHANISM *mech,
                   CK_OBJECT_HANDLE o)
{
    static CK_RV (*const inits[])(CK_SESSION_HANDLE, CK_MECHANISM *,
                                  CK_OBJECT_HANDLE) = {[SIGN] = C_SignInit,
                                                       [VERIFY] = C_VerifyInit,
                                                       [ENCRYPT] = C_EncryptInit,
                                                       [DECRYPT] = C_DecryptInit,
                                                       [SIGN_RECOVER] = C_SignRecoverInit,
                                                       [VERIFY_RECOVER] = C_VerifyRecoverInit};
    CK_MECHANISM m = *mech;
    return inits[kind](s, &m, o);
}

static void feed(CK_SESSION_HANDLE s, unsigned kind)
{
    struct fz_data d = fz_data();
    struct fz_out out;
    if (kind == SIGN)
        (void)C_SignUpdate(s, d.data, d.len);
    if (kind == VERIFY)
        (void)C_VerifyUpdate(s, d.data, d.len);
    if (kind != ENCRYPT && kind != DECRYPT)
        return;
    fz_out(&out);
    CK_RV rv = (kind == ENCRYPT ? C_EncryptUpdate : C_DecryptUpdate)(s, d.data, d.len, out.data,
                                                                     out.len_at);
    fz_out_check(&out, rv);
}

static void finish(CK_SESSION_HANDLE s, unsigned kind)
{
    static CK_RV (*const ends[])(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG *) = {
        [SIGN] = C_SignFinal, [ENCRYPT] = C_EncryptFinal, [DECRYPT] = C_DecryptFinal};
    struct fz_out out;
    fz_out(&out);
    struct fz_data d = kind == VERIFY || kind >= SIGN_RECOVER ? fz_data() : (struct fz_data){0};
    CK_RV rv = CKR_OK;
    if (kind == VERIFY)
        (void)C_VerifyFinal(s, d.data, d.len);
    else if (kind == SIGN_RECOVER)
        rv = C_SignRecover(s, d.data, d.len, out.data, out.len_at);
    else if (kind == VERIFY_RECOVER)
        rv = C_VerifyRecover(s, d.data, d.len, out.data, out.len_at);
    else
        rv = ends[kind](s, out.data, out.len_at);
    if (kind != VERIFY)
        fz_out_check(&out, rv);
}

/* --- the state, field by field
 * ------------------------------------------------------------------------------*/

struct state {
    uint8_t head[HEAD];
    struct bk_buf label, data, tail;
};

static void take(struct bk_rd *rd, struct bk_buf *bytes)
{
    uint32_t len = 0;
    const uint8_t *at = NULL;
    FZ_CHECK(bk_rd_u32be(rd, &len) == BK_OK && bk_rd_take(rd, len, &at) == BK_OK);
    FZ_CHECK(bk_buf_put(bytes, at, len) == BK_OK);
}

static void fill(struct bk_buf *bytes)
{
    size_t len = fz_u16() % SIZE_MOST;
    bk_buf_clear(bytes);
    FZ_CHECK(bk_buf_put_zero(bytes, len) == BK_OK);
    for (size_t i = 0; i < len && fz_left() > 8 && i < 32; i++)
        bytes->data[i] = fz_u8();
}

static void edit(struct state *st)
{
    uint8_t field = fz_u8() % 16;
    CK_MECHANISM_TYPE type;
    switch (field) {
    case 0: /* kind */
        st->head[5] = fz_u8() % 8;
        break;
    case 1: /* flags */
        st->head[6] = fz_u8() & 1;
        st->head[7] = fz_u8() & 1;
        break;
    case 2: /* mechanism of another row, beside this key */
        type = rows[fz_u8() % COUNT(rows)].mech.mechanism;
        for (int i = 0; i < 8; i++)
            st->head[15 - i] = (uint8_t)(type >> 8 * i);
        break;
    case 3: /* a number of the parameters, low or all of it */
    case 4:
    case 5:
        memset(st->head + 8 * (field - 1), fz_u8() & 1 ? 0xff : 0, 7);
        st->head[8 * (field - 1) + 7] = fz_u8();
        break;
    case 6: /* IV and check of the key */
        st->head[40 + fz_u8() % 24] ^= fz_u8();
        break;
    case 7:
    case 8:
        fill(&st->label);
        break;
    case 9:
        FZ_CHECK(bk_buf_put_u8(&st->tail, fz_u8()) == BK_OK);
        break;
    case 10:
        st->head[fz_u8() % HEAD] = fz_u8();
        break;
    default:
        fill(&st->data);
    }
}

static void put(struct bk_buf *out, const struct bk_buf *bytes)
{
    FZ_CHECK(bk_buf_put_u32be(out, (uint32_t)bytes->len) == BK_OK);
    FZ_CHECK(bk_buf_put(out, bytes->data, bytes->len) == BK_OK);
}

static void change(struct bk_buf *saved)
{
    struct state st = {0};
    uint8_t sum[32];
    struct bk_rd rd = bk_rd(saved->data, saved->len - SUM);
    FZ_CHECK(bk_rd_copy(&rd, st.head, HEAD) == BK_OK);
    take(&rd, &st.label);
    take(&rd, &st.data);
    for (unsigned n = fz_u8() % 8; n > 0; n--)
        edit(&st);
    bk_buf_clear(saved);
    FZ_CHECK(bk_buf_put(saved, st.head, HEAD) == BK_OK);
    put(saved, &st.label);
    put(saved, &st.data);
    FZ_CHECK(bk_buf_put(saved, st.tail.data, st.tail.len) == BK_OK);
    FZ_CHECK(bk_digest(BK_HASH_SM3, saved->data, saved->len, sum) == BK_OK);
    FZ_CHECK(bk_buf_put(saved, sum, SUM) == BK_OK);
    bk_buf_free(&st.label);
    bk_buf_free(&st.data);
    bk_buf_free(&st.tail);
}

static bool save(CK_SESSION_HANDLE s, struct bk_buf *saved)
{
    CK_ULONG len = 0;
    if (C_GetOperationState(s, NULL, &len) != CKR_OK)
        return false;
    bk_buf_clear(saved);
    FZ_CHECK(bk_buf_put_zero(saved, len) == BK_OK);
    FZ_CHECK(C_GetOperationState(s, saved->data, &len) == CKR_OK && len == saved->len);
    return true;
}

static void go_on(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, struct bk_buf *saved)
{
    struct bk_buf again = BK_BUF_INIT;
    unsigned kind = saved->data[5];
    bool encryption = kind == ENCRYPT || kind == DECRYPT;
    CK_BYTE *exact = fz_alloc(saved->len);
    memcpy(exact, saved->data, saved->len);
    if (C_SetOperationState(s, exact, saved->len, encryption ? o : 0, encryption ? 0 : o) ==
        CKR_OK) {
        FZ_CHECK(save(s, &again) && again.len == saved->len &&
                 memcmp(again.data, saved->data, again.len) == 0);
        if (fz_u8() & 1)
            feed(s, kind);
        finish(s, kind);
    }
    bk_buf_free(&again);
}

static void one(void)
{
    size_t which = fz_u8() % COUNT(rows);
    CK_SESSION_HANDLE s = fz_sessions[rows[which].slot];
    struct bk_buf saved = BK_BUF_INIT;
    CK_OBJECT_HANDLE o = key_of(s, rows[which].kind, rows[which].mech.mechanism);
    FZ_CHECK(o && begin(s, rows[which].kind, &rows[which].mech, o) == CKR_OK);
    feed(s, rows[which].kind);
    if (save(s, &saved)) {
        change(&saved);
        go_on(s, o, &saved);
    }
    bk_buf_free(&saved);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_buf input = BK_BUF_INIT;
    if (size < 4)
        return 0;
    const uint8_t head[] = {FZ_IDENTITIES | (data[0] & FZ_LONGMAI), FZ_LOGIN, 0};
    FZ_CHECK(bk_buf_put(&input, head, sizeof head) == BK_OK);
    FZ_CHECK(bk_buf_put(&input, data + 1, size - 1) == BK_OK);
    if (fz_begin(input.data, input.len)) {
        FZ_CHECK(fz_session_count >= 2);
        one();
        fz_end();
    }
    bk_buf_free(&input);
    return 0;
}
