/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of what the module's functions answer: each row is the clause of the PKCS#11 Base
 * Specification 3.0 that says so, the answer, and the call. All rows of a table are tried; a test
 * that uses them ends with rows_end().
 */
#ifndef TEST_ROWS_H
#define TEST_ROWS_H

#include <check.h>
#include <stdio.h>

#include "modcase.h"

static unsigned rows_tried, rows_wrong;

static inline void row(const char *clause, CK_RV want, CK_RV got, const char *call)
{
    rows_tried++;
    if (got == want)
        return;
    rows_wrong++;
    (void)fprintf(stderr, "%s: %s says %lx, not %lx\n", clause, call, got, want);
}

/* A function of the 3.0 list. */
#define ROW(clause, want, call) row(clause, want, h.f->call, #call)
/* One of the vendor's; its clause is words of bjca-pkcs11.h (tests/house/vendor-codes). */
#define VENDOR(clause, want, call) row("bjca-pkcs11.h, " clause, want, h.v->call, #call)

static inline void rows_end(unsigned least)
{
    ck_assert_uint_eq(rows_wrong, 0);
    ck_assert_uint_ge(rows_tried, least);
    rows_tried = 0;
}

#endif
