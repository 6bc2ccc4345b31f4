/* SPDX-License-Identifier: Apache-2.0 */
/* EnvelopedData, GM/T 0010 clause 9. */
#include <string.h>

#include "base/secret.h"
#include "crypto/cms.h"
#include "crypto/cms_form.h"
#include "crypto/ctx.h"
#include "crypto/sm2.h"
#include "crypto/sm4.h"

static enum bk_err put_recipient(struct bk_buf *out, const struct bk_x509 *cert,
                                 const uint8_t key[BK_SM4_KEY])
{
    struct bk_buf info = BK_BUF_INIT, der = BK_BUF_INIT;
    struct bk_sm2_cipher cipher = {0};
    enum bk_err err = cert->key.alg == BK_ALG_SM2 ? bk_cms_put_version(&info) : BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = bk_cms_put_issuer(&info, cert);
    if (err == BK_OK)
        err = bk_cms_put_alg(&info, BK_CMS_SM2_ENCRYPT, NULL);
    if (err == BK_OK)
        err = bk_sm2_encrypt(&cert->key, key, BK_SM4_KEY, &cipher);
    if (err == BK_OK)
        err = bk_sm2_cipher_to_der(&cipher, &der);
    if (err == BK_OK)
        err = bk_der_put(&info, BK_DER_OCTETS, der.data, der.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, info.data, info.len);
    bk_sm2_cipher_free(&cipher);
    bk_buf_free(&info);
    bk_buf_free(&der);
    return err;
}

/* SM4-CBC with PKCS#7 padding. */
static enum bk_err seal(const uint8_t key[BK_SM4_KEY], const uint8_t iv[BK_SM4_BLOCK],
                        const void *content, size_t len, struct bk_buf *out)
{
    size_t pad = BK_SM4_BLOCK - len % BK_SM4_BLOCK;
    enum bk_err err = bk_buf_put(out, content, len);
    for (size_t i = 0; err == BK_OK && i < pad; i++)
        err = bk_buf_put_u8(out, (uint8_t)pad);
    return err == BK_OK ? bk_sm4_cbc(key, iv, true, out->data, out->len, out->data) : err;
}

static enum bk_err put_encrypted(struct bk_buf *out, const uint8_t key[BK_SM4_KEY],
                                 const void *content, size_t len)
{
    struct bk_buf info = BK_BUF_INIT, sealed = BK_BUF_INIT, params = BK_BUF_INIT;
    uint8_t iv[BK_SM4_BLOCK];
    enum bk_err err = bk_random(iv, sizeof iv);
    if (err == BK_OK)
        err = bk_cms_put_oid(&info, BK_CMS_DATA);
    if (err == BK_OK)
        err = bk_der_put(&params, BK_DER_OCTETS, iv, sizeof iv);
    if (err == BK_OK)
        err = bk_cms_put_alg(&info, BK_CMS_SM4_CBC, &params);
    if (err == BK_OK)
        err = seal(key, iv, content, len, &sealed);
    if (err == BK_OK)
        err = bk_der_put(&info, BK_DER_CTX0_PRIM, sealed.data, sealed.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, info.data, info.len);
    bk_buf_free(&info);
    bk_buf_free(&sealed);
    bk_buf_free(&params);
    return err;
}

enum bk_err bk_cms_encrypt(const void *content, size_t len, const struct bk_x509 *const *certs,
                           size_t count, struct bk_buf *out)
{
    struct bk_buf data = BK_BUF_INIT, set = BK_BUF_INIT, seq = BK_BUF_INIT;
    uint8_t key[BK_SM4_KEY];
    enum bk_err err = count && count <= BK_CMS_RECIPIENTS ? bk_random(key, sizeof key) : BK_EINVAL;
    if (err == BK_OK)
        err = bk_cms_put_version(&data);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = put_recipient(&set, certs[i], key);
    if (err == BK_OK)
        err = bk_der_put(&data, BK_DER_SET, set.data, set.len);
    if (err == BK_OK)
        err = put_encrypted(&data, key, content, len);
    if (err == BK_OK)
        err = bk_der_put(&seq, BK_DER_SEQ, data.data, data.len);
    if (err == BK_OK)
        err = bk_cms_put_info(out, BK_CMS_ENVELOPED, &seq);
    bk_wipe(key, sizeof key);
    bk_buf_free(&data);
    bk_buf_free(&set);
    bk_buf_free(&seq);
    return err;
}

/* The next encrypted key that is for this certificate; NULL: for whomever. */
static enum bk_err next_key(struct bk_rd *set, const struct bk_x509 *cert, struct bk_rd *cipher)
{
    while (set->left) {
        struct bk_rd info, params;
        bool mine = false;
        enum bk_err err = bk_der_take(set, BK_DER_SEQ, &info);
        if (err == BK_OK)
            err = bk_cms_take_version(&info);
        if (err == BK_OK)
            err = bk_cms_take_issuer(&info, cert, &mine);
        if (err != BK_OK)
            return err;
        if (cert && !mine)
            continue;
        err = bk_cms_take_alg(&info, BK_CMS_SM2_ENCRYPT, &params);
        if (err == BK_OK)
            err = bk_der_take(&info, BK_DER_OCTETS, cipher);
        return err;
    }
    return BK_ENOTFOUND;
}

/* The first that opens. */
static enum bk_err open_key(struct bk_rd set, const struct bk_x509 *cert, bk_cms_opener opener,
                            void *context, struct bk_buf *key)
{
    enum bk_err err = BK_OK, tried = BK_OK;
    do {
        struct bk_rd cipher;
        bk_buf_clear(key);
        err = next_key(&set, cert, &cipher);
        if (err == BK_OK)
            tried = opener(context, cipher.at, cipher.left, key);
        if (err == BK_OK && tried == BK_OK && key->len == BK_SM4_KEY)
            return BK_OK;
    } while (err == BK_OK && !cert);
    return err ? err : tried ? tried : BK_EVERIFY;
}

struct sealed {
    struct bk_rd iv;
    struct bk_rd bytes;
};

static enum bk_err take_encrypted(struct bk_rd *rd, struct sealed *sealed)
{
    struct bk_rd info, params;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &info);
    if (err == BK_OK)
        err = bk_cms_take_oid(&info, BK_CMS_DATA) == BK_OK ? BK_OK : BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = bk_cms_take_alg(&info, BK_CMS_SM4_CBC, &params);
    if (err == BK_OK)
        err = bk_der_take(&params, BK_DER_OCTETS, &sealed->iv);
    if (err == BK_OK)
        err = bk_der_take(&info, BK_DER_CTX0_PRIM, &sealed->bytes);
    if (err == BK_OK && (sealed->iv.left != BK_SM4_BLOCK || !sealed->bytes.left ||
                         sealed->bytes.left % BK_SM4_BLOCK))
        err = BK_EFORMAT;
    return err;
}

static enum bk_err open_sealed(const uint8_t *key, const struct sealed *sealed,
                               struct bk_buf *content)
{
    struct bk_buf plain = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&plain, sealed->bytes.at, sealed->bytes.left);
    if (err == BK_OK)
        err = bk_sm4_cbc(key, sealed->iv.at, false, plain.data, plain.len, plain.data);
    size_t pad = err == BK_OK ? plain.data[plain.len - 1] : 0;
    if (err == BK_OK && (!pad || pad > BK_SM4_BLOCK))
        err = BK_EVERIFY;
    for (size_t i = 0; err == BK_OK && i < pad; i++)
        if (plain.data[plain.len - 1 - i] != pad)
            err = BK_EVERIFY;
    if (err == BK_OK)
        err = bk_buf_put(content, plain.data, plain.len - pad);
    bk_buf_free(&plain);
    return err;
}

enum bk_err bk_cms_decrypt(const void *cms, size_t len, const struct bk_x509 *cert,
                           bk_cms_opener opener, void *context, struct bk_buf *content)
{
    struct bk_rd outer, rd, set;
    struct sealed sealed;
    struct bk_buf key = BK_BUF_INIT;
    enum bk_err err = bk_cms_take_info(cms, len, BK_CMS_ENVELOPED, &outer);
    if (err == BK_OK)
        err = bk_der_take(&outer, BK_DER_SEQ, &rd);
    if (err == BK_OK)
        err = bk_rd_end(&outer);
    if (err == BK_OK)
        err = bk_cms_take_version(&rd);
    if (err == BK_OK)
        err = bk_der_take(&rd, BK_DER_SET, &set);
    if (err == BK_OK)
        err = take_encrypted(&rd, &sealed);
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    if (err == BK_OK)
        err = open_key(set, cert, opener, context, &key);
    if (err == BK_OK)
        err = open_sealed(key.data, &sealed, content);
    bk_buf_free(&key);
    return err;
}
