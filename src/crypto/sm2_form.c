/* SPDX-License-Identifier: Apache-2.0 */
/* SM2 without the curve: Z and e, and the DER forms of GM/T 0009. */
#include "crypto/sm2.h"

#include <string.h>

#include "crypto/der.h"

/* a, b, xG, yG of the curve of GB/T 32918.5 */
static const uint8_t curve[4][32] = {
    {0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
     0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc},
    {0x28, 0xe9, 0xfa, 0x9e, 0x9d, 0x9f, 0x5e, 0x34, 0x4d, 0x5a, 0x9e,
     0x4b, 0xcf, 0x65, 0x09, 0xa7, 0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab,
     0x8f, 0x92, 0xdd, 0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93},
    {0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04,
     0x46, 0x6a, 0x39, 0xc9, 0x94, 0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66,
     0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74, 0xc7},
    {0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce,
     0xe3, 0x6b, 0x69, 0x21, 0x53, 0xd0, 0xa9, 0x87, 0x7c, 0xc6, 0x2a,
     0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0},
};

bool bk_sm2_id_fits(const char *id, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (id[i] < 0x21 || id[i] > 0x7e)
            return false;
    return len >= 1 && len <= BK_SM2_ID_MAX;
}

enum bk_err bk_sm2_z(const struct bk_pubkey *pub, const void *id, size_t id_len, uint8_t z[32])
{
    struct bk_buf in = BK_BUF_INIT;
    if (!id) {
        id = BK_SM2_ID;
        id_len = sizeof BK_SM2_ID - 1;
    }
    if (pub->alg != BK_ALG_SM2 || id_len > 8191)
        return BK_EINVAL;
    enum bk_err err = bk_buf_put_u16be(&in, (uint16_t)(8 * id_len));
    if (err == BK_OK)
        err = bk_buf_put(&in, id, id_len);
    if (err == BK_OK)
        err = bk_buf_put(&in, curve, sizeof curve);
    if (err == BK_OK)
        err = bk_buf_put(&in, pub->x, 32);
    if (err == BK_OK)
        err = bk_buf_put(&in, pub->y, 32);
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SM3, in.data, in.len, z);
    bk_buf_free(&in);
    return err;
}

enum bk_err bk_sm2_e(const struct bk_pubkey *pub, const void *id, size_t id_len, const void *msg,
                     size_t len, uint8_t e[32])
{
    uint8_t z[32];
    struct bk_digester *sm3 = NULL;
    enum bk_err err = bk_sm2_z(pub, id, id_len, z);
    if (err == BK_OK)
        err = bk_digester_new(BK_HASH_SM3, &sm3);
    if (err == BK_OK)
        err = bk_digester_add(sm3, z, sizeof z);
    if (err == BK_OK)
        err = bk_digester_add(sm3, msg, len);
    if (err == BK_OK)
        err = bk_digester_end(sm3, e);
    bk_digester_free(&sm3);
    return err;
}

enum bk_err bk_sm2_sig_to_der(const struct bk_sm2_sig *sig, struct bk_buf *out)
{
    struct bk_buf seq = BK_BUF_INIT;
    enum bk_err err = bk_der_put_uint(&seq, sig->r, 32);
    if (err == BK_OK)
        err = bk_der_put_uint(&seq, sig->s, 32);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_buf_free(&seq);
    return err;
}

enum bk_err bk_sm2_sig_from_der(const void *der, size_t len, struct bk_sm2_sig *sig)
{
    struct bk_rd in = bk_rd(der, len), seq;
    struct bk_sm2_sig got = {0};
    enum bk_err err = bk_der_take(&in, BK_DER_SEQ, &seq);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err == BK_OK)
        err = bk_der_uint_fixed(&seq, got.r, 32);
    if (err == BK_OK)
        err = bk_der_uint_fixed(&seq, got.s, 32);
    if (err == BK_OK)
        err = bk_rd_end(&seq);
    if (err == BK_OK)
        *sig = got;
    return err;
}

enum bk_err bk_sm2_cipher_to_der(const struct bk_sm2_cipher *cipher, struct bk_buf *out)
{
    struct bk_buf seq = BK_BUF_INIT;
    enum bk_err err = bk_der_put_uint(&seq, cipher->x, 32);
    if (err == BK_OK)
        err = bk_der_put_uint(&seq, cipher->y, 32);
    if (err == BK_OK)
        err = bk_der_put(&seq, BK_DER_OCTETS, cipher->hash, 32);
    if (err == BK_OK)
        err = bk_der_put(&seq, BK_DER_OCTETS, cipher->cipher.data, cipher->cipher.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_buf_free(&seq);
    return err;
}

enum bk_err bk_sm2_cipher_from_der(const void *der, size_t len, struct bk_sm2_cipher *cipher)
{
    struct bk_rd in = bk_rd(der, len), seq, hash, data = {0};
    struct bk_sm2_cipher got = {0};
    enum bk_err err = bk_der_take(&in, BK_DER_SEQ, &seq);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err == BK_OK)
        err = bk_der_uint_fixed(&seq, got.x, 32);
    if (err == BK_OK)
        err = bk_der_uint_fixed(&seq, got.y, 32);
    if (err == BK_OK)
        err = bk_der_take(&seq, BK_DER_OCTETS, &hash);
    if (err == BK_OK)
        err = bk_rd_copy(&hash, got.hash, 32);
    if (err == BK_OK)
        err = bk_rd_end(&hash);
    if (err == BK_OK)
        err = bk_der_take(&seq, BK_DER_OCTETS, &data);
    if (err == BK_OK)
        err = bk_rd_end(&seq);
    if (err == BK_OK && !data.left)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_buf_put(&got.cipher, data.at, data.left);
    if (err != BK_OK)
        return err;
    bk_sm2_cipher_free(cipher);
    *cipher = got;
    return BK_OK;
}
