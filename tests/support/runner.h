/* SPDX-License-Identifier: Apache-2.0 */
/* The end of every test program: run the suite, say how it went. */
#ifndef TEST_RUNNER_H
#define TEST_RUNNER_H

#include <check.h>
#include <stdlib.h>

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
