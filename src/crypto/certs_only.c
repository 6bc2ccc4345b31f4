/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/certs_only.h"

#include "crypto/der.h"

#define SET 0x31
#define TAG_0 0xa0

static const uint8_t oid_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
static const uint8_t oid_signed[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};

static enum bk_err put_signed_data(const struct bk_rd *certs, size_t count, struct bk_buf *out)
{
    static const uint8_t one = 1;
    struct bk_buf inner = BK_BUF_INIT;
    enum bk_err err = bk_der_put_uint(out, &one, 1);
    if (err == BK_OK)
        err = bk_der_put(out, SET, "", 0); /* no digest algorithms */
    if (err == BK_OK)
        err = bk_der_put(&inner, BK_DER_OID, oid_data, sizeof oid_data);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &inner);
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = bk_buf_put(&inner, certs[i].at, certs[i].left);
    if (err == BK_OK)
        err = bk_der_wrap(out, TAG_0, &inner);
    if (err == BK_OK)
        err = bk_der_put(out, SET, "", 0); /* no signers */
    bk_buf_free(&inner);
    return err;
}

enum bk_err bk_certs_only(const struct bk_rd *certs, size_t count, struct bk_buf *out)
{
    struct bk_buf content = BK_BUF_INIT, info = BK_BUF_INIT, signed_data = BK_BUF_INIT;
    enum bk_err err = put_signed_data(certs, count, &content);
    if (err == BK_OK)
        err = bk_der_wrap(&signed_data, BK_DER_SEQ, &content);
    if (err == BK_OK)
        err = bk_der_put(&info, BK_DER_OID, oid_signed, sizeof oid_signed);
    if (err == BK_OK)
        err = bk_der_wrap(&info, TAG_0, &signed_data);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &info);
    bk_buf_free(&content);
    bk_buf_free(&info);
    bk_buf_free(&signed_data);
    return err;
}
