/* SPDX-License-Identifier: Apache-2.0 */
/*
 * renewal MODULE NAME FD request FILE: begins a renewal of container NAME and writes its PKCS#10.
 * renewal MODULE NAME FD load PREFIX:  loads PREFIX.sign.der, .enc.der, .env, .chain and .sm2-id, proves
 *                                      and commits.
 *
 * The PIN is read from descriptor FD. Each part can be cut and run again: what has been done is
 * read from the key.
 *
 *     cc -o renewal renewal.c $(pkg-config --cflags bjca-pkcs11 libpkcs11-helper-1) -ldl
 */
#include "open.h"

#define FILE_MAX 16384

/* A container that is there keeps its type; a new one is SM2. */
static CK_KEY_TYPE type_of(const struct module *m, CK_SLOT_ID slot, const CK_UTF8CHAR *name)
{
    CK_BJCA_CONTAINER list[64];
    CK_ULONG n = sizeof list / sizeof *list;
    list[0].ulSize = sizeof *list;
    if (m->bjca->BJCA_GetContainers(slot, list, &n) != CKR_OK)
        return CKK_SM2;
    for (CK_ULONG i = 0; i < n; i++)
        if (list[i].role == CK_BJCA_CURRENT && list[i].keyType == CKK_RSA &&
            strcmp((const char *)list[i].name, (const char *)name) == 0)
            return CKK_RSA;
    return CKK_SM2;
}

static CK_RV tell(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    (void)context;
    fprintf(stderr, "step %lu of %lu\n", done, total);
    return CKR_OK; /* anything else stops where nothing is lost */
}

static int request(const struct module *m, CK_SESSION_HANDLE s, CK_KEY_TYPE type,
                   const CK_UTF8CHAR *name, const char *path)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = type};
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    CK_BYTE csr[FILE_MAX];
    CK_ULONG len = sizeof csr;
    CK_RV rv = m->bjca->BJCA_RenewRoom(s, name, &p, &room);
    if (rv == CKR_OK && !room.fits)
        rv = CKR_BJCA_NO_ROOM;
    if (rv != CKR_OK)
        return failed(m, "BJCA_RenewRoom", rv);
    rv = m->bjca->BJCA_RenewBegin(s, name, &p, tell, NULL);
    if (rv != CKR_OK)
        return failed(m, "BJCA_RenewBegin", rv);
    rv = m->bjca->BJCA_RenewRequest(s, name, &p, csr, &len);
    if (rv != CKR_OK)
        return failed(m, "BJCA_RenewRequest", rv);
    FILE *f = fopen(path, "wb");
    int bad = !f || fwrite(csr, 1, len, f) != len;
    if ((f && fclose(f) != 0) || bad) {
        perror(path);
        return 1;
    }
    return 0;
}

/* A whole file; length 0 when there is none. */
static CK_ULONG read_part(const char *prefix, const char *suffix, CK_BYTE bytes[FILE_MAX])
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s%s", prefix, suffix);
    FILE *f = fopen(path, "rb");
    CK_ULONG len = f ? fread(bytes, 1, FILE_MAX, f) : 0;
    if (f)
        (void)fclose(f);
    return len;
}

static int load(const struct module *m, CK_SESSION_HANDLE s, const CK_UTF8CHAR *name,
                const char *prefix)
{
    static CK_BYTE sign[FILE_MAX], enc[FILE_MAX], envelope[FILE_MAX], chain[FILE_MAX],
        id[FILE_MAX];
    CK_BJCA_LOAD parts = {.ulSize = sizeof parts, .signCert = sign};
    parts.signCertLen = read_part(prefix, ".sign.der", sign);
    parts.encCertLen = read_part(prefix, ".enc.der", enc);
    parts.envelopeLen = read_part(prefix, ".env", envelope);
    parts.chainLen = read_part(prefix, ".chain", chain);
    parts.sm2IdLen = read_part(prefix, ".sm2-id", id);
    parts.encCert = parts.encCertLen ? enc : NULL;
    parts.envelope = parts.envelopeLen ? envelope : NULL;
    parts.chain = parts.chainLen ? chain : NULL;
    parts.sm2Id = parts.sm2IdLen ? id : NULL;
    CK_RV rv = m->bjca->BJCA_RenewLoad(s, name, &parts, tell, NULL);
    if (rv != CKR_OK)
        return failed(m, "BJCA_RenewLoad", rv);
    rv = m->bjca->BJCA_RenewProve(s, name);
    if (rv != CKR_OK)
        return failed(m, "BJCA_RenewProve", rv);
    rv = m->bjca->BJCA_RenewCommit(s, name);
    if (rv != CKR_OK)
        return failed(m, "BJCA_RenewCommit", rv);
    printf("renewed\n");
    return 0;
}

static int run(const struct module *m, char **argv, CK_UTF8CHAR *pin, CK_ULONG pin_len)
{
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)argv[2];
    CK_SLOT_ID slot = 0;
    CK_SESSION_HANDLE s = 0;
    CK_RV rv = first_key(m, &slot);
    if (rv == CKR_OK)
        rv = m->p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s);
    if (rv == CKR_OK)
        rv = m->p11->C_Login(s, CKU_USER, pin, pin_len);
    if (rv != CKR_OK)
        return failed(m, "C_Login", rv);
    if (strcmp(argv[4], "request") == 0)
        return request(m, s, type_of(m, slot, name), name, argv[5]);
    return load(m, s, name, argv[5]);
}

int main(int argc, char **argv)
{
    struct module m;
    CK_UTF8CHAR pin[PIN_ROOM];
    CK_ULONG pin_len = 0;
    if (argc != 6 || (strcmp(argv[4], "request") != 0 && strcmp(argv[4], "load") != 0)) {
        fprintf(stderr, "usage: renewal MODULE NAME FD request FILE\n"
                        "       renewal MODULE NAME FD load PREFIX\n");
        return 2;
    }
    if (!read_pin(argv[3], pin, &pin_len)) {
        fprintf(stderr, "%s: no descriptor to read a PIN from\n", argv[3]);
        return 2;
    }
    CK_RV rv = module_open(argv[1], &m);
    if (rv != CKR_OK)
        return failed(&m, argv[1], rv);
    int code = run(&m, argv, pin, pin_len);
    (void)m.p11->C_Finalize(NULL);
    return code;
}
