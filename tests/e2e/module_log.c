/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log and trace of a module whose keys are behind PC/SC: when there are any, and that no PIN and no
 * key stands in them. Run by tests/e2e/module-manners, with two keys: the first one's administrator
 * PIN is that of tests/support/modhost.h, everything of the second one is this test's.
 */
#include <check.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "pcsc.h"
#include "runner.h"

#define BESIDE 2 /* the first slot of the second key */

static char folder[PATH_MAX], log_file[PATH_MAX + 8], trace_file[PATH_MAX + 8], conf[PATH_MAX + 8];

static void setup(void)
{
    (void)snprintf(folder, sizeof folder, "%s.logs.XXXXXX", getenv("BJCA_CONF"));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(log_file, sizeof log_file, "%s/log", folder);
    (void)snprintf(trace_file, sizeof trace_file, "%s/trace", folder);
    (void)snprintf(conf, sizeof conf, "%s/conf", folder);
    mh_load(&h, getenv("P11_MODULE"));
}

/* The configuration of with-key, and these lines. */
static void configure(const char *more)
{
    struct bk_buf text = BK_BUF_INIT;
    ck_assert_int_eq(bk_file_read(getenv("BJCA_CONF"), 4096, &text), BK_OK);
    ck_assert_int_eq(bk_buf_put_str(&text, more), BK_OK);
    ck_assert_int_eq(bk_file_replace(conf, text.data, text.len, 0600), BK_OK);
    ck_assert_int_eq(setenv("BJCA_CONF", conf, 1), 0);
    bk_buf_free(&text);
}

static void configure_logs(const char *more)
{
    char text[3 * PATH_MAX];
    (void)snprintf(text, sizeof text, "[log]\nfile = %s\nlevel = debug\ntrace = %s\n%s", log_file,
                   trace_file, more);
    configure(text);
}

/* Something for the log, and something for the trace. */
static void use(void)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(99, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_SLOT_ID_INVALID);
}

static bool is_written(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0;
}

/* --- on and off
 * ---------------------------------------------------------------------------------*/

/* Files that this process could write to. */
static unsigned files_for_writing(void)
{
    unsigned n = 0;
    struct stat st;
    for (int fd = 3; fd < 1024; fd++) {
        int flags = fcntl(fd, F_GETFL);
        n += flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(fd, &st) == 0 &&
             S_ISREG(st.st_mode);
    }
    return n;
}

static unsigned entries(const char *path)
{
    unsigned n = 0;
    DIR *dir = opendir(path);
    ck_assert_ptr_nonnull(dir);
    for (const struct dirent *e = readdir(dir); e; e = readdir(dir))
        n += e->d_name[0] != '.' || (e->d_name[1] && e->d_name[1] != '.');
    (void)closedir(dir);
    return n;
}

/* In a folder of its own, which is its home, too: nothing is written there, nor to standard output
 * and error. */
START_TEST(off_unless_somebody_wants_it)
{
    char home[PATH_MAX + 8], said[PATH_MAX + 8];
    (void)snprintf(home, sizeof home, "%s/home", folder);
    (void)snprintf(said, sizeof said, "%s/said", folder);
    for (unsigned on = 0; on < 2; on++) {
        int fd = open(said, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
        ck_assert(mkdir(home, 0700) == 0 || on);
        ck_assert_int_eq(chdir(home), 0);
        ck_assert_int_eq(setenv("HOME", home, 1), 0);
        ck_assert_int_eq(setenv("XDG_STATE_HOME", home, 1), 0);
        ck_assert_int_eq(setenv("TMPDIR", home, 1), 0);
        if (on)
            configure("[log]\nfile = -\nlevel = debug\ntrace = trace\n");
        ck_assert(dup2(fd, 1) == 1 && dup2(fd, 2) == 2);
        unsigned before = files_for_writing();
        use();
        ck_assert_uint_eq(files_for_writing() - before, on ? 2 : 0);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_uint_eq(entries(home), on);
        ck_assert_uint_eq(is_written(said), on);
        ck_assert_int_eq(close(fd), 0);
    }
}
END_TEST

START_TEST(on_by_environment_and_by_configuration)
{
    ck_assert_int_eq(setenv("BJCA_LOG", log_file, 1), 0);
    use();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert(is_written(log_file));
    ck_assert(!is_written(trace_file));
    ck_assert_int_eq(unsetenv("BJCA_LOG"), 0);
    ck_assert_int_eq(unlink(log_file), 0);
    configure_logs("");
    use();
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert(is_written(log_file));
    ck_assert(is_written(trace_file));
}
END_TEST

/* a sanitizer asks the same function before it is there itself */
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
static bool more_rights; /* than who started the program has */

/* The program's symbol comes before the library's, for the module, too. */
__attribute__((visibility("default"))) unsigned long getauxval(unsigned long type)
{
    unsigned long (*real)(unsigned long) = NULL;
    if (type == AT_SECURE && more_rights)
        return 1;
    *(void **)(void *)&real = dlsym(RTLD_NEXT, "getauxval");
    return real(type);
}

/* It finds the key behind the daemon all the same: that needs no configuration. */
START_TEST(not_by_who_has_fewer_rights)
{
    configure_logs("");
    ck_assert_int_eq(setenv("BJCA_LOG", log_file, 1), 0);
    for (int secure = 1; secure >= 0; secure--) {
        more_rights = secure;
        use();
        more_rights = false;
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_int_eq(is_written(log_file), !secure);
        ck_assert_int_eq(is_written(trace_file), !secure);
    }
}
END_TEST
#endif

/* --- what doesn't stand there
 * ---------------------------------------------------------------------*/

#define OLD_PIN getenv("KEY_PIN")
#define NEW_PIN "canary-new-PIN"
#define WRONG_PIN "canary-bad-PIN"
#define UNLOCK_PIN "canary-unl-PIN"
#define SO_PIN "Admin-of-station"
#define NEW_SO_PIN "canary-new-admin"
#define WRONG_SO_PIN "canary-bad-admin"
#define SECRET "canary secret k." /* a key, 16 bytes */
#define WRAPPED "canary wrapped k"
#define TEXT "canary to decrypt"

static CK_BYTE device_key[] = "canary device k."; /* of the second key */
static CK_BYTE new_device_key[] = "canary new dev k";
static CK_BBOOL yes = 1, no;

static CK_BYTE *bytes(const char *text)
{
    return (CK_BYTE *)(uintptr_t)text;
}

static CK_RV log_in(CK_SESSION_HANDLE s, CK_USER_TYPE who, const char *pin)
{
    return h.f->C_Login(s, who, bytes(pin), strlen(pin));
}

static CK_SESSION_HANDLE open_session(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    return s;
}

/* Leaves the user with OLD_PIN. */
static void use_pins(void)
{
    CK_SESSION_HANDLE s = open_session(0);
    ck_assert_uint_eq(log_in(s, CKU_USER, WRONG_PIN), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(log_in(s, CKU_USER, WRONG_PIN), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(log_in(s, CKU_USER, OLD_PIN), CKR_OK);
    ck_assert_uint_eq(
        h.f->C_SetPIN(s, bytes(OLD_PIN), strlen(OLD_PIN), bytes(NEW_PIN), strlen(NEW_PIN)), CKR_OK);
    pc_reset_card(); /* it is logged in again by the kept one */
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(
        h.f->C_SetPIN(s, bytes(NEW_PIN), strlen(NEW_PIN), bytes(OLD_PIN), strlen(OLD_PIN)), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
}

/* What is sealed to the key comes back from it; where it is padded there it fills the block, of
 * which a trace shows the beginning. */
static void decrypt(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type)
{
    CK_MECHANISM m = {type, NULL, 0};
    CK_BYTE text[240], sealed[512], back[512];
    CK_ULONG len = sizeof sealed, back_len = sizeof back;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (CK_BYTE)TEXT[i % strlen(TEXT)];
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &m, mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT)),
                      CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, text, sizeof text, sealed, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &m, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT)),
                      CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, sealed, len, back, &back_len), CKR_OK);
    ck_assert_uint_eq(back_len, sizeof text);
    ck_assert_mem_eq(back, text, sizeof text);
}

static CK_OBJECT_HANDLE make_secret(CK_SESSION_HANDLE s, const char *value)
{
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_SM4;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_KEY_TYPE, &type, sizeof type},
                        {CKA_TOKEN, &no, 1},
                        {CKA_ENCRYPT, &yes, 1},
                        {CKA_EXTRACTABLE, &yes, 1},
                        {CKA_VALUE, bytes(value), 16}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 6, &o), CKR_OK);
    return o;
}

static void use_keys(CK_SLOT_ID slot)
{
    CK_MECHANISM m = {slot ? CKM_SM2_ENCRYPT : CKM_RSA_PKCS, NULL, 0}, ecb = {CKM_SM4_ECB, NULL, 0};
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_SM4;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &type, sizeof type}};
    CK_BYTE out[512];
    CK_ULONG len = sizeof out;
    CK_OBJECT_HANDLE o = 0;
    CK_SESSION_HANDLE s = mh_try_login(&h, slot, OLD_PIN);
    decrypt(s, m.mechanism);
    ck_assert_uint_eq(h.f->C_WrapKey(s, &m, mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT),
                                     make_secret(s, WRAPPED), out, &len),
                      CKR_OK);
    ck_assert_uint_eq(
        h.f->C_UnwrapKey(s, &m, mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT), out, len, t, 2, &o),
        CKR_OK);
    len = sizeof out;
    ck_assert_uint_eq(h.f->C_EncryptInit(s, &ecb, make_secret(s, SECRET)), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, bytes("sixteen bytes..."), 16, out, &len), CKR_OK);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
}

/* A production station's: the second key ends with other PINs and keys. */
static void use_administrator(void)
{
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p,
                             .flags = CKF_BJCA_ERASE,
                             .deviceKey = device_key,
                             .deviceKeyLen = 16,
                             .newDeviceKey = new_device_key,
                             .newDeviceKeyLen = 16,
                             .adminPin = bytes(NEW_SO_PIN),
                             .adminPinLen = strlen(NEW_SO_PIN),
                             .userPin = bytes(NEW_PIN),
                             .userPinLen = strlen(NEW_PIN)};
    CK_SESSION_HANDLE s = open_session(BESIDE);
    ck_assert_uint_eq(log_in(s, CKU_SO, WRONG_SO_PIN), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(log_in(s, CKU_SO, SO_PIN), CKR_OK);
    ck_assert_uint_eq(h.f->C_InitPIN(s, bytes(NEW_PIN), strlen(NEW_PIN)), CKR_OK);
    ck_assert_uint_eq(
        h.f->C_SetPIN(s, bytes(SO_PIN), strlen(SO_PIN), bytes(NEW_SO_PIN), strlen(NEW_SO_PIN)),
        CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(BESIDE), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_Personalise(BESIDE, &p), CKR_OK);
    ck_assert_uint_ne(mh_try_login(&h, BESIDE, NEW_PIN), 0);
}

static void read_both(struct bk_buf *text)
{
    struct bk_buf trace = BK_BUF_INIT;
    ck_assert_int_eq(bk_file_read(log_file, 1 << 20, text), BK_OK);
    ck_assert_int_eq(bk_file_read(trace_file, 1 << 20, &trace), BK_OK);
    ck_assert(memmem(text->data, text->len, "call: 0xa0", 10)); /* the wrong PIN's */
    ck_assert_uint_gt(trace.len, 5000);
    ck_assert_int_eq(bk_buf_put(text, trace.data, trace.len), BK_OK);
    for (size_t i = 0; i < text->len; i++) /* hexadecimal in either case */
        text->data[i] |= text->data[i] >= 'A' && text->data[i] <= 'Z' ? 0x20 : 0;
    bk_buf_free(&trace);
}

/* As it is, in hexadecimal, and in base64 at each of the three places where it may begin. */
static bool stands_in(const struct bk_buf *text, const char *secret)
{
    struct bk_buf form[5] = {BK_BUF_INIT, BK_BUF_INIT, BK_BUF_INIT, BK_BUF_INIT, BK_BUF_INIT};
    bool found = false;
    size_t len = strlen(secret);
    ck_assert_int_eq(bk_buf_put(&form[0], secret, len), BK_OK);
    ck_assert_int_eq(bk_hex_encode(secret, len, &form[1]), BK_OK);
    for (size_t i = 0; i < 3; i++) /* without the ends that depend on what stands beside it */
        ck_assert_int_eq(bk_base64_encode(secret + i, (len - i) / 3 * 3, &form[2 + i]), BK_OK);
    for (int i = 0; i < 5; i++) {
        for (size_t k = 0; k < form[i].len; k++)
            form[i].data[k] |= form[i].data[k] >= 'A' && form[i].data[k] <= 'Z' ? 0x20 : 0;
        found = found || memmem(text->data, text->len, form[i].data, form[i].len);
        bk_buf_free(&form[i]);
    }
    return found;
}

START_TEST(no_pin_and_no_key_is_written)
{
    const char *const secrets[] = {OLD_PIN, NEW_PIN, WRONG_PIN, UNLOCK_PIN, SO_PIN, NEW_SO_PIN,
                                   WRONG_SO_PIN, MH_ADMIN, SECRET, WRAPPED, TEXT,
                                   (char *)device_key, (char *)new_device_key,
                                   /* what the platform gave for the unlock; and whatever was cut */
                                   "Qx7mKp2Rt9Vw", "canary", "Admin-", "Adm1n-"};
    struct bk_buf text = BK_BUF_INIT;
    configure_logs("[module]\nproduction-station = yes\n");
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    use_pins();
    use_keys(0);
    use_keys(1);
    use_administrator();
    mh_new_unlock(&h);
    ck_assert_int_eq(bk_vkey_dialect_parse(getenv("KEY_DIALECT"), &h.dialect), BK_OK);
    ck_assert_uint_eq(mh_unlock(&h, 0, UNLOCK_PIN), CKR_OK);
    ck_assert_uint_ne(mh_try_login(&h, 0, UNLOCK_PIN), 0);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    read_both(&text);
    /* what is no secret is found, in the log and in the trace */
    ck_assert(stands_in(&text, "bjca-pkcs11 "));
    ck_assert(stands_in(&text, "BJCA-Application"));
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        ck_assert_msg(!stands_in(&text, secrets[i]), "%s", secrets[i]);
    ck_assert(!stands_in(&text, h.admin));
    bk_buf_free(&text);
}
END_TEST

int main(void)
{
    if (!getenv("KEY_CONTROL") || !getenv("P11_MODULE") || !getenv("BESIDE_CONTROL"))
        return 77; /* not run by tests/e2e/module-manners: make check skips it */
    Suite *suite = suite_create("log");
    TCase *t = tcase_create("log");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, off_unless_somebody_wants_it);
    tcase_add_test(t, on_by_environment_and_by_configuration);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    tcase_add_test(t, not_by_who_has_fewer_rights);
#endif
    tcase_add_test(t, no_pin_and_no_key_is_written); /* the last: the keys aren't what they were */
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
