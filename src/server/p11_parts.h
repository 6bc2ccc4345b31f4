/* SPDX-License-Identifier: Apache-2.0 */
/* The module's own functions, for the files that use keys in it. */
#ifndef BK_SERVER_P11_PARTS_H
#define BK_SERVER_P11_PARTS_H

#include <stdbool.h>

#include <pkcs11-helper-1.0/pkcs11.h>

#include "base/secret.h"
#include "server/p11.h"

struct bk_p11 {
    void *handle;
    CK_FUNCTION_LIST *list; /* initialised */
    bool begun;             /* by us */
    struct bk_secret pin;
    char *pin_file, *refused;
};

struct bk_p11_session {
    CK_SESSION_HANDLE handle;
    bool open;
};

enum bk_err bk_p11_from_rv(CK_RV rv) BK_MUST_CHECK;
/* Writes the sentence, and gives what rv means. */
enum bk_err bk_p11_said(char *why, size_t size, const char *what, CK_RV rv) BK_MUST_CHECK;

/* BK_ENOTFOUND: the key isn't in this slot. */
typedef enum bk_err bk_p11_take(void *context, CK_SESSION_HANDLE session, char *why, size_t size);
/* A module may have a token in several slots, one for each kind of key: all are gone through,
 * logged in. The session stays open in the one that has it, or else in the last; one that was open
 * before is ended. */
enum bk_err bk_p11_look(struct bk_p11 *p11, const char *label, bk_p11_take *take, void *context,
                        struct bk_p11_session *session, char *why, size_t size) BK_MUST_CHECK;
void bk_p11_end(struct bk_p11 *p11, struct bk_p11_session *session);
/* Two at most. */
CK_RV bk_p11_find(const struct bk_p11 *p11, CK_SESSION_HANDLE session, CK_OBJECT_CLASS class,
                  CK_KEY_TYPE type, const char *label, CK_OBJECT_HANDLE found[2], CK_ULONG *count);

#endif
