/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cms_form.h"

#include <string.h>

static const struct {
    uint8_t len;
    uint8_t bytes[12];
} oids[] = {
    [BK_CMS_DATA] = {10, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x01}},
    [BK_CMS_SIGNED] = {10, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x02}},
    [BK_CMS_ENVELOPED] = {10, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x03}},
    [BK_CMS_SM3] = {8, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11}},
    [BK_CMS_SM2_SIGN] = {9, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x01}},
    [BK_CMS_SM2_ENCRYPT] = {9, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03}},
    [BK_CMS_SM4_CBC] = {8, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x68, 0x02}},
    [BK_CMS_ATTR_DIGEST] = {9, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04}},
};

enum bk_err bk_cms_put_oid(struct bk_buf *out, enum bk_cms_oid oid)
{
    return bk_der_put(out, BK_DER_OID, oids[oid].bytes, oids[oid].len);
}

enum bk_err bk_cms_put_alg(struct bk_buf *out, enum bk_cms_oid oid, const struct bk_buf *params)
{
    struct bk_buf inner = BK_BUF_INIT;
    enum bk_err err = bk_cms_put_oid(&inner, oid);
    if (err == BK_OK && params)
        err = bk_buf_put(&inner, params->data, params->len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, inner.data, inner.len);
    bk_buf_free(&inner);
    return err;
}

enum bk_err bk_cms_put_version(struct bk_buf *out)
{
    return bk_der_put_uint(out, (const uint8_t[]){1}, 1);
}

enum bk_err bk_cms_put_issuer(struct bk_buf *out, const struct bk_x509 *cert)
{
    struct bk_buf inner = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&inner, cert->issuer.data, cert->issuer.len);
    if (err == BK_OK)
        err = bk_buf_put(&inner, cert->serial.data, cert->serial.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, inner.data, inner.len);
    bk_buf_free(&inner);
    return err;
}

enum bk_err bk_cms_put_info(struct bk_buf *out, enum bk_cms_oid type, const struct bk_buf *inner)
{
    struct bk_buf info = BK_BUF_INIT;
    enum bk_err err = bk_cms_put_oid(&info, type);
    if (err == BK_OK)
        err = bk_der_put(&info, BK_DER_CTX0, inner->data, inner->len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, info.data, info.len);
    bk_buf_free(&info);
    return err;
}

enum bk_err bk_cms_take_oid(struct bk_rd *rd, enum bk_cms_oid oid)
{
    return bk_der_oid(rd, oids[oid].bytes, oids[oid].len);
}

enum bk_err bk_cms_take_alg(struct bk_rd *rd, enum bk_cms_oid oid, struct bk_rd *params)
{
    struct bk_rd inside, got;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &inside);
    *params = inside;
    if (err == BK_OK)
        err = bk_der_take(params, BK_DER_OID, &got);
    if (err != BK_OK)
        return err;
    return bk_cms_take_oid(&inside, oid) == BK_OK ? BK_OK : BK_EUNSUPPORTED;
}

enum bk_err bk_cms_take_version(struct bk_rd *rd)
{
    uint8_t version = 0;
    enum bk_err err = bk_der_uint_fixed(rd, &version, 1);
    return err == BK_OK && version != 1 ? BK_EUNSUPPORTED : err;
}

enum bk_err bk_cms_take_issuer(struct bk_rd *rd, const struct bk_x509 *cert, bool *mine)
{
    struct bk_rd inside;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &inside);
    if (err != BK_OK)
        return err;
    /* DER: the same name and number are the same bytes */
    *mine = cert && inside.left == cert->issuer.len + cert->serial.len &&
            memcmp(inside.at, cert->issuer.data, cert->issuer.len) == 0 &&
            memcmp(inside.at + cert->issuer.len, cert->serial.data, cert->serial.len) == 0;
    return BK_OK;
}

enum bk_err bk_cms_take_info(const void *cms, size_t len, enum bk_cms_oid type,
                             struct bk_rd *inside)
{
    struct bk_rd rd = bk_rd(cms, len), info;
    enum bk_err err = bk_der_take(&rd, BK_DER_SEQ, &info);
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    if (err == BK_OK)
        err = bk_cms_take_oid(&info, type) == BK_OK ? BK_OK : BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = bk_der_take(&info, BK_DER_CTX0, inside);
    if (err == BK_OK)
        err = bk_rd_end(&info);
    return err;
}
