/* SPDX-License-Identifier: Apache-2.0 */
/* Making objects of sessions. */
#ifndef BK_PKCS11_CREATE_H
#define BK_PKCS11_CREATE_H

#include "pkcs11/session.h"
#include "pkcs11/template.h"

/* What a secret key gets from where it comes from, whatever the template says. */
struct bk_secret_parts {
    CK_KEY_TYPE type;
    const void *value;
    size_t len;
    bool local;                    /* generated here */
    CK_MECHANISM_TYPE mechanism;   /* CK_UNAVAILABLE_INFORMATION when not */
    /* where the template, which may not say less, says nothing */
    bool sensitive, unextractable, with_trusted, private_;
    bool always_sensitive, never_extractable; /* it comes of nothing that wasn't: so it may be */
};

/* An object of call's session; parts NULL: its value is in the template. */
CK_RV bk_object_make(struct bk_call *call, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *templ,
                     CK_ULONG count, unsigned when, const struct bk_secret_parts *parts,
                     CK_OBJECT_HANDLE *handle);

#endif
