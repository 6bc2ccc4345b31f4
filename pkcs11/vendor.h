/* SPDX-License-Identifier: Apache-2.0 */
/* The vendor interface's functions, for the list in interface.c. */
#ifndef BK_PKCS11_VENDOR_H
#define BK_PKCS11_VENDOR_H

#include "pkcs11/call.h"

extern CK_BJCA_FUNCTION_LIST bk_vendor_list;

/* vendor_unlock.c */
CK_RV bk_v_unlock_begin(CK_SLOT_ID slot, CK_BJCA_UNLOCK *unlock, CK_BYTE *request,
                        CK_ULONG *request_len);
CK_RV bk_v_unlock_step(CK_BJCA_UNLOCK unlock, const CK_BYTE *answer, CK_ULONG answer_len,
                       const CK_UTF8CHAR *new_pin, CK_ULONG new_pin_len, CK_BYTE *request,
                       CK_ULONG *request_len, CK_BBOOL *done);
CK_RV bk_v_unlock_cancel(CK_BJCA_UNLOCK unlock);

/* vendor_renew.c */
CK_RV bk_v_renew_room(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                      CK_BJCA_RENEW_PARAMS *params, CK_BJCA_ROOM *room);
CK_RV bk_v_renew_state(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                       CK_BJCA_RENEW_STATE *state);
CK_RV bk_v_renew_begin(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                       CK_BJCA_RENEW_PARAMS *params, CK_BJCA_PROGRESS progress,
                       CK_VOID_PTR context);
CK_RV bk_v_renew_request(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name,
                         CK_BJCA_RENEW_PARAMS *params, CK_BYTE *request, CK_ULONG *request_len);
CK_RV bk_v_renew_load(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_BJCA_LOAD *load,
                      CK_BJCA_PROGRESS progress, CK_VOID_PTR context);
CK_RV bk_v_renew_prove(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name);
CK_RV bk_v_renew_commit(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name);
CK_RV bk_v_renew_abort(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name);
CK_RV bk_v_delete_history(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG generation);

CK_RV bk_v_create_container(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name);
CK_RV bk_v_delete_container(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name);

/* vendor_file.c */
CK_RV bk_v_list_files(CK_SESSION_HANDLE session, CK_BYTE *names, CK_ULONG *len);
CK_RV bk_v_read_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG offset,
                     CK_BYTE *data, CK_ULONG *len);
CK_RV bk_v_write_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG offset,
                      const CK_BYTE *data, CK_ULONG len);
CK_RV bk_v_create_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name, CK_ULONG size,
                       CK_ULONG read_rights, CK_ULONG write_rights);
CK_RV bk_v_delete_file(CK_SESSION_HANDLE session, const CK_UTF8CHAR *name);

/* station.c */
CK_RV bk_v_personalise(CK_SLOT_ID slot, CK_VOID_PTR params);

/* Copies as much of a filled structure as the caller has room for by its own ulSize, which the
 * structure begins with. CKR_ARGUMENTS_BAD when that is none. */
CK_RV bk_v_copy_out(void *to, void *from, size_t size);

#endif
