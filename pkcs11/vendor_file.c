/* SPDX-License-Identifier: Apache-2.0 */
/* The vendor interface: files of the key. */
#include <string.h>

#include "pkcs11/object.h"
#include "pkcs11/vendor.h"
#include "token/file.h"

#define WRITES (BK_NEEDS_TOKEN | BK_NEEDS_LOGIN | BK_NEEDS_RW)

/* Of a call on a file that has to be there. */
static CK_RV file_rv(struct bk_call *call, enum bk_err err)
{
    CK_RV rv = bk_call_fail(call, err);
    return err == BK_ENOTFOUND ? CKR_BJCA_UNKNOWN_NAME : err == BK_OK ? CKR_OK : rv;
}

static CK_RV enter(struct bk_call *call, CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                   unsigned needs)
{
    CK_RV rv = bk_call_session(call, session, needs);
    if (rv != CKR_OK)
        return rv;
    return name && bk_file_name_good((const char *)name) ? CKR_OK : CKR_ARGUMENTS_BAD;
}

/* Files are objects, too. */
static CK_RV leave(struct bk_call *call, CK_RV rv)
{
    if (rv == CKR_OK) {
        enum bk_err err = bk_objects_sync(call->port);
        rv = err ? bk_call_fail(call, err) : CKR_OK;
    }
    return bk_call_leave(call, rv);
}

CK_RV bk_v_list_files(CK_SESSION_HANDLE session, CK_BYTE *names, CK_ULONG *len)
{
    struct bk_call call;
    struct bk_names found = {BK_BUF_INIT};
    CK_RV rv = bk_call_session(&call, session, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err = bk_files_list(call.port->token, &found);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    if (rv == CKR_OK) {
        if (names && *len < found.text.len)
            rv = CKR_BUFFER_TOO_SMALL;
        else if (names && found.text.len)
            memcpy(names, found.text.data, found.text.len);
        *len = found.text.len;
    }
    bk_names_free(&found);
    return bk_call_leave(&call, rv);
}

CK_RV bk_v_read_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG offset,
                     CK_BYTE *data, CK_ULONG *len)
{
    struct bk_call call;
    struct bk_buf out = BK_BUF_INIT;
    uint32_t size = 0;
    CK_RV rv = enter(&call, session, name, BK_NEEDS_TOKEN);
    if (rv == CKR_OK && !len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && offset > CK_BJCA_FILE_MAX)
        rv = CKR_DATA_LEN_RANGE;
    if (rv == CKR_OK)
        rv = file_rv(&call, bk_file_get(call.port->token, (const char *)name, (unsigned)offset,
                                        data ? *len : 0, &out, &size));
    if (rv == CKR_OK) {
        if (data && out.len)
            memcpy(data, out.data, out.len);
        *len = data ? out.len : size - offset;
    }
    bk_buf_free(&out);
    return bk_call_leave(&call, rv);
}

CK_RV bk_v_write_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG offset,
                      const CK_BYTE *data, CK_ULONG len)
{
    struct bk_call call;
    CK_RV rv = enter(&call, session, name, WRITES);
    if (rv == CKR_OK && !data && len)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK && (offset > CK_BJCA_FILE_MAX || len > CK_BJCA_FILE_MAX))
        rv = CKR_DATA_LEN_RANGE;
    if (rv == CKR_OK)
        rv = file_rv(
            &call, bk_file_put(call.port->token, (const char *)name, (unsigned)offset, data, len));
    return leave(&call, rv);
}

CK_RV bk_v_create_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG size,
                       CK_ULONG read_rights, CK_ULONG write_rights)
{
    struct bk_call call;
    CK_RV rv = enter(&call, session, name, WRITES);
    if (rv == CKR_OK && (size > CK_BJCA_FILE_MAX || read_rights > CK_BJCA_RIGHT_ANYONE ||
                         write_rights > CK_BJCA_RIGHT_ANYONE))
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK) {
        enum bk_err err = bk_file_create(call.port->token, (const char *)name, (uint32_t)size,
                                         (uint32_t)read_rights, (uint32_t)write_rights);
        rv = err ? bk_call_fail(&call, err) : CKR_OK;
    }
    return leave(&call, rv);
}

CK_RV bk_v_delete_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name)
{
    struct bk_call call;
    CK_RV rv = enter(&call, session, name, WRITES);
    if (rv == CKR_OK)
        rv = file_rv(&call, bk_file_delete(call.port->token, (const char *)name));
    return leave(&call, rv);
}
