/* SPDX-License-Identifier: Apache-2.0 */
/* Ports: readers that stay in the table, and the keys that come and go in them. */
#ifndef BK_PKCS11_SLOT_H
#define BK_PKCS11_SLOT_H

#include "pkcs11/call.h"

/* Takes the port's lock; a fork doesn't wait for who waits for it. */
void bk_port_lock(struct bk_port *port);
/* NULL when no slot has this number. */
struct bk_port *bk_port_find(struct bk_module *m, CK_SLOT_ID slot, unsigned *which);
/* Whether it is still that one. */
bool bk_port_is(struct bk_module *m, const struct bk_port *port, CK_SLOT_ID slot);
/* Looks which readers there are now, and drops keys that were changed. Neither lock is held. */
CK_RV bk_ports_refresh(struct bk_module *m);
void bk_ports_free(struct bk_module *m);
/* Opens the key in the reader when that hasn't been done. The port's lock is held. */
enum bk_err bk_port_attach(struct bk_module *m, struct bk_port *port);
/* Lets go of the key and of what was read from it. The port's lock is held. */
void bk_port_drop_locked(struct bk_port *port);
/* The same with one that another program holds: it is looked at again. */
void bk_port_give_up(struct bk_module *m, struct bk_port *port);
/* Closes the sessions of both slots and makes their events. Neither lock is held. */
void bk_port_removed(struct bk_module *m, struct bk_port *port);
/* Events for both slots: what was known of their objects is old. */
void bk_port_changed(struct bk_module *m, struct bk_port *port);

#endif
