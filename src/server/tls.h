/* SPDX-License-Identifier: Apache-2.0 */
/* The platform's own TLS: a CA of its own made at first start (its certificate is what clients
 * trust), and a server certificate under it. */
#ifndef BK_SERVER_TLS_H
#define BK_SERVER_TLS_H

#include "base/buf.h"

struct bk_tls {
    struct bk_buf cert_pem; /* with a NUL behind, not counted */
    struct bk_buf key_pem;
};

/* FOLDER/tls-ca.pem is the CA's certificate, FOLDER/tls has the keys. host is the address that is
 * listened at; localhost and the loopback addresses are always in the certificate. names: further
 * ones, separated by commas, may be NULL. */
enum bk_err bk_tls_open(const char *folder, const char *host, const char *names,
                        struct bk_tls *tls) BK_MUST_CHECK;
/* Certificate and key from PEM files. */
enum bk_err bk_tls_read(const char *cert_file, const char *key_file,
                        struct bk_tls *tls) BK_MUST_CHECK;
void bk_tls_free(struct bk_tls *tls);

#endif
