/* SPDX-License-Identifier: Apache-2.0 */
#include "soak_client.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct soak *soak;
struct modhost soak_host;

/* What Check's macros in the test's CA call: there is no runner here, and a failure ends the
 * client. */
void _mark_point(const char *file, int line)
{
    (void)file;
    (void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expr, const char *msg, ...)
{
    va_list args;
    (void)fprintf(stderr, "%s:%d: %s ", file, line, expr);
    va_start(args, msg);
    if (msg)
        (void)vfprintf(stderr, msg, args);
    va_end(args);
    (void)fputc('\n', stderr);
    abort();
}

double soak_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void soak_nap(unsigned ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    (void)nanosleep(&t, NULL);
}

/* splitmix64 */
unsigned soak_random(unsigned long *seed, unsigned limit)
{
    unsigned long z = *seed += 0x9e3779b97f4a7c15ul;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ul;
    z = (z ^ z >> 27) * 0x94d049bb133111ebul;
    return (unsigned)((z ^ z >> 31) % limit);
}

void soak_begin(struct soak_client *c, const char *call)
{
    (void)snprintf(c->call, sizeof c->call, "%s", call);
    c->since = soak_now();
}

static bool allowed(const struct soak_client *c, CK_RV rv)
{
    switch (rv) {
    case CKR_OK:
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SESSION_HANDLE_INVALID:
        return true;
    case CKR_USER_ALREADY_LOGGED_IN:
        return c->shared_login && strcmp(c->call, "C_Login") == 0;
    case CKR_USER_NOT_LOGGED_IN: /* the other thread has come back to a key that was pulled */
        return c->shared_login;
    case CKR_KEY_HANDLE_INVALID: /* its generation is history, or gone */
    case CKR_OBJECT_HANDLE_INVALID:
        return c->renewed;
    case CKR_ENCRYPTED_DATA_INVALID: /* the client looks whether it is for the key of before */
        return c->renewed && strcmp(c->call, "C_Decrypt") == 0;
    case CKR_NO_EVENT:
        return strcmp(c->call, "C_WaitForSlotEvent") == 0;
    default:
        return false;
    }
}

static void keep_strange(struct soak_client *c, CK_RV rv)
{
    struct soak_strange *s = c->strange;
    for (int i = 0; i < SOAK_STRANGE; i++, s++) {
        if (s->n && (s->rv != rv || strcmp(s->call, c->call) != 0))
            continue;
        memcpy(s->call, c->call, sizeof s->call);
        s->rv = rv;
        s->n++;
        return;
    }
}

CK_RV soak_end(struct soak_client *c, CK_RV rv)
{
    double took = soak_now() - c->since;
    bool waits = strcmp(c->call, "C_WaitForSlotEvent") == 0;
    c->since = 0;
    if (took > c->slowest && !waits) {
        c->slowest = took;
        memcpy(c->slowest_call, c->call, sizeof c->slowest_call);
    }
    if (rv == CKR_DEVICE_REMOVED || rv == CKR_SESSION_HANDLE_INVALID)
        COUNT(c, SOAK_CUT);
    if (!allowed(c, rv))
        keep_strange(c, rv);
    return rv;
}

void soak_wrong(struct soak_client *c, enum soak_count what, const char *format, ...)
{
    va_list args;
    COUNT(c, what);
    if (c->note[0])
        return;
    va_start(args, format);
    (void)vsnprintf(c->note, sizeof c->note, format, args);
    va_end(args);
}

void soak_load(struct soak_client *c)
{
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    mh_load(&soak_host, getenv("P11_MODULE"));
    (void)CALL(c, C_Initialize, &args);
}

CK_SESSION_HANDLE soak_session(struct soak_client *c, CK_SLOT_ID slot, bool login)
{
    const char *pin = getenv("KEY_PIN");
    while (atomic_load(&soak->phase) != SOAK_OVER) {
        CK_SESSION_HANDLE s = 0;
        CK_RV rv =
            CALL(c, C_OpenSession, slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s);
        if (rv == CKR_OK && login)
            rv = CALL(c, C_Login, s, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
        if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
            return s;
        if (s)
            (void)CALL(c, C_CloseSession, s);
        soak_nap(100);
    }
    return 0;
}

CK_OBJECT_HANDLE soak_find(struct soak_client *c, CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n,
                           CK_RV *rv)
{
    CK_OBJECT_HANDLE o = 0;
    CK_ULONG found = 0;
    *rv = CALL(c, C_FindObjectsInit, s, t, n);
    if (*rv == CKR_OK)
        *rv = CALL(c, C_FindObjects, s, &o, 1, &found);
    if (*rv == CKR_OK)
        *rv = CALL(c, C_FindObjectsFinal, s);
    return *rv == CKR_OK && found ? o : 0;
}

CK_OBJECT_HANDLE soak_find_key(struct soak_client *c, CK_SESSION_HANDLE s, CK_ATTRIBUTE_TYPE right,
                               CK_RV *rv)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_BBOOL yes = 1;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {right, &yes, 1}};
    return soak_find(c, s, t, 2, rv);
}

CK_RV soak_bytes(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o,
                 CK_ATTRIBUTE_TYPE type, CK_BYTE *value, CK_ULONG *len)
{
    CK_ATTRIBUTE a = {type, value, *len};
    CK_RV rv = CALL(c, C_GetAttributeValue, s, o, &a, 1);
    *len = a.ulValueLen;
    return rv;
}

CK_RV soak_certified(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
                     struct bk_pubkey *pub)
{
    CK_BYTE id[64], der[4096];
    CK_ULONG id_len = sizeof id, len = sizeof der;
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_RV rv = soak_bytes(c, s, key, CKA_ID, id, &id_len);
    if (rv != CKR_OK)
        return rv;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, id, id_len}};
    CK_OBJECT_HANDLE o = soak_find(c, s, t, 2, &rv);
    if (rv == CKR_OK && !o) { /* both went, if renewed twice since the key was found */
        id_len = sizeof id;
        rv = soak_bytes(c, s, key, CKA_ID, id, &id_len);
        if (rv == CKR_OK)
            soak_wrong(c, SOAK_BROKEN, "no certificate for a key");
        return rv == CKR_OK ? CKR_GENERAL_ERROR : rv;
    }
    if (rv == CKR_OK)
        rv = soak_bytes(c, s, o, CKA_VALUE, der, &len);
    if (rv == CKR_OK && bk_pubkey_from_cert(der, len, pub)) {
        soak_wrong(c, SOAK_BROKEN, "a certificate that can't be read, %lu bytes", len);
        return CKR_GENERAL_ERROR;
    }
    return rv;
}

static bool verifies(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key,
                     const CK_BYTE *text, CK_ULONG len, const CK_BYTE *sig, CK_ULONG sig_len,
                     CK_RV *rv)
{
    struct bk_pubkey pub;
    *rv = soak_certified(c, s, key, &pub);
    return *rv == CKR_OK && bk_pubkey_verify_message(&pub, text, len, sig, sig_len) == BK_OK;
}

/* A signature that the module reported is judged with the certificate that stands there then; where
 * it is renewed by another, before or after that. */
CK_RV soak_sign_once(struct soak_client *c, CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, bool sm2)
{
    CK_MECHANISM m = {sm2 ? CKM_SM3_SM2_DER : CKM_SHA256_RSA_PKCS, NULL, 0};
    CK_BYTE text[64], sig[512];
    CK_ULONG len = sizeof sig;
    struct bk_pubkey before;
    for (unsigned i = 0; i < sizeof text; i++)
        text[i] = (CK_BYTE)soak_random(&c->seed, 256);
    CK_RV rv = c->renewed ? soak_certified(c, s, key, &before) : CKR_OK;
    if (rv == CKR_OK)
        rv = CALL(c, C_SignInit, s, &m, key);
    if (rv == CKR_OK)
        rv = CALL(c, C_Sign, s, text, sizeof text, sig, &len);
    if (rv != CKR_OK)
        return rv;
    COUNT(c, SOAK_SIGNED);
    if (c->renewed && bk_pubkey_verify_message(&before, text, sizeof text, sig, len) == BK_OK)
        return CKR_OK;
    if (!verifies(c, s, key, text, sizeof text, sig, len, &rv) && rv == CKR_OK)
        soak_wrong(c, SOAK_SIGNED_WRONG, "a signature of %lu bytes doesn't verify", len);
    return rv;
}
