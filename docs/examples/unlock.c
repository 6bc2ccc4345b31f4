/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unlock MODULE FD: unlocks the first key; the new PIN is read from descriptor FD.
 *
 * The messages go to the platform and come from it as lines of hex: "request HEX" is printed, the
 * answer's HEX is read. Who runs this program carries them, for instance to
 * POST /v1/unlock-requests/{id}/redeem (the first) and …/messages (the rest); the key waits 15
 * seconds for each. The last line, "report HEX", tells the platform how it ended; it may be sent
 * later, and has no answer that the key needs. An empty line gives up.
 *
 *     cc -o unlock unlock.c $(pkg-config --cflags bjca-pkcs11 libpkcs11-helper-1) -ldl
 */
#include "open.h"

static void print_hex(const char *what, const CK_BYTE *bytes, CK_ULONG len)
{
    printf("%s ", what);
    for (CK_ULONG i = 0; i < len; i++)
        printf("%02x", bytes[i]);
    printf("\n");
    fflush(stdout);
}

static int digit(int c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* 0: the line is empty or no hex. */
static CK_ULONG read_hex(CK_BYTE *bytes, CK_ULONG room)
{
    static char line[2 * CK_BJCA_MESSAGE_MAX + 2];
    CK_ULONG n = 0;
    if (!fgets(line, sizeof line, stdin))
        return 0;
    for (const char *at = line; *at && *at != '\n'; at += 2) {
        int high = digit(at[0]), low = high < 0 ? -1 : digit(at[1]);
        if (low < 0 || n == room)
            return 0;
        bytes[n++] = (CK_BYTE)(high << 4 | low);
    }
    return n;
}

static int run(const struct module *m, CK_SLOT_ID slot, const CK_UTF8CHAR *pin, CK_ULONG pin_len)
{
    static CK_BYTE request[CK_BJCA_MESSAGE_MAX], answer[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BJCA_UNLOCK unlock = 0;
    CK_BBOOL done = CK_FALSE;
    /* refused here rather than after the key is held */
    CK_RV rv = m->bjca->BJCA_CheckPIN(slot, pin, pin_len);
    if (rv != CKR_OK)
        return failed(m, "BJCA_CheckPIN", rv);
    rv = m->bjca->BJCA_UnlockBegin(slot, &unlock, request, &len);
    if (rv != CKR_OK)
        return failed(m, "BJCA_UnlockBegin", rv);
    while (!done) {
        print_hex("request", request, len);
        CK_ULONG got = read_hex(answer, sizeof answer);
        if (!got) {
            (void)m->bjca->BJCA_UnlockCancel(unlock);
            fprintf(stderr, "given up; the key is as it was before this step\n");
            return 1;
        }
        len = sizeof request;
        rv = m->bjca->BJCA_UnlockStep(unlock, answer, got, pin, pin_len, request, &len, &done);
        if (rv != CKR_OK) /* the handle is gone, and the key is free */
            return failed(m, "BJCA_UnlockStep", rv);
    }
    print_hex("report", request, len);
    return 0;
}

int main(int argc, char **argv)
{
    struct module m;
    CK_SLOT_ID slot = 0;
    CK_UTF8CHAR pin[PIN_ROOM];
    CK_ULONG pin_len = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: unlock MODULE FD\n");
        return 2;
    }
    if (!read_pin(argv[2], pin, &pin_len)) {
        fprintf(stderr, "%s: no descriptor to read a PIN from\n", argv[2]);
        return 2;
    }
    CK_RV rv = module_open(argv[1], &m);
    if (rv != CKR_OK)
        return failed(&m, argv[1], rv);
    rv = first_key(&m, &slot);
    int code = rv == CKR_OK ? run(&m, slot, pin, pin_len) : failed(&m, "C_GetSlotList", rv);
    (void)m.p11->C_Finalize(NULL);
    return code;
}
