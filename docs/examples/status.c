/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status MODULE: the first key in one look. No session, no PIN.
 *
 *     cc -o status status.c $(pkg-config --cflags bjca-pkcs11 libpkcs11-helper-1) -ldl
 */
#include "open.h"

static const char *role(CK_ULONG is)
{
    return is == CK_BJCA_CURRENT ? "current" : is == CK_BJCA_HISTORY ? "history" : "staged";
}

static int containers(const struct module *m, CK_SLOT_ID slot)
{
    CK_BJCA_CONTAINER list[64];
    CK_ULONG n = sizeof list / sizeof *list;
    list[0].ulSize = sizeof *list; /* of each element */
    CK_RV rv = m->bjca->BJCA_GetContainers(slot, list, &n);
    if (rv != CKR_OK)
        return failed(m, "BJCA_GetContainers", rv);
    for (CK_ULONG i = 0; i < n; i++) {
        printf("container\t%s\t%lu\t%s\t%s\tsigning certificate until %s\n",
               (const char *)list[i].name, list[i].generation, role(list[i].role),
               list[i].keyType == CKK_SM2   ? "SM2"
               : list[i].keyType == CKK_RSA ? "RSA"
                                            : "empty",
               list[i].signNotAfter[0] ? (const char *)list[i].signNotAfter : "-");
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct module m;
    CK_SLOT_ID slot = 0;
    CK_BJCA_STATUS s = {.ulSize = sizeof s};
    if (argc != 2) {
        fprintf(stderr, "usage: status MODULE\n");
        return 2;
    }
    CK_RV rv = module_open(argv[1], &m);
    if (rv != CKR_OK)
        return failed(&m, argv[1], rv);
    rv = first_key(&m, &slot);
    if (rv == CKR_OK)
        rv = m.bjca->BJCA_GetStatus(slot, &s);
    if (rv != CKR_OK)
        return failed(&m, "BJCA_GetStatus", rv);
    printf("serial\t%s\nlabel\t%s\nuser PIN\t%lu of %lu tries left%s\nadministrator PIN\t%lu of "
           "%lu\nfree\t%lu bytes\n",
           (const char *)s.serial, (const char *)s.label, s.userTriesLeft, s.userTriesMax,
           s.flags & CKF_BJCA_USER_LOCKED ? ", locked" : "", s.adminTriesLeft, s.adminTriesMax,
           s.freeSpace);
    if (s.flags & CKF_BJCA_RENEWAL_PENDING)
        printf("a renewal has begun and isn't finished\n");
    int code = containers(&m, slot);
    (void)m.p11->C_Finalize(NULL);
    return code;
}
