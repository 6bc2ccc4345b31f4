/* SPDX-License-Identifier: Apache-2.0 */
/* The end of every test program: run the suite, say how it went. */
#ifndef TEST_RUNNER_H
#define TEST_RUNNER_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

/* Whether the long form was asked for: ./check --long. */
static inline bool long_form(void)
{
    const char *is = getenv("CHECK_LONG");
    return is && *is;
}

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
