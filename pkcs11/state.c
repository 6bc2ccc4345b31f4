/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of an operation as bytes (PKCS#11 3.0, 5.6.6 and 5.6.7): of one that gathers, or goes
 * on from block to block on the host. A hash that has begun can't be had: it stands in OpenSSL,
 * which doesn't give it out. Nor can two operations at once, or a search.
 *
 * "BJOS" ‖ version ‖ kind ‖ parts ‖ 0, then big-endian: mechanism, hash and MGF of its parameters,
 * salt length (8 bytes each), IV (16), check of the key (8), label and data (each 4 bytes of length
 * and the bytes), and 8 bytes of SM3 over all before.
 */
#include <string.h>

#include "crypto/sm4.h"
#include "pkcs11/crypt.h"
#include "pkcs11/sign.h"

#define STATE_VERSION 1
#define CHECK 8

static const uint8_t magic[] = {'B', 'J', 'O', 'S', STATE_VERSION};

struct state {
    enum bk_op_kind kind;
    bool parts;
    uint64_t mechanism, given[2], salt;
    uint8_t iv[16], key[CHECK];
    struct bk_rd label, data, whole;
};

/* That it is the same key again, told without telling the key. */
static enum bk_err check_key(const struct bk_object *key, uint8_t check[CHECK])
{
    uint8_t digest[32];
    struct bk_buf bytes = BK_BUF_INIT;
    const struct bk_buf *value = key->key.alg ? NULL : bk_object_attr(key, CKA_VALUE);
    enum bk_err err =
        value ? bk_buf_put(&bytes, value->data, value->len) : bk_pubkey_to_spki(&key->key, &bytes);
    if (!err)
        err = bk_digest(BK_HASH_SM3, bytes.data, bytes.len, digest);
    if (!err)
        memcpy(check, digest, CHECK);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err put_bytes(struct bk_buf *out, const struct bk_buf *bytes)
{
    enum bk_err err = bk_buf_put_u32be(out, (uint32_t)bytes->len);
    return err ? err : bk_buf_put(out, bytes->data, bytes->len);
}

static enum bk_err put_check(struct bk_buf *out)
{
    uint8_t digest[32];
    enum bk_err err = bk_digest(BK_HASH_SM3, out->data, out->len, digest);
    return err ? err : bk_buf_put(out, digest, CHECK);
}

static enum bk_err encode(enum bk_op_kind kind, const struct bk_op *op, const struct bk_object *key,
                          struct bk_buf *out)
{
    uint8_t check[CHECK];
    const uint64_t numbers[] = {op->mech->type, op->given[0], op->given[1], op->salt_len};
    enum bk_err err = check_key(key, check);
    if (!err)
        err = bk_buf_put(out, magic, sizeof magic);
    if (!err)
        err = bk_buf_put_u8(out, (uint8_t)kind);
    if (!err)
        err = bk_buf_put_u16be(out, op->parts ? 0x100 : 0);
    for (size_t i = 0; !err && i < 4; i++)
        err = bk_buf_put_u64be(out, numbers[i]);
    if (!err)
        err = bk_buf_put(out, op->iv, sizeof op->iv);
    if (!err)
        err = bk_buf_put(out, check, sizeof check);
    if (!err)
        err = put_bytes(out, &op->label);
    if (!err)
        err = put_bytes(out, &op->data);
    return err ? err : put_check(out);
}

static enum bk_err take_bytes(struct bk_rd *rd, struct bk_rd *bytes)
{
    uint32_t len = 0;
    const uint8_t *at = NULL;
    enum bk_err err = bk_rd_u32be(rd, &len);
    if (!err)
        err = bk_rd_take(rd, len, &at);
    *bytes = bk_rd(at, err ? 0 : len);
    return err;
}

static enum bk_err decode_head(struct bk_rd *rd, struct state *s)
{
    uint8_t mark[sizeof magic], kind = 0;
    uint16_t flags = 0;
    enum bk_err err = bk_rd_copy(rd, mark, sizeof mark);
    if (!err && memcmp(mark, magic, sizeof magic) != 0)
        err = BK_EFORMAT;
    if (!err)
        err = bk_rd_u8(rd, &kind);
    if (!err)
        err = bk_rd_u16be(rd, &flags);
    if (!err && (kind >= BK_OPS || kind == BK_OP_DIGEST || flags & ~0x100u))
        err = BK_EFORMAT;
    s->kind = (enum bk_op_kind)kind;
    s->parts = flags != 0;
    return err;
}

static enum bk_err decode(const void *bytes, size_t len, struct state *s)
{
    uint8_t digest[32];
    if (len < CHECK || len > BK_BUF_MAX)
        return BK_EFORMAT;
    struct bk_rd rd = bk_rd(bytes, len - CHECK);
    s->whole = bk_rd(bytes, len);
    uint64_t *const numbers[] = {&s->mechanism, &s->given[0], &s->given[1], &s->salt};
    enum bk_err err = bk_digest(BK_HASH_SM3, bytes, len - CHECK, digest);
    if (!err && memcmp(digest, (const uint8_t *)bytes + len - CHECK, CHECK) != 0)
        err = BK_EFORMAT;
    if (!err)
        err = decode_head(&rd, s);
    for (size_t i = 0; !err && i < 4; i++)
        err = bk_rd_u64be(&rd, numbers[i]);
    if (!err)
        err = bk_rd_copy(&rd, s->iv, sizeof s->iv);
    if (!err)
        err = bk_rd_copy(&rd, s->key, sizeof s->key);
    if (!err)
        err = take_bytes(&rd, &s->label);
    if (!err)
        err = take_bytes(&rd, &s->data);
    return err ? err : bk_rd_end(&rd);
}

/* The only one that is active, when its state can be had. */
static CK_RV find_active(struct bk_call *call, enum bk_op_kind *kind)
{
    unsigned active = 0;
    for (int i = 0; i < BK_OPS; i++) {
        if (!call->s->ops[i].mech)
            continue;
        active++;
        *kind = (enum bk_op_kind)i;
    }
    if (call->s->finding || active > 1 || (active && call->s->ops[*kind].digester))
        return CKR_STATE_UNSAVEABLE;
    return active ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
}

CK_RV C_GetOperationState(CK_SESSION_HANDLE session, unsigned char *state, unsigned long *len)
{
    struct bk_call call;
    struct bk_buf out = BK_BUF_INIT;
    enum bk_op_kind kind = BK_OP_DIGEST;
    struct bk_op *op = NULL;
    struct bk_object *key = NULL;
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_NOTHING);
    if (rv == CKR_OK && !len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = find_active(&call, &kind);
    if (rv == CKR_OK)
        rv = bk_op_active(&call, kind, &op, &key);
    if (rv == CKR_OK) {
        enum bk_err err = encode(kind, op, key, &out);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK && state && *len < out.len)
        rv = CKR_BUFFER_TOO_SMALL;
    if (rv == CKR_OK && state && out.len)
        memcpy(state, out.data, out.len);
    if (rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL)
        *len = out.len;
    bk_buf_free(&out);
    return bk_call_leave(&call, rv);
}

/* As its Init began it, by this key. */
static CK_RV begin_again(struct bk_call *call, const struct state *s, CK_OBJECT_HANDLE key)
{
    CK_RSA_PKCS_PSS_PARAMS pss = {s->given[0], s->given[1], s->salt};
    CK_RSA_PKCS_OAEP_PARAMS oaep = {s->given[0], s->given[1],
                                    s->label.left ? CKZ_DATA_SPECIFIED : 0,
                                    (void *)(uintptr_t)s->label.at, s->label.left};
    CK_MECHANISM m = {s->mechanism, NULL, 0};
    const struct bk_mech *mech = bk_mech_find(call->port->token, call->which, m.mechanism);
    if (!mech)
        return CKR_SAVED_STATE_INVALID;
    if (mech->how == BK_HOW_PSS)
        m = (CK_MECHANISM){s->mechanism, &pss, sizeof pss};
    else if (mech->how == BK_HOW_OAEP)
        m = (CK_MECHANISM){s->mechanism, &oaep, sizeof oaep};
    else if (mech->how == BK_HOW_SM4_CBC)
        m = (CK_MECHANISM){s->mechanism, (void *)(uintptr_t)s->iv, sizeof s->iv};
    CK_RV rv = bk_op_begin(call, s->kind, &m, key);
    return rv == CKR_MECHANISM_INVALID || rv == CKR_MECHANISM_PARAM_INVALID
               ? CKR_SAVED_STATE_INVALID
               : rv;
}

/* What its Updates leave gathered at most. */
static size_t gathered_max(enum bk_op_kind kind, const struct bk_object *key)
{
    switch (kind) {
    case BK_OP_SIGN:
    case BK_OP_VERIFY:
        return BK_SIGN_GATHER_MAX;
    case BK_OP_ENCRYPT:
    case BK_OP_DECRYPT:
        return key->class == CKO_SECRET_KEY ? BK_SM4_BLOCK - 1
                                            : bk_crypt_gather_max(key, kind == BK_OP_DECRYPT);
    default: /* in one part only */
        return 0;
    }
}

/* Anybody can make the sum: what isn't the state of an operation that could have come to it is
 * found by saving that operation. */
static CK_RV check_again(struct bk_call *call, const struct state *s, const struct bk_op *op,
                         const struct bk_object *key)
{
    struct bk_buf again = BK_BUF_INIT;
    bool in_parts = gathered_max(s->kind, key) != 0;
    enum bk_err err = encode(s->kind, op, key, &again);
    CK_RV rv = err ? bk_call_fail(call, err) : CKR_OK;
    if (rv == CKR_OK && (!again.data || again.len != s->whole.left ||
                         memcmp(again.data, s->whole.at, again.len) != 0))
        rv = CKR_SAVED_STATE_INVALID;
    if (rv == CKR_OK && (op->parts ? !in_parts : op->data.len != 0))
        rv = CKR_SAVED_STATE_INVALID;
    bk_buf_free(&again);
    return rv;
}

static CK_RV restore(struct bk_call *call, const struct state *s, CK_OBJECT_HANDLE handle)
{
    uint8_t check[CHECK];
    const struct bk_object *key = bk_object_find(call, handle);
    for (int i = 0; i < BK_OPS; i++)
        bk_op_end(&call->s->ops[i]);
    if (!key || (!key->key.alg && key->class != CKO_SECRET_KEY))
        return CKR_KEY_HANDLE_INVALID;
    enum bk_err err = check_key(key, check);
    if (err)
        return bk_call_fail(call, err);
    if (memcmp(check, s->key, CHECK) != 0)
        return CKR_KEY_CHANGED;
    CK_RV rv = begin_again(call, s, handle);
    struct bk_op *op = &call->s->ops[s->kind];
    if (rv == CKR_OK && op->digester)
        rv = CKR_SAVED_STATE_INVALID;
    if (rv == CKR_OK)
        rv = bk_op_feed(op, s->data.at, s->data.left, gathered_max(s->kind, key));
    op->parts = s->parts;
    if (rv == CKR_OK)
        rv = check_again(call, s, op, key);
    if (rv != CKR_OK)
        bk_op_end(op);
    return rv == CKR_DATA_LEN_RANGE ? CKR_SAVED_STATE_INVALID : rv;
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE session, unsigned char *state, unsigned long len,
                          CK_OBJECT_HANDLE encryption_key, CK_OBJECT_HANDLE authentication_key)
{
    struct bk_call call;
    struct state s = {.kind = BK_OP_DIGEST};
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !state)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && decode(state, len, &s))
        rv = CKR_SAVED_STATE_INVALID;
    bool encryption = s.kind == BK_OP_ENCRYPT || s.kind == BK_OP_DECRYPT;
    CK_OBJECT_HANDLE needed = encryption ? encryption_key : authentication_key;
    if (rv == CKR_OK && (encryption ? authentication_key : encryption_key))
        rv = CKR_KEY_NOT_NEEDED;
    if (rv == CKR_OK && !needed)
        rv = CKR_KEY_NEEDED;
    if (rv == CKR_OK)
        rv = restore(&call, &s, needed);
    return bk_call_leave(&call, rv);
}
