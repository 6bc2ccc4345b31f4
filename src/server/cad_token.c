/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cad_token.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "pkcs11/bjca-pkcs11.h"

#define SLOTS 64u
#define MAKE_BITS 2048u

struct bk_cad_token {
    void *handle;
    CK_FUNCTION_LIST *p11; /* initialised */
    struct bk_secret pin;
    pthread_mutex_t lock;
};

static enum bk_err from_rv(CK_RV rv)
{
    switch (rv) {
    case CKR_OK:
        return BK_OK;
    case CKR_HOST_MEMORY:
        return BK_ENOMEM;
    case CKR_PIN_INCORRECT:
        return BK_EPIN_WRONG;
    case CKR_PIN_LOCKED:
        return BK_EPIN_LOCKED;
    case CKR_MECHANISM_INVALID:
    case CKR_FUNCTION_NOT_SUPPORTED:
        return BK_EUNSUPPORTED;
    default:
        return BK_EIO;
    }
}

static enum bk_err said(char *why, size_t size, const char *what, CK_RV rv)
{
    (void)snprintf(why, size, "the PKCS#11 token: %s: CKR_ %lx", what, rv);
    return from_rv(rv);
}

/* --- opening --- */

static enum bk_err read_pin(struct bk_cad_token *token, const char *path, char *why, size_t size)
{
    struct stat st;
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = stat(path, &st) != 0                         ? BK_ENOTFOUND
                      : st.st_uid != geteuid() || st.st_mode & 077 ? BK_EDENIED
                                                                   : bk_file_read(path, 256, &text);
    size_t len = 0;
    while (err == BK_OK && len < text.len && text.data[len] != '\n' && text.data[len] != '\r')
        len++;
    if (err == BK_OK)
        err = len ? bk_secret_set(&token->pin, text.data, len) : BK_EFORMAT;
    if (err != BK_OK)
        (void)snprintf(why, size, "%.300s can't be taken for the token's PIN (%s)", path,
                       bk_err_name(err));
    bk_buf_free(&text);
    return err;
}

static enum bk_err load(struct bk_cad_token *token, const char *path, char *why, size_t size)
{
    CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
    token->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    /* ISO C has no cast from void * to a function; POSIX promises that this works */
    void *symbol = token->handle ? dlsym(token->handle, "C_GetFunctionList") : NULL;
    memcpy(&get, &symbol, sizeof get);
    CK_FUNCTION_LIST *list = NULL;
    if (!get || get(&list) != CKR_OK || !list) {
        (void)snprintf(why, size, "%.300s is no PKCS#11 module", path);
        return BK_EFORMAT;
    }
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    CK_RV rv = list->C_Initialize(&args);
    if (rv != CKR_OK)
        return said(why, size, "C_Initialize", rv);
    token->p11 = list;
    return BK_OK;
}

enum bk_err bk_cad_token_open(const struct bk_cad_token_options *options,
                              struct bk_cad_token **token, char *why, size_t size)
{
    struct bk_cad_token *t = calloc(1, sizeof *t);
    *token = NULL;
    if (!t)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&t->lock, NULL);
    enum bk_err err = read_pin(t, options->pin_file, why, size);
    if (err == BK_OK)
        err = load(t, options->module, why, size);
    if (err != BK_OK)
        bk_cad_token_close(&t);
    *token = t;
    return err;
}

void bk_cad_token_close(struct bk_cad_token **token)
{
    struct bk_cad_token *t = *token;
    if (!t)
        return;
    if (t->p11)
        (void)t->p11->C_Finalize(NULL);
    if (t->handle)
        (void)dlclose(t->handle);
    bk_secret_free(&t->pin);
    free(t);
    *token = NULL;
}

/* --- keys --- */

static bool has_label(const struct bk_cad_token_key *key, CK_SLOT_ID slot)
{
    CK_TOKEN_INFO info;
    size_t len = strlen(key->token_label);
    if (key->token->p11->C_GetTokenInfo(slot, &info) != CKR_OK ||
        memcmp(info.label, key->token_label, len) != 0)
        return false;
    while (len < sizeof info.label && info.label[len] == ' ')
        len++;
    return len == sizeof info.label;
}

static enum bk_err open_session(struct bk_cad_token_key *key, CK_SLOT_ID slot, char *why,
                                size_t size)
{
    const struct bk_cad_token *token = key->token;
    CK_RV rv = token->p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                         &key->session);
    if (rv != CKR_OK)
        return said(why, size, "C_OpenSession", rv);
    key->open = true;
    rv = token->p11->C_Login(key->session, CKU_USER, token->pin.data, (CK_ULONG)token->pin.len);
    return rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN ? BK_OK
                                                            : said(why, size, "C_Login", rv);
}

static void close_session(struct bk_cad_token_key *key)
{
    if (key->open)
        (void)key->token->p11->C_CloseSession(key->session);
    key->open = false;
}

static CK_RV find(const struct bk_cad_token_key *key, CK_OBJECT_CLASS class,
                  CK_OBJECT_HANDLE found[2], CK_ULONG *count)
{
    CK_FUNCTION_LIST *p11 = key->token->p11;
    CK_KEY_TYPE type = key->alg == BK_ALG_SM2 ? CKK_SM2 : CKK_RSA;
    CK_ATTRIBUTE which[] = {{CKA_CLASS, &class, sizeof class},
                            {CKA_KEY_TYPE, &type, sizeof type},
                            {CKA_LABEL, (void *)(uintptr_t)key->label, strlen(key->label)}};
    CK_RV rv = p11->C_FindObjectsInit(key->session, which, 3);
    if (rv != CKR_OK)
        return rv;
    rv = p11->C_FindObjects(key->session, found, 2, count);
    (void)p11->C_FindObjectsFinal(key->session);
    return rv;
}

static enum bk_err read_rsa(const struct bk_cad_token_key *key, CK_OBJECT_HANDLE object,
                            struct bk_pubkey *pub)
{
    uint8_t n[BK_RSA_MAX], e[8];
    CK_ATTRIBUTE parts[] = {{CKA_MODULUS, n, sizeof n}, {CKA_PUBLIC_EXPONENT, e, sizeof e}};
    CK_RV rv = key->token->p11->C_GetAttributeValue(key->session, object, parts, 2);
    return rv == CKR_OK ? bk_pubkey_rsa(n, parts[0].ulValueLen, e, parts[1].ulValueLen, pub)
                        : from_rv(rv);
}

/* CKA_EC_POINT: 04 ‖ X ‖ Y in an OCTET STRING. */
static enum bk_err read_sm2(const struct bk_cad_token_key *key, CK_OBJECT_HANDLE object,
                            struct bk_pubkey *pub)
{
    uint8_t point[80];
    CK_ATTRIBUTE part = {CKA_EC_POINT, point, sizeof point};
    CK_RV rv = key->token->p11->C_GetAttributeValue(key->session, object, &part, 1);
    if (rv != CKR_OK)
        return from_rv(rv);
    return part.ulValueLen == 67 && point[0] == 0x04 && point[1] == 65 && point[2] == 0x04
               ? bk_pubkey_sm2(point + 3, point + 35, pub)
               : BK_EFORMAT;
}

static enum bk_err make_rsa(const struct bk_cad_token_key *key, char *why, size_t size)
{
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG bits = MAKE_BITS;
    CK_BYTE e[] = {1, 0, 1};
    CK_OBJECT_HANDLE made[2];
    CK_MECHANISM generate = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t)key->label, strlen(key->label)};
    CK_ATTRIBUTE pub[] = {{CKA_TOKEN, &yes, sizeof yes},
                          {CKA_MODULUS_BITS, &bits, sizeof bits},
                          {CKA_PUBLIC_EXPONENT, e, sizeof e},
                          {CKA_VERIFY, &yes, sizeof yes},
                          label};
    CK_ATTRIBUTE priv[] = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                           {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
                           {CKA_SIGN, &yes, sizeof yes},      label};
    CK_RV rv = key->token->p11->C_GenerateKeyPair(key->session, &generate, pub, 5, priv, 6,
                                                  &made[0], &made[1]);
    return rv == CKR_OK ? BK_OK : said(why, size, "C_GenerateKeyPair", rv);
}

/* In the session that is open: BK_ENOTFOUND when it isn't in this slot. */
static enum bk_err take_key(struct bk_cad_token_key *key, char *why, size_t size)
{
    CK_OBJECT_HANDLE found[2] = {0};
    CK_ULONG n = 0;
    CK_RV rv = find(key, CKO_PRIVATE_KEY, found, &n);
    if (rv != CKR_OK)
        return said(why, size, "C_FindObjects", rv);
    if (n != 1) {
        (void)snprintf(why, size, "the PKCS#11 token has %s private key \"%s\"",
                       n ? "more than one" : "no", key->label);
        return n ? BK_EEXISTS : BK_ENOTFOUND;
    }
    CK_OBJECT_HANDLE private = found[0];
    rv = find(key, CKO_PUBLIC_KEY, found, &n);
    if (rv != CKR_OK || n != 1) {
        (void)snprintf(why, size, "the PKCS#11 token has no public key \"%s\"", key->label);
        return BK_ENOTFOUND;
    }
    enum bk_err err = key->alg == BK_ALG_SM2 ? read_sm2(key, found[0], &key->pub)
                                             : read_rsa(key, found[0], &key->pub);
    if (err != BK_OK)
        (void)snprintf(why, size, "the public key \"%s\" of the PKCS#11 token can't be read (%s)",
                       key->label, bk_err_name(err));
    else
        key->object = private;
    return err;
}

/* A module may have a token in several slots, one for each kind of key: all are gone through. The
 * session stays open in the one that has it, or else in the last. */
static enum bk_err look_for(struct bk_cad_token_key *key, bool make, char *why, size_t size)
{
    const struct bk_cad_token *token = key->token;
    CK_SLOT_ID slots[SLOTS];
    CK_ULONG n = SLOTS;
    CK_RV rv = token->p11->C_GetSlotList(CK_TRUE, slots, &n);
    if (rv != CKR_OK)
        return said(why, size, "C_GetSlotList", rv);
    enum bk_err err = BK_ENOTFOUND;
    (void)snprintf(why, size, "there is no PKCS#11 token \"%s\"", key->token_label);
    for (CK_ULONG i = 0; err == BK_ENOTFOUND && i < n; i++) {
        if (!has_label(key, slots[i]))
            continue;
        close_session(key);
        err = open_session(key, slots[i], why, size);
        if (err == BK_OK)
            err = take_key(key, why, size);
    }
    if (err == BK_ENOTFOUND && make && key->open && key->alg == BK_ALG_RSA &&
        (err = make_rsa(key, why, size)) == BK_OK)
        err = take_key(key, why, size);
    return err;
}

/* One attribute's value, percent-decoded (RFC 7512 clause 2.3), up to `;`. */
static enum bk_err take_value(const char **uri, char *out, size_t size)
{
    struct bk_buf byte = BK_BUF_INIT;
    enum bk_err err = *out ? BK_EFORMAT : BK_OK; /* given twice */
    size_t n = 0;
    while (err == BK_OK && **uri && **uri != ';') {
        bk_buf_clear(&byte);
        bool coded = **uri == '%';
        err = !coded                   ? bk_buf_put(&byte, *uri, 1)
              : (*uri)[1] && (*uri)[2] ? bk_hex_decode(*uri + 1, 2, &byte)
                                       : BK_EFORMAT;
        if (err == BK_OK && (n + 1 >= size || !byte.data[0]))
            err = BK_EFORMAT;
        if (err == BK_OK)
            out[n++] = (char)byte.data[0];
        *uri += coded ? 3 : 1;
    }
    out[n] = 0;
    bk_buf_free(&byte);
    return err == BK_OK && !n ? BK_EFORMAT : err;
}

static enum bk_err read_uri(const char *uri, struct bk_cad_token_key *key)
{
    enum bk_err err = strncmp(uri, "pkcs11:", 7) == 0 ? BK_OK : BK_EFORMAT;
    for (uri += err == BK_OK ? 7 : 0; err == BK_OK && *uri; uri += *uri == ';') {
        bool token = strncmp(uri, "token=", 6) == 0, object = strncmp(uri, "object=", 7) == 0;
        uri += token ? 6 : object ? 7 : 0;
        err = token    ? take_value(&uri, key->token_label, sizeof key->token_label)
              : object ? take_value(&uri, key->label, sizeof key->label)
                       : BK_EFORMAT;
    }
    return err == BK_OK && (!*key->token_label || !*key->label) ? BK_EFORMAT : err;
}

enum bk_err bk_cad_token_key(struct bk_cad_token *token, enum bk_alg alg, const char *uri,
                             bool make, struct bk_cad_token_key *key, char *why, size_t size)
{
    *key = (struct bk_cad_token_key){.token = token, .alg = alg};
    enum bk_err err = read_uri(uri, key);
    if (err == BK_OK)
        err = look_for(key, make, why, size);
    else
        (void)snprintf(why, size, "%.200s is no PKCS#11 URI of a token and an object", uri);
    if (err != BK_OK)
        key->label[0] = 0;
    return err;
}

static CK_RV sign_once(const struct bk_cad_token_key *key, const uint8_t *in, size_t len,
                       CK_BYTE *out, CK_ULONG *out_len)
{
    CK_FUNCTION_LIST *p11 = key->token->p11;
    CK_MECHANISM how = {key->alg == BK_ALG_SM2 ? CKM_SM2_SIGN_NO_DER : CKM_RSA_PKCS, NULL, 0};
    CK_RV rv =
        key->open ? p11->C_SignInit(key->session, &how, key->object) : CKR_SESSION_HANDLE_INVALID;
    return rv == CKR_OK
               ? p11->C_Sign(key->session, (CK_BYTE *)(uintptr_t)in, (CK_ULONG)len, out, out_len)
               : rv;
}

static bool may_be_back(CK_RV rv)
{
    return rv == CKR_SESSION_HANDLE_INVALID || rv == CKR_SESSION_CLOSED ||
           rv == CKR_DEVICE_REMOVED || rv == CKR_TOKEN_NOT_PRESENT ||
           rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_KEY_HANDLE_INVALID;
}

static enum bk_err sign(struct bk_cad_token_key *key, const uint8_t *in, size_t len,
                        struct bk_buf *signature)
{
    char why[256] = "";
    CK_BYTE out[BK_RSA_MAX];
    CK_ULONG n = sizeof out;
    CK_RV rv = sign_once(key, in, len, out, &n);
    if (may_be_back(rv)) {
        struct bk_cad_token_key found = *key; /* others read its public key */
        enum bk_err err = look_for(&found, false, why, sizeof why);
        if (err == BK_OK && !bk_pubkey_equal(&found.pub, &key->pub))
            err = BK_EVERIFY; /* another token of that name */
        key->session = found.session;
        key->object = found.object;
        key->open = found.open;
        if (err != BK_OK) {
            bk_log(BK_LOG_ERROR, "cad: %s", *why ? why : bk_err_name(err));
            return err;
        }
        n = sizeof out;
        rv = sign_once(key, in, len, out, &n);
    }
    if (rv != CKR_OK)
        bk_log(BK_LOG_ERROR, "cad: the PKCS#11 token doesn't sign: %lx", rv);
    return rv == CKR_OK ? bk_buf_put(signature, out, n) : from_rv(rv);
}

enum bk_err bk_cad_token_sign(void *context, const uint8_t *in, size_t len,
                              struct bk_buf *signature)
{
    struct bk_cad_token_key *key = context;
    (void)pthread_mutex_lock(&key->token->lock); /* a session has one signature at a time */
    enum bk_err err = sign(key, in, len, signature);
    (void)pthread_mutex_unlock(&key->token->lock);
    return err;
}
