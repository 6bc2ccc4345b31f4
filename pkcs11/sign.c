/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/sign.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"
#include "token/key.h"

#define SM2_DER_MAX 72

static size_t signature_size(const struct bk_op *op, const struct bk_object *key)
{
    if (op->mech->how == BK_HOW_HMAC)
        return bk_hash_len(op->hash);
    if (key->key.alg == BK_ALG_RSA)
        return key->key.n_len;
    return op->mech->how == BK_HOW_SM2_DER ? SM2_DER_MAX : 64;
}

/* What is signed: the hash of the message, or what the caller gave. */
static enum bk_err message_digest(struct bk_op *op, struct bk_buf *out)
{
    uint8_t digest[BK_HASH_MAX];
    if (!op->digester)
        return bk_buf_put(out, op->data.data, op->data.len);
    enum bk_err err = bk_digester_end(op->digester, digest);
    return err ? err : bk_buf_put(out, digest, bk_hash_len(op->hash));
}

/* --- signing: each kind of padding, straight to the token
 * ----------------------------------------*/

/* The key's own command takes no empty data: the padding is the host's then. */
static enum bk_err sign_nothing(struct bk_token *t, struct bk_container *c,
                                struct bk_buf *signature)
{
    uint8_t block[BK_RSA_MAX];
    size_t size = c->key[BK_KEY_SIGNING].n_len;
    enum bk_err err =
        bk_card_has_rsa_raw(t->card) ? bk_rsa_pad_sign(NULL, 0, block, size) : BK_ELIMIT;
    return err ? err : bk_token_rsa_private(t, c, BK_KEY_SIGNING, block, size, signature);
}

static enum bk_err sign_pkcs1(struct bk_token *t, struct bk_container *c, const struct bk_op *op,
                              const struct bk_buf *digest, struct bk_buf *signature)
{
    struct bk_buf info = BK_BUF_INIT;
    enum bk_err err = op->hash ? bk_rsa_digest_info(op->hash, digest->data, digest->len, &info)
                               : bk_buf_put(&info, digest->data, digest->len);
    if (!err && info.len > c->key[BK_KEY_SIGNING].n_len - 11)
        err = BK_ELIMIT;
    if (!err && !info.len)
        err = sign_nothing(t, c, signature);
    else if (!err)
        err = bk_token_rsa_sign(t, c, info.data, info.len, signature);
    bk_buf_free(&info);
    return err;
}

static enum bk_err sign_block(struct bk_token *t, struct bk_container *c, const struct bk_op *op,
                              const struct bk_buf *digest, struct bk_buf *signature)
{
    uint8_t block[BK_RSA_MAX] = {0};
    size_t size = c->key[BK_KEY_SIGNING].n_len;
    enum bk_err err = BK_OK;
    if (op->mech->how == BK_HOW_PSS)
        err = digest->len != bk_hash_len(op->param_hash)
                  ? BK_ELIMIT
                  : bk_rsa_pad_pss(op->param_hash, op->mgf, op->salt_len, digest->data, digest->len,
                                   (unsigned)size * 8, block);
    else if (digest->len > size)
        err = BK_ELIMIT;
    else if (digest->len)
        memcpy(block + size - digest->len, digest->data, digest->len);
    return err ? err : bk_token_rsa_private(t, c, BK_KEY_SIGNING, block, size, signature);
}

static enum bk_err sign_sm2(struct bk_token *t, struct bk_container *c, const struct bk_op *op,
                            const struct bk_buf *digest, struct bk_buf *signature)
{
    uint8_t raw[64];
    struct bk_sm2_sig sig;
    if (digest->len != 32)
        return BK_ELIMIT;
    enum bk_err err = bk_token_sm2_sign(t, c, digest->data, raw);
    if (err)
        return err;
    memcpy(sig.r, raw, 32);
    memcpy(sig.s, raw + 32, 32);
    return op->mech->how == BK_HOW_SM2_DER ? bk_sm2_sig_to_der(&sig, signature)
                                           : bk_buf_put(signature, raw, sizeof raw);
}

/* The keyed digest is all there is to it. */
static enum bk_err sign_hmac(struct bk_token *t, struct bk_container *c, const struct bk_op *op,
                             const struct bk_buf *digest, struct bk_buf *signature)
{
    (void)t;
    (void)c;
    (void)op;
    return bk_buf_put(signature, digest->data, digest->len);
}

typedef enum bk_err (*signer)(struct bk_token *, struct bk_container *, const struct bk_op *,
                              const struct bk_buf *, struct bk_buf *);

static const signer signers[] = {
    [BK_HOW_PKCS1] = sign_pkcs1, [BK_HOW_RAW] = sign_block,   [BK_HOW_PSS] = sign_block,
    [BK_HOW_SM2_RAW] = sign_sm2, [BK_HOW_SM2_DER] = sign_sm2, [BK_HOW_HMAC] = sign_hmac,
};

/* A number that CKM_RSA_X_509 can raise; too long a one is told by its length. */
static bool below_modulus(const struct bk_pubkey *key, const struct bk_buf *data)
{
    return data->len != key->n_len || memcmp(data->data, key->n, key->n_len) < 0;
}

CK_RV bk_sign_finish(struct bk_call *call, enum bk_op_kind kind, const void *data, CK_ULONG len,
                     unsigned char *out, unsigned long *out_len)
{
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    struct bk_buf digest = BK_BUF_INIT, signature = BK_BUF_INIT;
    CK_RV rv = bk_op_active(call, kind, &op, &key);
    if (rv != CKR_OK || !bk_op_room(op, out, out_len, signature_size(op, key), &rv))
        return rv;
    struct bk_container *c = NULL;
    enum bk_err err = key->session ? BK_OK : bk_object_container(call, key, &c);
    if (!err)
        rv = bk_op_feed(op, data, len, BK_SIGN_GATHER_MAX);
    if (!err && rv == CKR_OK)
        err = message_digest(op, &digest);
    if (rv == CKR_OK && !err && op->mech->how == BK_HOW_RAW && !below_modulus(&key->key, &digest))
        rv = CKR_DATA_INVALID;
    if (rv == CKR_OK && !err)
        err = signers[op->mech->how](call->port->token, c, op, &digest, &signature);
    if (err)
        rv = bk_call_fail(call, err);
    if (err == BK_ENOTFOUND) /* another program has deleted it */
        rv = CKR_KEY_HANDLE_INVALID;
    if (rv == CKR_OK && signature.len > *out_len)
        rv = CKR_DEVICE_ERROR;
    if (rv == CKR_OK && signature.len)
        memcpy(out, signature.data, signature.len);
    if (rv == CKR_OK)
        *out_len = signature.len;
    bk_op_end(op);
    bk_buf_free(&digest);
    bk_buf_free(&signature);
    return rv;
}

CK_RV C_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return bk_op_init(session, BK_OP_SIGN, mechanism, key);
}

CK_RV C_Sign(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
             unsigned char *signature, unsigned long *signature_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && call.s->ops[BK_OP_SIGN].parts)
        rv = CKR_OPERATION_ACTIVE;
    if (rv == CKR_OK)
        rv = bk_sign_finish(&call, BK_OP_SIGN, data, data_len, signature, signature_len);
    return bk_call_leave(&call, rv);
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len)
{
    return bk_op_update(session, BK_OP_SIGN, part, part_len, BK_SIGN_GATHER_MAX);
}

CK_RV C_SignFinal(CK_SESSION_HANDLE session, unsigned char *signature, unsigned long *signature_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = bk_sign_finish(&call, BK_OP_SIGN, NULL, 0, signature, signature_len);
    return bk_call_leave(&call, rv);
}

/* --- verifying, on the host
 * ---------------------------------------------------------------------*/

static enum bk_err verify_raw(const struct bk_pubkey *key, const struct bk_buf *data,
                              const void *signature, size_t len)
{
    uint8_t want[BK_RSA_MAX] = {0}, got[BK_RSA_MAX];
    if (len != key->n_len)
        return BK_EVERIFY;
    memcpy(want + key->n_len - data->len, data->data, data->len);
    enum bk_err err = bk_rsa_public(key, signature, len, got);
    if (err)
        return err == BK_EINVAL ? BK_EVERIFY : err; /* not below the modulus */
    return memcmp(want, got, key->n_len) == 0 ? BK_OK : BK_EVERIFY;
}

static enum bk_err verify_sm2(const struct bk_op *op, const struct bk_pubkey *key,
                              const struct bk_buf *digest, const void *signature, size_t len)
{
    struct bk_sm2_sig sig;
    if (digest->len != 32)
        return BK_ELIMIT;
    if (op->mech->how == BK_HOW_SM2_DER) {
        if (bk_sm2_sig_from_der(signature, len, &sig))
            return BK_EVERIFY;
    } else if (len != 64) {
        return BK_EVERIFY;
    } else {
        memcpy(sig.r, signature, 32);
        memcpy(sig.s, (const uint8_t *)signature + 32, 32);
    }
    return bk_sm2_verify(key, digest->data, &sig);
}

/* What nothing could be signed of. */
static bool length_fits(const struct bk_op *op, const struct bk_pubkey *key, size_t len)
{
    if (op->mech->how == BK_HOW_PSS)
        return len == bk_hash_len(op->param_hash);
    if (op->mech->how == BK_HOW_PKCS1)
        return op->hash || len <= key->n_len - 11;
    return op->mech->how != BK_HOW_RAW || len <= key->n_len;
}

static enum bk_err verify(const struct bk_op *op, const struct bk_pubkey *key,
                          const struct bk_buf *digest, const void *signature, size_t len)
{
    if (!length_fits(op, key, digest->len))
        return BK_ELIMIT;
    switch (op->mech->how) {
    case BK_HOW_PKCS1:
        return bk_rsa_verify(key, op->hash, digest->data, digest->len, signature, len);
    case BK_HOW_PSS:
        return bk_rsa_verify_pss(key, op->param_hash, op->mgf, op->salt_len, digest->data,
                                 digest->len, signature, len);
    case BK_HOW_RAW:
        return verify_raw(key, digest, signature, len);
    case BK_HOW_HMAC:
        return bk_secret_equal(digest->data, digest->len, signature, len) ? BK_OK : BK_EVERIFY;
    default:
        return verify_sm2(op, key, digest, signature, len);
    }
}

static CK_RV finish_verify(struct bk_call *call, const void *data, CK_ULONG len,
                           const unsigned char *signature, unsigned long signature_len)
{
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    struct bk_buf digest = BK_BUF_INIT;
    CK_RV rv = bk_op_active(call, BK_OP_VERIFY, &op, &key);
    if (rv != CKR_OK)
        return rv;
    bool der = op->mech->how == BK_HOW_SM2_DER;
    size_t size = signature_size(op, key);
    if (!signature)
        rv = CKR_ARGUMENTS_BAD;
    else if (der ? signature_len > size : signature_len != size)
        rv = CKR_SIGNATURE_LEN_RANGE;
    if (rv == CKR_OK)
        rv = bk_op_feed(op, data, len, BK_SIGN_GATHER_MAX);
    enum bk_err err = rv == CKR_OK ? message_digest(op, &digest) : BK_OK;
    if (rv == CKR_OK && !err)
        err = verify(op, &key->key, &digest, signature, signature_len);
    if (err)
        rv = bk_call_fail(call, err);
    if (err == BK_EVERIFY)
        rv = CKR_SIGNATURE_INVALID;
    bk_op_end(op);
    bk_buf_free(&digest);
    return rv;
}

CK_RV C_VerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return bk_op_init(session, BK_OP_VERIFY, mechanism, key);
}

CK_RV C_Verify(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
               unsigned char *signature, unsigned long signature_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && call.s->ops[BK_OP_VERIFY].parts)
        rv = CKR_OPERATION_ACTIVE;
    if (rv == CKR_OK)
        rv = finish_verify(&call, data, data_len, signature, signature_len);
    return bk_call_leave(&call, rv);
}

CK_RV C_VerifyUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len)
{
    return bk_op_update(session, BK_OP_VERIFY, part, part_len, BK_SIGN_GATHER_MAX);
}

CK_RV C_VerifyFinal(CK_SESSION_HANDLE session, unsigned char *signature,
                    unsigned long signature_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = finish_verify(&call, NULL, 0, signature, signature_len);
    return bk_call_leave(&call, rv);
}
