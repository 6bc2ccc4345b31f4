/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/csr.h"

#include <string.h>

#include "crypto/der.h"

/* sha256WithRSAEncryption, with NULL; SM2 signature with SM3, without parameters */
static const uint8_t rsa_sha256[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                     0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00};
static const uint8_t sm2_sm3[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x81,
                                  0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75};

/* version 0, subject, key, no attributes */
static enum bk_err put_info(const struct bk_pubkey *key, const void *subject, size_t subject_len,
                            struct bk_buf *out)
{
    static const uint8_t zero[1] = {0};
    static const uint8_t no_attributes[] = {0xa0, 0x00};
    struct bk_buf inside = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&inside, BK_DER_INTEGER, zero, 1);
    if (!err)
        err = bk_buf_put(&inside, subject, subject_len);
    if (!err)
        err = bk_pubkey_to_spki(key, &inside);
    if (!err)
        err = bk_buf_put(&inside, no_attributes, sizeof no_attributes);
    if (!err)
        err = bk_der_put(out, BK_DER_SEQ, inside.data, inside.len);
    bk_buf_free(&inside);
    return err;
}

enum bk_err bk_csr_build(const struct bk_pubkey *key, const void *subject, size_t subject_len,
                         bk_csr_sign sign, void *context, struct bk_buf *out)
{
    struct bk_buf all = BK_BUF_INIT, signature = BK_BUF_INIT;
    struct bk_rd name = bk_rd(subject, subject_len);
    enum bk_err err = bk_der_take(&name, BK_DER_SEQ, NULL);
    if (!err)
        err = bk_rd_end(&name);
    if (!err)
        err = put_info(key, subject, subject_len, &all);
    if (!err)
        err = sign(context, key, all.data, all.len, &signature);
    if (!err && key->alg == BK_ALG_SM2)
        err = bk_buf_put(&all, sm2_sm3, sizeof sm2_sm3);
    else if (!err)
        err = bk_buf_put(&all, rsa_sha256, sizeof rsa_sha256);
    if (!err)
        err = bk_der_put_bits(&all, signature.data, signature.len);
    if (!err)
        err = bk_der_put(out, BK_DER_SEQ, all.data, all.len);
    bk_buf_free(&signature);
    bk_buf_free(&all);
    return err;
}

/* SEQUENCE { type OBJECT IDENTIFIER, value of any kind } */
static enum bk_err take_attribute(struct bk_rd *set)
{
    struct bk_rd pair, type = bk_rd(NULL, 0), value;
    enum bk_err err = bk_der_take(set, BK_DER_SEQ, &pair);
    if (!err)
        err = bk_der_take(&pair, BK_DER_OID, &type);
    if (!err)
        err = bk_der_take(&pair, bk_der_peek(&pair), &value);
    if (!err)
        err = bk_rd_end(&pair);
    return !err && !type.left ? BK_EFORMAT : err;
}

bool bk_csr_name_good(const void *name, size_t len)
{
    struct bk_rd all = bk_rd(name, len), rdns, set;
    enum bk_err err = bk_der_take(&all, BK_DER_SEQ, &rdns);
    if (!err)
        err = bk_rd_end(&all);
    while (!err && bk_rd_end(&rdns)) {
        err = bk_der_take(&rdns, BK_DER_SET, &set);
        do
            err = err ? err : take_attribute(&set); /* one at least */
        while (!err && bk_rd_end(&set));
    }
    return !err;
}

enum bk_err bk_csr_name(const char *common_name, struct bk_buf *out)
{
    static const uint8_t id_at_cn[] = {0x55, 0x04, 0x03};
    struct bk_buf pair = BK_BUF_INIT, seq = BK_BUF_INIT, set = BK_BUF_INIT;
    size_t len = strlen(common_name);
    enum bk_err err = len && len <= 64 ? BK_OK : BK_EINVAL;
    if (!err)
        err = bk_der_put(&pair, BK_DER_OID, id_at_cn, sizeof id_at_cn);
    if (!err)
        err = bk_der_put(&pair, 0x0c, common_name, len); /* UTF8String */
    if (!err)
        err = bk_der_put(&seq, BK_DER_SEQ, pair.data, pair.len);
    if (!err)
        err = bk_der_put(&set, BK_DER_SET, seq.data, seq.len);
    if (!err)
        err = bk_der_put(out, BK_DER_SEQ, set.data, set.len);
    bk_buf_free(&pair);
    bk_buf_free(&seq);
    bk_buf_free(&set);
    return err;
}
