/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenSSL library context that all of src/crypto works in. It is ours alone: what the host
 * program does to the default context (providers, engines, configuration) doesn't reach us, nor
 * the other way. Made on first use, by whichever thread comes first; there is no constructor.
 */
#ifndef BK_CRYPTO_CTX_H
#define BK_CRYPTO_CTX_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ec.h>
#include <openssl/types.h>

#include "base/err.h"

/* NULL only when OpenSSL can't make one (out of memory, no default provider). */
OSSL_LIB_CTX *bk_crypto_ctx(void);
/*
 * Frees the context and everything fetched from it, so that a module can be unloaded without a
 * leak. No other call of this layer may run meanwhile and no object of it may be alive; the next
 * call makes a new context.
 */
void bk_crypto_cleanup(void);

/* In a fork's child: what there is is left as it is, as the parent's threads may have been in the
 * middle of it, and the next call makes a new context. */
void bk_crypto_renew(void);

/*
 * OpenSSL's queue of errors is the thread's and so the host program's: what is put there between
 * mark and restore goes, what was there before stays. They nest, and each mark has its restore.
 */
void bk_crypto_errors_mark(void);
void bk_crypto_errors_restore(void);

/*
 * OpenSSL says no to what is wrong and to what it has no memory for in the same way, and its queue
 * of errors tells them apart only where there was memory to write it down. So a no is believed when
 * it comes a second time, with more memory there than any of it takes:
 *
 *     bool asked = false;
 *     do
 *         err = ask OpenSSL, anew from the beginning;
 *     while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
 *
 * A `no` becomes BK_ENOMEM where there isn't so much.
 */
bool bk_crypto_has_memory(void);
bool bk_crypto_ask_again(enum bk_err *err, enum bk_err no, bool *asked);

/* Before anything is encrypted, decrypted, derived or has an HMAC: false without the memory to make
 * ready what that takes, which OpenSSL would hold to be missing for ever. When it runs out there
 * all the same, false until bk_crypto_cleanup. */
bool bk_crypto_more(void) BK_MUST_CHECK;

/*
 * What OpenSSL keeps of our context for the calling thread (its generators) goes. A thread that
 * has it and ends after bk_crypto_cleanup, or meanwhile, looks into memory that is gone: so one
 * that isn't ours calls this before it leaves us.
 */
void bk_crypto_leave_thread(void);

/* Random bytes from the system's generator, fit for keys. */
enum bk_err bk_random(void *data, size_t len) BK_MUST_CHECK;

/* Fetched once and kept: algorithms by OpenSSL's name; NULL when this OpenSSL lacks it. For the
 * files of this layer. */
enum bk_crypto_cipher { BK_CIPHER_SM4_ECB, BK_CIPHER_SM4_CBC, BK_CIPHER_COUNT };
const EVP_CIPHER *bk_crypto_cipher(enum bk_crypto_cipher which);
const EVP_MD *bk_crypto_md(int hash); /* enum bk_hash */
/* The curve of SM2: making it takes as long as reading a dozen points of it. */
const EC_GROUP *bk_crypto_sm2(void);

#endif
