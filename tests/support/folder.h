/* SPDX-License-Identifier: Apache-2.0 */
/* A test's folder and all that is in it, taken away. */
#ifndef TEST_FOLDER_H
#define TEST_FOLDER_H

#include <check.h>
#include <ftw.h>
#include <stdio.h>

static int folder_remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void folder_remove(const char *path)
{
    ck_assert_int_eq(nftw(path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

#endif
