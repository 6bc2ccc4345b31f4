/* SPDX-License-Identifier: Apache-2.0 */
/* What a caller's template may say of objects that it makes, copies or changes (PKCS#11 4.1, 4.4 to
 * 4.10). Objects on the key are not made from templates: the key makes them. */
#ifndef BK_PKCS11_TEMPLATE_H
#define BK_PKCS11_TEMPLATE_H

#include "pkcs11/object.h"

#define BK_WHEN_CREATE 1u
#define BK_WHEN_MAKE 2u /* generated, unwrapped */
#define BK_WHEN_COPY 4u
#define BK_WHEN_SET 8u

/* All of it well formed, known for the class and allowed now, each attribute once:
 * CKR_ATTRIBUTE_VALUE_INVALID, _TYPE_INVALID, _READ_ONLY, CKR_TEMPLATE_INCONSISTENT. */
CK_RV bk_template_check(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_OBJECT_CLASS class,
                        unsigned when);
const CK_ATTRIBUTE *bk_template_find(const CK_ATTRIBUTE *templ, CK_ULONG count,
                                     CK_ATTRIBUTE_TYPE type);
/* What it says, or `otherwise`; of a template that is checked. */
CK_ULONG bk_template_ulong(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_ATTRIBUTE_TYPE type,
                           CK_ULONG otherwise);
bool bk_template_bool(const CK_ATTRIBUTE *templ, CK_ULONG count, CK_ATTRIBUTE_TYPE type,
                      bool otherwise);

#endif
