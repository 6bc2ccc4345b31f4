/* SPDX-License-Identifier: Apache-2.0 */
/* Data objects on the key, as clients make them. Clauses are those of PKCS#11 2.40 and 3.0. */
#include <check.h>
#include <stdio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "life.h"
#include "runner.h"
#include "token/data.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define CKA_DESTROYABLE 0x172UL
#define CKA_COPYABLE 0x171UL
#define CKA_UNIQUE_ID 0x4UL
#define RSA "personalCert00"
#define SM2 "personalCert01"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS data_class = CKO_DATA, public_class = CKO_PUBLIC_KEY,
                       secret_class = CKO_SECRET_KEY;
static CK_BYTE value[] = "what is kept";
static CK_BYTE app_name[] = "app";

/* --- data objects
 * -------------------------------------------------------------------------------*/

static CK_RV make_data(CK_SESSION_HANDLE s, const char *label, CK_BBOOL *private_,
                       const void *bytes, CK_ULONG len, CK_OBJECT_HANDLE *o)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data_class, sizeof data_class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_PRIVATE, private_, 1},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
                        {CKA_APPLICATION, app_name, 3},
                        {CKA_OBJECT_ID, (CK_BYTE *)"\x06\x01\x2a", 3},
                        {CKA_VALUE, (void *)(uintptr_t)bytes, len}};
    *o = 0;
    return h.f->C_CreateObject(s, t, COUNT(t), o);
}

static bool has_value(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, const void *bytes, size_t len)
{
    struct bk_buf b = BK_BUF_INIT;
    bool same =
        mh_bytes_attr(&h, s, o, CKA_VALUE, &b) && b.len == len && memcmp(b.data, bytes, len) == 0;
    bk_buf_free(&b);
    return same;
}

/* 4.5, 5.7: made, found, read, changed, copied, destroyed; in its slot, for those who may. */
START_TEST(a_data_object_on_the_key)
{
    CK_OBJECT_HANDLE pub = 0, priv = 0, copy = 0, sm2 = 0;
    CK_BYTE big[16000], small[] = "other";
    CK_ATTRIBUTE set = {CKA_VALUE, small, 5}, session_copy = {CKA_TOKEN, &no, 1};
    struct bk_buf app = BK_BUF_INIT, id = BK_BUF_INIT, id2 = BK_BUF_INIT;
    memset(big, 7, sizeof big);
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(make_data(s, "open", &no, big, sizeof big, &pub), CKR_OK);
    ck_assert_uint_eq(make_data(s, "secret", &yes, value, sizeof value, &priv), CKR_OK);
    ck_assert_uint_eq(make_data(life_session(1, CKF_RW_SESSION), "second", &no, "", 0, &sm2),
                      CKR_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 2);
        ck_assert_uint_eq(life_find_label(s, "open", &pub), 1);
        ck_assert_uint_eq(life_find_label(s, "secret", &priv), 1);
        ck_assert(has_value(s, pub, big, sizeof big) && has_value(s, priv, value, sizeof value));
        ck_assert(mh_bytes_attr(&h, s, priv, CKA_APPLICATION, &app) && app.len == 3);
        ck_assert_uint_eq(life_find_label(life_session(1, 0), "second", NULL), 1);
        life_restart();
        s = mh_login(&h, 0);
    }
    /* private means private */
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 1);
    ck_assert_uint_eq(life_find_label(s, "secret", NULL), 0);
    ck_assert_uint_eq(life_find_label(s, "open", &pub), 1);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, pub, &set, 1), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, pub), CKR_USER_NOT_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(life_find_label(s, "secret", &priv), 1);
    /* changed: the same object */
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_UNIQUE_ID, &id));
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, priv, &set, 1), CKR_OK);
    ck_assert(has_value(s, priv, small, 5) && life_has_label(s, priv, "secret"));
    ck_assert(mh_bytes_attr(&h, s, priv, CKA_UNIQUE_ID, &id2));
    ck_assert_uint_eq(id.len, id2.len);
    ck_assert_mem_eq(id.data, id2.data, id.len);
    /* copied: to the session, to the key */
    ck_assert_uint_eq(h.f->C_CopyObject(s, priv, &session_copy, 1, &copy), CKR_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, priv), CKR_OBJECT_HANDLE_INVALID);
    ck_assert(has_value(s, copy, small, 5));
    session_copy.pValue = &yes;
    ck_assert_uint_eq(h.f->C_CopyObject(s, copy, &session_copy, 1, &priv), CKR_OK);
    life_restart();
    s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 2);
    ck_assert_uint_eq(life_find_label(s, "secret", &priv), 1);
    ck_assert(has_value(s, priv, small, 5));
    bk_buf_free(&app);
    bk_buf_free(&id);
    bk_buf_free(&id2);
    life_teardown();
}
END_TEST

static const struct {
    const char *clause;
    CK_RV rv;
    bool read_only, logged_in;
    CK_ATTRIBUTE t[4];
    CK_ULONG n;
} data_rows[] = {
    {"5.7 read-only session",
     CKR_SESSION_READ_ONLY,
     true,
     true,
     {{CKA_CLASS, &data_class, sizeof data_class}},
     1},
    {"5.7 nobody logged in",
     CKR_USER_NOT_LOGGED_IN,
     false,
     false,
     {{CKA_CLASS, &data_class, sizeof data_class}},
     1},
    {"4.1.1 an attribute of keys",
     CKR_ATTRIBUTE_TYPE_INVALID,
     false,
     true,
     {{CKA_CLASS, &data_class, sizeof data_class}, {CKA_ENCRYPT, &yes, 1}},
     2},
    {"4.8 public keys come from the key",
     CKR_TEMPLATE_INCONSISTENT,
     false,
     true,
     {{CKA_CLASS, &public_class, sizeof public_class}},
     1},
    {"4.10 no secret keys on the key",
     CKR_TEMPLATE_INCONSISTENT,
     false,
     true,
     {{CKA_CLASS, &secret_class, sizeof secret_class}},
     1},
    {"4.5 nothing but the class",
     CKR_OK,
     false,
     true,
     {{CKA_CLASS, &data_class, sizeof data_class}},
     1},
};

START_TEST(what_data_can_be_created)
{
    life_setup();
    CK_SESSION_HANDLE rw = life_session(0, CKF_RW_SESSION), ro = life_session(0, 0);
    for (size_t i = 0; i < COUNT(data_rows); i++) {
        CK_ATTRIBUTE t[5];
        CK_OBJECT_HANDLE o = 0;
        memcpy(t, data_rows[i].t, sizeof data_rows[i].t);
        t[data_rows[i].n] = (CK_ATTRIBUTE){CKA_TOKEN, &yes, 1};
        if (data_rows[i].logged_in)
            (void)h.f->C_Login(rw, CKU_USER, (CK_BYTE *)MH_PIN, 8);
        else
            (void)h.f->C_Logout(rw);
        CK_RV rv = h.f->C_CreateObject(data_rows[i].read_only ? ro : rw, t, data_rows[i].n + 1, &o);
        ck_assert_msg(rv == data_rows[i].rv, "%s: %lx", data_rows[i].clause, rv);
    }
    life_teardown();
}
END_TEST

/* 4.4, 5.7: what says that it stays as it is. */
START_TEST(what_is_fixed_stays_so)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data_class, sizeof data_class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_LABEL, value, 4},
                        {CKA_MODIFIABLE, &no, 1},
                        {CKA_COPYABLE, &no, 1},
                        {CKA_DESTROYABLE, &no, 1}};
    CK_ATTRIBUTE set = {CKA_LABEL, value, 2};
    CK_OBJECT_HANDLE o = 0, copy = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, COUNT(t), &o), CKR_OK);
    life_restart();
    s = mh_login(&h, 0);
    o = mh_find(&h, s, CKO_DATA, 0);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &set, 1), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_CopyObject(s, o, NULL, 0, &copy), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o), CKR_ACTION_PROHIBITED);
    life_teardown();
}
END_TEST

/* Of several processes each sees what the others do. */
START_TEST(data_of_another_process)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_HANDLE o = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_login(other, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    ck_assert_int_eq(bk_data_refresh(other), BK_OK);
    ck_assert_uint_eq(other->data_count, 0);
    ck_assert_uint_eq(make_data(s, "mine", &yes, value, sizeof value, &o), CKR_OK);
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    ck_assert_int_eq(bk_data_refresh(other), BK_OK);
    ck_assert_uint_eq(other->data_count, 1);
    ck_assert_int_eq(bk_data_delete(other, other->data[0]->id), BK_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o), CKR_OBJECT_HANDLE_INVALID);
    ck_assert_uint_eq(life_find_label(s, "mine", NULL), 0);
    life_other_free(&other, &readers);
    life_teardown();
}
END_TEST

static enum bk_err take_new_value(void *arg, const struct bk_data *now, struct bk_data *next)
{
    *next = *now; /* a view */
    next->value = *(const struct bk_buf *)arg;
    return BK_OK;
}

/* Of what two processes change of one object neither is lost. */
START_TEST(a_change_is_of_what_is_on_the_key_now)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE set = {CKA_APPLICATION, (void *)(uintptr_t) "mine", 4};
    struct bk_buf theirs = BK_BUF_INIT;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(make_data(s, "shared", &yes, value, sizeof value, &o), CKR_OK);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_login(other, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    ck_assert_int_eq(bk_data_refresh(other), BK_OK);
    ck_assert_int_eq(bk_buf_put_str(&theirs, "theirs"), BK_OK);
    ck_assert_int_eq(bk_data_replace(other, other->data[0]->id, take_new_value, &theirs), BK_OK);
    bk_buf_free(&theirs);
    life_other_free(&other, &readers);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &set, 1), CKR_OK);
    ck_assert_uint_eq(life_find_label(s, "shared", &o), 1);
    ck_assert(has_value(s, o, "theirs", 6));
    life_teardown();
}
END_TEST

/* The short look at the records sees any number of changes, and costs one exchange when there is
 * none. */
START_TEST(every_number_of_changes_is_seen)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_HANDLE o = 0;
    bool same = false;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(other), BK_OK);
    for (unsigned n = 0; n < 5; n++) {
        for (unsigned i = 0; i < n; i++)
            ck_assert_uint_eq(make_data(s, "one more", &no, value, sizeof value, &o), CKR_OK);
        ck_assert_int_eq(bk_records_same(other->card, &other->records, &same), BK_OK);
        ck_assert_int_eq(same, n == 0);
        ck_assert_int_eq(bk_token_refresh(other), BK_OK);
        ck_assert_int_eq(bk_records_same(other->card, &other->records, &same), BK_OK);
        ck_assert(same);
    }
    life_other_free(&other, &readers);
    life_teardown();
}
END_TEST

/* However many there are: three records' worth of reading, the names, the file, the new record. */
START_TEST(a_change_reads_no_other_object)
{
    CK_OBJECT_HANDLE o[8] = {0};
    CK_ATTRIBUTE set = {CKA_VALUE, (void *)(uintptr_t) "new", 3};
    char name[16];
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (unsigned i = 0; i < 8; i++) {
        (void)snprintf(name, sizeof name, "object %u", i);
        (void)mh_exchanges(&h);
        ck_assert_uint_eq(make_data(s, name, i % 2 ? &yes : &no, value, sizeof value, &o[i]),
                          CKR_OK);
        if (i > 1) /* the first makes the records */
            ck_assert_uint_le(mh_exchanges(&h), 12);
    }
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o[3], &set, 1), CKR_OK);
    ck_assert_uint_le(mh_exchanges(&h), 13);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o[4]), CKR_OK);
    ck_assert_uint_le(mh_exchanges(&h), 10);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 7);
    ck_assert(has_value(s, o[3], "new", 3));
    life_restart();
    s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 7);
    ck_assert_uint_eq(life_find_label(s, "object 3", &o[0]), 1);
    ck_assert(has_value(s, o[0], "new", 3));
    life_teardown();
}
END_TEST

/* 4.5: files that others made are shown to be read, and are theirs. */
START_TEST(files_of_others_are_read_only_data)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_HANDLE o = 0, copy = 0;
    CK_ATTRIBUTE set = {CKA_LABEL, value, 2},
                 as[] = {{CKA_TOKEN, &yes, 1}, {CKA_DESTROYABLE, &yes, 1}};
    life_setup();
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_login(other, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_create_file(other->card, "BJCAENVSN", 4, BK_RIGHT_ANYONE, 0x10),
                     BK_OK);
    ck_assert_int_eq(bk_card_write_file(other->card, "BJCAENVSN", 0, "1234", 4, false), BK_OK);
    ck_assert_int_eq(bk_card_create_file(other->card, "USERS", 4, BK_RIGHT_USER, 0x10), BK_OK);
    ck_assert_int_eq(bk_card_create_file(other->card, "NOBODYS", 4, BK_RIGHT_NEVER, 0x10), BK_OK);
    life_other_free(&other, &readers);
    CK_SESSION_HANDLE s = life_session(0, CKF_RW_SESSION);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 1);
    ck_assert_uint_eq(life_find_label(s, "BJCAENVSN", &o), 1);
    ck_assert(has_value(s, o, "1234", 4));
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 2);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &set, 1), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.f->C_DestroyObject(s, o), CKR_ACTION_PROHIBITED);
    /* a copy is the module's own, and goes again */
    for (CK_ULONG i = 0; i < 4; i++) {
        as[0].pValue = i % 2 ? &yes : &no;
        ck_assert_uint_eq(h.f->C_CopyObject(s, o, as, i / 2 + 1, &copy), CKR_OK);
        ck_assert_uint_eq(h.f->C_SetAttributeValue(s, copy, &set, 1), CKR_OK);
        ck_assert_uint_eq(h.f->C_DestroyObject(s, copy), CKR_OK);
    }
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 2);
    life_teardown();
}
END_TEST

/* 5.7: no room, no files. */
/* Other software has copied it to where anyone reads it: it isn't called private then. */
START_TEST(what_anyone_may_read_is_not_private)
{
    struct bk_readers *readers = NULL;
    struct bk_names names = {BK_BUF_INIT};
    struct bk_buf bytes = BK_BUF_INIT;
    size_t at = 0;
    const char *name = NULL;
    CK_OBJECT_HANDLE o = 0;
    CK_BBOOL private = 2;
    CK_ATTRIBUTE get = {CKA_PRIVATE, &private, 1};
    life_setup();
    ck_assert_uint_eq(make_data(mh_login(&h, 0), "mine", &yes, value, sizeof value, &o), CKR_OK);
    struct bk_token *other = life_other(&readers);
    ck_assert_int_eq(bk_token_login(other, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_enum_files(other->card, &names), BK_OK);
    do
        name = bk_names_next(&names, &at);
    while (name && strncmp(name, "BJCAP11D", 8) != 0);
    ck_assert_ptr_nonnull(name);
    uint32_t size = 0, rights = 0, write = 0;
    ck_assert_int_eq(bk_card_get_file_info(other->card, name, &size, &rights, &write), BK_OK);
    ck_assert_uint_eq(rights, BK_RIGHT_USER);
    ck_assert_int_eq(bk_card_read_file(other->card, name, 0, size, true, &bytes), BK_OK);
    ck_assert_int_eq(bk_card_delete_file(other->card, name), BK_OK);
    ck_assert_int_eq(bk_card_create_file(other->card, name, size, BK_RIGHT_ANYONE, write), BK_OK);
    ck_assert_int_eq(bk_card_write_file(other->card, name, 0, bytes.data, bytes.len, false), BK_OK);
    life_other_free(&other, &readers);
    life_restart();
    CK_SESSION_HANDLE s = life_session(0, 0);
    ck_assert_uint_eq(life_find_label(s, "mine", &o), 1);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, o, &get, 1), CKR_OK);
    ck_assert_uint_eq(private, CK_FALSE);
    bk_buf_free(&bytes);
    bk_names_free(&names);
    life_teardown();
}
END_TEST

START_TEST(a_key_that_takes_no_data)
{
    CK_OBJECT_HANDLE o = 0;
    if (_i < 2) {
        life_start_key(
            &(struct bk_vkey_params){.files = _i ? BK_VKEY_FILES_NO_RIGHT : BK_VKEY_FILES_NO_ROOM},
            NULL);
    } else {
        life_setup();
        life_fill(100);
    }
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(make_data(s, "x", &no, value, sizeof value, &o),
                      _i < 2 ? CKR_TOKEN_WRITE_PROTECTED : CKR_DEVICE_MEMORY);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 0);
    life_teardown();
}
END_TEST

enum what { CREATE, SET, DESTROY };

static CK_RV act(CK_SESSION_HANDLE s, enum what what)
{
    CK_ATTRIBUTE set = {CKA_VALUE, (void *)(uintptr_t) "new", 3};
    CK_OBJECT_HANDLE o = 0, other = 0;
    if (what == CREATE)
        return make_data(s, "made", &yes, "new", 3, &other);
    if (life_find_label(s, "kept", &o) != 1)
        return CKR_OBJECT_HANDLE_INVALID;
    return what == SET ? h.f->C_SetAttributeValue(s, o, &set, 1) : h.f->C_DestroyObject(s, o);
}

/* How it stands: the old state, or the new one; nothing else. */
static bool is_done(CK_SESSION_HANDLE s, enum what what, unsigned n)
{
    CK_OBJECT_HANDLE kept = 0, made = 0;
    CK_ULONG has_kept = life_find_label(s, "kept", &kept),
             has_made = life_find_label(s, "made", &made);
    bool old = has_kept && has_value(s, kept, "old", 3);
    bool done = what == CREATE ? has_made == 1 && has_value(s, made, "new", 3)
                : what == SET  ? has_kept == 1 && has_value(s, kept, "new", 3)
                               : has_kept == 0;
    ck_assert_msg(what == CREATE ? old && (done || !has_made) : old || done, "%d cut at %u", what,
                  n);
    ck_assert_uint_le(has_kept, 1);
    return done;
}

static CK_ULONG free_space(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.freeSpace;
}

START_TEST(data_cut_at_every_exchange)
{
    struct bk_buf state = BK_BUF_INIT;
    enum what what = (enum what)(_i % 3);
    static const enum bk_fault_kind kinds[] = {BK_FAULT_PULL,   BK_FAULT_RESET, BK_FAULT_LOSE,
                                               BK_FAULT_REMOVE, BK_FAULT_FAIL,  BK_FAULT_SHORTEN};
    enum bk_fault_kind kind = kinds[_i / 3];
    CK_OBJECT_HANDLE o = 0;
    unsigned n = 1, done = 0;
    CK_ULONG left = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(make_data(s, "kept", &yes, "old", 3, &o), CKR_OK);
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = kind, .at = n};
        (void)act(s, what);
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_try_login(&h, 0, MH_PIN);
        bool now = is_done(s, what, n);
        done += now;
        if (!now)
            ck_assert_uint_eq(act(s, what), CKR_OK);
        ck_assert(is_done(s, what, n));
        /* the next write takes leftovers along */
        ck_assert_uint_eq(make_data(s, "next", &no, "", 0, &o), CKR_OK);
        left = left ? left : free_space();
        ck_assert_msg(free_space() == left, "leftovers after a cut at %u", n);
    }
    ck_assert_uint_gt(done, 0);
    ck_assert_uint_gt(n, 10);
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* Another key's answers to questions about files. */
static const struct {
    uint8_t ins;
    size_t len;
    uint8_t answer[8];
} oddities[] = {
    {0x34, 2, {0x6d, 0x00}},            /* doesn't know what files are */
    {0x34, 2, {0x69, 0x82}},            /* tells nobody */
    {0x34, 2, {0x6f, 0x42}},            /* nothing we know */
    {0x34, 5, {'a', 0xff, 0, 0x90, 0}}, /* no name */
    {0x34, 4, {'a', 0, 0x90, 0x00}},    /* one that isn't there */
    {0x36, 2, {0x69, 0x82}},            /* says nothing about them */
    {0x36, 4, {1, 2, 0x90, 0x00}},      /* too little */
};
static size_t oddity;

static enum bk_err odd(struct bk_transport *inner, const uint8_t *command, size_t len,
                       bool sensitive, struct bk_buf *answer)
{
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    if (err || command[1] != oddities[oddity].ins)
        return err;
    bk_buf_clear(answer);
    return bk_buf_put(answer, oddities[oddity].answer, oddities[oddity].len);
}

/* A search that a data object could fit doesn't fail for what the key says of its files. */
START_TEST(odd_files_hide_nothing_else)
{
    CK_OBJECT_HANDLE o = 0;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(make_data(s, "data", &no, value, sizeof value, &o), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = odd;
    oddity = (size_t)_i;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    s = life_session(0, CKF_RW_SESSION);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(life_find_label(s, RSA, NULL), i ? 3 : 2);
        ck_assert_uint_eq(life_find_label(s, "data", NULL), 0);
        if (i == 0)
            ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    }
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* --- at once
 * ------------------------------------------------------------------------------------*/

#define THREADS 4
#define TURNS 6

/* Makes, changes and destroys its own, and looks at everything: the number of calls that failed. */
static void *at_work(void *arg)
{
    size_t me = (size_t)(uintptr_t)arg;
    size_t bad = 0;
    CK_ATTRIBUTE set = {CKA_VALUE, &me, sizeof me}, get = {CKA_VALUE, NULL, 0};
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &data_class, sizeof data_class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_PRIVATE, me % 2 ? &yes : &no, 1},
                        {CKA_VALUE, value, sizeof value}};
    CK_ATTRIBUTE label = {CKA_LABEL, (void *)(uintptr_t)(me % 2 ? "odd" : "even"), me % 2 ? 3 : 4};
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_ATTRIBUTE cert = {CKA_CLASS, &class, sizeof class};
    CK_SESSION_HANDLE s = 0;
    bad += h.f->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s) != CKR_OK;
    for (int i = 0; i < TURNS; i++) {
        CK_OBJECT_HANDLE o = 0, list[32];
        CK_ULONG n = 0;
        bad += h.f->C_CreateObject(s, t, COUNT(t), &o) != CKR_OK;
        bad += h.f->C_SetAttributeValue(s, o, &set, 1) != CKR_OK;
        bad += h.f->C_GetAttributeValue(s, o, &get, 1) != CKR_OK || get.ulValueLen != sizeof me;
        bad += h.f->C_FindObjectsInit(s, NULL, 0) != CKR_OK;
        bad += h.f->C_FindObjects(s, list, 32, &n) != CKR_OK || n < 8;
        bad += h.f->C_FindObjectsFinal(s) != CKR_OK;
        bad += h.f->C_DestroyObject(s, o) != CKR_OK;
        bad += h.f->C_FindObjectsInit(s, &cert, 1) != CKR_OK;
        bad += h.f->C_FindObjects(s, &o, 1, &n) != CKR_OK || n != 1;
        bad += h.f->C_FindObjectsFinal(s) != CKR_OK;
        bad += h.f->C_SetAttributeValue(s, o, &label, 1) != CKR_OK;
    }
    return (void *)(uintptr_t)bad;
}

START_TEST(threads_put_things_on_one_key)
{
    pthread_t threads[THREADS];
    CK_OBJECT_HANDLE o = 0;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, at_work, (void *)(uintptr_t)i), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *bad = NULL;
        ck_assert_int_eq(pthread_join(threads[i], &bad), 0);
        ck_assert_ptr_null(bad);
    }
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 0);
    o = mh_find(&h, s, CKO_CERTIFICATE, 0);
    ck_assert(life_has_label(s, o, "odd") || life_has_label(s, o, "even"));
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* What is private stands in no trace. */
START_TEST(the_trace_shows_no_private_data)
{
    struct bk_buf trace = BK_BUF_INIT;
    CK_OBJECT_HANDLE o = 0;
    static const char hex[] = "7768617420697320"; /* "what is " */
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(make_data(s, "label", i ? &no : &yes, value, sizeof value, &o), CKR_OK);
        bk_buf_clear(&trace);
        ck_assert_int_eq(bk_file_read(h.trace, 1 << 24, &trace), BK_OK);
        ck_assert((memmem(trace.data, trace.len, hex, strlen(hex)) != NULL) == (i == 1));
    }
    bk_buf_free(&trace);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("data");
    TCase *t = life_case("data");
    tcase_add_loop_test(t, a_data_object_on_the_key, 0, 2);
    tcase_add_test(t, what_data_can_be_created);
    tcase_add_test(t, what_is_fixed_stays_so);
    tcase_add_test(t, data_of_another_process);
    tcase_add_test(t, a_change_is_of_what_is_on_the_key_now);
    tcase_add_test(t, every_number_of_changes_is_seen);
    tcase_add_test(t, a_change_reads_no_other_object);
    tcase_add_test(t, files_of_others_are_read_only_data);
    tcase_add_test(t, what_anyone_may_read_is_not_private);
    tcase_add_loop_test(t, a_key_that_takes_no_data, 0, 3);
    tcase_add_loop_test(t, data_cut_at_every_exchange, 0, 3);
    tcase_add_loop_test(t, odd_files_hide_nothing_else, 0, (int)COUNT(oddities));
    tcase_add_test(t, the_trace_shows_no_private_data);
    tcase_add_test(t, threads_put_things_on_one_key);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = life_case("cuts");
    tcase_add_loop_test(t, data_cut_at_every_exchange, 0, 3 * BK_FAULT_KINDS);
    tcase_set_timeout(t, 300);
    tcase_set_tags(t, "cuts"); /* ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
