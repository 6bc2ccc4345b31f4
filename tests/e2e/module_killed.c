/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A daemon that is killed in the middle of what is done with its key: another is there at once, or
 * only when the call has returned. Run by tests/e2e/module-killed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcsc_cut.h"
#include "runner.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NAME(text) ((const CK_UTF8CHAR *)(text))
#define NEW "killed"
#define RENEWED "personalCert01"

static CK_BBOOL yes = CK_TRUE;

static CK_STATE state_of(CK_SESSION_HANDLE s)
{
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    return info.state;
}

/* It has died with the key's log-in, and so have the sessions: nothing is lost on the key. */
static void start_again(void)
{
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
    pc_start_daemon();
    pc_wait_key(10);
    pc_all_is_well();
}

/* --- key pairs, files, certificates
 * ------------------------------------------------------------------*/

static CK_RV generate(void)
{
    CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t)NEW, strlen(NEW)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    return mh_generate(&h, session, &m, NULL, 0, &label, 1, &pub, &priv);
}

static void delete_pair(void)
{
    CK_RV rv = h.v->BJCA_DeleteContainer(session, NAME(NEW));
    ck_assert_msg(rv == CKR_OK || rv == CKR_BJCA_UNKNOWN_NAME, "%lx", rv);
}

static CK_BYTE bytes[8192];

static void create_file(void)
{
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (CK_BYTE)(i * 31 + 1);
    ck_assert_uint_eq(h.v->BJCA_CreateFile(session, NAME(NEW), sizeof bytes, CK_BJCA_RIGHT_USER,
                                           CK_BJCA_RIGHT_USER),
                      CKR_OK);
}

static CK_RV write_file(void)
{
    return h.v->BJCA_WriteFile(session, NAME(NEW), 0, bytes, sizeof bytes);
}

static void read_and_delete_file(void)
{
    CK_BYTE back[sizeof bytes];
    CK_ULONG n = sizeof back;
    ck_assert_uint_eq(h.v->BJCA_ReadFile(session, NAME(NEW), 0, back, &n), CKR_OK);
    ck_assert_uint_eq(n, sizeof bytes);
    ck_assert_mem_eq(back, bytes, n);
    ck_assert_uint_eq(h.v->BJCA_DeleteFile(session, NAME(NEW)), CKR_OK);
}

static struct mh_issued parts;

static void request(const char *name, bool new_enc)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(session, NAME(name), &p, csr, &len), CKR_OK);
    struct bk_buf view = {csr, len, len};
    mh_issued_free(&parts);
    mh_issue(&view, new_enc, &parts);
}

static void issue(void)
{
    static int number;
    char name[16];
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    (void)snprintf(name, sizeof name, NEW "%d", number++);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(session, NAME(name), &p, NULL, NULL), CKR_OK);
    request(name, false);
}

static CK_RV make_certificate(void)
{
    CK_SESSION_HANDLE s = 0;
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE x509 = CKC_X_509;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_CERTIFICATE_TYPE, &x509, sizeof x509},
                        {CKA_VALUE, parts.sign.data, parts.sign.len},
                        {CKA_LABEL, (void *)(uintptr_t)NEW, strlen(NEW)}};
    ck_assert_uint_eq(h.f->C_OpenSession(1, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    CK_RV rv = h.f->C_CreateObject(s, t, COUNT(t), &o);
    (void)h.f->C_CloseSession(s);
    return rv;
}

/* --- a renewal
 * ----------------------------------------------------------------------------------------*/

static CK_RV renew_begin(void)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    return h.v->BJCA_RenewBegin(session, NAME(RENEWED), &p, NULL, NULL);
}

static CK_RV renew_load(void)
{
    CK_BJCA_LOAD load = mh_load_of(&parts);
    return h.v->BJCA_RenewLoad(session, NAME(RENEWED), &load, NULL, NULL);
}

static CK_RV renew_commit(void)
{
    return h.v->BJCA_RenewCommit(session, NAME(RENEWED));
}

static void up_to_load(void)
{
    ck_assert_uint_eq(renew_begin(), CKR_OK);
    request(RENEWED, true);
}

static void up_to_commit(void)
{
    up_to_load();
    ck_assert_uint_eq(renew_load(), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewProve(session, NAME(RENEWED)), CKR_OK);
}

/* The new certificate is the current one, and makes room. */
static void committed(void)
{
    CK_BYTE cert[4096];
    CK_ULONG n = 16, len = sizeof cert;
    CK_BJCA_CONTAINER list[16] = {{.ulSize = sizeof list[0]}};
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, list, &n), CKR_OK);
    for (CK_ULONG i = 0; i < n; i++) {
        if (list[i].role == CK_BJCA_HISTORY)
            ck_assert_uint_eq(h.v->BJCA_DeleteHistory(session, list[i].name, list[i].generation),
                              CKR_OK);
        else if (strcmp((char *)list[i].name, RENEWED) == 0)
            ck_assert_uint_eq(h.v->BJCA_GetCertificate(0, list[i].name, list[i].generation,
                                                       CK_BJCA_SIGNING, cert, &len),
                              CKR_OK);
    }
    ck_assert_uint_eq(len, parts.sign.len);
    ck_assert_mem_eq(cert, parts.sign.data, len);
    pc_all_is_well();
}

static void load_and_commit(void)
{
    ck_assert_uint_eq(renew_load(), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewProve(session, NAME(RENEWED)), CKR_OK);
    ck_assert_uint_eq(renew_commit(), CKR_OK);
    committed();
}

static void request_and_commit(void)
{
    request(RENEWED, true);
    load_and_commit();
}

/* --- killed inside a call
 * ---------------------------------------------------------------------------*/

static const struct call {
    const char *name;
    void (*prepare)(void);
    CK_RV (*call)(void);
    void (*half_done)(void); /* taken away before the call again; NULL: it goes on from there */
    void (*finish)(void);
    bool tells; /* others, by its last command, when all is done: that is well without it, too */
    bool secret;
} calls[] = {
    {"C_GenerateKeyPair", NULL, generate, delete_pair, delete_pair, true, false},
    {"BJCA_WriteFile", create_file, write_file, NULL, read_and_delete_file, false, true},
    {"C_CreateObject, certificate", issue, make_certificate, NULL, pc_all_is_well, false, false},
    {"BJCA_RenewBegin", NULL, renew_begin, NULL, request_and_commit, false, false},
    {"BJCA_RenewLoad", up_to_load, renew_load, NULL, load_and_commit, false, false},
    {"BJCA_RenewCommit", up_to_commit, renew_commit, NULL, committed, false, false},
};

/* Cut at this command, or the last one where there are fewer: how many there are depends on what
 * has been read before. */
static CK_RV call_cut(const struct call *c, unsigned at, bool after, void (*happens)(void))
{
    bool happened = false;
    CK_RV rv = CKR_OK;
    for (int i = 0; i < 3; i++) {
        if (c->prepare)
            c->prepare();
        pc_cut_at(at, after, happens);
        rv = c->call();
        unsigned seen = pc_cut_over(&happened);
        if (happened)
            break;
        c->finish();
        at = seen;
    }
    ck_assert(happened);
    return rv;
}

/* Another daemon is there, so that the call goes on, on the same session, logged in again. What a
 * user writes is a secret, which isn't sent again by itself: the call says so, and may be called
 * again. */
static void restarted(const struct call *c, unsigned at, bool after)
{
    CK_RV rv = call_cut(c, at, after, pc_cut_restart);
    ck_assert_msg(rv == CKR_OK || (c->secret && rv == CKR_DEVICE_ERROR), "%s, command %u: %lx",
                  c->name, at, rv);
    if (rv != CKR_OK)
        ck_assert_uint_eq(c->call(), CKR_OK);
    ck_assert_uint_eq(state_of(session), CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    c->finish();
    ck_assert_uint_eq(pc_tries(), 10);
}

/* No daemon is there: the key has gone, and when there is one the call works. */
static void killed(const struct call *c, unsigned at, bool after, bool done)
{
    CK_RV rv = call_cut(c, at, after, pc_cut_kill);
    ck_assert_msg(rv == CKR_DEVICE_REMOVED || (done && rv == CKR_OK), "%s, command %u: %lx",
                  c->name, at, rv);
    if (rv == CKR_OK)
        ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_DEVICE_REMOVED);
    start_again();
    if (rv != CKR_OK && c->half_done)
        c->half_done();
    if (rv != CKR_OK)
        rv = c->call();
    ck_assert_msg(rv == CKR_OK, "%s again, after command %u: %lx", c->name, at, rv);
    c->finish();
}

START_TEST(killed_inside_a_call)
{
    const struct call *c = &calls[_i];
    if (c->prepare)
        c->prepare();
    pc_cut_at(0, false, NULL);
    ck_assert_uint_eq(c->call(), CKR_OK);
    unsigned n = pc_cut_over(NULL);
    printf("%s: %u commands\n", c->name, n);
    ck_assert_uint_ge(n, 2);
    c->finish();
    CK_ULONG space = pc_free_space();
    restarted(c, (n + 1) / 2, true);
    restarted(c, n, true);
    killed(c, (n + 1) / 2, true, false);
    killed(c, n, false, c->tells);
    bool stays = c->finish != delete_pair && c->finish != read_and_delete_file;
    ck_assert(stays || pc_free_space() == space);
    mh_issued_free(&parts);
}
END_TEST

/* --- between the parts of a search
 * ------------------------------------------------------------------------------------*/

/* It was made by its Init, and goes on; what was found is there still with the daemon's successor,
 * and without one the first that asks the key says that it has gone. */
START_TEST(killed_in_the_middle_of_a_search)
{
    CK_OBJECT_HANDLE o[64];
    CK_ULONG all = 0, n = 0;
    ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjects(session, o, COUNT(o), &all), CKR_OK);
    ck_assert_uint_eq(h.f->C_FindObjectsFinal(session), CKR_OK);
    ck_assert_uint_ge(all, 6);
    for (CK_ULONG before = 0; before < 2; before++) { /* has been given out when it dies */
        CK_ULONG first = 0;
        ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_OK);
        ck_assert_uint_eq(h.f->C_FindObjects(session, o, before, &first), CKR_OK);
        pc_cut_restart();
        ck_assert_uint_eq(h.f->C_FindObjects(session, o + first, COUNT(o) - first, &n), CKR_OK);
        ck_assert_uint_eq(first + n, all);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(session), CKR_OK);
        ck_assert_uint_eq(pc_sign(), CKR_OK);
        for (CK_ULONG i = 0; i < all; i++) {
            CK_OBJECT_CLASS class = 0;
            CK_ATTRIBUTE a = {CKA_CLASS, &class, sizeof class};
            ck_assert_uint_eq(h.f->C_GetAttributeValue(session, o[i], &a, 1), CKR_OK);
        }
        ck_assert_uint_eq(h.f->C_FindObjectsInit(session, NULL, 0), CKR_OK);
        pc_kill_daemon();
        ck_assert_uint_eq(h.f->C_FindObjects(session, o, COUNT(o), &n), CKR_OK);
        ck_assert_uint_eq(n, all);
        ck_assert_uint_eq(h.f->C_FindObjectsFinal(session), CKR_OK);
        ck_assert_uint_eq(pc_sign(), CKR_DEVICE_REMOVED);
        start_again();
    }
}
END_TEST

/* --- an unlock
 * ----------------------------------------------------------------------------------------*/

#define ROUNDS 2 /* of a platform's answer, on this key */

static CK_BYTE message[CK_BJCA_MESSAGE_MAX];
static CK_ULONG message_len;
static CK_BBOOL unlocked;
static CK_BJCA_UNLOCK unlock;

/* Begin, then the platform's answers. */
static CK_RV step(int round)
{
    const char *pin = getenv("KEY_PIN");
    static struct bk_buf answer;
    if (round > 0)
        ck_assert(mh_answer(&h, message, message_len, &answer));
    message_len = sizeof message;
    CK_RV rv = round > 0 ? h.v->BJCA_UnlockStep(unlock, answer.data, answer.len, NAME(pin),
                                                strlen(pin), message, &message_len, &unlocked)
                         : h.v->BJCA_UnlockBegin(0, &unlock, message, &message_len);
    bk_buf_free(&answer);
    return rv;
}

static CK_RV steps_up_to(int round, unsigned at, bool after, void (*happens)(void))
{
    h.redeemed = false; /* a new code */
    unlocked = CK_FALSE;
    for (int i = 0; i < round; i++)
        ck_assert_uint_eq(step(i), CKR_OK);
    pc_cut_at(at, after, happens);
    return step(round);
}

/* To the end, which the platform hears of. */
static void go_on(int round)
{
    struct bk_buf answer = BK_BUF_INIT;
    while (round < ROUNDS)
        ck_assert_uint_eq(step(++round), CKR_OK);
    ck_assert(unlocked);
    ck_assert(mh_answer(&h, message, message_len, &answer));
    bk_buf_free(&answer);
}

/* With a successor what Begin had read is read again, and the unlock goes on; later it can't, since
 * the key has lost what was proved to it. When all is done that is said. */
static void unlock_cut(int round, unsigned at, bool restart)
{
    bool happened = false;
    CK_RV rv = CKR_OK;
    for (int i = 0; i < 3; i++) {
        rv = steps_up_to(round, at, true, restart ? pc_cut_restart : pc_cut_kill);
        unsigned seen = pc_cut_over(&happened);
        if (happened)
            break;
        go_on(round);
        at = seen;
    }
    ck_assert(happened);
    ck_assert_msg(rv == CKR_BJCA_KEY_CHANGED ||
                      (rv == CKR_OK && (round == ROUNDS || (restart && round == 0))),
                  "round %d, command %u: %lx", round, at, rv);
    if (rv == CKR_OK)
        go_on(round);
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(unlock), CKR_BJCA_KEY_CHANGED);
    if (!restart)
        pc_start_daemon();
    pc_wait_key(10);
    ck_assert_uint_eq(mh_unlock(&h, 0, getenv("KEY_PIN")), CKR_OK);
    pc_wait_key(10);
    pc_all_is_well();
}

START_TEST(killed_in_the_middle_of_an_unlock)
{
    mh_new_unlock(&h);
    for (int round = 0; round <= ROUNDS; round++) {
        ck_assert_uint_eq(steps_up_to(round, 0, false, NULL), CKR_OK);
        unsigned n = pc_cut_over(NULL);
        printf("unlock, round %d: %u commands\n", round, n);
        ck_assert_uint_ge(n, 2);
        go_on(round);
        for (int restart = 0; restart < 2; restart++) {
            unlock_cut(round, (n + 1) / 2, restart);
            unlock_cut(round, n, restart);
        }
    }
}
END_TEST

int main(void)
{
    if (!pc_is_there())
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("killed");
    TCase *t = tcase_create("killed");
    tcase_add_checked_fixture(t, pc_setup, pc_teardown);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, killed_inside_a_call, 0, (int)COUNT(calls));
    tcase_add_test(t, killed_in_the_middle_of_a_search);
    tcase_add_test(t, killed_in_the_middle_of_an_unlock);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
