/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of ours behind a PKCS#11 module: which, and where. A key is named by an RFC 7512 URI of the
 * token's and its own label ("pkcs11:token=CA;object=issuing%20key"; no other attributes).
 */
#ifndef BK_SERVER_P11_H
#define BK_SERVER_P11_H

#include <stddef.h>

#include "base/err.h"

struct bk_p11;

struct bk_p11_options {
    const char *module;   /* path of the PKCS#11 module */
    const char *pin_file; /* one line; nobody else may read it */
    const char *refused;  /* the file for a PIN that the token has refused: p11_refused.h */
};

struct bk_p11_name {
    char token[33], object[65];
};

/* BK_EFORMAT: no such URI. `why` gets a sentence on failure, here and below. */
enum bk_err bk_p11_read_uri(const char *uri, struct bk_p11_name *name, char *why,
                            size_t size) BK_MUST_CHECK;
/* The module is loaded; the PIN is read, and kept. */
enum bk_err bk_p11_open(const struct bk_p11_options *options, struct bk_p11 **p11, char *why,
                        size_t size) BK_MUST_CHECK;
void bk_p11_close(struct bk_p11 **p11);

#endif
