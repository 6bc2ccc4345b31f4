/* SPDX-License-Identifier: Apache-2.0 */
#include "server/acs3.h"

#include <string.h>

#include "crypto/digest.h"
#include "server/ident.h"

enum bk_err bk_acs3_sign(const struct bk_acs3 *r, const char *secret, char signature[65],
                         char body_hash[65])
{
    char hash[65];
    uint8_t mac[32];
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_sha256_hex(r->body, r->body_len, body_hash);
    if (err == BK_OK)
        err = bk_buf_printf(&text,
                            "POST\n/\n%s\nhost:%s\nx-acs-action:%s\nx-acs-content-sha256:%s\n"
                            "x-acs-date:%s\nx-acs-signature-nonce:%s\nx-acs-version:%s\n\n%s\n%s",
                            r->query, r->host, r->action, body_hash, r->date, r->nonce, r->version,
                            BK_ACS3_SIGNED, body_hash);
    if (err == BK_OK)
        err = bk_sha256_hex(text.data, text.len, hash);
    bk_buf_clear(&text);
    if (err == BK_OK)
        err = bk_buf_printf(&text, "ACS3-HMAC-SHA256\n%s", hash);
    if (err == BK_OK)
        err = bk_hmac(BK_HASH_SHA256, secret, strlen(secret), text.data, text.len, mac);
    if (err == BK_OK)
        bk_hex_text(mac, sizeof mac, signature);
    bk_buf_free(&text);
    return err;
}
