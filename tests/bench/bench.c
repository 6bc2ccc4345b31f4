/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkcs11/bjca-pkcs11.h"

void bench_die(const char *what)
{
    (void)fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

void bench_must(CK_RV rv, const char *what)
{
    if (rv != CKR_OK) {
        (void)fprintf(stderr, "bench: %s: %lx\n", what, rv);
        exit(1);
    }
}

double bench_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_size);
    return values[n / 2];
}

void bench_row(const char *name, double ratios[ROUNDS], double goal, bool at_most)
{
    double r = bench_median(ratios, ROUNDS);
    printf("%s\t%.2f\t%s%.2f\t%s\n", name, r, at_most ? "<=" : ">=", goal,
           (at_most ? r <= goal : r >= goal) ? "ok" : "miss");
    (void)fflush(stdout);
}

CK_FUNCTION_LIST *bench_load(const char *path)
{
    CK_FUNCTION_LIST *f = NULL;
    void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = NULL;
    if (so)
        *(void **)&get = dlsym(so, "C_GetFunctionList");
    if (!get)
        bench_die(path);
    bench_must(get(&f), "C_GetFunctionList");
    return f;
}

void bench_log_in(struct side *x, CK_ULONG index, const char *pin)
{
    CK_SLOT_ID slots[8];
    CK_ULONG n = 8;
    bench_must(x->f->C_GetSlotList(1, slots, &n), "C_GetSlotList");
    if (index >= n)
        bench_die("no such slot");
    bench_must(
        x->f->C_OpenSession(slots[index], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &x->s),
        "C_OpenSession");
    CK_RV rv = x->f->C_Login(x->s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
    bench_must(rv == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : rv, "C_Login");
}

void bench_find_key(struct side *x)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_BBOOL yes = 1;
    CK_ULONG n = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_SIGN, &yes, 1}};
    bench_must(x->f->C_FindObjectsInit(x->s, t, 2), "C_FindObjectsInit");
    bench_must(x->f->C_FindObjects(x->s, &x->key, 1, &n), "C_FindObjects");
    bench_must(x->f->C_FindObjectsFinal(x->s), "C_FindObjectsFinal");
    if (!n)
        bench_die("no signing key");
}

struct side bench_ours(CK_FUNCTION_LIST *f, CK_ULONG slot, CK_MECHANISM_TYPE m)
{
    struct side x = {.f = f, .m = {m, NULL, 0}};
    bench_log_in(&x, slot, getenv("KEY_PIN"));
    bench_find_key(&x);
    return x;
}

void bench_sign(struct side *x)
{
    static CK_BYTE data[32];
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    bench_must(x->f->C_SignInit(x->s, &x->m, x->key), "C_SignInit");
    bench_must(x->f->C_Sign(x->s, data, sizeof data, sig, &len), "C_Sign");
}
