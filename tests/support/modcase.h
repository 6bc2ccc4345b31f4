/* SPDX-License-Identifier: Apache-2.0 */
/* Fixtures for programs that test the built bjca-pkcs11.so as a client sees it. */
#ifndef TEST_MODCASE_H
#define TEST_MODCASE_H

#include <check.h>

#include "modhost.h"

extern struct modhost h;

void mc_setup(void);       /* a new key, the module initialised */
void mc_setup_certs(void); /* with an RSA and an SM2 identity on it */
void mc_teardown(void);
/* A read-write session, nobody logged in. */
CK_SESSION_HANDLE mc_session(CK_SLOT_ID slot);
/* A case of the suite with this set-up before each test. */
TCase *mc_case(Suite *suite, const char *name, void (*make)(void));

#endif
