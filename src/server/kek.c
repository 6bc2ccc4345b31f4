/* SPDX-License-Identifier: Apache-2.0 */
#include "server/kek.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/ctx.h"
#include "server/p11_parts.h"

#define MAGIC "BJK2"
#define HEAD (4u + 1u) /* and the URI */
#define URI_MAX 255u
#define NONCE 12u
#define TAG 16u
#define KEY 32u
#define PLAIN_MAX 4096u

/* A module is opened when it is needed and stays so: what is read again finds the token anew. */
struct bk_kek {
    char *uri;
    struct bk_p11_options options[2]; /* copies */
    struct bk_p11 *p11[2];            /* of uri, and of any other */
};

static enum bk_err copy(const char **to, const char *text)
{
    *to = text ? strdup(text) : NULL;
    return text && !*to ? BK_ENOMEM : BK_OK;
}

enum bk_err bk_kek_new(const struct bk_kek_options *options, struct bk_kek **kek)
{
    static const struct bk_kek_options none = {.uri = NULL};
    const struct bk_kek_options *o = options ? options : &none;
    struct bk_kek *k = *kek = calloc(1, sizeof *k);
    if (!k)
        return BK_ENOMEM;
    const char *former = o->former.module ? o->former.module : o->token.module;
    const char *former_pin = o->former.pin_file ? o->former.pin_file : o->token.pin_file;
    k->uri = o->uri ? strdup(o->uri) : NULL;
    enum bk_err err = o->uri && !k->uri ? BK_ENOMEM : BK_OK;
    if (err == BK_OK)
        err = copy(&k->options[0].module, o->token.module);
    if (err == BK_OK)
        err = copy(&k->options[0].pin_file, o->token.pin_file);
    if (err == BK_OK)
        err = copy(&k->options[0].refused, o->token.refused);
    if (err == BK_OK)
        err = copy(&k->options[1].refused, o->former.refused);
    if (err == BK_OK)
        err = copy(&k->options[1].module, former);
    if (err == BK_OK)
        err = copy(&k->options[1].pin_file, former_pin);
    if (err != BK_OK)
        bk_kek_free(kek);
    return err;
}

void bk_kek_free(struct bk_kek **kek)
{
    struct bk_kek *k = *kek;
    if (!k)
        return;
    for (int i = 1; i >= 0; i--) { /* the first may have begun the module for both */
        bk_p11_close(&k->p11[i]);
        free((void *)(uintptr_t)k->options[i].module);
        free((void *)(uintptr_t)k->options[i].pin_file);
        free((void *)(uintptr_t)k->options[i].refused);
    }
    free(k->uri);
    free(k);
    *kek = NULL;
}

bool bk_kek_is_sealed(const struct bk_buf *bytes)
{
    return bytes->len > HEAD && memcmp(bytes->data, MAGIC, 4) == 0;
}

/* The URI that stands in it. */
static enum bk_err read_head(const struct bk_buf *bytes, char uri[URI_MAX + 1])
{
    size_t len = bytes->data[4];
    if (bytes->len < HEAD + len + NONCE + TAG || memchr(bytes->data + HEAD, 0, len))
        return BK_ECORRUPT;
    memcpy(uri, bytes->data + HEAD, len);
    uri[len] = 0;
    return BK_OK;
}

bool bk_kek_current(const struct bk_kek *kek, const struct bk_buf *bytes)
{
    char uri[URI_MAX + 1];
    if (!bk_kek_is_sealed(bytes) || read_head(bytes, uri) != BK_OK)
        return !kek->uri && !bk_kek_is_sealed(bytes);
    return kek->uri && strcmp(uri, kek->uri) == 0;
}

/* --- the key --- */

struct key {
    struct bk_p11 *p11;
    struct bk_p11_name name;
    struct bk_p11_session session;
    CK_OBJECT_HANDLE object;
};

static enum bk_err take_key(void *context, CK_SESSION_HANDLE session, char *why, size_t size)
{
    struct key *key = context;
    CK_OBJECT_HANDLE found[2] = {0};
    CK_ULONG n = 0;
    CK_RV rv = bk_p11_find(key->p11, session, CKO_SECRET_KEY, CKK_AES, key->name.object, found, &n);
    if (rv != CKR_OK)
        return bk_p11_said(why, size, "C_FindObjects", rv);
    key->object = found[0];
    if (n == 1)
        return BK_OK;
    (void)snprintf(why, size, "the PKCS#11 token has %s AES key \"%s\"", n ? "more than one" : "no",
                   key->name.object);
    return n ? BK_EEXISTS : BK_ENOTFOUND;
}

static enum bk_err make_key(struct key *key, char *why, size_t size)
{
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG len = KEY;
    CK_MECHANISM generate = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE secret[] = {
        {CKA_TOKEN, &yes, sizeof yes},
        {CKA_PRIVATE, &yes, sizeof yes},
        {CKA_SENSITIVE, &yes, sizeof yes},
        {CKA_EXTRACTABLE, &no, sizeof no},
        {CKA_ENCRYPT, &yes, sizeof yes},
        {CKA_DECRYPT, &yes, sizeof yes},
        {CKA_VALUE_LEN, &len, sizeof len},
        {CKA_LABEL, (void *)(uintptr_t)key->name.object, strlen(key->name.object)}};
    CK_RV rv = key->p11->list->C_GenerateKey(key->session.handle, &generate, secret,
                                             sizeof secret / sizeof *secret, &key->object);
    return rv == CKR_OK ? BK_OK : bk_p11_said(why, size, "C_GenerateKey", rv);
}

/* SoftHSM2 writes a token's file at each log-in, and whoever reads it meanwhile doesn't find it: it
 * is looked for again before it counts as away. */
static enum bk_err look(struct key *key, char *why, size_t size)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    enum bk_err err = BK_OK;
    for (int tries = 0; tries < 6; tries++) {
        err = bk_p11_look(key->p11, key->name.token, take_key, key, &key->session, why, size);
        if (err != BK_ENOTFOUND || key->session.open)
            break;
        (void)nanosleep(&pause, NULL);
    }
    return err;
}

static enum bk_err find_key(struct bk_kek *kek, const char *uri, bool make, struct key *key,
                            char *why, size_t size)
{
    bool other = !kek->uri || strcmp(uri, kek->uri) != 0;
    const struct bk_p11_options *o = &kek->options[other];
    enum bk_err err = BK_OK;
    *key = (struct key){.p11 = kek->p11[other]};
    if (!o->module || !o->pin_file) {
        (void)snprintf(why, size,
                       "the keys are under %.200s: [secrets] pkcs11-module and pkcs11-pin-file have"
                       " to be set",
                       uri);
        return BK_EINVAL;
    }
    if (!key->p11) {
        err = bk_p11_open(o, &kek->p11[other], why, size);
        key->p11 = kek->p11[other];
    }
    if (err == BK_OK)
        err = bk_p11_read_uri(uri, &key->name, why, size);
    if (err == BK_OK)
        err = look(key, why, size);
    if (err == BK_ENOTFOUND && make && key->session.open)
        err = make_key(key, why, size);
    return err;
}

static CK_GCM_PARAMS gcm(const uint8_t *head, size_t head_len)
{
    return (CK_GCM_PARAMS){.pIv = (void *)(uintptr_t)(head + head_len),
                           .ulIvLen = NONCE,
                           .ulIvBits = NONCE * 8,
                           .pAAD = (void *)(uintptr_t)head,
                           .ulAADLen = head_len,
                           .ulTagBits = TAG * 8};
}

/* --- the file --- */

static enum bk_err encrypt(const struct key *key, const struct bk_secret *plain, struct bk_buf *out,
                           char *why, size_t size)
{
    const CK_FUNCTION_LIST *p11 = key->p11->list;
    size_t head = out->len - NONCE;
    CK_ULONG n = plain->len + TAG;
    enum bk_err err = bk_buf_put_zero(out, plain->len + TAG);
    if (err != BK_OK)
        return err;
    CK_GCM_PARAMS params = gcm(out->data, head);
    CK_MECHANISM how = {CKM_AES_GCM, &params, sizeof params};
    CK_RV rv = p11->C_EncryptInit(key->session.handle, &how, key->object);
    if (rv == CKR_OK)
        rv = p11->C_Encrypt(key->session.handle, plain->data, plain->len, out->data + head + NONCE,
                            &n);
    if (rv != CKR_OK)
        return bk_p11_said(why, size, "AES-GCM", rv);
    return n == plain->len + TAG ? BK_OK : BK_ECRYPTO;
}

enum bk_err bk_kek_seal(struct bk_kek *kek, const struct bk_secret *plain, struct bk_buf *out,
                        char *why, size_t size)
{
    struct key key = {.p11 = NULL};
    size_t len = kek->uri ? strlen(kek->uri) : 0;
    *why = 0;
    if (!kek->uri)
        return bk_buf_put(out, plain->data, plain->len);
    enum bk_err err = len <= URI_MAX && plain->len <= PLAIN_MAX ? BK_OK : BK_ELIMIT;
    if (err == BK_OK)
        err = find_key(kek, kek->uri, true, &key, why, size);
    if (err == BK_OK)
        err = bk_buf_put(out, MAGIC, 4);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)len);
    if (err == BK_OK)
        err = bk_buf_put(out, kek->uri, len);
    if (err == BK_OK)
        err = bk_buf_put_zero(out, NONCE);
    if (err == BK_OK)
        err = bk_random(out->data + out->len - NONCE, NONCE);
    if (err == BK_OK)
        err = encrypt(&key, plain, out, why, size);
    if (key.p11)
        bk_p11_end(key.p11, &key.session);
    return err == BK_ENOTFOUND ? BK_ESTATE : err;
}

static enum bk_err decrypt(const struct key *key, const struct bk_buf *bytes, size_t head,
                           struct bk_secret *plain, char *why, size_t size)
{
    const CK_FUNCTION_LIST *p11 = key->p11->list;
    CK_GCM_PARAMS params = gcm(bytes->data, head);
    CK_MECHANISM how = {CKM_AES_GCM, &params, sizeof params};
    size_t len = bytes->len - head - NONCE;
    CK_ULONG n = len; /* a module may want room for the tag, too */
    enum bk_err err = bk_secret_set(plain, NULL, len);
    if (err != BK_OK)
        return err;
    CK_RV rv = p11->C_DecryptInit(key->session.handle, &how, key->object);
    if (rv == CKR_OK)
        rv = p11->C_Decrypt(key->session.handle, bytes->data + head + NONCE, len, plain->data, &n);
    if (rv == CKR_OK && n == len - TAG) {
        plain->len = n;
        return BK_OK;
    }
    bk_secret_free(plain);
    if (rv == CKR_GENERAL_ERROR || rv == CKR_ENCRYPTED_DATA_INVALID || rv == CKR_OK) {
        (void)snprintf(why, size, "the key \"%s\" of the PKCS#11 token doesn't open it",
                       key->name.object);
        return BK_EVERIFY;
    }
    return bk_p11_said(why, size, "AES-GCM", rv);
}

enum bk_err bk_kek_open(struct bk_kek *kek, const struct bk_buf *bytes, struct bk_secret *plain,
                        char *why, size_t size)
{
    char uri[URI_MAX + 1];
    struct key key = {.p11 = NULL};
    *why = 0;
    if (!bk_kek_is_sealed(bytes))
        return bk_secret_set(plain, bytes->data, bytes->len);
    enum bk_err err = read_head(bytes, uri);
    if (err == BK_OK)
        err = find_key(kek, uri, false, &key, why, size);
    if (err == BK_OK)
        err = decrypt(&key, bytes, HEAD + strlen(uri), plain, why, size);
    if (key.p11)
        bk_p11_end(key.p11, &key.session);
    /* a token that is away mustn't look like a file that is */
    return err == BK_ENOTFOUND ? BK_ESTATE : err;
}
