/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of tests/bench/module without a daemon: ratios of the module to a peer, each the median of
 * five rounds in which the two take turns. bench_module WHAT:
 *
 * in-process: P11_MODULE on the virtual key KEY_FILE, OpenSSL, SoftHSM2;
 *
 * first: a process's first signature, P11_MODULE and SoftHSM2 (after in-process);
 *
 * two-keys: as in-process, with a thread for each of two keys, KEY_FILE and a copy;
 *
 * exchanges TRACE: the commands on KEY_FILE up to a signature, counted in its trace;
 *
 * nobody: no daemon, no key.
 */
#include "bench.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/rsa.h"
#include "crypto/sm2.h"
#include "pkcs11/bjca-pkcs11.h"
#include "vkey/store.h"

#define SLICE 0.4 /* seconds of each side in a round */

static double rate(void (*run)(struct side *), struct side *side)
{
    double begin = bench_now(), end = begin;
    unsigned long n = 0;
    while (end - begin < SLICE) {
        run(side);
        n++;
        end = bench_now();
    }
    return (double)n / (end - begin);
}

static void compare(const char *name, double goal, void (*ours)(struct side *), struct side *us,
                    void (*theirs)(struct side *), struct side *them)
{
    double ratios[ROUNDS];
    ours(us);
    theirs(them);
    for (int i = 0; i < ROUNDS; i++) {
        double a = rate(ours, us);
        ratios[i] = a / rate(theirs, them);
    }
    bench_row(name, ratios, goal, false);
}

/* --- a process of its own
 * ------------------------------------------------------------------------*/

static void in_a_process(void (*measure)(const void *, double[2]), const void *of, double out[2])
{
    int result[2];
    if (pipe(result))
        bench_die("pipe");
    pid_t pid = fork();
    if (pid < 0)
        bench_die("fork");
    if (pid == 0) {
        measure(of, out);
        _exit(write(result[1], out, 2 * sizeof *out) != (ssize_t)(2 * sizeof *out));
    }
    (void)close(result[1]);
    if (read(result[0], out, 2 * sizeof *out) != (ssize_t)(2 * sizeof *out))
        bench_die("a process ended");
    (void)close(result[0]);
    (void)waitpid(pid, NULL, 0);
}

/* --- two threads
 * --------------------------------------------------------------------------------*/

struct worker {
    void (*run)(struct side *);
    struct side *side;
    double rate;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    w->rate = rate(w->run, w->side);
    return NULL;
}

static double rate_of_two(void (*run)(struct side *), struct side sides[2])
{
    struct worker w[2] = {{run, &sides[0], 0}, {run, &sides[1], 0}};
    pthread_t t;
    if (pthread_create(&t, NULL, work, &w[1]) != 0)
        bench_die("no thread");
    (void)work(&w[0]);
    (void)pthread_join(t, NULL);
    return w[0].rate + w[1].rate;
}

/* --- what is measured
 * ---------------------------------------------------------------------------*/

static CK_BYTE data[1024];

static void sign_evp(struct side *x)
{
    uint8_t sig[512];
    size_t len = sizeof sig;
    EVP_PKEY_CTX *pctx = NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_DigestSignInit_ex(ctx, &pctx, x->md, NULL, NULL, x->evp, NULL) != 1 ||
        EVP_DigestSign(ctx, sig, &len, data, 32) != 1)
        bench_die("EVP_DigestSign");
    EVP_MD_CTX_free(ctx);
}

static void random_p11(struct side *x)
{
    CK_BYTE out[32];
    bench_must(x->f->C_GenerateRandom(x->s, out, sizeof out), "C_GenerateRandom");
}

static void digest_p11(struct side *x)
{
    CK_MECHANISM m = {CKM_SHA256, NULL, 0};
    CK_BYTE out[32];
    CK_ULONG len = sizeof out;
    bench_must(x->f->C_DigestInit(x->s, &m), "C_DigestInit");
    bench_must(x->f->C_Digest(x->s, data, sizeof data, out, &len), "C_Digest");
}

static void find_p11(struct side *x)
{
    CK_OBJECT_HANDLE list[128];
    CK_ULONG n = 0;
    CK_ATTRIBUTE t = {CKA_LABEL, x->label, strlen((char *)x->label)};
    bench_must(x->f->C_FindObjectsInit(x->s, &t, 1), "C_FindObjectsInit");
    bench_must(x->f->C_FindObjects(x->s, list, 128, &n), "C_FindObjects");
    bench_must(x->f->C_FindObjectsFinal(x->s), "C_FindObjectsFinal");
    if (n != x->found)
        bench_die("another number of objects");
}

static void make_objects(struct side *x, const char *label, CK_ULONG n)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BBOOL no = 0;
    CK_OBJECT_HANDLE o;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_TOKEN, &no, 1},
                        {CKA_PRIVATE, &no, 1},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
                        {CKA_VALUE, data, 32}};
    for (CK_ULONG i = 0; i < n; i++)
        bench_must(x->f->C_CreateObject(x->s, t, 5, &o), "C_CreateObject");
    x->label = (CK_BYTE *)(uintptr_t)label;
    x->found = n;
}

/* --- the two modules
 * ----------------------------------------------------------------------------*/

static struct side softhsm(void)
{
    struct side x = {.f = bench_load(getenv("SOFTHSM_MODULE")),
                     .m = {CKM_SHA256_RSA_PKCS, NULL, 0}};
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG bits = 2048;
    CK_BBOOL yes = 1;
    CK_BYTE e[] = {1, 0, 1};
    CK_OBJECT_HANDLE pub;
    CK_ATTRIBUTE a[] = {
        {CKA_MODULUS_BITS, &bits, sizeof bits}, {CKA_PUBLIC_EXPONENT, e, 3}, {CKA_TOKEN, &yes, 1}};
    CK_ATTRIBUTE b[] = {{CKA_TOKEN, &yes, 1}, {CKA_SIGN, &yes, 1}};
    bench_must(x.f->C_Initialize(NULL), "SoftHSM's C_Initialize");
    bench_log_in(&x, 0, getenv("KEY_PIN"));
    bench_must(x.f->C_GenerateKeyPair(x.s, &gen, a, 3, b, 2, &pub, &x.key), "SoftHSM's key pair");
    return x;
}

/* The very key of the container, from the virtual key's file. */
static void same_keys(struct side *rsa, struct side *sm2)
{
    static uint8_t file[262144];
    struct vk_state state = {0};
    struct bk_rsa_key *r = NULL;
    struct bk_sm2_key *s = NULL;
    FILE *in = fopen(getenv("KEY_FILE"), "rb");
    size_t len = in ? fread(file, 1, sizeof file, in) : 0;
    if (!in || vk_store_decode(file, len, &state))
        bench_die("KEY_FILE can't be read");
    (void)fclose(in);
    const struct bk_buf *a =
        &vk_container_by_name(state.apps[0], "personalCert00")->pair[VK_SIGN].priv;
    const struct bk_buf *b =
        &vk_container_by_name(state.apps[0], "personalCert01")->pair[VK_SIGN].priv;
    if (bk_rsa_from_der(a->data, a->len, &r) || bk_sm2_from_bytes(b->data, &s))
        bench_die("the keys can't be read");
    rsa->evp = bk_rsa_evp(r);
    rsa->md = "SHA256";
    sm2->evp = bk_sm2_evp(s);
    sm2->md = "SM3";
}

/* --- in process
 * ---------------------------------------------------------------------------------*/

/* Of a module that is to be finalised after it. */
static double first_signature(CK_FUNCTION_LIST *f, CK_MECHANISM_TYPE m)
{
    double begin = bench_now();
    bench_must(f->C_Initialize(NULL), "C_Initialize");
    struct side x = bench_ours(f, 0, m);
    bench_sign(&x);
    return bench_now() - begin;
}

/* Nothing is warm that the module or its libraries keep, as in a program that has just begun. */
static void first_of(const void *module, double took[2])
{
    CK_FUNCTION_LIST *f = (CK_FUNCTION_LIST *)(uintptr_t)module;
    took[0] = first_signature(f, CKM_SHA256_RSA_PKCS);
    bench_must(f->C_Finalize(NULL), "C_Finalize");
}

static double first_in_a_process(CK_FUNCTION_LIST *f)
{
    double took[2] = {0};
    in_a_process(first_of, f, took);
    return took[0];
}

/* FIRSTS of each in a round: one takes milliseconds. */
static void first(void)
{
    enum { FIRSTS = 20 };
    double ratios[ROUNDS];
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE")),
                     *hsm = bench_load(getenv("SOFTHSM_MODULE"));
    for (int i = 0; i < ROUNDS; i++) {
        double us = 0, them = 0;
        for (int k = 0; k < FIRSTS; k++) {
            us += first_in_a_process(f);
            them += first_in_a_process(hsm);
        }
        ratios[i] = them / us;
    }
    bench_row("first-signature/softhsm2", ratios, 1.00, false);
}

static void in_process(void)
{
    struct side evp_rsa = {0}, evp_sm2 = {0};
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    same_keys(&evp_rsa, &evp_sm2);
    bench_must(f->C_Initialize(NULL), "C_Initialize");
    struct side rsa = bench_ours(f, 0, CKM_SHA256_RSA_PKCS),
                sm2 = bench_ours(f, 1, CKM_SM3_SM2_DER);
    struct side hsm = softhsm();
    compare("rsa-sign/evp", 0.90, bench_sign, &rsa, sign_evp, &evp_rsa);
    compare("sm2-sign/evp", 0.90, bench_sign, &sm2, sign_evp, &evp_sm2);
    compare("rsa-sign/softhsm2", 1.30, bench_sign, &rsa, bench_sign, &hsm);
    compare("random/softhsm2", 1.00, random_p11, &rsa, random_p11, &hsm);
    compare("digest/softhsm2", 1.00, digest_p11, &rsa, digest_p11, &hsm);
    make_objects(&rsa, "two", 2);
    make_objects(&hsm, "two", 2);
    compare("find-2/softhsm2", 1.00, find_p11, &rsa, find_p11, &hsm);
    make_objects(&rsa, "hundred", 100);
    make_objects(&hsm, "hundred", 100);
    compare("find-100/softhsm2", 1.00, find_p11, &rsa, find_p11, &hsm);
    bench_must(f->C_Finalize(NULL), "C_Finalize");
    bench_must(hsm.f->C_Finalize(NULL), "SoftHSM's C_Finalize");
}

/* Of an algorithm: each thread has a key of its own, the second is the first one's copy, in a file
 * of its own. */
static void sign_by_two(const void *sm2, double rates[2])
{
    CK_C_INITIALIZE_ARGS threads = {.flags = CKF_OS_LOCKING_OK};
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    struct side ours[2], rsa[2] = {{0}, {0}}, evp[2] = {{0}, {0}};
    bool is_sm2 = sm2 != NULL;
    bench_must(f->C_Initialize(&threads), "C_Initialize");
    for (CK_ULONG i = 0; i < 2; i++) {
        ours[i] = is_sm2 ? bench_ours(f, 2 * i + 1, CKM_SM3_SM2_DER)
                         : bench_ours(f, 2 * i, CKM_SHA256_RSA_PKCS);
        same_keys(&rsa[i], &evp[i]);
        bench_sign(&ours[i]);
        sign_evp(is_sm2 ? &evp[i] : &rsa[i]);
    }
    /* neither is the first one only */
    rates[0] = rate_of_two(bench_sign, ours);
    rates[1] = rate_of_two(sign_evp, is_sm2 ? evp : rsa);
    rates[1] += rate_of_two(sign_evp, is_sm2 ? evp : rsa);
    rates[0] += rate_of_two(bench_sign, ours);
    bench_must(f->C_Finalize(NULL), "C_Finalize");
}

/* Which pages a process gets makes a fifth of the rates of either side, for as long as it lives: a
 * round is some of them. */
static void compare_two(const char *name, const void *sm2)
{
    enum { PROCESSES = 3 };
    double ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double us = 0, them = 0;
        for (int k = 0; k < PROCESSES; k++) {
            double rates[2];
            in_a_process(sign_by_two, sm2, rates);
            us += rates[0];
            them += rates[1];
        }
        ratios[i] = us / them;
    }
    bench_row(name, ratios, 0.90, false);
}

static void two_keys(void)
{
    compare_two("rsa-sign-two-keys/evp", NULL);
    compare_two("sm2-sign-two-keys/evp", "sm2");
}

/* Exchanges of C_Initialize, C_GetSlotList, C_OpenSession, C_Login, search and C_Sign on a key with
 * an RSA and an SM2 container, against the fewest of a program that knows nothing of the key before
 * and may search for anything of its slot next. */
static void exchanges(const char *trace)
{
    /* who is it, open its application; a random and the PIN; two records (there is none, which only
     * asking tells), the names; of each container what is in it, and of the RSA one its handle and
     * two certificates, of which this search alone could do without the second; the signature */
    const double fewest = 2 + 2 + 3 + 2 + 3 + 1;
    double ratios[ROUNDS];
    char line[8192];
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    for (int i = 0; i < ROUNDS; i++) {
        unsigned n = 0;
        if (truncate(trace, 0) != 0 && errno != ENOENT)
            bench_die(trace);
        (void)first_signature(f, CKM_SHA256_RSA_PKCS);
        FILE *in = fopen(trace, "r");
        while (in && fgets(line, sizeof line, in))
            n += strstr(line, " x ") != NULL;
        if (in)
            (void)fclose(in);
        bench_must(f->C_Finalize(NULL), "C_Finalize");
        ratios[i] = n ? (double)n / fewest : 99;
    }
    bench_row("first-signature-exchanges/fewest", ratios, 1.00, true);
}

/* How long it takes, and how many slots there are; as in a program that has just begun. */
static void list_of_nobody(const void *module, double got[2])
{
    CK_FUNCTION_LIST *f = (CK_FUNCTION_LIST *)(uintptr_t)module;
    CK_ULONG n = 0;
    double begin = bench_now();
    bench_must(f->C_Initialize(NULL), "C_Initialize");
    bench_must(f->C_GetSlotList(0, NULL, &n), "C_GetSlotList");
    got[0] = bench_now() - begin;
    got[1] = (double)n;
    bench_must(f->C_Finalize(NULL), "C_Finalize");
}

static void nobody(void)
{
    double ratios[ROUNDS];
    CK_FUNCTION_LIST *f = bench_load(getenv("P11_MODULE"));
    for (int i = 0; i < ROUNDS; i++) {
        double got[2];
        in_a_process(list_of_nobody, f, got);
        ratios[i] = got[0] / 0.005;
        if (got[1] > 0)
            bench_die("somebody is there");
    }
    bench_row("no-daemon/5-ms", ratios, 1.00, true);
}

int main(int argc, char **argv)
{
    const char *what = argc >= 2 ? argv[1] : "";
    if (strcmp(what, "in-process") == 0)
        in_process();
    else if (strcmp(what, "first") == 0)
        first();
    else if (strcmp(what, "two-keys") == 0)
        two_keys();
    else if (strcmp(what, "exchanges") == 0 && argc == 3)
        exchanges(argv[2]);
    else if (strcmp(what, "nobody") == 0)
        nobody();
    else
        bench_die("in-process, first, two-keys, exchanges TRACE or nobody");
    return 0;
}
