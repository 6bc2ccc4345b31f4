/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refusals as RFC 9457 problem details: a stable `code` for programs, a title for people in
 * Chinese or English. The codes are part of the contract (docs/platform-api.yaml).
 */
#ifndef BK_SERVER_PROBLEM_H
#define BK_SERVER_PROBLEM_H

#include <stddef.h>

enum bk_lang { BK_LANG_ZH, BK_LANG_EN };

struct bk_problem {
    const char *code;
    unsigned status;
    const char *zh, *en;
};

/* The problem of this code; a code that isn't in the table is a mistake of ours and answers that
 * of "internal". */
const struct bk_problem *bk_problem_find(const char *code);
/* All of them, for tests and documentation. */
const struct bk_problem *bk_problem_all(size_t *count);
/* The better of the two by Accept-Language (RFC 9110 clause 12.5.4); Chinese when it doesn't say. */
enum bk_lang bk_lang_choose(const char *accept_language);

#endif
