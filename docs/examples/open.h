/* SPDX-License-Identifier: Apache-2.0 */
/* What the three examples begin with: the module is loaded, both its interfaces are found, and the
 * first key is looked for. Nothing but the PKCS#11 header and bjca-pkcs11.h is used. */
#ifndef EXAMPLE_OPEN_H
#define EXAMPLE_OPEN_H

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#include <bjca-pkcs11.h>

struct module {
    CK_FUNCTION_LIST_3_0 *p11;
    CK_BJCA_FUNCTION_LIST *bjca;
};

/* Says what failed and why; 1 for main to return. */
static inline int failed(const struct module *m, const char *what, CK_RV rv)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    if (rv == CKR_TOKEN_NOT_PRESENT)
        fprintf(stderr, "there is no key\n");
    else if (m->bjca && m->bjca->BJCA_GetError(&e) == CKR_OK && e.rv == rv)
        fprintf(stderr, "%s: 0x%lx: %s\n", what, rv, (const char *)e.text);
    else
        fprintf(stderr, "%s: 0x%lx\n", what, rv);
    return 1;
}

static inline CK_RV module_open(const char *path, struct module *m)
{
    CK_RV (*get)(unsigned char *, CK_VERSION *, CK_INTERFACE **, CK_FLAGS) = NULL;
    CK_VERSION three = {3, 0}, one = {1, 0};
    CK_INTERFACE *i = NULL;
    void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    memset(m, 0, sizeof *m);
    if (so)
        *(void **)&get = dlsym(so, "C_GetInterface");
    if (!get) {
        fprintf(stderr, "%s\n", dlerror());
        return CKR_GENERAL_ERROR;
    }
    CK_RV rv = get((unsigned char *)"PKCS 11", &three, &i, 0);
    if (rv != CKR_OK)
        return rv;
    m->p11 = i->pFunctionList;
    /* the earliest version that has all we use: a later one serves it, too */
    rv = get((unsigned char *)CK_BJCA_INTERFACE_NAME, &one, &i, 0);
    if (rv != CKR_OK)
        return rv;
    m->bjca = i->pFunctionList;
    return m->p11->C_Initialize(NULL);
}

/* The first slot of the first key: its RSA side. The vendor interface takes either side. */
static inline CK_RV first_key(const struct module *m, CK_SLOT_ID *slot)
{
    CK_SLOT_ID list[64];
    CK_ULONG n = sizeof list / sizeof *list;
    CK_RV rv = m->p11->C_GetSlotList(CK_TRUE, list, &n);
    if (rv == CKR_OK && n == 0)
        rv = CKR_TOKEN_NOT_PRESENT;
    if (rv == CKR_OK)
        *slot = list[0];
    return rv;
}

/* One byte more than a PIN may have, so that the module sees and refuses one that is too long: cut
 * to its length it would be another PIN. */
#define PIN_ROOM 17

/* A PIN's place is neither an argument nor the environment: it is read from a descriptor, up to the
 * end of a line. 0 when there is no such descriptor. */
static inline int read_pin(const char *descriptor, CK_UTF8CHAR pin[PIN_ROOM], CK_ULONG *len)
{
    CK_UTF8CHAR c = 0;
    char *end = NULL;
    ssize_t got = 0;
    errno = 0;
    long fd = strtol(descriptor, &end, 10);
    *len = 0;
    if (errno || end == descriptor || *end || fd < 0 || fd > INT_MAX)
        return 0;
    while (*len < PIN_ROOM && (got = read((int)fd, &c, 1)) == 1 && c != '\n')
        pin[(*len)++] = c;
    return got >= 0;
}

#endif
