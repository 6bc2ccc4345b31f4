/* SPDX-License-Identifier: Apache-2.0 */
/* What `bjca --help` and `bjca COMMAND --help` print. */
#ifndef BJCA_TOOLS_HELP_H
#define BJCA_TOOLS_HELP_H

#include <stdbool.h>

/* Both print to standard output and return EXIT_OK. */
int help_all(void);
int help_command(const char *command); /* one of the table of bjca.c */
/* Whether the words behind a command ask for its help. */
bool help_wanted(int argc, char **argv);

#endif
