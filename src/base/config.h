/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configuration files: lines `name = value` under `[section]` lines, `#` begins a comment line,
 * UTF-8, white space around names and values is dropped. A name may be given again: in a later
 * file (or later in the same file) it replaces the earlier value. What can't be read as such a
 * line is an error that names its line, never skipped.
 *
 * Which files: bk_config_load reads /etc/bjca/bjca.conf and then the user's
 * $XDG_CONFIG_HOME/bjca/bjca.conf (default ~/.config); BJCA_CONF names one file that stands for
 * both. A user's file behind what is no folder, or behind another user's folder that this one may
 * not enter, counts as missing; any other that can't be read is an error. The user's file and
 * BJCA_CONF are ignored in a process that runs with somebody else's rights (setuid, setgid,
 * capabilities).
 */
#ifndef BK_BASE_CONFIG_H
#define BK_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct bk_config;

enum bk_err bk_config_new(struct bk_config **config) BK_MUST_CHECK;
void bk_config_free(struct bk_config **config);
/* Adds the text of one file. On BK_EFORMAT `line` is the number of the bad line, from 1. */
enum bk_err bk_config_parse(struct bk_config *config, const char *text, size_t len,
                            unsigned *line) BK_MUST_CHECK;
/* BK_ENOTFOUND when the file isn't there. */
enum bk_err bk_config_read(struct bk_config *config, const char *path,
                           unsigned *line) BK_MUST_CHECK;
/* The files named above. On failure `where` (may be NULL) says which file and line; a missing file
 * is no failure. */
enum bk_err bk_config_load(struct bk_config **config, char *where, size_t size) BK_MUST_CHECK;
/* The user's file, when it counted as missing because it can't be reached; else NULL. */
const char *bk_config_unreached(const struct bk_config *config);

/* The value, or `otherwise` when the name isn't set. Lives as long as the configuration. */
const char *bk_config_get(const struct bk_config *config, const char *section, const char *name,
                          const char *otherwise);
/* yes/no, true/false, on/off, 1/0; BK_EFORMAT for anything else; `otherwise` when not set. */
enum bk_err bk_config_bool(const struct bk_config *config, const char *section, const char *name,
                           bool otherwise, bool *value) BK_MUST_CHECK;
/* A decimal number from min to max. */
enum bk_err bk_config_uint(const struct bk_config *config, const char *section, const char *name,
                           unsigned long min, unsigned long max, unsigned long otherwise,
                           unsigned long *value) BK_MUST_CHECK;
/* The names that a section may have; the list ends with NULL. */
struct bk_config_names {
    const char *section;
    const char *const *names;
};

/* Where a name was found; file is "" when it was parsed from a text. */
struct bk_config_at {
    const char *file, *section, *name;
    unsigned line;
    size_t next; /* where the search goes on */
};

/* Looks for a name that isn't known, from at->next (0 at first): true when there is one. */
bool bk_config_unknown(const struct bk_config *config, const struct bk_config_names *known,
                       size_t count, struct bk_config_at *at);
/* The same with the names of bjca.conf, which the module and the tools share. */
bool bk_config_unknown_here(const struct bk_config *config, struct bk_config_at *at);

/* True in a process that runs with rights its caller doesn't have: the environment isn't trusted.
 */
bool bk_config_privileged(void);

#endif
