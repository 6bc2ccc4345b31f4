/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that callers put on the key or change there: data objects, certificates next to their
 * keys, labels. The rest of what is on the key comes from the key and a renewal.
 */
#ifndef BK_PKCS11_STORED_H
#define BK_PKCS11_STORED_H

#include "pkcs11/object.h"

/* Whether an object of this class can be put on the key by a template. */
bool bk_stored_possible(CK_OBJECT_CLASS class);
/* `made` is what the template makes, checked and complete; it stays the caller's. The template says
 * what was asked for and what follows from the rest. */
CK_RV bk_stored_put(struct bk_call *call, const struct bk_object *made, const CK_ATTRIBUTE *templ,
                    CK_ULONG count, CK_OBJECT_HANDLE *handle);
/* Of an object on the key, which may be modified. */
CK_RV bk_stored_set(struct bk_call *call, const struct bk_object *o, const CK_ATTRIBUTE *templ,
                    CK_ULONG count);
CK_RV bk_stored_destroy(struct bk_call *call, const struct bk_object *o);

#endif
