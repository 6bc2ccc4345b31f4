/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, chains and revocation lists. */
#include <stdlib.h>
#include <string.h>

#include "crypto/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_x509 *cert = NULL;
    struct bk_chain chain;
    if (bk_x509_parse(data, size, &cert) == BK_OK) {
        bool revoked = false;
        int reason = 0;
        if (strlen(cert->serial_hex) == 0 || cert->subject.len < 2)
            abort();
        enum bk_err err = bk_crl_check(data, size, cert, "id", cert, 1800000000, &revoked, &reason);
        (void)err;
        bk_x509_free(&cert);
    }
    if (bk_chain_parse(data, size, &chain) == BK_OK) {
        chain.sm2_id = "id";
        if (chain.count) {
            enum bk_err err = bk_chain_verify(chain.certs[0], &chain, 1800000000);
            (void)err;
        }
        bk_chain_free(&chain);
    }
    return 0;
}
