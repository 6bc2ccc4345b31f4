/* SPDX-License-Identifier: Apache-2.0 */
#include "server/signed.h"

#include "base/signed.h"
#include "crypto/pubkey.h"

enum bk_err bk_signed_check(const void *cert, size_t cert_len, const char *purpose,
                            const char *origin, const char *const *fields, const void *signature,
                            size_t signature_len)
{
    struct bk_pubkey pub;
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_from_cert(cert, cert_len, &pub);
    if (err == BK_OK)
        err = bk_signed_bytes(purpose, origin, fields, &bytes);
    if (err == BK_OK)
        err = bk_pubkey_verify_message(&pub, bytes.data, bytes.len, signature, signature_len);
    /* a signature that can't even be read is a wrong one */
    if (err == BK_EFORMAT)
        err = BK_EVERIFY;
    bk_buf_free(&bytes);
    return err;
}
