/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of tests/bench/module: ratios of the module to a peer, each the median of five rounds in
 * which the two take turns.
 *
 *   bench_module in-process   P11_MODULE on the virtual key KEY_FILE, OpenSSL, SoftHSM2
 *   bench_module first        a process's first signature, P11_MODULE and SoftHSM2 (after
 * in-process) bench_module two-keys     the same with a thread for each of two keys, KEY_FILE and a
 * copy bench_module exchanges F  the commands on KEY_FILE up to a signature, counted in the trace F
 *   bench_module pcsc         P11_MODULE behind pcscd, the same command sent bare
 *   bench_module nobody       no daemon, no key
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include <openssl/evp.h>
#include <pkcs11-helper-1.0/pkcs11.h>

#include "crypto/rsa.h"
#include "crypto/sm2.h"
#include "pkcs11/bjca-pkcs11.h"
#include "vkey/store.h"

#define ROUNDS 5
#define SLICE 0.4 /* seconds of each side in a round */

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

static void die(const char *what)
{
    (void)fprintf(stderr, "bench_module: %s\n", what);
    exit(1);
}

static void must(CK_RV rv, const char *what)
{
    if (rv != CKR_OK) {
        (void)fprintf(stderr, "bench_module: %s: %lx\n", what, rv);
        exit(1);
    }
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- rows
 * ---------------------------------------------------------------------------------------*/

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void row(const char *name, double ratios[ROUNDS], double goal, bool at_most)
{
    qsort(ratios, ROUNDS, sizeof *ratios, by_size);
    double r = ratios[ROUNDS / 2];
    printf("%s\t%.2f\t%s%.2f\t%s\n", name, r, at_most ? "<=" : ">=", goal,
           (at_most ? r <= goal : r >= goal) ? "ok" : "miss");
    (void)fflush(stdout);
}

static double rate(void (*run)(struct side *), struct side *side)
{
    double begin = now(), end = begin;
    unsigned long n = 0;
    while (end - begin < SLICE) {
        run(side);
        n++;
        end = now();
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
    row(name, ratios, goal, false);
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
        die("no thread");
    (void)work(&w[0]);
    (void)pthread_join(t, NULL);
    return w[0].rate + w[1].rate;
}

static void compare_two(const char *name, double goal, void (*ours)(struct side *),
                        struct side us[2], void (*theirs)(struct side *), struct side them[2])
{
    double ratios[ROUNDS];
    for (int i = 0; i < 2; i++) {
        ours(&us[i]);
        theirs(&them[i]);
    }
    for (int i = 0; i < ROUNDS; i++) {
        double a = rate_of_two(ours, us);
        ratios[i] = a / rate_of_two(theirs, them);
    }
    row(name, ratios, goal, false);
}

/* --- what is measured
 * ---------------------------------------------------------------------------*/

static CK_BYTE data[1024];

static void sign_p11(struct side *x)
{
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    must(x->f->C_SignInit(x->s, &x->m, x->key), "C_SignInit");
    must(x->f->C_Sign(x->s, data, 32, sig, &len), "C_Sign");
}

static void sign_evp(struct side *x)
{
    uint8_t sig[512];
    size_t len = sizeof sig;
    EVP_PKEY_CTX *pctx = NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_DigestSignInit_ex(ctx, &pctx, x->md, NULL, NULL, x->evp, NULL) != 1 ||
        EVP_DigestSign(ctx, sig, &len, data, 32) != 1)
        die("EVP_DigestSign");
    EVP_MD_CTX_free(ctx);
}

static void random_p11(struct side *x)
{
    CK_BYTE out[32];
    must(x->f->C_GenerateRandom(x->s, out, sizeof out), "C_GenerateRandom");
}

static void digest_p11(struct side *x)
{
    CK_MECHANISM m = {CKM_SHA256, NULL, 0};
    CK_BYTE out[32];
    CK_ULONG len = sizeof out;
    must(x->f->C_DigestInit(x->s, &m), "C_DigestInit");
    must(x->f->C_Digest(x->s, data, sizeof data, out, &len), "C_Digest");
}

static void find_p11(struct side *x)
{
    CK_OBJECT_HANDLE list[128];
    CK_ULONG n = 0;
    CK_ATTRIBUTE t = {CKA_LABEL, x->label, strlen((char *)x->label)};
    must(x->f->C_FindObjectsInit(x->s, &t, 1), "C_FindObjectsInit");
    must(x->f->C_FindObjects(x->s, list, 128, &n), "C_FindObjects");
    must(x->f->C_FindObjectsFinal(x->s), "C_FindObjectsFinal");
    if (n != x->found)
        die("another number of objects");
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
        must(x->f->C_CreateObject(x->s, t, 5, &o), "C_CreateObject");
    x->label = (CK_BYTE *)(uintptr_t)label;
    x->found = n;
}

/* --- the two modules
 * ----------------------------------------------------------------------------*/

static CK_FUNCTION_LIST *load(const char *path)
{
    CK_FUNCTION_LIST *f = NULL;
    void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = NULL;
    if (so)
        *(void **)&get = dlsym(so, "C_GetFunctionList");
    if (!get)
        die(path);
    must(get(&f), "C_GetFunctionList");
    return f;
}

static void log_in(struct side *x, CK_ULONG index, const char *pin)
{
    CK_SLOT_ID slots[8];
    CK_ULONG n = 8;
    must(x->f->C_GetSlotList(1, slots, &n), "C_GetSlotList");
    if (index >= n)
        die("no such slot");
    must(x->f->C_OpenSession(slots[index], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &x->s),
         "C_OpenSession");
    CK_RV rv = x->f->C_Login(x->s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
    must(rv == CKR_USER_ALREADY_LOGGED_IN ? CKR_OK : rv, "C_Login");
}

static void find_key(struct side *x)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_BBOOL yes = 1;
    CK_ULONG n = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_SIGN, &yes, 1}};
    must(x->f->C_FindObjectsInit(x->s, t, 2), "C_FindObjectsInit");
    must(x->f->C_FindObjects(x->s, &x->key, 1, &n), "C_FindObjects");
    must(x->f->C_FindObjectsFinal(x->s), "C_FindObjectsFinal");
    if (!n)
        die("no signing key");
}

static struct side ours(CK_FUNCTION_LIST *f, CK_ULONG slot, CK_MECHANISM_TYPE m)
{
    struct side x = {.f = f, .m = {m, NULL, 0}};
    log_in(&x, slot, getenv("KEY_PIN"));
    find_key(&x);
    return x;
}

static struct side softhsm(void)
{
    struct side x = {.f = load(getenv("SOFTHSM_MODULE")), .m = {CKM_SHA256_RSA_PKCS, NULL, 0}};
    CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ULONG bits = 2048;
    CK_BBOOL yes = 1;
    CK_BYTE e[] = {1, 0, 1};
    CK_OBJECT_HANDLE pub;
    CK_ATTRIBUTE a[] = {
        {CKA_MODULUS_BITS, &bits, sizeof bits}, {CKA_PUBLIC_EXPONENT, e, 3}, {CKA_TOKEN, &yes, 1}};
    CK_ATTRIBUTE b[] = {{CKA_TOKEN, &yes, 1}, {CKA_SIGN, &yes, 1}};
    must(x.f->C_Initialize(NULL), "SoftHSM's C_Initialize");
    log_in(&x, 0, getenv("KEY_PIN"));
    must(x.f->C_GenerateKeyPair(x.s, &gen, a, 3, b, 2, &pub, &x.key), "SoftHSM's key pair");
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
        die("KEY_FILE can't be read");
    (void)fclose(in);
    const struct bk_buf *a =
        &vk_container_by_name(state.apps[0], "personalCert00")->pair[VK_SIGN].priv;
    const struct bk_buf *b =
        &vk_container_by_name(state.apps[0], "personalCert01")->pair[VK_SIGN].priv;
    if (bk_rsa_from_der(a->data, a->len, &r) || bk_sm2_from_bytes(b->data, &s))
        die("the keys can't be read");
    rsa->evp = bk_rsa_evp(r);
    rsa->md = "SHA256";
    sm2->evp = bk_sm2_evp(s);
    sm2->md = "SM3";
}

/* --- in process
 * ---------------------------------------------------------------------------------*/

static double first_signature(CK_FUNCTION_LIST *f, CK_MECHANISM_TYPE m)
{
    double begin = now();
    must(f->C_Initialize(NULL), "C_Initialize");
    struct side x = ours(f, 0, m);
    sign_p11(&x);
    double took = now() - begin;
    must(f->C_Finalize(NULL), "C_Finalize");
    return took;
}

/* In a process of its own, as a program does it: nothing is warm that the module or its libraries
 * keep. */
static double first_in_a_process(CK_FUNCTION_LIST *f)
{
    int result[2];
    double took = 0;
    if (pipe(result))
        die("pipe");
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        took = first_signature(f, CKM_SHA256_RSA_PKCS);
        _exit(write(result[1], &took, sizeof took) != (ssize_t)sizeof took);
    }
    (void)close(result[1]);
    if (read(result[0], &took, sizeof took) != (ssize_t)sizeof took)
        die("a process ended");
    (void)close(result[0]);
    (void)waitpid(pid, NULL, 0);
    return took;
}

/* FIRSTS of each in a round: one takes milliseconds. */
static void first(void)
{
    enum { FIRSTS = 20 };
    double ratios[ROUNDS];
    CK_FUNCTION_LIST *f = load(getenv("P11_MODULE")), *hsm = load(getenv("SOFTHSM_MODULE"));
    for (int i = 0; i < ROUNDS; i++) {
        double us = 0, them = 0;
        for (int k = 0; k < FIRSTS; k++) {
            us += first_in_a_process(f);
            them += first_in_a_process(hsm);
        }
        ratios[i] = them / us;
    }
    row("first-signature/softhsm2", ratios, 1.00, false);
}

static void in_process(void)
{
    struct side evp_rsa = {0}, evp_sm2 = {0};
    CK_FUNCTION_LIST *f = load(getenv("P11_MODULE"));
    same_keys(&evp_rsa, &evp_sm2);
    must(f->C_Initialize(NULL), "C_Initialize");
    struct side rsa = ours(f, 0, CKM_SHA256_RSA_PKCS), sm2 = ours(f, 1, CKM_SM3_SM2_DER);
    struct side hsm = softhsm();
    compare("rsa-sign/evp", 0.90, sign_p11, &rsa, sign_evp, &evp_rsa);
    compare("sm2-sign/evp", 0.90, sign_p11, &sm2, sign_evp, &evp_sm2);
    compare("rsa-sign/softhsm2", 1.30, sign_p11, &rsa, sign_p11, &hsm);
    compare("random/softhsm2", 1.00, random_p11, &rsa, random_p11, &hsm);
    compare("digest/softhsm2", 1.00, digest_p11, &rsa, digest_p11, &hsm);
    make_objects(&rsa, "two", 2);
    make_objects(&hsm, "two", 2);
    compare("find-2/softhsm2", 1.00, find_p11, &rsa, find_p11, &hsm);
    make_objects(&rsa, "hundred", 100);
    make_objects(&hsm, "hundred", 100);
    compare("find-100/softhsm2", 1.00, find_p11, &rsa, find_p11, &hsm);
    must(f->C_Finalize(NULL), "C_Finalize");
    must(hsm.f->C_Finalize(NULL), "SoftHSM's C_Finalize");
}

/* Each thread has a key of its own: the second is the first one's copy, in a file of its own. */
static void two_keys(void)
{
    CK_C_INITIALIZE_ARGS threads = {.flags = CKF_OS_LOCKING_OK};
    CK_FUNCTION_LIST *f = load(getenv("P11_MODULE"));
    struct side evp_rsa[2] = {{0}, {0}}, evp_sm2[2] = {{0}, {0}};
    must(f->C_Initialize(&threads), "C_Initialize");
    struct side rsa[2] = {ours(f, 0, CKM_SHA256_RSA_PKCS), ours(f, 2, CKM_SHA256_RSA_PKCS)};
    struct side sm2[2] = {ours(f, 1, CKM_SM3_SM2_DER), ours(f, 3, CKM_SM3_SM2_DER)};
    for (int i = 0; i < 2; i++)
        same_keys(&evp_rsa[i], &evp_sm2[i]);
    compare_two("rsa-sign-two-keys/evp", 0.90, sign_p11, rsa, sign_evp, evp_rsa);
    compare_two("sm2-sign-two-keys/evp", 0.90, sign_p11, sm2, sign_evp, evp_sm2);
    must(f->C_Finalize(NULL), "C_Finalize");
}

/* Exchanges of C_Initialize, C_GetSlotList, C_OpenSession, C_Login, search and C_Sign on a key with
 * an RSA and an SM2 container, against the fewest there can be. */
static void exchanges(const char *trace)
{
    /* who is it, open its application; a random and the PIN; two records, the names; of each
     * container what is in it, and of the RSA one its handle and two certificates; the signature */
    const double fewest = 2 + 2 + 3 + 2 + 3 + 1;
    double ratios[ROUNDS];
    char line[8192];
    CK_FUNCTION_LIST *f = load(getenv("P11_MODULE"));
    for (int i = 0; i < ROUNDS; i++) {
        unsigned n = 0;
        if (truncate(trace, 0) != 0 && errno != ENOENT)
            die(trace);
        (void)first_signature(f, CKM_SHA256_RSA_PKCS);
        FILE *in = fopen(trace, "r");
        while (in && fgets(line, sizeof line, in))
            n += strstr(line, " x ") != NULL;
        if (in)
            (void)fclose(in);
        ratios[i] = n ? (double)n / fewest : 99;
    }
    row("first-signature-exchanges/fewest", ratios, 1.00, true);
}

/* --- behind pcscd
 * -------------------------------------------------------------------------------*/

static double median_of(double *times, size_t n)
{
    qsort(times, n, sizeof *times, by_size);
    return times[n / 2];
}

/* The command of the last signature, as the trace has it. */
static size_t last_command(const char *trace, uint8_t *out, size_t size)
{
    char line[4096], best[4096] = "";
    FILE *in = fopen(trace, "r");
    while (in && fgets(line, sizeof line, in))
        if (strstr(line, " x 8058"))
            memcpy(best, strstr(line, " x 8058") + 3,
                   sizeof best - (size_t)(strstr(line, " x 8058") + 3 - line));
    if (in)
        (void)fclose(in);
    size_t n = 0;
    unsigned byte;
    while (n < size && sscanf(best + 2 * n, "%2x", &byte) == 1 && best[2 * n] != ' ')
        out[n++] = (uint8_t)byte;
    if (!n)
        die("no signature in the trace");
    return n;
}

static double raw_once(SCARDHANDLE card, const uint8_t *cmd, size_t len)
{
    uint8_t answer[1024];
    DWORD n = sizeof answer;
    double begin = now();
    if (SCardTransmit(card, SCARD_PCI_T1, cmd, len, NULL, answer, &n) != SCARD_S_SUCCESS || n < 200)
        die("SCardTransmit");
    return now() - begin;
}

static SCARDHANDLE connect_bare(void)
{
    SCARDCONTEXT context;
    SCARDHANDLE card = 0;
    char names[1024];
    DWORD len = sizeof names, protocol = 0;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) ||
        SCardListReaders(context, NULL, names, &len) ||
        SCardConnect(context, names, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T1, &card, &protocol))
        die("no reader");
    return card;
}

/* Signatures in `seconds` by `n` processes; each's number. */
static void processes(unsigned n, double seconds, unsigned long counts[8])
{
    int start[2], result[8][2];
    if (pipe(start))
        die("pipe");
    for (unsigned i = 0; i < n; i++) {
        if (pipe(result[i]))
            die("pipe");
        if (fork() == 0) {
            char go;
            unsigned long count = 0;
            CK_FUNCTION_LIST *f = load(getenv("P11_MODULE"));
            must(f->C_Initialize(NULL), "C_Initialize");
            struct side x = ours(f, 0, CKM_SHA256_RSA_PKCS);
            sign_p11(&x);
            (void)close(start[1]);
            (void)!read(start[0], &go, 1); /* ends for all at once */
            for (double end = now() + seconds; now() < end; count++)
                sign_p11(&x);
            (void)!write(result[i][1], &count, sizeof count);
            _exit(0);
        }
    }
    (void)sleep(3); /* all logged in */
    (void)close(start[0]);
    (void)close(start[1]);
    for (unsigned i = 0; i < n; i++) {
        if (read(result[i][0], &counts[i], sizeof counts[i]) != sizeof counts[i])
            die("a process ended");
        (void)close(result[i][0]);
        (void)close(result[i][1]);
    }
    while (wait(NULL) > 0)
        ;
}

static void pcsc(void)
{
    enum { TIMES = 200 };
    uint8_t cmd[1024];
    double ratios[ROUNDS], fair[ROUNDS], total[ROUNDS];
    CK_FUNCTION_LIST *f = load(getenv("P11_MODULE"));
    for (int round = 0; round < ROUNDS; round++) {
        unsigned long one[8] = {0}, eight[8] = {0}, sum = 0, least = (unsigned long)-1, most = 0;
        processes(1, 4, one);
        processes(8, 10, eight);
        for (int i = 0; i < 8; i++) {
            sum += eight[i];
            least = eight[i] < least ? eight[i] : least;
            most = eight[i] > most ? eight[i] : most;
        }
        total[round] = (double)sum / 10 / ((double)one[0] / 4);
        fair[round] = (double)least / (double)most;
    }
    must(f->C_Initialize(NULL), "C_Initialize");
    struct side x = ours(f, 0, CKM_SHA256_RSA_PKCS);
    sign_p11(&x);
    size_t len = last_command(getenv("BENCH_TRACE"), cmd, sizeof cmd);
    SCARDHANDLE card = connect_bare();
    for (int round = 0; round < ROUNDS; round++) {
        double us[TIMES], bare[TIMES];
        for (int i = 0; i < TIMES; i++) {
            double begin = now();
            sign_p11(&x);
            us[i] = now() - begin;
            bare[i] = raw_once(card, cmd, len);
        }
        ratios[round] = median_of(us, TIMES) / median_of(bare, TIMES);
    }
    row("pcsc-sign/bare-command", ratios, 1.30, true);
    row("eight-processes/one", total, 0.90, false);
    row("slowest/fastest-of-eight", fair, 0.50, false);
    must(f->C_Finalize(NULL), "C_Finalize");
}

static void nobody(void)
{
    double ratios[ROUNDS];
    CK_FUNCTION_LIST *f = load(getenv("P11_MODULE"));
    for (int i = 0; i < ROUNDS; i++) {
        CK_ULONG n = 0;
        double begin = now();
        must(f->C_Initialize(NULL), "C_Initialize");
        must(f->C_GetSlotList(0, NULL, &n), "C_GetSlotList");
        ratios[i] = (now() - begin) / 0.005;
        if (n)
            die("somebody is there");
        must(f->C_Finalize(NULL), "C_Finalize");
    }
    row("no-daemon/5-ms", ratios, 1.00, true);
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
    else if (strcmp(what, "pcsc") == 0)
        pcsc();
    else if (strcmp(what, "nobody") == 0)
        nobody();
    else
        die("in-process, first, two-keys, exchanges TRACE, pcsc or nobody");
    return 0;
}
