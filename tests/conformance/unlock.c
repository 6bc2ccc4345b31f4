/* SPDX-License-Identifier: Apache-2.0 */
/* Unlock messages that are wrong, late, for somebody else; keys of each kind. */
#include <check.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "life.h"
#include "runner.h"
#include "token/unlock.h"

START_TEST(a_locked_key_is_unlocked)
{
    static const struct bk_vkey_params kinds[] = {
        {.dialect = BK_VKEY_GMT0017, .shape = BK_VKEY_DIRECT},
        {.dialect = BK_VKEY_GMT0017, .shape = BK_VKEY_ADMIN_FIRST},
        {.dialect = BK_VKEY_LONGMAI, .shape = BK_VKEY_DIRECT},
        {.dialect = BK_VKEY_LONGMAI, .shape = BK_VKEY_ADMIN_FIRST},
        {.files = BK_VKEY_FILES_NO_ROOM},
        {.files = BK_VKEY_FILES_NO_RIGHT, .shape = BK_VKEY_ADMIN_FIRST},
    };
    life_start_key(&kinds[_i], NULL);
    life_issue_both();
    life_lock_it();
    ck_assert_uint_eq(mh_unlock(&h, 0, NEW_PIN), CKR_OK);
    ck_assert_uint_eq(h.proofs, 1);
    ck_assert_str_eq(h.admin, "Rotated-admin-99");
    ck_assert_uint_eq(mh_try_login(&h, 0, MH_PIN), 0);
    CK_SESSION_HANDLE s = mh_try_login(&h, 0, NEW_PIN);
    ck_assert_uint_ne(s, 0);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

static CK_RV one_step(CK_BJCA_UNLOCK u, const struct bk_buf *answer, const char *pin)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BBOOL done = 0;
    return h.v->BJCA_UnlockStep(u, answer->data, answer->len, (const CK_UTF8CHAR *)pin, strlen(pin),
                                request, &len, &done);
}

/* Whatever is wrong with an answer, no administrator try is spent on it. */
START_TEST(a_wrong_answer_is_not_sent)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    life_lock_it();
    for (size_t at = 0; at < 200; at++) {
        CK_BJCA_UNLOCK u = 0;
        CK_ULONG len = sizeof request;
        mh_new_unlock(&h);
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
        ck_assert(mh_answer(&h, request, len, &answer));
        if (at >= answer.len) {
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
            break;
        }
        /* inside the command (tag 86) and the one-time PIN only the key can tell */
        const uint8_t *command = memmem(answer.data, answer.len, "\x86\x16", 2);
        size_t from = (size_t)(command - answer.data) + 4, to = from + 20 + 14;
        if (at >= from && at < to) {
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
            continue;
        }
        answer.data[at] ^= 0x01;
        bool origin_or_id = at >= to || (memmem(answer.data, answer.len, "U-1", 3) == NULL);
        CK_RV rv = one_step(u, &answer, NEW_PIN);
        if (!origin_or_id)
            ck_assert_uint_eq(rv, CKR_BJCA_REFUSED);
        if (rv == CKR_OK)
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
        ck_assert_uint_eq(life_admin_left(), 10);
    }
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

START_TEST(an_answer_is_good_once_and_for_its_random)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BJCA_UNLOCK u = 0, second = 0;
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    life_lock_it();
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    ck_assert(mh_answer(&h, request, len, &answer));
    /* held: everybody else is told so */
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_DEVICE_ERROR);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    ck_assert_ptr_nonnull(strstr((char *)e.text, "busy"));
    /* a PIN against the rules: nothing was sent, the unlock goes on */
    ck_assert_uint_eq(one_step(u, &answer, "short"), CKR_PIN_LEN_RANGE);
    ck_assert_uint_eq(one_step(u, &answer, "a\ttab-stop"), CKR_PIN_INVALID);
    /* so it does when there is no room for the request */
    CK_BBOOL done = 0;
    len = CK_BJCA_MESSAGE_MAX - 1;
    ck_assert_uint_eq(h.v->BJCA_UnlockStep(u, answer.data, answer.len, (CK_UTF8CHAR *)NEW_PIN,
                                           strlen(NEW_PIN), request, &len, &done),
                      CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(h.v->BJCA_UnlockStep(u, NULL, 0, (CK_UTF8CHAR *)NEW_PIN, strlen(NEW_PIN),
                                           request, &len, &done),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_OK);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_REFUSED);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_KEY_CHANGED);
    len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &second, request, &len), CKR_OK);
    ck_assert_uint_ne(u, second);
    ck_assert_uint_eq(one_step(second, &answer, NEW_PIN), CKR_BJCA_REFUSED);
    ck_assert_uint_eq(life_admin_left(), 10);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

/* To a change of PIN this key says that the data is wrong, or too long. */
static uint8_t change_answer[2];

static enum bk_err refuse_change(struct bk_transport *inner, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    if (len < 2 || command[1] != 0x16)
        return inner->ops->transmit(inner, command, len, sensitive, answer);
    bk_buf_clear(answer);
    return bk_buf_put(answer, change_answer, sizeof change_answer);
}

/* What the key says is never taken for what Step itself refuses: the handle is gone. */
START_TEST(a_handle_is_gone_when_the_key_refuses)
{
    static const uint8_t answers[][2] = {{0x6a, 0x80}, {0x67, 0x00}, {0x6d, 0x00}};
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_BJCA_UNLOCK u = 0;
    CK_ULONG len = sizeof request;
    CK_BBOOL done = 0;
    struct bk_buf answer = BK_BUF_INIT;
    CK_RV rv = CKR_OK;
    life_setup();
    life_lock_it();
    memcpy(change_answer, answers[_i], sizeof change_answer);
    life_transmit = refuse_change;
    life_restart();
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    while (rv == CKR_OK && !done && mh_answer(&h, request, len, &answer)) {
        len = sizeof request;
        rv = h.v->BJCA_UnlockStep(u, answer.data, answer.len, (CK_UTF8CHAR *)NEW_PIN,
                                  strlen(NEW_PIN), request, &len, &done);
    }
    ck_assert_uint_ne(rv, CKR_OK);
    ck_assert_msg(rv != CKR_PIN_LEN_RANGE && rv != CKR_PIN_INVALID && rv != CKR_ARGUMENTS_BAD &&
                      rv != CKR_BUFFER_TOO_SMALL,
                  "%lx", rv);
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_BJCA_KEY_CHANGED);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

/* A step that the key gave no answer to, whatever became of it there: there is nothing that the key
 * could be said to have answered, and only a new beginning. */
START_TEST(a_step_without_an_answer_begins_again)
{
    static const enum bk_fault_kind kinds[] = {BK_FAULT_FAIL, BK_FAULT_LOSE, BK_FAULT_RESET};
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_BJCA_UNLOCK u = 0;
    CK_ULONG len = sizeof request;
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    life_lock_it();
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    ck_assert(mh_answer(&h, request, len, &answer));
    fault = (struct bk_fault){.kind = kinds[_i], .at = 1};
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_KEY_CHANGED);
    ck_assert(fault.fired);
    fault.at = 0;
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_KEY_CHANGED);
    ck_assert_uint_eq(life_admin_left(), 10);
    mh_new_unlock(&h);
    ck_assert_uint_eq(mh_unlock(&h, 0, NEW_PIN), CKR_OK);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

START_TEST(few_administrator_tries_are_not_risked)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    /* the platform has a wrong administrator PIN: a try a run, down to the last four */
    for (CK_ULONG left = 10; left >= 4; left--) {
        CK_BJCA_UNLOCK u = 0;
        CK_ULONG len = sizeof request;
        mh_new_unlock(&h);
        memcpy(h.admin, "not-the-real-one", sizeof h.admin);
        ck_assert_uint_eq(life_admin_left(), left);
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
        ck_assert(mh_answer(&h, request, len, &answer));
        CK_RV rv = one_step(u, &answer, NEW_PIN);
        ck_assert_uint_eq(rv, left == 4 ? CKR_BJCA_ADMIN_LOW : CKR_OK);
        if (rv == CKR_OK)
            ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
    }
    CK_BJCA_UNLOCK u = 0;
    CK_ULONG len = sizeof request;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_BJCA_ADMIN_LOW);
    ck_assert_uint_eq(life_admin_left(), 3);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

/* --- a caller that stalls ------------------------------------------------------------------*/

static const struct bk_transport_ops *ops_below;
static atomic_uint ended; /* transactions of the key that were let go */

static void count_end(struct bk_transport *t)
{
    ended++;
    ops_below->end(t);
}

static enum bk_err count_reset(struct bk_transport *t)
{
    ended++;
    return ops_below->reset(t);
}

/* Without another call, the key is let go once the step's time is over. */
START_TEST(a_caller_that_stalls_loses_the_key)
{
    CK_C_INITIALIZE_ARGS args = {.flags = _i ? CKF_LIBRARY_CANT_CREATE_OS_THREADS : 0};
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof request;
    CK_BJCA_UNLOCK u = 0;
    struct bk_buf answer = BK_BUF_INIT;
    life_setup();
    life_lock_it();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Initialize(&args), CKR_OK);
    ck_assert_uint_eq(life_admin_left(), 10); /* opens the key, before there is a thread */
    static struct bk_transport_ops counting;
    ops_below = key->ops;
    counting = *key->ops;
    counting.end = count_end;
    counting.reset = count_reset;
    key->ops = &counting;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
    ck_assert(mh_answer(&h, request, len, &answer));
    ended = 0;
    (void)sleep(BK_UNLOCK_SECONDS - 2);
    ck_assert_uint_eq(ended, 0);
    (void)sleep(4);
    /* where threads are forbidden the next call does it */
    ck_assert_uint_eq(ended > 0, !_i);
    ck_assert_uint_eq(one_step(u, &answer, NEW_PIN), CKR_BJCA_KEY_CHANGED);
    ck_assert_uint_gt(ended, 0);
    key->ops = ops_below;
    ck_assert_uint_eq(life_admin_left(), 10);
    ck_assert_uint_eq(mh_unlock(&h, 0, NEW_PIN), CKR_OK);
    bk_buf_free(&answer);
    life_teardown();
}
END_TEST

static int threads(void)
{
    int n = 0;
    DIR *tasks = opendir("/proc/self/task");
    ck_assert_ptr_nonnull(tasks);
    for (struct dirent *e = readdir(tasks); e; e = readdir(tasks))
        n += e->d_name[0] != '.';
    (void)closedir(tasks);
    return n;
}

static void *nothing(void *arg)
{
    return arg;
}

/* The thread that watches lives no longer than its unlock: who has none is free to unload us. */
START_TEST(no_thread_outlives_its_unlock)
{
    pthread_t first;
    life_setup();
    /* with the first thread a sanitizer may start one of its own */
    ck_assert_int_eq(pthread_create(&first, NULL, nothing, NULL), 0);
    ck_assert_int_eq(pthread_join(first, NULL), 0);
    int before = threads();
    for (int i = 0; i < 3; i++) {
        CK_BYTE request[CK_BJCA_MESSAGE_MAX];
        CK_ULONG len = sizeof request;
        CK_BJCA_UNLOCK u = 0;
        life_lock_it();
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
        ck_assert_int_eq(threads(), before + 1);
        ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_OK);
        ck_assert_uint_eq(mh_unlock(&h, 0, NEW_PIN), CKR_OK);
        for (int wait = 0; wait < 200 && threads() != before; wait++)
            (void)usleep(10000);
        ck_assert_int_eq(threads(), before);
    }
    life_teardown();
}
END_TEST

/* C_Finalize in the middle of an unlock ends it, and its thread. */
START_TEST(finalize_ends_an_unlock)
{
    CK_BYTE request[CK_BJCA_MESSAGE_MAX];
    life_setup();
    life_lock_it();
    for (int i = 0; i < 20; i++) {
        CK_ULONG len = sizeof request;
        CK_BJCA_UNLOCK u = 0;
        ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &u, request, &len), CKR_OK);
        life_restart();
        ck_assert_uint_eq(h.v->BJCA_UnlockCancel(u), CKR_BJCA_KEY_CHANGED);
    }
    ck_assert_uint_eq(mh_unlock(&h, 0, NEW_PIN), CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("unlock");
    TCase *t = life_case("unlock");
    tcase_add_loop_test(t, a_locked_key_is_unlocked, 0, 6);
    tcase_add_test(t, a_wrong_answer_is_not_sent);
    tcase_add_test(t, an_answer_is_good_once_and_for_its_random);
    tcase_add_loop_test(t, a_handle_is_gone_when_the_key_refuses, 0, 3);
    tcase_add_loop_test(t, a_step_without_an_answer_begins_again, 0, 3);
    tcase_add_test(t, few_administrator_tries_are_not_risked);
    tcase_add_loop_test(t, a_caller_that_stalls_loses_the_key, 0, 2);
    tcase_add_test(t, no_thread_outlives_its_unlock);
    tcase_add_test(t, finalize_ends_an_unlock);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
