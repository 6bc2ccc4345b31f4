/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP requests: what is read is answered, by the CertIDs that were sent. */
#include <stdlib.h>

#include "crypto/ocsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bk_sm2_key *key;
    struct bk_ocsp_request r;
    struct bk_ocsp_single singles[BK_OCSP_CERTS] = {{0}};
    struct bk_buf out = BK_BUF_INIT;
    struct bk_ocsp_id id;
    bool is = false;
    if (!key && bk_sm2_generate(&key) != BK_OK)
        abort();
    if (bk_ocsp_read(data, size, &r) != BK_OK)
        return 0;
    const struct bk_signer signer = {.alg = BK_ALG_SM2, .sm2 = key};
    for (size_t i = 0; i < r.count; i++) {
        if (bk_ocsp_read_id(r.ids[i].der, r.ids[i].der_len, &id) != BK_OK ||
            bk_ocsp_is_of(&id, "name", 4, bk_sm2_pubkey(key), &is) != BK_OK || is)
            abort();
        singles[i].id = r.ids[i].der;
        singles[i].id_len = r.ids[i].der_len;
    }
    const struct bk_ocsp_answer answer = {
        .singles = singles, .count = r.count, .nonce = r.nonce, .nonce_len = r.nonce_len};
    if (bk_ocsp_answer(&signer, &answer, &out) != BK_OK)
        abort();
    bk_buf_free(&out);
    return 0;
}
