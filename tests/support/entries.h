/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every entry point of the module, each with what it wants before, called once as a program would,
 * on a key made for it. Sweeps go over these tables: entries_key asks the key for something,
 * entries_host doesn't, and together they have all functions.
 */
#ifndef TEST_ENTRIES_H
#define TEST_ENTRIES_H

#include "life.h"

#define ENTRY_RSA "personalCert00"
#define ENTRY_SM2 "personalCert01"

enum entry_key {
    IDENTITIES, /* an RSA and an SM2 one, that with a history, a data object, a file, a container */
    STARTED,    /* and a renewal of the SM2 one whose certificates are there to be loaded */
    LOADED,     /* and that loaded */
    LOCKED,     /* with the user's PIN locked */
    ENTRY_KEYS
};

enum entry_after {
    AS_BEFORE, /* both identities work */
    UNLOCKED,  /* so they do after another unlock, where this one was cut */
    ERASED     /* called again it comes to its end */
};

struct entry {
    const char *function;
    CK_RV (*call)(void);
    void (*before)(void); /* nothing fails yet */
    CK_SLOT_ID slot;
    enum entry_key key;
    enum entry_after after;
    CK_RV says; /* when nothing fails */
};
extern const struct entry entries_key[], entries_host[];
extern const size_t entries_key_count, entries_host_count;

/* The keys, once for all tests of a program: an unchecked fixture. The module isn't initialised. */
void entries_setup(void);
void entries_teardown(void);
/* This entry's key in the reader, the module initialised, and what the call wants before. */
void entry_begin(const struct entry *e);
/* With a key and a machine as they should be: the key is whole, and no try was spent. `again`: in a
 * new program. `rv` is what the call said; `what` names the case. */
void entry_check(const struct entry *e, CK_RV rv, bool again, const char *what);
/* C_Finalize. */
void entry_end(void);
/* Where it isn't NULL: told when the test's own platform begins to work, and when it ends. */
extern void (*entry_aside)(bool begins);

/* What calls stand on. */
struct entry_at {
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE s;
    CK_OBJECT_HANDLE o, secret;
    CK_ULONG len, sealed_len, request_len;
    CK_BJCA_UNLOCK unlock;
    CK_BYTE bytes[16384], sealed[512], request[CK_BJCA_MESSAGE_MAX];
};
extern struct entry_at at;
extern CK_BYTE entry_text[22];
#define ENTRY_TEXT_LEN (sizeof entry_text - 1)
#define ENTRY_PIN ((CK_BYTE *)(uintptr_t)MH_PIN)
#define ENTRY_ADMIN ((CK_BYTE *)(uintptr_t)MH_ADMIN)
#define ENTRY_ADMIN_LEN (sizeof MH_ADMIN - 1)
extern uint8_t entry_device_key[16];

CK_MECHANISM entry_sign_mechanism(void);
CK_MECHANISM entry_seal_mechanism(void);
CK_BJCA_LOAD entry_issued(void); /* for STARTED */
/* `before`s */
void entry_nothing(void);
void entry_session(void); /* nobody logged in */
void entry_login(void);
void entry_secret(void); /* logged in, with a secret key */

#endif
