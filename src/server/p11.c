/* SPDX-License-Identifier: Apache-2.0 */
#include "server/p11.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "server/p11_parts.h"
#include "server/p11_refused.h"

#define SLOTS 64u

enum bk_err bk_p11_from_rv(CK_RV rv)
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

enum bk_err bk_p11_said(char *why, size_t size, const char *what, CK_RV rv)
{
    (void)snprintf(why, size, "the PKCS#11 token: %s: CKR_ %lx", what, rv);
    return bk_p11_from_rv(rv);
}

/* --- opening --- */

static enum bk_err read_pin(struct bk_p11 *p11, const char *path, char *why, size_t size)
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
        err = len ? bk_secret_set(&p11->pin, text.data, len) : BK_EFORMAT;
    if (err != BK_OK)
        (void)snprintf(why, size, "%.300s can't be taken for the token's PIN (%s)", path,
                       bk_err_name(err));
    bk_buf_free(&text);
    return err;
}

static enum bk_err load(struct bk_p11 *p11, const char *path, char *why, size_t size)
{
    CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;
    p11->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    /* ISO C has no cast from void * to a function; POSIX promises that this works */
    void *symbol = p11->handle ? dlsym(p11->handle, "C_GetFunctionList") : NULL;
    memcpy(&get, &symbol, sizeof get);
    CK_FUNCTION_LIST *list = NULL;
    if (!get || get(&list) != CKR_OK || !list) {
        (void)snprintf(why, size, "%.300s is no PKCS#11 module", path);
        return BK_EFORMAT;
    }
    CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
    CK_RV rv = list->C_Initialize(&args);
    p11->begun = rv == CKR_OK; /* else another one's, who ends it */
    if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
        return bk_p11_said(why, size, "C_Initialize", rv);
    p11->list = list;
    return BK_OK;
}

enum bk_err bk_p11_open(const struct bk_p11_options *options, struct bk_p11 **p11, char *why,
                        size_t size)
{
    struct bk_p11 *t = calloc(1, sizeof *t);
    *p11 = NULL;
    if (!t)
        return BK_ENOMEM;
    t->pin_file = strdup(options->pin_file);
    t->refused = strdup(options->refused);
    enum bk_err err =
        t->pin_file && t->refused ? read_pin(t, options->pin_file, why, size) : BK_ENOMEM;
    if (err == BK_OK)
        err = load(t, options->module, why, size);
    if (err != BK_OK)
        bk_p11_close(&t);
    *p11 = t;
    return err;
}

void bk_p11_close(struct bk_p11 **p11)
{
    struct bk_p11 *t = *p11;
    if (!t)
        return;
    if (t->begun)
        (void)t->list->C_Finalize(NULL);
    if (t->handle)
        (void)dlclose(t->handle);
    bk_secret_free(&t->pin);
    free(t->pin_file);
    free(t->refused);
    free(t);
    *p11 = NULL;
}

/* --- tokens --- */

static bool has_label(const CK_TOKEN_INFO *info, const char *label)
{
    size_t len = strlen(label);
    if (memcmp(info->label, label, len) != 0)
        return false;
    while (len < sizeof info->label && info->label[len] == ' ')
        len++;
    return len == sizeof info->label;
}

/* A daemon begins again and again: it is to use up no token's tries. */
static enum bk_err may_log_in(const struct bk_p11 *p11, const CK_TOKEN_INFO *info,
                              const char *label, char *why, size_t size)
{
    bool was = false;
    enum bk_err err = bk_p11_was_refused(p11->refused, label, &p11->pin, &was);
    if (err != BK_OK) {
        (void)snprintf(why, size, "%.300s: %s", p11->refused, bk_err_name(err));
    } else if (was) {
        (void)snprintf(why, size,
                       "the PIN in %.200s isn't tried again: the token has refused it. Should it"
                       " be right by now, take %.200s away",
                       p11->pin_file, p11->refused);
        err = BK_EPIN_WRONG;
    } else if (info->flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) {
        (void)snprintf(why, size, "the PIN of the token \"%s\" %s", label,
                       info->flags & CKF_USER_PIN_LOCKED
                           ? "is locked"
                           : "has one try left: log in to it by another program first");
        err = BK_EPIN_LOCKED;
    }
    return err;
}

static enum bk_err log_in(const struct bk_p11 *p11, CK_SESSION_HANDLE session, const char *label,
                          char *why, size_t size)
{
    CK_RV rv = p11->list->C_Login(session, CKU_USER, p11->pin.data, (CK_ULONG)p11->pin.len);
    if (rv == CKR_OK)
        bk_p11_forget_refused(p11->refused);
    if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
        return BK_OK;
    enum bk_err err = bk_p11_said(why, size, "C_Login", rv), noted = BK_OK;
    if (rv == CKR_PIN_INCORRECT)
        noted = bk_p11_note_refused(p11->refused, label, &p11->pin);
    if (noted != BK_OK)
        bk_log(BK_LOG_ERROR, "%s: %s", p11->refused, bk_err_name(noted));
    return err;
}

static enum bk_err open_session(struct bk_p11 *p11, CK_SLOT_ID slot, const CK_TOKEN_INFO *info,
                                const char *label, struct bk_p11_session *session, char *why,
                                size_t size)
{
    enum bk_err err = may_log_in(p11, info, label, why, size);
    if (err != BK_OK)
        return err;
    CK_RV rv = p11->list->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                        &session->handle);
    if (rv != CKR_OK)
        return bk_p11_said(why, size, "C_OpenSession", rv);
    session->open = true;
    return log_in(p11, session->handle, label, why, size);
}

void bk_p11_end(struct bk_p11 *p11, struct bk_p11_session *session)
{
    if (session->open)
        (void)p11->list->C_CloseSession(session->handle);
    session->open = false;
}

enum bk_err bk_p11_look(struct bk_p11 *p11, const char *label, bk_p11_take *take, void *context,
                        struct bk_p11_session *session, char *why, size_t size)
{
    CK_SLOT_ID slots[SLOTS];
    CK_ULONG n = SLOTS;
    CK_RV rv = p11->list->C_GetSlotList(CK_TRUE, slots, &n);
    if (rv != CKR_OK)
        return bk_p11_said(why, size, "C_GetSlotList", rv);
    enum bk_err err = BK_ENOTFOUND;
    (void)snprintf(why, size, "there is no PKCS#11 token \"%s\"", label);
    for (CK_ULONG i = 0; err == BK_ENOTFOUND && i < n; i++) {
        CK_TOKEN_INFO info;
        if (p11->list->C_GetTokenInfo(slots[i], &info) != CKR_OK || !has_label(&info, label))
            continue;
        bk_p11_end(p11, session);
        err = open_session(p11, slots[i], &info, label, session, why, size);
        if (err == BK_OK)
            err = take(context, session->handle, why, size);
    }
    return err;
}

CK_RV bk_p11_find(const struct bk_p11 *p11, CK_SESSION_HANDLE session, CK_OBJECT_CLASS class,
                  CK_KEY_TYPE type, const char *label, CK_OBJECT_HANDLE found[2], CK_ULONG *count)
{
    CK_ATTRIBUTE which[] = {{CKA_CLASS, &class, sizeof class},
                            {CKA_KEY_TYPE, &type, sizeof type},
                            {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    CK_RV rv = p11->list->C_FindObjectsInit(session, which, 3);
    if (rv != CKR_OK)
        return rv;
    rv = p11->list->C_FindObjects(session, found, 2, count);
    (void)p11->list->C_FindObjectsFinal(session);
    return rv;
}

/* --- names --- */

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

static enum bk_err read_parts(const char *uri, struct bk_p11_name *name)
{
    enum bk_err err = strncmp(uri, "pkcs11:", 7) == 0 ? BK_OK : BK_EFORMAT;
    for (uri += err == BK_OK ? 7 : 0; err == BK_OK && *uri; uri += *uri == ';') {
        bool token = strncmp(uri, "token=", 6) == 0, object = strncmp(uri, "object=", 7) == 0;
        uri += token ? 6 : object ? 7 : 0;
        err = token    ? take_value(&uri, name->token, sizeof name->token)
              : object ? take_value(&uri, name->object, sizeof name->object)
                       : BK_EFORMAT;
    }
    return err == BK_OK && (!*name->token || !*name->object) ? BK_EFORMAT : err;
}

enum bk_err bk_p11_read_uri(const char *uri, struct bk_p11_name *name, char *why, size_t size)
{
    *name = (struct bk_p11_name){.token = ""};
    enum bk_err err = read_parts(uri, name);
    if (err != BK_OK)
        (void)snprintf(why, size, "%.200s is no PKCS#11 URI of a token and an object", uri);
    return err;
}
