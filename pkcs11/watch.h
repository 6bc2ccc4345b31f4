/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller that stalls between two steps of an unlock must not keep the key from everybody: a
 * thread sleeps until the step's time is over and lets go of the key. It lives no longer than the
 * unlock. Where the program forbids threads (CKF_LIBRARY_CANT_CREATE_OS_THREADS) the next call on
 * that reader does its work.
 */
#ifndef BK_PKCS11_WATCH_H
#define BK_PKCS11_WATCH_H

#include "pkcs11/module.h"

/* An unlock of this port has begun, or has ended. The port's lock is held. */
void bk_watch(const struct bk_module *m, struct bk_port *port);
/* Ends the thread. The port's lock is not held. */
void bk_watch_end(struct bk_port *port);

#endif
