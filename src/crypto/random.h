/* SPDX-License-Identifier: Apache-2.0 */
/* For the context of crypto/ctx.c; others draw with bk_random of crypto/ctx.h. */
#ifndef BK_CRYPTO_RANDOM_H
#define BK_CRYPTO_RANDOM_H

#include <openssl/provider.h>

/* From here on all that OpenSSL draws in LIB is the kernel's. NULL: it can't be; else to be
 * unloaded before LIB is freed. */
OSSL_PROVIDER *bk_random_provide(OSSL_LIB_CTX *lib);

#endif
