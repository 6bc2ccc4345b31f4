/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "base/signed.h"
#include "base/text.h"

#define DEFAULT_MODULE MODULEDIR "/bjca-pkcs11.so"

static enum bk_err find_interfaces(struct bk_module *module, struct bk_failure *failure)
{
    CK_VERSION v3 = {3, 0}, v1 = {CK_BJCA_VERSION_MAJOR, CK_BJCA_VERSION_MINOR};
    CK_UTF8CHAR p11_name[] = "PKCS 11", bjca_name[] = CK_BJCA_INTERFACE_NAME;
    CK_INTERFACE *p11 = NULL, *bjca = NULL;
    CK_RV (*get)(CK_UTF8CHAR *, CK_VERSION *, CK_INTERFACE **, CK_FLAGS) = NULL;
    /* ISO C has no cast from void * to a function; POSIX promises that this works */
    void *symbol = dlsym(module->handle, "C_GetInterface");
    memcpy(&get, &symbol, sizeof get);
    if (!get || get(p11_name, &v3, &p11, 0) != CKR_OK || get(bjca_name, &v1, &bjca, 0) != CKR_OK)
        return bk_fail(failure, BK_EUNSUPPORTED, _("the module has no BJCA vendor interface"));
    module->p11 = p11->pFunctionList;
    module->bjca = bjca->pFunctionList;
    return BK_OK;
}

enum bk_err bk_module_open(const char *path, struct bk_module *module, struct bk_failure *failure)
{
    *module = (struct bk_module){0};
    module->handle = dlopen(path ? path : DEFAULT_MODULE, RTLD_NOW | RTLD_LOCAL);
    if (!module->handle)
        return bk_fail(failure, BK_ENOTFOUND, "%s", dlerror());
    enum bk_err err = find_interfaces(module, failure);
    if (err == BK_OK) {
        CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
        err = bk_module_result(module, module->p11->C_Initialize(&args), failure);
        if (err != BK_OK)
            module->p11 = NULL;
    }
    if (err != BK_OK)
        bk_module_close(module);
    return err;
}

void bk_module_close(struct bk_module *module)
{
    if (module->p11)
        (void)module->p11->C_Finalize(NULL);
    if (module->handle)
        (void)dlclose(module->handle);
    *module = (struct bk_module){0};
}

static enum bk_err from_rv(CK_RV rv)
{
    static const struct {
        CK_RV rv;
        enum bk_err err;
    } table[] = {
        {CKR_OK, BK_OK},
        {CKR_HOST_MEMORY, BK_ENOMEM},
        {CKR_ARGUMENTS_BAD, BK_EINVAL},
        {CKR_PIN_INCORRECT, BK_EPIN_WRONG},
        {CKR_PIN_LOCKED, BK_EPIN_LOCKED},
        {CKR_PIN_LEN_RANGE, BK_EPIN_RULE},
        {CKR_PIN_INVALID, BK_EPIN_RULE},
        {CKR_USER_NOT_LOGGED_IN, BK_ELOGIN},
        {CKR_DEVICE_REMOVED, BK_EREMOVED},
        {CKR_TOKEN_NOT_PRESENT, BK_ENOKEY},
        {CKR_TOKEN_NOT_RECOGNIZED, BK_EUNKNOWN_KEY},
        {CKR_DEVICE_MEMORY, BK_EFULL},
        {CKR_FUNCTION_NOT_SUPPORTED, BK_EUNSUPPORTED},
        {CKR_FUNCTION_CANCELED, BK_ECANCELLED},
        {CKR_OBJECT_HANDLE_INVALID, BK_ENOTFOUND},
        {CKR_BJCA_REFUSED, BK_EREFUSED},
        {CKR_BJCA_KEY_CHANGED, BK_ERESET},
        {CKR_BJCA_NO_ROOM, BK_EFULL},
        {CKR_BJCA_ADMIN_LOW, BK_EDENIED},
        {CKR_BJCA_PROOF, BK_EVERIFY},
        {CKR_BJCA_UNKNOWN_NAME, BK_ENOTFOUND},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].rv == rv)
            return table[i].err;
    return BK_EIO;
}

enum bk_err bk_module_result(const struct bk_module *module, CK_RV rv, struct bk_failure *failure)
{
    if (rv == CKR_OK)
        return BK_OK;
    CK_BJCA_ERROR detail = {.ulSize = sizeof detail};
    bool known = module->bjca && module->bjca->BJCA_GetError(&detail) == CKR_OK && detail.rv == rv;
    /* the module speaks English; the catalogue has its texts (pkcs11/rv), and a header for "" */
    const char *text = known && detail.text[0] ? _((char *)detail.text) : "";
    enum bk_err err = bk_fail(failure, from_rv(rv), "%s", text);
    failure->rv = rv;
    if (known) {
        failure->status_word = detail.statusWord;
        if (detail.triesLeft != CK_UNAVAILABLE_INFORMATION)
            failure->tries_left = (long)detail.triesLeft;
    }
    return err;
}

static bool seen(const struct bk_key *keys, size_t count, const CK_BJCA_STATUS *status)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp((const char *)keys[i].status.serial, (const char *)status->serial) == 0)
            return true;
    return false;
}

enum bk_err bk_module_virtual_key(const struct bk_module *module, struct bk_failure *failure)
{
    CK_SLOT_ID slots[2 * BK_KEYS_MAX];
    CK_ULONG n = sizeof slots / sizeof *slots;
    enum bk_err err =
        bk_module_result(module, module->p11->C_GetSlotList(CK_FALSE, slots, &n), failure);
    for (CK_ULONG i = 0; err == BK_OK && i < n; i++) {
        CK_BJCA_STATUS status = {.ulSize = sizeof status};
        CK_SLOT_INFO info;
        if (module->p11->C_GetSlotInfo(slots[i], &info) != CKR_OK || info.flags & CKF_HW_SLOT)
            continue;
        err = bk_module_result(module, module->bjca->BJCA_GetStatus(slots[i], &status), failure);
        if (err == BK_EREMOVED || err == BK_ENOKEY)
            err = BK_OK;
    }
    return err;
}

enum bk_err bk_module_keys(const struct bk_module *module, struct bk_key *keys, size_t *count,
                           struct bk_failure *failure)
{
    CK_SLOT_ID slots[2 * BK_KEYS_MAX];
    CK_ULONG n = sizeof slots / sizeof *slots;
    size_t room = *count;
    *count = 0;
    enum bk_err err =
        bk_module_result(module, module->p11->C_GetSlotList(CK_TRUE, slots, &n), failure);
    for (CK_ULONG i = 0; err == BK_OK && i < n && *count < room; i++) {
        struct bk_key key = {.slot = slots[i], .status.ulSize = sizeof key.status};
        err =
            bk_module_result(module, module->bjca->BJCA_GetStatus(slots[i], &key.status), failure);
        /* unplugged in between: not there any more */
        if (err == BK_EREMOVED || err == BK_ENOKEY) {
            err = BK_OK;
            continue;
        }
        if (err == BK_OK && !seen(keys, *count, &key.status))
            keys[(*count)++] = key;
    }
    return err;
}

enum bk_err bk_module_containers(const struct bk_module *module, CK_SLOT_ID slot,
                                 CK_BJCA_CONTAINER *list, size_t *count, struct bk_failure *failure)
{
    CK_ULONG n = (CK_ULONG)*count;
    for (size_t i = 0; i < *count; i++)
        list[i].ulSize = sizeof *list;
    enum bk_err err =
        bk_module_result(module, module->bjca->BJCA_GetContainers(slot, list, &n), failure);
    *count = err == BK_OK ? (size_t)n : 0;
    return err;
}

enum bk_err bk_module_container(const struct bk_module *module, CK_SLOT_ID slot, const char *name,
                                CK_BJCA_CONTAINER *container, struct bk_failure *failure)
{
    CK_BJCA_CONTAINER list[BK_CONTAINERS_MAX];
    size_t n = BK_CONTAINERS_MAX;
    enum bk_err err = bk_module_containers(module, slot, list, &n, failure);
    if (err != BK_OK)
        return err;
    for (size_t i = 0; i < n; i++) {
        if (list[i].role == CK_BJCA_CURRENT && strcmp((const char *)list[i].name, name) == 0) {
            *container = list[i];
            return BK_OK;
        }
    }
    return bk_fail(failure, BK_ENOTFOUND, _("the key has no container %s"), name);
}

enum bk_err bk_module_load(const struct bk_module *module, CK_SESSION_HANDLE session,
                           const char *name, struct bk_api_certificates *certs,
                           CK_BJCA_PROGRESS progress, void *context, struct bk_failure *failure)
{
    CK_BJCA_LOAD load = {.ulSize = sizeof load,
                         .signCert = certs->sign.data,
                         .signCertLen = certs->sign.len,
                         .encCert = certs->enc.data,
                         .encCertLen = certs->enc.len,
                         .envelope = certs->envelope.data,
                         .envelopeLen = certs->envelope.len,
                         .chain = certs->chain.data,
                         .chainLen = certs->chain.len,
                         .sm2Id = *certs->sm2_id ? (CK_UTF8CHAR *)certs->sm2_id : NULL,
                         .sm2IdLen = strlen(certs->sm2_id)};
    CK_RV rv = module->bjca->BJCA_RenewLoad(session, (const CK_UTF8CHAR *)name, &load, progress,
                                            context);
    return bk_module_result(module, rv, failure);
}

enum bk_err bk_module_certificate(const struct bk_module *module, CK_SLOT_ID slot,
                                  const CK_BJCA_CONTAINER *container, CK_ULONG which,
                                  struct bk_buf *out, struct bk_failure *failure)
{
    bool there =
        which == CK_BJCA_SIGNING ? container->hasSigningCert : container->hasEncryptionCert;
    if (!there)
        return bk_fail(failure, BK_ENOTFOUND, _("the container has no such certificate"));
    CK_ULONG len = 8192;
    enum bk_err err = bk_buf_reserve(out, len);
    if (err != BK_OK)
        return bk_fail(failure, err, "%s", "");
    CK_RV rv = module->bjca->BJCA_GetCertificate(slot, container->name, container->generation,
                                                 which, out->data + out->len, &len);
    err = bk_module_result(module, rv, failure);
    if (err == BK_OK)
        out->len += len;
    return err;
}

/* The one object of this class that has the container's CKA_ID. */
static CK_RV find_object(const struct bk_module *module, CK_SESSION_HANDLE session,
                         CK_OBJECT_CLASS class, const CK_BJCA_CONTAINER *container,
                         CK_OBJECT_HANDLE *object)
{
    CK_BYTE id[sizeof container->id];
    memcpy(id, container->id, sizeof id);
    CK_ATTRIBUTE find[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, id, container->idLen}};
    CK_ULONG n = 0;
    CK_RV rv = module->p11->C_FindObjectsInit(session, find, 2);
    if (rv != CKR_OK)
        return rv;
    rv = module->p11->C_FindObjects(session, object, 1, &n);
    CK_RV end = module->p11->C_FindObjectsFinal(session);
    if (rv == CKR_OK)
        rv = end;
    return rv == CKR_OK && n != 1 ? CKR_OBJECT_HANDLE_INVALID : rv;
}

/* DER INTEGER to hex digits without leading zeros. */
static enum bk_err serial_hex(const CK_BYTE *der, size_t len, char *hex, size_t size)
{
    struct bk_buf text = BK_BUF_INIT;
    if (len < 3 || der[0] != 0x02 || der[1] != len - 2 || der[1] > 0x7f)
        return BK_EFORMAT;
    enum bk_err err = bk_hex_encode(der + 2, len - 2, &text);
    size_t skip = 0;
    while (err == BK_OK && skip + 1 < text.len && text.data[skip] == '0')
        skip++;
    if (err == BK_OK && text.len - skip >= size)
        err = BK_ELIMIT;
    if (err == BK_OK) {
        memcpy(hex, text.data + skip, text.len - skip);
        hex[text.len - skip] = 0;
    }
    bk_buf_free(&text);
    return err;
}

enum bk_err bk_module_cert_serial(const struct bk_module *module, CK_SESSION_HANDLE session,
                                  const CK_BJCA_CONTAINER *container, char *hex, size_t size,
                                  struct bk_failure *failure)
{
    CK_OBJECT_HANDLE cert = 0;
    CK_BYTE der[64] = {0};
    CK_ATTRIBUTE serial = {CKA_SERIAL_NUMBER, der, sizeof der};
    CK_RV rv = find_object(module, session, CKO_CERTIFICATE, container, &cert);
    if (rv == CKR_OK)
        rv = module->p11->C_GetAttributeValue(session, cert, &serial, 1);
    enum bk_err err = bk_module_result(module, rv, failure);
    if (err == BK_OK && serial_hex(der, serial.ulValueLen, hex, size) != BK_OK)
        err = bk_fail(failure, BK_EFORMAT, _("the certificate's serial number can't be read"));
    return err;
}

enum bk_err bk_module_sign(const struct bk_module *module, CK_SESSION_HANDLE session,
                           const CK_BJCA_CONTAINER *container, const void *data, size_t len,
                           struct bk_buf *signature, struct bk_failure *failure)
{
    CK_OBJECT_HANDLE key = 0;
    CK_MECHANISM mechanism = {container->keyType == CKK_RSA ? CKM_SHA256_RSA_PKCS : CKM_SM3_SM2_DER,
                              NULL, 0};
    CK_BYTE out[512], *in = NULL;
    CK_ULONG out_len = sizeof out;
    struct bk_buf copy = BK_BUF_INIT; /* C_Sign takes no const */
    enum bk_err err = bk_buf_put(&copy, data, len);
    if (err != BK_OK)
        return bk_fail(failure, err, "%s", "");
    in = copy.data;
    CK_RV rv = find_object(module, session, CKO_PRIVATE_KEY, container, &key);
    if (rv == CKR_OK)
        rv = module->p11->C_SignInit(session, &mechanism, key);
    if (rv == CKR_OK)
        rv = module->p11->C_Sign(session, in, (CK_ULONG)copy.len, out, &out_len);
    err = bk_module_result(module, rv, failure);
    if (err == BK_OK && (err = bk_buf_put(signature, out, out_len)) != BK_OK)
        err = bk_fail(failure, err, "%s", "");
    bk_buf_free(&copy);
    return err;
}

enum bk_err bk_module_sign_for(const struct bk_module *module, CK_SESSION_HANDLE session,
                               const CK_BJCA_CONTAINER *container, const struct bk_api *api,
                               const char *purpose, const char *const *fields,
                               struct bk_buf *signature, struct bk_failure *failure)
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_signed_bytes(purpose, bk_api_origin(api), fields, &text);
    if (err != BK_OK)
        err = bk_fail(failure, err, "%s", "");
    else
        err = bk_module_sign(module, session, container, text.data, text.len, signature, failure);
    bk_buf_free(&text);
    return err;
}
