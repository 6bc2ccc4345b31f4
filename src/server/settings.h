/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in the configuration of bjca-platformd and bjca-cad, which share one file. */
#ifndef BK_SERVER_SETTINGS_H
#define BK_SERVER_SETTINGS_H

#include "base/config.h"

/* BK_EFORMAT with a sentence in `why` when a name, or its section, isn't one of ours: a limit that
 * was mistyped must not be a limit that is missing. */
enum bk_err bk_settings_check(const struct bk_config *config, char *why,
                              size_t size) BK_MUST_CHECK;

#endif
