/* SPDX-License-Identifier: Apache-2.0 */
/* Signed and enveloped messages from anybody. */
#include <stdlib.h>

#include "crypto/cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum bk_err opener(void *context, const void *cipher, size_t len, struct bk_buf *plain)
{
    (void)context;
    (void)cipher;
    return len ? bk_buf_put_zero(plain, 16) : BK_EVERIFY;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_x509 *cert = NULL, *by = NULL;
    struct bk_buf content = BK_BUF_INIT;
    size_t first = 0;
    /* a certificate, then a message */
    if (bk_x509_first_len(data, size, &first) != BK_OK || first > size ||
        bk_x509_parse(data, first, &cert) != BK_OK)
        first = 0;
    (void)!bk_cms_verify(data + first, size - first, NULL, 0, &by, &content);
    bk_x509_free(&by);
    (void)!bk_cms_verify(data + first, size - first, "x", 1, &by, NULL);
    bk_x509_free(&by);
    if (cert)
        (void)!bk_cms_decrypt(data + first, size - first, cert, opener, NULL, &content);
    (void)!bk_cms_decrypt(data + first, size - first, NULL, opener, NULL, &content);
    bk_x509_free(&cert);
    bk_buf_free(&content);
    return 0;
}
