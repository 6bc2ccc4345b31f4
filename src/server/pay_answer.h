/* SPDX-License-Identifier: Apache-2.0 */
/* The payment gateway's answer, {"X_response":{…},"sign":"…"}: which of its bytes are signed. */
#ifndef BK_SERVER_PAY_ANSWER_H
#define BK_SERVER_PAY_ANSWER_H

#include "base/buf.h"

#define BK_PAY_ANSWER_MAX ((size_t)64 * 1024)
#define BK_PAY_SIGN 1024u

struct bk_pay_answer {
    struct bk_rd inner; /* the object, in the answer's own bytes: these alone are vouched for */
    char sign[BK_PAY_SIGN + 1]; /* base64 */
};

/* The object that stands as `name` at the top level of the answer, where that name and "sign" stand
 * once. BK_EFORMAT for any other shape. */
enum bk_err bk_pay_answer_read(const void *text, size_t len, const char *name,
                               struct bk_pay_answer *answer) BK_MUST_CHECK;

#endif
