/* SPDX-License-Identifier: Apache-2.0 */
#include "server/rsa2.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"

enum bk_err bk_rsa2_sign(struct bk_rsa_key *key, const void *text, size_t len, struct bk_buf *out)
{
    /* DigestInfo of SHA-256, RFC 8017 clause 9.2 note 1 */
    uint8_t info[51] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    struct bk_buf sig = BK_BUF_INIT;
    enum bk_err err = bk_digest(BK_HASH_SHA256, text, len, info + 19);
    if (err == BK_OK)
        err = bk_rsa_sign(key, info, sizeof info, &sig);
    if (err == BK_OK)
        err = bk_base64_encode(sig.data, sig.len, out);
    bk_buf_free(&sig);
    return err;
}

enum bk_err bk_rsa2_verify(const struct bk_pubkey *pub, const void *text, size_t len,
                           const char *signature)
{
    uint8_t digest[32];
    struct bk_buf sig = BK_BUF_INIT;
    enum bk_err err = pub->alg == BK_ALG_RSA ? BK_OK : BK_EINVAL;
    if (err == BK_OK && bk_base64_decode(signature, strlen(signature), &sig) != BK_OK)
        err = BK_EVERIFY;
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SHA256, text, len, digest);
    if (err == BK_OK)
        err = bk_rsa_verify(pub, BK_HASH_SHA256, digest, sizeof digest, sig.data, sig.len);
    bk_buf_free(&sig);
    return err == BK_EFORMAT || err == BK_EINVAL ? BK_EVERIFY : err;
}

void bk_money_text(int64_t fen, char text[BK_MONEY])
{
    (void)snprintf(text, BK_MONEY, "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
}

enum bk_err bk_money_read(const char *text, int64_t *fen)
{
    int64_t v = 0;
    size_t n = strspn(text, "0123456789");
    if (!n || n > 12 || (n > 1 && text[0] == '0') || text[n] != '.' ||
        strspn(text + n + 1, "0123456789") != 2 || text[n + 3])
        return BK_EFORMAT;
    for (const char *c = text; *c; c++)
        if (*c != '.')
            v = v * 10 + (*c - '0');
    *fen = v;
    return BK_OK;
}
