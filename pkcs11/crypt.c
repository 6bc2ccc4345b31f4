/* SPDX-License-Identifier: Apache-2.0 */
/* Decrypting on the key, encrypting on the host; SM4 with keys of the session. */
#include "pkcs11/crypt.h"

#include <string.h>

#include "crypto/rsa_pad.h"
#include "crypto/sm2.h"
#include "crypto/sm4.h"
#include "token/key.h"

#define C1_LEN 65          /* 04 ‖ X ‖ Y */
#define SM2_DATA_MAX 16384 /* of one operation: what a key takes in one command */
#define SM2_OVERHEAD 128   /* C1, C3, and DER around them, at most */

size_t bk_crypt_gather_max(const struct bk_object *key, bool decrypt)
{
    if (key->class == CKO_SECRET_KEY)
        return SIZE_MAX;
    if (key->key.alg == BK_ALG_RSA)
        return key->key.n_len;
    return SM2_DATA_MAX + (decrypt ? SM2_OVERHEAD : 0);
}

/* --- SM4, as the data comes
 * ---------------------------------------------------------------------*/

/* Whole blocks; of CBC the next ones go on where these end. */
static enum bk_err run_sm4(struct bk_op *op, const struct bk_object *key, bool encrypt,
                           const uint8_t *in, size_t len, uint8_t *out)
{
    const struct bk_buf *value = bk_object_attr(key, CKA_VALUE);
    uint8_t next[BK_SM4_BLOCK];
    if (!len)
        return BK_OK;
    if (op->mech->how == BK_HOW_SM4_ECB)
        return bk_sm4_ecb(value->data, encrypt, in, len, out);
    memcpy(next, in + len - sizeof next, sizeof next);
    enum bk_err err = bk_sm4_cbc(value->data, op->iv, encrypt, in, len, out);
    memcpy(op->iv, encrypt ? out + len - sizeof next : next, sizeof next);
    return err;
}

static CK_RV stream(struct bk_op *op, const struct bk_object *key, bool encrypt,
                    const unsigned char *part, CK_ULONG len, unsigned char *out,
                    unsigned long *out_len)
{
    CK_RV rv = CKR_OK;
    size_t whole = (op->data.len + len) / BK_SM4_BLOCK * BK_SM4_BLOCK;
    if (len > SIZE_MAX - op->data.len)
        rv = CKR_DATA_LEN_RANGE;
    else if (!bk_op_room(op, out, out_len, whole, &rv))
        return rv;
    if (rv == CKR_OK)
        rv = bk_op_feed(op, part, len, SIZE_MAX);
    if (rv == CKR_OK && run_sm4(op, key, encrypt, op->data.data, whole, out))
        rv = CKR_FUNCTION_FAILED;
    if (rv != CKR_OK) {
        bk_op_end(op);
        return rv;
    }
    op->parts = true;
    op->data.len -= whole;
    if (op->data.len)
        memmove(op->data.data, op->data.data + whole, op->data.len);
    *out_len = whole;
    return CKR_OK;
}

/* All of op's data, which is whole blocks. */
static enum bk_err whole_sm4(struct bk_op *op, const struct bk_object *key, bool encrypt,
                             struct bk_buf *out)
{
    if (op->data.len % BK_SM4_BLOCK)
        return encrypt ? BK_ELIMIT : BK_EFORMAT;
    enum bk_err err = bk_buf_put_zero(out, op->data.len);
    return err ? err : run_sm4(op, key, encrypt, op->data.data, op->data.len, out->data);
}

/* --- decrypting
 * ---------------------------------------------------------------------------------*/

static enum bk_err sm2_from_raw(const struct bk_buf *in, struct bk_sm2_cipher *out)
{
    if (in->len < C1_LEN + 32 + 1 || in->data[0] != 0x04)
        return BK_EFORMAT;
    memcpy(out->x, in->data + 1, 32);
    memcpy(out->y, in->data + 33, 32);
    memcpy(out->hash, in->data + C1_LEN, 32);
    return bk_buf_put(&out->cipher, in->data + C1_LEN + 32, in->len - C1_LEN - 32);
}

static enum bk_err decrypt_sm2(struct bk_token *t, struct bk_container *c, const struct bk_op *op,
                               struct bk_buf *plain)
{
    struct bk_sm2_cipher cipher;
    memset(&cipher, 0, sizeof cipher);
    enum bk_err err = op->mech->how == BK_HOW_SM2_DER
                          ? bk_sm2_cipher_from_der(op->data.data, op->data.len, &cipher)
                          : sm2_from_raw(&op->data, &cipher);
    if (!err)
        err = bk_token_sm2_decrypt(t, c, &cipher, plain);
    bk_sm2_cipher_free(&cipher);
    return err == BK_EINVAL ? BK_EFORMAT : err;
}

static enum bk_err decrypt_rsa(struct bk_token *t, struct bk_container *c, const struct bk_op *op,
                               struct bk_buf *plain)
{
    struct bk_buf block = BK_BUF_INIT;
    enum bk_err err = op->data.len == c->key[BK_KEY_ENCRYPTION].n_len ? BK_OK : BK_EFORMAT;
    if (!err)
        err = bk_token_rsa_private(t, c, BK_KEY_ENCRYPTION, op->data.data, op->data.len, &block);
    if (!err && op->mech->how == BK_HOW_PKCS1)
        err = bk_rsa_unpad(block.data, block.len, plain);
    else if (!err && op->mech->how == BK_HOW_OAEP)
        err = bk_rsa_unpad_oaep(op->param_hash, op->mgf, op->label.data, op->label.len, block.data,
                                block.len, plain);
    else if (!err)
        err = bk_buf_put(plain, block.data, block.len);
    bk_buf_free(&block);
    return err == BK_EINVAL ? BK_EFORMAT : err;
}

enum bk_err bk_crypt_open(const struct bk_call *call, struct bk_op *op, const struct bk_object *key,
                          struct bk_buf *plain)
{
    if (key->class == CKO_SECRET_KEY)
        return whole_sm4(op, key, false, plain);
    struct bk_container *c = NULL;
    enum bk_err err = bk_object_container(call, key, &c);
    if (err)
        return err;
    return key->key.alg == BK_ALG_SM2 ? decrypt_sm2(call->port->token, c, op, plain)
                                      : decrypt_rsa(call->port->token, c, op, plain);
}

/* Too little room leaves the operation as it was: the gathered data is taken back to `before`. */
static CK_RV give_out(struct bk_op *op, size_t before, const struct bk_buf *result,
                      unsigned char *out, unsigned long *out_len)
{
    /* lint clang-analyzer-core.NullDereference: bk_op_room lets none through without a length */
    if (result->len > *out_len) {
        *out_len = result->len;
        op->data.len = before;
        return CKR_BUFFER_TOO_SMALL;
    }
    if (result->len)
        /* lint clang-analyzer-core.NonNullParamChecker: nor without a place for what comes */
        memcpy(out, result->data, result->len);
    *out_len = result->len;
    return CKR_OK;
}

static CK_RV finish_decrypt(struct bk_call *call, const void *data, CK_ULONG len,
                            unsigned char *out, unsigned long *out_len)
{
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    struct bk_buf plain = BK_BUF_INIT;
    CK_RV rv = bk_op_active(call, BK_OP_DECRYPT, &op, &key);
    if (rv != CKR_OK)
        return rv;
    if (!out_len) {
        bk_op_end(op);
        return CKR_ARGUMENTS_BAD;
    }
    if (!out) {
        *out_len = key->key.alg == BK_ALG_RSA ? key->key.n_len : op->data.len + len;
        return CKR_OK;
    }
    size_t before = op->data.len;
    if (key->class == CKO_SECRET_KEY && *out_len < before + len) { /* before CBC moves on */
        *out_len = before + len;
        return CKR_BUFFER_TOO_SMALL;
    }
    rv = bk_op_feed(op, data, len, bk_crypt_gather_max(key, true));
    if (rv == CKR_DATA_LEN_RANGE ||
        (rv == CKR_OK && key->key.alg == BK_ALG_RSA && op->data.len != key->key.n_len))
        rv = CKR_ENCRYPTED_DATA_LEN_RANGE;
    enum bk_err err = rv == CKR_OK ? bk_crypt_open(call, op, key, &plain) : BK_OK;
    if (err == BK_ENOTFOUND) {
        rv = CKR_KEY_HANDLE_INVALID;
    } else if (err == BK_EFORMAT && key->class == CKO_SECRET_KEY) {
        rv = CKR_ENCRYPTED_DATA_LEN_RANGE;
    } else if (err == BK_EFORMAT || err == BK_EVERIFY) {
        call->err = err;
        rv = CKR_ENCRYPTED_DATA_INVALID;
    } else if (err) {
        rv = bk_call_fail(call, err);
    }
    if (rv == CKR_OK)
        rv = give_out(op, before, &plain, out, out_len);
    if (rv != CKR_BUFFER_TOO_SMALL)
        bk_op_end(op);
    bk_buf_free(&plain);
    return rv;
}

/* --- encrypting
 * ---------------------------------------------------------------------------------*/

static enum bk_err encrypt_sm2(const struct bk_op *op, const struct bk_pubkey *key,
                               struct bk_buf *out)
{
    static const uint8_t uncompressed = 0x04;
    struct bk_sm2_cipher cipher;
    memset(&cipher, 0, sizeof cipher);
    enum bk_err err =
        op->data.len ? bk_sm2_encrypt(key, op->data.data, op->data.len, &cipher) : BK_ELIMIT;
    if (!err && op->mech->how == BK_HOW_SM2_DER) {
        err = bk_sm2_cipher_to_der(&cipher, out);
    } else if (!err) {
        err = bk_buf_put(out, &uncompressed, 1);
        if (!err)
            err = bk_buf_put(out, cipher.x, 32);
        if (!err)
            err = bk_buf_put(out, cipher.y, 32);
        if (!err)
            err = bk_buf_put(out, cipher.hash, 32);
        if (!err)
            err = bk_buf_put(out, cipher.cipher.data, cipher.cipher.len);
    }
    bk_sm2_cipher_free(&cipher);
    return err;
}

static enum bk_err encrypt_raw(const struct bk_pubkey *key, const struct bk_buf *in,
                               struct bk_buf *out)
{
    uint8_t block[BK_RSA_MAX] = {0}, result[BK_RSA_MAX];
    if (in->len)
        memcpy(block + key->n_len - in->len, in->data, in->len);
    enum bk_err err = bk_rsa_public(key, block, key->n_len, result);
    return err ? err : bk_buf_put(out, result, key->n_len);
}

enum bk_err bk_crypt_seal(struct bk_op *op, const struct bk_object *o, struct bk_buf *out)
{
    const struct bk_pubkey *key = &o->key;
    switch (op->mech->how) {
    case BK_HOW_SM4_ECB:
    case BK_HOW_SM4_CBC:
        return whole_sm4(op, o, true, out);
    case BK_HOW_PKCS1:
        return bk_rsa_encrypt(key, op->data.data, op->data.len, out);
    case BK_HOW_OAEP:
        return bk_rsa_encrypt_oaep(key, op->param_hash, op->mgf, op->label.data, op->label.len,
                                   op->data.data, op->data.len, out);
    case BK_HOW_RAW:
        return encrypt_raw(key, &op->data, out);
    default:
        return encrypt_sm2(op, key, out);
    }
}

/* A tag, its length, and what they stand before. */
static size_t der_size(size_t len)
{
    return len + (len < 0x80 ? 2 : len < 0x100 ? 3 : 4);
}

size_t bk_crypt_sealed_size(const struct bk_op *op, const struct bk_object *key, size_t len)
{
    if (key->class == CKO_SECRET_KEY)
        return len;
    if (key->key.alg == BK_ALG_RSA)
        return key->key.n_len;
    if (op->mech->how != BK_HOW_SM2_DER)
        return C1_LEN + 32 + len;
    /* x and y with a zero byte before them, the hash, the cipher */
    return der_size(2 * der_size(33) + der_size(32) + der_size(len));
}

static CK_RV finish_encrypt(struct bk_call *call, const void *data, CK_ULONG len,
                            unsigned char *out, unsigned long *out_len)
{
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    struct bk_buf cipher = BK_BUF_INIT;
    CK_RV rv = bk_op_active(call, BK_OP_ENCRYPT, &op, &key);
    if (rv != CKR_OK)
        return rv;
    size_t before = op->data.len, size = bk_crypt_sealed_size(op, key, before + len);
    /* how long DER becomes is known when it is there */
    bool after = op->mech->how == BK_HOW_SM2_DER && out && out_len;
    if (!after && !bk_op_room(op, out, out_len, size, &rv))
        return rv;
    rv = bk_op_feed(op, data, len, bk_crypt_gather_max(key, false));
    enum bk_err err = rv == CKR_OK ? bk_crypt_seal(op, key, &cipher) : BK_OK;
    if (err == BK_EINVAL && op->mech->how == BK_HOW_RAW) /* not below the modulus */
        rv = CKR_DATA_INVALID;
    else if (err)
        rv = err == BK_EINVAL || err == BK_EFORMAT ? CKR_DATA_LEN_RANGE : bk_call_fail(call, err);
    if (rv == CKR_OK)
        rv = give_out(op, before, &cipher, out, out_len);
    if (rv == CKR_BUFFER_TOO_SMALL)
        /* lint clang-analyzer-core.NullDereference: as in give_out */
        *out_len = size; /* another time it may be longer by a byte or two */
    else
        bk_op_end(op);
    bk_buf_free(&cipher);
    return rv;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

/* Of the key's own mechanisms nothing comes out before the end: it works on the whole. */
static CK_RV gather(struct bk_op *op, const struct bk_object *key, bool encrypt,
                    const unsigned char *part, CK_ULONG len, const unsigned char *out,
                    unsigned long *out_len)
{
    *out_len = 0;
    if (!out)
        return CKR_OK;
    op->parts = true;
    CK_RV rv = bk_op_feed(op, part, len, bk_crypt_gather_max(key, !encrypt));
    if (rv != CKR_OK)
        bk_op_end(op);
    return rv;
}

CK_RV bk_crypt_update(struct bk_call *call, enum bk_op_kind kind, const unsigned char *part,
                      CK_ULONG part_len, unsigned char *out, unsigned long *out_len)
{
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    bool encrypt = kind == BK_OP_ENCRYPT;
    CK_RV rv = bk_op_active(call, kind, &op, &key);
    if (rv != CKR_OK)
        return rv;
    if (!out_len) {
        bk_op_end(op);
        return CKR_ARGUMENTS_BAD;
    }
    rv = key->class == CKO_SECRET_KEY ? stream(op, key, encrypt, part, part_len, out, out_len)
                                      : gather(op, key, encrypt, part, part_len, out, out_len);
    return rv == CKR_DATA_LEN_RANGE && !encrypt ? CKR_ENCRYPTED_DATA_LEN_RANGE : rv;
}

static CK_RV update(CK_SESSION_HANDLE session, enum bk_op_kind kind, const unsigned char *part,
                    unsigned long part_len, unsigned char *out, unsigned long *out_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK)
        rv = bk_crypt_update(&call, kind, part, part_len, out, out_len);
    return bk_call_leave(&call, rv);
}

static CK_RV run(CK_SESSION_HANDLE session, enum bk_op_kind kind, bool final, const void *data,
                 unsigned long len, unsigned char *out, unsigned long *out_len)
{
    struct bk_call call;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !final && call.s->ops[kind].parts)
        rv = CKR_OPERATION_ACTIVE;
    if (rv == CKR_OK && !final && !data && len) {
        bk_op_end(&call.s->ops[kind]);
        rv = CKR_ARGUMENTS_BAD;
    }
    if (rv == CKR_OK)
        rv = kind == BK_OP_DECRYPT ? finish_decrypt(&call, data, len, out, out_len)
                                   : finish_encrypt(&call, data, len, out, out_len);
    return bk_call_leave(&call, rv);
}

CK_RV C_DecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return bk_op_init(session, BK_OP_DECRYPT, mechanism, key);
}

CK_RV C_Decrypt(CK_SESSION_HANDLE session, unsigned char *encrypted, unsigned long encrypted_len,
                unsigned char *data, unsigned long *data_len)
{
    return run(session, BK_OP_DECRYPT, false, encrypted, encrypted_len, data, data_len);
}

CK_RV C_DecryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                      unsigned char *out, unsigned long *out_len)
{
    return update(session, BK_OP_DECRYPT, part, part_len, out, out_len);
}

CK_RV C_DecryptFinal(CK_SESSION_HANDLE session, unsigned char *out, unsigned long *out_len)
{
    return run(session, BK_OP_DECRYPT, true, NULL, 0, out, out_len);
}

CK_RV C_EncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
    return bk_op_init(session, BK_OP_ENCRYPT, mechanism, key);
}

CK_RV C_Encrypt(CK_SESSION_HANDLE session, unsigned char *data, unsigned long data_len,
                unsigned char *encrypted, unsigned long *encrypted_len)
{
    return run(session, BK_OP_ENCRYPT, false, data, data_len, encrypted, encrypted_len);
}

CK_RV C_EncryptUpdate(CK_SESSION_HANDLE session, unsigned char *part, unsigned long part_len,
                      unsigned char *out, unsigned long *out_len)
{
    return update(session, BK_OP_ENCRYPT, part, part_len, out, out_len);
}

CK_RV C_EncryptFinal(CK_SESSION_HANDLE session, unsigned char *out, unsigned long *out_len)
{
    return run(session, BK_OP_ENCRYPT, true, NULL, 0, out, out_len);
}
