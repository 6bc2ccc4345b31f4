/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entering and leaving: every entry point begins with one of these and ends with bk_call_leave,
 * and in between does one thing.
 *
 *     struct bk_call call;
 *     CK_RV rv = bk_call_session(&call, hSession, BK_NEEDS_TOKEN);
 *     if (rv == CKR_OK)
 *         rv = …;
 *     return bk_call_leave(&call, rv);
 */
#ifndef BK_PKCS11_CALL_H
#define BK_PKCS11_CALL_H

#include "pkcs11/module.h"

struct bk_call {
    struct bk_module *m;
    struct bk_port *port; /* locked, when there is one */
    unsigned which;       /* BK_SLOT_RSA or BK_SLOT_SM2 */
    struct bk_session *s;
    bool inside;     /* entered and not left */
    bool changed;    /* what is on the key was: leaving tells both slots */
    int cancel;      /* the thread's cancel state outside: in here it isn't cancelled */
    enum bk_err err; /* the cause of a failure, for BJCA_GetError */
};

enum bk_needs {
    BK_NEEDS_NOTHING = 0,
    BK_NEEDS_TOKEN = 1,  /* a key that nobody's unlock holds */
    BK_NEEDS_LOGIN = 2,  /* of this process */
    BK_NEEDS_RW = 4,     /* a session that may write */
    BK_NEEDS_UNHELD = 8, /* as NEEDS_TOKEN but an unlock may hold it: its own steps */
    BK_TAKES_EMPTY = 16  /* with NEEDS_TOKEN: one without an application will do */
};

CK_RV bk_call_enter(struct bk_call *call);
/* Locks the port of the slot; with BK_NEEDS_TOKEN or BK_NEEDS_UNHELD looks at the readers first,
 * and finds the key in it. */
CK_RV bk_call_slot(struct bk_call *call, CK_SLOT_ID slot, unsigned needs);
CK_RV bk_call_session(struct bk_call *call, CK_SESSION_HANDLE session, unsigned needs);
/* Unlocks, unpins, and keeps the details of a failure for this thread. What OpenSSL noted on the
 * way is taken out of the host's queue of errors. Leaving once more does nothing. Returns rv. */
CK_RV bk_call_leave(struct bk_call *call, CK_RV rv);
/* Notes the cause and translates it. A key that is gone is dropped when the call leaves. */
CK_RV bk_call_fail(struct bk_call *call, enum bk_err err);

/* A text as PKCS#11 gives it out: cut or filled with blanks, without a NUL. */
void bk_call_text(unsigned char *out, size_t size, const char *text);

/* Of a call that fails before it enters: the same details. Returns rv. */
CK_RV bk_call_refuse(CK_RV rv);
CK_RV bk_call_last_error(CK_BJCA_ERROR *error);
void bk_call_forget_error(void);

#endif
