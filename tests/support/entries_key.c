/* SPDX-License-Identifier: Apache-2.0 */
/* Entry points that ask the key for something. */
#include "entries.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define N(text) ((const CK_UTF8CHAR *)(text))

static void so_login(void)
{
    entry_session();
    ck_assert_uint_eq(h.f->C_Login(at.s, CKU_SO, ENTRY_ADMIN, ENTRY_ADMIN_LEN), CKR_OK);
}

static void sign_init(void)
{
    CK_MECHANISM m = entry_sign_mechanism();
    entry_login();
    ck_assert_uint_eq(h.f->C_SignInit(at.s, &m, mh_find(&h, at.s, CKO_PRIVATE_KEY, CKA_SIGN)),
                      CKR_OK);
}

static void sign_update(void)
{
    sign_init();
    ck_assert_uint_eq(h.f->C_SignUpdate(at.s, entry_text, ENTRY_TEXT_LEN), CKR_OK);
}

static void recover_init(void)
{
    CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
    entry_login();
    at.o = mh_find(&h, at.s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(h.f->C_SignRecoverInit(at.s, &m, at.o), CKR_OK);
}

static void seal(void)
{
    CK_MECHANISM m = entry_seal_mechanism();
    entry_login();
    at.sealed_len = sizeof at.sealed;
    at.o = mh_find(&h, at.s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    ck_assert_uint_eq(h.f->C_EncryptInit(at.s, &m, at.o), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(at.s, entry_text, 16, at.sealed, &at.sealed_len), CKR_OK);
    at.o = mh_find(&h, at.s, CKO_PRIVATE_KEY, CKA_DECRYPT);
}

static void decrypt_init(void)
{
    seal();
    CK_MECHANISM m = entry_seal_mechanism();
    ck_assert_uint_eq(h.f->C_DecryptInit(at.s, &m, at.o), CKR_OK);
}

static void decrypt_update(void)
{
    decrypt_init();
    at.len = sizeof at.bytes;
    ck_assert_uint_eq(h.f->C_DecryptUpdate(at.s, at.sealed, at.sealed_len, at.bytes, &at.len),
                      CKR_OK);
}

static void find_data(void)
{
    entry_login();
    ck_assert_uint_eq(life_find_label(at.s, "data", &at.o), 1);
}

static void find_certificate(void)
{
    entry_login();
    at.o = mh_find(&h, at.s, CKO_CERTIFICATE, 0);
}

static void unlock_begin(void)
{
    mh_new_unlock(&h);
    at.request_len = sizeof at.request;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(at.slot, &at.unlock, at.request, &at.request_len),
                      CKR_OK);
}

static CK_RV do_slot_list(void)
{
    CK_SLOT_ID list[8];
    CK_ULONG n = COUNT(list);
    return h.f->C_GetSlotList(1, list, &n);
}

static CK_RV do_token_info(void)
{
    CK_TOKEN_INFO info;
    return h.f->C_GetTokenInfo(at.slot, &info);
}

static CK_RV do_mechanism_list(void)
{
    CK_ULONG n = 0;
    return h.f->C_GetMechanismList(at.slot, NULL, &n);
}

static CK_RV do_mechanism_info(void)
{
    CK_MECHANISM_INFO info;
    return h.f->C_GetMechanismInfo(at.slot, CKM_SM3, &info);
}

static CK_RV do_open_session(void)
{
    return h.f->C_OpenSession(at.slot, CKF_SERIAL_SESSION, NULL, NULL, &at.s);
}

static CK_RV do_close_session(void)
{
    return h.f->C_CloseSession(at.s);
}

static CK_RV do_close_all(void)
{
    return h.f->C_CloseAllSessions(at.slot);
}

static CK_RV do_login(void)
{
    return h.f->C_Login(at.s, CKU_USER, ENTRY_PIN, 8);
}

static CK_RV do_login_user(void)
{
    return h.f->C_LoginUser(at.s, CKU_USER, ENTRY_PIN, 8, NULL, 0);
}

static CK_RV do_so_login(void)
{
    return h.f->C_Login(at.s, CKU_SO, ENTRY_ADMIN, ENTRY_ADMIN_LEN);
}

static CK_RV do_logout(void)
{
    return h.f->C_Logout(at.s);
}

/* The same ENTRY_PIN: whichever of the two the key has after a cut, it is this. */
static CK_RV do_set_pin(void)
{
    return h.f->C_SetPIN(at.s, ENTRY_PIN, 8, ENTRY_PIN, 8);
}

static CK_RV do_init_pin(void)
{
    return h.f->C_InitPIN(at.s, ENTRY_PIN, 8);
}

static CK_RV do_init_token(void)
{
    CK_UTF8CHAR label[] = "A key of production             ";
    return h.f->C_InitToken(at.slot, ENTRY_ADMIN, ENTRY_ADMIN_LEN, label);
}

static CK_RV do_find_init(void)
{
    return h.f->C_FindObjectsInit(at.s, NULL, 0);
}

static CK_RV do_create(void)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &(CK_OBJECT_CLASS){CKO_DATA}, sizeof(CK_OBJECT_CLASS)},
                        {CKA_TOKEN, &(CK_BBOOL){1}, 1},
                        {CKA_VALUE, entry_text, ENTRY_TEXT_LEN}};
    return h.f->C_CreateObject(at.s, t, COUNT(t), &at.o);
}

static CK_RV do_create_certificate(void)
{
    CK_ATTRIBUTE t[] = {
        {CKA_CLASS, &(CK_OBJECT_CLASS){CKO_CERTIFICATE}, sizeof(CK_OBJECT_CLASS)},
        {CKA_CERTIFICATE_TYPE, &(CK_CERTIFICATE_TYPE){CKC_X_509}, sizeof(CK_CERTIFICATE_TYPE)},
        {CKA_TOKEN, &(CK_BBOOL){1}, 1},
        {CKA_SUBJECT, NULL, 0},
        {CKA_VALUE, at.bytes, sizeof at.bytes}};
    CK_RV rv = h.f->C_GetAttributeValue(at.s, at.o, &t[4], 1);
    return rv == CKR_OK ? h.f->C_CreateObject(at.s, t, COUNT(t), &at.o) : rv;
}

static CK_RV do_copy(void)
{
    CK_OBJECT_HANDLE copy = 0;
    return h.f->C_CopyObject(at.s, at.o, NULL, 0, &copy);
}

static CK_RV do_destroy(void)
{
    return h.f->C_DestroyObject(at.s, at.o);
}

static CK_RV do_set_label(void)
{
    CK_ATTRIBUTE t = {CKA_LABEL, entry_text, 6};
    return h.f->C_SetAttributeValue(at.s, at.o, &t, 1);
}

static CK_RV do_sign(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_Sign(at.s, entry_text, ENTRY_TEXT_LEN, at.bytes, &at.len);
}

static CK_RV do_sign_final(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_SignFinal(at.s, at.bytes, &at.len);
}

static CK_RV do_sign_recover(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_SignRecover(at.s, entry_text, ENTRY_TEXT_LEN, at.bytes, &at.len);
}

static CK_RV do_decrypt(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_Decrypt(at.s, at.sealed, at.sealed_len, at.bytes, &at.len);
}

static CK_RV do_decrypt_final(void)
{
    at.len = sizeof at.bytes;
    return h.f->C_DecryptFinal(at.s, at.bytes, &at.len);
}

static CK_RV do_unwrap(void)
{
    CK_MECHANISM m = entry_seal_mechanism();
    CK_OBJECT_HANDLE made = 0;
    CK_ATTRIBUTE t = {CKA_KEY_TYPE, &(CK_KEY_TYPE){CKK_SM4}, sizeof(CK_KEY_TYPE)};
    return h.f->C_UnwrapKey(at.s, &m, at.o, at.sealed, at.sealed_len, &t, 1, &made);
}

static CK_RV do_generate_pair(void)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, entry_text, 6};
    CK_OBJECT_HANDLE pub = 0, own = 0;
    return mh_generate(&h, at.s, &m, NULL, 0, &t, 1, &pub, &own);
}

/* --- the vendor interface
 * -----------------------------------------------------------------------*/

static CK_RV do_status(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    return h.v->BJCA_GetStatus(at.slot, &st);
}

static CK_RV do_containers(void)
{
    CK_BJCA_CONTAINER list[8] = {{.ulSize = sizeof list[0]}};
    CK_ULONG n = COUNT(list);
    return h.v->BJCA_GetContainers(at.slot, list, &n);
}

/* Of what is staged the certificates are not read with the rest. */
static CK_RV do_certificate(void)
{
    at.len = sizeof at.bytes;
    return h.v->BJCA_GetCertificate(at.slot, N(ENTRY_SM2), 2, CK_BJCA_SIGNING, at.bytes, &at.len);
}

static CK_RV do_unlock_begin(void)
{
    mh_new_unlock(&h);
    at.request_len = sizeof at.request;
    return h.v->BJCA_UnlockBegin(at.slot, &at.unlock, at.request, &at.request_len);
}

void (*entry_aside)(bool begins);

static bool platform_answers(struct bk_buf *answer)
{
    if (entry_aside)
        entry_aside(true);
    bool says = mh_answer(&h, at.request, at.request_len, answer);
    if (entry_aside)
        entry_aside(false);
    return says;
}

/* All of them; a platform that says no more is one that refuses. */
static CK_RV do_unlock_steps(void)
{
    struct bk_buf answer = BK_BUF_INIT;
    CK_BBOOL done = 0;
    CK_RV rv = CKR_OK;
    while (rv == CKR_OK && !done) {
        if (!platform_answers(&answer)) {
            rv = CKR_BJCA_REFUSED;
            break;
        }
        at.request_len = sizeof at.request;
        rv = h.v->BJCA_UnlockStep(at.unlock, answer.data, answer.len, N(MH_PIN), 8, at.request,
                                  &at.request_len, &done);
    }
    if (rv == CKR_OK && !platform_answers(&answer))
        rv = CKR_BJCA_REFUSED;
    bk_buf_free(&answer);
    return rv;
}

static CK_RV do_unlock_cancel(void)
{
    return h.v->BJCA_UnlockCancel(at.unlock);
}

static CK_BJCA_RENEW_PARAMS *params(void)
{
    static CK_BJCA_RENEW_PARAMS p;
    p = (CK_BJCA_RENEW_PARAMS){.ulSize = sizeof p, .keyType = CKK_SM2};
    return &p;
}

static CK_RV do_room(void)
{
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    return h.v->BJCA_RenewRoom(at.s, N(ENTRY_SM2), params(), &room);
}

static CK_RV do_renew_state(void)
{
    CK_BJCA_RENEW_STATE st;
    return life_renewed(at.s, ENTRY_SM2, &st);
}

static CK_RV do_renew_begin(void)
{
    return h.v->BJCA_RenewBegin(at.s, N(ENTRY_SM2), params(), NULL, NULL);
}

static CK_RV do_renew_request(void)
{
    at.len = sizeof at.bytes;
    return h.v->BJCA_RenewRequest(at.s, N(ENTRY_SM2), params(), at.bytes, &at.len);
}

static CK_RV do_renew_load(void)
{
    CK_BJCA_LOAD load = entry_issued();
    return h.v->BJCA_RenewLoad(at.s, N(ENTRY_SM2), &load, NULL, NULL);
}

static CK_RV do_renew_prove(void)
{
    return h.v->BJCA_RenewProve(at.s, N(ENTRY_SM2));
}

static CK_RV do_renew_commit(void)
{
    return h.v->BJCA_RenewCommit(at.s, N(ENTRY_SM2));
}

static CK_RV do_renew_abort(void)
{
    return h.v->BJCA_RenewAbort(at.s, N(ENTRY_SM2));
}

static CK_RV do_delete_history(void)
{
    return h.v->BJCA_DeleteHistory(at.s, N(ENTRY_SM2), 0);
}

static CK_RV do_personalise(void)
{
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p,
                             .flags = CKF_BJCA_ERASE,
                             .deviceKey = entry_device_key,
                             .deviceKeyLen = 16,
                             .newDeviceKey = entry_device_key,
                             .newDeviceKeyLen = 16,
                             .label = (CK_UTF8CHAR *)(uintptr_t) "A key",
                             .adminPin = ENTRY_ADMIN,
                             .adminPinLen = ENTRY_ADMIN_LEN,
                             .userPin = ENTRY_PIN,
                             .userPinLen = 8};
    return h.v->BJCA_Personalise(at.slot, &p);
}

static CK_RV do_list_files(void)
{
    at.len = sizeof at.bytes;
    return h.v->BJCA_ListFiles(at.s, at.bytes, &at.len);
}

static CK_RV do_read_file(void)
{
    at.len = sizeof at.bytes;
    return h.v->BJCA_ReadFile(at.s, N("file"), 0, at.bytes, &at.len);
}

static CK_RV do_write_file(void)
{
    return h.v->BJCA_WriteFile(at.s, N("file"), 0, entry_text, ENTRY_TEXT_LEN);
}

static CK_RV do_create_file(void)
{
    return h.v->BJCA_CreateFile(at.s, N("new"), 8, CK_BJCA_RIGHT_USER, CK_BJCA_RIGHT_USER);
}

static CK_RV do_delete_file(void)
{
    return h.v->BJCA_DeleteFile(at.s, N("file"));
}

static CK_RV do_create_container(void)
{
    return h.v->BJCA_CreateContainer(at.s, N("new"));
}

static CK_RV do_delete_container(void)
{
    return h.v->BJCA_DeleteContainer(at.s, N("empty"));
}

/* --- all of them
 * -------------------------------------------------------------------------------*/

const struct entry entries_key[] = {
    {"C_GetSlotList", do_slot_list, entry_nothing, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_GetTokenInfo", do_token_info, entry_nothing, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_GetMechanismList", do_mechanism_list, entry_nothing, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_GetMechanismInfo", do_mechanism_info, entry_nothing, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_OpenSession", do_open_session, entry_nothing, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_CloseSession", do_close_session, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_CloseAllSessions", do_close_all, entry_login, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Login", do_login, entry_session, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Login", do_so_login, entry_session, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_LoginUser", do_login_user, entry_session, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Logout", do_logout, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Logout", do_logout, so_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_SetPIN", do_set_pin, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_SetPIN", do_set_pin, entry_session, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_InitPIN", do_init_pin, so_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_InitToken", do_init_token, entry_nothing, 0, IDENTITIES, ERASED, CKR_OK},
    {"C_FindObjectsInit", do_find_init, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_FindObjectsInit", do_find_init, entry_session, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_CreateObject", do_create, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_CreateObject", do_create_certificate, find_certificate, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_CopyObject", do_copy, find_data, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_DestroyObject", do_destroy, find_data, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_SetAttributeValue", do_set_label, find_data, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_SetAttributeValue", do_set_label, find_certificate, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Sign", do_sign, sign_init, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Sign", do_sign, sign_init, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_SignFinal", do_sign_final, sign_update, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_SignRecover", do_sign_recover, recover_init, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Decrypt", do_decrypt, decrypt_init, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_Decrypt", do_decrypt, decrypt_init, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_DecryptFinal", do_decrypt_final, decrypt_update, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_UnwrapKey", do_unwrap, seal, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"C_GenerateKeyPair", do_generate_pair, entry_login, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_GetStatus", do_status, entry_nothing, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_GetContainers", do_containers, entry_nothing, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_GetCertificate", do_certificate, entry_nothing, 0, LOADED, AS_BEFORE, CKR_OK},
    {"BJCA_UnlockBegin", do_unlock_begin, entry_nothing, 0, LOCKED, UNLOCKED, CKR_OK},
    {"BJCA_UnlockStep", do_unlock_steps, unlock_begin, 0, LOCKED, UNLOCKED, CKR_OK},
    {"BJCA_UnlockCancel", do_unlock_cancel, unlock_begin, 0, LOCKED, UNLOCKED, CKR_OK},
    {"BJCA_RenewRoom", do_room, entry_login, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_RenewState", do_renew_state, entry_login, 1, STARTED, AS_BEFORE, CKR_OK},
    {"BJCA_RenewBegin", do_renew_begin, entry_login, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_RenewRequest", do_renew_request, entry_login, 1, STARTED, AS_BEFORE, CKR_OK},
    {"BJCA_RenewLoad", do_renew_load, entry_login, 1, STARTED, AS_BEFORE, CKR_OK},
    {"BJCA_RenewProve", do_renew_prove, entry_login, 1, LOADED, AS_BEFORE, CKR_OK},
    {"BJCA_RenewCommit", do_renew_commit, entry_login, 1, LOADED, AS_BEFORE, CKR_OK},
    {"BJCA_RenewAbort", do_renew_abort, entry_login, 1, LOADED, AS_BEFORE, CKR_OK},
    {"BJCA_DeleteHistory", do_delete_history, entry_login, 1, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_Personalise", do_personalise, entry_nothing, 0, IDENTITIES, ERASED, CKR_OK},
    {"BJCA_ListFiles", do_list_files, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_ReadFile", do_read_file, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_WriteFile", do_write_file, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_CreateFile", do_create_file, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_DeleteFile", do_delete_file, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_CreateContainer", do_create_container, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
    {"BJCA_DeleteContainer", do_delete_container, entry_login, 0, IDENTITIES, AS_BEFORE, CKR_OK},
};
const size_t entries_key_count = COUNT(entries_key);
