/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PKCS#11 module as its public interface shows it: found by dlopen, used through C_ functions
 * and the vendor interface, exactly as another certificate program would.
 */
#ifndef BK_WORKFLOW_MODULE_H
#define BK_WORKFLOW_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#include "pkcs11/bjca-pkcs11.h"
#include "workflow/failure.h"

struct bk_module {
    void *handle;
    CK_FUNCTION_LIST_3_0 *p11;
    CK_BJCA_FUNCTION_LIST *bjca;
};

/* path NULL: the installed module. Initialises it. */
enum bk_err bk_module_open(const char *path, struct bk_module *module,
                           struct bk_failure *failure) BK_MUST_CHECK;
void bk_module_close(struct bk_module *module);

/* The failure that rv of a call of this thread means; BK_OK for CKR_OK. */
enum bk_err bk_module_result(const struct bk_module *module, CK_RV rv,
                             struct bk_failure *failure) BK_MUST_CHECK;

#define BK_KEYS_MAX 16u
#define BK_CONTAINERS_MAX 64u

/* One key; its slots are the module's matter. */
struct bk_key {
    CK_SLOT_ID slot; /* the first of its slots that has a token */
    CK_BJCA_STATUS status;
};

/* Each key that is there, once. *count: room in, number out. No key is BK_OK and 0. */
enum bk_err bk_module_keys(const struct bk_module *module, struct bk_key *keys, size_t *count,
                           struct bk_failure *failure) BK_MUST_CHECK;
/* When there is no key: why not the virtual one that the module's configuration names. BK_OK when it
 * names none, or there is no such file; failure->rv is CKR_ACTION_PROHIBITED when others may read the
 * file, or it isn't a plain one. */
enum bk_err bk_module_virtual_key(const struct bk_module *module,
                                  struct bk_failure *failure) BK_MUST_CHECK;
/* The containers of a key. */
enum bk_err bk_module_containers(const struct bk_module *module, CK_SLOT_ID slot,
                                 CK_BJCA_CONTAINER *list, size_t *count,
                                 struct bk_failure *failure) BK_MUST_CHECK;
/* A certificate as DER, appended to out; BK_ENOTFOUND when there is none. */
enum bk_err bk_module_certificate(const struct bk_module *module, CK_SLOT_ID slot,
                                  const CK_BJCA_CONTAINER *container, CK_ULONG which,
                                  struct bk_buf *out, struct bk_failure *failure) BK_MUST_CHECK;
/* The current container of this name; BK_ENOTFOUND. */
enum bk_err bk_module_container(const struct bk_module *module, CK_SLOT_ID slot, const char *name,
                                CK_BJCA_CONTAINER *container,
                                struct bk_failure *failure) BK_MUST_CHECK;
/* BJCA_RenewLoad of what the platform gave. */
enum bk_err bk_module_load(const struct bk_module *module, CK_SESSION_HANDLE session,
                           const char *name, struct bk_api_certificates *certs,
                           CK_BJCA_PROGRESS progress, void *context,
                           struct bk_failure *failure) BK_MUST_CHECK;
/* The serial number of its signing certificate: lower-case hex, no leading zeros. */
enum bk_err bk_module_cert_serial(const struct bk_module *module, CK_SESSION_HANDLE session,
                                  const CK_BJCA_CONTAINER *container, char *hex, size_t size,
                                  struct bk_failure *failure) BK_MUST_CHECK;
/* Signs with the signing key of a container, the way docs/formats.md clause 5 says. The session is
 * of the container's slot and logged in. */
enum bk_err bk_module_sign(const struct bk_module *module, CK_SESSION_HANDLE session,
                           const CK_BJCA_CONTAINER *container, const void *data, size_t len,
                           struct bk_buf *signature, struct bk_failure *failure) BK_MUST_CHECK;

/* The same of what clause 5 makes of purpose, the platform's origin and the fields. */
enum bk_err bk_module_sign_for(const struct bk_module *module, CK_SESSION_HANDLE session,
                               const CK_BJCA_CONTAINER *container, const struct bk_api *api,
                               const char *purpose, const char *const *fields,
                               struct bk_buf *signature, struct bk_failure *failure) BK_MUST_CHECK;

#endif
