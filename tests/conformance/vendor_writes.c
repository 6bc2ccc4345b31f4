/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the vendor's calls answer that change a key: renewal, files, containers; rows with the words
 * of bjca-pkcs11.h that say so. tests/house/vendor-codes sees to it that each code there has one.
 */
#include <check.h>
#include <string.h>

#include "life.h"
#include "rows.h"
#include "runner.h"

#define NAME(text) ((const CK_UTF8CHAR *)(text))
#define USER CK_BJCA_RIGHT_USER
#define ANYONE CK_BJCA_RIGHT_ANYONE
#define RSA NAME("personalCert00")
#define SM2 NAME("personalCert01")

static CK_BYTE bytes[4096], csr[4096];
static CK_ULONG len;

static CK_BJCA_RENEW_PARAMS params(CK_KEY_TYPE type, CK_FLAGS flags)
{
    return (CK_BJCA_RENEW_PARAMS){
        .ulSize = sizeof(CK_BJCA_RENEW_PARAMS), .flags = flags, .keyType = type};
}

/* --- sessions that only read
 * ---------------------------------------------------------------------*/

#define RENEWAL_RW                                                                                 \
    "Begin, Load, Commit, Abort and DeleteHistory want a read-write session "                      \
    "(CKR_SESSION_READ_ONLY)"
#define FILES_RW                                                                                   \
    "Write, Create and Delete need a log-in (CKR_USER_NOT_LOGGED_IN) and a read-write session "    \
    "(CKR_SESSION_READ_ONLY)"
#define CONTAINERS_RW                                                                              \
    "Create and Delete need a log-in (CKR_USER_NOT_LOGGED_IN) and a read-write session "           \
    "(CKR_SESSION_READ_ONLY)"

/* What the key holds is only changed by a session that may write; reading, asking and proving go by
 * any. */
START_TEST(sessions_that_only_read)
{
    CK_BJCA_RENEW_PARAMS p = params(CKK_RSA, 0);
    CK_BJCA_LOAD load = {.ulSize = sizeof load, .signCert = bytes, .signCertLen = 4};
    CK_BJCA_RENEW_STATE state = {.ulSize = sizeof state};
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0), ro = life_session(0, 0);
    VENDOR("rights are CK_BJCA_RIGHT_", CKR_OK, BJCA_CreateFile(s, NAME("file"), 8, USER, USER));
    VENDOR(FILES_RW, CKR_SESSION_READ_ONLY, BJCA_CreateFile(ro, NAME("new"), 8, USER, USER));
    VENDOR(FILES_RW, CKR_SESSION_READ_ONLY, BJCA_WriteFile(ro, NAME("file"), 0, bytes, 4));
    VENDOR(FILES_RW, CKR_SESSION_READ_ONLY, BJCA_DeleteFile(ro, NAME("file")));
    VENDOR(CONTAINERS_RW, CKR_SESSION_READ_ONLY, BJCA_CreateContainer(ro, NAME("fresh")));
    VENDOR(CONTAINERS_RW, CKR_SESSION_READ_ONLY, BJCA_DeleteContainer(ro, RSA));
    VENDOR(RENEWAL_RW, CKR_SESSION_READ_ONLY, BJCA_RenewBegin(ro, RSA, &p, NULL, NULL));
    VENDOR(RENEWAL_RW, CKR_SESSION_READ_ONLY, BJCA_RenewLoad(ro, RSA, &load, NULL, NULL));
    VENDOR(RENEWAL_RW, CKR_SESSION_READ_ONLY, BJCA_RenewCommit(ro, RSA));
    VENDOR(RENEWAL_RW, CKR_SESSION_READ_ONLY, BJCA_RenewAbort(ro, RSA));
    VENDOR(RENEWAL_RW, CKR_SESSION_READ_ONLY, BJCA_DeleteHistory(ro, RSA, 0));
    len = 4;
    VENDOR("Reads from offset what *dataLen has room for", CKR_OK,
           BJCA_ReadFile(ro, NAME("file"), 0, bytes, &len));
    VENDOR("what has been done is read from the key each time", CKR_OK,
           BJCA_RenewState(ro, RSA, &state));
    row(RENEWAL_RW, CK_BJCA_RENEW_NONE, state.state, "state");
    VENDOR("a new generation fits", CKR_OK, BJCA_RenewRoom(ro, RSA, &p, &room));
    row("a new generation fits", CK_TRUE, room.fits, "fits");
    VENDOR("Reads all back, signs and verifies, decrypts a probe", CKR_OK,
           BJCA_RenewProve(ro, RSA));
    rows_end(17);
    life_teardown();
}
END_TEST

#define LOG_IN "By session (logged in, of either slot of the key) and NAME"

START_TEST(nobody_logged_in)
{
    CK_BJCA_RENEW_PARAMS p = params(CKK_RSA, 0);
    CK_BJCA_LOAD load = {.ulSize = sizeof load, .signCert = bytes, .signCertLen = 4};
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    VENDOR("rights are CK_BJCA_RIGHT_", CKR_OK, BJCA_CreateFile(s, NAME("file"), 8, ANYONE, USER));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    len = sizeof csr;
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_RenewBegin(s, RSA, &p, NULL, NULL));
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_RenewRequest(s, RSA, &p, csr, &len));
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_RenewLoad(s, RSA, &load, NULL, NULL));
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_RenewProve(s, RSA));
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_RenewCommit(s, RSA));
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_RenewAbort(s, RSA));
    VENDOR(LOG_IN, CKR_USER_NOT_LOGGED_IN, BJCA_DeleteHistory(s, RSA, 0));
    VENDOR(FILES_RW, CKR_USER_NOT_LOGGED_IN, BJCA_CreateFile(s, NAME("new"), 8, USER, USER));
    VENDOR(FILES_RW, CKR_USER_NOT_LOGGED_IN, BJCA_WriteFile(s, NAME("file"), 0, bytes, 4));
    VENDOR(FILES_RW, CKR_USER_NOT_LOGGED_IN, BJCA_DeleteFile(s, NAME("file")));
    VENDOR(CONTAINERS_RW, CKR_USER_NOT_LOGGED_IN, BJCA_CreateContainer(s, NAME("fresh")));
    VENDOR(CONTAINERS_RW, CKR_USER_NOT_LOGGED_IN, BJCA_DeleteContainer(s, RSA));
    rows_end(14);
    life_teardown();
}
END_TEST

/* --- renewal
 * -------------------------------------------------------------------------------------*/

#define OTHER_FLAG                                                                                 \
    "What was begun goes on as BJCA_RenewState says, or is given up by Abort: with the other "     \
    "flag Begin refuses (CKR_FUNCTION_FAILED)."
#define BAD_BEGIN                                                                                  \
    "CKR_ARGUMENTS_BAD: another keyType than the current pair's, or a new NAME with control "      \
    "characters, or whose CKA_ID something else in the slot has."
#define BAD_SUBJECT "DER Name for the PKCS#10 (else CKR_ARGUMENTS_BAD)"
#define STOP "anything but CKR_OK stops with CKR_FUNCTION_CANCELED at the next place"
#define NO_CALL_BACK "No call back into the module: it would be CKR_FUNCTION_FAILED."

static CK_RV stop(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    (void)context;
    (void)done;
    (void)total;
    return CKR_CANCEL;
}

static CK_RV call_back(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    (void)context;
    (void)done;
    (void)total;
    VENDOR(NO_CALL_BACK, CKR_FUNCTION_FAILED, BJCA_GetStatus(0, &status));
    return CKR_OK;
}

START_TEST(how_a_renewal_begins)
{
    CK_BJCA_RENEW_PARAMS rsa = params(CKK_RSA, 0), sm2 = params(CKK_SM2, 0),
                         keep = params(CKK_RSA, CKF_BJCA_KEEP_KEY), odd = rsa;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    VENDOR(BAD_BEGIN, CKR_ARGUMENTS_BAD, BJCA_RenewBegin(s, RSA, &sm2, NULL, NULL));
    VENDOR(BAD_BEGIN, CKR_ARGUMENTS_BAD, BJCA_RenewBegin(s, SM2, &rsa, NULL, NULL));
    VENDOR(BAD_BEGIN, CKR_ARGUMENTS_BAD, BJCA_RenewBegin(s, NAME("a\nb"), &rsa, NULL, NULL));
    VENDOR(BAD_BEGIN, CKR_ARGUMENTS_BAD, BJCA_RenewBegin(s, NULL, &rsa, NULL, NULL));
    odd.subject = bytes;
    odd.subjectLen = 4;
    VENDOR(BAD_SUBJECT, CKR_ARGUMENTS_BAD, BJCA_RenewBegin(s, RSA, &odd, NULL, NULL));
    len = sizeof csr;
    VENDOR(BAD_SUBJECT, CKR_ARGUMENTS_BAD, BJCA_RenewRequest(s, RSA, &odd, csr, &len));
    VENDOR(STOP, CKR_FUNCTION_CANCELED, BJCA_RenewBegin(s, NAME("new"), &rsa, stop, NULL));
    VENDOR(NO_CALL_BACK, CKR_OK, BJCA_RenewBegin(s, NAME("new"), &rsa, call_back, NULL));
    VENDOR("Makes the staged container and its signing key", CKR_OK,
           BJCA_RenewBegin(s, RSA, &rsa, NULL, NULL));
    VENDOR("does nothing when they are there", CKR_OK, BJCA_RenewBegin(s, RSA, &rsa, NULL, NULL));
    VENDOR(OTHER_FLAG, CKR_FUNCTION_FAILED, BJCA_RenewBegin(s, RSA, &keep, NULL, NULL));
    len = 8;
    VENDOR("A NULL buffer gets an upper bound, and so does one that is too small",
           CKR_BUFFER_TOO_SMALL, BJCA_RenewRequest(s, RSA, &rsa, csr, &len));
    row("so does one that is too small", 1, len > 8 && len < sizeof csr, "requestLen");
    VENDOR("A NULL buffer gets an upper bound", CKR_OK,
           BJCA_RenewRequest(s, RSA, &rsa, NULL, &len));
    len = sizeof csr;
    VENDOR("The PKCS#10 of the staged (or kept) signing key, signed by it.", CKR_OK,
           BJCA_RenewRequest(s, RSA, &rsa, csr, &len));
    VENDOR("Deletes what is staged; the current generation stays.", CKR_OK,
           BJCA_RenewAbort(s, RSA));
    rows_end(17);
    life_teardown();
}
END_TEST

#define NOT_PROVED "certificates or keys that don't belong together or don't work"
#define NEITHER "Prove and Commit say CKR_BJCA_UNKNOWN_NAME where there is neither."
#define NOTHING_STAGED "With nothing staged it writes nothing and says CKR_OK"
#define NO_ABORT "With nothing staged, of a NAME that isn't there, too, it is CKR_OK."
#define OTHER_PAIR                                                                                 \
    "Any other such pair could be C_GenerateKeyPair's: CKR_ACTION_PROHIBITED, and it goes by "     \
    "BJCA_DeleteContainer."
#define HISTORY "Deletes a history generation; its encryption key is gone for good."

START_TEST(how_a_renewal_goes_on)
{
    CK_BJCA_RENEW_PARAMS rsa = params(CKK_RSA, 0);
    struct bk_buf der = BK_BUF_INIT;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &der));
    CK_BJCA_LOAD load = {.ulSize = sizeof load, .signCert = der.data, .signCertLen = der.len};
    VENDOR("Order: Begin, Request, Load, Prove, Commit.", CKR_FUNCTION_FAILED,
           BJCA_RenewLoad(s, NAME("mine"), &load, NULL, NULL));
    VENDOR(NEITHER, CKR_BJCA_UNKNOWN_NAME, BJCA_RenewProve(s, NAME("mine")));
    VENDOR(NEITHER, CKR_BJCA_UNKNOWN_NAME, BJCA_RenewCommit(s, NAME("mine")));
    VENDOR(NO_ABORT, CKR_OK, BJCA_RenewAbort(s, NAME("mine")));
    VENDOR(NO_ABORT, CKR_OK, BJCA_RenewAbort(s, RSA));
    VENDOR(NOTHING_STAGED, CKR_OK, BJCA_RenewCommit(s, RSA));
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, RSA, &rsa, NULL, NULL), CKR_OK);
    VENDOR("Order: Begin, Request, Load, Prove, Commit.", CKR_FUNCTION_FAILED,
           BJCA_RenewProve(s, RSA));
    VENDOR("Order: Begin, Request, Load, Prove, Commit.", CKR_FUNCTION_FAILED,
           BJCA_RenewCommit(s, RSA));
    VENDOR(NOT_PROVED, CKR_BJCA_PROOF, BJCA_RenewLoad(s, RSA, &load, NULL, NULL));
    load.signCertLen--;
    VENDOR(NOT_PROVED, CKR_BJCA_PROOF, BJCA_RenewLoad(s, RSA, &load, NULL, NULL));
    load.signCert = NULL;
    VENDOR("Checks the certificates (key, chain, validity, usage)", CKR_ARGUMENTS_BAD,
           BJCA_RenewLoad(s, RSA, &load, NULL, NULL));
    VENDOR("Deletes what is staged; the current generation stays.", CKR_OK,
           BJCA_RenewAbort(s, RSA));
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    VENDOR(HISTORY, CKR_BJCA_UNKNOWN_NAME, BJCA_DeleteHistory(s, RSA, 7));
    VENDOR(HISTORY, CKR_ARGUMENTS_BAD, BJCA_DeleteHistory(s, RSA, 0x10000));
    VENDOR(HISTORY, CKR_OK, BJCA_DeleteHistory(s, RSA, 0));
    VENDOR(HISTORY, CKR_BJCA_UNKNOWN_NAME, BJCA_DeleteHistory(s, RSA, 0));
    ck_assert_uint_eq(life_generate(s, "pair"), CKR_OK);
    VENDOR(OTHER_PAIR, CKR_ACTION_PROHIBITED, BJCA_RenewAbort(s, NAME("pair")));
    VENDOR(OTHER_PAIR, CKR_OK, BJCA_DeleteContainer(s, NAME("pair")));
    rows_end(18);
    bk_buf_free(&der);
    life_teardown();
}
END_TEST

#define CAN_NOT_SAVE                                                                               \
    "Begin and Load refuse (CKR_BJCA_NO_ROOM) where the old and new certificates can't be saved "  \
    "on the key first"

START_TEST(no_room_for_a_renewal)
{
    CK_BJCA_RENEW_PARAMS keep = params(CKK_RSA, CKF_BJCA_KEEP_KEY), make = params(CKK_RSA, 0);
    struct mh_issued parts;
    life_start_key(&(struct bk_vkey_params){.files = BK_VKEY_FILES_NO_ROOM}, NULL);
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    VENDOR(CAN_NOT_SAVE, CKR_BJCA_NO_ROOM, BJCA_RenewBegin(s, RSA, &keep, NULL, NULL));
    len = sizeof csr;
    VENDOR("The PKCS#10 of the staged (or kept) signing key, signed by it.", CKR_OK,
           BJCA_RenewRequest(s, RSA, &keep, csr, &len));
    mh_issue(&(struct bk_buf){csr, len, len}, false, &parts);
    CK_BJCA_LOAD load = {
        .ulSize = sizeof load, .signCert = parts.sign.data, .signCertLen = parts.sign.len};
    VENDOR(CAN_NOT_SAVE, CKR_BJCA_NO_ROOM, BJCA_RenewLoad(s, RSA, &load, NULL, NULL));
    VENDOR(NOTHING_STAGED, CKR_OK, BJCA_RenewCommit(s, RSA));
    mh_issued_free(&parts);
    life_teardown();
    life_setup();
    life_fill(100);
    s = mh_login(&h, 0);
    VENDOR("no room for this renewal", CKR_BJCA_NO_ROOM,
           BJCA_RenewBegin(s, NAME("new"), &make, NULL, NULL));
    rows_end(5);
    life_teardown();
}
END_TEST

/* --- files
 * ---------------------------------------------------------------------------------------*/

#define ROOM                                                                                       \
    "Where an output buffer is given with a length, NULL asks for the length, and "                \
    "CKR_BUFFER_TOO_SMALL sets it"
#define NAMES "Names are UTF-8 with NUL, 1 to 32 bytes."
#define NO_FILE "Read, Write and Delete say CKR_BJCA_UNKNOWN_NAME without such a file."
#define RIGHTS                                                                                     \
    "What the file's rights don't allow to Read or Write is CKR_USER_NOT_LOGGED_IN where a "       \
    "log-in helps, else CKR_ACTION_PROHIBITED."
#define OWN "List doesn't show them, and Read, Write, Create and Delete say CKR_ACTION_PROHIBITED."
#define BEHIND "An offset behind the end is CKR_DATA_LEN_RANGE."
#define WITHIN "Within the file's size, which doesn't change: else CKR_DATA_LEN_RANGE"
#define CREATED "Of 1 to 65,535 bytes, all zero; rights are CK_BJCA_RIGHT_."
#define TAKEN "CKR_FUNCTION_FAILED: the name is taken; CKR_DEVICE_MEMORY: no room."
#define LONG NAME("123456789012345678901234567890123")

static CK_SESSION_HANDLE with_files(void)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    VENDOR(CREATED, CKR_OK, BJCA_CreateFile(s, NAME("open"), 32, ANYONE, USER));
    VENDOR(CREATED, CKR_OK, BJCA_CreateFile(s, NAME("user"), 32, USER, USER));
    VENDOR(CREATED, CKR_OK, BJCA_CreateFile(s, NAME("admin"), 32, CK_BJCA_RIGHT_ADMIN, USER));
    VENDOR(CREATED, CKR_OK,
           BJCA_CreateFile(s, NAME("never"), 32, CK_BJCA_RIGHT_NEVER, CK_BJCA_RIGHT_NEVER));
    return s;
}

/* Reads 1 byte. */
#define READ(name, offset) BJCA_ReadFile(s, name, offset, bytes, (len = 1, &len))

START_TEST(files_that_are_read)
{
    life_setup();
    CK_SESSION_HANDLE s = with_files();
    VENDOR("All names, each with its NUL", CKR_OK, BJCA_ListFiles(s, NULL, &len));
    row(ROOM, 5 + 5 + 6 + 6, len, "namesLen");
    len--;
    VENDOR(ROOM, CKR_BUFFER_TOO_SMALL, BJCA_ListFiles(s, bytes, &len));
    row(ROOM, 22, len, "namesLen");
    VENDOR(ROOM, CKR_ARGUMENTS_BAD, BJCA_ListFiles(s, bytes, NULL));
    VENDOR("Reads from offset what *dataLen has room for", CKR_ARGUMENTS_BAD,
           BJCA_ReadFile(s, NAME("open"), 0, bytes, NULL));
    VENDOR("NULL asks for the bytes from offset to the end.", CKR_OK,
           BJCA_ReadFile(s, NAME("open"), 10, NULL, &len));
    row("to the end", 22, len, "dataLen");
    VENDOR(NAMES, CKR_ARGUMENTS_BAD, READ(NULL, 0));
    VENDOR(NAMES, CKR_ARGUMENTS_BAD, READ(NAME(""), 0));
    VENDOR(NAMES, CKR_ARGUMENTS_BAD, READ(LONG, 0));
    VENDOR(NO_FILE, CKR_BJCA_UNKNOWN_NAME, READ(NAME("none"), 0));
    VENDOR("no CKR_BUFFER_TOO_SMALL", CKR_OK, READ(NAME("open"), 0));
    VENDOR("less at the end of the file", CKR_OK, READ(NAME("open"), 32));
    row("less at the end", 0, len, "dataLen");
    VENDOR(BEHIND, CKR_DATA_LEN_RANGE, READ(NAME("open"), 33));
    VENDOR(BEHIND, CKR_DATA_LEN_RANGE, READ(NAME("open"), 0x10000));
    VENDOR(RIGHTS, CKR_OK, READ(NAME("user"), 0));
    VENDOR(RIGHTS, CKR_ACTION_PROHIBITED, READ(NAME("admin"), 0));
    VENDOR(RIGHTS, CKR_ACTION_PROHIBITED, READ(NAME("never"), 0));
    VENDOR(OWN, CKR_ACTION_PROHIBITED, READ(NAME("BJCAP11A"), 0));
    ROW("5.6.10", CKR_OK, C_Logout(s));
    VENDOR(RIGHTS, CKR_OK, READ(NAME("open"), 0));
    VENDOR(RIGHTS, CKR_USER_NOT_LOGGED_IN, READ(NAME("user"), 0));
    rows_end(28);
    life_teardown();
}
END_TEST

START_TEST(files_that_are_written)
{
    life_setup();
    CK_SESSION_HANDLE s = with_files();
    VENDOR(NAMES, CKR_ARGUMENTS_BAD, BJCA_WriteFile(s, LONG, 0, bytes, 4));
    VENDOR(WITHIN, CKR_OK, BJCA_WriteFile(s, NAME("open"), 30, bytes, 2));
    VENDOR(WITHIN, CKR_DATA_LEN_RANGE, BJCA_WriteFile(s, NAME("open"), 30, bytes, 3));
    VENDOR(WITHIN, CKR_DATA_LEN_RANGE, BJCA_WriteFile(s, NAME("open"), 0x10000, bytes, 1));
    VENDOR(WITHIN, CKR_ARGUMENTS_BAD, BJCA_WriteFile(s, NAME("open"), 0, NULL, 4));
    VENDOR(NO_FILE, CKR_BJCA_UNKNOWN_NAME, BJCA_WriteFile(s, NAME("none"), 0, bytes, 1));
    VENDOR(RIGHTS, CKR_ACTION_PROHIBITED, BJCA_WriteFile(s, NAME("never"), 0, bytes, 1));
    VENDOR(OWN, CKR_ACTION_PROHIBITED, BJCA_WriteFile(s, NAME("BJCAP11A"), 0, bytes, 1));
    VENDOR(NAMES, CKR_ARGUMENTS_BAD, BJCA_CreateFile(s, NAME("a\nb"), 4, USER, USER));
    VENDOR(CREATED, CKR_ARGUMENTS_BAD, BJCA_CreateFile(s, NAME("new"), 0, USER, USER));
    VENDOR(CREATED, CKR_ARGUMENTS_BAD, BJCA_CreateFile(s, NAME("new"), 65536, USER, USER));
    VENDOR(CREATED, CKR_ARGUMENTS_BAD, BJCA_CreateFile(s, NAME("new"), 4, 2, USER));
    VENDOR(CREATED, CKR_ARGUMENTS_BAD, BJCA_CreateFile(s, NAME("new"), 4, USER, 2));
    VENDOR(TAKEN, CKR_FUNCTION_FAILED, BJCA_CreateFile(s, NAME("open"), 4, USER, USER));
    VENDOR(OWN, CKR_ACTION_PROHIBITED, BJCA_CreateFile(s, NAME("BJCAP11"), 4, USER, USER));
    VENDOR(NO_FILE, CKR_BJCA_UNKNOWN_NAME, BJCA_DeleteFile(s, NAME("none")));
    VENDOR(OWN, CKR_ACTION_PROHIBITED, BJCA_DeleteFile(s, NAME("BJCAP11A")));
    VENDOR("With what is in it.", CKR_OK, BJCA_DeleteFile(s, NAME("open")));
    VENDOR(NO_FILE, CKR_BJCA_UNKNOWN_NAME, BJCA_DeleteFile(s, NAME("open")));
    rows_end(23);
    life_teardown();
}
END_TEST

/* --- containers, and a key that is full
 * ----------------------------------------------------------*/

#define EMPTY_ONE                                                                                  \
    "An empty container, name 1 to 44 bytes of UTF-8 without `~` or control characters (else "     \
    "CKR_ARGUMENTS_BAD)"
#define THERE_IS_ONE                                                                               \
    "CKR_FUNCTION_FAILED: there is one, of any generation; CKR_DEVICE_MEMORY: no room."
#define AN_IDENTITY                                                                                \
    "CKR_ACTION_PROHIBITED for one with a certificate, one set aside for it, or an encryption "    \
    "key: a current identity is never deleted."

START_TEST(containers)
{
    CK_BJCA_RENEW_PARAMS rsa = params(CKK_RSA, 0);
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    VENDOR(EMPTY_ONE, CKR_ARGUMENTS_BAD, BJCA_CreateContainer(s, NULL));
    VENDOR(EMPTY_ONE, CKR_ARGUMENTS_BAD, BJCA_CreateContainer(s, NAME("")));
    VENDOR(EMPTY_ONE, CKR_ARGUMENTS_BAD, BJCA_CreateContainer(s, NAME("a~1")));
    VENDOR(EMPTY_ONE, CKR_ARGUMENTS_BAD, BJCA_CreateContainer(s, NAME("a\nb")));
    VENDOR(EMPTY_ONE, CKR_ARGUMENTS_BAD, BJCA_CreateContainer(s, NAME("\xff")));
    VENDOR(EMPTY_ONE, CKR_ARGUMENTS_BAD,
           BJCA_CreateContainer(s, NAME("123456789012345678901234567890123456789012345")));
    VENDOR(EMPTY_ONE, CKR_OK,
           BJCA_CreateContainer(s, NAME("12345678901234567890123456789012345678901234")));
    VENDOR(THERE_IS_ONE, CKR_FUNCTION_FAILED,
           BJCA_CreateContainer(s, NAME("12345678901234567890123456789012345678901234")));
    VENDOR("as long as it is no identity", CKR_OK,
           BJCA_DeleteContainer(s, NAME("12345678901234567890123456789012345678901234")));
    VENDOR("no container or file of this name", CKR_BJCA_UNKNOWN_NAME,
           BJCA_DeleteContainer(s, NAME("other")));
    VENDOR(THERE_IS_ONE, CKR_FUNCTION_FAILED, BJCA_CreateContainer(s, RSA));
    VENDOR(AN_IDENTITY, CKR_ACTION_PROHIBITED, BJCA_DeleteContainer(s, RSA));
    VENDOR(AN_IDENTITY, CKR_ACTION_PROHIBITED, BJCA_DeleteContainer(s, SM2));
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, RSA, &rsa, NULL, NULL), CKR_OK);
    VENDOR(AN_IDENTITY, CKR_ACTION_PROHIBITED, BJCA_DeleteContainer(s, RSA));
    rows_end(14);
    life_teardown();
}
END_TEST

START_TEST(a_full_key)
{
    life_setup();
    life_fill(100);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    VENDOR(TAKEN, CKR_DEVICE_MEMORY, BJCA_CreateFile(s, NAME("new"), 1000, USER, USER));
    VENDOR(THERE_IS_ONE, CKR_DEVICE_MEMORY, BJCA_CreateContainer(s, NAME("new")));
    rows_end(2);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vendor calls that write");
    TCase *t = life_case("vendor calls that write");
    tcase_add_test(t, sessions_that_only_read);
    tcase_add_test(t, nobody_logged_in);
    tcase_add_test(t, how_a_renewal_begins);
    tcase_add_test(t, how_a_renewal_goes_on);
    tcase_add_test(t, no_room_for_a_renewal);
    tcase_add_test(t, files_that_are_read);
    tcase_add_test(t, files_that_are_written);
    tcase_add_test(t, containers);
    tcase_add_test(t, a_full_key);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
