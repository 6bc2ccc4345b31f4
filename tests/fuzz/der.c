/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, signatures, ciphers and envelopes in DER: what is taken must be written the same. */
#include <stdlib.h>
#include <string.h>

#include "crypto/csr.h"
#include "crypto/envelope.h"
#include "crypto/pubkey.h"
#include "crypto/sm2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(enum bk_err err, const struct bk_buf *out, const uint8_t *data, size_t size)
{
    if (err != BK_OK || out->len != size || memcmp(out->data, data, size) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_pubkey pub;
    struct bk_sm2_sig sig;
    struct bk_sm2_cipher cipher = {0};
    struct bk_envelope_sm2 sm2 = {0};
    struct bk_envelope_rsa rsa;
    struct bk_buf out = BK_BUF_INIT;
    if (bk_pubkey_from_spki(data, size, &pub) == BK_OK)
        same(bk_pubkey_to_spki(&pub, &out), &out, data, size);
    bk_buf_clear(&out);
    if (bk_sm2_sig_from_der(data, size, &sig) == BK_OK)
        same(bk_sm2_sig_to_der(&sig, &out), &out, data, size);
    bk_buf_clear(&out);
    if (bk_sm2_cipher_from_der(data, size, &cipher) == BK_OK)
        same(bk_sm2_cipher_to_der(&cipher, &out), &out, data, size);
    bk_sm2_cipher_free(&cipher);
    (void)bk_csr_name_good(data, size);
    (void)!bk_pubkey_from_cert(data, size, &pub);
    (void)!bk_envelope_rsa_parse(data, size, &rsa);
    if (bk_envelope_sm2_parse(data, size, &sm2) == BK_OK)
        bk_envelope_sm2_free(&sm2);
    bk_buf_free(&out);
    return 0;
}
