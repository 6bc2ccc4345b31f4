/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two to eight processes use one key behind PC/SC at a time; some log out, and somebody resets the
 * card. Run by tests/e2e/module-manners.
 */
#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <winscard.h>

#include "pcsc.h"
#include "runner.h"

#define MOST 8
#define RESETS 3
#define BETWEEN 5 /* signatures of each process */
#define VERIFY_PIN 0x18

/* What all processes tell. */
static struct {
    atomic_uint signatures[MOST];
    atomic_uint refusals; /* of a PIN: each a try */
    atomic_uint log_ins;  /* that nobody asked for: the key's was lost */
    atomic_bool enough, failed;
} * told;

static bool signing;

/* The program's symbol comes before the library's. */
__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    pc_transmit *real = pc_real_transmit();
    LONG rv = real(card, pci, command, len, got_pci, answer, got);
    if (rv != SCARD_S_SUCCESS || *got < 2 || len < 2 || command[1] != VERIFY_PIN)
        return rv;
    const unsigned char *sw = answer + *got - 2;
    told->refusals += (sw[0] == 0x63 && sw[1] >> 4 == 0xc) || (sw[0] == 0x69 && sw[1] == 0x83);
    told->log_ins += signing && sw[0] == 0x90;
    return rv;
}

static bool signs(void)
{
    signing = true;
    bool good = pc_sign() == CKR_OK;
    signing = false;
    return good;
}

/* On the key that takes the others' log-in along. */
static bool goes_out_and_in(void)
{
    const char *pin = getenv("KEY_PIN");
    if (h.f->C_Logout(session) != CKR_OK ||
        h.f->C_Login(session, CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin)) != CKR_OK)
        return false;
    key = mh_find(&h, session, CKO_PRIVATE_KEY, CKA_SIGN);
    return true;
}

static bool sign_among_others(unsigned which)
{
    bool good = h.f->C_Initialize(NULL) == CKR_OK && pc_log_in();
    for (unsigned i = which; good && !told->enough; i++) {
        good = signs() && (i % 6 != 5 || goes_out_and_in());
        told->signatures[which] += good;
        pc_nap(5); /* a program has other things to do, too */
    }
    good = h.f->C_Finalize(NULL) == CKR_OK && good;
    told->failed = told->failed || !good;
    return good;
}

/* Nobody is left behind. */
static void let_each_sign(unsigned count, unsigned more)
{
    unsigned from[MOST];
    for (unsigned i = 0; i < count; i++)
        from[i] = told->signatures[i];
    for (unsigned i = 0; i < count; i++)
        while (told->signatures[i] < from[i] + more && !told->failed)
            pc_nap(1);
}

static void setup_told(void)
{
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert(told != MAP_FAILED);
    pc_setup();
}

START_TEST(processes_that_log_out_and_reset_around_each_other)
{
    const unsigned count = (unsigned)_i;
    pid_t child[MOST];
    for (unsigned i = 0; i < count; i++) {
        child[i] = fork();
        if (child[i] == 0)
            _exit(sign_among_others(i) ? 0 : 1);
    }
    for (unsigned i = 0; i < RESETS; i++) {
        let_each_sign(count, BETWEEN);
        pc_reset_card();
    }
    let_each_sign(count, BETWEEN);
    told->enough = true;
    for (unsigned i = 0; i < count; i++)
        pc_expect_good(child[i]);
    /* this process was logged in before them all */
    ck_assert(signs());
    unsigned before = told->log_ins;
    pc_reset_card();
    ck_assert(signs());
    ck_assert_uint_gt(told->log_ins, before);
    ck_assert_uint_eq(told->refusals, 0);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

int main(void)
{
    if (!getenv("KEY_CONTROL") || !getenv("P11_MODULE"))
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("share");
    TCase *t = tcase_create("share");
    tcase_add_checked_fixture(t, setup_told, pc_teardown);
    tcase_add_loop_test(t, processes_that_log_out_and_reset_around_each_other, 2, MOST + 1);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
