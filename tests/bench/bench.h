/* SPDX-License-Identifier: Apache-2.0 */
/* What the benches of the module share: rows, a module loaded and logged in, its signature. */
#ifndef BJCA_TESTS_BENCH_H
#define BJCA_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/evp.h>
#include <pkcs11-helper-1.0/pkcs11.h>

#define ROUNDS 5

struct side {
    CK_FUNCTION_LIST *f;
    CK_SESSION_HANDLE s;
    CK_OBJECT_HANDLE key;
    CK_MECHANISM m;
    EVP_PKEY *evp;
    const char *md;
    CK_BYTE *label;
    CK_ULONG found;
};

/* Both end the process with a line on standard error. */
void bench_die(const char *what) __attribute__((noreturn));
void bench_must(CK_RV rv, const char *what);
double bench_now(void); /* seconds */

/* Prints `name ratio goal ok|miss` of the rounds' median; sorts them. */
void bench_row(const char *name, double ratios[ROUNDS], double goal, bool at_most);
double bench_median(double *values, size_t n);

CK_FUNCTION_LIST *bench_load(const char *path);
/* A session on the slot of this index, logged in. */
void bench_log_in(struct side *x, CK_ULONG index, const char *pin);
void bench_find_key(struct side *x);
/* P11_MODULE's, with KEY_PIN, and its first key that signs. */
struct side bench_ours(CK_FUNCTION_LIST *f, CK_ULONG slot, CK_MECHANISM_TYPE m);
/* Of 32 bytes. */
void bench_sign(struct side *x);

#endif
